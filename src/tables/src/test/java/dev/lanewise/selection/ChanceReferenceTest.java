package dev.lanewise.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluations;
import dev.lanewise.nn.Loss;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Compares intervals, tests and distributions with those of SciPy, and with numerical derivatives
 * of scikit-learn's metrics ({@code make_chance.py}).
 */
class ChanceReferenceTest {
  private final Map<String, float[]> columns = new HashMap<>();

  static List<String> lines(String name) {
    try (InputStream in = ChanceReferenceTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @TestFactory
  List<DynamicTest> everyValueIsTheReferences() {
    List<String> values = lines("values.csv");
    assertTrue(values.size() > 100);
    return values.stream()
        .map(
            line ->
                DynamicTest.dynamicTest(
                    line,
                    () -> {
                      String[] cells = line.split(",");
                      double expected = Double.parseDouble(cells[cells.length - 1]);
                      double error = cells[0].matches("plain|weighted|paired") ? 1e-6 : 1e-9;
                      assertEquals(
                          expected, found(cells), error * Math.max(1e-6, Math.abs(expected)), line);
                    }))
        .toList();
  }

  private double found(String[] cells) {
    return switch (cells[0]) {
      case "plain" -> end(Intervals.of(evaluation(cells[1], "one", "first")), cells);
      case "weighted" ->
          end(Intervals.of(evaluation(cells[1], "one", "first", column("weight"))), cells);
      case "paired" -> {
        PairedComparison comparison =
            PairedComparison.of(
                evaluation(cells[1], "one", "first"),
                evaluation(cells[1], "two", "second"),
                cells[1]);
        yield switch (cells[2]) {
          case "difference" -> comparison.difference();
          case "p" -> comparison.p();
          case "low" -> comparison.interval().low();
          default -> comparison.interval().high();
        };
      }
      case "wilson" -> {
        double all = Double.parseDouble(cells[2]);
        Interval interval = Interval.ofShare(Double.parseDouble(cells[1]) / all, all);
        yield cells[3].equals("low") ? interval.low() : interval.high();
      }
      case "t" -> StudentT.twoSidedQuantile(0.05, Double.parseDouble(cells[1]));
      case "tail" -> StudentT.twoSided(Double.parseDouble(cells[2]), Double.parseDouble(cells[1]));
      case "midp" -> PairedComparison.midP(Long.parseLong(cells[1]), Long.parseLong(cells[2]));
      default -> {
        FoldScores scores = FoldScores.of(80, 20, 0.81, 0.84, 0.79, 0.9, 0.86);
        yield cells[1].equals("error") ? scores.standardError() : scores.interval().low();
      }
    };
  }

  private static double end(Map<String, Interval> intervals, String[] cells) {
    Interval interval = intervals.get(cells[1].replace("3", ""));
    return cells[2].equals("low") ? interval.low() : interval.high();
  }

  private float[] column(String name) {
    if (columns.isEmpty()) {
      List<String[]> rows = lines("rows.csv").stream().map(line -> line.split(",")).toList();
      for (int c = 0; c < rows.get(0).length; c++) {
        float[] column = new float[rows.size() - 1];
        for (int row = 0; row < column.length; row++) {
          column[row] = Float.parseFloat(rows.get(row + 1)[c]);
        }
        columns.put(rows.get(0)[c], column);
      }
    }
    return columns.get(name);
  }

  /** Returns an evaluation that has a figure, by a model of two classes or of numbers. */
  private Evaluation evaluation(String figure, String classes, String numbers, float... weights) {
    if (figure.matches("r2|mse|rmse|mae")) {
      return Evaluations.of(Loss.MSE, rows(column("target")), rows(column(numbers)), weights);
    }
    boolean isOfThree = figure.equals("matthews3");
    float[] results = column(isOfThree ? "guess" : classes);
    float[] labels = column(isOfThree ? "three" : "label");
    float[][] probabilities = new float[results.length][];
    int[] label = new int[results.length];
    for (int row = 0; row < results.length; row++) {
      label[row] = (int) labels[row];
      probabilities[row] = new float[isOfThree ? 3 : 2];
      if (isOfThree) {
        probabilities[row][(int) results[row]] = 1;
      } else {
        probabilities[row][0] = 1 - results[row];
        probabilities[row][1] = results[row];
      }
    }
    return Samples.withLoss(Evaluations.of(label, probabilities, weights));
  }

  private static float[][] rows(float[] column) {
    float[][] rows = new float[column.length][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = new float[] {column[row]};
    }
    return rows;
  }
}
