package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.report.Page;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A report has the same figures as evaluate --json for the same model and rows. */
class ReportFiguresTest {
  private static final int ROWS = 200;
  private static final int FEATURES = 5;

  @TempDir Path directory;
  private Map<String, Object> json;
  private Page page;

  private void run(Loss loss, int outputs, NdArray targets, NdArray weights) throws IOException {
    Random random = new Random(5);
    float[] rows = new float[ROWS * FEATURES];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
    }
    Path data = directory.resolve("data.npz");
    NdArray inputs = NdArray.of(rows, ROWS, FEATURES);
    String names = "inputs_train target_train inputs_test target_test";
    names += weights == null ? "" : " weights_train weights_test";
    Fixtures.npz(data, names, inputs, targets, inputs, targets, weights, weights);
    Path model = directory.resolve("model.npz");
    Mlp.initial(Architecture.relu(FEATURES, List.of(6), outputs), Initializer.HE, 1)
        .withLoss(loss)
        .withScaling(Scaling.none())
        .save(model);
    Run evaluated = Run.line("evaluate --model=" + model, "--data=" + data, "--json").ok();
    json = evaluated.json(0);
    Path out = directory.resolve("page.html");
    Run reported =
        Run.of("report", model.toString(), "--data=" + data, "--out=" + out, "--json").ok();
    page = Page.of(Files.readString(out));
    Map<String, Object> told = reported.json(0);
    for (String name : List.of("split", "rows", "loss", "accuracy", "sha256")) {
      String there = name.equals("accuracy") && loss.task().hasNumbers() ? "r2" : name;
      assertEquals(json.get(there), told.get(name), name);
    }
    assertTrue(page.text().contains("Weights sha256 " + json.get("sha256")));
  }

  private static NdArray weights() {
    float[] weights = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      weights[i] = i % 7 * 0.5f;
    }
    return NdArray.of(weights, ROWS);
  }

  private static String fixed(Object value) {
    return value == null ? "-" : decimal((double) value, 5);
  }

  private static String decimal(double value, int digits) {
    return new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
  }

  private static double brief(double value) {
    return new BigDecimal(value).round(new MathContext(4)).doubleValue();
  }

  @ParameterizedTest
  @CsvSource({"2,false", "10,false", "10,true", "100,false", "100,true"})
  void ofClasses(int classes, boolean weighted) throws IOException {
    int[] labels = new Random(6).ints(ROWS, 0, classes).toArray();
    labels[0] = classes - 1;
    run(Loss.SOFTMAX, classes, NdArray.of(labels, ROWS), weighted ? weights() : null);
    double accuracy = (double) json.get("accuracy");
    String lead = page.lead();
    assertTrue(lead.startsWith("It is right in " + decimal(100 * accuracy, 1) + "% of 200 "), lead);
    List<List<String>> scores = page.table("How well each class is found");
    List<Map<?, ?>> expected = new ArrayList<>();
    ((List<?>) json.get("classes")).forEach(each -> expected.add((Map<?, ?>) each));
    ((List<?>) json.get("averages")).forEach(each -> expected.add((Map<?, ?>) each));
    int compared = 0;
    for (List<String> row : scores.subList(1, scores.size())) {
      Map<?, ?> one =
          expected.stream().filter(e -> e.get("name").equals(row.get(0))).findFirst().orElseThrow();
      assertEquals(fixed(one.get("precision")), row.get(1));
      assertEquals(fixed(one.get("recall")), row.get(2));
      assertEquals(fixed(one.get("f1")), row.get(3));
      assertEquals(fixed(one.get("roc_auc")), row.get(4));
      assertEquals(one.get("support"), number(row.get(5)));
      compared++;
    }
    assertEquals(Math.min(classes, 50) + 2, compared);
    List<?> confusion = (List<?>) json.get("confusion");
    if (classes <= 24) {
      List<List<String>> matrix = Page.rows(page.one("#confusion"));
      for (int c = 0; c < classes; c++) {
        for (int p = 0; p < classes; p++) {
          double count = (double) ((List<?>) confusion.get(c)).get(p);
          assertEquals(count, number(matrix.get(c + 1).get(p + 1)));
        }
      }
    }
    if (classes > 2) {
      for (List<String> row : page.table("The most frequent mistakes").subList(1, 3)) {
        List<?> counts = (List<?>) confusion.get(Integer.parseInt(row.get(0)));
        double count = (double) counts.get(Integer.parseInt(row.get(1)));
        double all = counts.stream().mapToDouble(x -> (double) x).sum();
        assertEquals(count, number(row.get(2)));
        assertEquals(decimal(100 * count / all, 1) + "%", row.get(3));
      }
    }
  }

  private static double number(String text) {
    return Double.parseDouble(text.replace(",", ""));
  }

  @ParameterizedTest
  @CsvSource({"1,false", "1,true", "3,false", "3,true"})
  void ofNumbers(int outputs, boolean weighted) throws IOException {
    float[] targets = new float[ROWS * outputs];
    Random random = new Random(7);
    for (int i = 0; i < targets.length; i++) {
      targets[i] = (float) (random.nextGaussian() * StrictMath.pow(10, i % outputs));
    }
    run(Loss.MSE, outputs, NdArray.of(targets, ROWS, outputs), weighted ? weights() : null);
    double r2 = (double) json.get("r2");
    assertTrue(page.lead().contains(decimal(r2, 3)), page.lead());
    List<List<String>> errors = page.table("Errors, in the units of the target");
    for (int k = 0; k < outputs; k++) {
      Map<?, ?> one = (Map<?, ?>) ((List<?>) json.get("outputs")).get(k);
      List<String> row = errors.get(k + 1);
      assertEquals(decimal((double) one.get("r2"), 5), row.get(1));
      assertEquals(brief((double) one.get("mae")), Double.parseDouble(row.get(2)));
      assertEquals(brief(Math.sqrt((double) one.get("mse"))), Double.parseDouble(row.get(4)));
    }
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void ofLabels(boolean weighted) throws IOException {
    int outputs = 3;
    byte[] flags = new byte[ROWS * outputs];
    Random random = new Random(7);
    for (int i = 0; i < flags.length; i++) {
      flags[i] = (byte) (random.nextInt(2 + i % outputs) == 0 ? 1 : 0);
    }
    run(Loss.SIGMOID, outputs, NdArray.ofBytes(flags, ROWS, outputs), weighted ? weights() : null);
    String right = decimal(100 * (double) json.get("accuracy"), 1) + "%";
    assertTrue(page.lead().startsWith("Of the labels of 200 test rows"), page.lead());
    assertTrue(page.lead().contains(" " + right + " are right"), page.lead());
    List<List<String>> labels = page.table("How well each label is found");
    for (int k = 0; k < outputs; k++) {
      Map<?, ?> one = (Map<?, ?>) ((List<?>) json.get("outputs")).get(k);
      assertEquals(fixed(one.get("roc_auc")), labels.get(k + 1).get(1));
    }
    String all = decimal(100 * (double) json.get("subset_accuracy"), 1);
    assertTrue(page.text().contains("All labels are right in " + all + "% of the rows."));
  }

  /** Numbers are written the same way in every locale. */
  @Test
  void inEveryLocale() throws IOException {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      ofClasses(10, false);
    } finally {
      Locale.setDefault(before);
    }
  }
}
