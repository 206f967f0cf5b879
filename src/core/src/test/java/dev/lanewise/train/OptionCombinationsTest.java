package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.OwnJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * For all options, the digest is the same with any number of threads and any kernel, and whether or
 * not the run was interrupted.
 */
class OptionCombinationsTest {
  private static final List<String> DIGESTS = new ArrayList<>();

  @TempDir Path directory;

  @BeforeAll
  static void digests() {
    for (TrainerBuilder builder : OptionCombinations.all().values()) {
      DIGESTS.add(OptionCombinations.digest(OptionCombinations.run(builder, 1)));
    }
  }

  @Test
  void theyAreTrainingsOfDifferentKinds() {
    List<String> names = List.copyOf(OptionCombinations.all().keySet());
    assertTrue(names.size() >= 40, "some may have been drawn twice: " + names);
    // No loss is NaN, so equal digests mean something.
    assertTrue(DIGESTS.stream().noneMatch(digest -> digest.contains("NaN")));
    // Patience and the best epoch may change nothing, alone or in combinations.
    assertTrue(new HashSet<>(DIGESTS).size() >= names.size() - 10, "options without effect");
  }

  /**
   * Tests the scalar kernels, and vector kernels that are used from the first call on. By default,
   * vector kernels are used only once they are compiled, and most of these trainings end before
   * that.
   */
  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void kernels(String kernels) throws Exception {
    assumeTrue(
        ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
        "all digests are those of scalar kernels");
    List<String> command = OwnJvm.java();
    command.addAll(
        List.of("--add-modules", "jdk.incubator.vector", "-Dlanewise.kernels=" + kernels));
    command.addAll(List.of("-cp", OwnJvm.testClasses(), OptionCombinations.class.getName()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    List<String> digests = OwnJvm.end(OwnJvm.start(builder)).with(0).lines().toList();
    List<String> names = List.copyOf(OptionCombinations.all().keySet());
    for (int i = 0; i < names.size(); i++) {
      assertEquals(DIGESTS.get(i), digests.get(i), names.get(i));
    }
  }

  /** Runs each training on two threads, stops it in the third epoch, saves it and resumes it. */
  @Test
  void threadsAndResumption() throws IOException {
    Path file = directory.resolve("checkpoint.npz");
    int i = 0;
    int resumed = 0;
    for (Map.Entry<String, TrainerBuilder> each : OptionCombinations.all().entrySet()) {
      boolean[] cut = new boolean[1];
      Checkpoint[] last = new Checkpoint[1];
      TrainerBuilder builder =
          each.getValue()
              .checkpointEvery(1e9)
              .listener(
                  new Listening()
                      .steps(
                          result -> {
                            boolean stop = !cut[0] && result.epoch() == 2;
                            cut[0] |= stop;
                            return !stop;
                          })
                      .checkpoints(checkpoint -> last[0] = checkpoint));
      TrainingRun run = OptionCombinations.run(builder, 2);
      if (last[0] != null) { // with patience, the run may have ended before
        last[0].save(file);
        run = builder.build().resume(Checkpoint.load(file), OptionCombinations.DATA);
        resumed++;
      }
      assertEquals(DIGESTS.get(i++), OptionCombinations.digest(run), each.getKey());
    }
    assertTrue(resumed > DIGESTS.size() / 2, Arrays.toString(new int[] {resumed, i}));
  }
}
