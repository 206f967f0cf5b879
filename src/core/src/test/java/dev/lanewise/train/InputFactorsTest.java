package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.engine.internal.Network;
import dev.lanewise.kernel.math.Nonlinearity;
import dev.lanewise.kernel.math.Nonlinearity.Formula;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

/** Tests trained factors of inputs: the weights that result, and gradients against differences. */
class InputFactorsTest {
  private static final int INPUTS = 5;
  private static final int UNITS = 19; // more than the partial sums of a row
  private static final int ROWS = 40;
  private static final double RATE = 0.05;
  private static final double FACTOR_RATE = 3;

  private static final Mlp INITIAL =
      Mlp.initial(
          new Architecture(INPUTS, List.of(UNITS, 4), 3, List.of(Activation.TANH, Activation.SELU)),
          Initializer.REALMLP,
          1);

  private static Dataset data() {
    Random random = new Random(5);
    float[][] x = new float[ROWS][INPUTS];
    int[] labels = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < INPUTS; j++) {
        x[i][j] = (float) random.nextGaussian();
      }
      labels[i] = x[i][0] * x[i][1] > 0 ? 0 : x[i][2] > 0 ? 1 : 2;
    }
    return Dataset.of(Rows.of(x, labels));
  }

  /** Returns the state after some steps of plain descent on all rows. */
  private static TrainingState after(int steps, TrainerBuilder builder) {
    Checkpoint[] last = new Checkpoint[1];
    builder
        .epochs(steps + 1)
        .batchSize(-1)
        .learningRate(RATE)
        .checkpointEvery(1e-9)
        .listener(
            new Listening()
                .epochs(result -> result.epoch() + 1 < steps)
                .checkpoints(checkpoint -> last[0] = checkpoint.copy()))
        .build()
        .fit(start(), data());
    return last[0].state();
  }

  /** Returns a model whose last layer is not 0, so that gradients reach the first layer. */
  private static Mlp start() {
    float[] parameters = INITIAL.parameters();
    Random random = new Random(2);
    for (int i = parameters.length - 15; i < parameters.length; i++) {
      parameters[i] = (float) random.nextGaussian();
    }
    return INITIAL.withParameters(parameters);
  }

  private static double loss(float[] parameters) {
    return Score.of(INITIAL.withParameters(parameters), data().train(), 1).loss();
  }

  @Test
  void theNetworkReadsTheProducts() {
    TrainingState state = after(3, Trainer.builder().inputRate(FACTOR_RATE));
    int all = state.parameters.length;
    boolean moved = true;
    for (int i = 0; i < INPUTS; i++) {
      float factor = state.trained[all + i];
      moved &= Math.abs(factor - 1) > 1e-4;
      for (int j = 0; j < UNITS; j++) {
        int at = i * UNITS + j;
        assertEquals(factor * state.trained[at], state.parameters[at]);
      }
    }
    assertTrue(moved, Arrays.toString(Arrays.copyOfRange(state.trained, all, all + INPUTS)));
    assertArrayEquals(
        Arrays.copyOfRange(state.parameters, INPUTS * UNITS, all),
        Arrays.copyOfRange(state.trained, INPUTS * UNITS, all));
  }

  /**
   * A step of plain descent is the gradient times the rate; differences of the loss give the same
   * gradient.
   */
  @Test
  void gradientsAreThoseOfDifferences() {
    TrainingState before = after(2, Trainer.builder().inputRate(FACTOR_RATE));
    TrainingState after = after(3, Trainer.builder().inputRate(FACTOR_RATE));
    int all = before.parameters.length;
    double h = 1e-2;
    for (int i = 0; i < INPUTS; i++) {
      double[] losses = new double[2];
      for (int side = 0; side < 2; side++) {
        float[] moved = before.parameters.clone();
        double factor = before.trained[all + i] + (side == 0 ? h : -h);
        for (int j = 0; j < UNITS; j++) {
          moved[i * UNITS + j] = (float) (factor * before.trained[i * UNITS + j]);
        }
        losses[side] = loss(moved);
      }
      double numerical = (losses[0] - losses[1]) / (2 * h);
      double step = (before.trained[all + i] - after.trained[all + i]) / (RATE * FACTOR_RATE);
      assertEquals(numerical, step, 2e-3 * Math.abs(numerical) + 2e-5);
    }
    for (int at = 0; at < INPUTS * UNITS; at += 7) {
      double factor = before.trained[all + at / UNITS];
      double[] losses = new double[2];
      for (int side = 0; side < 2; side++) {
        float[] moved = before.parameters.clone();
        moved[at] = (float) (factor * (before.trained[at] + (side == 0 ? h : -h)));
        losses[side] = loss(moved);
      }
      double numerical = (losses[0] - losses[1]) / (2 * h);
      double step = (before.trained[at] - after.trained[at]) / RATE;
      assertEquals(numerical, step, 2e-3 * Math.abs(numerical) + 2e-5);
    }
  }

  /** Clipping uses the norm of all gradients, including those of the factors. */
  @Test
  void clippingCountsTheFactors() {
    double limit = 0.01;
    TrainingState state = after(1, Trainer.builder().inputRate(1).clipNorm(limit));
    float[] start = InputFactors.trained(start().parameters(), INPUTS);
    double squares = 0;
    for (int i = 0; i < start.length; i++) {
      double gradient = (start[i] - state.trained[i]) / RATE;
      squares += gradient * gradient;
    }
    assertEquals(limit, Math.sqrt(squares), 0.01 * limit);
  }

  /** Threads keep their intermediate results apart. */
  @Test
  void threadsDoNotDisturbEachOther() throws InterruptedException {
    int inputs = 64;
    int units = 512;
    Random random = new Random(8);
    float[] weights = new float[inputs * units + inputs];
    float[] before = new float[weights.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
      before[i] = (float) random.nextGaussian();
    }
    TrainingState state = new TrainingState(new float[0], weights, new float[0][]);
    float[] expected = before.clone();
    Nonlinearity none = new Nonlinearity(Formula.IDENTITY);
    Network one = new Network(List.of(new Network.Layer(inputs, units, 0, 0, none)));
    new InputFactors(one, null, state, expected, 1).gradients(0, inputs, 0);
    float[] found = new float[before.length];
    InputFactors factors = new InputFactors(one, null, state, found, 2);
    CyclicBarrier barrier = new CyclicBarrier(2);
    Thread[] threads = new Thread[2];
    int[] wrong = new int[2];
    for (int t = 0; t < 2; t++) {
      int thread = t;
      int from = t * inputs / 2;
      threads[t] =
          new Thread(
              () -> {
                for (int round = 0; round < 500; round++) {
                  System.arraycopy(before, from * units, found, from * units, inputs / 2 * units);
                  try {
                    barrier.await();
                  } catch (InterruptedException | BrokenBarrierException e) {
                    throw new AssertionError(e);
                  }
                  factors.gradients(from, from + inputs / 2, thread);
                  int at = inputs * units + from;
                  int end = at + inputs / 2;
                  wrong[thread] += Arrays.equals(expected, at, end, found, at, end) ? 0 : 1;
                }
              });
      threads[t].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertArrayEquals(new int[2], wrong);
  }

  @Test
  void whatIsTrainedFurtherBeginsWithFactorsOfOne() {
    Mlp once = Trainer.builder().epochs(2).inputRate(2).build().fit(start(), data()).model();
    TrainingState state = new TrainingOptions().begin(once, once.parameters());
    assertEquals(state.parameters, state.trained);
    TrainingOptions options = new TrainingOptions();
    options.inputRate = 2;
    float[] trained = options.begin(once, once.parameters()).trained;
    assertArrayEquals(once.parameters(), Arrays.copyOf(trained, trained.length - INPUTS));
    for (int i = trained.length - INPUTS; i < trained.length; i++) {
      assertEquals(1f, trained[i]);
    }
  }
}
