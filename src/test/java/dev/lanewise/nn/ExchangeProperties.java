package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.format.FormatException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Round trips through every format, and files that were damaged. */
class ExchangeProperties {
  private static final List<String> NAMES = List.of("a", "b", "ä\u2028\ud83d\ude00", "\"\\", "#1");

  /** A model of all that a file has to keep. */
  private static Mlp model(long seed) {
    Random random = new Random(seed);
    Schema schema =
        OnnxRuntimeTest.schema(
            new NumberColumn(NAMES.get(random.nextInt(5)), 0, random.nextGaussian(), true),
            new CategoryColumn("\u00df", 1, NAMES.subList(0, random.nextInt(5)), true, false),
            new NumberColumn("last", 2, Double.NaN, false));
    int inputs = schema.inputs();
    Activation[] all = Activation.values();
    List<Activation> activations =
        List.of(all[random.nextInt(all.length)], all[random.nextInt(all.length)]);
    Architecture layers = new Architecture(inputs, List.of(3, 2), 2, activations);
    float[] parameters = new float[layers.parameterCount()];
    for (int i = 0; i < parameters.length; i++) {
      float bits = Float.intBitsToFloat(random.nextInt());
      parameters[i] = Float.isFinite(bits) ? bits : -0f;
    }
    double[] a = random.doubles(inputs, -1e300, 1e300).toArray();
    double[] b = random.doubles(inputs, 0, 1e300).toArray();
    List<Scaling> scalings =
        List.of(
            Scaling.none(),
            Scaling.divide(random.nextDouble() + 1e-9),
            Scaling.standardise(a, b),
            Scaling.robust(a, b));
    Loss loss = Loss.values()[random.nextInt(4)];
    Mlp model =
        Mlp.of(layers, parameters)
            .withLoss(loss)
            .withScaling(scalings.get(random.nextInt(4)))
            .withClassNames(List.of(NAMES.get(random.nextInt(5)), "\u0001x"))
            .withTraining(List.of("epochs=1"))
            .withInputShape(1, inputs);
    model = random.nextBoolean() ? model.withSchema(schema) : model;
    return loss.isRegression()
        ? model.withTargetScaling(Scaling.standardise(new double[] {1e-9, 3}, new double[] {1, 7}))
        : model;
  }

  @Property(tries = 100)
  void formatsOfOursKeepEveryBit(@ForAll long seed) throws IOException {
    Mlp model = model(seed);
    Path directory = Files.createTempDirectory("exchange");
    try {
      for (String ending : List.of("npz", "safetensors", "onnx")) {
        Path file = directory.resolve("m." + ending);
        model.save(file);
        for (Mlp read : List.of(Mlp.load(file), Mlp.load(Files.readAllBytes(file)))) {
          assertEquals(model, read);
          assertEquals(model.digest(), read.digest());
          assertEquals(List.of(), read.assumptions());
        }
        Files.delete(file);
      }
    } finally {
      Files.delete(directory);
    }
  }

  private static List<byte[]> files() throws IOException {
    try {
      Path directory = Path.of(ExchangeProperties.class.getResource("exchange").toURI());
      Mlp table =
          Mlp.initial(Architecture.relu(5, List.of(3), 2), Initializer.HE, 1)
              .withSchema(
                  OnnxRuntimeTest.schema(
                      new NumberColumn("n", 0, 1, false),
                      new CategoryColumn("c", 1, List.of("x", "y", "z"), true, false)));
      Path file = Files.createTempFile("table", ".onnx");
      table.save(file);
      byte[] ours = Files.readAllBytes(file);
      Files.delete(file);
      return List.of(
          ours,
          Files.readAllBytes(directory.resolve("norm.onnx")),
          Files.readAllBytes(directory.resolve("pipeline.onnx")),
          Files.readAllBytes(directory.resolve("torch_gelu.onnx")),
          Files.readAllBytes(directory.resolve("named.safetensors")),
          Files.readAllBytes(directory.resolve("torch_half.safetensors")),
          Files.readAllBytes(directory.resolve("keras.npz")));
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  @Example
  void damagedFilesAreRefusedInWords() throws IOException {
    List<byte[]> files = files();
    int refused = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] damaged = damaged(files.get(i % files.size()), new Random(i));
      try {
        Mlp.load(damaged);
      } catch (FormatException e) {
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("damage " + i, e);
      }
    }
    assertEquals(true, refused > 3000, "refused " + refused);
  }

  private static byte[] damaged(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(bytes.length, 600));
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes = Arrays.copyOf(bytes, Math.max(20, at));
        case 3 -> {
          int from = random.nextInt(bytes.length);
          int count = Math.min(random.nextInt(16), bytes.length - Math.max(from, at));
          System.arraycopy(whole, Math.min(from, whole.length - count), bytes, at, count);
        }
        default -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : '0' + random.nextInt(10));
      }
    }
    return bytes;
  }
}
