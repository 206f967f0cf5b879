package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.cli.answers.Outputs;
import dev.lanewise.format.Npz;
import dev.lanewise.model.Model;
import dev.lanewise.trust.Familiarity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code --familiar} of the commands that take it. */
class FamiliarCommandTest {
  private static final String QUICK = "--preset course --epochs 60 --hidden 8";

  @TempDir static Path directory;

  private static Path data;
  private static Path run;

  @BeforeAll
  static void train() throws IOException {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder("a,b,class\n");
    for (int row = 0; row < 300; row++) {
      int kind = random.nextInt(2);
      text.append(kind * 5 + random.nextGaussian()).append(',');
      text.append(kind * -5 + random.nextGaussian()).append(",k").append(kind).append('\n');
    }
    data = Files.writeString(directory.resolve("train.csv"), text);
    run = directory.resolve("run");
    Run.line("train --familiar", data, QUICK, "--out", run)
        .ok("How familiar rows are takes at most 8464 bytes of the model file");
  }

  @Test
  void trainingKeepsItAndVerifyRepeatsIt() throws IOException {
    Model model = Model.load(run.resolve("nn_model.npz"));
    assertEquals(30, Familiarity.of(model).get().heldOutRows());
    Run.line("verify", run).ok();
    Path plain = directory.resolve("plain");
    Run.line("train", data, QUICK, "--out", plain).ok();
    Run converted = Run.line("convert", run, directory.resolve("m.onnx")).ok();
    assertTrue(converted.err().contains("without the familiarity of the model"), converted.err());
    assertTrue(Familiarity.of(Model.load(plain.resolve("nn_model.npz"))).isEmpty());
    assertEquals(model.sha256(), Model.load(plain.resolve("nn_model.npz")).sha256());
  }

  /** The last row is like none of the others; its probability is as large as theirs. */
  @Test
  void allWaysOutSayTheSame() throws IOException {
    String rows = "a,b\n5.1,-4.9\n0.2,0.1\n60,70\n";
    Path file = Files.writeString(directory.resolve("rows.csv"), rows);
    Run csv = Run.line("predict --familiar", run, file).ok("index,predicted,p_k0,p_k1,familiar\n");
    List<Double> familiar = new ArrayList<>();
    for (String line : csv.out().lines().skip(1).toList()) {
      familiar.add(Double.valueOf(line.substring(line.lastIndexOf(',') + 1)));
    }
    assertTrue(familiar.get(0) > 0.1 && familiar.get(2) == 1 / 31.0, familiar.toString());
    List<Object> json = new ArrayList<>();
    for (String line :
        Run.line("predict --familiar --json --quiet", run, file).ok().out().lines().toList()) {
      json.add(JsonReader.object(line).get("familiar"));
    }
    assertEquals(familiar, json);
    Path arrays = directory.resolve("p.npz");
    Run.line("predict --familiar", run, file, "--out", arrays).ok();
    try (Npz npz = Npz.open(arrays)) {
      assertArrayEquals(
          familiar.stream().mapToDouble(f -> f).toArray(), npz.read("familiar").toDoubles());
    }
    Model model = Model.load(run.resolve("nn_model.npz"));
    Outputs outputs = Outputs.of(model, Familiarity.of(model).get());
    try (Served served = new Served(outputs, 2, 8, 100_000);
        RawHttp http = served.connect()) {
      String answer = http.post(rows, "Content-Type: text/csv", "Accept: application/json").body();
      for (double each : familiar) {
        assertTrue(answer.contains("\"familiar\":" + each + "}"), answer);
      }
      List<String> lines = rows.lines().toList();
      assertEquals(familiar, http.tensor("familiar", lines, 2));
    }
  }

  @Test
  void uncertainShowsTheLeastFamiliar() {
    Path picture = directory.resolve("u.svg");
    Run least = Run.line("uncertain --familiar --count 2 --json", run, "--out", picture).ok();
    Run all = Run.line("predict --familiar --json --quiet --split test", run).ok();
    double smallest =
        all.out()
            .lines()
            .mapToDouble(line -> (Double) JsonReader.object(line).get("familiar"))
            .min()
            .getAsDouble();
    assertEquals(smallest, least.json(0).get("familiar"));
    Run.line("uncertain --familiar", run, "--out", picture).ok("familiar");
  }
}
