package dev.lanewise.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.model.Model;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.rows.Schema;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.table.RowStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Counts how often rows of the same kind are alarms, and how often planted changes are not. With
 * {@code -Dlanewise.drift=1000} this is as often as the promise of the command says: at most 1% of
 * alarms without a change, and at least 95% with one.
 */
class DriftPromiseTest {
  private static final int HALVES = Integer.getInteger("lanewise.drift", 3);
  private static final boolean IS_LONG = HALVES >= 1000;
  private static final String HEADER =
      "normal,tailed,few,whole,flag,ties,gappy,colour,words,rare,day,target\n";
  private static final String[] COLOURS = {"red", "green", "blue"};

  @TempDir Path directory;

  /** A kind of table: how many rows are for training, and how many are new. */
  private record Kind(int training, int fresh) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(300, 300),
          new Kind(300, 1000),
          new Kind(1000, 1000),
          new Kind(1000, 80),
          new Kind(5000, 1000)); // the last one in the long form only

  private static String[] row(Random random) {
    double normal = random.nextGaussian();
    double tailed = Math.tan(Math.PI * (random.nextDouble() - 0.5)); // Cauchy's distribution
    int whole = (int) Math.round(20 * Math.abs(random.nextGaussian()));
    int few = random.nextInt(5) * random.nextInt(2);
    double ties = random.nextInt(3) == 0 ? 7.25 : 10 * random.nextDouble();
    String gappy = random.nextInt(12) == 0 ? "" : random.nextInt(1000) / 10.0 + "";
    String words = "w" + (int) (1 / (random.nextDouble() + 0.002)); // half of them rare
    String rare = random.nextInt(150) == 0 ? "yes" : random.nextInt(40) == 0 ? "" : "no";
    String day = "20%02d-%02d-01".formatted(10 + random.nextInt(10), 1 + random.nextInt(12));
    String flag = random.nextInt(10) == 0 ? "1" : "0";
    String colour = COLOURS[Math.min(2, random.nextInt(5))];
    String target = normal + few + random.nextGaussian() > 1 ? "a" : "b";
    Object[] cells = {
      normal, tailed, few, whole, flag, ties, gappy, colour, words, rare, day, target
    };
    return Stream.of(cells).map(String::valueOf).toArray(String[]::new);
  }

  private static List<String[]> rows(Random random, int count) {
    List<String[]> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(row(random));
    }
    return rows;
  }

  private static String text(List<String[]> rows) {
    StringBuilder text = new StringBuilder(HEADER);
    rows.forEach(row -> text.append(String.join(",", row)).append('\n'));
    return text.toString();
  }

  /** Returns a network with its initial weights and the profile of the rows. */
  private Model model(List<String[]> rows) throws IOException {
    Path file = Files.writeString(directory.resolve("t.csv"), text(rows));
    Dataset data =
        Datasets.load(
            file,
            ReadOptions.defaults().withCategorical(List.of("words")),
            DivisionOptions.defaults().withSplitSizes(List.of(0.8, 0.2)));
    Recipe recipe = Recipe.COURSE.with("hidden", "4").with("init", "he");
    Model network =
        Model.of(recipe.network(data))
            .withSchema(Schema.of(data).get())
            .withScaling(data.scaling())
            .withClassNames(data.classNames());
    return Profile.keep(network, data);
  }

  private static Drift drift(Model model, List<String[]> rows) throws IOException {
    byte[] text = text(rows).getBytes(StandardCharsets.UTF_8);
    try (RowStream stream = RowStream.open(new ByteArrayInputStream(text), "new", model, true)) {
      return Drift.of(model, stream, 0.01);
    }
  }

  private static void log(String line) {
    if (IS_LONG) {
      System.getLogger("drift").log(System.Logger.Level.INFO, line);
    }
  }

  /** Asserts that a share is at most a bound, but for chance if there are few trials. */
  private static void assertAtMost(String what, int count, int trials, double bound) {
    double slack = IS_LONG ? 0 : 3.5 * Math.sqrt(bound * (1 - bound) / trials);
    String found = what + ": " + count + " of " + trials;
    log(found);
    assertTrue((double) count / trials <= bound + slack, found);
  }

  @Test
  void halvesOfATableAreNoAlarm() throws IOException {
    int all = 0;
    List<Kind> kinds = IS_LONG ? KINDS : KINDS.subList(0, KINDS.size() - 1);
    for (Kind kind : kinds) {
      Random random = new Random(kind.training * 7L + kind.fresh);
      int alarms = 0;
      Map<String, Integer> columns = new TreeMap<>();
      for (int i = 0; i < HALVES; i++) {
        Drift drift = drift(model(rows(random, kind.training)), rows(random, kind.fresh));
        alarms += drift.isAlarm() ? 1 : 0;
        drift.alarms().forEach(column -> columns.merge(column.name(), 1, Integer::sum));
      }
      all += alarms;
      log(kind + ": " + alarms + " " + columns);
    }
    assertAtMost("alarms", all, HALVES * kinds.size(), 0.01);
  }

  /** A category hardly more frequent than the rarest that is known counts among the rare values. */
  @Test
  void rareCategoriesAreComparedTogether() throws IOException {
    Random random = new Random(1);
    List<String[]> before = rows(random, 1000);
    List<String[]> after = rows(random, 1000);
    for (int i = 0; i < 1000; i++) {
      String often = "w" + i % 2;
      before.get(i)[8] = i < 10 ? "rare " + i : i < 30 ? "seldom" : often;
      after.get(i)[8] = i < 10 ? "rare " + i : often;
    }
    Drift drift = drift(model(before), after);
    ColumnDrift words =
        drift.columns().stream().filter(c -> c.name().equals("words")).findFirst().orElseThrow();
    assertEquals("rare or unknown values", words.change());
  }

  @Test
  void plantedChangesAreAlarms() throws IOException {
    Map<String, Integer> missed = new TreeMap<>();
    int trials = Math.max(2, HALVES / 10);
    String[] names = HEADER.strip().split(",");
    for (int training : IS_LONG ? new int[] {300, 1000, 5000} : new int[] {1000}) {
      Random random = new Random(training);
      for (int i = 0; i < trials; i++) {
        Model model = model(rows(random, training));
        List<String[]> fresh = rows(random, 1000);
        for (int c = 0; c < names.length - 1; c++) {
          int column = c;
          boolean isNumber = c < 7;
          double shift = isNumber ? deviation(fresh, c) / 2 : 0;
          for (double moved : isNumber ? new double[] {shift, -shift} : new double[0]) {
            UnaryOperator<String> move =
                cell -> cell.isEmpty() ? cell : Double.parseDouble(cell) + moved + "";
            plant(missed, model, fresh, column, training + " shift", 1, random, move);
          }
          // With 240 training rows, more gaps or words than there were are found less often.
          boolean isFound = training > 300 || !names[c].matches("gappy|rare|words");
          if (isFound) {
            plant(missed, model, fresh, column, training + " gaps", 0.1, random, cell -> "");
          }
          if (isFound && names[c].matches("colour|words|rare")) {
            plant(missed, model, fresh, column, training + " new", 0.05, random, cell -> "new!");
          }
        }
      }
    }
    log("missed: " + missed);
    for (Map.Entry<String, Integer> each : missed.entrySet()) {
      int all = each.getKey().contains("shift") ? 2 * trials : trials;
      assertAtMost(each.getKey(), each.getValue(), all, 0.05);
    }
  }

  private static double deviation(List<String[]> rows, int column) {
    double[] numbers =
        rows.stream()
            .map(row -> row[column])
            .filter(cell -> !cell.isEmpty())
            .mapToDouble(Double::parseDouble)
            .toArray();
    double mean = Arrays.stream(numbers).average().orElseThrow();
    return Math.sqrt(Arrays.stream(numbers).map(x -> (x - mean) * (x - mean)).average().orElse(0));
  }

  /** Changes some cells of a column, and counts a miss if that column is no alarm. */
  private static void plant(
      Map<String, Integer> missed,
      Model model,
      List<String[]> rows,
      int column,
      String what,
      double share,
      Random random,
      UnaryOperator<String> change)
      throws IOException {
    List<String[]> changed = new ArrayList<>();
    for (String[] row : rows) {
      String[] copy = row.clone();
      copy[column] = random.nextDouble() < share ? change.apply(row[column]) : row[column];
      changed.add(copy);
    }
    String name = HEADER.split(",")[column];
    boolean isKnown =
        model.schema().get().columnNames().contains(name); // ignored if training has one value
    boolean found =
        drift(model, changed).alarms().stream().anyMatch(alarm -> alarm.name().equals(name));
    missed.merge(what + " in " + name, found || !isKnown ? 0 : 1, Integer::sum);
  }
}
