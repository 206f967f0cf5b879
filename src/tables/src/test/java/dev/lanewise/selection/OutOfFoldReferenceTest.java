package dev.lanewise.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Rows;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.metrics.Metrics;
import dev.lanewise.metrics.ProbabilityMetrics;
import dev.lanewise.metrics.RegressionMetrics;
import dev.lanewise.metrics.RocAuc;
import dev.lanewise.nn.Loss;
import dev.lanewise.train.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Figures of out-of-fold predictions are those of scikit-learn ({@code make_folds.py}). */
class OutOfFoldReferenceTest {
  /** Cells of a row: case, repeat, fold, row, weight, true value, predictions. */
  private static final List<String[]> ROWS =
      ChanceReferenceTest.lines("folds.csv").stream().map(line -> line.split(",")).toList();

  @TestFactory
  List<DynamicTest> everyFigureIsTheReferences() {
    List<String> values = ChanceReferenceTest.lines("folds_values.csv");
    assertTrue(values.size() > 40);
    return values.stream().map(line -> DynamicTest.dynamicTest(line, () -> check(line))).toList();
  }

  private static void check(String line) {
    String[] cells = line.split(",");
    Evaluation all = run(cells[0]).outOfFold(Integer.parseInt(cells[1]));
    assertEquals(Double.parseDouble(cells[3]), figure(all, cells[2]), 1e-12, line);
  }

  private static double figure(Evaluation all, String name) {
    int c = name.charAt(name.length() - 1) - '0';
    return switch (name.split(" ")[0]) {
      case "accuracy" -> all.accuracy();
      case "matthews" -> Metrics.of(all).matthews();
      case "balanced_accuracy" -> Metrics.of(all).balancedAccuracy();
      case "macro_f1" -> Metrics.of(all).macro().f1();
      case "log_loss" -> {
        assertEquals(ProbabilityMetrics.of(all).logLoss(), all.loss());
        yield all.loss();
      }
      case "roc_auc" -> RocAuc.of(all).area(c);
      case "average_precision" -> RocAuc.of(all).averagePrecision(c);
      case "r2" -> all.accuracy();
      case "mae" -> RegressionMetrics.of(all).mae();
      case "mse" -> RegressionMetrics.of(all).mse();
      default -> throw new AssertionError(name);
    };
  }

  /** Returns the run of which a case has the predictions. */
  private static CrossValidationRun run(String name) {
    Map<Integer, List<String[]>> folds = // by repeat and fold
        ROWS.stream()
            .filter(cells -> cells[0].equals(name))
            .collect(
                Collectors.groupingBy(
                    cells -> 100 * Integer.parseInt(cells[1]) + Integer.parseInt(cells[2]),
                    TreeMap::new,
                    Collectors.toList()));
    List<FoldResult> results = new ArrayList<>();
    folds.forEach((at, rows) -> results.add(result(at / 100, at % 100, rows)));
    int repeats = results.get(results.size() - 1).repeat() + 1;
    assertTrue(results.size() > repeats);
    return new CrossValidationRun(results.size() / repeats, repeats, results);
  }

  private static FoldResult result(int repeat, int fold, List<String[]> rows) {
    String name = rows.get(0)[0];
    boolean areNumbers = name.endsWith("number");
    int outputs = rows.get(0).length - 6;
    double[] exact = new double[rows.size() * outputs];
    int[] predicted = new int[rows.size()];
    for (int i = 0; i < exact.length; i++) {
      exact[i] = Double.parseDouble(rows.get(i / outputs)[6 + i % outputs]);
      int before = i / outputs * outputs + predicted[i / outputs];
      predicted[i / outputs] = exact[i] > exact[before] ? i % outputs : predicted[i / outputs];
    }
    double[] targets = rows.stream().mapToDouble(cells -> Double.parseDouble(cells[5])).toArray();
    double[][] features = new double[rows.size()][1];
    Rows split =
        areNumbers
            ? Rows.of(
                features,
                Arrays.stream(targets).mapToObj(t -> new double[] {t}).toArray(double[][]::new))
            : Rows.of(features, Arrays.stream(targets).mapToInt(t -> (int) t).toArray());
    if (name.startsWith("weighted")) {
      float[] weights = new float[rows.size()];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = Float.parseFloat(rows.get(i)[4]);
      }
      split = split.withRowWeights(weights);
    }
    Loss loss = areNumbers ? Loss.MSE : Loss.SOFTMAX;
    Evaluation evaluation = Evaluator.ofProbabilities(loss, split, exact, predicted);
    List<Integer> numbers = rows.stream().map(cells -> Integer.parseInt(cells[3])).toList();
    return new FoldResult(
        repeat,
        fold,
        1,
        numbers.size(),
        numbers,
        evaluation,
        new History(List.of()),
        List.of(-1),
        "");
  }
}
