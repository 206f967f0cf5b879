package dev.lanewise.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npy;
import dev.lanewise.format.Npz;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.format.internal.SealedNpz;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A wrong call throws an exception at once, and the message says what to do. */
class MisuseTest {
  private static final NdArray ONE = NdArray.of(new float[1], 1);

  @TempDir Path directory;

  private static void refused(Class<? extends Exception> type, String text, Executable call) {
    Exception e = assertThrows(type, call);
    assertTrue(String.valueOf(e.getMessage()).contains(text), e.toString());
  }

  /**
   * This also covers records that are still in its buffer; whether a record is there depends on the
   * file's size.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTableIsReadBeforeItIsClosed(boolean packed) throws IOException {
    Path file = directory.resolve("a.csv");
    try (OutputStream out = Files.newOutputStream(file);
        OutputStream to = packed ? new GZIPOutputStream(out) : out) {
      to.write("a,b\n1,2\n".getBytes());
    }
    Csv csv = Csv.open(file);
    assertTrue(csv.next());
    csv.close();
    refused(
        IllegalStateException.class,
        "a.csv: next of a reader that is closed, expected an open reader",
        csv::next);
    csv.close();
  }

  @Test
  void aTableIsReadFromAPlaceInTheFile() throws IOException {
    Path file = Files.writeString(directory.resolve("a.csv"), "a,b\n1,2\n");
    try (Csv csv = Csv.open(file)) {
      assertThrows(IndexOutOfBoundsException.class, () -> csv.from(-1, 1));
      assertThrows(IndexOutOfBoundsException.class, () -> csv.fromLine(0));
    }
  }

  /** This holds for archives in files and in memory. */
  @Test
  void anArchiveIsReadBeforeItIsClosed() throws IOException {
    Path file = directory.resolve("a.npz");
    SealedNpz.write(file, Map.of("a", ONE));
    for (Npz npz : List.of(Npz.open(file), Npz.open(Files.newInputStream(file), "a.npz"))) {
      npz.close();
      String text = "a.npz: a: read after close, expected an open file";
      refused(IllegalStateException.class, text, () -> npz.read("a"));
      refused(IllegalStateException.class, text, () -> npz.header("a"));
      refused(IllegalStateException.class, text, () -> npz.readFloats(List.of("a")));
    }
    SealedNpz sealed = SealedNpz.open(file, false);
    sealed.close();
    refused(IllegalStateException.class, "read after close", sealed::verify);
  }

  /** Zip and UTF-8 would change such names, perhaps to the name of another array. */
  @ParameterizedTest
  @ValueSource(strings = {"a\0", "a\0b", "a\ud800", "\udc00a"})
  void arraysHaveNamesThatFilesKeep(String name) {
    Path file = directory.resolve("a.npz");
    String text = "the character 0";
    refused(IllegalArgumentException.class, text, () -> Npz.write(file, Map.of(name, ONE)));
    refused(IllegalArgumentException.class, text, () -> SealedNpz.write(file, Map.of(name, ONE)));
    assertFalse(Files.exists(file));
  }

  @Test
  void arraysHaveNames() {
    Map<String, NdArray> arrays = new HashMap<>();
    arrays.put(null, ONE);
    refused(
        IllegalArgumentException.class,
        "arrays: null, expected a text",
        () -> Npz.write(directory.resolve("a.npz"), arrays));
  }

  /** Only a last character of 0 is refused; one in the middle is kept, as in numpy. */
  @Test
  void stringsDoNotEndInWhatFillsThemUp() {
    assertEquals("a\0b", NdArray.ofStrings(List.of("a\0b")).stringAt(0));
    refused(
        IllegalArgumentException.class,
        "ends in the character 0",
        () -> NdArray.ofStrings(List.of("a\0")));
  }

  @Test
  void stringsThatTakeTooMuchRoomAreRefusedInWords() {
    List<String> strings = new ArrayList<>(Collections.nCopies(1 << 16, "a"));
    strings.set(7, "b".repeat(1 << 15));
    refused(
        IllegalArgumentException.class,
        "65536 strings of up to 32768 characters, expected less than 2^31 characters",
        () -> NdArray.ofStrings(strings, strings.size()));
  }

  @Test
  void shapesAndPlacesAreWithinAnArray() {
    float[] three = new float[3];
    refused(
        IndexOutOfBoundsException.class,
        "shape (65536, 65536), expected no negative dimension and fewer than 2^31 elements",
        () -> NdArray.ofFloats(three, 0, 1 << 16, 1 << 16));
    refused(IndexOutOfBoundsException.class, "shape (-2,)", () -> NdArray.ofFloats(three, 0, -2));
    refused(
        IndexOutOfBoundsException.class,
        "Index 2 out of bounds for length 2",
        () -> NdArray.ofFloats(three, 1, 2).doubleAt(2));
    assertThrows(IndexOutOfBoundsException.class, () -> ONE.dimension(1));
  }

  @Test
  void aMappedRowIsOneOfTheFile() throws IOException {
    Path file = directory.resolve("a.npy");
    try (OutputStream out = Files.newOutputStream(file)) {
      Npy.write(out, NdArray.of(new float[6], 3, 2));
    }
    MappedNpy mapped = MappedNpy.open(file);
    assertThrows(IndexOutOfBoundsException.class, () -> mapped.offset(3));
    assertThrows(IndexOutOfBoundsException.class, () -> mapped.offset(-1));
  }

  /**
   * The message gives the system's reason in brackets, which need not be a full disk: here the file
   * is already closed.
   */
  @Test
  void whatCannotBeWrittenIsNotAlwaysForLackOfRoom() throws IOException {
    List<OutputStream> kept = new ArrayList<>();
    AtomicFile.write(directory.resolve("a.bin"), kept::add);
    refused(
        IOException.class,
        "a.bin: cannot be written (Stream Closed), expected a working disk with room for it",
        () -> kept.get(0).write(new byte[1 << 17]));
  }

  /** The message names a program that recovers the undamaged part of the file. */
  @Test
  void bytesBehindGzipAreNamed() throws IOException {
    Path file = directory.resolve("a.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("a,b\n1,2\n".getBytes());
    }
    Files.writeString(file, "junk", StandardOpenOption.APPEND);
    refused(
        FormatException.class,
        "bytes after its end, which gzip -dc FILE leaves out",
        () -> {
          try (Csv csv = Csv.open(file)) {
            while (csv.next()) {
              continue;
            }
          }
        });
  }
}
