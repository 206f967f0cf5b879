package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what {@code inspect} says about a table. */
class TableInspectionTest {
  private static final String LEAK =
      "Hint: Column %s alone gives the target away: if it is not known before the target is, --ignore \"%s\"";

  @TempDir Path directory;

  /** Returns a table with every kind of column, and with wide, long and narrow names and words. */
  private static String kinds() {
    String[] cities = {"\u5317\u4eac", "Z\u00fcrich", "Sa\u0303o Paulo", "\ud83d\ude00", "Ulm"};
    StringBuilder text =
        new StringBuilder(
            "\u57ce\u5e02,size,gap,joined,flag,mixed,grade,none,same,text,w,how satisfied are you with this very long name of a column?,price\n");
    for (int i = 0; i < 25; i++) {
      text.append(i == 3 ? "rare" : cities[i % 5]).append(',');
      text.append(new String[] {"1e300", "-1234567.891", "1e-9"}[i % 3]).append(',');
      text.append(i % 6 == 0 ? "NA" : Integer.toString(i * i)).append(',');
      text.append(i == 9 ? "" : "2024-%02d-28T12:00".formatted(1 + i % 12)).append(',');
      text.append(i % 4 == 0 ? "True" : "FALSE").append(',');
      text.append(i % 2 == 0 ? "x" : i % 3 == 0 ? "7" : "8.50").append(',');
      text.append(i % 3).append(",?,k,text of row ").append(i).append(" that is long,");
      text.append(i % 5 * 0.5).append(',').append(20240001 + i % 2).append(',');
      text.append(i == 8 ? "" : i * 1.5).append('\n');
    }
    return text.toString();
  }

  private Run inspect(String text, String... more) throws IOException {
    List<String> words = new ArrayList<>();
    words.add("inspect");
    words.add(Fixtures.text(directory.resolve("t.csv"), text).toString());
    words.addAll(List.of(more));
    Run run = Run.of(words.toArray(new String[0])).ok();
    assertEquals("", run.errors());
    return run;
  }

  @Test
  void aLineForEveryColumn() throws IOException {
    Run run = inspect(kinds(), "--categorical", "grade", "--weight-column", "w");
    assertEquals(
        List.of(
            "Table " + directory.resolve("t.csv") + ": 25 rows of 13 columns",
            "",
            "column                                    kind     becomes                          missing  distinct  min [quartiles] max, or most frequent",
            "\u57ce\u5e02                                      texts    category, 6 inputs (1 for"
                + " rare)        0         6  Sa\u0303o Paulo (5), Ulm (5), Z\u00fcrich (5)",
            "size                                      numbers  number, 1 input                        0         3  -1234568 [-1234568 0.000000001 1E+300] 1E+300",
            "gap                                       numbers  number, 2 inputs                       5        20  1 [43 145 307] 529",
            "joined                                    dates    date, 22 inputs                        1        12  2024-01-28 [2024-03-28 2024-06-28"
                + " 2024-09-28] 2024-12-28",
            "flag                                      texts    category, 1 input                      0         2  false (18), true (7)",
            "mixed                                     mixed    category, 3 inputs                     0         3  x (13), 8.5 (8), 7 (4)",
            "grade                                     numbers  category, 3 inputs                     0         3  0 (9), 1 (8), 2 (8)",
            "none                                      empty    ignored                               25         0",
            "same                                      texts    ignored                                0         1  k (25)",
            "text                                      texts    ignored                                0        25  text of row 0 that is... (1), text"
                + " of row 1 that is... (1), text of row 10 that i... (1)",
            "w                                         numbers  weight of the row                      0         5  0 [0.5 1 1.5] 2",
            "how satisfied are you with this very ...  numbers  number, 1 input                        0         2  20240001 [20240001 20240001 20240002] 20240002",
            "price                                     numbers  target, number                         1        24  0 [8.625 18.75 27.375] 36",
            "",
            "Target price is the last column (--target NAME chooses another): numbers, as it has fractions (loss mse)",
            "Column none is ignored: it has no value in the training rows",
            "Column same is ignored: it is the same in all training rows",
            "Column text is ignored: it has 24 different texts in 24 training rows",
            "1 of 25 rows have no target and are left out",
            "",
            "target  rows  min  max   mean",
            "price     24    0   36  18.25"),
        run.lines());
  }

  @Test
  void theSameForPrograms() throws IOException {
    Run run = inspect(kinds(), "--categorical", "grade", "--weight-column", "w", "--json");
    Map<String, Object> json = run.json();
    assertEquals(1, run.lines().size());
    assertEquals("inspect", json.get("event"));
    assertEquals("table", json.get("kind"));
    assertEquals(25.0, json.get("rows"));
    assertEquals(true, json.get("header"));
    List<?> columns = (List<?>) json.get("columns");
    assertEquals(13, columns.size());
    assertEquals(
        "{name=gap, kind=numbers, missing=5.0, distinct=20.0, min=1.0, q25=43.0, median=145.0,"
            + " q75=307.0, max=529.0, frequent={1=1.0, 4=1.0, 9=1.0}, becomes=number, 2 inputs}",
        columns.get(2).toString());
    assertEquals(
        "{name=mixed, kind=mixed, missing=0.0, distinct=3.0, min=7.0, q25=7.0, median=8.5,"
            + " q75=8.5, max=8.5, frequent={x=13.0, 8.5=8.0, 7=4.0}, becomes=category, 3 inputs}",
        columns.get(5).toString());
    assertEquals(
        "{name=none, kind=empty, missing=25.0, distinct=0.0, min=null, q25=null, median=null, q75=null, max=null, frequent={}, becomes=ignored}",
        columns.get(7).toString());
    assertEquals(
        "how satisfied are you with this very long name of a column?",
        ((Map<?, ?>) columns.get(11)).get("name"));
    assertEquals(
        "[{target=price, rows=24.0, min=0.0, max=36.0, mean=18.25}]",
        json.get("target_ranges").toString());
    assertEquals(5, ((List<?>) json.get("notes")).size());
    assertEquals(List.of(), json.get("hints"));
    assertFalse(json.containsKey("problem"));
  }

  @Test
  void classesAndWhatTrainingRefuses() throws IOException {
    StringBuilder text = new StringBuilder("x,kind\n");
    for (int i = 0; i < 30; i++) {
      text.append(i * i % 17 + 0.5).append(',').append(i % 3 == 0 ? "\u96c0" : "b").append('\n');
    }
    List<String> lines = inspect(text.toString()).lines();
    assertEquals(
        List.of(
            "Target kind is the last column (--target NAME chooses another): classes, as it has 2 different texts (loss softmax)",
            "",
            "class  rows    share",
            "b        20  0.66667",
            "\u96c0       10  0.33333"),
        lines.subList(lines.size() - 5, lines.size()));
    Run run = inspect(text + "1.5.2,b\n");
    String problem =
        directory.resolve("t.csv")
            + ": line 32, column x is \"1.5.2\", where 30 of 31 values are numbers, expected a"
            + " number (--missing-also \"1.5.2\" if it means a missing value, --categorical \"x\" if all are"
            + " texts)";
    assertEquals(
        List.of(
            "column  kind   becomes  missing  distinct  min [quartiles] max, or most frequent",
            "x       mixed  -              0        10  2.5 (4), 8.5 (4), 13.5 (4)",
            "kind    texts  -              0         2  b (21), \u96c0 (10)",
            "",
            "Training refuses it as it is: " + problem),
        run.lines().subList(2, 7));
    run = inspect(text + "1.5.2,b\n", "--json");
    assertEquals(problem, run.json().get("problem"));
  }

  @Test
  void ofVeryManyClassesTheMostFrequent() throws IOException {
    StringBuilder text = new StringBuilder("x,kind\n");
    for (int i = 0; i < 400; i++) {
      text.append(i * 7 % 31).append(",k").append(Math.min(i / 5, 40 + i % 7)).append('\n');
    }
    List<String> lines = inspect(text.toString()).lines();
    assertEquals("k40      33  0.08250", lines.get(9));
    assertEquals("and 27 other classes, of 5 to 5 rows", lines.get(lines.size() - 1));
    Map<String, Object> json = inspect(text.toString(), "--json").json();
    assertEquals(47, ((List<?>) json.get("class_counts")).size());
  }

  /** Options that name columns show that there is a header, as in training. */
  @Test
  void namesInOptionsTellTheHeader() throws IOException {
    String text = "0,1,y\n" + "5,6,1.5\n3,2,2.5\n".repeat(5);
    assertTrue(inspect(text, "--target", "y").out().contains(": 10 rows of 3 columns\n"));
    Run.of("inspect", directory.resolve("t.csv").toString()).failed();
  }

  private List<String> hints(int rows, String header, IntFunction<String> row) throws IOException {
    return inspect(Fixtures.table(header, rows, row)).lines().stream()
        .filter(line -> line.startsWith("Hint: ") || line.contains("--ignore"))
        .map(line -> line.replaceFirst(" \\((right in|R2) [^)]*\\)", "")) // removes the score
        .toList();
  }

  /**
   * If there are many rows, a sample from all parts of the table is inspected, but classes are
   * counted in all rows.
   */
  @Test
  void manyRows() throws IOException {
    Random random = new Random(1);
    int rows = 120_000;
    assertEquals(
        List.of(LEAK.formatted("x", "x")),
        hints(rows, "z,x,y", i -> random.nextGaussian() + "," + i / 4.0 + "," + (2.5 * i + 1)));
    assertEquals(
        List.of(), // the target depends on x in the first half only
        hints(
            rows,
            "x,y",
            i -> i / 4.0 + "," + (i < rows / 2 ? 2.5 * i : random.nextInt(150_000) + .5)));
    List<String> found = hints(rows, "x,c", i -> i % 19 + (i % 3000 == 0 ? ",a" : ",b"));
    assertTrue(found.toString().contains("Class b has 99% of the rows"), found.toString());
  }

  @Test
  void aClassOfNearlyAllRows() throws IOException {
    Random random = new Random(1);
    String rare =
        "Hint: Class no has %s%% of the rows: look at recall and ROC AUC, not accuracy (--class-weights balanced may help)";
    assertEquals(
        List.of(rare.formatted(97)),
        hints(1000, "x,c", i -> random.nextGaussian() + (i % 40 == 0 ? ",yes" : ",no")));
    assertEquals(
        List.of(), hints(1000, "x,c", i -> random.nextGaussian() + (i % 19 == 0 ? ",yes" : ",no")));
    // A column that predicts the rare class is still found.
    assertEquals(
        List.of(rare.formatted(97), LEAK.formatted("told", "told")),
        hints(1000, "x,told,c", i -> random.nextGaussian() + (i % 40 == 0 ? ",1,yes" : ",0,no")));
  }

  @Test
  void idsAndCounters() throws IOException {
    Random random = new Random(2);
    String target = ",%s".formatted(0.5);
    assertEquals(
        List.of("Column id seems to number the rows: --ignore \"id\" leaves it out"),
        hints(
            60, "id,x,y", i -> 5000 + i + "," + random.nextGaussian() + "," + random.nextFloat()));
    assertEquals(
        List.of("Column #0 seems to number the rows: --ignore \"#0\" leaves it out"),
        hints(60, ",x,y", i -> i + "," + random.nextGaussian() + "," + random.nextFloat()));
    // Among 500 random whole numbers below 10,000, about 12 pairs would be equal.
    assertEquals(
        List.of(
            "Column id has a different whole number in every row, as ids do: --ignore \"id\" leaves it out"),
        hints(500, "id,y", i -> (i * 7919 % 10_000) + "," + random.nextFloat()));
    assertEquals(List.of(), hints(100, "id,y", i -> i * 7919 % 10_000 + "," + random.nextFloat()));
    assertEquals(List.of(), hints(500, "x,y", i -> i * 7 % 499 + "," + random.nextFloat()));
    assertEquals(List.of(), hints(60, "x,y", i -> i + 0.25 + "," + random.nextFloat()));
  }

  @Test
  void columnsThatGiveAClassAway() throws IOException {
    Random random = new Random(3);
    String[] names = {"red", "green", "blue"};
    // The target follows from a word, from a number with few values or from ranges of a number. One
    // row in 200 is wrong.
    assertEquals(
        List.of(
            LEAK.formatted("word", "word"),
            LEAK.formatted("code", "code"),
            LEAK.formatted("range", "range")),
        hints(
            600,
            "x,word,code,range,colour",
            i -> {
              int c = random.nextInt(3);
              int shown = i % 200 == 199 ? (c + 1) % 3 : c;
              return random.nextGaussian()
                  + ",w"
                  + shown
                  + ","
                  + shown * 10
                  + ","
                  + (shown + 0.9 * random.nextDouble())
                  + ","
                  + names[c];
            }));
    // The ranges are exact, but there are too few rows for the usual number of parts.
    assertEquals(
        List.of(LEAK.formatted("range", "range")),
        hints(60, "range,colour", i -> i % 3 + 0.9 * random.nextDouble() + "," + names[i % 3]));
    // A tenth of the rows are wrong, each row has another number, and nearly all words differ, so
    // there is nothing to say.
    assertEquals(
        List.of(),
        hints(
            400,
            "good,x,word,colour",
            i -> {
              int c = random.nextInt(3);
              return names[i % 10 == 0 ? (c + 1) % 3 : c]
                  + ","
                  + random.nextGaussian()
                  + ",w"
                  + i / 2
                  + ","
                  + names[c];
            }));
  }

  @Test
  void columnsThatGiveANumberAway() throws IOException {
    Random random = new Random(4);
    assertEquals(
        List.of(
            LEAK.formatted("taxed", "taxed"),
            LEAK.formatted("log", "log"),
            LEAK.formatted("zone", "zone")),
        hints(
            500,
            "x,taxed,log,zone,near,price",
            i -> {
              double price = 100 + 50 * (i % 7) + (i % 7 == 0 ? 0 : 0.01 * random.nextDouble());
              return random.nextGaussian()
                  + ","
                  + (i == 7 ? "" : 1.2 * price)
                  + ","
                  + StrictMath.log(price)
                  + ",z"
                  + i % 7
                  + ","
                  + (price + 20 * random.nextGaussian())
                  + ","
                  + price;
            }));
    // One row far from the others gives a correlation of nearly 1, but there is no leak.
    assertEquals(
        List.of(),
        hints(
            100,
            "x,y",
            i -> i == 50 ? "1e9,1e9" : random.nextGaussian() + "," + random.nextGaussian()));
  }
}
