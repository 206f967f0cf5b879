package dev.lanewise.nn;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.FormatException;
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

  /** make_models.py: float64, with the course's gradients beside the weights. */
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

  /** Nothing is looked at behind the first that is too much. */
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
      assertEquals(model.sha256(), loaded.sha256());
      assertEquals(model.architecture(), loaded.architecture());
      assertEquals(model.loss(), loaded.loss());
      assertEquals(model.scaling(), loaded.scaling());
      assertEquals(model.targetScaling(), loaded.targetScaling());
      assertEquals(model.classNames(), loaded.classNames());
      assertArrayEquals(model.inputShape(), loaded.inputShape());
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
    return Stream.of(
        broken("no array W1", a -> a.remove("W1")),
        broken("no array b2", a -> a.remove("b2")),
        broken(
            "W1 is int64 [6, 4], expected a floating-point matrix",
            a -> a.put("W1", NdArray.of(new long[24], 6, 4))),
        broken("W1 is float32 [24], expected", a -> a.put("W1", NdArray.of(new float[24], 24))),
        broken(
            "W2 is float32 [5, 3], expected 4 rows",
            a -> a.put("W2", NdArray.of(new float[15], 5, 3))),
        broken("b2 is float32 [4], expected 3", a -> a.put("b2", NdArray.of(new float[4], 4))),
        broken(
            "W3 has NaN at element 1",
            a -> a.put("W3", NdArray.of(new float[] {0, Float.NaN, 0, 0, 0, 0}, 3, 2))),
        broken(
            "W3 has Infinity at element 0",
            a -> a.put("W3", NdArray.of(new double[] {1e300, 0, 0, 0, 0, 0}, 3, 2))),
        broken(
            "activation swish",
            a -> a.put("activations", NdArray.ofStrings(List.of("relu", "swish"), 2))),
        broken(
            "1 activations for 2 hidden layers",
            a -> a.put("activations", NdArray.ofStrings(List.of("relu"), 1))),
        broken("activations is int64", a -> a.put("activations", NdArray.of(new long[2], 2))),
        broken(
            "loss hinge, expected softmax, sigmoid",
            a -> a.put("loss", NdArray.ofStrings(List.of("hinge")))),
        broken("scaling 'log', expected", a -> a.put("scaling", NdArray.ofStrings(List.of("log")))),
        broken(
            "no array scaling_divisor",
            a -> a.put("scaling", NdArray.ofStrings(List.of("divide")))),
        broken(
            "scaling_divisor is int64 [1], expected floating-point values",
            a -> {
              a.put("scaling", NdArray.ofStrings(List.of("divide")));
              a.put("scaling_divisor", NdArray.of(new long[] {255}, 1));
            }),
        broken(
            "scaling_divisor is float64 [0], expected floating-point values",
            a -> {
              a.put("scaling", NdArray.ofStrings(List.of("divide")));
              a.put("scaling_divisor", NdArray.of(new double[0], 0));
            }),
        broken(
            "scaling_divisor is float64 [2], expected one number",
            a -> {
              a.put("scaling", NdArray.ofStrings(List.of("divide")));
              a.put("scaling_divisor", NdArray.of(new double[] {255, 1}, 2));
            }),
        broken(
            "scaling_mean is int64 [6], expected floating-point values",
            a -> {
              a.put("scaling", NdArray.ofStrings(List.of("standard")));
              a.put("scaling_mean", NdArray.of(new long[6], 6));
              a.put("scaling_deviation", NdArray.of(new double[6], 6));
            }),
        broken("loss is int64", a -> a.put("loss", NdArray.of(new long[1], 1))),
        broken(
            "divisor 0.0",
            a -> {
              a.put("scaling", NdArray.ofStrings(List.of("divide")));
              a.put("scaling_divisor", NdArray.of(new double[] {0}));
            }),
        broken(
            "scaling of 5 features",
            a -> {
              a.put("scaling", NdArray.ofStrings(List.of("standard")));
              a.put("scaling_mean", NdArray.of(new double[5], 5));
              a.put("scaling_deviation", NdArray.of(new double[5], 5));
            }),
        broken(
            "no array scaling_maximum",
            a -> {
              a.put("scaling", NdArray.ofStrings(List.of("minmax")));
              a.put("scaling_minimum", NdArray.of(new double[6], 6));
            }),
        broken(
            "feature 1 goes from 3.0 to 2.0, expected a finite range",
            a -> {
              a.put("scaling", NdArray.ofStrings(List.of("minmax")));
              a.put("scaling_minimum", NdArray.of(new double[] {0, 3, 0, 0, 0, 0}, 6));
              a.put("scaling_maximum", NdArray.of(new double[] {0, 2, 0, 0, 0, 0}, 6));
            }),
        broken(
            "target scaling: loss softmax takes none, mse, huber and mae do",
            a -> {
              a.put("target_scaling", NdArray.ofStrings(List.of("divide")));
              a.put("target_scaling_divisor", NdArray.of(new double[] {2}));
            }),
        broken(
            "target scaling of 3 outputs: network 6-4-3-2 has 2",
            a -> {
              a.put("loss", NdArray.ofStrings(List.of("mse")));
              a.put("target_scaling", NdArray.ofStrings(List.of("standard")));
              a.put("target_scaling_mean", NdArray.of(new double[3], 3));
              a.put("target_scaling_deviation", NdArray.of(new double[3], 3));
            }),
        broken(
            "3 class names",
            a -> a.put("class_names", NdArray.ofStrings(List.of("a", "b", "c"), 3))),
        broken("class_names is uint8", a -> a.put("class_names", NdArray.ofBytes(new byte[2], 2))),
        broken("input shape [2, 2]", a -> a.put("input_shape", NdArray.of(new int[] {2, 2}, 2))),
        broken(
            "input shape [-2, -3]", a -> a.put("input_shape", NdArray.of(new int[] {-2, -3}, 2))),
        broken(
            "input_shape is float64",
            a -> a.put("input_shape", NdArray.of(new double[] {2, 3}, 2))));
  }

  private static Arguments broken(String message, Consumer<Map<String, NdArray>> change) {
    return Arguments.of(message, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void aBrokenModelIsRefusedInOneLine(String message, Consumer<Map<String, NdArray>> change)
      throws IOException {
    Path file = directory.resolve("broken.npz");
    MODEL.save(file);
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    try (Npz npz = Npz.open(file)) {
      for (String name : npz.names()) {
        arrays.put(name, npz.read(name));
      }
    }
    change.accept(arrays);
    Npz.write(file, arrays);
    String found = assertThrows(FormatException.class, () -> Mlp.loadTrusted(file)).getMessage();
    assertTrue(found.startsWith(file + ": "), found);
    assertTrue(found.contains(message), found);
    assertFalse(found.contains("\n"), found);
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
    assertEquals(List.of(), loaded.assumptions()); // although there is no scaling
  }

  /** There is no layer that could have another. */
  @Test
  void theActivationOfNoHiddenLayerIsNotAssumed() throws IOException {
    Path file = directory.resolve("m.npz");
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("W1", NdArray.of(new float[2], 1, 2));
    arrays.put("b1", NdArray.of(new float[2], 2));
    Npz.write(file, arrays);
    List<String> assumed = Mlp.load(file).assumptions();
    assertFalse(assumed.contains(Assumption.ACTIVATIONS.text()), "" + assumed);
    assertTrue(assumed.contains(Assumption.LOSS.text()), "" + assumed);
  }

  @Test
  void whatIsWrongIsNamedInItsArray() throws IOException {
    Path file = directory.resolve("m.npz");
    for (String name : List.of("W1", "b1", "W2", "b2")) {
      Map<String, NdArray> arrays = new LinkedHashMap<>();
      arrays.put("W1", NdArray.of(new float[15], 5, 3));
      arrays.put("b1", NdArray.of(new float[3], 3));
      arrays.put("W2", NdArray.of(new float[6], 3, 2));
      arrays.put("b2", NdArray.of(new float[2], 2));
      float[] floats = arrays.get(name).toFloats();
      floats[floats.length - 1] = Float.NaN;
      arrays.put(name, NdArray.of(floats, arrays.get(name).shape()));
      Npz.write(file, arrays);
      String message = assertThrows(FormatException.class, () -> Mlp.load(file)).getMessage();
      String expected =
          "%s: %s has NaN at element %s, expected".formatted(file, name, floats.length - 1);
      assertTrue(message.startsWith(expected), message);
      arrays.put("W2", NdArray.of(new float[8], 4, 2));
      Npz.write(file, arrays);
      message = assertThrows(FormatException.class, () -> Mlp.load(file)).getMessage();
      assertTrue(
          message.endsWith("W2 is float32 [4, 2], expected 3 rows as W1 has columns"), message);
    }
  }
}
