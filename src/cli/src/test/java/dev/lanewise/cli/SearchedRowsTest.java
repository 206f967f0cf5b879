package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.files.RunRecord;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Options that say how rows and classes count, which trials take as {@code train} does. */
class SearchedRowsTest {
  private static final String FIXED = "--epochs 8 --batch-size 16 --members 2";
  private static final String SEARCHED = FIXED + " --hidden 8;12,8 --eta 0.01..0.1 --trials 5";

  private static List<String> usual; // the networks that win without further options

  @TempDir private Path directory;
  private Path data;

  /** Writes 240 rows with groups, days, and a class that is rarer than the other. */
  @BeforeEach
  void write() throws IOException {
    StringBuilder text = new StringBuilder("who,day,a,b,kind\n");
    for (int i = 0; i < 240; i++) {
      int a = i * 37 % 101;
      int b = i * i % 53;
      text.append("w" + i / 4 + "," + i * 7 % 240 + "," + a + "," + b + ",");
      text.append(a + b + i % 17 > 95 ? "yes\n" : "no\n");
    }
    data = Files.writeString(directory.resolve("rows.csv"), text);
  }

  private Path search(String name, String more) {
    Path out = directory.resolve(name);
    String[] words = Run.words("search", data, SEARCHED + " " + more.strip(), "--out", out);
    Run.of(words).ok("Ensemble of the networks of trials: ");
    return out;
  }

  private Path train(String name, String options) {
    Path out = directory.resolve(name);
    Run.line("train", data, options, "--out", out).ok();
    return out;
  }

  private static List<String> networks(Path model) throws IOException {
    return Model.load(model).members().stream().map(Mlp::sha256).toList();
  }

  private static String typed(Map<String, Object> options) {
    StringBuilder typed = new StringBuilder();
    options.forEach((name, value) -> typed.append(" --" + name + " " + value));
    return typed.toString();
  }

  /** Each trial of the ensemble has the networks that train gives with its options, to the bit. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--class-weights balanced",
        "--balanced --class-weights 2,1 --best loss",
        "--no-shuffle",
        "--group who --balanced",
        "--order day",
        "--calibration-fraction 0.2",
        "--coverage --coverage-by-class --class-weights balanced"
      })
  void trialsAreTrainedAsTrainDoes(String rows) throws IOException {
    Path out = search("found", rows);
    RunRecord record = RunRecord.read(out.resolve("search.json"));
    Path winner = train("winner", FIXED + typed(record.object("winner", "options")) + " " + rows);
    assertEquals(networks(winner.resolve("nn_model.npz")), networks(out.resolve("winner.npz")));
    Set<String> selected = new LinkedHashSet<>();
    List<String> trials = Files.readAllLines(out.resolve("trials.csv"));
    for (Object member : (List<?>) record.object("ensemble").get("members")) {
      int number = (int) (double) (Double) ((Map<?, ?>) member).get("trial");
      String[] cells = trials.get(number).split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");
      String[] names = trials.get(0).split(",");
      StringBuilder typed = new StringBuilder(FIXED + " " + rows);
      for (int i = 3; !names[i].equals("best_epoch"); i++) {
        String value = cells[i].replace("\"", "");
        typed.append(value.isEmpty() ? "" : " --" + names[i] + " " + value);
      }
      selected.addAll(networks(train("t" + number, typed.toString()).resolve("nn_model.npz")));
    }
    assertEquals(List.copyOf(selected), networks(out.resolve("nn_model.npz")));
    Run.line("verify", out).ok("verified: same weights");
    usual = usual == null ? networks(search("usual", "").resolve("winner.npz")) : usual;
    assertNotEquals(usual, networks(out.resolve("winner.npz")));
  }

  /** Trials are compared by probabilities without the weights of classes. */
  @Test
  void lossesAreOfProbabilitiesWithoutWeights() throws IOException {
    Path out = directory.resolve("found");
    String one = SEARCHED.replace("--members 2", "--members 1 --temperature none");
    Run.line("search", data, one, "--valid-fraction 0.3 --class-weights 1,30 --out", out).ok();
    RunRecord record = RunRecord.read(out.resolve("search.json"));
    Path winner = out.resolve("winner.npz");
    Map<String, Object> valid =
        Run.line("evaluate --model", winner, "--data", data, "--split valid --json").ok().json();
    double loss = (Double) record.object("winner").get("validation_loss");
    assertEquals((Double) valid.get("loss"), loss, 1e-9);
    assertTrue(loss < 0.69, "the loss of probabilities with the weights is larger");
    double ensemble = (Double) record.object("ensemble").get("validation_loss");
    assertTrue(ensemble <= loss + 1e-9, ensemble + " of " + loss);
  }

  @Test
  void theEnsembleKeepsItsCoverage() throws IOException {
    Path out = search("found", "--coverage");
    assertTrue(Model.load(out.resolve("nn_model.npz")).coverage().isPresent());
    Run.line("predict", data, "--model", out, "--coverage 0.8").ok("no");
  }
}
