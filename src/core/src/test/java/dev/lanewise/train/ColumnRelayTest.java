package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Split;
import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.engine.internal.Dropout;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.ModelParts;
import dev.lanewise.parallel.Team;
import dev.lanewise.train.internal.Batches;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A first layer that threads divide by inputs gives the same bits as one divided by rows. */
class ColumnRelayTest {
  private static final int FEATURES = 1100;
  private static final int ROWS = 130;
  private static final Architecture SIZES =
      new Architecture(FEATURES, List.of(16, 9), 3, List.of(Activation.RELU, Activation.TANH));

  private static Split split() {
    Random random = new Random(1);
    float[][] rows = new float[200][FEATURES];
    int[] labels = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      labels[i] = random.nextInt(3);
      for (int j = 0; j < FEATURES; j++) {
        rows[i][j] = (float) random.nextGaussian();
      }
    }
    return Split.of(rows, labels);
  }

  @ParameterizedTest
  @CsvSource({
    "relu, 48, 2", "relu, 49, 2", "relu, 71, 3",
    "relu, 130, 2", "relu, 130, 4", "tanh, 100, 2",
    "tanh, 100, 5"
  })
  void bitsAreThoseOfWholeRows(Activation first, int count, int members) {
    Architecture sizes =
        new Architecture(FEATURES, List.of(16, 9), 3, List.of(first, Activation.TANH));
    Split split = split();
    int[] order = new Random(2).ints(200, 0, 200).toArray();
    float[] parameters = Mlp.initial(sizes, Initializer.HE, 1).parameters();
    Random random = new Random(3);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += (float) random.nextGaussian() * 0.01f; // biases also differ from 0
    }
    float[] expected = new float[parameters.length];
    Backpropagation whole = network(sizes, 1);
    Batches.load(whole, split, order, 3, 0, count);
    whole.rows(parameters, 0, count, count, 0);
    gradients(whole, sizes, count, 1, expected);

    float[] actual = new float[parameters.length];
    Backpropagation shared = network(sizes, members);
    try (Team team = new Team(members)) {
      ColumnRelay relay = new ColumnRelay(sizes, shared, team);
      relay.begin(split, order, 3, count, members);
      team.run(
          member -> {
            int from = input(member, members);
            int to = input(member + 1, members);
            relay.rows(from, to, parameters, member);
          });
    }
    gradients(shared, sizes, count, members, actual);
    for (int i = 0; i < count; i++) {
      assertEquals(whole.losses()[i], shared.losses()[i], "loss of row " + i);
      assertEquals(whole.predicted()[i], shared.predicted()[i], "class of row " + i);
    }
    assertArrayEquals(expected, actual);
    assertTrue(expected[FEATURES * 16 - 1] != 0);
  }

  private static Backpropagation network(Architecture sizes, int threads) {
    Backpropagation network =
        ModelParts.access().backpropagation(Mlp.initial(sizes, Initializer.HE, 0), ROWS, threads);
    network.setDropout(dropout());
    return network;
  }

  private static Dropout dropout() {
    Dropout dropout = new Dropout(0.25, 5);
    dropout.begin(2, 7, 1);
    return dropout;
  }

  /** Returns the first input of a member. */
  private static int input(int member, int members) {
    return FEATURES * member / members;
  }

  private static void gradients(
      Backpropagation network, Architecture sizes, int count, int members, float[] gradient) {
    for (int member = 0; member < members; member++) {
      int from = input(member, members);
      int to = input(member + 1, members);
      if (members == 1) {
        network.weightGradient(0, from, to, count, gradient, 0);
      } else {
        network.columnsGradient(from, to, count, 0, count, gradient, 0);
      }
    }
    for (int l = 1; l < sizes.layers().size(); l++) {
      network.weightGradient(l, 0, sizes.layers().get(l).inputs(), count, gradient, 0);
    }
  }

  @Test
  void servesNarrowFirstLayersOfManyInputs() {
    Split split = split();
    try (Team team = new Team(2)) {
      boolean cores = team.hasCores();
      assertEquals(cores, relay(SIZES, team).serves(split, 100, 2));
      assertFalse(relay(SIZES, team).serves(split, 95, 2));
      assertFalse(relay(Architecture.relu(FEATURES, List.of(17), 3), team).serves(split, 100, 2));
      assertFalse(relay(Architecture.relu(FEATURES, List.of(64), 3), team).serves(split, 100, 2));
      assertFalse(relay(Architecture.relu(100, List.of(16), 3), team).serves(split, 100, 2));
    }
    int tooMany = 2 * Runtime.getRuntime().availableProcessors();
    try (Team team = new Team(tooMany)) {
      assertFalse(relay(SIZES, team).serves(split, 100, 2));
    }
  }

  private static ColumnRelay relay(Architecture sizes, Team team) {
    Mlp model = Mlp.initial(sizes, Initializer.HE, 0);
    return new ColumnRelay(
        sizes, ModelParts.access().backpropagation(model, 100, team.size()), team);
  }

  /** A training whose steps use the relay on two threads has the same digest as on others. */
  @Test
  void trainingHasOneDigest() {
    Split split = split();
    float[][] rows = new float[100][];
    int[] labels = new int[100];
    for (int i = 0; i < rows.length; i++) {
      float[] row = new float[FEATURES];
      split.copyRows(null, i, 1, row, 0);
      rows[i] = row;
      labels[i] = split.label(i);
    }
    Mlp initial = Mlp.initial(SIZES, Initializer.HE, 1);
    String[] digests = new String[4];
    for (int threads = 1; threads < digests.length; threads++) {
      Trainer trainer = Trainer.builder().threads(threads).clipNorm(0.1).build();
      try (TrainingStream stream = trainer.stream(initial)) {
        for (int step = 0; step < 5; step++) {
          stream.step(rows, labels);
        }
        digests[threads] = stream.model().sha256();
      }
    }
    assertEquals(digests[1], digests[2]);
    assertEquals(digests[1], digests[3]);
  }
}
