package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.kernel.math.Updates;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.MlpState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Training without shuffling follows the course's loop in float64 numpy (make_reference.py), and
 * the comparison is sharp enough to notice a gradient that is wrong by one per cent.
 */
class ReferenceTest {
  private static final float ETA = 0.05f;
  private static final int BATCH = 15;

  private static Dataset data;
  private static Mlp initial;

  @BeforeAll
  static void load() throws IOException {
    data = ArrayData.load(Resources.file("reference_data.npz"));
    initial = Mlp.load(Resources.file("reference_init.npz"));
  }

  private static TrainingRun train(int epochs) {
    return Trainer.builder()
        .epochs(epochs)
        .batchSize(BATCH)
        .learningRate(ETA)
        .sampling(Sampling.SEQUENTIAL)
        .build()
        .fit(initial, data);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  void weightsFollowTheReference(int epochs) throws IOException {
    assertEquals(List.of(), deviations(train(epochs).model().parameters(), epochs));
  }

  @Test
  void lossesAndAccuraciesFollowTheReference() throws IOException {
    TrainingRun run = train(5);
    History history = run.history();
    try (Npz npz = Npz.open(Resources.file("reference_run.npz"))) {
      assertArrayEquals(values(npz, "train_ce"), history.trainLoss(), 1e-5);
      assertArrayEquals(values(npz, "valid_ce"), history.validLoss(), 1e-5);
      // One of the 5 rows of the last mini-batch and 2 of the 40 validation rows may differ.
      assertArrayEquals(values(npz, "train_acc"), history.trainScore(), 1.0 / 5);
      assertArrayEquals(values(npz, "valid_acc"), history.validScore(), 2.0 / 40);
      Score test = Score.of(run.model(), data.test().orElseThrow(), 1);
      assertEquals(npz.read("test_ce").doubleAt(0), test.loss(), 1e-5);
      assertEquals(npz.read("test_acc").doubleAt(0), test.accuracy(), 2.0 / 30);
    }
  }

  /**
   * The loop below gives the trainer's bits, so faults in it have the effect of faults in the
   * trainer.
   */
  @Test
  void handWrittenLoopIsTheTrainer() {
    float[] byHand = trainWithFault(5, -1, false, 1f);
    assertArrayEquals(train(5).model().parameters(), byHand);
  }

  static Stream<Arguments> faults() {
    return Stream.of(1.01f, 0.99f, 0f)
        .flatMap(
            factor ->
                Stream.of(0, 1, 2)
                    .flatMap(
                        layer ->
                            Stream.of(
                                Arguments.of(layer, false, factor),
                                Arguments.of(layer, true, factor))));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aFaultInOneGradientIsNoticed(int layer, boolean bias, float factor) throws IOException {
    for (int epochs : new int[] {1, 5}) {
      List<String> found = deviations(trainWithFault(epochs, layer, bias, factor), epochs);
      assertFalse(found.isEmpty(), "after " + epochs + " epochs");
      assertTrue(found.contains((bias ? "b" : "W") + (layer + 1)), () -> "noticed in " + found);
    }
  }

  /** Trains with the gradient of one array multiplied by a factor. */
  private static float[] trainWithFault(int epochs, int faulty, boolean bias, float factor) {
    float[] parameters = initial.parameters();
    float[] gradient = new float[parameters.length];
    List<Layer> layers = initial.layers();
    Backpropagation network = MlpState.backpropagation(initial, BATCH, 1);
    Rows rows = data.train();
    for (int epoch = 0; epoch < epochs; epoch++) {
      for (int first = 0; first < rows.rows(); first += BATCH) {
        int count = Math.min(BATCH, rows.rows() - first);
        rows.copyRows(null, first, count, network.inputs(), 0);
        rows.copyLabels(null, first, count, network.labels(), 0);
        network.rows(parameters, 0, count, count, 0);
        for (int l = 0; l < layers.size(); l++) {
          Layer layer = layers.get(l);
          network.weightGradient(l, 0, layer.inputs(), count, gradient, 0);
          network.biasGradient(l, 0, layer.outputs(), count, gradient);
          if (l == faulty) {
            int from = bias ? layer.biasesOffset() : layer.weightsOffset();
            int to = bias ? layer.biasesOffset() + layer.outputs() : layer.biasesOffset();
            for (int i = from; i < to; i++) {
              gradient[i] *= factor;
            }
          }
        }
        Updates.sgd(0, parameters.length, ETA, gradient, parameters);
      }
    }
    return parameters;
  }

  /**
   * Returns the arrays whose changes since the start differ from the reference by more than 1e-3 of
   * its largest change.
   */
  private static List<String> deviations(float[] parameters, int epochs) throws IOException {
    List<String> found = new ArrayList<>();
    float[] start = initial.parameters();
    try (Npz npz = Npz.open(Resources.file("reference_run.npz"))) {
      List<Layer> layers = initial.layers();
      for (int l = 0; l < layers.size(); l++) {
        Layer layer = layers.get(l);
        String w = "W" + (l + 1);
        String b = "b" + (l + 1);
        if (!follows(npz.read(w + "_after_" + epochs), parameters, start, layer.weightsOffset())) {
          found.add(w);
        }
        if (!follows(npz.read(b + "_after_" + epochs), parameters, start, layer.biasesOffset())) {
          found.add(b);
        }
      }
    }
    return found;
  }

  private static boolean follows(NdArray reference, float[] parameters, float[] start, int offset) {
    double worst = 0;
    double largest = 0;
    for (int i = 0; i < reference.length(); i++) {
      double expected = reference.doubleAt(i) - start[offset + i];
      double actual = (double) parameters[offset + i] - start[offset + i];
      worst = Math.max(worst, Math.abs(actual - expected));
      largest = Math.max(largest, Math.abs(expected));
    }
    return worst <= 1e-3 * largest;
  }

  private static double[] values(Npz npz, String name) throws IOException {
    NdArray rows = npz.read(name);
    double[] values = new double[rows.dimension(0)];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows.doubleAt(2 * i + 1);
    }
    return values;
  }
}
