package dev.lanewise.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Stored;
import dev.lanewise.format.ElementType;
import dev.lanewise.format.Fuzzing;
import dev.lanewise.format.NdArray;
import dev.lanewise.model.Model;
import dev.lanewise.model.ModelKind;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictor;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schemas;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files of other programs are refused or give the model that they contain. */
class MutatedExchangeTest {
  /** With larger numbers, cancellation makes graphs and models differ although both are right. */
  private static final double LARGE = 1e3;

  private static final Pattern TENSOR =
      Pattern.compile(
          "\"dtype\"\\s*:\\s*\"(\\w+)\"[^{}]*\"data_offsets\"\\s*:\\s*\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*]");

  @TempDir Path directory;

  private static byte[] stored(String name) {
    try {
      return Files.readAllBytes(Stored.file(MutatedExchangeTest.class, name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] ours(String ending, ModelKind kind) throws IOException {
    Model one =
        Model.of(
                Mlp.initial(Architecture.relu(5, List.of(3), 2), Initializer.HE, 1)
                    .withScaling(
                        Scaling.robust(new double[5], new double[] {1, 2, Double.NaN, 4, 0}))
                    .withClassNames(List.of("no", "yes")))
            .withSchema(
                Schemas.of(
                    new NumberColumn("n", 0, 1, false),
                    new CategoryColumn("c", 1, List.of("x", "y", "z"), true, false)));
    Path file = directory.resolve("m." + ending);
    kind.of(one, 1).save(file);
    return Files.readAllBytes(file);
  }

  private static InputStream stream(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  /** Returns a file whose metadata states the activations. */
  private static byte[] stating(String activations, byte[] plain) {
    byte[] added = "\"__metadata__\":{\"activations\":\"%s\"},".formatted(activations).getBytes();
    ByteBuffer bytes =
        ByteBuffer.allocate(plain.length + added.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(plain, 0, 9).put(added).put(plain, 9, plain.length - 9);
    long header = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return bytes.putLong(0, header + added.length).array();
  }

  @Test
  void safetensors() throws IOException {
    List<byte[]> seeds =
        List.of(
            ours("safetensors", ModelKind.ONE),
            stating("tanh", stored("named.safetensors")),
            stored("torch_half.safetensors"),
            stored("torch_bfloat.safetensors"),
            stored("torch_double.safetensors"),
            stating("gelu", stored("torch_gelu.safetensors")));
    Fuzzing.<byte[]>run(
        "safetensors",
        2_500,
        m -> m.mutate(m.oneOf(seeds)),
        bytes -> {
          // The first bytes, which may be damaged, tell whether the file is safetensors.
          Mlp model = Model.load(stream(bytes), Fuzzing.NAME).members().get(0);
          float[] found = model.parameters();
          if (bytes[8] == '{') {
            assertEquals(
                sorted(numbers(bytes)),
                sorted(IntStream.range(0, found.length).mapToObj(i -> found[i]).toList()));
            Safetensors.read(stream(bytes), Fuzzing.NAME);
          }
          return true;
        });
  }

  /** Returns all numbers in the data of a file, read strictly as its header says. */
  private static List<Float> numbers(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) bytes.getLong();
    Matcher tensor = TENSOR.matcher(new String(file, 8, header, StandardCharsets.UTF_8));
    List<Float> numbers = new ArrayList<>();
    while (tensor.find()) {
      String type = tensor.group(1);
      int size = type.equals("F64") ? 8 : type.equals("F32") ? 4 : 2;
      int end = Integer.parseInt(tensor.group(3));
      for (int at = Integer.parseInt(tensor.group(2)); at < end; at += size) {
        int place = 8 + header + at;
        numbers.add(
            switch (type) {
              case "F64" -> (float) bytes.getDouble(place);
              case "F32" -> bytes.getFloat(place);
              case "F16" -> half(bytes.getShort(place));
              default -> Float.intBitsToFloat(bytes.getShort(place) << 16);
            });
      }
    }
    return numbers;
  }

  private static float half(short bits) {
    int exponent = bits >> 10 & 31;
    double magnitude =
        exponent == 0
            ? (bits & 1023) * 0x1p-24
            : (1024 + (bits & 1023)) * StrictMath.pow(2, exponent - 25);
    return (float) (bits < 0 ? -magnitude : magnitude);
  }

  /** Returns the numbers sorted and without zeros, which stand for biases that a file lacks. */
  private static List<Float> sorted(List<Float> numbers) {
    return numbers.stream().filter(number -> number != 0).sorted().toList();
  }

  @Test
  void onnx() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (ModelKind kind : List.of(ModelKind.ONE, ModelKind.MIXED)) {
      seeds.add(ours("onnx", kind));
    }
    for (String name :
        List.of("norm", "pipeline", "named", "regression", "torch_gelu", "torch_mish")) {
      seeds.add(stored(name + ".onnx"));
    }
    Fuzzing.<byte[]>run(
        "onnx",
        2_500,
        m -> m.mutate(m.oneOf(seeds)),
        bytes -> {
          Model model = Model.load(stream(bytes), Fuzzing.NAME);
          Onnx onnx = Onnx.read(stream(bytes), Fuzzing.NAME);
          for (NdArray constant : onnx.constants().values()) {
            if (constant.type() == ElementType.FLOAT32 && constant.length() > 0) {
              assertTrue(holds(bytes, constant), "a constant that the file does not hold");
            }
          }
          if (onnx.metadata().containsKey("lanewise")) {
            List<Mlp> members = model.members();
            for (int m = 0; m < members.size(); m++) {
              String name = members.size() == 1 ? "W1" : ModelMetadata.prefix(m) + "W1";
              float[] w = onnx.constants().get(name).toFloats();
              assertArrayEquals(w, Arrays.copyOf(members.get(m).parameters(), w.length));
            }
          } else {
            compare(new OnnxGraph(onnx, Fuzzing.NAME), model.members().get(0));
          }
          return true;
        });
  }

  private static boolean holds(byte[] file, NdArray constant) {
    ByteBuffer elements = ByteBuffer.allocate(4 * constant.length());
    elements.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(constant.toFloats());
    String all = new String(file, StandardCharsets.ISO_8859_1);
    return all.contains(new String(elements.array(), StandardCharsets.ISO_8859_1));
  }

  /** Checks that the sums of a model differ from those of its file only by rounding. */
  private static void compare(OnnxGraph graph, Mlp read) throws IOException {
    boolean sums = graph.needed.stream().noneMatch(n -> n.operator().matches("S(oftmax|igmoid)"));
    Mlp model = sums ? read.withLoss(Loss.MSE) : read;
    Predictor predictor = model.predictor(1);
    Scaling scaling = model.scaling().get();
    float[] found = new float[model.architecture().outputs()];
    float[] row = new float[model.architecture().inputs()];
    double[] wide = new double[row.length];
    double largest = 1;
    for (float parameter : model.parameters()) {
      largest = Math.max(largest, Math.abs(parameter));
    }
    for (float x : new float[] {0.25f, -1, 2}) {
      for (int i = 0; i < row.length; i++) {
        row[i] = i % 2 == 0 ? x : -x / 2;
        wide[i] = row[i];
        largest = Math.max(largest, Math.abs(scaling.scale(row[i], i)));
      }
      if (!(largest < LARGE)) {
        return;
      }
      predictor.predict(row, found);
      String input = graph.rowInputs().get(0).name();
      double[] expected = graph.run(Map.of(input, wide));
      assertEquals(expected.length, found.length);
      for (int k = 0; k < found.length; k++) {
        assertEquals(expected[k], found[k], 1e-4 * largest * largest, "result " + k);
      }
    }
  }

  @Test
  void arrays() {
    List<byte[]> seeds = new ArrayList<>();
    for (String name : List.of("keras", "binary_relu", "multi_tanh", "labels_logistic")) {
      seeds.add(stored(name + ".npz"));
    }
    Fuzzing.<byte[]>run(
        "npz of arrays",
        500,
        m -> m.mutateMembers(m.oneOf(seeds), false),
        bytes -> Model.load(stream(bytes), Fuzzing.NAME).toString() != null);
  }
}
