package dev.lanewise.model;

import dev.lanewise.Vectors;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictions;
import dev.lanewise.nn.Scaling;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The conformance vectors of averages over networks with weights. */
class AverageVectorsTest {
  private static final int ROWS = 7;
  private static final double[] MEAN = {10, -0.3};
  private static final double[] DEVIATION = {4, 0.7};

  @Test
  void averages() {
    Vectors vectors =
        new Vectors("averages", "means of the results of several networks, with weights");
    Random random = new Random(12);
    for (Loss loss : List.of(Loss.SOFTMAX, Loss.SIGMOID, Loss.MSE)) {
      for (int[] weights : List.of(new int[] {1, 1, 1}, new int[] {3, 1, 7}, new int[] {2, 9})) {
        add(vectors, loss, random, weights);
      }
    }
    vectors.check();
  }

  private static void add(Vectors vectors, Loss loss, Random random, int... weights) {
    Mlp[] networks = new Mlp[weights.length];
    Arrays.setAll(
        networks,
        m -> {
          Architecture layers = Architecture.relu(3, m == 1 ? List.of() : List.of(4 + m), 2);
          Mlp network = Mlp.initial(layers, Initializer.HE, random.nextLong());
          return scaled(network.withLoss(loss).withScaling(Scaling.none()));
        });
    float[] x = new float[3 * ROWS];
    double[][] rows = new double[ROWS][3];
    for (int i = 0; i < x.length; i++) {
      x[i] = (random.nextInt(2001) - 1000) / 500f;
      rows[i / 3][i % 3] = x[i];
    }
    Predictions found = Model.of(List.of(networks), weights).predict(rows);
    double[] means = new double[2 * ROWS];
    Arrays.setAll(means, i -> found.value(i / 2, i % 2));
    List<Object> sizes = List.of(Arrays.stream(networks).map(n -> "" + n.architecture()).toArray());
    List<Object> parameters = List.of(Arrays.stream(networks).map(Mlp::parameters).toArray());
    boolean isScaled = loss.task().scalesTargets();
    vectors.add(
        "the mean over " + weights.length + " networks",
        "loss|n|sizes|parameters|x|mean of the targets|deviation|weights|means",
        loss.label(),
        ROWS,
        sizes,
        parameters,
        x,
        isScaled ? MEAN : new double[0],
        isScaled ? DEVIATION : new double[0],
        weights,
        means);
  }

  private static Mlp scaled(Mlp network) {
    return network.loss().task().scalesTargets()
        ? network.withTargetScaling(Scaling.standardise(MEAN, DEVIATION))
        : network;
  }
}
