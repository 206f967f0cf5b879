package dev.lanewise.table;

import static dev.lanewise.Refusals.rejects;
import static dev.lanewise.data.DataFiles.labels;
import static dev.lanewise.data.DataFiles.npz;
import static dev.lanewise.data.DataFiles.rows;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.internal.RowRange;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npy;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows that stay in their file are the same as rows that are read from it. */
class MappedDatasetTest {
  private static final int ROWS = 43;

  @TempDir Path directory;

  private Path npy(String name, NdArray array) throws IOException {
    Path file = directory.resolve(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      Npy.write(out, array);
    }
    return file;
  }

  private static NdArray targets() {
    int[] targets = new int[ROWS];
    for (int row = 0; row < ROWS; row++) {
      targets[row] = row * row % 5;
    }
    return NdArray.of(targets, ROWS);
  }

  /** Returns ROWS x 2 x 3 numbers: whole ones from 0 to the largest, or fractions around 0. */
  private static NdArray inputs(String type, int largest) {
    Random random = new Random(largest);
    double[] values = new double[ROWS * 6];
    float[] floats = new float[values.length];
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = largest == 0 ? random.nextGaussian() : random.nextInt(largest + 1);
      floats[i] = (float) values[i];
      bytes[i] = (byte) values[i];
    }
    return switch (type) {
      case "u1" -> NdArray.ofBytes(bytes, ROWS, 2, 3);
      case "f4" -> NdArray.of(floats, ROWS, 2, 3);
      default -> NdArray.of(values, ROWS, 2, 3);
    };
  }

  private Dataset mapped(NdArray inputs, NdArray targets, LoadOptions... options)
      throws IOException {
    return Datasets.mapped(npy("x.npy", inputs), npy("t.npy", targets), options);
  }

  @ParameterizedTest
  @CsvSource({
    "u1, 255", "u1, 100", "f4, 255", "f4, 100", "f4, 0", "f8, 255", "f8, 100", "f8, 300", "f8, 0"
  })
  void rowsAreThoseOfTheSameArrayInMemory(String type, int largest) throws IOException {
    NdArray inputs = inputs(type, largest);
    for (String scale : new String[] {"auto", "none", "255", "standard"}) {
      ScaleOptions options = ScaleOptions.defaults().withScale(ScaleChoice.named(scale));
      Dataset mapped = mapped(inputs, targets(), options);
      Dataset read = Datasets.load(npz(directory, "x_train y_train", inputs, targets()), options);
      assertEquals(read.scaling(), mapped.scaling(), scale);
      assertEquals(read.classes(), mapped.classes());
      assertArrayEquals(new int[] {2, 3}, mapped.inputShape());
      assertEquals(39, mapped.train().rows());
      assertSame(read.train(), mapped.train());
      assertSame(read.validation().orElseThrow(), mapped.validation().orElseThrow());
      assertSame(read.all().orElseThrow(), mapped.all().orElseThrow());
      assertEquals(Optional.empty(), mapped.test());
      float[] batch = new float[13];
      float[] expected = new float[13];
      mapped.train().copyRows(new int[] {38, 0, 7, 7}, 1, 2, batch, 1);
      read.train().copyRows(new int[] {38, 0, 7, 7}, 1, 2, expected, 1);
      assertArrayEquals(expected, batch);
      mapped.train().copyColumns(new int[] {38, 0, 7}, 1, 2, 2, 3, batch, 4);
      read.train().copyColumns(new int[] {38, 0, 7}, 1, 2, 2, 3, expected, 4);
      assertArrayEquals(expected, batch);
    }
  }

  private static void assertSame(Rows expected, Rows actual) {
    assertArrayEquals(rows(expected), rows(actual));
    assertArrayEquals(labels(expected), labels(actual));
  }

  @Test
  void targetsMayBeNumbers() throws IOException {
    NdArray targets = NdArray.of(new float[ROWS * 2], ROWS, 2);
    ScaleOptions options = Options.loss(Loss.MSE);
    assertEquals(2, mapped(inputs("f4", 0), targets, options).train().outputs());
    Dataset few = // too few rows for a tenth
        Datasets.mapped(
            npy("few.npy", NdArray.of(new float[9], 9, 1)),
            npy("t.npy", NdArray.of(new int[9], 9)));
    assertEquals(9, few.train().rows());
    assertEquals(Optional.empty(), few.validation());
  }

  @Test
  void numbersThatAreNotFiniteAreNamedWhenTheyAreRead() throws IOException {
    double[] values = inputs("f8", 0).toDoubles();
    values[40 * 6 + 2] = Double.NaN;
    values[7 * 6 + 5] = 1e60;
    ScaleOptions none = ScaleOptions.defaults().withScale(ScaleChoice.fixed(Scaling.none()));
    Dataset data = mapped(NdArray.of(values, ROWS, 6), targets(), none);
    rows(data.train().slice(0, 7));
    assertRefused(
        data.train(),
        "row 7, feature 5 is 1.0E60, expected a smaller number: after scaling (none)");
    assertRefused(data.validation().orElseThrow(), "row 40, feature 2 is NaN, expected a finite");
    values[7 * 6 + 5] = Double.NEGATIVE_INFINITY;
    FormatException e = // if the scaling depends on all rows, they are read at once
        assertThrows(FormatException.class, () -> mapped(NdArray.of(values, ROWS, 6), targets()));
    assertTrue(e.getMessage().contains("x.npy: row 7, feature 5 is -Infinity, expected a finite"));
    Dataset raw = mapped(NdArray.of(values, ROWS, 6), targets(), none);
    rejects(() -> raw.withScaling(ScaleChoice.standard()), directory.resolve("x.npy") + ": ");
  }

  private void assertRefused(Rows split, String message) {
    UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> rows(split));
    String start = directory.resolve("x.npy") + ": " + message;
    assertTrue(e.getMessage().startsWith(start), e.getMessage());
  }

  @Test
  void filesThatDoNotFitAreRefused() throws IOException {
    Path x = npy("x.npy", inputs("u1", 255));
    Path few = npy("few.npy", NdArray.of(new int[9], 9));
    FormatException e = assertThrows(FormatException.class, () -> Datasets.mapped(x, few));
    assertEquals(
        few + ": int32 (9,), expected 43 rows, as many as there are inputs", e.getMessage());
    Path none = directory.resolve("none.npy");
    var missing = assertThrows(NoSuchFileException.class, () -> Datasets.mapped(x, none));
    assertEquals(none + ": no such file, expected an npy array", missing.getMessage());
  }

  /** Returns zeros that take no space on the disk, with labels that do. */
  private Dataset large(int rows, int features) throws IOException {
    Path x = npy("large.npy", NdArray.ofBytes(new byte[features], 1, features));
    String header = new String(Files.readAllBytes(x), StandardCharsets.ISO_8859_1);
    String shape = "(1, " + features + "), }" + " ".repeat(Integer.toString(rows).length() - 1);
    String longer = header.replace(shape, "(" + rows + ", " + features + "), }");
    Files.write(x, longer.getBytes(StandardCharsets.ISO_8859_1));
    try (FileChannel channel = FileChannel.open(x, StandardOpenOption.WRITE)) {
      long size = header.length() + (rows - 1L) * features;
      channel.write(ByteBuffer.wrap(new byte[1]), size - 1);
    }
    return Datasets.mapped(x, npy("t.npy", NdArray.ofBytes(new byte[rows], rows)));
  }

  @Test
  void aPassLeavesTheHeapAlone() throws IOException {
    int rows = 1 << 16;
    int features = 800;
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = bean.getCurrentThreadAllocatedBytes();
    Rows all = large(rows, features).all().orElseThrow();
    long opened = bean.getCurrentThreadAllocatedBytes();
    float[] batch = new float[128 * features];
    for (int row = 0; row < rows; row += 128) {
      all.copyRows(null, row, 128, batch, 0);
    }
    long read = bean.getCurrentThreadAllocatedBytes();
    // The file has 50 MB. Opening it took a few copies of the labels, and the pass took one batch.
    assertTrue(opened - before < 4_000_000, "opening allocated " + (opened - before));
    assertTrue(read - opened < 1_000_000, "a pass allocated " + (read - opened));
  }

  /**
   * Some systems allow a file in use to be cut off. Compiled code goes on after a page that is
   * missing, and the thread gets the error at its next call into the JVM, here the sleep.
   */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aFileThatIsCutOffEndsInAnError() throws Exception {
    Rows all = large(20_000, 800).all().orElseThrow();
    float[] batch = new float[128 * 800];
    all.copyRows(null, 15_000, 128, batch, 0);
    try (FileChannel channel =
        FileChannel.open(directory.resolve("large.npy"), StandardOpenOption.WRITE)) {
      channel.truncate(4096);
    }
    Throwable found = null;
    try {
      all.copyRows(null, 1000, 1, batch, 0);
      Thread.sleep(1);
    } catch (InternalError | UncheckedIOException e) {
      found = e;
    }
    String changed = "cannot be read, expected a file that does not change meanwhile";
    assertTrue(
        found instanceof InternalError
            || found instanceof UncheckedIOException && found.getMessage().contains(changed),
        () -> "no error, or another one");
  }

  @Test
  void aShareBecomesValidation() throws IOException {
    NdArray inputs = inputs("f4", 0);
    for (double share : new double[] {0, 0.3}) {
      LoadOptions[] options = {
        DivisionOptions.defaults().withValidFraction(share),
        ScaleOptions.defaults().withScale(ScaleChoice.standard())
      };
      Dataset mapped = mapped(inputs, targets(), options);
      Dataset read = Datasets.load(npz(directory, "x_train y_train", inputs, targets()), options);
      assertEquals(read.scaling(), mapped.scaling(), "fitted on the rows that are left");
      assertSame(read.train(), mapped.train());
      assertEquals(share > 0, mapped.validation().isPresent());
      if (share > 0) {
        assertEquals(12, mapped.validation().get().rows());
        assertSame(read.validation().orElseThrow(), mapped.validation().get());
      }
      assertSame(read.all().orElseThrow(), mapped.all().orElseThrow());
    }
    Dataset whole = mapped(inputs, targets(), DivisionOptions.defaults().withValidFraction(0));
    assertEquals(21, whole.withValidation(0.5, false).validation().orElseThrow().rows());
  }

  @Test
  void rowsStayInTheOrderOfTheirFile() throws IOException {
    NdArray inputs = inputs("u1", 255);
    Dataset data = mapped(inputs, targets(), DivisionOptions.defaults().withValidFraction(0));
    String expected =
        "data: rows that stay in the order of their file, expected rows in memory to shuffle or stratify";
    assertMessage(expected, () -> data.withValidation(0.5, true));
    assertMessage(expected, () -> data.train().shuffled(3));
    DivisionOptions stratified = DivisionOptions.defaults().withStratified(true);
    assertMessage(expected, () -> mapped(inputs, targets(), stratified));
  }

  private static void assertMessage(String expected, Executable action) {
    rejects(action, expected);
  }

  @Test
  void theyMayHaveWeights() throws IOException {
    Dataset data = mapped(inputs("u1", 255), targets());
    Rows valid = data.validation().orElseThrow().withRowWeights(new float[] {0, 1, 2, 3});
    Rows all = Dataset.of(data.train(), Optional.of(valid), Optional.empty()).all().orElseThrow();
    assertSame(data.all().orElseThrow(), all);
    assertEquals(1, all.weight(38));
    assertEquals(0, all.weight(39));
    assertEquals(3, all.weight(42));
    assertEquals(2, all.slice(41, 2).weight(0));
    // The first row of the concatenation is inside the file, so its arrays are those of the file.
    Rows most = RowRange.concatenation(List.of(data.train().slice(5, 34), valid));
    assertSame(data.all().orElseThrow().slice(5, 38), most);
    assertEquals(1, most.weight(33));
    assertEquals(0, most.weight(34));
    assertEquals(3, most.weight(37));
  }

  @Test
  void targetsMayBeScaled() throws IOException {
    float[] numbers = new float[2 * ROWS];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = 1000 + i * i % 17;
    }
    NdArray targets = NdArray.of(numbers, ROWS, 2);
    NdArray inputs = inputs("f4", 0);
    ScaleOptions options = Options.loss(Loss.MSE).withTargetScale(ScaleChoice.standard());
    Dataset mapped = mapped(inputs, targets, options);
    Dataset read = Datasets.load(npz(directory, "x_train y_train", inputs, targets), options);
    assertEquals("standard", mapped.targetScaling().name());
    assertEquals(read.targetScaling(), mapped.targetScaling());
    float[] expected = new float[2 * ROWS];
    float[] found = new float[2 * ROWS];
    read.all().orElseThrow().copyTargets(null, 0, ROWS, expected, 0);
    Rows all = mapped.all().orElseThrow();
    all.copyTargets(null, 0, ROWS, found, 0);
    assertArrayEquals(expected, found);
    assertEquals(numbers[85], all.target(42, 1), "kept raw");
  }
}
