package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that stand for much more than they have: what they take, or that they are refused. */
class LimitsTest {
  @TempDir Path directory;

  /** Zeros of a megabyte in some kilobytes. */
  private Path zeros() throws IOException {
    Path plain =
        Fixtures.npz(
            directory.resolve("plain.npz"),
            "inputs_train",
            NdArray.ofBytes(new byte[400_000], 100_000, 4),
            "target_train",
            NdArray.of(new long[100_000], 100_000));
    Path packed = directory.resolve("zeros.npz");
    try (var in = new ZipFile(plain.toFile());
        OutputStream file = Files.newOutputStream(packed);
        ZipOutputStream out = new ZipOutputStream(file)) {
      for (var entry : in.stream().toList()) {
        out.putNextEntry(new ZipEntry(entry.getName()));
        in.getInputStream(entry).transferTo(out);
      }
    }
    Files.delete(plain);
    return packed;
  }

  @Test
  void whatAFileMayUnfoldToIsAnOptionOfEveryCommand() throws IOException {
    Path file = zeros();
    Path model = Fixtures.model(directory.resolve("model.npz"), 4, 3);
    String[][] commands = {
      {"train", "--epochs=0", "--data=" + file, "--out=" + directory.resolve("run")},
      {"evaluate", "--model=" + model, "--data=" + file},
      {"predict", "--model=" + model, "--data=" + file, "--out=" + directory.resolve("p.npz")},
      {"inspect", file.toString()}
    };
    for (String[] command : commands) {
      for (boolean enough : new boolean[] {false, true}) {
        String[] words = Arrays.copyOf(command, command.length + 1);
        words[command.length] = "--unfold=" + (enough ? "1.3e6" : "1e5");
        Run run = Run.of(words);
        assertEquals(enough ? 0 : Problem.FAILED, run.code(), run.err());
        String expected = " bytes unfold to 1200256 or more, expected at most 100000 (--unfold";
        assertEquals(!enough, run.err().contains(expected), run.err());
      }
    }
    Run run = Run.of("inspect", file.toString(), "--unfold=much");
    assertEquals(Problem.USAGE, run.code());
    assertEquals("lanewise: --unfold: 'much', expected a number of bytes such as 4e9\n", run.err());
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001})
  void theConfusionOfManyClassesIsGivenWithoutZeros(int classes) throws IOException {
    float[] weights = new float[classes];
    weights[3] = 1; // the class of all rows but one of -1, of which it is the first
    Path model =
        Fixtures.npz(
            directory.resolve("wide.npz"),
            "W1",
            NdArray.of(weights, 1, classes),
            "b1",
            NdArray.of(new float[classes], classes));
    Path data =
        Fixtures.npz(
            directory.resolve("few.npz"),
            "inputs",
            NdArray.of(new float[] {1, 1, 1, -1}, 4, 1),
            "target",
            NdArray.of(new long[] {3, 5, 5, 3}, 4),
            "weights",
            NdArray.of(new float[] {0.5f, 1, 2, 1}, 4));
    Run run = Run.of("evaluate", "--model=" + model, "--data=" + data, "--json", "--scale=none");
    assertEquals(0, run.code(), run.err());
    boolean isDense = classes == 1000;
    assertEquals(isDense, run.out().contains("\"confusion\":[[0,0,"), run.err());
    assertEquals(isDense, run.out().contains("\"weighted_confusion\":[[0.0,0.0,"), run.err());
    String cells = "[[3.0,0.0,1.0,1.0],[3.0,3.0,1.0,0.5],[5.0,3.0,2.0,3.0]]";
    assertEquals(!isDense, run.out().contains("\"confusion_cells\":" + cells), run.err());
  }

  @Test
  void aTableOfVeryManyColumnsIsRefused() throws IOException {
    Path file = directory.resolve("wide.csv");
    Files.write(file, ("1" + ",2".repeat(1 << 18) + "\n").getBytes(StandardCharsets.US_ASCII));
    Run run = Run.of("inspect", file.toString());
    assertEquals(Problem.FAILED, run.code());
    assertEquals(
        "lanewise: " + file + ": line 1: more than 262144 fields, expected fewer\n", run.err());
    assertTrue(run.out().isEmpty());
  }
}
