package dev.lanewise.table;

import static dev.lanewise.Refusals.rejects;
import static dev.lanewise.Refusals.unreadable;
import static dev.lanewise.table.Options.table;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.DataFiles;
import dev.lanewise.data.Dataset;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npy;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.Schema;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows to predict are the same in every kind of file, and targets are not among their inputs. */
class RowStreamTest {
  private static final double[] VALUES = {0, 1, 2, 3, 4, 255};
  private static final byte[] IDX = {0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2};

  private final Model model =
      Model.of(
          Mlp.initial(Architecture.relu(2, List.of(), 2), Initializer.HE, 1)
              .withScaling(Scaling.divide(2)));

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
    return RowStream.open(file, model, false);
  }

  @Test
  void ofEveryKindOfFile() throws IOException {
    NdArray doubles = NdArray.of(VALUES, 3, 2);
    check(open(npy(doubles)));
    check(open(npy(NdArray.ofBytes(new byte[] {0, 1, 2, 3, 4, -1}, 3, 1, 2))));
    check(open(npy(NdArray.of(new long[] {0, 1, 2, 3, 4, 255}, 3, 2))));
    check(open(idx("images-idx3-ubyte")));
    for (String name : List.of("inputs", "x", "inputs_test", "x_test")) {
      check(open(DataFiles.npz(directory, name + " inputs_train", doubles, doubles)));
    }
    String text = "0,1\n2,3\n4,255\n";
    check(open(Files.writeString(directory.resolve("rows.csv"), text)));
    check(
        RowStream.open(
            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "stdin", model, true));
  }

  private String refused(Path file) {
    return assertThrows(FormatException.class, () -> open(file)).getMessage();
  }

  @Test
  void whatHasNoRowsToPredict() throws IOException {
    NdArray doubles = NdArray.of(VALUES, 3, 2);
    for (String[] names : new String[][] {{"inputs_train", "y"}, {"x", "x_test"}}) {
      Path file = DataFiles.npz(directory, names[0] + " " + names[1], doubles, doubles);
      String expected = "arrays %s, %s, expected one of inputs, x, inputs_test, x_test to predict";
      assertTrue(refused(file).endsWith(expected.formatted((Object[]) names)), refused(file));
    }
    byte[] unknown = {'B', 'I', 'N', 0, 1, -1, -2};
    Path file = Files.write(directory.resolve("rows.bin"), unknown);
    assertTrue(refused(file).contains("an unknown kind of file"), refused(file));
  }

  @Test
  void rowsHaveAsManyFeaturesAsTheModelTakes() throws IOException {
    Path file = npy(NdArray.of(VALUES, 2, 3));
    assertEquals(file + ": rows of 3 features, expected 2 as the model takes", refused(file));
    try (RowStream rows = open(npy(NdArray.of(VALUES, 3, 2)))) {
      rejects(
          () -> rows.next(new float[1]),
          "data: room for 1 inputs, expected room for the 2 inputs of a row");
      assertEquals(1, rows.next(new float[2]));
    }
  }

  @Test
  void whetherThereAreTargets() throws IOException {
    NdArray doubles = NdArray.of(VALUES, 3, 2);
    for (String name : List.of("target", "target_test", "y", "y_train")) {
      assertTrue(!RowStream.hasNoTargets(DataFiles.npz(directory, "x " + name, doubles, doubles)));
    }
    for (String name : List.of("targets", "yes", "my", "inputs")) {
      assertTrue(RowStream.hasNoTargets(DataFiles.npz(directory, "x " + name, doubles, doubles)));
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

  @Test
  void aModelWithoutScalingTakesFloatsAsTheyStand() throws IOException {
    Model plain = Model.of(Mlp.initial(Architecture.relu(2, List.of(), 2), Initializer.HE, 1));
    double[] values = {0.5, 255, -3, 1e6};
    Path file = npy(NdArray.of(values, 2, 2));
    try (RowStream rows = RowStream.open(file, plain, false)) {
      assertEquals(Scaling.none(), rows.scaling());
      float[] read = new float[4];
      assertEquals(2, rows.next(read));
      assertArrayEquals(new float[] {0.5f, 255, -3, 1e6f}, read);
    }
  }

  /** Files are read again for all errors. A stream has the first row with one. */
  @Test
  void severalErrorsOfAFileAreNamedTogether() throws IOException {
    String text = "a,b,kind\n1,2,x\n1,2,x\n1,none,x\nno,2,x\n";
    Path file = Files.writeString(directory.resolve("wrong.csv"), text);
    try (RowStream rows = RowStream.open(file, modelOfTable(), false)) {
      unreadable(
          () -> rows.next(new float[100]),
          "wrong.csv: 2 columns or lines cannot be read as they are:",
          "line 5, column a is \"no\"",
          "line 4, column b is \"none\"");
    }
    InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    try (RowStream rows = RowStream.open(in, "in", modelOfTable(), false)) {
      unreadable(() -> rows.next(new float[100]), "in: line 4, column b is \"none\"");
    }
  }

  /** Otherwise, later rows would be taken for those that could not be read. */
  @Test
  void nothingIsReadAfterAnError() throws IOException {
    String text = "a,b,kind\n1,2,x\n1,none,x\n3,2,x\n4,2,x\n";
    Path file = Files.writeString(directory.resolve("wrong.csv"), text);
    try (RowStream rows = RowStream.open(file, modelOfTable(), false)) {
      float[] one = new float[2];
      assertThrows(IllegalArgumentException.class, () -> rows.next(new float[1]));
      assertEquals(1, rows.next(one), "a wrong call is not an error of the file");
      assertThrows(FormatException.class, () -> rows.next(one));
      rejects(IllegalStateException.class, () -> rows.next(one), "rows would be missing");
    }
  }

  @Test
  void targetsThatTheModelHasNoOutputForAreRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("rows.csv"), "0.5,1,2\n2,3,3\n");
    unreadable(
        () -> Datasets.load(file, model),
        "target #2 is \"2\", expected one of 0, 1 as in training");
  }

  /** A text that records whether it was closed. */
  private static final class Text extends ByteArrayInputStream {
    boolean isClosed;

    Text(String text) {
      super(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }

  private Model modelOfTable() throws IOException {
    String text = table("a,b,kind", 20, i -> List.of(i % 7, i % 5, i % 2 == 0 ? "x" : "y"));
    Path file = Files.writeString(directory.resolve("train.csv"), text);
    Dataset data = Datasets.load(file, Options.WHOLE, Options.UNSCALED);
    return Model.of(
            Mlp.initial(Architecture.relu(2, List.of(), 2), Initializer.HE, 1)
                .withScaling(data.scaling())
                .withClassNames(data.classNames()))
        .withSchema(Schema.of(data).orElseThrow());
  }

  /**
   * Columns are found by their names, and all columns of the file can be shown with predictions.
   */
  @Test
  void columnsMayStandInAnotherOrderAndBesideOthers() throws IOException {
    Text text = new Text("b,kind,id,a\n2,x,q,1\n4,,r,3\n");
    try (RowStream rows = RowStream.open(text, "stdin", modelOfTable(), true)) {
      assertEquals(List.of("b", "kind", "id", "a"), rows.columns());
      assertEquals(
          List.of("Columns passed over, as the model does not know them: id"), rows.notes());
      assertThrows(IllegalStateException.class, () -> rows.target(0, 0));
      float[] inputs = new float[4];
      assertEquals(2, rows.next(inputs));
      assertArrayEquals(new float[] {1, 2, 3, 4}, inputs);
      assertEquals(1, rows.targets());
      assertEquals("x", rows.target(0, 0));
      assertEquals("", rows.target(1, 0));
      assertEquals(List.of("4", "", "r", "3"), rows.texts(1));
      assertTrue(!text.isClosed);
    }
    assertTrue(text.isClosed);
  }

  @Test
  void whatDoesNotFitTheModelIsRefusedAndClosed() throws IOException {
    Model ofTable = modelOfTable();
    for (String target : List.of("kind", "a")) {
      Text text = new Text(target.equals("a") ? "a,b,kind\n1,2,x\n" : "a,kind\n1,x\n");
      unreadable(
          () -> RowStream.open(text, "stdin", ofTable, false, Options.target(target)),
          target.equals("a")
              ? "stdin: target a, expected kind, which the model predicts"
              : "stdin: no column b, expected the columns of the model");
      assertTrue(text.isClosed);
    }
    Text empty = new Text("\n\n");
    assertThrows(FormatException.class, () -> RowStream.open(empty, "stdin", ofTable, false));
    assertTrue(empty.isClosed);
  }

  /** Opens a table for a model and reads its only row. */
  private List<Object> read(Model some, String text, ReadOptions... more) throws IOException {
    Path file = Files.writeString(directory.resolve("rows.csv"), text);
    try (RowStream rows = RowStream.open(file, some, false, more)) {
      float[] inputs = new float[2];
      List<Object> found = new ArrayList<>();
      assertEquals(1, rows.next(inputs));
      found.add(inputs[0]);
      found.add(inputs[1]);
      for (int k = 0; k < rows.targets(); k++) {
        found.add(rows.target(0, k));
      }
      assertEquals(0, rows.next(inputs));
      return found;
    }
  }

  private String refused(Model some, String text, ReadOptions... more) {
    String message = assertThrows(FormatException.class, () -> read(some, text, more)).getMessage();
    return message.substring((directory.resolve("rows.csv") + ": ").length());
  }

  /** All options about columns are followed, alone and together. */
  @Test
  void columnsOfATableForAModelOfArrays() throws IOException {
    List<Object> expected = List.of(1f, 3f, "1");
    ReadOptions target = Options.target("y");
    ReadOptions usual = ReadOptions.defaults();
    assertEquals(expected, read(model, "a,b,y\n2,6,1\n"));
    assertEquals(expected.subList(0, 2), read(model, "a,b\n2,6\n"));
    assertEquals(expected, read(model, "y,a,b\n1,2,6\n", target));
    assertEquals(expected, read(model, "a,w,b,y\n2,7,6,1\n", usual.withWeight("w")));
    assertEquals(expected, read(model, "w,a,b,y\n7,2,6,1\n", usual.withWeight("w")));
    assertEquals(expected, read(model, "id,a,b,y\n7,2,6,1\n", usual.withIgnored(List.of("id"))));
    assertEquals(
        expected,
        read(model, "y,a,w,id,b\n1,2,7,8,6\n", target.withWeight("w").withIgnored(List.of("id"))));
    String wide = "rows of 3 features, expected 2 as the model takes";
    assertEquals(wide, refused(model, "y,a,b,c\n1,2,6,4\n", target));
    assertEquals(wide, refused(model, "a,b,c,id,y\n2,6,1,8,1\n", usual.withIgnored(List.of("id"))));
    assertEquals(
        "column b is to be categorical, expected numbers, as the model takes",
        refused(model, "a,b,y\n2,6,1\n", target.withCategorical(List.of("b"))));
    assertEquals(
        "column b is to be categorical, expected numbers, as the model takes",
        refused(model, "a,b\n2,6\n", usual.withCategorical(List.of("b"))));
  }

  @Test
  void asManyTargetsAsTheModelHas() throws IOException {
    Model numbers = model.withLoss(Loss.MSE);
    assertEquals(List.of(1f, 3f), read(numbers, "2,6\n"));
    assertEquals(List.of(1f, 3f, "4", "5"), read(numbers, "2,6,4,5\n"));
    assertEquals(
        "3 columns, expected 2, a column per input of the model, optionally followed by 2 of the target",
        refused(numbers, "2,6,4\n"));
    assertEquals(
        "4 columns, expected 2, a column per input of the model, optionally followed by 1 of the target",
        refused(model, "2,6,4,5\n"));
  }
}
