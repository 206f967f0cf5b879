package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.LoadOptions;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.Split;
import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.parallel.Team;
import dev.lanewise.train.BestEpoch;
import dev.lanewise.train.Checkpoint;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.Sampling;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainerBuilder;
import dev.lanewise.train.TrainingRun;
import dev.lanewise.train.TrainingRun.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** {@code train}: from data to a model, its statistics and its curves. */
final class TrainCommand implements Command {
  private static final int UNCERTAIN_CASES = 5;

  /** Options on which no weight depends, or of which the model knows more by itself. */
  private static final Set<String> NOT_OF_TRAINING =
      Set.of(
          "data",
          "targets",
          "valid-data",
          "test-data",
          "cache",
          "hidden",
          "activation",
          "initial-model",
          "trust",
          "out",
          "force",
          "checkpoint-every",
          "resume",
          "verbose");

  private KernelWarmUp warmUp;
  private Arguments arguments;
  private Output output;
  private Preset preset;
  private Loss loss;
  private double[] classWeights = {};
  private List<Integer> hidden;
  private RunDirectory files;
  private Dataset data;
  private Mlp initial;
  private Path checkpointFile; // null, as the checkpoint, for a run from the start
  private Checkpoint checkpoint;

  @Override
  public void prepare() {
    warmUp = new KernelWarmUp();
  }

  @Override
  public void close() {
    if (warmUp != null) {
      warmUp.close();
    }
  }

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    this.arguments = arguments;
    this.output = output;
    try {
      train(interruption);
    } finally {
      if (files != null) {
        files.close();
      }
    }
  }

  private void train(Interruption interruption) throws IOException {
    if (arguments.has("resume")) {
      resume();
    }
    preset = Preset.of(arguments);
    arguments.byDefault("preset", preset.label());
    preset.apply(arguments, Loss.SOFTMAX, true);
    trainer();
    load();
    TrainerBuilder trainer = trainer(); // with what the preset has for the target
    DataSource.checkLoss(arguments, initial.loss());
    checkClassOptions();
    output.kernelHint();
    output.note(DataSource.describe(arguments.path("data"), data));
    data.notes().forEach(output::note);
    if (preset != Preset.COURSE) {
      output.note(preset.describe(arguments, data.loss(), data.validation().isPresent()));
    }
    output.note(
        "Network %s, %s parameters; %s epochs, batch size %s, %seta %s, seed %s"
            .formatted(
                initial.architecture(),
                initial.parameterCount(),
                arguments.text("epochs"),
                arguments.text("batch-size"),
                arguments.has("optimizer") ? arguments.text("optimizer") + " " : "",
                arguments.text("eta"),
                arguments.text("seed")));
    if (checkpoint != null) {
      output.note(
          "Resumed from %s in epoch %s, step %s"
              .formatted(checkpointFile, checkpoint.epoch(), checkpoint.step()));
    }
    if (arguments.text("schedule").equals("plateau")) {
      requireValidation("schedule plateau");
    }
    if (arguments.has("patience")) {
      requireValidation("patience");
    }
    if (!arguments.text("best").equals("none")) {
      requireValidation("best");
    }
    Json start = startEvent();
    output.event(start);
    interruption.hold();
    if (files == null) {
      files =
          arguments.has("out")
              ? RunDirectory.of(arguments.path("out"), arguments.has("force"))
              : RunDirectory.next();
    }
    files.prepare(initial.loss(), initial.parameterCount(), output);
    TrainingMonitor monitor =
        new TrainingMonitor(initial.loss(), arguments.has("verbose"), output, interruption, bar());
    TrainingRun run;
    try {
      warmUp.awaitFor((double) epochs() * data.train().rows() * initial.parameterCount());
      trainer.listener(monitor).listener(new CheckpointWriter(files, arguments, output));
      run =
          checkpoint == null ? trainer.build().fit(takeInitial(), data) : resumed(trainer.build());
    } finally {
      monitor.close();
    }
    conclude(run, monitor, start);
  }

  /** Takes up the checkpoint, and the options of its run. */
  private void resume() throws IOException {
    files =
        arguments.has("out") ? RunDirectory.resumed(arguments.path("out")) : RunDirectory.resumed();
    checkpointFile = files.checkpoint();
    try {
      checkpoint = ModelSource.checkpoint(arguments, checkpointFile, output);
    } catch (IOException e) {
      checkpointFile = files.previousCheckpoint();
      if (checkpointFile == null) {
        throw e;
      }
      output.error(e.getMessage() + "; going on from " + checkpointFile);
      checkpoint = ModelSource.checkpoint(arguments, checkpointFile, output);
    }
    arguments.restore(checkpointFile, checkpoint.notes(), CheckpointWriter.FREE);
  }

  /** The network to start from, which is kept no longer: it may have many parameters. */
  private Mlp takeInitial() {
    Mlp network = initial;
    initial = null;
    return network;
  }

  private TrainingRun resumed(Trainer trainer) {
    initial = null;
    try {
      return trainer.resume(checkpoint, data);
    } catch (IllegalArgumentException e) {
      throw Problem.failure(checkpointFile + ": " + e.getMessage());
    }
  }

  /** Checks all options before anything is read. */
  private TrainerBuilder trainer() throws IOException {
    TrainerBuilder trainer = Trainer.builder();
    arguments.number("eta", trainer::learningRate);
    arguments.integer("batch-size", trainer::batchSize);
    loss = arguments.has("loss") ? Loss.of(arguments.choice("loss", Loss.labels())) : null;
    hidden = NetworkOptions.hidden(arguments);
    if (!arguments.has("initial-model")) {
      NetworkOptions.activations(arguments, hidden.size());
    }
    arguments.choice("init", "course", "he", "glorot", "realmlp");
    arguments.choice("scale", "auto", "none", "255", "standard", "minmax", "robust");
    if (arguments.has("scale-targets")) {
      arguments.choice("scale-targets", "none", "standard");
    }
    if (arguments.has("stratified") && arguments.has("no-stratified")) {
      throw Problem.usage("--no-stratified: not together with --stratified, expected one of them");
    }
    if (arguments.has("init") && arguments.has("initial-model")) {
      throw Problem.usage("--init: not together with --initial-model, whose weights are the start");
    }
    if (arguments.has("min-count") && arguments.has("initial-model")) {
      throw Problem.usage("--min-count: not together with --initial-model, whose categories stay");
    }
    boolean force = arguments.has("force");
    if (checkpoint != null) {
      assert !force; // it was refused, and is not needed: it is the same run
    } else if (arguments.has("out")) {
      RunDirectory.check(arguments.path("out"), force);
    } else if (force) {
      throw Problem.usage("--force: nothing to replace, expected --out DIR");
    }
    arguments.number("label-smoothing", trainer::labelSmoothing);
    arguments.integer("epochs", trainer::epochs);
    arguments.number("clip-norm", trainer::clipNorm);
    arguments.number("dropout", trainer::dropout);
    arguments.number("checkpoint-every", trainer::checkpointEvery);
    if (arguments.has("patience")) {
      trainer.patience(arguments.integer("patience", 1, Integer.MAX_VALUE));
    }
    arguments.number("bias-rate", trainer::biasRate);
    arguments.number("input-rate", trainer::inputFactors);
    return classWeights(trainer)
        .best(best())
        .ratesByInputs(arguments.isYes("rate-by-inputs"))
        .dropShortBatch(arguments.choice("short-batch", "keep", "drop").equals("drop"))
        .optimizer(OptimizerOptions.of(arguments))
        .weightDecay(OptimizerOptions.decay(arguments))
        .schedule(ScheduleOptions.of(arguments, epochs()))
        .seed(arguments.seed())
        .sampling(sampling())
        .threads(arguments.threads());
  }

  private BestEpoch best() {
    boolean patient = arguments.has("patience");
    arguments.byDefault("best", patient ? "loss" : "none");
    String best = arguments.choice("best", "none", "loss", "error");
    boolean last = arguments.choice("best-of-equals", "first", "last").equals("last");
    if (best.equals("none")) {
      if (patient) {
        throw Problem.usage("--best none: not together with --patience, which keeps the best");
      } else if (arguments.has("best-of-equals")) {
        throw Problem.usage("--best-of-equals: of use with --best loss, error or --patience only");
      }
      return BestEpoch.NONE;
    } else if (best.equals("loss")) {
      return last ? BestEpoch.LAST_LOSS : BestEpoch.LOSS;
    }
    return last ? BestEpoch.LAST_ERROR : BestEpoch.ERROR;
  }

  private void requireValidation(String option) {
    if (data.validation().isEmpty()) {
      throw Problem.failure(
          arguments.path("data") + ": no validation rows, expected some for --" + option);
    }
  }

  private Sampling sampling() {
    if (arguments.has("no-shuffle") && arguments.has("balanced")) {
      throw Problem.usage("--balanced: not together with --no-shuffle, expected one of them");
    }
    return arguments.has("balanced")
        ? Sampling.BALANCED
        : arguments.has("no-shuffle") ? Sampling.SEQUENTIAL : Sampling.SHUFFLED;
  }

  /** Adds the weights of the classes; that there is one for each is checked with the data. */
  private TrainerBuilder classWeights(TrainerBuilder builder) {
    String text = arguments.text("class-weights");
    if (text.equals("balanced")) {
      return builder.balancedClassWeights();
    }
    String[] parts = text.equals("none") ? new String[0] : text.split(",", -1);
    classWeights = new double[parts.length];
    for (int c = 0; c < parts.length; c++) {
      classWeights[c] = Arguments.number(parts[c]);
    }
    try {
      return builder.classWeights(classWeights);
    } catch (IllegalArgumentException e) {
      throw arguments.wrong(
          "class-weights",
          "none, balanced, or numbers from 0, not all 0, such as 1,2.5 (without spaces)");
    }
  }

  /** What softmax alone can do. */
  private void checkClassOptions() {
    for (String option : new String[] {"label-smoothing", "class-weights"}) {
      if (arguments.has(option) && !initial.loss().takesClasses()) {
        throw Problem.usage("--" + option + ": of use with --loss softmax only");
      }
    }
    if (arguments.has("dropout") && initial.architecture().hidden().isEmpty()) {
      throw Problem.usage("--dropout: of use with hidden layers only, expected --hidden N,N,...");
    }
    if (classWeights.length > 0 && classWeights.length != data.classes()) {
      throw arguments.wrong("class-weights", data.classes() + " numbers, one for each class");
    }
  }

  private int epochs() {
    return Arguments.integer(arguments.text("epochs"));
  }

  private int batchSize() {
    return Arguments.integer(arguments.text("batch-size"));
  }

  /** Reads the data, and reads or draws the network before training. */
  private void load() throws IOException {
    if (!arguments.has("initial-model") && checkpoint == null) {
      data = DataSource.load(arguments, options(LoadOptions.defaults()));
      preset.apply(arguments, data.loss(), data.validation().isPresent());
      hidden = NetworkOptions.hidden(arguments);
      Architecture architecture =
          NetworkOptions.architecture(arguments, data.features(), hidden, data.classes());
      initial =
          Mlp.initial(architecture, Initializer.of(arguments.text("init")), arguments.seed())
              .withLoss(data.loss());
      return;
    }
    Path file = checkpoint == null ? arguments.path("initial-model") : checkpointFile;
    Path dataFile = arguments.path("data");
    initial =
        checkpoint == null ? ModelSource.load(arguments, file, output).model : checkpoint.network();
    if (loss != null) { // for the same outputs another may be tried
      initial = initial.withLoss(loss);
    }
    Architecture architecture = initial.architecture();
    if (arguments.has("hidden") && !architecture.hidden().equals(hidden)) {
      throw Problem.failure(
          "%s: hidden layers %s, expected %s as --hidden says"
              .formatted(file, architecture.hidden(), hidden));
    }
    List<Activation> activations =
        NetworkOptions.activations(arguments, architecture.hidden().size());
    if (arguments.has("activation") && !architecture.activations().equals(activations)) {
      throw Problem.failure(
          "%s: activations %s, expected %s as --activation says"
              .formatted(
                  file,
                  NetworkOptions.labels(architecture.activations()),
                  NetworkOptions.labels(activations)));
    }
    // A model to start from has its scaling already, unless the user wants another.
    data = DataSource.load(arguments, options(LoadOptions.forTrainingFrom(initial)));
    preset.apply(arguments, data.loss(), data.validation().isPresent());
    if (arguments.has("scale")) {
      initial = initial.withScaling(data.scaling());
    }
    data = Subject.fitted(initial, file, data, dataFile);
    if (arguments.has("scale")) {
      initial = initial.withScaling(data.scaling());
    }
    if (arguments.has("scale-targets")) {
      initial = initial.withTargetScaling(data.targetScaling());
    }
    if (architecture.outputs() != data.classes()) {
      throw Problem.failure(
          "%s: network %s, expected %s outputs as %s has classes"
              .formatted(file, architecture, data.classes(), dataFile));
    }
  }

  private LoadOptions options(LoadOptions known) throws IOException {
    LoadOptions divided = preset.divides(known);
    LoadOptions options = loss == null ? divided : divided.withLoss(loss);
    if (loss != null || !DataSource.isTable(DataSource.file(arguments))) {
      Loss usual = initial == null ? Loss.SOFTMAX : initial.loss();
      DataSource.checkLoss(arguments, loss == null ? usual : loss);
    }
    return arguments.has("scale")
        ? options.withScale(ScaleChoice.named(arguments.text("scale")))
        : options;
  }

  private Json startEvent() {
    return Json.event("start")
        .put("options", arguments.json())
        .put("data", DataSource.json(arguments.path("data"), data))
        .put(
            "model",
            new Json()
                .put("inputs", data.features())
                .put("hidden", initial.architecture().hidden())
                .put("classes", data.classes())
                .put("parameters", initial.parameterCount()))
        .put("resumed", checkpoint == null ? null : position())
        .put("kernels", KernelChoice.current().describe())
        .put("threads", Team.most(arguments.threads()));
  }

  private Json position() {
    return new Json().put("epoch", checkpoint.epoch()).put("step", checkpoint.step());
  }

  private ProgressBar bar() {
    int rows = data.train().rows();
    int batch = batchSize() == -1 ? rows : Math.min(batchSize(), rows);
    boolean otherLines = output.quiet || arguments.has("verbose");
    return ProgressBar.isWanted(arguments.text("progress"), otherLines)
        ? new ProgressBar(output.err, epochs(), rows, batch)
        : null;
  }

  /** Saves what there is, and says how good it is. */
  private void conclude(TrainingRun run, TrainingMonitor monitor, Json start) throws IOException {
    boolean diverged = run.outcome() == Outcome.DIVERGED;
    int best = run.bestEpoch();
    String sha256;
    Json end;
    String picture = null;
    Problem problem = null; // of the results, when all is saved
    Saving saving = saving(run, arguments.lines(NOT_OF_TRAINING), !diverged);
    try {
      sha256 = run.model().sha256();
      if (best >= 0) {
        output.note(bestEpoch(run, arguments.text("best")));
      }
      if (run.outcome() == Outcome.COMPLETED || run.outcome() == Outcome.STOPPED_EARLY) {
        Split split = run.model().loss().takesClasses() ? data.test().orElse(null) : null;
        Subject subject = new Subject(run.model(), data, "test", split);
        Evaluation test = null;
        try {
          test = split == null ? null : subject.evaluate(arguments);
        } catch (Problem e) {
          problem = e;
        }
        Scores scores = new Scores(run.model(), data, arguments.threads(), test);
        scores.print(output, run.model().loss(), sha256);
        if (test != null) {
          picture = UncertainCommand.picture(subject, test, UNCERTAIN_CASES);
        }
        end = scores.addTo(Json.event("done")).put("sha256", sha256);
        String unfit = scores.unfit();
        if (unfit == null && problem != null) {
          output.hint(problem.getMessage() + "; no " + RunFiles.UNCERTAIN);
          problem = null;
        } else if (unfit != null && problem == null) {
          problem = Problem.failure(arguments.text("data") + ": split " + unfit);
        }
      } else if (diverged) {
        end = monitor.event("diverged");
      } else {
        // Without the closing lines: who interrupts does not want to wait for them.
        output.result("Interrupted in " + monitor.place());
        output.result("Weights sha256 " + sha256);
        end = monitor.event("interrupted").put("sha256", sha256);
      }
    } finally {
      saving.await();
    }
    if (picture != null) {
      files.uncertain(picture);
    }
    if (!arguments.text("best").equals("none")) {
      end.put("best_epoch", best < 0 ? null : best)
          .put("stopped_early", run.outcome() == Outcome.STOPPED_EARLY);
    }
    end.put("kernels", KernelChoice.current().served());
    end.put("threads", run.threads());
    if (!Team.isFixed() && Team.most(arguments.threads()) > 1) {
      output.note(
          "Most steps on %s of %s threads, as the clock chose"
              .formatted(run.threads(), Team.most(arguments.threads())));
    }
    files.log(start, run.history(), end);
    output.note(files.describe());
    output.event(end);
    if (diverged) {
      throw Problem.failure(
          "training diverged in %s: %s, expected finite numbers; try a smaller --eta than %s"
              .formatted(monitor.place(), monitor.divergence(), arguments.text("eta")));
    } else if (problem != null) {
      throw problem;
    }
  }

  /** Saves what a training has given. */
  private Saving saving(TrainingRun run, List<String> options, boolean withModel) {
    return new Saving(
        () -> {
          if (withModel) {
            files.model(run.model().withTraining(options)); // first, as it is what was worked for
          }
          files.history(run.history(), run.model());
          return null;
        });
  }

  private static String bestEpoch(TrainingRun run, String by) {
    String stopped =
        run.outcome() == Outcome.STOPPED_EARLY
            ? "Stopped early after epoch " + (run.history().epochs() - 1) + ": the"
            : "The";
    EpochResult result = run.history().results().get(run.bestEpoch());
    Loss loss = run.model().loss();
    String what = Scores.lossName(loss) + " " + PythonFormat.fixed5(result.validLoss());
    String extreme = "smallest";
    if (by.equals("error") && loss != Loss.MSE) {
      String name = loss.isRegression() ? "R2 " : "accuracy ";
      what = name + PythonFormat.fixed5(result.validAccuracy());
      extreme = "largest";
    }
    return "%s weights are those of epoch %s, whose validation %s is the %s"
        .formatted(stopped, run.bestEpoch(), what, extreme);
  }
}
