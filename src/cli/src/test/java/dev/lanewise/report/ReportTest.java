package dev.lanewise.report;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.rows.Schema;
import dev.lanewise.selection.Interval;
import dev.lanewise.table.Datasets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole pages of various networks and data. */
class ReportTest {
  @TempDir private Path directory;

  private static Page ofClasses(int classes, int rows, int features, Integer... hidden) {
    Model model = Model.of(Reports.model(Loss.SOFTMAX, features, List.of(hidden), classes));
    Rows test = Reports.rows(rows, features, classes, 2);
    return Reports.page(Reports.of(model, test, test));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 24, 25, 100, 1001})
  void anyNumberOfClasses(int classes) {
    Page page = ofClasses(classes, Math.max(60, classes), 6, 5);
    assertEquals(classes <= 24 ? 1 : 0, page.all("#confusion").size());
    assertTrue(page.html().length() < 500_000, () -> page.html().length() + " characters");
    assertTrue(page.text().contains("Which class is taken for which"));
  }

  /** What a reader asks first stands first. */
  @Test
  void partsAreInTheOrderOfQuestions() {
    Model model = Model.of(Reports.model(Loss.SOFTMAX, 6, List.of(5), 3));
    Rows test = Reports.rows(80, 6, 3, 2);
    Interval ends = new Interval(0.25, 0.5, Interval.LEVEL, "Wilson");
    Page page =
        Reports.page(Reports.of(model, test, test).intervals(Map.of("accuracy", ends), List.of()));
    assertEquals(
        List.of(
            "How good is it?",
            "What matters?",
            "Where does it err?",
            "May it be believed?",
            "Results in detail",
            "The network and its data"),
        page.all("h2").stream().map(Element::text).toList());
    assertContains(page.lead(), "of 80 test rows (95% interval 25.0% to 50.0%). Always answering");
  }

  /** Much is left out, and the page says so. */
  @Test
  void tenThousandClassesStayASmallPage() {
    int classes = 10_000;
    Page page = ofClasses(classes, 2001, 1, 2);
    assertTrue(page.html().length() < 500_000, () -> page.html().length() + " characters");
    assertTrue(page.text().contains("of 10,000 classes"), page.text());
    // The areas under the curves of so many classes are not computed.
    List<List<String>> scores = page.table("How well each class is found");
    assertEquals("-", scores.get(51).get(4));
    assertTrue(page.text().contains("ROC curves of the 4 classes that are hardest"), page.text());
  }

  @Test
  void networksOfAnyDepth() {
    assertTrue(ofClasses(3, 30, 4).text().contains("4-3"));
    Integer[] deep = new Integer[999];
    Arrays.fill(deep, 3);
    Page page = ofClasses(3, 30, 4, deep);
    assertTrue(page.html().length() < 200_000, () -> page.html().length() + " characters");
    assertTrue(page.fact("Network").length() < 200, page.fact("Network"));
  }

  @Test
  void oneFeatureAndManyFeatures() {
    assertTrue(ofClasses(2, 30, 1, 3).text().contains("1 input,"));
    Page page = ofClasses(2, 30, 5000, 3);
    // The importance of so many inputs is not computed.
    assertFalse(page.text().contains("matter most"), page.text());
    assertTrue(page.text().contains("Of 5,000 columns these are the first 14."), page.text());
    assertTrue(page.html().length() < 300_000, () -> page.html().length() + " characters");
  }

  @Test
  void oneRow() {
    Page page = ofClasses(2, 1, 3, 2);
    assertTrue(page.lead().contains("of 1 test row."), page.lead());
    Rows row = Rows.of(Reports.numbers(1, 3, 1), new float[] {2});
    Page number =
        Reports.page(Reports.of(Model.of(Reports.model(Loss.MSE, 3, List.of(), 1)), row, row));
    assertTrue(
        number.lead().startsWith("The targets of 1 test row are all alike: there is nothing to"),
        number.lead());
    assertFalse(number.lead().contains("-"), number.lead());
    assertEquals(List.of(), number.warnings());
  }

  @Test
  void rowsOfWeightZero() {
    Rows test = Reports.rows(20, 4, 2, 3);
    float[] weights = new float[20];
    weights[7] = 2;
    Rows weighted = test.withRowWeights(weights);
    Model model = Model.of(Reports.model(Loss.SOFTMAX, 4, List.of(3), 2));
    Page page = Reports.page(Reports.of(model, weighted, weighted));
    double accuracy = Evaluator.evaluate(model, weighted, 1).accuracy();
    String right = accuracy == 1 ? "100.0%" : "0.0%";
    assertContains(page.lead(), "right in " + right, "by their weights");
  }

  @Test
  void constantColumnsAndTargets() {
    float[][] x = Reports.numbers(40, 3, 4);
    for (float[] row : x) {
      row[1] = 5;
    }
    float[] y = new float[40];
    Arrays.fill(y, 3);
    Rows rows = Rows.of(x, y);
    Page page =
        Reports.page(Reports.of(Model.of(Reports.model(Loss.MSE, 3, List.of(2), 1)), rows, rows));
    assertFalse(page.lead().contains("explains"), page.lead());
    assertEquals(List.of(), page.warnings());
    int[] labels = new int[40];
    Rows one = Rows.of(x, labels);
    Page classes =
        Reports.page(Reports.of(Model.of(Reports.model(Loss.SOFTMAX, 3, List.of(2), 2)), one, one));
    assertTrue(
        classes.warnings().stream().anyMatch(w -> w.startsWith("No row here is of class 1")),
        classes.warnings().toString());
  }

  /**
   * A short training allows too few draws of many rows, but five of 80 cost less than two of 200.
   */
  @Test
  void fewRowsAreDrawnMoreOften() {
    Model model = Model.of(Reports.model(Loss.SOFTMAX, 99, List.of(60), 3));
    for (int rows : new int[] {80, 100, 200}) {
      Rows split = Reports.rows(rows, 99, 3, 1);
      Report report = Reports.of(model, split, split).history(Reports.history(1), List.of(-1));
      String draws = "other: the mean of %s draws and".formatted(400 / rows);
      assertTrue(report.html().contains(draws), draws);
    }
  }

  /** Shares that are nearly all or nearly nothing are not shown as all or nothing. */
  @Test
  void nearlyAllIsNotAll() {
    int rows = 5000;
    float[][] x = new float[rows][2];
    int[] labels = new int[rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = i % 2;
      x[i][i == 9 ? 0 : i % 2] = 9;
    }
    Rows test = Rows.of(x, labels);
    Page page = Reports.page(Reports.of(Model.of(Reports.identity(Loss.SOFTMAX, 2)), test, test));
    assertTrue(page.lead().startsWith("It is right in 99.98% of 5,000 test rows."), page.lead());
  }

  /** Classes with equal names are still different. */
  @Test
  void tickAndCrossDependOnTheClassNotItsName() {
    Model model = Model.of(Reports.identity(Loss.SOFTMAX, 49));
    float[][] x = new float[4][49];
    int[] labels = {0, 1, 2, 3};
    x[0][0] = 5;
    x[1][2] = 5;
    x[2][2] = 5;
    x[3][3] = 5;
    Rows test = Rows.of(x, labels);
    Report report = Reports.of(model, test, test);
    report.about.names.addAll(Collections.nCopies(49, "same"));
    Page page = Page.of(report.html());
    List<String> captions = page.all("figcaption").stream().map(Element::text).toList();
    assertEquals(
        List.of(false, true, false, false),
        captions.stream()
            .filter(c -> c.startsWith("#"))
            .sorted()
            .distinct()
            .map(c -> c.contains("\u2717"))
            .toList(),
        captions.toString());
  }

  /** Rows of a table show the values of its file. */
  @Test
  void valuesAreThoseOfTheFile() throws IOException {
    List<String> lines = new ArrayList<>(List.of("number,word,day,flag,tiny,gap,kind"));
    String[] words = {"red", "green <b>", "blue"};
    for (int i = 0; i < 60; i++) {
      lines.add(
          "%s,%s,2024-%02d-%02d,%s,%se-7,%s,%s"
              .formatted(
                  i * 12345.678 / 7 + "",
                  words[i * 7 % 3],
                  1 + i % 12,
                  1 + i % 28,
                  i % 2 == 0 ? "yes" : "no",
                  i + 1.5,
                  i % 5 == 0 ? "" : i + "",
                  i % 3 == 0 ? "a" : "b"));
    }
    Path file = directory.resolve("t.csv");
    Files.write(file, lines);
    Dataset data = Datasets.load(file);
    Model model =
        Model.of(
                Reports.model(Loss.SOFTMAX, data.features(), List.of(4), 2)
                    .withScaling(data.scaling()))
            .withSchema(Schema.of(data).orElseThrow())
            .withClassNames(data.classNames());
    Rows test = data.test().orElseThrow();
    Page page =
        Page.of(
            new Report("t.csv", model)
                .data(data)
                .evaluation("test", test, Evaluator.evaluate(model, test, 1))
                .html());
    List<List<String>> table = page.table("Least certain");
    List<String> names = List.of(lines.get(0).split(","));
    int compared = 0;
    for (int column = 1; column < table.get(0).size(); column++) {
      int row = Integer.parseInt(table.get(0).get(column).substring(1)); // of the file
      String[] cells = lines.get(1 + row).split(",");
      for (List<String> line : table.subList(1, table.size())) {
        int c = names.indexOf(line.get(0));
        String shown = line.get(column);
        if (line.get(0).equals("true")) {
          assertEquals(cells[6], shown);
        } else if (c >= 0 && cells[c].isEmpty()) {
          assertEquals("missing", shown);
          compared++;
        } else if (c == 0 || c == 4 || c == 5) {
          double expected = Double.parseDouble(cells[c]);
          assertEquals(expected, Double.parseDouble(shown), 5e-6 * Math.abs(expected), line.get(0));
          compared++;
        } else if (c >= 0) {
          assertEquals(cells[c], shown, line.get(0));
          compared++;
        }
      }
    }
    assertTrue(compared >= 6 * 6, compared + " values");
  }

  /** The data set and the model number the classes in different orders. */
  @Test
  void classesGoByTheirNames() {
    Model model = Model.of(Reports.identity(Loss.SOFTMAX, 2)).withClassNames(List.of("no", "yes"));
    float[][] x = {{0, 1}, {0, 1}, {0, 1}, {1, 0}};
    Rows rows = Rows.of(x, new String[] {"yes", "yes", "yes", "no"});
    Dataset data = Dataset.of(rows.withClassesOf(List.of("yes", "no")));
    Report report =
        new Report("Rows", model)
            .data(data)
            .evaluation("all", data.train(), Evaluator.evaluate(model, data.train(), 1));
    Page page = Reports.page(report);
    assertTrue(page.lead().startsWith("It is right in 100.0% of 4 rows."), page.lead());
    assertTrue(page.lead().contains("Always answering \"yes\""), page.lead());
    assertEquals(
        List.of(List.of("class", "rows"), List.of("no", "1"), List.of("yes", "3")),
        page.table("Rows of each class"));
  }
}
