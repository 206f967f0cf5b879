package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.engine.internal.Dropout;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.MlpState;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {
  private static final int ROWS = 7;
  private static final double P = 0.3;
  private static final long SEED = 11;
  private static final int EPOCH = 5;
  private static final int STEP = 9;
  private static final Architecture SIZES = Architecture.relu(6, List.of(9, 5), 4);
  private static final Mlp NETWORK = Mlp.initial(SIZES, Initializer.HE, 2);

  /** Computes the factor of one element by the definition of dropout. */
  private static double factor(int layer, int element) {
    long step = CounterRandom.bits(CounterRandom.key(SEED, CounterRandom.DROPOUT, EPOCH), STEP);
    long bits = CounterRandom.bits(CounterRandom.bits(step, layer), element / 2);
    double uniform = (element % 2 == 0 ? bits >>> 32 : bits & 0xFFFFFFFFL) * 0x1p-32;
    return uniform < P ? 0 : 1 / (1 - P);
  }

  private static Dropout dropout() {
    Dropout dropout = new Dropout(P, SEED);
    dropout.begin(EPOCH, STEP, 1);
    return dropout;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 10})
  void masksAreThoseOfTheDefinition(int from) {
    float[] x = new float[31];
    float[] y = new float[31];
    Arrays.fill(y, Float.NaN);
    for (int i = 0; i < x.length; i++) {
      x[i] = i + 1;
    }
    for (int to = from; to <= x.length; to++) {
      dropout().apply(2, 1, from, to, x, y);
      for (int i = from; i < to; i++) {
        assertEquals((float) factor(2, i) * x[i], y[i]);
      }
      for (int i = to; i < x.length; i++) {
        assertEquals(Float.NaN, y[i]);
      }
    }
  }

  @Test
  void masksDifferFromStepToStepAndDropAsManyAsTheyShould() {
    float[] ones = new float[100_001];
    Arrays.fill(ones, 1);
    float[] first = new float[ones.length];
    Dropout dropout = dropout();
    dropout.apply(0, 1, 0, ones.length, ones, first);
    double sum = 0;
    for (float value : first) {
      sum += value;
    }
    assertEquals(1, sum / ones.length, 0.01, "the mean does not change");
    int[][] others = {{1, EPOCH, STEP}, {0, EPOCH + 1, STEP}, {0, EPOCH, STEP + 1}};
    for (int[] other : others) {
      float[] second = new float[ones.length];
      dropout.begin(other[1], other[2], 1);
      dropout.apply(other[0], 1, 0, ones.length, ones, second);
      int both = 0;
      for (int i = 0; i < ones.length; i++) {
        both += first[i] == 0 && second[i] == 0 ? 1 : 0;
      }
      assertEquals(P * P, (double) both / ones.length, 0.005, "masks are independent");
    }
  }

  /** A share of the probability changes which elements are dropped and the factor of the others. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-3, 0.5, 1})
  void aShareOfTheProbability(double share) {
    float[] x = new float[200_000];
    Arrays.fill(x, 3);
    Dropout dropout = dropout();
    dropout.begin(EPOCH, STEP, share);
    dropout.apply(1, 1, 0, x.length, x, x);
    int dropped = 0;
    for (float value : x) {
      assertTrue(value == 0 || value == 3 * (float) (1 / (1 - P * share)), "" + value);
      dropped += value == 0 ? 1 : 0;
    }
    assertEquals(P * share * x.length, dropped, 4 * Math.sqrt(P * share * x.length));
  }

  /** Computes the mean cross entropy under the masks in double, with plain loops. */
  private static double loss(double[] w, float[] x, int xOffset, int[] labels) {
    double sum = 0;
    for (int r = 0; r < ROWS; r++) {
      double[] a = new double[SIZES.inputs()];
      for (int i = 0; i < a.length; i++) {
        a[i] = x[xOffset + r * a.length + i];
      }
      List<Layer> layers = SIZES.layers();
      for (int l = 0; l < layers.size(); l++) {
        Layer layer = layers.get(l);
        double[] z = new double[layer.outputs()];
        for (int j = 0; j < z.length; j++) {
          z[j] = w[layer.biasesOffset() + j];
          for (int i = 0; i < a.length; i++) {
            z[j] += a[i] * w[layer.weightsOffset() + i * z.length + j];
          }
          if (l < layers.size() - 1) {
            z[j] = Math.max(z[j], 0) * factor(l, r * z.length + j);
          }
        }
        a = z;
      }
      double exponentials = 0;
      for (double logit : a) {
        exponentials += StrictMath.exp(logit);
      }
      sum += StrictMath.log(exponentials) - a[labels[r]];
    }
    return sum / ROWS;
  }

  @Test
  void gradientsAreThoseOfTheNetworkThatIsLeft() {
    Random random = new Random(4);
    float[] parameters = NETWORK.parameters();
    double[] w = new double[parameters.length];
    for (int i = 0; i < w.length; i++) {
      parameters[i] += (float) (0.1 * random.nextGaussian()); // biases also differ from 0
      w[i] = parameters[i];
    }
    Backpropagation network = MlpState.backpropagation(NETWORK, ROWS, 1);
    network.setDropout(dropout());
    for (int i = 0; i < ROWS * SIZES.inputs(); i++) {
      network.inputs()[i] = (float) random.nextGaussian();
    }
    for (int r = 0; r < ROWS; r++) {
      network.labels()[r] = random.nextInt(SIZES.outputs());
    }
    // The rows are computed in two parts, as by two threads. The first part, 3 rows of 9 or 5
    // outputs, ends in the middle of a pair of elements.
    network.rows(parameters, 0, 3, ROWS, 0);
    network.rows(parameters, 3, ROWS, ROWS, 0);
    float[] gradient = new float[parameters.length];
    for (int l = 0; l < SIZES.layers().size(); l++) {
      network.weightGradient(l, 0, SIZES.layers().get(l).inputs(), ROWS, gradient, 0);
      network.biasGradient(l, 0, SIZES.layers().get(l).outputs(), ROWS, gradient);
    }
    double h = 1e-6;
    for (int i = 0; i < w.length; i++) {
      double at = w[i];
      w[i] = at + h;
      double up = loss(w, network.inputs(), 0, network.labels());
      w[i] = at - h;
      double down = loss(w, network.inputs(), 0, network.labels());
      w[i] = at;
      assertEquals((up - down) / (2 * h), gradient[i], 1e-6, "parameter " + i);
    }
  }

  @Test
  void lossesAndPredictionsDropNothing() {
    float[] parameters = NETWORK.parameters();
    Backpropagation with = MlpState.backpropagation(NETWORK, ROWS, 1);
    Backpropagation without = MlpState.backpropagation(NETWORK, ROWS, 1);
    with.setDropout(dropout());
    for (int i = 0; i < ROWS * SIZES.inputs(); i++) {
      with.inputs()[i] = without.inputs()[i] = i % 5 - 2;
    }
    with.losses(parameters, 0, ROWS, 0);
    without.losses(parameters, 0, ROWS, 0);
    assertArrayEquals(without.losses(), with.losses());
    with.rows(parameters, 0, ROWS, ROWS, 0);
    assertFalse(Arrays.equals(without.losses(), with.losses()));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, 0.99999999999, Double.NaN})
  void wrongProbabilitiesAreRefused(double wrong) {
    assertThrows(IllegalArgumentException.class, () -> new Dropout(wrong, 0));
  }
}
