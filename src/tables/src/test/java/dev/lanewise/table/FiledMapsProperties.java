package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.rows.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Maps whose cells are in a file make the data set of maps in memory. */
class FiledMapsProperties {
  private static final String MEMORY = "lanewise.memory";

  private Path directory;

  @BeforeProperty
  void makeDirectory() throws IOException {
    directory = Files.createTempDirectory("filed");
  }

  @AfterProperty
  void removeDirectory() throws IOException {
    System.clearProperty(MEMORY);
    Files.delete(directory); // fails if a file is left
  }

  private static List<Map<String, Object>> maps(int rows, Random random) {
    List<Map<String, Object>> maps = new ArrayList<>();
    String[] words = {"red", "NA", "blue", null, " red"};
    for (int i = 0; i < rows; i++) {
      Map<String, Object> row = new LinkedHashMap<>();
      double number = random.nextInt(100_000) / 100.0;
      row.put("number", random.nextInt(9) == 0 ? null : number);
      row.put("word", words[random.nextInt(words.length)]);
      row.put("comma", String.format(Locale.GERMAN, "%.2f", number));
      row.put("thousands", "%s.%03d".formatted(1 + random.nextInt(9), random.nextInt(1000)));
      row.put("point", random.nextInt(7) == 0 ? "?" : "" + random.nextInt(1000) / 8.0);
      row.put("date", LocalDate.of(2020, 1 + random.nextInt(12), 3));
      row.put("written", "%02d.%02d.2021".formatted(13 + random.nextInt(9), 1 + i % 12));
      row.put("large", 9007199254740992L + random.nextInt(5));
      row.put("weight", 1 + random.nextInt(3));
      row.put("class", number > 500 ? "yes" : "no");
      maps.add(row);
    }
    return maps;
  }

  private static void same(Rows expected, Rows found) {
    assertEquals(expected.rows(), found.rows());
    float[] a = new float[expected.features()];
    float[] b = new float[found.features()];
    for (int row = 0; row < expected.rows(); row++) {
      expected.copyRows(null, row, 1, a, 0);
      found.copyRows(null, row, 1, b, 0);
      assertArrayEquals(a, b, "row " + row);
      assertEquals(expected.label(row), found.label(row));
      assertEquals(expected.weight(row), found.weight(row));
    }
  }

  private static void same(Dataset expected, Dataset found) {
    assertFalse(found.train().isInMemory());
    assertEquals(expected.notes(), found.notes());
    assertEquals(Schema.of(expected), Schema.of(found));
    assertEquals(expected.scaling(), found.scaling());
    assertEquals(expected.classNames(), found.classNames());
    same(expected.train(), found.train());
    assertEquals(expected.validation().isPresent(), found.validation().isPresent());
    expected.validation().ifPresent(split -> same(split, found.validation().orElseThrow()));
  }

  private void compare(List<Map<String, Object>> maps) throws IOException {
    LoadOptions[] options = {
      ReadOptions.defaults()
          .withTarget("class")
          .withWeight("weight")
          .withCategorical(List.of("large")),
      DivisionOptions.defaults().withSplitSizes(List.of(0.7, 0.3))
    };
    Table memory = Table.of(maps);
    Table file = Table.of(maps, directory);
    Dataset expected = memory.dataset(options);
    Dataset found = file.dataset(options);
    same(expected, found);
    assertEquals(memory.hints(expected), file.hints(found));
    for (int row = 0; row < maps.size(); row++) {
      for (int c = 0; c < memory.columns().size(); c++) {
        assertEquals(memory.cell(row, c), file.cell(row, c));
        assertEquals(memory.content.column(c).written(row), file.content.column(c).written(row));
      }
    }
    Mlp blank =
        Mlp.initial(Architecture.relu(expected.features(), List.of(), 2), Initializer.HE, 0);
    Model model =
        Model.of(blank)
            .withScaling(expected.scaling())
            .withClassNames(expected.classNames())
            .withSchema(Schema.of(expected).orElseThrow());
    same(memory.dataset(model), file.dataset(model));
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Property(tries = 20)
  void dataSetsAreTheSame(
      @ForAll @IntRange(min = 60, max = 300) int rows,
      @ForAll @IntRange(max = 20_000) int memory,
      @ForAll Random random)
      throws IOException {
    System.setProperty(MEMORY, "" + memory);
    compare(maps(rows, random));
  }

  /** More than a block of the usual size. */
  @Example
  void manyRows() throws IOException {
    compare(maps(20_000, new Random(3)));
  }

  @Example
  void whatIsWrongIsSaidInTheSameWords() throws IOException {
    List<Map<String, Object>> maps = maps(80, new Random(4));
    maps.get(70).put("number", "abc");
    LoadOptions target = ReadOptions.defaults().withTarget("class");
    String expected =
        assertThrows(IllegalArgumentException.class, () -> Table.of(maps).dataset(target))
            .getMessage();
    Table file = Table.of(maps, directory);
    assertEquals(
        expected,
        assertThrows(IllegalArgumentException.class, () -> file.dataset(target)).getMessage());
    maps.get(71).remove("word");
    expected = assertThrows(IllegalArgumentException.class, () -> Table.of(maps)).getMessage();
    assertEquals(
        expected,
        assertThrows(IllegalArgumentException.class, () -> Table.of(maps, directory)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> Table.of(List.of(), directory));
    Path blocked = Files.createTempFile("filed", ".txt");
    assertThrows(IOException.class, () -> Table.of(maps.subList(0, 9), blocked.resolve("folder")));
    Files.delete(blocked);
  }
}
