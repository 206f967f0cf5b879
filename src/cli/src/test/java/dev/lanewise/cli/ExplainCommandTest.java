package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.OwnJvm;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.report.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests explain on a table with gaps, categories and dates, and on arrays. */
class ExplainCommandTest {
  private static final String HEAD = "age,city,income,day,bought\n";
  @TempDir static Path directory;
  private static Path train;
  private static Path rows;
  private static Path model;

  @BeforeAll
  static void train() throws IOException {
    Random random = new Random(7);
    StringBuilder table = new StringBuilder(HEAD);
    for (int i = 0; i < 300; i++) {
      int age = 18 + random.nextInt(60);
      String city = List.of("Bern", "Rom", "Ulm").get(random.nextInt(3));
      boolean buys = age + (city.equals("Rom") ? 20 : 0) + 10 * random.nextGaussian() > 55;
      String income = random.nextInt(9) == 0 ? "" : 1000 + random.nextInt(9000) + ".5";
      String day = "2024-0%s-1%s".formatted(1 + random.nextInt(9), random.nextInt(10));
      table.append("%s,%s,%s,%s,%s\n".formatted(age, city, income, day, buys ? "yes" : "no"));
    }
    train = Files.writeString(directory.resolve("train.csv"), table);
    rows =
        Files.writeString(
            directory.resolve("rows.csv"),
            "day,age,income,more,city\n2024-03-11,70,,x,Rom\n2024-05-12,20,2000,x,Bern\n");
    model = directory.resolve("run");
    Run.line("train", train, "--target bought --preset table-fast --epochs 4 --quiet --out", model)
        .ok();
  }

  private static Run explain(Object... more) {
    List<String> words = new ArrayList<>(List.of(Run.words("explain --model", model)));
    words.addAll(List.of(Run.words(more)));
    return Run.of(words.toArray(String[]::new));
  }

  private static double number(Map<String, Object> object, String name) {
    return (double) object.get(name);
  }

  /** The prediction is that of predict, and the columns add up to its distance from the base. */
  @Test
  void contributionsLeadFromTheBaseToThePrediction() {
    Run run = explain("--json --data", rows, "--background", train, "--threads 2").ok();
    List<Map<String, Object>> found = run.objects();
    Run predicted = Run.line("predict --json --model", model, "--data", rows).ok();
    assertEquals(2, found.size());
    for (int i = 0; i < 2; i++) {
      Map<String, Object> why = found.get(i);
      Map<String, Object> row = predicted.objects().get(i);
      assertEquals(i, number(why, "index"));
      assertEquals(row.get("predicted"), why.get("class"));
      List<?> probabilities = (List<?>) row.get("probabilities");
      int label = why.get("class").equals("no") ? 0 : 1;
      assertEquals((double) probabilities.get(label), number(why, "prediction"), 1e-6);
      double sum = 0;
      List<String> values = new ArrayList<>();
      for (Object each : (List<?>) why.get("columns")) {
        Map<?, ?> column = (Map<?, ?>) each;
        sum += (double) column.get("contribution");
        values.add(column.get("column") + "=" + column.get("value"));
      }
      assertEquals(sum, number(why, "sum"), 1e-12);
      double difference = number(why, "prediction") - number(why, "base");
      assertEquals(difference, sum, 1e-3 * Math.max(0.01, Math.abs(difference)));
      String expected =
          i == 0
              ? "[age=70, city=Rom, income=, day=2024-03-11]"
              : "[age=20, city=Bern, income=2000, day=2024-05-12]";
      assertEquals(expected, values.toString());
    }
  }

  @Test
  void aTableIsForPeopleAndCsvForAllRows() throws IOException {
    Run run = explain("--data", train, "--background", train, "--class yes").ok();
    run.says("Row 0: probability of class yes 0.", "column", "contribution", "Base value 0.");
    run.says(
        "Row 4: ", "These are the first 5 rows; --rows names other rows, --out FILE.csv takes all");
    run.omits("Row 5: ");
    explain("--data", train, "--background", train, "--rows 299,7")
        .ok("Row 7: ", "Row 299: ")
        .omits("Row 0: ");
    explain("--data", rows, "--rows 0").ok("(empty)");
    explain("--data", rows, "--rows 0,300,2")
        .failed(rows + ": no row 2, expected --rows with numbers from 0 of the 2 rows of the file");
    Path some = directory.resolve("some.csv");
    Files.write(some, Files.readAllLines(train).subList(0, 71));
    Path out = directory.resolve("why.csv");
    explain("--data", some, "--background", train, "--out", out)
        .ok("Saved the explanations of 70 rows");
    List<String> lines = Files.readAllLines(out);
    assertEquals("row,class,base,prediction,column,value,contribution", lines.get(0));
    assertEquals(1 + 70 * 4, lines.size());
    assertTrue(lines.get(280).startsWith("69,"), lines.get(280));
    String before = Files.readString(out);
    explain("--data", some, "--background", train, "--threads 2 --out", out).ok();
    assertEquals(before, Files.readString(out));
  }

  /** A page is the same bytes for the same rows, and has rows, columns and curves. */
  @Test
  void aPageShowsRowsColumnsAndCurves() throws IOException {
    Path page = directory.resolve("why.html");
    explain("--data", train, "--page", page, "--class yes").ok("Row 4: ", "Saved the page ");
    String html = Files.readString(page);
    for (String part :
        List.of(
            "<h2 id=\"contributions\">Contributions</h2>",
            "Row 0: probability of yes 0.",
            "Mean size over 300 rows",
            "the mean over 300 rows",
            "<caption>city</caption>",
            ">Bern<",
            "<figcaption><bdi>age</bdi></figcaption>",
            "Row 4")) {
      assertTrue(html.contains(part), part);
    }
    Page.of(html);
    assertFalse(html.contains("NaN"), "not a number");
    // Of two classes, the rarer is explained, also where the other is predicted.
    explain("--data", train, "--page", page, "--json").ok();
    html = Files.readString(page);
    String rarer = html.contains("Row 0: probability of yes") ? "yes" : "no";
    for (int i = 0; i < 5; i++) {
      assertTrue(html.contains("Row " + i + ": probability of " + rarer), html);
    }
    Path again = directory.resolve("again.html");
    String typed = "--background-rows 32 --rows 0,1 --threads 2 --class yes";
    for (Path file : List.of(page, again)) {
      explain("--data", train, "--background", train, typed, "--page", file).ok();
    }
    assertEquals(Files.readString(page), Files.readString(again));
    assertTrue(Files.readString(page).contains("the mean over 32 rows"));
  }

  /** Without background rows, the baseline is what training kept: its medians and shares. */
  @Test
  void theModelKeepsABaseline() throws IOException {
    Map<String, Object> kept = explain("--json --rows 0 --data", rows).ok().objects().get(0);
    Map<String, Object> given =
        explain("--json --rows 0 --data", rows, "--background", train).ok().objects().get(0);
    assertEquals(number(given, "prediction"), number(kept, "prediction"));
    // training has a part of the rows of the file
    assertEquals(number(given, "base"), number(kept, "base"), 0.1);
    double difference = number(kept, "prediction") - number(kept, "base");
    assertEquals(difference, number(kept, "sum"), 1e-3 * Math.max(0.01, Math.abs(difference)));
    Path arrays = directory.resolve("digits");
    Path digits = OwnJvm.ROOT.resolve("data/digits.npz");
    Run.line("train", digits, "--epochs 1 --quiet --force --out", arrays).ok();
    Run.line("explain --model", arrays, "--data", digits)
        .failed("keeps no training rows, expected --background FILE");
    String typed = "explain --background-rows 9 --rows 0,200 --model";
    Run.line(typed, arrays, "--data", digits, "--background", digits)
        .ok("(44 more columns, together ", "Row 200: ", "remainder ");
  }

  /** A run's own rows need no --data; a split of the training table is found again. */
  @Test
  void aSplitOfTheTrainingIsFound() {
    Run run = explain("--split test --json --background", train).ok();
    Run predicted = Run.line("predict --json --split test --model", model).ok();
    List<Map<String, Object>> rows = predicted.objects();
    List<Map<String, Object>> found = run.objects();
    assertEquals(rows.size(), found.size());
    for (int i = 0; i < rows.size(); i++) {
      assertEquals(rows.get(i).get("index"), found.get(i).get("index"));
      assertEquals(rows.get(i).get("predicted"), found.get(i).get("class"));
    }
  }

  /** Bad rows are refused as predict refuses them, and no file is left. */
  @Test
  void badRowsAreRefusedAsByPredict() throws IOException {
    for (String text :
        List.of(
            "age,city,day\n1,Rom,2024-01-01\n",
            HEAD + "old,Rom,1,2024-01-01,no\n",
            HEAD + "1,Rom,1,soon,no\n",
            HEAD + "1e300,Rom,1,2024-01-01,no,3\n")) {
      Path bad = Files.writeString(directory.resolve("bad.csv"), text);
      Path out = directory.resolve("bad-out.csv");
      Run predicted = Run.line("predict --model", model, "--data", bad, "--out", out);
      Run explained = explain("--data", bad, "--background", train, "--out", out);
      predicted.failed();
      explained.failedWith(predicted.errors().substring("lanewise: ".length()));
      assertFalse(Files.exists(out));
      explain("--data", rows, "--background", bad).failed("bad.csv");
    }
  }

  @Test
  void arraysHaveAColumnPerFeature() throws IOException {
    Path file = directory.resolve("arrays.npz");
    Random random = new Random(3);
    float[] inputs = new float[200 * 3];
    float[] targets = new float[200 * 2];
    for (int i = 0; i < 200; i++) {
      for (int j = 0; j < 3; j++) {
        inputs[3 * i + j] = (float) random.nextGaussian();
      }
      targets[2 * i] = 100 + 50 * inputs[3 * i];
      targets[2 * i + 1] = inputs[3 * i + 1];
    }
    Npz.write(
        file,
        Map.of(
            "inputs_train",
            NdArray.of(inputs, 200, 3),
            "target_train",
            NdArray.of(targets, 200, 2)));
    Path run = directory.resolve("arrays");
    Run.line(
            "train %s --loss mse --scale-targets standard --epochs 30 --hidden 8 --eta 0.1 --quiet --out %s",
            file, run)
        .ok();
    Run.line("explain --model", run, "--background", file, "--data", file)
        .misused("the model predicts 2 numbers, expected --class with one of [0, 1]");
    Run why =
        Run.line("explain --rows 5 --class 0 --model", run, "--background", file, "--data", file);
    why.ok("Row 5: output 0 ").says("#0", "#1", "#2");
    assertTrue(why.out().indexOf("#0") < why.out().indexOf("#1"), why.out());
  }
}
