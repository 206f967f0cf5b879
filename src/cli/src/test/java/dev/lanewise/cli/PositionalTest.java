package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.OwnJvm;
import dev.lanewise.files.RunRecord;
import dev.lanewise.nn.Mlp;
import dev.lanewise.terminal.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests data and models without option names, and what commands say about their rows. */
class PositionalTest {
  @TempDir Path directory;
  private Path data;
  private Path out;

  @BeforeEach
  void train() throws IOException {
    data = Fixtures.data(directory.resolve("data.npz"));
    out = directory.resolve("out");
    run("train", data, "--epochs=3", "--hidden=3", "--out", out).ok();
  }

  private static Run run(Object... words) {
    return Run.of(Arrays.stream(words).map(Object::toString).toArray(String[]::new));
  }

  @Test
  void trainTakesItsData() throws IOException {
    Path named = directory.resolve("named");
    Run run = run("train", "--epochs=3", "--hidden=3", "--out", named, "--data", data).ok();
    Fixtures.assertSame(named.resolve("nn_model.npz"), out.resolve("nn_model.npz"));
    assertEquals(data.toString(), RunRecord.of(out).object("given").get("data"));
    run("verify", out).ok();
  }

  @Test
  void commandsTakeAModelAndData() {
    for (String command : List.of("evaluate", "predict", "uncertain")) {
      Run named = run(command, "--model", out, "--data", data, "--split", "valid").ok();
      assertEquals(named.out(), run(command, out, data, "--split", "valid").ok().out());
      run(command, out, "--help").ok();
    }
    run("check", out, "--data", data).says(" of " + out);
    assertEquals(Problem.USAGE, run("evaluate", out, data, "--model", out).code());
    assertEquals(
        run("predict", "--model", out, "--data", data).out(),
        run("predict", data, "--model", out).ok().out());
    run("serve", directory.resolve("none.npz")).warns("none.npz: ");
  }

  /** The name of a table says that it is no model, and the newest model is named with its time. */
  @Test
  void aTableIsDataInAnyPlace() throws IOException {
    String rows = "1,a,yes\n2,b,no\n3,a,no\n".repeat(20);
    Path table = Files.writeString(directory.resolve("rows.csv"), "x,kind,y\n" + rows);
    Path trained = directory.resolve("trained");
    run("train", table, "--epochs=3", "--hidden=3", "--out", trained).ok();
    String expected = run("predict", "--model", trained, "--data", table).ok().out();
    for (List<Object> words :
        List.of(
            List.<Object>of(table, "--model", trained),
            List.<Object>of("--model", trained, table),
            List.<Object>of(table, trained),
            List.<Object>of(trained, table))) {
      List<Object> all = new ArrayList<>(List.of("predict"));
      all.addAll(words);
      assertEquals(expected, run(all.toArray()).ok().out());
    }
  }

  @Test
  void rowsOfAnotherFileAreTheTest() throws IOException {
    Path rows = Fixtures.splits(directory.resolve("rows.npz"), 12);
    Run run =
        run("evaluate", out, rows)
            .ok(
                "rows.npz: 12 rows, one split, taken as the test; ",
                "CE: Train - Validation - Test ");
    assertTrue(run("evaluate", out, data).out().contains(": train 30, valid 9, test 6 rows; "));
  }

  @Test
  void theLicenceIsInTheJar() throws IOException {
    byte[] packed = Mlp.class.getResourceAsStream("/META-INF/LICENSE").readAllBytes();
    assertArrayEquals(Files.readAllBytes(OwnJvm.ROOT.resolve("LICENSE")), packed);
  }

  /** Every command that computes says once why it is slow. */
  @Test
  void withoutFusedMultiplyAddsALineSaysSo() throws Exception {
    assumeTrue(System.getProperty("os.arch").matches("amd64|x86_64"));
    String hint = "lanewise: scalar kernels, as no fused multiply-add in hardware: ";
    for (String words : List.of("train --data %2$s --epochs 1", "verify %1$s", "evaluate %s %s")) {
      Run run =
          Run.start(
                  Run.Launch.CLASS_PATH,
                  directory,
                  List.of("-XX:-UseFMA"),
                  words.formatted(out, data).split(" "))
              .end()
              .ok();
      assertEquals(1, run.err().lines().filter(line -> line.startsWith(hint)).count(), run.err());
    }
    Path made = directory.resolve("runs/1");
    assertEquals("no fused multiply-add in hardware", RunRecord.of(made).text("machine", "reason"));
    assertTrue(RunRecord.of(made).text("machine", "faster").contains("-XX:-UseFMA"));
  }
}
