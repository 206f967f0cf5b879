package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npy;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows to predict are the same whatever kind of file they are in, and targets are none of them. */
class RowStreamTest {
  private static final double[] VALUES = {0, 1, 2, 3, 4, 255};
  private static final byte[] IDX = {0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2};

  private final Mlp model =
      Mlp.initial(Architecture.relu(2, List.of(), 2), Initializer.HE, 1)
          .withScaling(Scaling.divide(2));

  @TempDir Path directory;

  private Path npy(NdArray array) throws IOException {
    Path file = directory.resolve("rows.npy");
    try (OutputStream out = Files.newOutputStream(file)) {
      Npy.write(out, array);
    }
    return file;
  }

  private Path idx(String name) throws IOException {
    byte[] all = new byte[IDX.length + VALUES.length];
    System.arraycopy(IDX, 0, all, 0, IDX.length);
    for (int i = 0; i < VALUES.length; i++) {
      all[IDX.length + i] = (byte) VALUES[i];
    }
    return Files.write(directory.resolve(name), all);
  }

  private static void check(RowStream rows) throws IOException {
    List<Float> found = new ArrayList<>();
    float[] some = new float[4];
    try (rows) {
      assertEquals(Scaling.divide(2), rows.scaling());
      for (int count = rows.next(some); count > 0; count = rows.next(some)) {
        for (int i = 0; i < 2 * count; i++) {
          found.add(some[i]);
        }
      }
      assertEquals(0, rows.targets());
    }
    List<Float> expected = new ArrayList<>();
    for (double value : VALUES) {
      expected.add((float) value / 2);
    }
    assertEquals(expected, found);
  }

  private RowStream open(Path file) throws IOException {
    return RowStream.open(file, LoadOptions.forModel(model), false);
  }

  @Test
  void ofEveryKindOfFile() throws IOException {
    NdArray doubles = NdArray.of(VALUES, 3, 2);
    check(open(npy(doubles)));
    check(open(npy(NdArray.ofBytes(new byte[] {0, 1, 2, 3, 4, -1}, 3, 1, 2))));
    check(open(npy(NdArray.of(new long[] {0, 1, 2, 3, 4, 255}, 3, 2))));
    check(open(idx("images-idx3-ubyte")));
    for (String name : List.of("inputs", "x", "inputs_test", "x_test")) {
      check(open(DataFiles.npz(directory, name, doubles, "inputs_train", doubles)));
    }
    String text = "0,1\n2,3\n4,255\n";
    check(open(Files.writeString(directory.resolve("rows.csv"), text)));
    check(
        RowStream.open(
            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
            "stdin",
            LoadOptions.forModel(model),
            true));
  }

  private String refused(Path file) {
    return assertThrows(FormatException.class, () -> open(file)).getMessage();
  }

  @Test
  void whatHasNoRowsToPredict() throws IOException {
    NdArray doubles = NdArray.of(VALUES, 3, 2);
    for (String[] names : new String[][] {{"inputs_train", "y"}, {"x", "x_test"}}) {
      Path file = DataFiles.npz(directory, names[0], doubles, names[1], doubles);
      String expected = "arrays %s, %s, expected one of inputs, x, inputs_test, x_test to predict";
      assertTrue(refused(file).endsWith(expected.formatted((Object[]) names)), refused(file));
    }
    byte[] unknown = {'B', 'I', 'N', 0, 1, -1, -2};
    Path file = Files.write(directory.resolve("rows.bin"), unknown);
    assertTrue(refused(file).contains("no kind of file that is known"), refused(file));
    assertThrows(
        IllegalArgumentException.class,
        () -> RowStream.open(npy(doubles), LoadOptions.defaults(), false));
  }

  @Test
  void rowsHaveAsManyFeaturesAsTheModelTakes() throws IOException {
    Path file = npy(NdArray.of(VALUES, 2, 3));
    assertEquals(file + ": rows of 3 features, expected 2 as the model takes", refused(file));
    try (RowStream rows = open(npy(NdArray.of(VALUES, 3, 2)))) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> rows.next(new float[1])).getMessage();
      assertEquals("data: room for 1 inputs, expected at least the 2 of a row", message);
      assertEquals(1, rows.next(new float[2]));
    }
  }

  @Test
  void whetherThereAreTargets() throws IOException {
    NdArray doubles = NdArray.of(VALUES, 3, 2);
    for (String name : List.of("target", "target_test", "y", "y_train")) {
      assertTrue(!RowStream.hasNoTargets(DataFiles.npz(directory, "x", doubles, name, doubles)));
    }
    for (String name : List.of("targets", "yes", "my", "inputs")) {
      assertTrue(RowStream.hasNoTargets(DataFiles.npz(directory, "x", doubles, name, doubles)));
    }
    Path images = idx("t10k-images-idx3-ubyte");
    assertTrue(RowStream.hasNoTargets(images));
    byte[] labels = {0, 0, 8, 1, 0, 0, 0, 3, 0, 1, 0};
    Files.write(directory.resolve("t10k-labels-idx1-ubyte"), labels);
    assertTrue(!RowStream.hasNoTargets(images));
    assertTrue(!RowStream.hasNoTargets(npy(doubles)));
    Path text = Files.writeString(directory.resolve("rows.csv"), "0,1\n2,3\n");
    assertTrue(!RowStream.hasNoTargets(text));
  }
}
