package dev.lanewise.nn;

import static dev.lanewise.Refusals.unreadable;
import static dev.lanewise.nn.ModelArrays.doubles;
import static dev.lanewise.nn.ModelArrays.floats;
import static dev.lanewise.nn.ModelArrays.longs;
import static dev.lanewise.nn.ModelArrays.strings;
import static dev.lanewise.nn.ModelArrays.word;
import static dev.lanewise.nn.ModelArrays.wrong;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.internal.Assumption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ModelFileTest {
  private static final Mlp MODEL =
      Mlp.initial(Architecture.relu(6, List.of(4, 3), 2), Initializer.HE, 1);

  @TempDir Path directory;

  /** The file, written by make_models.py, has float64 weights and also the course's gradients. */
  @Test
  void aModelThatNumpySavedLoadsAndPredicts() throws Exception {
    Path file = Path.of(ModelFileTest.class.getResource("model_float64.npz").toURI());
    Mlp model = Mlp.load(file);
    assertEquals("5-4-3", model.architecture().toString());
    assertEquals(Optional.empty(), model.scaling());
    try (Npz npz = Npz.open(file)) {
      float[] probabilities = new float[18];
      model.predictor(6).predict(npz.read("example_inputs").toFloats(), probabilities);
      assertArrayEquals(npz.read("example_probabilities").toFloats(), probabilities, 1e-6f);
    }
  }

  /** The first layer beyond the limit is refused, whatever its array is. */
  @Test
  void moreThanThousandLayersAreRefused() throws IOException {
    Path file = directory.resolve("deep.npz");
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    for (int l = 1; l <= 1000; l++) {
      arrays.put("W" + l, NdArray.of(new float[1], 1, 1));
      arrays.put("b" + l, NdArray.of(new float[1], 1));
    }
    Npz.write(file, arrays);
    assertEquals(1000, Mlp.load(file).layers().size());
    arrays.put("W1001", NdArray.of(new int[3], 3));
    Npz.write(file, arrays);
    unreadable(() -> Mlp.load(file), file + ": W1001, expected at most 1000 layers");
  }

  @Test
  void everythingComesBack() throws IOException {
    Path file = directory.resolve("nn_model.npz");
    List<Mlp> models =
        List.of(
            MODEL,
            MODEL.withScaling(Scaling.none()).withLoss(Loss.SIGMOID),
            MODEL.withLoss(Loss.MSE).withScaling(Scaling.none()),
            MODEL.withLoss(Loss.HUBER),
            MODEL
                .withLoss(Loss.MSE)
                .withTargetScaling(Scaling.standardise(new double[] {1e9, 2}, new double[] {0, 3})),
            MODEL.withScaling(
                Scaling.minMax(
                    new double[] {1, 2, 3, 4, 5, 0.1}, new double[] {1, 7, 3.5, 4, 5, 1e9})),
            MODEL.withScaling(Scaling.divide(255)).withInputShape(2, 3),
            MODEL
                .withScaling(
                    Scaling.standardise(
                        new double[] {1, 2, 3, 4, 5, 1e-9}, new double[] {1, 0, 2, 3, 1, 7}))
                .withClassNames(List.of("<ja> & \"nein\"", "\u043d\u0435\u0442 \ud83d\ude42")),
            Mlp.initial(Architecture.relu(6, List.of(), 3), Initializer.GLOROT, 1),
            Mlp.initial(
                new Architecture(
                    6, List.of(2, 2), 3, List.of(Activation.IDENTITY, Activation.GELU_TANH)),
                Initializer.COURSE,
                1));
    for (Mlp model : models) {
      model.save(file);
      Mlp loaded = Mlp.load(file);
      assertEquals(model, loaded); // SealedModelTest shows that equal models agree in everything
      assertEquals(model.scaling(), loaded.scaling());
    }
  }

  @Test
  void digestIsThatOfLittleEndianFloats() {
    // python3: hashlib.sha256(numpy.array([1, -2, 0.5], "<f4").tobytes()).hexdigest()
    Mlp model = Mlp.of(Architecture.relu(2, List.of(), 1), new float[] {1, -2, 0.5f});
    assertEquals(
        "2ce4bdb6b34a50ac7092eb9fee94337a27498e9eb9bae44192f15b88831b2422", model.sha256());
  }

  @Test
  void digestIsOfAllParameters() {
    // python3: hashlib.sha256((numpy.arange(20001) * 0.5 - 7).astype("<f4").tobytes()).hexdigest()
    float[] parameters = new float[20001];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = i * 0.5f - 7;
    }
    assertEquals(
        "eaa3f5e77eb0acb5daea27c6d76afe405f4bf0dc801490e4e040206edf748c69",
        Mlp.of(Architecture.relu(20000, List.of(), 1), parameters).sha256());
  }

  static Stream<Arguments> broken() {
    NdArray divide = word("divide");
    NdArray standard = word("standard");
    return Stream.of(
        wrong("no array W1", "W1"),
        wrong("no array b2", "b2"),
        wrong(
            "W1 is int64 [6, 4], expected a floating-point matrix",
            "W1",
            NdArray.of(new long[24], 6, 4)),
        wrong("W1 is float32 [24], expected", "W1", floats(24)),
        wrong("W2 is float32 [5, 3], expected 4 rows", "W2", floats(5, 3)),
        wrong("b2 is float32 [4], expected 3", "b2", floats(4)),
        wrong(
            "W3 has NaN at element 1",
            "W3",
            NdArray.of(new float[] {0, Float.NaN, 0, 0, 0, 0}, 3, 2)),
        wrong(
            "W3 has Infinity at element 0",
            "W3",
            NdArray.of(new double[] {1e300, 0, 0, 0, 0, 0}, 3, 2)),
        wrong("activation swish", "activations", strings("relu", "swish")),
        wrong("1 activations for 2 hidden layers", "activations", strings("relu")),
        wrong("activations is int64", "activations", longs(0, 0)),
        wrong("loss hinge, expected softmax, sigmoid", "loss", word("hinge")),
        wrong("loss is int64", "loss", longs(0)),
        wrong("scaling 'log', expected", "scaling", word("log")),
        wrong("no array scaling_divisor", "scaling", divide),
        wrong(
            "scaling_divisor is int64 [1], expected floating-point values",
            "scaling",
            divide,
            "scaling_divisor",
            longs(255)),
        wrong(
            "scaling_divisor is float64 [0], expected floating-point values",
            "scaling",
            divide,
            "scaling_divisor",
            doubles()),
        wrong(
            "scaling_divisor is float64 [2], expected one number",
            "scaling",
            divide,
            "scaling_divisor",
            doubles(255, 1)),
        wrong(
            "scaling_divisor has 0.0 at element 0, expected finite numbers above 0",
            "scaling",
            divide,
            "scaling_divisor",
            doubles(0)),
        wrong(
            "scaling_mean is int64 [1], expected floating-point values",
            "scaling",
            standard,
            "scaling_mean",
            longs(0)),
        wrong(
            "scaling of 5 features",
            "scaling",
            standard,
            "scaling_mean",
            doubles(new double[5]),
            "scaling_deviation",
            doubles(new double[5])),
        wrong(
            "no array scaling_maximum",
            "scaling",
            word("minmax"),
            "scaling_minimum",
            doubles(new double[6])),
        wrong(
            "feature 1 goes from 3.0 to 2.0, expected a finite range",
            "scaling",
            word("minmax"),
            "scaling_minimum",
            doubles(0, 3, 0, 0, 0, 0),
            "scaling_maximum",
            doubles(0, 2, 0, 0, 0, 0)),
        wrong(
            "target scaling: loss softmax takes none, mse, huber, mae and pinball-0.9 do",
            "target_scaling",
            divide,
            "target_scaling_divisor",
            doubles(2)),
        wrong(
            "target scaling of 3 outputs: network 6-4-3-2 has 2",
            "loss",
            word("mse"),
            "target_scaling",
            standard,
            "target_scaling_mean",
            doubles(0, 0, 0),
            "target_scaling_deviation",
            doubles(0, 0, 0)),
        wrong("3 class names", "class_names", strings("a", "b", "c")),
        wrong("class_names is uint8", "class_names", NdArray.ofBytes(new byte[2], 2)),
        wrong("input shape [2, 2]", "input_shape", longs(2, 2)),
        wrong("input shape [-2, -3]", "input_shape", longs(-2, -3)),
        wrong("input_shape is float64", "input_shape", doubles(2, 3)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void aBrokenModelIsRefusedInOneLine(String message, Consumer<Map<String, NdArray>> change)
      throws IOException {
    Path file = directory.resolve("broken.npz");
    MODEL.save(file);
    ModelArrays.assertRefused(file, message, change);
  }

  @Test
  void aFailedSaveLeavesWhatWasThere() throws IOException {
    Path file = directory.resolve("nn_model.npz");
    MODEL.save(file);
    byte[] before = Files.readAllBytes(file);
    assertThrows(
        IOException.class, () -> MODEL.save(directory.resolve("missing").resolve("m.npz")));
    assertArrayEquals(before, Files.readAllBytes(file));
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void notesOnTheTrainingComeBackAndNothingIsAssumed() throws IOException {
    Path file = directory.resolve("m.npz");
    MODEL.withTraining(List.of("eta=0.1", "seed=3")).save(file);
    Mlp loaded = Mlp.load(file);
    assertEquals(List.of("eta=0.1", "seed=3"), loaded.training());
    assertEquals(List.of(), loaded.assumptions()); // although the model has no scaling
  }

  /** A network without hidden layers has no activation that could be assumed. */
  @Test
  void theActivationOfNoHiddenLayerIsNotAssumed() throws IOException {
    Path file = directory.resolve("m.npz");
    Npz.write(file, Map.of("W1", floats(1, 2), "b1", floats(2)));
    List<String> assumed = Mlp.load(file).assumptions();
    assertFalse(assumed.contains(Assumption.ACTIVATIONS.text()), "" + assumed);
    assertTrue(assumed.contains(Assumption.LOSS.text()), "" + assumed);
  }

  @Test
  void whatIsWrongIsNamedInItsArray() throws IOException {
    Path file = directory.resolve("m.npz");
    for (String name : List.of("W1", "b1", "W2", "b2")) {
      Map<String, NdArray> arrays =
          new LinkedHashMap<>(
              Map.of("W1", floats(5, 3), "b1", floats(3), "W2", floats(3, 2), "b2", floats(2)));
      float[] floats = arrays.get(name).toFloats();
      floats[floats.length - 1] = Float.NaN;
      arrays.put(name, NdArray.of(floats, arrays.get(name).shape()));
      Npz.write(file, arrays);
      String place = "%s has NaN at element %s, expected".formatted(name, floats.length - 1);
      unreadable(() -> Mlp.load(file), file + ": " + place);
      arrays.put("W2", floats(4, 2));
      Npz.write(file, arrays);
      unreadable(() -> Mlp.load(file), "W2 is float32 [4, 2], expected 3 rows as W1 has columns");
    }
  }
}
