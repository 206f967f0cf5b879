package dev.lanewise.model;

import static dev.lanewise.Refusals.rejects;
import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.train.Trainer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the arrays that a model keeps for other packages. */
class FurtherFactsTest {
  private static final Model PLAIN =
      Model.of(
              Mlp.initial(
                  new Architecture(3, List.of(4), 2, List.of(Activation.RELU)), Initializer.HE, 7))
          .withScaling(Scaling.none());
  private static final Map<String, NdArray> FACTS =
      Map.of(
          "b/edges", NdArray.of(new float[] {1, Float.NaN, -0f, 4}, 2, 2),
          "a counts", NdArray.of(new long[] {Long.MIN_VALUE, 3}, 2),
          "caf\u00e9", NdArray.ofStrings(List.of("x", "\ud83d\ude42"), 2));

  @TempDir Path directory;

  @Test
  void filesKeepThem() throws Exception {
    Model model = PLAIN.withFurtherFacts(FACTS);
    Mlp network = model.members().get(0);
    Model both = Model.of(List.of(network, network.withActivations(List.of(Activation.TANH))));
    for (Model one : List.of(model, both)) {
      Path file = directory.resolve("m.npz");
      one.save(file);
      Model read = Model.load(file);
      assertEquals(one, read);
      assertEquals(one.hashCode(), read.hashCode());
      assertEquals(one.checksum(), read.checksum());
      assertEquals(List.of("a counts", "b/edges", "caf\u00e9"), names(read));
      assertEquals(List.of(), read.assumptions());
      for (String name : FACTS.keySet()) {
        assertEquals(FACTS.get(name).sha256(), read.furtherFacts().get(name).sha256());
        assertArrayEquals(FACTS.get(name).shape(), read.furtherFacts().get(name).shape());
      }
      assertEquals(one, serialised(one));
    }
  }

  private static List<String> names(Model model) {
    return List.copyOf(model.furtherFacts().keySet());
  }

  static Object serialised(Object model) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(model);
    }
    return new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
  }

  @Test
  void theyAreAPartOfTheModelButNotOfItsParameters() {
    Model model = PLAIN.withFurtherFacts(FACTS);
    Model other =
        PLAIN.withFurtherFacts(Map.of("a counts", NdArray.of(new long[] {Long.MIN_VALUE, 4}, 2)));
    assertEquals(PLAIN.sha256(), model.sha256());
    for (Model different : List.of(PLAIN, other)) {
      assertNotEquals(different, model);
      assertNotEquals(different.checksum(), model.checksum());
      rejects(
          () -> Model.of(List.of(model.members().get(0), different.members().get(0))),
          "facts of member 1");
    }
    assertEquals(PLAIN, model.withFurtherFacts(Map.of()));
    assertEquals(PLAIN.checksum(), model.withFurtherFacts(Map.of()).checksum());
    assertEquals(model, model.withFurtherFacts(new HashMap<>(model.furtherFacts())));
    assertEquals(model.furtherFacts(), model.withLoss(Loss.SIGMOID).furtherFacts());
    assertThrows(UnsupportedOperationException.class, () -> model.furtherFacts().clear());
  }

  @Test
  void namesThatNoFileCanHoldAreRefused() {
    NdArray array = NdArray.of(new int[] {1}, 1);
    rejects(() -> PLAIN.withFurtherFacts(Map.of("", array)), "further facts: an empty name");
    rejects(() -> PLAIN.withFurtherFacts(Map.of("a\0", array)), "the character 0");
  }

  /** What training learned from other rows is no fact about the rows of the next training. */
  @Test
  void trainingDropsThem() {
    float[][] rows = {{1, 2, 3}, {3, 2, 1}, {0, 1, 0}, {1, 0, 1}};
    Dataset data = Dataset.of(Rows.of(rows, new int[] {0, 1, 0, 1}));
    Mlp trained =
        Trainer.builder()
            .epochs(1)
            .batchSize(2)
            .build()
            .fit(PLAIN.withFurtherFacts(FACTS).members().get(0), data)
            .model();
    assertEquals(Map.of(), Model.of(trained).furtherFacts());
  }

  @Test
  void anArrayThatWasAddedToTheFileIsRefused() throws IOException {
    Path file = directory.resolve("m.npz");
    PLAIN.save(file);
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    try (Npz npz = Npz.open(file)) {
      for (String name : npz.names()) {
        arrays.put(name, npz.read(name));
      }
    }
    arrays.put("fact/new", NdArray.of(new int[] {1}, 1));
    Npz.write(file, arrays);
    unreadable(() -> Model.load(file), "array fact/new was added");
    arrays.remove("lanewise");
    Npz.write(file, arrays);
    assertEquals(List.of("new"), names(Model.load(file)));
  }
}
