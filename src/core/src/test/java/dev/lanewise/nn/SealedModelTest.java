package dev.lanewise.nn;

import static dev.lanewise.Refusals.rejects;
import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.lanewise.Stored;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.nn.internal.ModelFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the checksum of model files; make_sealed.py makes the files that numpy writes. */
class SealedModelTest {
  /** A model with scalings, class names and an input shape. */
  private static final Mlp MODEL =
      Mlp.initial(
              new Architecture(4, List.of(3, 2), 2, List.of(Activation.TANH, Activation.RELU)),
              Initializer.HE,
              7)
          .withLoss(Loss.MSE)
          .withScaling(
              Scaling.standardise(new double[] {1, -0.0, 3, 0.1}, new double[] {1, 0, 2, 3}))
          .withTargetScaling(Scaling.divide(3))
          .withClassNames(List.of("caf\u00e9 \ud83d\ude42", "b"))
          .withInputShape(2, 2);

  @TempDir Path directory;

  private static Path golden(String name) {
    return Stored.file(SealedModelTest.class, name);
  }

  /** Saving a model still gives the same bytes as when the golden file was made. */
  @Test
  void theFormatStays() throws IOException {
    Path file = directory.resolve("written.npz");
    MODEL.save(file);
    assertEquals(-1, Files.mismatch(golden("written.npz"), file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"written.npz", "rewritten.npz", "rewritten_otherwise.npz"})
  void whatNumpyHasReadAndWrittenIsTheSame(String name) throws IOException {
    Mlp model = Mlp.load(golden(name));
    assertEquals(MODEL, model);
    assertEquals(MODEL.hashCode(), model.hashCode());
    assertEquals(List.of(), model.assumptions());
  }

  @Test
  void aSealThatNumpyMadeHolds() throws IOException {
    Mlp model = Mlp.load(golden("sealed_by_numpy.npz"));
    assertEquals(List.of(), model.assumptions());
    assertEquals(List.of("caf\u00e9 \ud83d\ude00", ""), model.classNames());
    assertEquals(
        ModelArrays.of(golden("sealed_by_numpy.npz")).get("lanewise").stringAt(1),
        "sha256 " + model.checksum());
  }

  /** A model that has diverged does not replace the good file. */
  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void parametersThatAreNotFiniteAreNotSaved(float wrong) throws IOException {
    Path file = directory.resolve("good.npz");
    MODEL.save(file);
    float[] parameters = MODEL.parameters();
    parameters[17] = wrong;
    Mlp diverged = MODEL.withParameters(parameters);
    rejects(
        IllegalStateException.class,
        () -> diverged.save(file),
        "save %s: parameter 17 of 29 is %s, expected finite numbers".formatted(file, wrong));
    assertEquals(-1, Files.mismatch(golden("written.npz"), file));
  }

  @Test
  void theDigestIsTheChecksumOfItsFile() throws IOException {
    NdArray statement = ModelArrays.of(golden("written.npz")).get("lanewise");
    assertEquals("format 1", statement.stringAt(0));
    assertEquals("sha256 " + MODEL.checksum(), statement.stringAt(1));
    assertEquals("W1", statement.stringAt(2));
    assertEquals("input_shape", statement.stringAt(statement.length() - 1));
  }

  @Test
  void whatWasChangedIsRefusedUnlessItIsTrusted() throws IOException {
    Path file = golden("changed.npz");
    unreadable(
        () -> Mlp.load(file),
        file + ": changed since it was written (sha256 ",
        " of W1, b1, W2, b2, W3, b3 and 9 more, its checksum is ",
        "; loadTrusted reads it as it is");
    Mlp trusted = Mlp.loadTrusted(file);
    assertEquals(
        List.of("the checksum does not match: the file is trusted"), trusted.assumptions());
    assertEquals(MODEL.weights(0)[0] + 1, trusted.weights(0)[0]);
    assertNotEquals(MODEL, trusted);
    Path again = directory.resolve("again.npz");
    trusted.save(again);
    assertEquals(List.of(), Mlp.load(again).assumptions());
    assertEquals(List.of(), Mlp.loadTrusted(golden("written.npz")).assumptions());
  }

  private static Arguments change(String message, Consumer<Map<String, NdArray>> change) {
    return Arguments.of(message, change);
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        change("changed since", a -> a.put("loss", NdArray.ofStrings(List.of("huber")))),
        change(
            "changed since", // another shape
            a -> a.put("loss", NdArray.ofStrings(List.of("mse"), 1))),
        change(
            "changed since", // another type
            a -> a.put("b1", NdArray.of(a.get("b1").toDoubles(), 3))),
        change("changed since", a -> a.put("input_shape", NdArray.of(new long[] {2, 2}, 2))),
        change(
            "changed since", // another sign of a zero
            a -> a.put("scaling_mean", NdArray.of(new double[] {1, 0, 3, 0.1}, 4))),
        change(
            "changed since", // the names of two arrays exchanged
            a -> {
              NdArray mean = a.get("scaling_mean");
              a.put("scaling_mean", a.get("scaling_deviation"));
              a.put("scaling_deviation", mean);
            }),
        change("no array scaling, which it was written with", a -> a.remove("scaling")),
        change("no array b2, which it was", a -> a.remove("b2")),
        change(
            "array scaling_divisor was added since",
            a -> a.put("scaling_divisor", NdArray.of(new double[] {2}))),
        change(
            "array target_scaling_mean was added",
            a -> a.put("target_scaling_mean", NdArray.of(new double[2], 2))),
        change("array W4 was added", a -> a.put("W4", NdArray.of(new float[4], 2, 2))),
        change(
            "array lanewise without a checksum",
            a -> a.put("lanewise", NdArray.of(new double[3], 3))),
        change("array lanewise without a checksum", a -> statement(a, "form 1", null)),
        change("array lanewise without a checksum", a -> statement(a, "format 0", null)),
        change("array lanewise without a checksum", a -> statement(a, null, "sha256 abc")),
        change(
            "array lanewise without a checksum",
            a -> a.put("lanewise", NdArray.ofStrings(List.of("format 1"), 1))),
        change("changed since", a -> statement(a, null, "sha256 " + "0".repeat(64))));
  }

  private static void statement(Map<String, NdArray> arrays, String format, String sha256) {
    NdArray old = arrays.get("lanewise");
    String[] lines = new String[old.length()];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = old.stringAt(i);
    }
    lines[0] = format == null ? lines[0] : format;
    lines[1] = sha256 == null ? lines[1] : sha256;
    arrays.put("lanewise", NdArray.ofStrings(List.of(lines), lines.length));
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("changes")
  void eachChangeIsRefusedWithTheWayOut(String expected, Consumer<Map<String, NdArray>> change)
      throws IOException {
    Path file = directory.resolve("changed.npz");
    Map<String, NdArray> arrays = ModelArrays.of(golden("written.npz"));
    change.accept(arrays);
    Npz.write(file, arrays);
    unreadable(
        () -> Mlp.load(file),
        file + ": " + expected,
        "expected the file as it was written; loadTrusted");
    try {
      Mlp trusted = Mlp.loadTrusted(file);
      assertEquals(
          List.of("the checksum does not match: the file is trusted"),
          trusted.assumptions().stream().filter(a -> a.contains("trusted")).toList());
    } catch (FormatException e) { // trust does not replace a missing array
      assertTrue(
          e.getMessage().matches(".*: (no array b2|W4 without b4|no array b4).*"), e.getMessage());
    }
  }

  /** Every version has written these, so that a file without them says what it is not. */
  @ParameterizedTest
  @ValueSource(strings = {"activations", "loss"})
  void aSealedFileIsNotCompletedByAssumptions(String name) throws IOException {
    Path file = directory.resolve("made.npz");
    Map<String, NdArray> arrays = ModelArrays.of(golden("written.npz"));
    arrays.keySet().removeIf(array -> array.contains("target") || array.equals("lanewise"));
    arrays.remove(name);
    SealedNpz.write(file, arrays);
    unreadable(() -> Mlp.load(file), file + ": a checksum but no array " + name, "loadTrusted");
    assertTrue(Mlp.loadTrusted(file).assumptions().get(0).startsWith("no " + name + " stored"));
    Npz.write(file, arrays); // as numpy does, without a checksum
    assertTrue(Mlp.load(file).assumptions().get(0).startsWith("no " + name + " stored"));
  }

  @Test
  void aLaterFormatIsRefusedEvenIfItIsTrusted() throws IOException {
    Path file = directory.resolve("later.npz");
    Map<String, NdArray> arrays = ModelArrays.of(golden("written.npz"));
    arrays.put("lanewise", NdArray.ofStrings(List.of("format 3", "who knows"), 2));
    Npz.write(file, arrays);
    for (boolean trust : new boolean[] {false, true}) {
      unreadable(
          () -> (trust ? Mlp.loadTrusted(file) : Mlp.load(file)).layers(),
          file + ": format 3, expected at most 2: written by a later Lanewise");
    }
  }

  @Test
  void withoutASealItIsAFileOfOthers() throws IOException {
    Path file = directory.resolve("bare.npz");
    Map<String, NdArray> arrays = ModelArrays.of(golden("written.npz"));
    arrays.remove("lanewise");
    Npz.write(file, arrays);
    Mlp model = Mlp.load(file);
    assertEquals(MODEL, model);
    assertEquals(List.of("no checksum: changes cannot be detected"), model.assumptions());
    arrays.keySet().removeIf(name -> !name.matches("[Wb].*"));
    Npz.write(file, arrays);
    Mlp bare = Mlp.load(file);
    assertEquals(
        List.of(
            "no activations stored: relu is assumed in every hidden layer",
            "no loss stored: softmax is assumed",
            "no scaling stored: the scaling of the inputs is unknown",
            "no checksum: changes cannot be detected"),
        bare.assumptions());
    Mlp said =
        bare.withActivations(MODEL.architecture().activations())
            .withLoss(Loss.MSE)
            .withScaling(MODEL.scaling().orElseThrow());
    assertEquals(1, said.assumptions().size());
    assertEquals(List.of(), said.withParameters(said.parameters()).assumptions());
    assertEquals(List.of(), MODEL.assumptions());
    assertThrows(
        IllegalArgumentException.class, () -> bare.withActivations(List.of(Activation.RELU)));
  }

  static Stream<Arguments> leftOver() {
    return Stream.of(
        change(
            "target_scaling_divisor without target_scaling, expected both or neither",
            a -> a.remove("target_scaling")),
        change("scaling_mean without scaling, expected both or neither", a -> a.remove("scaling")),
        change(
            "scaling_mean beside a scaling that does not use it, expected no such" + " array",
            a -> a.put("scaling", NdArray.ofStrings(List.of("none")))),
        change(
            "schema_kinds without schema_columns, expected both or neither",
            a -> a.put("schema_kinds", NdArray.ofStrings(List.of("number"), 1))),
        change(
            "calibration_slope without calibration, expected both or neither",
            a -> a.put("calibration_slope", NdArray.of(new double[1], 1))),
        change(
            "decision_costs without decision, expected both or neither",
            a -> a.put("decision_costs", NdArray.of(new double[4], 2, 2))),
        change(
            "division_bits without division, expected both or neither",
            a -> a.put("division_bits", NdArray.of(new long[2], 2))));
  }

  /**
   * A file that has lost some of the arrays that belong together would silently be another model.
   */
  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("leftOver")
  void whatBelongsToNothingIsRefused(String expected, Consumer<Map<String, NdArray>> change)
      throws IOException {
    Path file = directory.resolve("bare.npz");
    Map<String, NdArray> arrays = ModelArrays.of(golden("written.npz"));
    arrays.remove("lanewise");
    change.accept(arrays);
    Npz.write(file, arrays);
    unreadable(() -> Mlp.load(file), file + ": " + expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "W3 without W2",
        "b2 without W2",
        "b17 without W2",
        "W0 beside W1",
        "b01 beside W1"
      })
  void layersWithAGapAreRefusedByName(String message) throws IOException {
    Path file = directory.resolve("gap.npz");
    NdArray any = ModelArrays.array("floats[1]");
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("W1", ModelArrays.array("floats[3,2]"));
    arrays.put("b1", ModelArrays.array("floats[2]"));
    arrays.put("Wx", any);
    arrays.put("W2b", any);
    Npz.write(file, arrays);
    assertEquals("3-2", Mlp.load(file).architecture().toString());
    arrays.put(message.replaceFirst(" .*", ""), any);
    Npz.write(file, arrays);
    unreadable(
        () -> Mlp.load(file),
        file + ": " + message,
        ", expected the layers W1, b1, W2, b2 and so on, without a missing number");
  }

  @Test
  void othersArraysBelongToTheSeal() throws IOException {
    Path file = directory.resolve("with.npz");
    ModelFile.write(MODEL, file, Map.of("mine", NdArray.of(new double[] {1}, 1)));
    assertEquals(MODEL, Mlp.load(file));
    Map<String, NdArray> arrays = ModelArrays.of(file);
    arrays.put("mine", NdArray.of(new double[] {2}, 1));
    Npz.write(file, arrays);
    assertThrows(FormatException.class, () -> Mlp.load(file));
    for (String name : List.of("W9", "loss", "scaling_x", "target_scaling", "lanewise")) {
      NdArray array = NdArray.of(new double[] {2}, 1);
      assertThrows(
          IllegalArgumentException.class,
          () -> ModelFile.write(MODEL, file, Map.of(name, array)),
          name);
    }
  }

  @Test
  void equalModelsAreEqualInEverything() {
    List<Mlp> models =
        List.of(
            MODEL,
            MODEL.withLoss(Loss.HUBER),
            MODEL.withScaling(Scaling.none()),
            MODEL.withScaling(
                Scaling.standardise(new double[] {1, 0.0, 3, 0.1}, new double[] {1, 0, 2, 3})),
            MODEL.withTargetScaling(Scaling.none()),
            MODEL.withClassNames(List.of("a", "b")),
            MODEL.withClassNames(List.of()),
            MODEL.withInputShape(),
            MODEL.withActivations(List.of(Activation.RELU, Activation.RELU)),
            MODEL.withParameters(changed(MODEL.parameters())));
    Set<String> digests = new HashSet<>();
    for (Mlp one : models) {
      for (Mlp other : models) {
        assertEquals(one == other, one.equals(other));
      }
      digests.add(one.checksum());
      Mlp copy = one.withParameters(one.parameters());
      assertEquals(one, copy);
      assertEquals(one.hashCode(), copy.hashCode());
      assertEquals(one.checksum(), copy.checksum());
    }
    assertEquals(models.size(), digests.size());
    assertEquals(
        "Mlp[4-3-2-2, activations [tanh, relu], loss mse, scaling standard, 29 parameters, outputs café 🙂, b]",
        MODEL.toString());
    assertEquals(
        "Mlp[2-1, activations [], loss softmax, scaling not known, 3 parameters]",
        Mlp.of(Architecture.relu(2, List.of(), 1), new float[3]).toString());
  }

  /** Changes 0 to -0, which makes another model. */
  private static float[] changed(float[] parameters) {
    parameters[parameters.length - 1] = -0f; // a bias, which starts at 0
    return parameters;
  }

  @Test
  void aModelOfNoFileLoads() throws IOException {
    byte[] bytes = Files.readAllBytes(golden("written.npz"));
    assertEquals(MODEL, Mlp.load(new ByteArrayInputStream(bytes), "a resource"));
    bytes[170] ^= 1; // a byte of a weight; the weights begin at byte 164
    var e =
        assertThrows(
            FormatException.class, () -> Mlp.load(new ByteArrayInputStream(bytes), "a resource"));
    assertTrue(e.getMessage().startsWith("a resource: "), e.getMessage());
    var empty =
        assertThrows(
            FormatException.class, () -> Mlp.load(new ByteArrayInputStream(new byte[0]), "none"));
    assertEquals("none: an empty file, expected an .npz file", empty.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {ZipOutputStream.STORED, ZipOutputStream.DEFLATED})
  void aModelWithinAJarLoads(int method) throws IOException {
    Path jar = directory.resolve("app.jar");
    byte[] bytes = Files.readAllBytes(golden("written.npz"));
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.setLevel(method == ZipOutputStream.STORED ? 0 : 9);
      zip.putNextEntry(new ZipEntry("models/nn_model.npz"));
      zip.write(bytes);
    }
    try (FileSystem files = FileSystems.newFileSystem(jar)) {
      Path inside = files.getPath("models", "nn_model.npz");
      assertEquals(MODEL, Mlp.load(inside));
      try (SealedNpz npz = SealedNpz.open(inside, false)) {
        assertEquals(1, npz.format().getAsInt());
      }
      assertThrows(NoSuchFileException.class, () -> Mlp.load(files.getPath("models", "none.npz")));
    }
  }

  /** A thread that has been asked to stop may load a model before it stops. */
  @Test
  void anInterruptedThreadLoads() throws IOException {
    Thread.currentThread().interrupt();
    try {
      assertEquals(MODEL, Mlp.load(golden("written.npz")));
    } finally {
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void parametersAreNotCopiedForWhoGoesOnInThem() throws IOException {
    Mlp model = Mlp.load(golden("written.npz"));
    float[] given = MlpState.of(model).parameters();
    assertArrayEquals(MODEL.parameters(), given);
    given[0] = 9;
    assertEquals(9, model.weights(0)[0]);
  }

  /** Memory may have room for only one copy of the parameters of a large model. */
  @Test
  void parametersAreNotCopied() throws IOException {
    Mlp large = Mlp.initial(Architecture.relu(1000, List.of(300), 2), Initializer.HE, 1);
    Path file = directory.resolve("large.npz");
    large.save(file); // the first call also loads classes
    Mlp.load(file);
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long array = (long) Float.BYTES * large.parameterCount();
    long start = bean.getCurrentThreadAllocatedBytes();
    large.save(file);
    String digest = large.checksum();
    long saved = bean.getCurrentThreadAllocatedBytes();
    Mlp loaded = Mlp.load(file);
    long end = bean.getCurrentThreadAllocatedBytes();
    assertTrue(saved - start < array, saved - start + " bytes to save");
    assertTrue(end - saved < 2 * array, end - saved + " bytes to load");
    assertEquals(digest, loaded.checksum());
  }
}
