package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.Mutant;
import dev.lanewise.OwnJvm;
import dev.lanewise.files.RunRecord;
import dev.lanewise.kernel.KernelChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line names vector code that is wrong, once, and gives the right bits without it. */
class WrongKernelTest {
  private static final String LINE =
      "vector code for [relu], compiled by %s %s, gave other bits than the scalar code, which is used"
              .formatted(System.getProperty("java.vm.name"), System.getProperty("java.vm.version"))
          + " instead; please report this line at https://github.com/lanewise/lanewise/issues";

  @TempDir private Path directory;

  @BeforeEach
  void makeWrongClasses() throws Exception {
    assumeTrue(KernelChoice.current().vector(), "only vector code is compared");
    Mutant.compile(
        directory,
        List.of(
            new Mutant(
                "gemm/EpiloguePass",
                "active\\.compare\\(VectorOperators\\.GT",
                "active.compare(VectorOperators.GE")));
  }

  private Run run(String... words) throws IOException, InterruptedException {
    List<String> patch = List.of("--patch-module", "dev.lanewise.engine=" + directory);
    return Run.start(Run.Launch.MODULE_PATH, directory, patch, words).end();
  }

  @Test
  void trainingNamesIt() throws Exception {
    String data = OwnJvm.ROOT.resolve("data/digits.npz").toAbsolutePath().toString();
    Run run = run("train", "--data", data, "--out", "run");
    assertEquals(0, run.code(), run.err());
    assertEquals("lanewise: " + LINE + "\n", run.err());
    // The digest of GoldenDigestsTest.
    String digest = "2042b794d6251591a358fd2de2f13de02f81036e7f2f1c364ee530358acaecfa";
    assertTrue(run.lines().contains("Weights sha256 " + digest), run.out());
    RunRecord record = RunRecord.of(directory.resolve("run"));
    assertTrue(record.text("kernels").endsWith(", scalar for [relu]"), record.text("kernels"));
  }

  @Test
  void infoNamesIt() throws Exception {
    Run run = run("info");
    assertTrue(run.lines().contains("wrong      " + LINE), run.out());
    assertEquals("", run.err());
  }
}
