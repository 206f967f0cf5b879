package dev.lanewise.exchange;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Stored;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Stored files of PyTorch, torch.onnx and scikit-learn give the same predictions as there. */
class ExchangedModelsTest {
  private static final Path DIRECTORY =
      Stored.file(ExchangedModelsTest.class, "activations.npz").getParent();

  static Stream<String> files() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.matches(".*[.](py|class)|(expected|activations|scalers)[.]npz"))
          .sorted()
          .toList()
          .stream();
    }
  }

  /** Loads the model of a file and adds the facts that the file does not contain. */
  static Mlp model(String name) throws IOException {
    List<String> order = name.startsWith("named.s") ? List.of("first", "deep", "out") : List.of();
    Path file = DIRECTORY.resolve(name);
    if (name.startsWith("torch_") && name.endsWith(".safetensors") && !isWide(name)) {
      String label = name.substring("torch_".length(), name.indexOf('.'));
      return Model.load(file, Activation.of(label)).withLoss(Loss.SOFTMAX).members().get(0);
    } else if (name.equals("named.safetensors")) {
      return Model.load(file, order, Activation.TANH).withLoss(Loss.SIGMOID).members().get(0);
    }
    Mlp model = Model.load(file, order).members().get(0);
    if (name.equals("regression.onnx")) {
      model = model.withLoss(Loss.MSE);
    } else if (name.equals("keras.npz")) {
      model = ForeignModelReader.activated(model, Activation.RELU).withLoss(Loss.SOFTMAX);
    }
    return model;
  }

  private static boolean isWide(String name) {
    return name.matches(".*(half|bfloat|double).*");
  }

  @ParameterizedTest
  @MethodSource("files")
  void predictionsAreTheSame(String name) throws IOException {
    double[] expected;
    float[] x;
    try (Npz npz = Npz.open(DIRECTORY.resolve("expected.npz"))) {
      expected = npz.read(name).toDoubles();
      x = npz.read("x").toFloats();
    }
    Mlp model = model(name);
    float[] found = new float[x.length / 5 * model.architecture().outputs()];
    model.predictor(8).predict(x, found);
    assertEquals(expected.length, found.length);
    double largest = 1;
    for (double value : expected) {
      largest = model.loss().task().hasNumbers() ? Math.max(largest, Math.abs(value)) : 1;
    }
    for (int i = 0; i < found.length; i++) {
      assertEquals(expected[i], found[i], 1e-5 * largest, name + " " + i);
    }
    assertTrue(
        model.assumptions().stream().noneMatch(line -> line.matches("no (act|loss).*")), name);
  }

  @Test
  void theyWereAllLookedAt() throws IOException {
    assertEquals(47, files().count());
  }

  @Test
  void namesOfClassesAreKept() throws IOException {
    assertEquals(List.of("no", "yes"), model("binary_relu.npz").classNames());
    assertEquals(List.of("0", "1", "2"), model("multi_relu.npz").classNames());
    assertEquals(2, model("binary_tanh.npz").architecture().outputs());
  }

  @Test
  void foldedNormalisationIsNoticed() throws IOException {
    Path file = DIRECTORY.resolve("norm.onnx");
    Model model = Model.load(file);
    Mlp network = model.members().get(0);
    assertEquals(List.of(Activation.RELU, Activation.GELU), network.architecture().activations());
    Comparison found = Comparison.onDrawn(file, model);
    assertTrue(found.largest() < 1e-6 && found.largest() > 0, found.toString());
    float[] other = network.parameters();
    other[0] += 1;
    assertTrue(Comparison.onDrawn(file, Model.of(network.withParameters(other))).largest() > 1e-3);
  }

  /** The orders of layers are searched by a method that calls itself once for each layer. */
  @Test
  void tooManyLayersAreRefusedBeforeTheirOrderIsSought(@TempDir Path folder) throws IOException {
    Map<String, NdArray> arrays = new TreeMap<>();
    for (int i = 0; i < 1001; i++) {
      arrays.put("l" + i + ".weight", NdArray.of(new float[] {1}, 1, 1));
    }
    Npz.write(folder.resolve("many.npz"), arrays);
    unreadable(() -> Model.load(folder.resolve("many.npz")), "1001 layers, expected at most 1000");
  }
}
