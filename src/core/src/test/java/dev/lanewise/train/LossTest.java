package dev.lanewise.train;

import static dev.lanewise.metrics.Golden.assertNear;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.MlpState;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses and gradients are those of PyTorch in double (make_losses.py). */
class LossTest {
  private Npz npz;
  private float[] outputs; // [rows][columns]
  private int rows;
  private int columns;

  @BeforeEach
  void open() throws IOException, URISyntaxException {
    npz = Npz.open(Path.of(LossTest.class.getResource("losses.npz").toURI()));
    outputs = npz.read("x").toFloats();
    rows = npz.read("x").dimension(0);
    columns = npz.read("x").dimension(1);
  }

  @AfterEach
  void close() throws IOException {
    npz.close();
  }

  /** Returns the parameters of a layer whose outputs are its inputs. */
  private float[] parameters() {
    float[] parameters = new float[(columns + 1) * columns];
    for (int j = 0; j < columns; j++) {
      parameters[j * columns + j] = 1;
    }
    return parameters;
  }

  private Backpropagation network(Loss loss) throws IOException {
    Architecture linear = Architecture.relu(columns, List.of(), columns);
    Backpropagation network =
        MlpState.backpropagation(Mlp.of(linear, parameters()).withLoss(loss), rows, 1);
    System.arraycopy(outputs, 0, network.inputs(), 0, outputs.length);
    if (loss.task().hasClasses()) {
      for (int i = 0; i < rows; i++) {
        network.labels()[i] = (int) npz.read("labels").longAt(i);
      }
    } else {
      float[] targets = npz.read(loss == Loss.SIGMOID ? "flags" : "numbers").toFloats();
      System.arraycopy(targets, 0, network.targets(), 0, targets.length);
    }
    return network;
  }

  private void assertPyTorch(String name, Backpropagation network) throws IOException {
    assertNear(npz.read(name + "_loss").toDoubles(), network.losses());
    assertNear(npz.read(name + "_gradient").toDoubles(), network.outputGradient());
  }

  /** The losses that PyTorch has; scikit-learn has the other one. */
  static Stream<Loss> ofPyTorch() {
    return Stream.of(Loss.values()).filter(loss -> loss.task().level().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("ofPyTorch")
  void likePyTorch(Loss loss) throws IOException {
    Backpropagation network = network(loss);
    network.rows(parameters(), 0, rows, rows, 0);
    assertPyTorch(loss.label(), network);
  }

  @ParameterizedTest
  @MethodSource("ofPyTorch")
  void weightedLikePyTorch(Loss loss) throws IOException {
    Backpropagation network = network(loss);
    network.weighRows();
    System.arraycopy(npz.read("weights").toFloats(), 0, network.weights(), 0, rows);
    network.rows(parameters(), 0, rows, rows, 0);
    assertPyTorch(loss.label() + "_weighted", network);
    // Losses that are only evaluated are not weighted.
    network.losses(parameters(), 0, rows, 0);
    assertNear(npz.read(loss.label() + "_loss").toDoubles(), network.losses());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void smoothedLikePyTorch(boolean weighted) throws IOException {
    Backpropagation network = network(Loss.SOFTMAX);
    network.smoothLabels(0.1);
    if (weighted) {
      network.weighRows();
      System.arraycopy(npz.read("weights").toFloats(), 0, network.weights(), 0, rows);
    }
    network.rows(parameters(), 0, rows, rows, 0);
    assertPyTorch(weighted ? "smoothed_weighted" : "smoothed", network);
    network.losses(parameters(), 0, rows, 0);
    assertNear(npz.read("softmax_loss").toDoubles(), network.losses());
  }

  @Test
  void smoothingIsOfClasses() throws IOException {
    for (double wrong : new double[] {-0.1, 1, 1 - 1e-9, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> network(Loss.SOFTMAX).smoothLabels(wrong));
    }
    assertThrows(IllegalArgumentException.class, () -> network(Loss.MSE).smoothLabels(0.1));
  }

  @Test
  void absoluteErrorHasNoSlopeWhereItIsMet() {
    Mlp model = Mlp.of(Architecture.relu(1, List.of(), 3), new float[6]).withLoss(Loss.MAE);
    Backpropagation network = MlpState.backpropagation(model, 1, 1);
    System.arraycopy(new float[] {0, 2, -2}, 0, network.targets(), 0, 3);
    network.rows(new float[6], 0, 1, 1, 0);
    assertArrayEquals(new float[] {0, -1 / 3f, 1 / 3f}, network.outputGradient());
    assertEquals(4 / 3f, network.losses()[0]);
  }

  /** The bits are the same however the rows are divided among threads. */
  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Loss#values")
  void rowByRow(Loss loss) throws IOException {
    Backpropagation whole = network(loss);
    whole.rows(parameters(), 0, rows, rows, 0);
    Backpropagation parts = network(loss);
    for (int i = 0; i < rows; i++) {
      parts.rows(parameters(), i, i + 1, rows, 0);
    }
    assertArrayEquals(whole.losses(), parts.losses());
    assertArrayEquals(whole.outputGradient(), parts.outputGradient());
  }

  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Loss#values")
  void predictionsAreWhatTheLossSays(Loss loss) {
    float[] w = {1, 0, 0, 1, 0, 0};
    Mlp model = Mlp.of(Architecture.relu(2, List.of(), 2), w).withLoss(loss);
    float[] results = new float[4];
    model.predictor(1).predict(new float[] {0, 0, 0, 2}, results);
    float one = (float) (1 / (1 + Math.exp(-2)));
    float[] expected =
        loss.task().hasNumbers()
            ? new float[] {0, 0, 0, 2}
            : new float[] {0.5f, 0.5f, loss.task().hasClasses() ? 1 - one : 0.5f, one};
    assertArrayEquals(expected, results, 1e-7f);
  }

  @Test
  void farOutNothingOverflows() {
    Mlp model = Mlp.of(Architecture.relu(2, List.of(), 2), new float[6]).withLoss(Loss.SIGMOID);
    Backpropagation network = MlpState.backpropagation(model, 1, 1);
    network.inputs()[0] = 1e30f;
    network.inputs()[1] = -1e30f;
    network.targets()[0] = 1;
    network.rows(new float[] {1, 0, 0, 1, 0, 0}, 0, 1, 1, 0);
    assertEquals(0f, network.losses()[0]);
    assertArrayEquals(new float[2], network.outputGradient());
    network.targets()[0] = 0;
    network.rows(new float[] {1, 0, 0, 1, 0, 0}, 0, 1, 1, 0);
    assertEquals(5e29f, network.losses()[0]);
    assertArrayEquals(new float[] {0.5f, 0}, network.outputGradient());
  }
}
