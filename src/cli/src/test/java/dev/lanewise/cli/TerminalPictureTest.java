package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.metrics.Metrics;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.recipe.RecipeRun;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import dev.lanewise.train.TrainingRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalPictureTest {
  @TempDir Path directory;

  /** Returns a run of three epochs, the second of which has the smallest validation loss. */
  private static TrainingRun run(int best) {
    List<EpochResult> results = new ArrayList<>();
    for (int e = 0; e < 3; e++) {
      double valid = 1 + Math.abs(e - 1);
      results.add(new EpochResult(e, 3, 2, 0.5, 2 - e, e / 2.0, valid, 0.5, 1, 10, 0.1));
    }
    Mlp model = Mlp.initial(Architecture.relu(2, List.of(), 2), Initializer.COURSE, 0);
    return new TrainingRun(model, new History(results), TrainingRun.Outcome.COMPLETED, 1, best);
  }

  private static String text(List<String> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line.stripTrailing()).append('\n'));
    return text.toString();
  }

  private static RecipeRun only(TrainingRun run) {
    return new RecipeRun(Model.of(run.model()), List.of(run), Optional.empty());
  }

  @Test
  void curvesStandSideBySide() {
    assertEquals(
        """

        Cross entropy               ^ best 1   Accuracy                    ^ best 1
        2.0 +oo                           oo   1.0 +                             **
            |  oooo                   oooo         |                         ****
        1.5 +      oooo           oooo             |                     ****
            |          oooo   oooo                 |                 ****
        1.0 +              ooo                 0.5 +ooooooooooooooooooooooooooooooo
            |                 ****                 |          ****
        0.5 +                     ****             |      ****
            |                         ****         |  ****
        0.0 +                             **   0.0 +**
            ++--------------^--------------+       ++--------------^--------------+
             0              1              2        0              1              2
             Epoch  * Training  o Validation        Epoch  * Training  o Validation

        """,
        text(new TerminalPicture(76, false).curves(only(run(-1)))));
  }

  @Test
  void orOneBelowTheOther() {
    List<String> lines = new TerminalPicture(75, false).curves(only(run(2)));
    assertEquals(28, lines.size());
    assertEquals("^ best 2", lines.get(1).substring(52), lines.get(1));
    assertTrue(lines.get(14).startsWith("Accuracy "), lines.get(14));
    for (String line : lines) {
      assertTrue(line.length() <= 60);
    }
  }

  @ParameterizedTest
  @CsvSource({"80,80", "200,200", "3,24", "wide,80", "-5,80", "'',80", ",80"})
  void columnsAreThoseOfTheEnvironment(String text, int expected) {
    assertEquals(expected, TerminalPicture.columns(text));
  }

  private static List<String> confusions(int columns, List<String> names, int... pairs) {
    int[] labels = new int[pairs.length / 2];
    int[] predicted = new int[pairs.length / 2];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = pairs[2 * i];
      predicted[i] = pairs[2 * i + 1];
    }
    return new TerminalPicture(columns, false)
        .confusions("test", names::get, Metrics.of(labels, predicted, names.size()));
  }

  @Test
  void namesTakeTheirWidth() {
    List<String> names = List.of("a very long name of a class", "猫猫猫猫猫猫猫", "\u001b[31mred");
    assertEquals(
        """
        Split test: rows are true, columns predicted classes
                    a ve...  猫猫...  ?[31...
        a very ...        1        1        0
        猫猫猫...         0        0        0
        ?[31mred          0        0        2

        """,
        text(confusions(40, names, 0, 0, 0, 1, 2, 2, 2, 2)));
  }

  @Test
  void aMatrixWithoutRoomIsLeftOut() {
    List<String> names = Arrays.asList("0 1 2 3 4 5 6 7 8 9".split(" "));
    assertTrue(confusions(61, names, 7, 2).get(0).contains("columns predicted"));
    assertEquals(List.of(), confusions(51, names, 7, 2));
  }

  private Run train(String... options) throws IOException {
    Path data = Fixtures.data(directory.resolve("data.npz"));
    return Run.line(
            "train --data", data, "--force --out", directory.resolve("out"), "--epochs 3", options)
        .ok();
  }

  @Test
  void standsOnStderrAndLeavesStdoutAsItIs() throws IOException {
    Run shown = train("--progress", "on");
    assertEquals(train("--progress", "off").out(), shown.out());
    assertTrue(shown.err().matches("(?s).*\nCross entropy  .*  Accuracy  .*"), shown.err());
    shown.warns("\nSplit test: rows are true, columns predicted classes\n   0  1  2\n");
    String picture = shown.err().substring(shown.err().indexOf("\nCross entropy") + 1);
    assertEquals(13 + 1 + 5 + 1, picture.lines().count());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--progress off", "--progress on --quiet", "--progress on --json"})
  void isNotForOthers(String options) throws IOException {
    String err = train(options.isEmpty() ? new String[0] : options.split(" ")).err();
    assertFalse(err.contains("Accuracy") || err.contains("Split"), err);
  }
}
