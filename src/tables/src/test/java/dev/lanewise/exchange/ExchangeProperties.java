package dev.lanewise.exchange;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.model.Model;
import dev.lanewise.model.ModelKind;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.Schemas;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Round trips through every format that holds a model. */
class ExchangeProperties {
  private static final List<String> NAMES = List.of("a", "b", "ä\u2028\ud83d\ude00", "\"\\", "#1");

  /** Returns a model with everything that a file has to keep. */
  private static Model model(long seed) {
    Random random = new Random(seed);
    Schema schema =
        Schemas.of(
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
    boolean isOfTable = random.nextBoolean();
    if (loss.task().scalesTargets()) {
      Scaling targets = Scaling.standardise(new double[] {1e-9, 3}, new double[] {1, 7});
      model = model.withTargetScaling(targets);
    }
    Model one = isOfTable ? Model.of(model).withSchema(schema) : Model.of(model);
    return ModelKind.any(random).of(one, seed);
  }

  @Property(tries = 40)
  void formatsOfOursKeepEveryBit(@ForAll long seed) throws IOException {
    Model model = model(seed);
    boolean isPlain = model.members().size() == 1 && model.bins().isEmpty();
    Path directory = Files.createTempDirectory("exchange");
    try {
      for (String ending : List.of("npz", "safetensors", "onnx")) {
        Path file = directory.resolve("m." + ending);
        if (ending.equals("safetensors") && !isPlain) {
          rejects(() -> model.save(file), "expected one network without bins", ".npz and .onnx");
          continue;
        }
        model.save(file);
        Model stream = Model.load(new ByteArrayInputStream(Files.readAllBytes(file)), "m");
        for (Model read : List.of(Model.load(file), stream)) {
          assertEquals(model, read);
          assertEquals(model.checksum(), read.checksum());
          assertEquals(List.of(), read.assumptions());
        }
        Files.delete(file);
      }
    } finally {
      try (Stream<Path> left = Files.list(directory)) {
        for (Path file : left.toList()) {
          Files.delete(file); // left by a format that failed
        }
      }
      Files.delete(directory);
    }
  }
}
