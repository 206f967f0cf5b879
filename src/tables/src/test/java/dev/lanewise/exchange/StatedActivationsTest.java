package dev.lanewise.exchange;

import static dev.lanewise.Refusals.rejects;
import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights alone do not tell the activations, so a file states them or its reader gives them. */
class StatedActivationsTest {
  @TempDir Path directory;

  /** Writes the layers 2-3-3-1, with this metadata. */
  private Path file(Map<String, String> metadata, int hidden) throws IOException {
    Map<String, NdArray> layers = new LinkedHashMap<>();
    int inputs = 2;
    for (int l = 0; l <= hidden; l++) {
      int outputs = l == hidden ? 1 : 3;
      float[] weights = new float[inputs * outputs];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = i - 2.5f;
      }
      layers.put(2 * l + ".weight", NdArray.of(weights, outputs, inputs));
      inputs = outputs;
    }
    Path file = directory.resolve("net.safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      new Safetensors(layers, metadata).write(out);
    }
    return file;
  }

  private static List<Activation> activations(Model model) {
    return model.members().get(0).architecture().activations();
  }

  @Test
  void aFileThatStatesNoneIsRefused() throws IOException {
    Path file = file(Map.of(), 2);
    String[] words = {
      file
          + ": network 2-3-3-1 without activations, expected activations in the metadata of the"
          + " file, or Model.load(file, Activation...), one for all hidden layers or one for each"
    };
    unreadable(() -> Model.load(file), words);
    unreadable(() -> Model.load(file(Map.of("loss", "mse"), 2)), "without activations");
    try (InputStream in = Files.newInputStream(file)) {
      unreadable(() -> Model.load(in, "net"), "net: network 2-3-3-1 without activations");
    }
  }

  @Test
  void theCallerGivesThem() throws IOException {
    Path file = file(Map.of(), 2);
    Model model = Model.load(file, Activation.TANH);
    assertEquals(List.of(Activation.TANH, Activation.TANH), activations(model));
    assertTrue(model.assumptions().stream().noneMatch(line -> line.contains("activations")));
    List<Activation> both = List.of(Activation.GELU, Activation.ELU);
    assertEquals(both, activations(Model.load(file, Activation.GELU, Activation.ELU)));
    assertEquals(
        both,
        activations(Model.load(file, List.of("0", "2", "4"), Activation.GELU, Activation.ELU)));
    try (InputStream in = Files.newInputStream(file)) {
      assertEquals(both, activations(Model.load(in, "net", Activation.GELU, Activation.ELU)));
    }
    for (int hidden : new int[] {0, 1}) {
      Path other = file(Map.of(), hidden);
      rejects(
          () -> Model.load(other, Activation.GELU, Activation.ELU),
          hidden == 0
              ? "activations gelu,elu, expected none, as the network has no hidden layers"
              : "activations gelu,elu, expected one for all hidden layers, or one for each: 1");
    }
  }

  @Test
  void theMetadataStatesThem() throws IOException {
    List<Activation> stated = List.of(Activation.GELU, Activation.ELU);
    assertEquals(stated, activations(Model.load(file(Map.of("activations", "gelu,elu"), 2))));
    Path one = file(Map.of("activations", "gelu", "loss", "mse"), 2);
    assertEquals(List.of(Activation.GELU, Activation.GELU), activations(Model.load(one)));
    assertEquals(Model.load(one), Model.load(one, Activation.GELU));
    unreadable(
        () -> Model.load(one, Activation.RELU),
        one + ": activations gelu,gelu, expected relu,relu");
    unreadable(
        () -> Model.load(file(Map.of("activations", "gelu,elu,relu"), 2)),
        one + ": activations gelu,elu,relu, expected one for all hidden layers");
    assertEquals(List.of(), activations(Model.load(file(Map.of(), 0)))); // needs none
  }

  /** What Lanewise writes states them in each format, and a given one must be the same. */
  @Test
  void modelsOfLanewiseStateThem() throws IOException {
    Architecture architecture = new Architecture(2, List.of(3), 2, List.of(Activation.MISH));
    Model model = Model.of(Mlp.initial(architecture, Initializer.HE, 1));
    for (String name : List.of("m.npz", "m.safetensors", "m.onnx")) {
      Path file = directory.resolve(name);
      model.save(file);
      assertEquals(model, Model.load(file), name);
      assertEquals(model, Model.load(file, Activation.MISH), name);
      unreadable(
          () -> Model.load(file, Activation.RELU), file + ": activations mish, expected relu as");
    }
  }

  /** An .npz of arrays alone is read as before, and takes activations, too. */
  @Test
  void arraysOfNumpyMayLackThem() throws IOException {
    Path file = directory.resolve("keras.npz");
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("arr_0", NdArray.of(new float[6], 2, 3));
    arrays.put("arr_1", NdArray.of(new float[3], 3));
    arrays.put("arr_2", NdArray.of(new float[3], 3, 1));
    Npz.write(file, arrays);
    assertEquals(List.of(Activation.RELU), activations(Model.load(file)));
    assertTrue(Model.load(file).assumptions().get(0).startsWith("no activations stored"));
    assertEquals(List.of(Activation.TANH), activations(Model.load(file, Activation.TANH)));
  }
}
