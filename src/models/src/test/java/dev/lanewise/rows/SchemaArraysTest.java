package dev.lanewise.rows;

import static dev.lanewise.nn.ModelArrays.wrong;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.model.Model;
import dev.lanewise.model.internal.ModelAccess;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.ModelArrays;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A file keeps a schema and a division; lists that do not fit together are refused. */
class SchemaArraysTest {
  private static final Schema SCHEMA =
      new Schema(
          List.of(
              new NumberColumn("x", 4, 7.5, true),
              new CategoryColumn("word", 1, List.of("a", "b", "c"), true, true),
              new DateColumn(
                  new NumberColumn("day", 2, 19000, false),
                  new CategoryColumn("day month", 2, List.of("05", "06"), true, false),
                  new CategoryColumn("day weekday", 2, List.of("5"), false, false))),
          List.of("y", "z"),
          Optional.of("w"),
          List.of("no"),
          Map.of("x", 4, "word", 1, "day", 2, "y", 3, "z", 0, "w", 5, "no", 6),
          true,
          List.of("?", "-"),
          ',',
          Map.of());

  private static final Division DIVISION =
      new Division(
          "abc",
          -3,
          List.of(0.5, 0.25, 0.25),
          OptionalDouble.of(0.3),
          true,
          new RowSample(new long[] {-5, 7}, new long[] {2, 9, -1}),
          OptionalLong.of(-8),
          4,
          "groups of patient");

  @TempDir Path directory;

  private Path save() throws IOException {
    Path file = directory.resolve("model.npz");
    Model.of(Mlp.initial(Architecture.relu(SCHEMA.inputs(), List.of(3), 2), Initializer.HE, 1))
        .withLoss(Loss.MSE)
        .withSchema(SCHEMA)
        .withDivision(DIVISION)
        .save(file);
    return file;
  }

  @Test
  void everythingComesBack() throws IOException {
    Model loaded = Model.load(save());
    assertEquals(SCHEMA, loaded.schema().orElseThrow());
    assertEquals(DIVISION, loaded.division().orElseThrow());
  }

  /** Earlier versions wrote the same bytes for dates without inputs for the hour. */
  @Test
  void datesWithoutHoursAreStoredAsBefore() {
    assertEquals(
        "692d9d25451a56e4f425b627126f47e25baa14792ab51b3f4f75204cc6b737ca", SCHEMA.digest());
  }

  @Test
  void hoursComeBack() throws IOException {
    DateColumn before = (DateColumn) SCHEMA.columns().get(2);
    for (List<String> hours : List.of(List.<String>of(), List.of("00", "14"))) {
      CategoryColumn hour = new CategoryColumn("day hour", 2, hours, true, false);
      DateColumn day =
          new DateColumn(before.days(), before.months(), before.weekdays(), Optional.of(hour));
      Schema schema =
          new Schema(
              List.of(day, SCHEMA.columns().get(0)),
              List.of(),
              Optional.empty(),
              List.of(),
              SCHEMA.places(),
              true,
              List.of(),
              '.',
              Map.of());
      Path file = directory.resolve("hours.npz");
      Model.of(Mlp.initial(Architecture.relu(schema.inputs(), List.of(3), 2), Initializer.HE, 1))
          .withLoss(Loss.MSE)
          .withSchema(schema)
          .save(file);
      assertEquals(schema.columns(), Model.load(file).schema().orElseThrow().columns());
      ModelArrays.assertRefused( // as a date without hours
          file,
          "schema_category_counts has 3 elements, expected 2",
          arrays -> arrays.put("schema_kinds", ModelArrays.array("strings date,number")),
          SchemaArraysTest::readTrusted);
    }
  }

  private static final String BROKEN =
      """
      schema_columns is int64 [3], expected strings | schema_columns: longs 0,1,2
      schema_kinds has 2 elements, expected 3 | schema_kinds: strings date,date
      schema_kinds has 'text', expected number, category, category by digits, date or date with hours | schema_kinds: strings number,text,date
      schema_places has 4 elements, expected 3 | schema_places: longs 4,1,2,3
      schema_places has -1, expected different numbers of columns from 0 | schema_places: longs 4,-1,2
      schema_places has 2147483648 | schema_places: longs 4,1,2147483648
      schema_medians has 1 elements, expected 3 | schema_medians: doubles 0
      schema_medians is int64 [3], expected floating | schema_medians: longs 0,1,2
      schema_gaps has 2 elements, expected 3 | schema_gaps: longs 0,1
      schema_gaps is float64 [3], expected integers | schema_gaps: doubles 0,0,0
      schema_categories has 7 elements, expected 6 | schema_categories: strings a,b,c,05,06,5,7
      schema_category_counts ends at column day weekday | schema_categories: strings a,b,c,05,06
      ends at column word | schema_category_counts: longs -1,2,1
      schema_other has 3 elements, expected 2 | schema_category_counts: longs 3,3
      schema_other has 4 elements, expected 3 | schema_other: longs 0,1,0,1
      schema_target_places has 1 elements, expected 2 | schema_target_places: longs 3
      schema_weight_place has 2 elements | schema_weight_place: longs 3,4
      schema_ignored_places has 0 elements | schema_ignored_places: longs[0]
      schema_header of 2 | schema_header: longs 0,1
      schema_decimal ';', expected | schema_decimal: strings ;
      division has 3 elements, expected 4 | division: strings a,b,c
      expected a seed and a share for validation | division: strings abc,seed x,stratified,valid by default
      expected a seed and a share for validation | division: strings abc,seed 1,stratified,valid none
      words of bits, expected a power of two | division_bits: longs 1,2,3,4
      """;

  static Stream<Arguments> broken() {
    return wrong(BROKEN);
  }

  private static Model readTrusted(Path file) throws IOException {
    try (SealedNpz npz = SealedNpz.open(file, true)) {
      return ModelAccess.access().read(npz, List.of());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void listsThatDoNotFitAreRefusedInOneLine(String message, Consumer<Map<String, NdArray>> change)
      throws IOException {
    ModelArrays.assertRefused(save(), message, change, SchemaArraysTest::readTrusted);
  }
}
