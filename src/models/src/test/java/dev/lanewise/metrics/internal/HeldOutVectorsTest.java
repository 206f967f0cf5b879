package dev.lanewise.metrics.internal;

import dev.lanewise.Vectors;
import dev.lanewise.data.Rows;
import dev.lanewise.model.Calibration;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictions;
import dev.lanewise.nn.Scaling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The conformance vectors of weights by selection and of temperatures. */
class HeldOutVectorsTest {
  private static final int OUTPUTS = 3;
  private static final int FOLDS = 2;
  private static final int ROWS = 23; // of a fold
  private static final int GROUPS = 3;
  private static final int[] GIVEN = {3, 1, 7};

  @Test
  void selections() {
    Vectors vectors =
        new Vectors(
            "selections", "weights of groups by selection, temperatures, calibrated probabilities");
    Random random = new Random(21);
    for (Loss loss : List.of(Loss.SOFTMAX, Loss.SIGMOID, Loss.MSE)) {
      for (double noise : new double[] {0.1, 0.6}) {
        add(vectors, loss, noise, random);
      }
    }
    add(vectors, Loss.SOFTMAX, 0, random); // a temperature that other rows deny
    vectors.check();
  }

  /** Groups of three networks, of which the first and the last have the first fold. */
  private static void add(Vectors vectors, Loss loss, double noise, Random random) {
    Architecture layers = Architecture.relu(2, List.of(4), OUTPUTS);
    List<List<Mlp>> groups = new ArrayList<>();
    List<Object> parameters = new ArrayList<>();
    for (int g = 0; g < GROUPS; g++) {
      List<Mlp> group = new ArrayList<>();
      for (int m = 0; m <= FOLDS; m++) {
        Mlp network = Mlp.initial(layers, Initializer.HE, random.nextLong());
        group.add(network.withLoss(loss).withScaling(Scaling.none()));
        parameters.add(network.parameters());
      }
      groups.add(group);
    }
    List<Rows> folds = new ArrayList<>();
    List<Object> x = new ArrayList<>();
    List<Object> targets = new ArrayList<>();
    List<Object> weights = new ArrayList<>();
    for (int f = 0; f < FOLDS; f++) {
      double[][] rows = new double[ROWS][2];
      double[] flat = new double[2 * ROWS];
      for (int i = 0; i < flat.length; i++) {
        rows[i / 2][i % 2] = flat[i] = (float) random.nextGaussian();
      }
      float[] w = new float[ROWS];
      for (int row = 0; row < ROWS; row++) {
        w[row] = 0.5f + 1.5f * random.nextFloat();
      }
      Predictions usual = Model.of(groups.get(noise == 0 ? 2 : 1)).predict(rows);
      int[] labels = new int[ROWS];
      double[][] numbers = new double[ROWS][OUTPUTS];
      for (int row = 0; row < ROWS; row++) {
        for (int k = 0; k < OUTPUTS; k++) {
          double y = usual.value(row, k) + noise * random.nextGaussian();
          numbers[row][k] = loss.task().hasNumbers() ? (float) y : y > 0.5 ? 1 : 0;
          labels[row] = random.nextDouble() > noise && y > 0.4 ? k : labels[row];
        }
        double u = noise == 0 ? random.nextDouble() : 1;
        if (noise == 0) { // drawn by their probabilities
          labels[row] = u < usual.value(row, 0) ? 0 : u < 1 - usual.value(row, 2) ? 1 : 2;
        }
      }
      boolean hasClasses = loss.task().hasClasses();
      Rows split = hasClasses ? Rows.of(rows, labels) : Rows.of(rows, numbers);
      folds.add(split.withRowWeights(w));
      x.add(flat);
      weights.add(w);
      double[] all = Arrays.stream(numbers).flatMapToDouble(Arrays::stream).toArray();
      targets.add(hasClasses ? labels : all);
    }
    HeldOut held = HeldOut.of(groups, List.of(folds.get(0), folds.get(1), folds.get(0)));
    int[] selected = new int[GROUPS];
    held.selected(GROUPS, 20).forEach(g -> selected[g]++);
    Optional<Calibration> found =
        loss.task().hasClasses() ? held.temperature(GIVEN) : Optional.empty();
    double[] p = {0.5, 0.3, 0.2, 0, 1e-9, 1, 0.2, 0x1p-149, 0.8};
    for (int at = 0; found.isPresent() && at < p.length; at += OUTPUTS) {
      found.get().apply(p, at, OUTPUTS);
    }
    vectors.add(
        "3 groups of 3 networks, whose folds are 0, 1 and 0",
        "loss|parameters|x|targets|weights of rows|weights by 20 further selections|temperature with the weights 3, 1, 7|calibrated 0.5 0.3 0.2, 0 1e-9 1, 0.2 2^-149 0.8",
        loss.label(),
        parameters,
        x,
        targets,
        weights,
        selected,
        found.map(Calibration::slopes).orElse(new double[0]),
        found.isPresent() ? p : new double[0]);
  }
}
