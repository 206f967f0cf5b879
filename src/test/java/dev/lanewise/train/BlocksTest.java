package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Split;
import dev.lanewise.kernel.Blocks;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Backpropagation;
import dev.lanewise.nn.BlockInputs;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mini-batch in blocks gives the outputs and gradients of one in rows, bit for bit. */
class BlocksTest {
  private static final int ROWS = 23;

  @ParameterizedTest
  @ValueSource(ints = {16, 61, 100})
  void gradientsAreThoseOfRows(int features) {
    Architecture sizes = Architecture.relu(features, List.of(17, 5), 3);
    Random random = new Random(features);
    float[][] rows = new float[40][features];
    int[] labels = new int[40];
    for (int i = 0; i < rows.length; i++) {
      labels[i] = random.nextInt(3);
      for (int j = 0; j < features; j++) {
        rows[i][j] = (float) random.nextGaussian();
      }
    }
    Split split = Split.of(rows, labels);
    int[] order = random.ints(ROWS, 0, 40).toArray();
    float[] parameters = Mlp.initial(sizes, Initializer.HE, 1).parameters();
    float[][] gradients = new float[2][parameters.length];
    float[][] outputs = new float[2][];
    for (int blocks = 0; blocks < 2; blocks++) {
      Backpropagation network = new Backpropagation(sizes, ROWS, 2);
      assertEquals(features, network.inputsDistance());
      BlockInputs.arrange(network, blocks == 1);
      assertEquals(blocks == 1 ? -Blocks.step(ROWS) : features, network.inputsDistance());
      // Two shares of the rows, and of the features.
      for (int[] share : new int[][] {{0, 11}, {11, ROWS}}) {
        Batches.load(network, split, order, 0, share[0], share[1]);
        network.rows(parameters, share[0], share[1], ROWS, 0);
      }
      network.weightGradient(0, 0, 8, ROWS, gradients[blocks], 0);
      network.weightGradient(0, 8, features, ROWS, gradients[blocks], 1);
      outputs[blocks] = network.outputs().clone();
    }
    assertArrayEquals(outputs[0], outputs[1]);
    assertArrayEquals(gradients[0], gradients[1]);
    assertTrue(gradients[0][features * 17 - 1] != 0);
  }

  /** Where kernels take blocks; 130 features are other shares in tiles of 6 rows than in blocks. */
  @Test
  void threadsShareWholeBlocks() {
    Random random = new Random(4);
    float[][] rows = new float[200][130];
    int[] labels = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      labels[i] = random.nextInt(3);
      for (int j = 0; j < rows[i].length; j++) {
        rows[i][j] = (float) random.nextGaussian();
      }
    }
    Mlp initial = Mlp.initial(Architecture.relu(130, List.of(100), 3), Initializer.HE, 1);
    String[] digests = new String[4];
    for (int threads = 1; threads < digests.length; threads++) {
      Trainer trainer = Trainer.builder().threads(threads).build();
      try (TrainingStream stream = trainer.stream(initial)) {
        stream.step(rows, labels);
        stream.step(rows, labels);
        digests[threads] = stream.model().sha256();
      }
    }
    assertNotEquals(initial.sha256(), digests[1]);
    assertEquals(digests[1], digests[2]);
    assertEquals(digests[1], digests[3]);
  }
}
