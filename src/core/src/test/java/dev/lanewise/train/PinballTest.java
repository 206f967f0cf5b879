package dev.lanewise.train;

import static dev.lanewise.Refusals.refusal;
import static dev.lanewise.metrics.Golden.assertNear;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.train.internal.Tally;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pinball loss is scikit-learn's (make_pinball.py), and training finds quantiles. */
class PinballTest {
  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.5, 0.9})
  void likeScikitLearn(double level) throws IOException, URISyntaxException {
    Loss loss = Loss.pinball(level);
    try (Npz npz = Npz.open(Path.of(PinballTest.class.getResource("pinball.npz").toURI()))) {
      float[] outputs = npz.read("outputs").toFloats();
      float[] targets = npz.read("targets").toFloats();
      float[] weights = npz.read("weights").toFloats();
      int rows = npz.read("outputs").dimension(0);
      int columns = npz.read("outputs").dimension(1);
      float[] identity = new float[(columns + 1) * columns];
      float[][] t = new float[rows][columns];
      double[] y = new double[outputs.length];
      for (int i = 0; i < outputs.length; i++) {
        identity[i % columns * columns + i % columns] = 1;
        t[i / columns][i % columns] = targets[i];
        y[i] = outputs[i];
      }
      Mlp model = Mlp.of(Architecture.relu(columns, List.of(), columns), identity).withLoss(loss);
      Backpropagation network = MlpState.backpropagation(model, rows, 1);
      System.arraycopy(outputs, 0, network.inputs(), 0, outputs.length);
      System.arraycopy(targets, 0, network.targets(), 0, targets.length);
      network.rows(identity, 0, rows, rows, 0);
      assertNear(npz.read(loss.label() + "_rows").toDoubles(), network.losses());
      for (int i = 0; i < outputs.length; i++) {
        double slope = Math.signum(outputs[i] - targets[i]) / 2 + 0.5 - level;
        slope = outputs[i] == targets[i] ? 0 : slope;
        assertEquals(slope / (rows * columns), network.outputGradient()[i], 1e-9);
      }
      Tally tally = new Tally(loss, columns);
      tally.add(Rows.of(new float[rows][1], t).withRowWeights(weights), y, null);
      double mean = npz.read(loss.label() + "_mean").doubleAt(0);
      assertEquals(mean, tally.score().loss(), 1e-9 * mean);
    }
  }

  @Test
  void trainingFindsQuantiles() {
    Random random = new Random(4);
    float[][] x = new float[2000][1];
    float[][] t = new float[x.length][1];
    for (int row = 0; row < x.length; row++) {
      x[row][0] = random.nextFloat();
      t[row][0] = x[row][0] + (0.2f + x[row][0]) * random.nextFloat();
    }
    for (double level : new double[] {0.1, 0.8}) {
      Mlp network =
          Mlp.initial(Architecture.relu(1, List.of(), 1), Initializer.HE, 1)
              .withLoss(Loss.pinball(level));
      Mlp model =
          Trainer.builder()
              .epochs(40)
              .learningRate(0.01)
              .optimizer(Optimizer.adam())
              .build()
              .fit(network, Dataset.of(Rows.of(x, t)))
              .model();
      // The quantiles are a line here: x + (0.2 + x) level.
      assertEquals(0.2 * level, model.parameters()[1], 0.03, "bias");
      assertEquals(1 + level, model.parameters()[0], 0.05, "weight");
    }
  }

  @Test
  void theLevelIsPartOfTheLoss() throws IOException, ClassNotFoundException {
    Loss loss = Loss.of("pinball-0.250");
    assertEquals(Loss.pinball(0.25), loss);
    assertEquals(Loss.pinball(0.25).hashCode(), loss.hashCode());
    assertEquals("pinball-0.25", loss.label());
    assertEquals(0.25, loss.task().level().orElseThrow());
    assertNotEquals(Loss.pinball(0.5), loss);
    assertTrue(Loss.MAE.task().level().isEmpty());
    assertEquals("pinball-0.000001", Loss.pinball(1e-6).label());
    for (double level : new double[] {1e-6, 1 / 3.0, 0.1 + 0.2, 1 - 1e-6}) {
      assertEquals(level, Loss.of(Loss.pinball(level).label()).task().level().orElseThrow());
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(loss);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      Loss read = (Loss) in.readObject();
      assertEquals(loss, read);
      assertEquals("Pinball loss of level 0.25", read.longTitle());
    }
  }

  @Test
  void wrongLevelsAreRefused() {
    for (double wrong : new double[] {0, 1, -0.1, 1e-7, Double.NaN, Double.POSITIVE_INFINITY}) {
      refusal(() -> Loss.pinball(wrong));
    }
    for (String wrong :
        new String[] {
          "pinball", "pinball-", "pinball-0", "pinball-1.5", "pinball-9e-1", "quantile"
        }) {
      String message = refusal(() -> Loss.of(wrong));
      assertEquals(
          "loss %s, expected softmax, sigmoid, mse, huber, mae or pinball-0.9 (or another level)"
              .formatted(wrong),
          message);
    }
  }
}
