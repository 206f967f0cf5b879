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
import dev.lanewise.nn.Scaling;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Activations and clips that torch.onnx exported. Each either becomes an activation of Lanewise,
 * which predicts the same for inputs up to 10^6, or is refused with the names of its operators.
 */
class ExportedActivationsTest {
  private static final int INPUTS = 3;
  private static final int OUTPUTS = 2;

  private final Npz npz;

  ExportedActivationsTest() throws IOException {
    npz = Npz.open(Stored.file(getClass(), "activations.npz"));
  }

  private byte[] bytes(String name) throws IOException {
    return npz.read(name).toBytes();
  }

  private Mlp read(String name) throws IOException {
    return OnnxReader.read(Onnx.read(new ByteArrayInputStream(bytes(name)), name), name);
  }

  @ParameterizedTest
  @CsvSource({
    "relu, relu threshold clamp-min-0 hardtanh-0-1e30 clamp-min-half clamp-max-6 maximum-0 prelu-0",
    "leaky-relu, leaky-relu prelu-0.01 leaky-maximum leaky-where",
    "elu, elu celu celu-2 elu-where",
    "selu, selu",
    "gelu, gelu gelu-20 gelu-erf",
    "gelu-tanh, gelu-tanh gelu-pow",
    "silu, silu silu-exp silu-1.702",
    "mish, mish mish-18 mish-log",
    "softplus, softplus softplus-2",
    "tanh, tanh tanh-sigmoid",
    "sigmoid, sigmoid sigmoid-tanh sigmoid-exp",
    "identity, identity"
  })
  void whatIsOneOfOursPredictsTheSame(Activation expected, String names, @TempDir Path folder)
      throws IOException {
    float[] x = npz.read("x").toFloats();
    NdArray y = npz.read("y");
    int rows = x.length / INPUTS;
    for (String name : names.split(" ")) {
      Model model = Model.of(read(name).withLoss(Loss.MSE).withScaling(Scaling.none()));
      assertEquals(List.of(expected), read(name).architecture().activations(), name);
      float[] found = new float[rows * OUTPUTS];
      model.predictor(rows).predict(x, found);
      int from = names().indexOf(name) * found.length;
      for (int row = 0; row < rows; row++) {
        double largest = 0;
        for (int k = 0; k < OUTPUTS; k++) {
          largest = Math.max(largest, Math.abs(y.doubleAt(from + row * OUTPUTS + k)));
        }
        for (int k = row * OUTPUTS; k < (row + 1) * OUTPUTS; k++) {
          assertEquals(y.doubleAt(from + k), found[k], 1e-5 * largest, name + " row " + row);
        }
      }
      Path file = Files.write(folder.resolve("exported.onnx"), bytes(name));
      assertTrue(Comparison.onDrawn(file, model).agrees(), name);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Clip, relu6 relu6-9 hardtanh hardtanh-0-6 hardtanh-0-8 clamp-0-20",
    "HardSigmoid, hardswish hardsigmoid",
    "HardSwish, hardswish-14",
    "LeakyRelu, leaky-relu-0.2 rrelu",
    "PRelu, prelu-0.25",
    "Elu, elu-2",
    "Abs, softsign abs",
    "Tanh, tanhshrink relu-tanh",
    "Where, softshrink step",
    "Or, hardshrink",
    "Log, logsigmoid",
    "Softmax, softmax",
    "LogSoftmax, log-softmax",
    "Mul, square silu-1.01",
    "Sin, sin",
    "Pow, square-relu"
  })
  void whatIsNoneIsRefusedByName(String operator, String names) {
    for (String name : names.split(" ")) {
      unreadable(() -> read(name), operator + " (node ", ", expected ");
    }
  }

  private List<String> names() throws IOException {
    NdArray names = npz.read("names");
    List<String> all = new ArrayList<>();
    for (int i = 0; i < names.length(); i++) {
      all.add(names.stringAt(i));
    }
    return all;
  }

  @Test
  void theyWereAllLookedAt() throws Exception {
    List<String> asked = new ArrayList<>();
    for (String method : List.of("whatIsOneOfOursPredictsTheSame", "whatIsNoneIsRefusedByName")) {
      Stream.of(getClass().getDeclaredMethods())
          .filter(m -> m.getName().equals(method))
          .flatMap(m -> Stream.of(m.getAnnotation(CsvSource.class).value()))
          .forEach(line -> asked.addAll(List.of(line.replaceFirst("[\\w-]+, ", "").split(" "))));
    }
    assertEquals(names().stream().sorted().toList(), asked.stream().sorted().toList());
    assertEquals(63, asked.size());
  }
}
