package dev.lanewise.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluations;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Coverage;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.train.Optimizer;
import dev.lanewise.train.Trainer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fixes a model for each of eight tables, and divides other rows again and again into those that
 * make the limits and those that are counted. The mean coverage is k / (n + 1) for intervals, and
 * at least that for sets. The property -Dlanewise.covers=N asks for N divisions instead of the few
 * of a usual build.
 */
class CoverageDivisionsTest {
  private static final int DIVISIONS = Integer.getInteger("lanewise.covers", 20);
  private static final boolean IS_LONG = DIVISIONS >= 200;
  private static final double[] LEVELS = {0.8, 0.9, 0.95};
  private static final double ERRORS = 3.5; // standard errors of chance
  private static final int TRAINED = 300;
  private static final int HELD = 500;
  private static final int CALIBRATED = 200; // of the held-out rows

  /** What is predicted from four numbers. */
  enum Table {
    TWO_CLASSES(2, 0),
    THREE_OVERLAPPING(3, 0),
    TEN_NOISY(10, 0),
    FEW_OF_SOME(5, 0),
    NORMAL(0, 1),
    WIDER_UPWARD(0, 1),
    HEAVY_TAILS(0, 1),
    TWO_NUMBERS(0, 2);

    final int classes;
    final int numbers;

    Table(int classes, int numbers) {
      this.classes = classes;
      this.numbers = numbers;
    }

    int label(Random random, float[] x) {
      double z = x[0] + 0.5 * x[1];
      return switch (this) {
        case TWO_CLASSES -> z + 0.4 * random.nextGaussian() > 0 ? 1 : 0;
        case THREE_OVERLAPPING -> (int) Math.max(0, Math.min(2, 1.5 + z + random.nextGaussian()));
        case TEN_NOISY ->
            random.nextInt(4) == 0
                ? random.nextInt(10)
                : (int) Math.max(0, Math.min(9, 5 + 2.5 * z));
        default -> { // the first class has most rows, and equal rows have equal scores
          x[0] = Math.round(x[0]);
          x[1] = x[2] = x[3] = 0;
          yield x[0] < 1 ? 0 : 1 + random.nextInt(4);
        }
      };
    }

    float number(Random random, float[] x, int output) {
      double z = x[0] * x[1] + x[2];
      double noise =
          switch (this) {
            case WIDER_UPWARD -> Math.exp(x[0]) * random.nextGaussian();
            case HEAVY_TAILS -> random.nextGaussian() / (0.05 + random.nextDouble());
            default -> random.nextGaussian();
          };
      return (float) (output == 0 ? z + noise : 1000 * noise - 300 * z);
    }
  }

  private static Rows rows(Table table, int rows, long seed) {
    Random random = new Random(seed);
    float[][] x = new float[rows][4];
    int[] labels = new int[rows];
    float[][] numbers = new float[rows][table.numbers];
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < 4; j++) {
        x[row][j] = (float) random.nextGaussian();
      }
      for (int k = 0; k < table.numbers; k++) {
        numbers[row][k] = table.number(random, x[row], k);
      }
      labels[row] = table.classes == 0 ? 0 : table.label(random, x[row]);
    }
    return table.classes > 0 ? Rows.of(x, labels) : Rows.of(x, numbers);
  }

  /** Returns the results of a trained model for rows that it has not seen. */
  private static Evaluation held(Table table) {
    Mlp network =
        Mlp.initial(
                Architecture.relu(4, List.of(8), table.classes + table.numbers), Initializer.HE, 1)
            .withLoss(table.classes > 0 ? Loss.SOFTMAX : Loss.MSE);
    Mlp model =
        Trainer.builder()
            .epochs(15)
            .batchSize(20)
            .learningRate(0.01)
            .optimizer(Optimizer.adam())
            .build()
            .fit(network, Dataset.of(rows(table, TRAINED, 1)))
            .model();
    return Evaluator.evaluate(model, rows(table, HELD, 2), 1);
  }

  /** Returns some of the evaluated rows. */
  private static Evaluation part(Evaluation all, int[] order, int from, int end) {
    float[][] results = new float[end - from][all.classes()];
    float[][] targets = new float[end - from][all.classes()];
    int[] labels = new int[end - from];
    for (int i = from; i < end; i++) {
      for (int k = 0; k < all.classes(); k++) {
        results[i - from][k] = (float) all.value(order[i], k);
        if (!all.kind().task().hasClasses()) {
          targets[i - from][k] = (float) all.target(order[i])[k];
        }
      }
      labels[i - from] = all.kind().task().hasClasses() ? all.label(order[i]) : 0;
    }
    return all.kind().task().hasClasses()
        ? Evaluations.of(labels, results)
        : Evaluations.of(all.kind(), targets, results);
  }

  /** Returns k / (n + 1), or 1 if k is above n. */
  private static double promised(int rows, double level) {
    BigDecimal k = BigDecimal.valueOf(level).multiply(BigDecimal.valueOf(rows + 1));
    int place = k.setScale(0, RoundingMode.CEILING).intValueExact();
    return Math.min(1, place / (rows + 1.0));
  }

  private static int[] order(Random random) {
    int[] order = new int[HELD];
    for (int i = 0; i < HELD; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** The mean of differences, and its standard error. */
  private static final class Mean {
    private double sum;
    private double squares;
    private int count;

    void add(double value) {
      sum += value;
      squares += value * value;
      count++;
    }

    double mean() {
      return sum / count;
    }

    double error() {
      return Math.sqrt(Math.max(0, squares / count - mean() * mean()) / count);
    }

    @Override
    public String toString() {
      return " %.5f +- %.5f".formatted(mean(), error());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theMeanCoverageIsAsPromised(Table table) {
    Evaluation all = held(table);
    Random random = new Random(7);
    int groups = all.classes();
    Map<String, Mean> excess = new LinkedHashMap<>();
    Map<String, Mean> size = new LinkedHashMap<>();
    for (int division = 0; division < DIVISIONS; division++) {
      int[] order = order(random);
      Evaluation calibration = part(all, order, 0, CALIBRATED);
      Evaluation test = part(all, order, CALIBRATED, HELD);
      for (boolean byClass : table.classes > 0 ? List.of(false, true) : List.of(false)) {
        Coverage coverage = CoverageScores.of(calibration, byClass);
        for (double level : LEVELS) {
          CoverageResult found = CoverageResult.of(test, coverage, level);
          String what = "%s, level %s, %s ".formatted(table, level, byClass ? "class" : "output");
          size.computeIfAbsent(what, w -> new Mean()).add(found.all().size());
          for (int g = 0; g <= groups; g++) {
            boolean isAll = g == groups;
            int n = coverage.rows(coverage.groups() == 1 || isAll ? 0 : g);
            CoverageResult.Group group = isAll ? found.all() : found.groups().get(g);
            boolean isPromised = isAll != (coverage.groups() > 1);
            if (isPromised && group.rows() > 0) {
              excess
                  .computeIfAbsent(what + (isAll ? "all" : g), w -> new Mean())
                  .add(group.share() - promised(n, level));
            }
          }
        }
      }
    }
    log(size);
    log(excess);
    excess.forEach(
        (what, mean) -> {
          assertTrue(mean.mean() >= -ERRORS * mean.error(), what + mean);
          assertTrue(table.numbers == 0 || mean.mean() <= ERRORS * mean.error(), what + mean);
        });
  }

  private static void log(Map<String, Mean> means) {
    if (IS_LONG) {
      System.getLogger("coverage").log(System.Logger.Level.INFO, means.toString());
    }
  }

  /** A model of scaled targets and its predictor agree about the units of intervals. */
  @ParameterizedTest
  @EnumSource(names = {"NORMAL", "TWO_NUMBERS"})
  void scoresAreInTheUnitsOfTheData(Table table) {
    Rows rows = rows(table, 50, 3);
    Model model =
        Model.of(
            Mlp.initial(Architecture.relu(4, List.of(3), table.numbers), Initializer.HE, 1)
                .withLoss(Loss.MAE)
                .withTargetScaling(Scaling.divide(0.001)));
    Coverage coverage = CoverageScores.of(model, rows, false, 1);
    Evaluation evaluation = Evaluator.evaluate(model, rows, 1);
    float[] x = new float[4];
    double[][] residuals = new double[table.numbers][50];
    for (int row = 0; row < 50; row++) {
      rows.copyRows(null, row, 1, x, 0);
      double[] results = new double[table.numbers];
      model.predictor(1).predict(x, 1, results, null);
      for (int k = 0; k < table.numbers; k++) {
        residuals[k][row] = Math.abs(rows.target(row, k) - results[k]);
      }
    }
    assertEquals(Coverage.ofNumbers(residuals), coverage);
    assertEquals(50 * table.numbers, CoverageResult.of(evaluation, coverage, 0.5).all().rows());
  }
}
