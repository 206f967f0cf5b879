package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Threads that share a step give the bits of one. */
class SharedStepTest {
  /** 130 features are no whole number of tiles. */
  @Test
  void theBitsAreThoseOfOneThread() {
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
