package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.OwnJvm;
import dev.lanewise.cli.RandomTable.Style;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole program works on a runtime of java.base alone, such as people link for small images.
 */
class SmallRuntimeTest {
  private static final List<String> SMALL = List.of("--limit-modules", "java.base");

  @TempDir Path directory;

  private static final String[] TRAIN = {
    "train", "--data", "data.csv.gz", "--out", "run", "--epochs", "2", "--hidden", "4", "--quiet"
  };

  private Run small(Run.Launch launch, String... words) throws Exception {
    boolean modules = launch == Run.Launch.MODULE_PATH; // then its own modules must be allowed
    List<String> limit = List.of("--limit-modules", "java.base,dev.lanewise.tables");
    return Run.start(launch, directory, modules ? limit : SMALL, words).end().ok();
  }

  @Test
  void tablesNeedNoDatabases() throws Exception {
    RandomTable table = RandomTable.training(new Random(3), 90);
    table.write(directory.resolve("data.csv.gz"), Style.PLAIN);
    Run small = small(Run.Launch.CLASS_PATH, TRAIN);
    String[] model = {"--model", "run/nn_model.npz", "--data", "data.csv.gz"};
    small(Run.Launch.MODULE_PATH, words("evaluate", model)).says(small.out());
    Run predicted = small(Run.Launch.CLASS_PATH, words("predict", model));
    assertEquals(91, predicted.lines().size());
    small(Run.Launch.MODULE_PATH, "inspect", "data.csv.gz");

    String[] again = TRAIN.clone();
    again[2] = directory.resolve(again[2]).toString();
    again[4] = directory.resolve("again").toString();
    assertEquals(Run.of(again).out(), small.out());
  }

  private static String[] words(String command, String... more) {
    return Run.words(command, more);
  }

  /** Checks that the small runtime really lacks the other modules. */
  @Test
  void theRuntimeIsSmall() throws IOException, InterruptedException {
    List<String> command = OwnJvm.java();
    command.addAll(SMALL);
    command.add("--list-modules");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    String modules = OwnJvm.end(OwnJvm.start(builder)).with(0);
    assertTrue(modules.contains("java.base") && !modules.contains("java.sql"), modules);
  }
}
