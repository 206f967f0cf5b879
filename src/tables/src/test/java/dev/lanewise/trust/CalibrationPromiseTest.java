package dev.lanewise.trust;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Rows;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Mlp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Measures on fresh rows what a calibration does to the log loss. With {@code
 * -Dlanewise.calibrations=200} this is done as often as the promise says: the mean over draws is at
 * most 0.01 above the loss before, and 95% of draws are at most 0.05 above; from 200 rows on, the
 * mean is lower where the true temperature is 1/2 or 2, and hardly a draw is above. Fewer than 20
 * rows are refused.
 */
class CalibrationPromiseTest {
  private static final int DRAWS = Integer.getInteger("lanewise.calibrations", 12);
  private static final boolean IS_LONG = DRAWS >= 200;
  private static final int FRESH = IS_LONG ? 4000 : 2000;

  /** Returns a model whose probabilities are softmax of the features. */
  private static Model ofLogits(int classes) {
    float[] parameters = new float[classes * (classes + 1)];
    for (int k = 0; k < classes; k++) {
      parameters[k * classes + k] = 1;
    }
    return Model.of(Mlp.of(Architecture.relu(classes, List.of(), classes), parameters));
  }

  /**
   * Returns rows whose classes are drawn by softmax of their logits.
   *
   * @param sureness by which the logits are multiplied that the model sees: the true temperature
   */
  private static Rows rows(Random random, int rows, int classes, double sureness) {
    float[][] x = new float[rows][classes];
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      double[] e = new double[classes];
      for (int k = 0; k < classes; k++) {
        double logit = 1.5 * random.nextGaussian();
        x[row][k] = (float) (sureness * logit);
        e[k] = Math.exp(logit);
      }
      double left = random.nextDouble() * Arrays.stream(e).sum();
      while (labels[row] < classes - 1 && left > e[labels[row]]) {
        left -= e[labels[row]++];
      }
    }
    return Rows.of(x, labels);
  }

  /** Returns how much the loss of fresh rows rises in each draw, in ascending order. */
  private static double[] rises(int rows, int classes, double sureness) {
    Model model = ofLogits(classes);
    double[] rises = new double[DRAWS];
    for (int draw = 0; draw < DRAWS; draw++) {
      Random random = new Random(1_000_003L * draw + 101L * rows + classes);
      CalibrationFit fit = Calibrator.fit(model, rows(random, rows, classes, sureness), 1);
      if (fit.calibration().isPresent()) {
        Rows fresh = rows(random, FRESH, classes, sureness);
        double before = Evaluator.score(model, fresh, 1).loss();
        Model calibrated = model.withCalibration(fit.calibration());
        rises[draw] = Evaluator.score(calibrated, fresh, 1).loss() - before;
      }
    }
    Arrays.sort(rises);
    return rises;
  }

  @Test
  void theLossOfFreshRowsDoesNotRise() {
    List<String> broken = new ArrayList<>();
    int[] sizes = IS_LONG ? new int[] {20, 24, 50, 100, 200, 500, 2000} : new int[] {24, 200};
    for (int classes : IS_LONG ? new int[] {2, 3, 10} : new int[] {2, 10}) {
      for (double sureness : new double[] {1, 2, 0.5}) {
        for (int rows : sizes) {
          double[] rises = rises(rows, classes, sureness);
          double mean = Arrays.stream(rises).average().orElseThrow();
          double most = rises[(int) Math.ceil(0.95 * DRAWS) - 1];
          boolean isLower = rows < 200 || sureness == 1 || mean < -0.01 && most <= 0;
          String figures =
              "%s classes, true temperature %s, %s rows: mean %.4f, 95%% at most %.4f"
                  .formatted(classes, sureness, rows, mean, most);
          if (IS_LONG) {
            System.err.println(figures);
          }
          if (!(mean <= 0.01 && most <= 0.05 && isLower)) {
            broken.add(figures);
          }
        }
      }
    }
    assertTrue(broken.isEmpty(), broken.toString());
  }
}
