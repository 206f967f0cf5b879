package dev.lanewise.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictor;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.Schemas;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are read from and written to other places than files, and hidden outputs. */
class ModelStreamsTest {
  private final Mlp model =
      Mlp.initial(
              new Architecture(3, List.of(4, 2), 2, List.of(Activation.TANH, Activation.RELU)),
              Initializer.HE,
              7)
          .withScaling(Scaling.divide(10))
          .withClassNames(List.of("no", "yes"));

  @Test
  void bytesAndStreamsHoldTheWholeModel() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    model.save(out);
    Mlp read = Mlp.load(new ByteArrayInputStream(out.toByteArray()), "m");
    assertEquals(model, read);
    assertTrue(read.assumptions().isEmpty());
  }

  @Test
  void pathsMayBeWithinAJar(@TempDir Path directory) throws IOException {
    Path jar = directory.resolve("models.jar");
    try (FileSystem inside = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
      model.save(inside.getPath("/a.npz"));
      model.save(inside.getPath("/a.npz")); // replaces the file
      Model.of(model).save(inside.getPath("/a.onnx"));
      try (var names = Files.list(inside.getPath("/"))) {
        assertEquals(2, names.count());
      }
    }
    try (FileSystem inside = FileSystems.newFileSystem(jar)) {
      assertEquals(model, Mlp.load(inside.getPath("/a.npz")));
      assertEquals(Model.of(model), Model.load(inside.getPath("/a.onnx")));
    }
  }

  @Test
  void modelsAndSchemasSerialise() throws Exception {
    Schema schema =
        Schemas.of(
            new NumberColumn("age", 0, 30.5, true),
            new CategoryColumn("town", 1, List.of("a", "b", "c"), true, false));
    assertEquals(model, copy(model));
    assertEquals(Model.of(model), copy(Model.of(model)));
    assertEquals(schema, copy(schema));
  }

  private static Object copy(Object object) throws Exception {
    return read(stream(object));
  }

  private static Object read(byte[] bytes) throws Exception {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    }
  }

  private static byte[] stream(Object object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  @Test
  void aStreamThatWasChangedIsRefused() throws IOException {
    String text = new String(stream(model), StandardCharsets.ISO_8859_1);
    byte[] other = stream(model);
    int at = text.indexOf("W1.npy") + 6 + 128 + 4; // among the weights
    other[at] ^= 1;
    assertThrows(InvalidObjectException.class, () -> read(other));
  }

  @Test
  void hiddenOutputsAreThoseOfTheLastRows() {
    Predictor predictor = model.predictor(2);
    assertThrows(IllegalStateException.class, () -> predictor.outputs(0));
    float[] rows = {1, 2, 3, 40, 50, 60};
    predictor.predict(rows, new float[4]);
    float[] found = predictor.outputs(0);
    assertEquals(8, found.length);
    float[] w = model.weights(0);
    for (int row = 0; row < 2; row++) {
      for (int j = 0; j < 4; j++) {
        double sum = model.biases(0)[j];
        for (int i = 0; i < 3; i++) {
          sum += rows[3 * row + i] / 10.0 * w[4 * i + j];
        }
        assertEquals(StrictMath.tanh(sum), found[4 * row + j], 1e-6);
      }
    }
    assertEquals(4, predictor.outputs(1).length);
    predictor.predict(new float[9], new float[6]);
    assertThrows(IllegalStateException.class, () -> predictor.outputs(0), "two batches");
    predictor.predict(rows, new float[4]);
    predictor.predict(new float[0][]);
    assertEquals(0, predictor.outputs(0).length, "of no rows");
    predictor.predict(rows, new float[4]);
    predictor.predict(new double[0][]);
    assertEquals(0, predictor.outputs(0).length, "of no rows of doubles");
    for (int layer : new int[] {-1, 2}) {
      assertThrows(IllegalArgumentException.class, () -> predictor.outputs(layer));
    }
  }
}
