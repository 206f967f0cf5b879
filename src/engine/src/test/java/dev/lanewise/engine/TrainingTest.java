package dev.lanewise.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingTest {
  private static final Path DIGITS = Path.of("data/digits.npz");

  /** The main job of README, by the engine alone. */
  @ParameterizedTest
  @ValueSource(ints = 2)
  void digitsHaveTheirDigest(int threads) throws IOException, NoSuchAlgorithmException {
    byte[] inputs = array("inputs_train");
    float[] x = new float[inputs.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) ((inputs[i] & 0xff) / 255.0);
    }
    byte[] classes = array("target_train");
    int width = classes.length * 64 / x.length; // bytes of a label, as an input row has 64 numbers
    int[] labels = new int[x.length / 64];
    Arrays.setAll(labels, i -> classes[i * width]); // little-endian, and below 128
    Layers layers = Layers.of(64, 16, 80, 10);
    float[] parameters = layers.course(0);
    int[] epochs = {0};
    double loss =
        new Training(layers, Loss.SOFTMAX, parameters)
            .descent(0.01)
            .batch(100)
            .threads(threads)
            .run(x, labels, 1000, (epoch, mean) -> epoch == epochs[0]++);
    assertEquals(1000, epochs[0]);
    assertEquals(
        "2042b794d6251591a358fd2de2f13de02f81036e7f2f1c364ee530358acaecfa", digest(parameters));
    double after =
        layers.gradient(Loss.SOFTMAX, parameters, x, labels, new float[parameters.length]);
    assertEquals(after, loss, 0.01);
    float[] p = Layers.softmax(layers.outputs(parameters, x, labels.length), 10);
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      sum -= Math.log(p[i * 10 + labels[i]]);
    }
    assertEquals(after, sum / labels.length, 1e-6);
  }

  /** Returns the bytes of the numbers of an array. */
  private static byte[] array(String name) throws IOException {
    try (ZipFile zip = new ZipFile(DIGITS.toFile());
        InputStream in = zip.getInputStream(zip.getEntry(name + ".npy"))) {
      byte[] file = in.readAllBytes();
      return Arrays.copyOfRange(file, 10 + (file[8] & 0xff) + 256 * file[9], file.length);
    }
  }

  private static String digest(float[] parameters) throws NoSuchAlgorithmException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * parameters.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(parameters);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
  }

  @ParameterizedTest
  @EnumSource(Loss.class)
  void gradientsAreDifferencesOfTheLoss(Loss loss) {
    Random random = new Random(1);
    Layers layers = Layers.of("gelu", 5, 7, 3);
    float[] parameters = layers.he(2);
    float[] x = new float[20 * 5];
    float[] targets = new float[20 * 3];
    int[] labels = random.ints(20, 0, 3).toArray();
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < targets.length; i++) {
      targets[i] = random.nextFloat();
    }
    float[] gradient = new float[layers.parameterCount()];
    ToDoubleFunction<float[]> at =
        into ->
            loss == Loss.SOFTMAX
                ? layers.gradient(loss, parameters, x, labels, into)
                : layers.gradient(loss, parameters, x, targets, into);
    at.applyAsDouble(gradient);
    float[] other = new float[gradient.length];
    for (int i = 0; i < parameters.length; i++) {
      float before = parameters[i];
      parameters[i] = before + 0x1p-9f;
      double above = at.applyAsDouble(other);
      parameters[i] = before - 0x1p-9f;
      double below = at.applyAsDouble(other);
      parameters[i] = before;
      assertEquals((above - below) * 0x1p8, gradient[i], 2e-3, loss + " " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"descent", "momentum", "adam"})
  void aSecondRunContinues(String rule) {
    float[] x = {0, 1, 2, 3, 4, 5};
    float[] targets = {1, 3, 5, 7, 9, 11};
    Layers layers = Layers.of("tanh", 1, 4, 1);
    float[] once = layers.he(1);
    double last = training(layers, once, rule).run(x, targets, 300, (epoch, loss) -> true);
    float[] twice = layers.he(1);
    Training parts = training(layers, twice, rule);
    parts.run(x, targets, 300, (epoch, loss) -> epoch < 99);
    assertEquals(last, parts.run(x, targets, 200, (epoch, loss) -> true));
    assertArrayEquals(once, twice);
    assertTrue(last < 1, "loss " + last);
  }

  @ParameterizedTest
  @ValueSource(strings = {"descent", "momentum", "adam"})
  void stepsOfGradientsAreThoseOfALoop(String rule) {
    float[] x = {0, 1, 2, 3};
    float[] targets = {1, 3, 5, 7};
    Layers layers = Layers.of("tanh", 1, 4, 1);
    float[] looped = layers.he(1);
    training(layers, looped, rule).run(x, targets, 3, (epoch, loss) -> true);
    float[] stepped = layers.he(1);
    Training steps = training(layers, stepped, rule);
    float[] gradient = new float[stepped.length];
    for (int i = 0; i < 3; i++) {
      layers.gradient(Loss.SQUARED_ERROR, stepped, x, targets, gradient);
      steps.update(gradient);
    }
    assertArrayEquals(looped, stepped, 1e-5f); // its order of rows is another
  }

  @Test
  void activationsAreThoseOfTheirFormulas() {
    float[] x = {-1, 0, 0.5f};
    assertArrayEquals(new float[] {0, 0, 0.5f}, Layers.activation("relu", x));
    float[] tanh = {(float) Math.tanh(-1), 0, (float) Math.tanh(0.5)};
    assertArrayEquals(tanh, Layers.activation("tanh", x), 1e-6f);
  }

  private static Training training(Layers layers, float[] parameters, String rule) {
    Training training = new Training(layers, Loss.SQUARED_ERROR, parameters).batch(4).seed(3);
    return switch (rule) {
      case "momentum" -> training.momentum(0.01, 0.9);
      case "adam" -> training.adam(0.05);
      default -> training.descent(0.02);
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sizes | layers [3]: expected inputs, units and outputs of at least 1",
        "huge | layers [50000, 50000]: expected fewer than 2^31 parameters",
        "name | activation 'gleu': expected one such as relu, tanh, silu or gelu",
        "parameters | layers: the parameters: an array of 7, expected 8",
        "x | layers: x of 2 rows of 3: an array of 5, expected 6",
        "gradient | layers: the gradient: an array of 2, expected 8",
        "update | layers: the gradient: an array of 9, expected 8",
        "label | row 1 has label 2: expected 0 to 1",
        "numbers | SOFTMAX with numbers: expected labels",
        "labels | HUBER with labels: expected targets that are numbers",
        "targets | 3 targets: expected 2 a row",
        "softmax | softmax of 5 numbers in rows of 2: expected whole rows",
        "rate | learning rate 0.0: expected a number above 0",
        "momentum | momentum 1.0: expected 0 to below 1",
        "epochs | epochs 0: expected at least 1",
        "batch | mini-batches of 0 rows: expected at least 1",
      })
  void whatDoesNotFitIsRefused(String what, String message) {
    Layers layers = Layers.of(3, 2);
    float[] parameters = new float[8];
    float[] x = new float[6];
    int[] labels = {0, what.equals("label") ? 2 : 1};
    Training training = new Training(layers, Loss.SOFTMAX, parameters);
    Executable wrong =
        switch (what) {
          case "sizes" -> () -> Layers.of(3);
          case "huge" -> () -> Layers.of(50000, 50000);
          case "name" -> () -> Layers.of("gleu", 3, 2);
          case "parameters" -> () -> new Training(layers, Loss.SOFTMAX, new float[7]);
          case "x" -> () -> training.run(new float[5], labels, 1, (epoch, loss) -> true);
          case "gradient" ->
              () -> layers.gradient(Loss.SOFTMAX, parameters, x, labels, new float[2]);
          case "update" -> () -> training.update(new float[9]);
          case "label" -> () -> training.run(x, labels, 1, (epoch, loss) -> true);
          case "numbers" -> () -> training.run(x, new float[4], 1, (epoch, loss) -> true);
          case "epochs" -> () -> training.run(x, labels, 0, (epoch, loss) -> true);
          case "labels" -> () -> layers.gradient(Loss.HUBER, parameters, x, labels, parameters);
          case "targets" ->
              () -> layers.gradient(Loss.HUBER, parameters, x, new float[3], parameters);
          case "softmax" -> () -> Layers.softmax(new float[5], 2);
          case "rate" -> () -> training.adam(0);
          case "momentum" -> () -> training.momentum(1, 1);
          default -> () -> training.batch(0);
        };
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  @Test
  void aLossThatIsNotFiniteEndsTheTraining() {
    Layers layers = Layers.of(1, 1);
    Training training = new Training(layers, Loss.SQUARED_ERROR, layers.he(0)).descent(1e30);
    float[] x = {1, 2};
    Executable run = () -> training.run(x, x, 9, (epoch, loss) -> true);
    String message = assertThrows(ArithmeticException.class, run).getMessage();
    assertTrue(message.endsWith("; a lower learning rate may help"), message);
  }
}
