package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.lanewise.data.Dataset;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The golden digests. They hold on every kernel, lane width, number of threads, JDK and processor;
 * .ci/run runs this test in each of the ways a machine offers. A change that alters one must say so
 * and why.
 */
class ExactnessTest {
  private static Trainer.Builder trainer(int threads) {
    return Trainer.builder().threads(threads);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void courseNetworkOnDigits(int threads) {
    TrainingRun run = trainer(threads).epochs(20).build().fit(Digits.network(0), Digits.DATA);
    assertEquals(
        "a4196b5ee475bfa304d2c0b69cdce739f1f42b2632b57cecac919d8493c4c0d5", run.model().sha256());
    assertEquals(EXPECTED_LOSS, run.history().validLoss()[19]);
  }

  private static final double EXPECTED_LOSS = 2.2888604349560207;

  /**
   * Wide enough that every thread gets a share, that k passes a cache block, and columns a tile.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void wideNetwork(int threads) throws IOException {
    Dataset data = Dataset.load(Resources.file("reference_data.npz"));
    Mlp initial = Mlp.initial(Architecture.relu(144, List.of(500, 67), 5), Initializer.GLOROT, -5);
    TrainingRun run =
        trainer(threads)
            .epochs(3)
            .batchSize(64)
            .learningRate(0.1)
            .seed(8)
            .build()
            .fit(initial, data);
    assertEquals(
        "9e7dc9669cd97e5cdc13ac4c676daed70828ed679dc05519b14b9fcd66cbac87", run.model().sha256());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void fullBatchWithoutHiddenLayers(int threads) {
    Mlp initial = Mlp.initial(Architecture.relu(64, List.of(), 10), Initializer.HE, 1);
    TrainingRun run =
        trainer(threads)
            .epochs(10)
            .batchSize(-1)
            .learningRate(0.5)
            .build()
            .fit(initial, Digits.DATA);
    assertEquals(
        "f18a2ee2d5a54e2bae1cbe14f71a70727ca23af1899d2ca69f1eb4eb9153e514", run.model().sha256());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5})
  void evaluationDoesNotDependOnThreads(int threads) {
    Mlp model = trainer(1).epochs(5).build().fit(Digits.network(3), Digits.DATA).model();
    Evaluation one = Evaluator.evaluate(model, Digits.DATA.train(), 1);
    Evaluation many = Evaluator.evaluate(model, Digits.DATA.train(), threads);
    assertEquals(one.loss(), many.loss());
    for (int row = 0; row < one.rows(); row++) {
      assertArrayEquals(one.probabilities(row), many.probabilities(row));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, -1, Long.MAX_VALUE})
  void seedsMatter(long seed) {
    TrainingRun zero = trainer(1).epochs(1).build().fit(Digits.network(0), Digits.DATA);
    TrainingRun weights = trainer(1).epochs(1).build().fit(Digits.network(seed), Digits.DATA);
    TrainingRun order = trainer(1).epochs(1).seed(seed).build().fit(Digits.network(0), Digits.DATA);
    assertNotEquals(zero.model().sha256(), weights.model().sha256());
    assertNotEquals(zero.model().sha256(), order.model().sha256());
  }
}
