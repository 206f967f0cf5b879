package dev.lanewise.cli;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.table.Datasets;
import dev.lanewise.terminal.ProgressBar;
import dev.lanewise.terminal.PythonFormat;
import dev.lanewise.train.History;
import dev.lanewise.train.Optimizer;
import dev.lanewise.train.Sampling;
import dev.lanewise.train.Schedule;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainerBuilder;
import dev.lanewise.train.TrainingRun;
import dev.lanewise.train.WeightDecay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests trainings from the command line to the files. */
class TrainCommandTest {
  @TempDir Path directory;
  private Path data;
  private Path out;

  @BeforeEach
  void makeData() throws IOException {
    data = Fixtures.data(directory.resolve("data.npz"));
    out = directory.resolve("out");
  }

  /**
   * The JSON for programs keeps the options as given: names stay texts, seeds keep their digits.
   */
  @Test
  void optionsForProgramsKeepTheirValues() throws IOException {
    Path table =
        Fixtures.text(directory.resolve("t.csv"), "a,007,1e3\n" + "1,2,x\n3,4,y\n".repeat(9));
    Run run =
        Run.line(
                "train --json --data=%s --out=%s --target=1e3 --ignore=007 --seed=9007199254740993 --epochs=1",
                table, directory.resolve("odd"))
            .ok();
    assertContains(
        run.lines().get(0),
        "\"target\":\"1e3\"",
        "\"ignore\":\"007\"",
        "\"seed\":9007199254740993,",
        "\"epochs\":1,");
  }

  @Test
  void activationsAreStoredAndShown() throws IOException {
    Run.line(
            "train --hidden 5,4 --activation gelu,leaky-relu --epochs 3 --data", data, "--out", out)
        .ok();
    Path file = out.resolve("nn_model.npz");
    assertEquals(
        List.of(Activation.GELU, Activation.LEAKY_RELU),
        Mlp.load(file).architecture().activations());
    String shown = Run.line("inspect", file).out();
    assertTrue(shown.matches("(?s).*affine 1 +gelu .*affine 2 +leaky-relu .*"), shown);
    Run.line("check --model", file).ok();
    Run.line("train --force --activation=gelu --initial-model", file, "--data", data, "--out", out)
        .failed(file + ": activations gelu,leaky-relu, expected gelu,gelu as given\n");
  }

  private Run train(String... options) {
    List<String> words = new ArrayList<>(List.of("train", "--data", data.toString()));
    words.addAll(List.of("--out", out.toString(), "--hidden", "5", "--batch-size", "8"));
    words.addAll(List.of("--eta", "0.5", "--init", "he", "--epochs", "40"));
    for (int i = 0; i < options.length; i++) {
      int given = words.indexOf(options[i]);
      if (given >= 0) { // replaces the value above
        words.set(given + 1, options[++i]);
      } else {
        words.add(options[i]);
      }
    }
    return Run.of(words.toArray(String[]::new)).ok();
  }

  @Test
  void leavesEveryFileAndSaysHowGoodTheModelIs() throws IOException {
    Run run = train();

    assertEquals(Fixtures.FILES, Fixtures.names(out));
    Mlp model = Mlp.load(out.resolve("nn_model.npz"));
    assertEquals("4-5-3", model.architecture().toString());
    assertEquals(Optional.of(Scaling.divide(255)), model.scaling());
    assertArrayEquals(new int[] {2, 2}, model.inputShape());
    assertEquals(40, History.load(out.resolve("nn_stats.npz")).epochs());
    List<String> lines = run.lines();
    assertEquals(
        List.of(
            "Data "
                + data
                + ": train 30, valid 9, test 6 rows; 4 features (2x2), 3 classes, scaling 255",
            "Network 4-5-3, 43 parameters; 40 epochs, batch size 8, eta 0.5, seed 0"),
        lines.subList(0, 2));
    String number = "[0-9]+\\.[0-9]{5}";
    assertTrue(
        lines.get(2).matches("CE: Train N Validation N Test N".replace("N", number)), run.out());
    assertEquals("Acc: Train 1.00000 Validation 1.00000 Test 1.00000", lines.get(3));
    assertEquals("Weights sha256 " + model.sha256(), lines.get(4));
    assertTrue(lines.get(5).startsWith("Saved in " + out + ": nn_model.npz, nn_stats.npz, "));
    assertEquals(6, lines.size());
    for (String svg : List.of("cross_entropy.svg", "accuracy.svg")) {
      assertTrue(Files.readString(out.resolve(svg)).startsWith("<svg"), svg);
    }
  }

  @Test
  void quietPrintsResultsOnly() {
    Run run = train("--quiet");
    assertEquals(3, run.lines().size(), run.out());
    assertTrue(run.out().matches("CE: .*\nAcc: .*\nWeights sha256 [0-9a-f]{64}\n"), run.out());
    assertEquals("", run.err());
  }

  @Test
  void verboseLinesAreTheCourses() throws IOException {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    Run run;
    try {
      run = train("--verbose", "--epochs", "12");
    } finally {
      Locale.setDefault(before);
    }
    String number = "[0-9]\\.[0-9]{5}";
    String step = "Epoch ( {2}\\d| \\d\\d) Step  \\d Train CE N Train Acc N".replace("N", number);
    String epoch = "Epoch ( {2}\\d| \\d\\d) Validation CE N Validation Acc N".replace("N", number);
    List<String> lines = run.lines().stream().filter(line -> line.startsWith("Epoch")).toList();
    assertEquals(12 * 5, lines.size());
    History history = History.load(out.resolve("nn_stats.npz"));
    for (int i = 0; i < lines.size(); i++) {
      boolean last = i % 5 == 4; // 30 rows in batches of 8 make 4 steps
      assertTrue(lines.get(i).matches(last ? epoch : step), lines.get(i));
      String prefix = i / 5 < 10 ? "Epoch   " : "Epoch  ";
      assertTrue(lines.get(i).startsWith(prefix + i / 5 + (last ? " V" : " Step  " + i % 5)));
    }
    String loss = PythonFormat.fixed5(history.validLoss()[11]);
    String score = PythonFormat.fixed5(history.validScore()[11]);
    assertEquals(
        "Epoch  11 Validation CE %s Validation Acc %s".formatted(loss, score), lines.get(59));
    loss = PythonFormat.fixed5(history.trainLoss()[11]);
    score = PythonFormat.fixed5(history.trainScore()[11]);
    assertEquals(
        "Epoch  11 Step  3 Train CE %s Train Acc %s".formatted(loss, score), lines.get(58));
  }

  /**
   * Returns what each name means, and the values in the start event, null for options that do not
   * apply.
   */
  static Stream<Arguments> optimizers() {
    return Stream.of(
        arguments("", Optimizer.sgd(), "[sgd, null, null, null, null]"),
        arguments("sgd", Optimizer.sgd(), "[sgd, null, null, null, null]"),
        arguments("momentum", Optimizer.momentum(0.9), "[momentum, 0.9, null, null, null]"),
        arguments(
            "nesterov --momentum 0.5",
            Optimizer.nesterov(0.5),
            "[nesterov, 0.5, null, null, null]"),
        arguments("rmsprop", Optimizer.rmsProp(0.99, 1e-8), "[rmsprop, null, null, 0.99, 1.0E-8]"),
        arguments("adam", Optimizer.adam(0.9, 0.999, 1e-8), "[adam, null, 0.9, 0.999, 1.0E-8]"),
        arguments(
            "adam --beta1 0.8 --beta2 0.9 --epsilon 0.5",
            Optimizer.adam(0.8, 0.9, 0.5),
            "[adam, null, 0.8, 0.9, 0.5]"),
        arguments("adamw", Optimizer.adam(0.9, 0.999, 1e-8), "[adamw, null, 0.9, 0.999, 1.0E-8]"));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void optimizerIsTheOneNamed(String typed, Optimizer optimizer, String options)
      throws IOException {
    String words = "--json --eta 0.01" + (typed.isEmpty() ? "" : " --optimizer " + typed);
    Run run = train(words.split(" "));
    Map<?, ?> start = (Map<?, ?>) run.json(0).get("options");
    List<Object> values = new ArrayList<>();
    for (String option : List.of("optimizer", "momentum", "beta1", "beta2", "epsilon")) {
      assertTrue(start.containsKey(option), option);
      values.add(start.get(option));
    }
    assertEquals(options, values.toString());
    Mlp initial = Mlp.initial(Architecture.relu(4, List.of(5), 3), Initializer.HE, 0);
    Mlp expected =
        Trainer.builder()
            .epochs(40)
            .batchSize(8)
            .optimizer(optimizer)
            .weightDecay(WeightDecay.decoupled(typed.equals("adamw") ? 0.01 : 0))
            .build()
            .fit(initial, Datasets.load(data))
            .model();
    assertEquals(expected.sha256(), Model.load(out.resolve("nn_model.npz")).sha256());
  }

  /** Returns the other options, each with the trainer that it means. */
  static Stream<Arguments> trainers() {
    Optimizer adam = Optimizer.adam(0.9, 0.999, 1e-8);
    return Stream.of(
        arguments("--weight-decay 0.1", plain().weightDecay(WeightDecay.l2(0.1))),
        arguments(
            "--optimizer adamw --weight-decay 0.2",
            plain().optimizer(adam).weightDecay(WeightDecay.decoupled(0.2))),
        arguments(
            "--optimizer adam --weight-decay 0.2",
            plain().optimizer(adam).weightDecay(WeightDecay.l2(0.2))),
        arguments("--balanced", plain().sampling(Sampling.BALANCED)),
        arguments("--clip-norm 0.1", plain().clipNorm(0.1)),
        arguments("--dropout 0.4 --seed 0", plain().dropout(0.4)),
        arguments("--patience 1", plain().patience(1)),
        arguments("--schedule step", plain().schedule(Schedule.step(100, 0.1))),
        arguments(
            "--schedule step --schedule-epochs 3 --schedule-factor 0.7",
            plain().schedule(Schedule.step(3, 0.7))),
        arguments("--schedule exponential", plain().schedule(Schedule.exponential(0.99))),
        arguments("--schedule inverse", plain().schedule(Schedule.inverse(0.01))),
        arguments(
            "--schedule inverse --schedule-decay 0.6", plain().schedule(Schedule.inverse(0.6))),
        arguments("--schedule cosine", plain().schedule(Schedule.cosine(40, 0))),
        arguments(
            "--schedule cosine --warmup 10 --schedule-minimum 0.01",
            plain().schedule(Schedule.cosine(30, 0.01).withWarmup(10))),
        arguments("--schedule plateau", plain().schedule(Schedule.plateau(10, 0.1, 0))),
        arguments(
            "--schedule plateau --schedule-epochs 0 --schedule-factor 0.6 --schedule-minimum 0.1",
            plain().schedule(Schedule.plateau(0, 0.6, 0.1))),
        arguments("--warmup 7", plain().schedule(Schedule.constant().withWarmup(7))));
  }

  private static TrainerBuilder plain() {
    return Trainer.builder().epochs(40).batchSize(8).learningRate(0.5);
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void optionsAreThoseOfTheTrainer(String typed, TrainerBuilder trainer) throws IOException {
    train(typed.split(" "));
    Mlp initial = Mlp.initial(Architecture.relu(4, List.of(5), 3), Initializer.HE, 0);
    TrainingRun expected = trainer.build().fit(initial, Datasets.load(data));
    assertEquals(expected.model().sha256(), Model.load(out.resolve("nn_model.npz")).sha256());
    // The loss of this small problem falls in every epoch, and there are fewer than 100 epochs.
    if (!typed.matches("--patience 1|--schedule step|--schedule plateau.*")) {
      Mlp plain = plain().build().fit(initial, Datasets.load(data)).model();
      assertNotEquals(plain.sha256(), expected.model().sha256(), "the option has no effect");
    }
  }

  @Test
  void earlyStoppingIsTold() throws IOException {
    Run run = train("--patience", "2", "--eta", "30");
    History history = History.load(out.resolve("nn_stats.npz"));
    int best = history.bestEpoch();
    assertEquals(best + 3, history.epochs(), "the rate is too high to improve");
    String line =
        "Stopped early after epoch %s: the weights are those of epoch %s, whose validation CE %s"
            .formatted(best + 2, best, PythonFormat.fixed5(history.validLoss()[best]));
    run.says(line + " is the smallest\nCE: Train ");
    Map<String, Object> done =
        JsonReader.object(Files.readAllLines(out.resolve("log.jsonl")).get(best + 4));
    assertEquals("done", done.get("event"));
    assertEquals((double) best, done.get("best_epoch"));
    assertEquals(true, done.get("stopped_early"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--patience 3", "--schedule plateau"})
  void validationRowsAreAskedFor(String typed) throws IOException {
    Fixtures.splits(data, 30);
    Run.of(("train --data " + data + " " + typed).split(" "))
        .failedWith(
            data + ": no validation rows, expected validation rows for " + typed.split(" 3")[0]);
  }

  @Test
  void jsonLinesAreThoseOfTheLog() throws IOException {
    Run run = train("--json");
    List<String> lines = run.lines();
    assertEquals(Files.readAllLines(out.resolve("log.jsonl")), lines);
    assertEquals(42, lines.size());
    Map<String, Object> start = JsonReader.object(lines.get(0));
    assertEquals("start", start.get("event"));
    assertTrue(start.keySet().containsAll(Set.of("options", "data", "model", "kernels")));
    for (int epoch = 0; epoch < 40; epoch++) {
      Map<String, Object> line = JsonReader.object(lines.get(epoch + 1));
      assertEquals("epoch", line.get("event"));
      assertEquals((double) epoch, line.get("epoch"));
      for (String key : List.of("train_ce", "train_acc", "valid_ce", "valid_acc", "seconds")) {
        assertTrue((Double) line.get(key) >= 0, key);
      }
    }
    Map<String, Object> done = JsonReader.object(lines.get(41));
    assertEquals("done", done.get("event"));
    assertEquals(start.get("threads"), done.get("threads"), "the tests fix the number of threads");
    assertEquals(1.0, ((Map<?, ?>) done.get("test")).get("acc"));
    assertTrue((Double) ((Map<?, ?>) done.get("valid")).get("ce") < 0.5);
    assertEquals(Model.load(out.resolve("nn_model.npz")).sha256(), done.get("sha256"));
    for (Object file : (List<?>) done.get("files")) {
      assertTrue(Files.exists(Path.of((String) file)), (String) file);
    }
    assertEquals(Fixtures.FILES.size(), ((List<?>) done.get("files")).size());
  }

  @Test
  void missingSplitsAreDashesAndNulls() throws IOException {
    data = Fixtures.splits(directory.resolve("one.npz"), 30);
    train("--verbose", "--epochs", "1")
        .says("\nEpoch   0 Validation CE - Validation Acc -\n", " Validation - Test -\nAcc: ");
    Run json = train("--json", "--epochs", "1", "--force");
    Map<String, Object> done = JsonReader.object(json.lines().get(2));
    assertTrue(done.containsKey("test"));
    assertEquals(null, done.get("test"));
    assertEquals(null, JsonReader.object(json.lines().get(1)).get("valid_ce"));
  }

  @Test
  void threadsAndRepetitionDoNotChangeABitButSeedAndOrderDo() {
    String sha256 = train("--threads", "1").sha256();
    assertEquals(sha256, train("--threads", "3", "--force").sha256());
    assertNotEquals(sha256, train("--seed", "1", "--force").sha256());
    assertNotEquals(sha256, train("--no-shuffle", "--force").sha256());
  }

  @Test
  void noHiddenLayerAndTheWholeSetInOneBatch() throws IOException {
    train("--hidden", "none", "--batch-size", "-1", "--epochs", "3");
    assertEquals("4-3", Model.load(out.resolve("nn_model.npz")).sizes());
  }

  /** A model to start from keeps its scaling unless the user asks for another. */
  @Test
  void startsFromAModelWithItsLayersAndScaling() throws IOException {
    train("--scale", "none", "--eta", "0.001", "--epochs", "2");
    String first = Model.load(out.resolve("nn_model.npz")).sha256();
    Path model = Files.move(out.resolve("nn_model.npz"), directory.resolve("first.npz"));
    Run.line("train --data", data, "--out", out, "--epochs 0 --initial-model", model).ok();
    Mlp second = Mlp.load(out.resolve("nn_model.npz"));
    assertEquals(first, second.sha256());
    assertEquals(Optional.of(Scaling.none()), second.scaling());
    Run.line(
            "train --epochs 1 --scale minmax --force --data %s --out %s --initial-model %s",
            data, out, model)
        .ok();
    Mlp third = Mlp.load(out.resolve("nn_model.npz"));
    assertEquals("minmax", third.scaling().orElseThrow().name());
  }

  @Test
  void classesOfATableAreThoseOfTheInitialModel() throws IOException {
    data =
        Fixtures.text(directory.resolve("all.csv"), "1,1,1,1,b\n2,2,1,1,a\n3,1,1,1,c\n".repeat(9));
    train("--epochs", "1", "--members=1");
    Path model = Files.move(out.resolve("nn_model.npz"), directory.resolve("first.npz"));
    Path some = Fixtures.text(directory.resolve("some.csv"), "1,1,1,1,b\n3,1,1,1,c\n".repeat(9));

    Run.line("train --data", some, "--out", out, "--epochs 1 --initial-model", model).ok();
    assertEquals(List.of("a", "b", "c"), Model.load(out.resolve("nn_model.npz")).classNames());
  }

  @Test
  void progressBarIsDrawnInPlaceOnStderr() {
    Run run =
        train("--progress", "on", "--epochs", "3")
            .warns("\rEpoch 3/3 [", "\n")
            .omits("\r")
            .warns(" loss ", " valid ", " best ", " 0:00 left");
    assertTrue(run.err().chars().allMatch(c -> c == '\r' || c == '\n' || c >= 32), "no escapes");
  }

  @Test
  void timeLeftIsReadable() {
    assertEquals("0:00", ProgressBar.time(-1));
    assertEquals("0:59", ProgressBar.time(59.9));
    assertEquals("59:59", ProgressBar.time(3599));
    assertEquals("100:01:02", ProgressBar.time(360062));
  }
}
