package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.files.RunDirectory;
import dev.lanewise.files.RunFiles;
import dev.lanewise.format.Faults;
import dev.lanewise.format.FaultyFileSystem;
import dev.lanewise.format.FaultyFileSystem.Act;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.serve.Answer;
import dev.lanewise.serve.AnswerPrinter;
import dev.lanewise.serve.ArrayPredictions;
import dev.lanewise.serve.CsvPredictions;
import dev.lanewise.serve.Outputs;
import dev.lanewise.terminal.Result;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Tests which files trainings and predictions leave on disks that fail. */
@DisabledOnOs(OS.WINDOWS) // Windows cannot sync folders
class FaultsTest {
  private static final Model MODEL =
      Model.of(Mlp.initial(Architecture.relu(2, List.of(3), 2), Initializer.HE, 1));

  @TempDir Path directory;

  private static void predict(AnswerPrinter to) throws IOException {
    to.begin(Outputs.of(MODEL), 1, null);
    for (int row = 0; row < 5_000; row++) {
      double[] p = {0.25, 0.75};
      to.row(row, new String[] {"1"}, null, new Answer(p, new int[] {1}, 1, List.of()), 0);
    }
    to.end();
  }

  @Test
  void predictions() throws IOException {
    Faults.test(
        directory, "p.csv", file -> AtomicFile.write(file, out -> predict(CsvPredictions.to(out))));
  }

  @Test
  void predictionsAsArrays() throws IOException {
    Faults.test(
        directory,
        "p.npz",
        file -> {
          ArrayPredictions arrays = new ArrayPredictions();
          predict(arrays);
          arrays.write(file);
        });
  }

  @Test
  void pictures() throws IOException {
    Faults.test(directory, "a.svg", file -> RunDirectory.write(file, "<svg/>".repeat(20_000)));
  }

  /** Writes all files of a run, one after the other. */
  private static void write(Path folder, Model model) throws IOException {
    EpochResult epoch = new EpochResult(0, 1, 1, 0.5, 1, 0.5, 1, 0.5, 0.1, 7, 0.1);
    History history = new History(List.of(epoch));
    try (RunDirectory run = RunDirectory.of(folder, true)) {
      run.model(model);
      run.history(history, model);
      run.text(RunFiles.REPORT, "<svg/>");
      run.log(new Result("start", null), history, new Result("end", null), List.of());
    }
  }

  /**
   * Each file belongs to either the old run or the new one, and the directory never contains files
   * of both.
   */
  @Test
  void runs() throws IOException {
    Path run = directory.resolve("run");
    write(run, MODEL);
    Map<String, byte[]> after = Faults.contents(run);
    write(run, MODEL.withTraining(List.of("old")));
    Map<String, byte[]> before = Faults.contents(run);
    assertEquals(before.keySet(), after.keySet());
    FaultyFileSystem files = new FaultyFileSystem(run);
    int faults = 0;
    for (int n = 0; ; n++) {
      for (String name : Faults.names(run)) {
        Files.delete(run.resolve(name));
      }
      for (String name : before.keySet()) {
        Files.write(run.resolve(name), before.get(name));
      }
      files.failAt(n);
      IOException error = null;
      try {
        write(files.at(run), MODEL);
      } catch (IOException e) {
        error = e;
      }
      Act failed = files.hasFailed() ? files.done().get(n).act() : null;
      String what = failed + " at " + n + ": " + error;
      // A lock file that is left behind does not lock anybody out.
      boolean harmless =
          failed == Act.SYNC_FOLDER
              || failed == Act.DELETE && files.done().get(n).name().endsWith(".lock");
      assertEquals(failed != null && !harmless, error != null, what);
      if (error != null) {
        assertTrue(error.getMessage().startsWith(run.toString()), what);
      }
      Map<String, byte[]> found = Faults.contents(run);
      boolean isNew = Arrays.equals(after.get(RunFiles.MODEL), found.get(RunFiles.MODEL));
      for (String name : found.keySet()) {
        byte[] expected = (isNew ? after : before).get(name);
        if (failed == Act.DELETE && !name.equals(RunFiles.MODEL)) {
          continue; // the old file could not be removed, and the error says so
        }
        assertArrayEquals(expected, found.get(name), what + ", " + name);
      }
      assertTrue(isNew || found.size() == before.size(), what);
      if (failed == null) {
        assertEquals(after.keySet(), found.keySet());
        break;
      }
      faults++;
    }
    assertTrue(faults > 30, "" + faults);
  }
}
