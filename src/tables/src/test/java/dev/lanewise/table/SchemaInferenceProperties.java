package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.internal.Preprocessor;
import dev.lanewise.format.FormatException;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.table.internal.Problems;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/**
 * The inferred columns and their scaling depend only on the values of the training rows, neither on
 * the order of these rows nor on other rows.
 */
class SchemaInferenceProperties {
  private static final String[] WORDS = {
    "a", "B", "b", "\uff5e", "\ud83d\ude00", "\u4e16\u754c", "True", "TRUE", "false", "10", "9.50"
  };

  /** Returns a cell of the given kind, or sometimes a gap. */
  private static String cell(int kind, int gaps, Random random) {
    if (random.nextInt(100) < gaps) {
      return random.nextBoolean() ? "" : "NA";
    }
    return switch (kind) {
      case 0 -> Integer.toString(random.nextInt(7) - 3);
      case 1 -> Double.toString(random.nextGaussian() * Math.pow(10, random.nextInt(600) - 300));
      case 2 -> WORDS[random.nextInt(WORDS.length)];
      case 3 -> "w" + random.nextInt(1 + random.nextInt(300));
      case 4 -> LocalDate.ofEpochDay(random.nextInt(3000)) + (random.nextBoolean() ? "T08:30" : "");
      case 5 -> new String[] {"-0", "0", "0.0"}[random.nextInt(3)];
      case 6 -> random.nextInt(40) == 0 ? "typo" : Integer.toString(random.nextInt(9));
      default -> Integer.toString(random.nextInt(1 << 20));
    };
  }

  /** Infers columns and scaling from training rows that are mixed with other rows at random. */
  private static String inferred(
      List<List<String>> training, int kinds, ScaleChoice scale, int minCount, Random random) {
    List<List<String>> others = new ArrayList<>();
    int columns = training.get(0).size();
    for (int i = random.nextInt(20); i > 0; i--) {
      others.add(IntStream.range(0, columns).mapToObj(c -> WORDS[random.nextInt(11)]).toList());
    }
    List<Integer> order = new ArrayList<>();
    IntStream.range(0, training.size() + others.size()).forEach(order::add);
    Collections.shuffle(order, random);
    TableBuilder builder =
        new TableBuilder(
            IntStream.range(0, columns).mapToObj(c -> "c" + c).toList(),
            true,
            TableOptions.defaults(),
            false);
    List<Integer> rows = new ArrayList<>(); // the training rows, in the order of the table
    for (int row = 0; row < order.size(); row++) {
      int place = order.get(row);
      List<String> cells =
          place < training.size() ? training.get(place) : others.get(place - training.size());
      builder.begin("made", row + 1);
      for (int c = 0; c < columns; c++) {
        builder.column(c).add(Cell.parse(cells.get(c), Cell.MISSING_STRINGS), null);
      }
      if (place < training.size()) {
        rows.add(row);
      }
    }
    Collections.shuffle(rows, random);
    int[] places = rows.stream().mapToInt(row -> row).toArray();
    try {
      return inferred(builder.build(), places, scale, minCount, kinds);
    } catch (FormatException e) {
      return e.getMessage().replaceAll("line [0-9]+, ", "").replaceAll("\"[^\"]*\"", "a value");
    }
  }

  private static String inferred(
      ColumnStore table, int[] rows, ScaleChoice scale, int minCount, int categorical)
      throws FormatException {
    SchemaInference inference = new SchemaInference(table, rows, rows.length, minCount);
    List<Column> columns = new ArrayList<>();
    Map<String, Integer> places = new HashMap<>();
    List<Integer> used = new ArrayList<>();
    ColumnRoles kinds = new ColumnRoles(new int[0], -1, null);
    for (int c = 0; c < table.columns().size(); c++) {
      if ((categorical >> c & 1) == 1) {
        kinds.categorical.add(c);
      }
      Optional<Column> column = inference.infer(c, kinds, new Problems("", false));
      column.ifPresent(columns::add);
      places.put("c" + c, c);
      if (column.isPresent()) {
        used.add(c);
      }
    }
    List<String> names = new ArrayList<>();
    Schema schema =
        new Schema(
            columns,
            List.of(),
            Optional.empty(),
            List.of(),
            places,
            true,
            List.of(),
            '.',
            Map.of());
    TableRows encoded =
        new TableRows(table, rows, schema, used.stream().mapToInt(c -> c).toArray(), null);
    Scaling scaling = Preprocessor.choose(scale, encoded, null, rows.length);
    names.addAll(schema.inputNames());
    columns.forEach(column -> names.add(column.toString()));
    return names + " " + inference.notes + " " + bits(scaling);
  }

  /** Returns all numbers of a scaling. */
  private static String bits(Scaling scaling) {
    List<String> texts = new ArrayList<>();
    for (double[] array : List.of(scaling.first(), scaling.second())) {
      for (double number : array) {
        texts.add(Double.toHexString(number));
      }
    }
    return texts.toString();
  }

  @Property(tries = 300)
  void anyOrderOfTrainingRowsGivesTheSame(
      @ForAll @IntRange(min = 2, max = 150) int count,
      @ForAll @IntRange(min = 0, max = 2) int scale,
      @ForAll @IntRange(min = 1, max = 4) int minCount,
      @ForAll long seed) {
    Random random = new Random(seed);
    int columns = 1 + random.nextInt(4);
    int[] kinds = random.ints(columns, 0, 8).toArray();
    int[] gaps = random.ints(columns, 0, 3).map(g -> g == 0 ? 20 : 0).toArray();
    int categorical = random.nextInt(4) == 0 ? random.nextInt(1 << columns) : 0;
    List<List<String>> training = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> row = new ArrayList<>();
      for (int c = 0; c < columns; c++) {
        row.add(cell(kinds[c], gaps[c], random));
      }
      training.add(row);
    }
    ScaleChoice choice =
        List.of(ScaleChoice.robust(), ScaleChoice.standard(), ScaleChoice.minMax()).get(scale);
    String first = inferred(training, categorical, choice, minCount, random);
    Statistics.label("refused").collect(!first.startsWith("["));
    for (int i = 0; i < 3; i++) {
      Collections.shuffle(training, random);
      assertEquals(first, inferred(training, categorical, choice, minCount, random));
    }
  }

  /** The property would show nothing if all columns were refused or ignored. */
  @Property(tries = 120)
  void numbersAndWordsAreMostlyTaken(@ForAll long seed) {
    Random random = new Random(seed);
    List<List<String>> training = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      training.add(List.of(cell(0, 20, random), cell(2, 20, random)));
    }
    String found = inferred(training, 0, ScaleChoice.robust(), 2, random);
    assertTrue(found.startsWith("[c0, c0 missing, c1="), found);
  }
}
