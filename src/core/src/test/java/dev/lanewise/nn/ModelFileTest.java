package dev.lanewise.nn;

import static dev.lanewise.Refusals.unreadable;
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

  private static final String BROKEN =
      """
      no array W1 | W1
      no array b2 | b2
      W1 is int64 [6, 4], expected a floating-point matrix | W1: longs[6,4]
      W1 is float32 [24], expected | W1: floats[24]
      W2 is float32 [5, 3], expected 4 rows | W2: floats[5,3]
      b2 is float32 [4], expected 3 | b2: floats[4]
      W3 has NaN at element 1 | W3: floats[3,2] 0,NaN,0,0,0,0
      W3 has Infinity at element 0 | W3: doubles[3,2] 1e300,0,0,0,0,0
      activation swish | activations: strings relu,swish
      1 activations for 2 hidden layers | activations: strings relu
      activations is int64 | activations: longs 0,0
      loss hinge, expected softmax, sigmoid | loss: word hinge
      loss is int64 | loss: longs 0
      scaling 'log', expected | scaling: word log
      no array scaling_divisor | scaling: word divide
      scaling_divisor is int64 [1], expected floating-point values | scaling: word divide; scaling_divisor: longs 255
      scaling_divisor is float64 [0], expected floating-point values | scaling: word divide; scaling_divisor: doubles[0]
      scaling_divisor is float64 [2], expected one number | scaling: word divide; scaling_divisor: doubles 255,1
      scaling_divisor has 0.0 at element 0, expected finite numbers above 0 | scaling: word divide; scaling_divisor: doubles 0
      scaling_mean is int64 [1], expected floating-point values | scaling: word standard; scaling_mean: longs 0
      scaling of 5 features | scaling: word standard; scaling_mean: doubles[5]; scaling_deviation: doubles[5]
      no array scaling_maximum | scaling: word minmax; scaling_minimum: doubles[6]
      feature 1 goes from 3.0 to 2.0, expected a finite range | scaling: word minmax; scaling_minimum: doubles 0,3,0,0,0,0; scaling_maximum: doubles 0,2,0,0,0,0
      target scaling: loss softmax takes none, mse, huber, mae and pinball-0.9 do | target_scaling: word divide; target_scaling_divisor: doubles 2
      target scaling of 3 outputs: network 6-4-3-2 has 2 | loss: word mse; target_scaling: word standard; target_scaling_mean: doubles 0,0,0; target_scaling_deviation: doubles 0,0,0
      3 class names | class_names: strings a,b,c
      class_names is uint8 | class_names: bytes[2]
      input shape [2, 2] | input_shape: longs 2,2
      input shape [-2, -3] | input_shape: longs -2,-3
      input_shape is float64 | input_shape: doubles 2,3
      """;

  static Stream<Arguments> broken() {
    return wrong(BROKEN);
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
    Npz.write(
        file, Map.of("W1", ModelArrays.array("floats[1,2]"), "b1", ModelArrays.array("floats[2]")));
    List<String> assumed = Mlp.load(file).assumptions();
    assertFalse(assumed.contains(Assumption.ACTIVATIONS.text()), "" + assumed);
    assertTrue(assumed.contains(Assumption.LOSS.text()), "" + assumed);
  }

  @Test
  void whatIsWrongIsNamedInItsArray() throws IOException {
    Path file = directory.resolve("m.npz");
    for (String name : List.of("W1", "b1", "W2", "b2")) {
      Map<String, NdArray> arrays = new LinkedHashMap<>();
      String all = "W1: floats[5,3]; b1: floats[3]; W2: floats[3,2]; b2: floats[2]";
      ModelArrays.changes(all).accept(arrays);
      float[] floats = arrays.get(name).toFloats();
      floats[floats.length - 1] = Float.NaN;
      arrays.put(name, NdArray.of(floats, arrays.get(name).shape()));
      Npz.write(file, arrays);
      String place = "%s has NaN at element %s, expected".formatted(name, floats.length - 1);
      unreadable(() -> Mlp.load(file), file + ": " + place);
      arrays.put("W2", ModelArrays.array("floats[4,2]"));
      Npz.write(file, arrays);
      unreadable(() -> Mlp.load(file), "W2 is float32 [4, 2], expected 3 rows as W1 has columns");
    }
  }
}
