package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.metrics.Metrics;
import dev.lanewise.metrics.ProbabilityMetrics;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Mlp;
import dev.lanewise.table.Datasets;
import dev.lanewise.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In an evaluation, rows of a class that the model does not have count as wrong. */
class OutsideClassesTest {
  private static final String SAID =
      "Column kind: 4 of 12 rows have a class that the model does not have, such as \"d\" (they count as wrong, and the mean loss is that of the other rows)";

  @TempDir private static Path directory;
  private static Path train;
  private static Path test; // 12 rows, 4 of them of other classes
  private static Path known; // the other 8 rows
  private static Path none;
  private static Path run;

  private static Path table(String name, String kinds) throws IOException {
    Random random = new Random(kinds.length());
    StringBuilder lines = new StringBuilder("x,y,kind\n");
    for (char kind : kinds.toCharArray()) {
      int at = "abcde".indexOf(kind);
      lines.append(at + random.nextGaussian() / 4).append(',');
      lines.append(random.nextGaussian() / 4 - at).append(',').append(kind).append('\n');
    }
    return Files.writeString(directory.resolve(name), lines);
  }

  @BeforeAll
  static void makeFiles() throws IOException {
    train = table("train.csv", "abc".repeat(40));
    test = table("test.csv", "abcdabcdeabd");
    List<String> lines = Files.readAllLines(test);
    lines.removeIf(line -> line.endsWith(",d") || line.endsWith(",e"));
    known = Files.write(directory.resolve("known.csv"), lines);
    none = table("none.csv", "dede");
    run = directory.resolve("run");
    train("--out", run.toString()).ok();
  }

  private static Run train(String... more) {
    return Run.line("train --epochs 3 --hidden 8 --data", train, more);
  }

  private static Run of(String command, Path data, String... more) {
    return Run.line(command, "--model", run.resolve("nn_model.npz"), "--data", data, more);
  }

  private static Evaluation evaluation(Path file) throws IOException {
    Model model = Model.load(run.resolve("nn_model.npz"));
    Dataset data = Datasets.load(file, model);
    return Evaluator.evaluate(model, data.train(), 1);
  }

  @Test
  void theyCountAsWrongAndHaveNoLoss() throws IOException {
    Evaluation all = evaluation(test);
    Evaluation some = evaluation(known);
    assertEquals(all.rows() - some.rows(), all.outside());
    assertEquals(0, some.outside());
    assertEquals(some.loss(), all.loss());
    assertEquals(some.accuracy() * some.rows(), all.accuracy() * all.rows(), 1e-9);
    Metrics metrics = Metrics.of(all);
    assertEquals(4, metrics.classes());
    assertEquals(all.accuracy(), metrics.accuracy());
    assertEquals(all.outside(), metrics.scores().get(3).support());
    int sum = 0;
    for (int[] row : metrics.confusion()) {
      sum += Arrays.stream(row).sum();
      assertEquals(0, row[3]);
    }
    assertEquals(all.rows(), sum);
    ProbabilityMetrics probabilities = ProbabilityMetrics.of(all);
    assertEquals(all.accuracy(), probabilities.topAccuracy(1));
    assertEquals((double) some.rows() / all.rows(), probabilities.topAccuracy(3));
    assertEquals(ProbabilityMetrics.of(some).logLoss(), probabilities.logLoss());
    Model model = Model.load(run.resolve("nn_model.npz"));
    Rows split = Datasets.load(test, model).train();
    assertEquals(all.score(), Evaluator.score(model, split, 2));
  }

  @Test
  void everyCommandSaysSoOnce() throws IOException {
    String page = directory.resolve("page.html").toString();
    String model = run.resolve("nn_model.npz").toString();
    for (Run found :
        List.of(
            of("evaluate", test),
            of("uncertain", test),
            Run.of("report", model, "--data", test.toString(), "--out", page))) {
      assertEquals(0, found.code(), found.err());
      assertEquals(2, (found.out() + found.err() + " ").split(Pattern.quote(SAID)).length);
    }
    of("evaluate", test).says("(not in the model)  0  0");
    of("evaluate", test, "--json").says("\"name\":\"(not in the model)\"");
    for (String option : List.of("--test-data", "--valid-data")) {
      Run trained =
          train("--out", directory.resolve("other" + option).toString(), option, test.toString())
              .ok();
      assertTrue((trained.out() + trained.err()).contains(SAID), trained.out() + trained.err());
    }
  }

  @Test
  void filesWithoutAnyClassOfTheModelAreRefused() {
    of("evaluate", none).failed("target kind is \"d\", expected one of a, b, c as in training");
    of("check", test).failed(); // such rows have no gradients
  }

  /** Rows for training must be of the model's classes. */
  @Test
  void trainingRowsAreRefused() throws IOException {
    Model model = Model.load(run.resolve("nn_model.npz"));
    Dataset data = Datasets.load(test, model);
    Mlp network = model.members().get(0);
    Trainer trainer = Trainer.builder().epochs(1).build();
    assertThrows(IllegalArgumentException.class, () -> trainer.fit(network, data));
    assertThrows(IllegalArgumentException.class, () -> trainer.stream(network).step(data.train()));
    String from = run.resolve("nn_model.npz").toString();
    String out = directory.resolve("no").toString();
    Run found = Run.line("train --initial-model", from, "--data", test, "--epochs 1 --out", out);
    assertEquals(1, found.code(), found.out());
  }
}
