package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.internal.RowPreparation;
import dev.lanewise.files.DataSource;
import dev.lanewise.files.ModelSource;
import dev.lanewise.files.Preset;
import dev.lanewise.files.Subject;
import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.metrics.EpochMetric;
import dev.lanewise.model.Members;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.parallel.Team;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.recipe.RecipeRun;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.DataOptions;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.ProgressBar;
import dev.lanewise.terminal.Result;
import dev.lanewise.terminal.Role;
import dev.lanewise.train.BestEpoch;
import dev.lanewise.train.Checkpoint;
import dev.lanewise.train.Sampling;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainerBuilder;
import dev.lanewise.train.TrainingListener;
import dev.lanewise.train.TrainingRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The training that the options describe: its data, initial network and trainer. */
public final class Training {
  private static final String TIME = "time";
  private static final int MOST_LISTED = 6; // networks whose layers are listed one by one

  private static final double LONGEST = 1e9; // seconds of a time
  // largest number of epochs of a training with --time; the history of each takes memory
  private static final int MOST_EPOCHS = 100_000;

  // arguments of the training, also when another command repeats it
  public final Arguments arguments;
  final Output output;
  private final Preset preset;
  private final List<EarlierNetwork> earlier; // none for a new run
  private Loss loss;
  private Dataset data;
  private final List<Mlp> initial = new ArrayList<>(); // one per network
  private final List<Dataset> rows = new ArrayList<>(); // likewise

  /** Checks all options of a new training before anything is read. */
  public Training(Arguments arguments, Output output) {
    this(arguments, output, List.of());
  }

  /** Checks all options of a training that may go on with the networks of an earlier run. */
  Training(Arguments arguments, Output output, List<EarlierNetwork> earlier) {
    this.arguments = arguments;
    this.output = output;
    this.earlier = earlier;
    RunCoverage.keepRows(arguments);
    preset = new Preset(arguments);
    trainer(0);
    if (arguments.has(TIME)) {
      arguments.refuse("not together with --time, which sets the epochs", "epochs");
      time(arguments);
    }
  }

  /** Takes data in place of {@link #load}. */
  public void take(Dataset given) {
    data = given;
    draw(null);
    check();
  }

  /**
   * Trains on the data that was taken, as {@link #run} does.
   *
   * @param threads largest number of threads
   * @param listener follows the training of each network
   */
  public RecipeRun fit(int threads, TrainingListener listener) {
    return RecipeRun.of(recipe(), rows, runs(m -> List.of(listener), threads));
  }

  /** Reads the data and the networks, and describes them. */
  public Result load() throws IOException {
    read();
    check();
    output.kernelHint();
    if (arguments.has(TIME) && preset.hasPortfolio()) {
      fixGroups();
    } else if (arguments.has(TIME)) {
      fixEpochs();
    }
    return describe();
  }

  private void check() {
    if (arguments.has("temperature") && arguments.text("temperature").equals("validation")) {
      if (!initial.get(0).loss().task().hasClasses()) {
        arguments.refuse("works with --loss softmax only", "temperature");
      }
      requireValidation("temperature validation");
    }
    trainer(0); // with the values of the preset for this target
    DataSource.checkLoss(arguments, initial.get(0).loss());
    checkClassOptions();
    RunCoverage.check(arguments, initial.get(0).loss());
    if (arguments.text("schedule").equals("plateau")) {
      requireValidation("schedule plateau");
    }
    if (hasPatience()) {
      requireValidation("patience");
    }
    if (!arguments.text("best").equals("none")) {
      requireValidation("best");
    }
  }

  /** Prints what was read, and what is trained on it, and returns the event about that. */
  public Result describe() {
    Mlp first = initial.get(0);
    Json model =
        new Json()
            .put("inputs", data.features())
            .put("hidden", first.architecture().hidden())
            .put("classes", data.classes())
            .put("parameters", parameters())
            .put("loss", first.loss().label())
            .put("train_rows", rows(0).train().rows());
    if (members() > 1) {
      model.put("members", members());
    }
    Result start =
        new Result("start", output)
            .put("options", arguments.json())
            .put("data", DataSource.json(arguments.path("data"), data))
            .put("model", model)
            .put("resumed", place())
            .put("kernels", KernelChoice.current().describe())
            .put("threads", Team.most(arguments.threads()));
    DataSource.describe(arguments, data, output);
    if (!preset.describe().isEmpty()) {
      output.note(preset.describe());
    }
    start.note(
        "Network%s %s, {model.parameters} parameters; %s epochs, batch size %s, %seta %s, seed %s"
            .formatted(
                members() == 1 ? "" : "s",
                architectures(),
                arguments.text("epochs"),
                arguments.text("batch-size"),
                arguments.has("optimizer") ? arguments.text("optimizer") + " " : "",
                arguments.text("eta"),
                arguments.text("seed")));
    if (!earlier.isEmpty()) {
      output.note("Resumed from " + source() + place().in(" in epoch {epoch}, step {step}"));
    }
    return start;
  }

  /** Returns the place at which the first network goes on; null for a new run. */
  private Json place() {
    Checkpoint from = checkpoint(0);
    return from == null ? null : new Json().put("epoch", from.epoch()).put("step", from.step());
  }

  /** Returns where a network goes on, from 0; null if it begins anew. */
  Checkpoint checkpoint(int member) {
    return earlier.isEmpty() ? null : earlier.get(member).checkpoint();
  }

  /** Returns the file of the first network of the earlier run. */
  private Path source() {
    return earlier.get(0).file();
  }

  /** Returns the layers of each network, or of many networks how many have which. */
  private String architectures() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    initial.forEach(network -> counts.merge(network.architecture().toString(), 1, Integer::sum));
    boolean areMany = members() > MOST_LISTED;
    return areMany
        ? counts.entrySet().stream()
            .map(each -> each.getValue() + " x " + each.getKey())
            .collect(Collectors.joining(", "))
        : initial.stream().map(n -> n.architecture().toString()).collect(Collectors.joining(", "));
  }

  /** Returns the recipe with the options of the user. */
  public Recipe recipe() {
    return preset.recipe();
  }

  /** Returns the number of networks that are trained. */
  public int members() {
    return recipe().members();
  }

  /** Returns the number of parameters of all networks. */
  long parameters() {
    return initial.stream().mapToLong(Mlp::parameterCount).sum();
  }

  public Dataset data() {
    return data;
  }

  /** Returns the rows of a network. */
  Dataset rows(int member) {
    return rows.get(member);
  }

  /** Returns a network before training, until the training begins. */
  public Mlp initial(int member) {
    return initial.get(member);
  }

  /** Returns the options that weights depend on, with the values in use. */
  public List<String> options() {
    List<String> lines = arguments.lines(Role::isNoted);
    if (!arguments.has("missing")) { // the schema of a table has the known words
      lines.removeIf(line -> line.startsWith("missing="));
    }
    return lines;
  }

  /** Returns the options that repeat this training, as name=value. */
  List<String> given() {
    List<String> given = new ArrayList<>(arguments.own(Role::isGiven));
    curves()
        .forEach(
            (curve, epochs) -> {
              if (!earlier.isEmpty() && arguments.text(curve).equals(epochs + "")) {
                given.removeIf(option -> option.startsWith(curve + "=")); // of the checkpoint
              }
            });
    return given;
  }

  /** Returns the options for checkpoints, with which a longer training begins like this one. */
  List<String> kept() {
    List<String> kept = given();
    for (String curve : curves().keySet()) {
      kept.removeIf(option -> option.startsWith(curve + "="));
      kept.add(curve + "=" + arguments.text(curve));
    }
    return kept;
  }

  /** Returns the options of curves that depend on the number of epochs, with their defaults. */
  private Map<String, Integer> curves() {
    Map<String, Integer> curves = new LinkedHashMap<>();
    if (arguments.text("schedule").startsWith("cosine")) {
      int left = epochs() - Arguments.integer(arguments.text("warmup"));
      curves.put("schedule-epochs", Math.max(1, left));
    }
    if ("flat-cosine".equals(arguments.text("dropout-schedule"))) {
      curves.put("dropout-epochs", Math.max(1, epochs()));
    }
    return curves;
  }

  List<String> used() {
    return arguments.lines(role -> true);
  }

  int epochs() {
    return Arguments.integer(arguments.text("epochs"));
  }

  /** Returns the progress bar; null if none is wanted. */
  public ProgressBar bar() {
    int each = rows(0).train().rows();
    int size = Arguments.integer(arguments.text("batch-size"));
    int batch = size == -1 ? each : Math.min(size, each);
    return isWatched() ? new ProgressBar(output.err, epochs(), each, batch, members()) : null;
  }

  /** Returns whether output for a terminal is wanted. */
  boolean isWatched() {
    boolean otherLines = output.quiet || arguments.has("verbose");
    return ProgressBar.isWanted(arguments.text("progress"), otherLines);
  }

  /**
   * Trains all networks, and drops the initial ones, which may have many parameters.
   *
   * @param listeners returns those of a network, from 0
   */
  public RecipeRun run(IntFunction<List<TrainingListener>> listeners) {
    return fitting(() -> RecipeRun.of(recipe(), rows, runs(listeners, arguments.threads())));
  }

  private List<TrainingRun> runs(IntFunction<List<TrainingListener>> listeners, int threads) {
    Members members = new Members();
    if (members() > 1) {
      RowPreparation.agreed(initial.get(0), data); // errors of this call are about all rows
    }
    for (int m = 0; m < members(); m++) {
      int member = m;
      TrainerBuilder builder = trainer(m);
      listeners.apply(m).forEach(builder::listener);
      members.add(builder.build(), own -> run(own, member));
    }
    return members.train(threads);
  }

  private TrainingRun run(Trainer trainer, int member) {
    Checkpoint from = checkpoint(member);
    if (from == null) {
      return trainer.fit(initial.set(member, null), rows.get(member));
    }
    initial.set(member, null);
    return trainer.resume(from, rows.get(member));
  }

  /** Sets the epochs that take the time of the user, if all networks share the threads. */
  private void fixEpochs() {
    double seconds = 0;
    for (int m = 0; m < members(); m++) {
      seconds += secondsPerEpoch(m);
    }
    double epochs = time(arguments) / seconds; // NaN if the loss is not finite from the start
    preset.fixEpochs(epochs > 1 ? (int) Math.min(epochs, MOST_EPOCHS) : 1);
    output.note("Time %s: %s epochs", arguments.text(TIME), epochs());
  }

  /**
   * Keeps as many groups of networks of the preset as the time of the user allows, at least one.
   * The networks of a group take about the same time, so the first of each is measured, and what
   * that takes counts, too.
   */
  private void fixGroups() {
    long start = System.nanoTime();
    int all = recipe().groups();
    int each = members() / all;
    int count = 0;
    double seconds = 0; // of the training
    boolean isTooLong = false;
    while (count < all && !isTooLong) {
      seconds += each * epochs() * secondsPerEpoch(count * each);
      isTooLong = seconds + 1e-9 * (System.nanoTime() - start) > time(arguments);
      count += isTooLong && count > 0 ? 0 : 1;
    }
    if (count < all) {
      preset.fixGroups(count);
      initial.clear();
      rows.clear();
      draw(null); // with the folds of so many groups
    }
    output.note("Time %s: %s of %s configurations", arguments.text(TIME), count, all);
  }

  /** Returns the seconds of an epoch of a network, divided by the networks that train at once. */
  private double secondsPerEpoch(int member) {
    Trainer measured = trainer(member).build();
    int atOnce = members() == 1 ? 1 : Math.min(members(), Team.most(arguments.threads()));
    return fitting(() -> measured.secondsPerEpoch(initial.get(member), rows.get(member))) / atOnce;
  }

  /** Returns the seconds of --time. */
  public static double time(Arguments arguments) {
    String text = arguments.text(TIME);
    int last = text.length() - 1;
    double unit = text.endsWith("s") ? 1 : text.endsWith("m") ? 60 : 3600;
    double seconds = Arguments.number(text.substring(0, last)) * unit;
    if (!"smh".contains(text.substring(last)) || !(seconds > 0 && seconds <= LONGEST)) {
      throw arguments.wrong(TIME, "a number above 0 with its unit s, m or h, such as 10m or 1.5h");
    }
    return seconds;
  }

  /** Runs the library on the data, and names the file in its error. */
  private <T> T fitting(Supplier<T> work) {
    return Problem.about(earlier.isEmpty() ? arguments.path("data") : source(), work);
  }

  /** Checks all options and returns the trainer of a network, from 0. */
  private TrainerBuilder trainer(int member) {
    loss = DataSource.checkedLoss(arguments);
    if (arguments.has("initial-model")) {
      arguments.refuse("not together with --initial-model, whose weights are the start", "init");
      arguments.refuse("not together with --initial-model, whose categories stay", "min-count");
    } else {
      arguments.activations(preset.recipe().hiddenSizes().size());
    }
    TrainerBuilder trainer = preset.trainer(member);
    if (arguments.text("checkpoint-every") != null) {
      arguments.number("checkpoint-every", trainer::checkpointEvery);
    }
    return withRows(trainer).best(best()).threads(arguments.threads());
  }

  /** Sets how rows and classes count, which recipes do not say; any thread may call this. */
  public TrainerBuilder withRows(TrainerBuilder trainer) {
    return classWeights(trainer).sampling(sampling());
  }

  private BestEpoch best() {
    String best = arguments.word("best");
    boolean last = arguments.word("best-of-equals").equals("last");
    if (best.equals("none")) {
      if (hasPatience()) {
        throw Problem.usage("--best none: not together with --patience, which keeps the best");
      }
      arguments.refuse("works with --best loss, error or --patience only", "best-of-equals");
      return BestEpoch.NONE;
    }
    String name = best.equals("auto") ? "error" : best;
    return EpochMetric.best((last ? "last-" : "") + name);
  }

  /** Returns a word if the figures of the validation rows are weighted by class, or nothing. */
  String weighted() {
    boolean weighs = arguments.has("balanced") || !arguments.text("class-weights").equals("none");
    return weighs && !arguments.text("best").equals("none") ? "class-weighted " : "";
  }

  /**
   * Returns whether the user gives a patience other than 0, which switches the patience of a preset
   * off.
   */
  private boolean hasPatience() {
    return arguments.has("patience") && Arguments.integer(arguments.text("patience")) != 0;
  }

  private void requireValidation(String option) {
    if (rows.get(0).validation().isEmpty()) {
      throw Problem.failure(
          arguments.path("data")
              + ": no validation rows, expected validation rows for --"
              + option);
    }
  }

  private Sampling sampling() {
    if (arguments.has("no-shuffle")) {
      arguments.refuse("not together with --no-shuffle, expected only one of the two", "balanced");
    }
    return arguments.has("balanced")
        ? Sampling.BALANCED
        : arguments.has("no-shuffle") ? Sampling.SEQUENTIAL : Sampling.SHUFFLED;
  }

  /** Sets the class weights; their number is checked when the data is read. */
  private TrainerBuilder classWeights(TrainerBuilder builder) {
    String text = arguments.text("class-weights");
    if (text.equals("balanced")) {
      return builder.balancedClassWeights();
    }
    String[] parts = text.equals("none") ? new String[0] : text.split(",", -1);
    try {
      return builder.classWeights(Arrays.stream(parts).mapToDouble(Arguments::number).toArray());
    } catch (IllegalArgumentException e) {
      throw arguments.wrong(
          "class-weights",
          "none, balanced, or numbers from 0, not all 0, such as 1,2.5 (without spaces)");
    }
  }

  /** Refuses options that the loss or the network cannot use. */
  private void checkClassOptions() {
    if (!initial.get(0).loss().task().hasClasses()) {
      arguments.refuse(
          "works with --loss softmax only", "label-smoothing", "class-weights", "balanced");
    }
    if (initial.get(0).architecture().hidden().isEmpty()) {
      arguments.refuse("works with hidden layers only, expected --hidden N,N,...", "dropout");
    }
    String weights = arguments.text("class-weights");
    boolean areGiven = !List.of("none", "balanced").contains(weights);
    if (areGiven && weights.split(",", -1).length != data.classes()) {
      throw arguments.wrong("class-weights", data.classes() + " numbers, one for each class");
    }
  }

  /** Reads the data, and reads or draws the networks before training. */
  private void read() throws IOException {
    Mlp known = null;
    if (!arguments.has("initial-model") && earlier.isEmpty()) {
      data = DataSource.loadNew(arguments, preset.recipe(), loss);
    } else {
      known = known();
    }
    draw(known);
  }

  /** Chooses the rows of each network, and takes a known network or draws all of them. */
  private void draw(Mlp known) {
    if (earlier.isEmpty()) { // else as many as the checkpoint names
      preset.fixMembers(data);
    }
    Recipe recipe = preset.recipe();
    for (int m = 0; m < members(); m++) {
      rows.add(recipe.rows(data, m));
    }
    preset.apply(rows.get(0));
    recipe = preset.recipe();
    for (int m = 0; m < members(); m++) {
      try {
        initial.add(m == 0 && known != null ? known : recipe.member(m).network(data));
      } catch (IllegalArgumentException e) {
        String option = arguments.has("configurations") ? "configurations" : "hidden";
        throw Problem.usage("--" + option + ": " + e.getMessage());
      }
    }
  }

  /** Reads the data and the network of a model or a checkpoint. */
  private Mlp known() throws IOException {
    Path file = earlier.isEmpty() ? arguments.path("initial-model") : source();
    Path dataFile = arguments.path("data");
    Model network =
        earlier.isEmpty()
            ? ModelSource.load(arguments, file, output).model
            : Model.of(checkpoint(0).network());
    Mlp only = ModelSource.single(network, file);
    DataOptions.useWords(arguments, network);
    if (loss != null) { // another loss may be tried with the same outputs
      network = network.withLoss(loss);
    }
    Architecture architecture = only.architecture();
    List<Integer> hidden = preset.recipe().hiddenSizes();
    if (arguments.has("hidden") && !architecture.hidden().equals(hidden)) {
      throw Problem.failure(
          "%s: hidden layers %s, expected %s as --hidden says",
          file, architecture.hidden(), hidden);
    }
    List<Activation> activations = arguments.activations(architecture.hidden().size());
    if (arguments.has("activation") && !architecture.activations().equals(activations)) {
      throw Problem.failure(
          "%s: activations %s, expected %s as --activation says",
          file, labels(architecture.activations()), labels(activations));
    }
    boolean fits = preset.recipe().value("temperature", network.loss(), true).equals("validation");
    if (network.calibration().isPresent() && !fits
        || network.rule().isPresent()
        || network.coverage().isPresent()) {
      output.hint(
          "%s: calibration, decision and coverage are not kept, as the weights change", file);
    }
    // A model to start from has its scaling already, unless the user wants another.
    data =
        DataSource.load(
            arguments,
            network,
            true,
            DataSource.division(preset.recipe()),
            DataSource.scaling(arguments, loss, network.loss()));
    if (arguments.has("scale")) {
      network = network.withScaling(data.scaling());
    }
    data = Subject.fitted(network, file, data, dataFile);
    if (arguments.has("scale")) {
      network = network.withScaling(data.scaling());
    }
    if (arguments.has("scale-targets")) {
      network = network.withTargetScaling(data.targetScaling());
    }
    if (architecture.outputs() != data.classes()) {
      throw Problem.failure(
          "%s: network %s, expected %s outputs as %s has classes",
          file, architecture, data.classes(), dataFile);
    }
    return network.members().get(0);
  }

  static String labels(Collection<Activation> activations) {
    return String.join(",", activations.stream().map(Activation::label).toList());
  }
}
