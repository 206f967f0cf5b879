package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import dev.lanewise.terminal.Problem;
import java.io.IOException;
import java.io.OutputStream;
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

/** Files that expand to far more than their size are read within limits or refused. */
class LimitsTest {
  @TempDir Path directory;

  /** Writes an archive of some kilobytes that expands to a megabyte of zeros. */
  private Path zeros() throws IOException {
    Path plain =
        Fixtures.npz(
            directory.resolve("plain.npz"),
            "inputs_train target_train",
            NdArray.ofBytes(new byte[400_000], 100_000, 4),
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
        String expected =
            " bytes unfold to 1200256 bytes or more, expected at most 100000 (--unfold";
        assertEquals(!enough, run.err().contains(expected), run.err());
      }
    }
    Run.of("inspect", file.toString(), "--unfold=much")
        .misusedWith("--unfold: 'much', expected a number of bytes such as 4e9");
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001})
  void theConfusionOfManyClassesIsGivenWithoutZeros(int classes) throws IOException {
    float[] weights = new float[classes];
    // For an input of 1 the class is 3. For -1 all other classes are equal, and class 0 is the
    // first.
    weights[3] = 1;
    Path model =
        Fixtures.npz(
            directory.resolve("wide.npz"),
            "W1 b1",
            NdArray.of(weights, 1, classes),
            NdArray.of(new float[classes], classes));
    Path data =
        Fixtures.npz(
            directory.resolve("few.npz"),
            "inputs: floats[4,1] 1,1,1,-1; target: longs 3,5,5,3; weights: floats 0.5,1,2,1");
    Run run = Run.line("evaluate --model=" + model, "--data=" + data, "--json --scale=none").ok();
    boolean isDense = classes == 1000;
    assertEquals(isDense, run.out().contains("\"confusion\":[[0,0,"), run.err());
    assertEquals(isDense, run.out().contains("\"weighted_confusion\":[[0.0,0.0,"), run.err());
    String cells = "[[3.0,0.0,1.0,1.0],[3.0,3.0,1.0,0.5],[5.0,3.0,2.0,3.0]]";
    assertEquals(!isDense, run.out().contains("\"confusion_cells\":" + cells), run.err());
  }

  /**
   * Commands refuse results that take more bytes than --unfold allows; training goes on without
   * them.
   */
  @Test
  void theResultsOfManyRowsOfManyClassesAreAsked() throws IOException {
    int classes = 300;
    long[] labels = new long[100];
    labels[1] = classes - 1;
    Path data =
        Fixtures.npz(
            directory.resolve("t.npz"),
            "inputs_train target_train inputs_test target_test",
            NdArray.of(new float[] {1, 2}, 2, 1),
            NdArray.of(Arrays.copyOf(labels, 2), 2),
            NdArray.of(new float[100], 100, 1),
            NdArray.of(labels, 100));
    String message =
        "lanewise: "
            + data
            + ": split test, 100 rows of 300 outputs take 120000 bytes, expected at most 119999 (--unfold BYTES)";
    String few = "--unfold=119999";
    Path out = directory.resolve("run");
    Run run = Run.line("train --data=" + data, "--out=" + out, "--epochs=2", few).ok();
    assertEquals(message + "; no report.html", run.errors());
    run.says("Test 5.");
    assertTrue(Files.exists(out.resolve("log.jsonl")));
    String model = "--model=" + out.resolve("nn_model.npz");
    for (String command : new String[] {"evaluate", "uncertain", "predict"}) {
      String place = command.equals("evaluate") ? "--top-k=1" : "--split=test";
      Run refused = Run.of(command, model, "--data=" + data, place, few).failed();
      assertEquals(message, refused.errors());
      Run.of(command, model, "--data=" + data, place, "--unfold=120000").ok();
    }
  }
}
