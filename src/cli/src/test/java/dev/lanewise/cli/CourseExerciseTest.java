package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.OwnJvm;
import dev.lanewise.format.Npz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole exercise as a student would do it, command by command: check the gradients, train with
 * the course's options, look at the curves, evaluate the saved model, look at the least certain
 * cases. The data have the course's layout (train/make_reference.py).
 */
class CourseExerciseTest {
  private static final Path FILES = OwnJvm.ROOT.resolve("src/testing/resources/dev/lanewise/train");
  private static final String DATA = FILES.resolve("reference_data.npz").toString();
  private static final String NUMBER = "\\d\\.\\d{5}";

  @TempDir Path directory;

  @Test
  void fromTheGradientCheckToTheLeastCertainCases() throws IOException {
    Run check = run("check", "--data", DATA, "--hidden", "16,80");
    for (String array : List.of("W3", "b3", "W2", "b2", "W1", "b1")) {
      check.says(array);
    }

    String model = directory.resolve("nn/nn_model.npz").toString();
    Run train =
        Run.line(
                "train --hidden 16,80 --epochs 200 --batch-size 50 --eta 0.1 --init he --verbose --data %s --out %s",
                DATA, directory.resolve("nn"))
            .ok();
    assertEquals(
        1000, lines(train, "Epoch +\\d+ Step +\\d+ Train CE " + NUMBER + " Train Acc " + NUMBER));
    assertEquals(
        200, lines(train, "Epoch +\\d+ Validation CE " + NUMBER + " Validation Acc " + NUMBER));
    train.says("Epoch   7 Step  4 Train CE ");
    String three = "Train " + NUMBER + " Validation " + NUMBER + " Test " + NUMBER;
    assertEquals(1, lines(train, "CE: " + three));
    assertEquals(1, lines(train, "Acc: " + three));
    // There are five kinds of mark, so guessing gives 0.2.
    assertTrue(Double.parseDouble(last(train, "Acc: ")) > 0.6, train.out());

    for (String picture : List.of("cross_entropy.svg", "accuracy.svg")) {
      String svg = Files.readString(directory.resolve("nn").resolve(picture));
      assertTrue(svg.contains("<svg") && svg.contains("</svg>"), picture);
    }
    try (Npz statistics = Npz.open(directory.resolve("nn/nn_stats.npz"))) {
      for (String name : List.of("train_ce", "valid_ce", "train_acc", "valid_acc")) {
        assertEquals(List.of(200, 2), statistics.header(name).shape(), name);
        assertEquals(199, statistics.read(name).doubleAt(398), "the last epoch's number");
      }
    }

    run("evaluate", "--data", DATA, "--model", model, "--split", "all").says(sha256(train));

    Run uncertain = run("uncertain", "--data", DATA, "--model", model, "--count", "5");
    assertTrue(uncertain.out().lines().count() >= 6, uncertain.out());

    Path table = directory.resolve("p.csv");
    run("predict", "--data", DATA, "--model", model, "--out", table.toString());
    assertEquals(30 + 1, Files.readAllLines(table).size());
  }

  /**
   * Tests the course's other ways to train: full batch, no shuffling, a start from given weights.
   */
  @Test
  void theOtherWaysToTrain() {
    String initial = FILES.resolve("reference_init.npz").toString();
    String[] words =
        Run.words("train --no-shuffle --data", DATA, "--initial-model", initial, "--out");
    Run once = Run.line(words, directory.resolve("a"), "--batch-size -1 --epochs 3").ok();
    Run again =
        Run.line(words, directory.resolve("b"), "--batch-size 230 --epochs 3 --seed 5").ok();
    assertEquals(sha256(once), sha256(again), "a batch of all rows is a full batch");
  }

  private static Run run(String... words) {
    return Run.of(words).ok();
  }

  private static long lines(Run run, String pattern) {
    return run.out().lines().filter(Pattern.compile(pattern).asMatchPredicate()).count();
  }

  private static String last(Run run, String start) {
    String line = run.out().lines().filter(l -> l.startsWith(start)).findFirst().orElseThrow();
    return line.substring(line.lastIndexOf(' ') + 1);
  }

  private static String sha256(Run run) {
    return "Weights sha256 " + last(run, "Weights sha256 ");
  }
}
