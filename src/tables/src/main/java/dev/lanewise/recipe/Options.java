package dev.lanewise.recipe;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.metrics.EpochMetric;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.Optimizer;
import dev.lanewise.train.Schedule;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainerBuilder;
import dev.lanewise.train.WeightDecay;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The table of all options, and the network and the trainer that values of them describe. An option
 * of the trainer is a line of the table and a line of {@link #builder}.
 */
final class Options {
  static final String OPTIMIZER = "optimizer";
  static final String ADAM_W = "adamw";
  static final String SCHEDULE = "schedule";
  static final String TEMPERATURE = "temperature";
  static final String GROUP_WEIGHTS = "groupWeights";
  static final String VALIDATION = "validation"; // value of the temperature

  /** Stands for all values of a selector that is a number above 0. */
  static final String ABOVE_0 = "above 0";

  /**
   * A line per option: name, perhaps with another one on the command line; type and scale; value in
   * the course; explanation; choices, perhaps with other words on the command line; selector;
   * users. A search draws the values of an option by its place, so a new option comes last.
   */
  private static final String TABLE =
      """
      hidden|sizes values|16,80|sizes of the hidden layers, with commas between them, or none
      activation|text values|relu|activation of all hidden layers, or one for each
      init|word values|course|distribution of the initial weights|%s
      seed|long shared|0|seed of initial weights, shuffles, dropout and division of rows
      members|whole shared|1|networks whose predictions are averaged
      binnedMembers|whole uniform|0|how many of these, the last ones, see bins and have dropout that decays
      bins|whole values|0|bins of each numeric feature that are further inputs; 0 for none
      epochs|whole uniform|1000|passes over the training rows; auto: by the rows
      batchSize|whole logarithmic|100|rows of a mini-batch, or -1 for all rows
      dropShortBatch short-batch|truth values|false|whether to leave out the last mini-batch if it is shorter|\
      false=keep true=drop
      optimizer|word values|sgd|rule that turns a gradient into a change of the weights|\
      sgd momentum nesterov rmsprop adam adamw
      momentum|number uniform|0.9|share of the velocity that a step keeps||optimizer|momentum nesterov
      beta1|number uniform|0.9|share of the mean of gradients that a step keeps||optimizer|adam adamw
      beta2|number uniform|0.999|share of the mean of squared gradients that a step keeps|\
      |optimizer|rmsprop adam adamw
      epsilon|number logarithmic|1e-8|number that keeps the divisor of a step away from 0|\
      |optimizer|rmsprop adam adamw
      weightDecay|number logarithmic|0|L2 penalty of weights; with adamw a decoupled decay
      learningRate eta|number logarithmic|0.01|step size, whatever the optimizer
      schedule|word values|constant|change of the learning rate from epoch to epoch|\
      constant step exponential inverse cosine cosine-log plateau
      scheduleEpochs|whole uniform|100|epochs of the schedule||schedule|step cosine cosine-log plateau
      scheduleFactor|number uniform|0.1|factor of the learning rate||schedule|step exponential plateau
      scheduleDecay|number uniform|0.01|decay of the learning rate||schedule|inverse
      scheduleMinimum|number uniform|0|smallest learning rate||schedule|cosine plateau
      warmup|whole uniform|0|epochs in which the learning rate grows before the schedule begins
      biasRate|number logarithmic|1|factor of the learning rate of biases
      inputRate|number logarithmic|0|factor of the learning rate of input factors; 0 for no factors
      ratesByInputs rate-by-inputs|truth values|false|whether a layer's rate is divided by the root of its inputs|\
      true=yes false=no
      dropout|number uniform|0|probability that training drops an output of a hidden layer
      dropoutSchedule|word values|constant|change of that probability over the epochs|\
      constant flat-cosine|dropout|above_0
      dropoutEpochs|whole uniform|1000|epochs of the schedule of dropout||dropoutSchedule|flat-cosine
      labelSmoothing|number uniform|0|share of a target that is spread evenly over all classes; auto: by the classes
      clipNorm|number logarithmic|0|largest norm of the gradients of a step; 0 for no limit
      patience|whole uniform|0|epochs without improvement that end a training; 0 for no end; auto: by the rows
      best|word shared|none|measure by which the best epoch on validation rows is kept; auto: by the classes|\
      none loss last-loss=loss error last-error=error auc last-auc=auc balanced last-balanced=balanced \
      f1 last-f1=f1 mae last-mae=mae auto
      configurations|text shared|none|options of groups of networks, each group as many as members says: \
      weight option=value ...; weight ...
      temperature|word shared|none|temperature of the probabilities, fitted to the validation rows of each network|\
      none validation
      groupWeights|word shared|given|weights of the groups in the average: as given, or 1 and the number of further \
      selections by the loss on validation rows|given greedy
      shards|whole shared|1|parts of each mini-batch whose gradients are summed apart: a power of two, at most one \
      for every 64 rows
      """;

  /** All options by name, in an order in which they can be set. */
  static final Map<String, Option> ALL = all();

  private static final int MOST_BINS = 1000;

  private final Map<String, String> preset;
  private final Map<String, String> changed;

  /** Takes the values of a preset, and those that are set in place of them. */
  Options(Map<String, String> preset, Map<String, String> changed) {
    this.preset = preset;
    this.changed = changed;
  }

  private static Map<String, Option> all() {
    Map<String, Option> all = new LinkedHashMap<>();
    String table = TABLE.formatted(String.join(" ", Initializer.labels()));
    for (String line : table.split("\n")) {
      Option option = Option.of((line + "|||").split("\\|", -1));
      all.put(option.name(), option);
    }
    return Collections.unmodifiableMap(all);
  }

  /** Returns an option by its name, or throws if there is none. */
  static Option known(String name) {
    Option option = ALL.get(Objects.requireNonNull(name, "option"));
    if (option == null) {
      throw ArgumentException.of("recipe option", name, "one of " + ALL.keySet());
    }
    return option;
  }

  /** Refuses a value that is out of its range. */
  static void require(boolean isInRange, String name, Object value, String expected) {
    if (!isInRange) {
      throw ArgumentException.of(name, value, expected);
    }
  }

  /** Returns the value that was set, or else the value of the preset or the course. */
  String text(String option) {
    String value = changed.getOrDefault(option, preset.get(option));
    return value == null ? known(option).course() : value;
  }

  /** Returns whether the value of an option changes anything. */
  boolean uses(String name) {
    Option option = known(name);
    return option.users().isEmpty()
        || option.users().contains(text(option.selector()))
        || (option.users().contains(ABOVE_0) && number(option.selector()) > 0);
  }

  int whole(String option) {
    return Option.whole(text(option));
  }

  double number(String option) {
    return Option.number(text(option));
  }

  /** Returns the preset's share of the members, rounded down, unless the number was set. */
  int binnedMembers() {
    int usual = whole("binnedMembers");
    if (changed.containsKey("binnedMembers") || !changed.containsKey("members")) {
      return usual;
    }
    int members = Option.whole(preset.getOrDefault("members", "1"));
    return (int) ((long) usual * whole("members") / members);
  }

  long seed() {
    try {
      return Long.parseLong(text("seed"));
    } catch (NumberFormatException e) {
      throw ArgumentException.of("seed", text("seed"), "a whole number of at most 64 bits");
    }
  }

  List<Integer> hiddenSizes() {
    String text = text("hidden");
    List<Integer> sizes =
        text.equals("none")
            ? List.of()
            : Arrays.stream(text.split(",", -1)).map(Option::whole).toList();
    if (sizes.stream().anyMatch(size -> size < 1)) {
      throw ArgumentException.of(
          "hidden", text, "sizes from 1 such as 16,80 (without spaces), or none");
    }
    return sizes;
  }

  private List<Activation> activations(int layers) {
    List<Activation> all =
        Arrays.stream(text("activation").split(",", -1))
            .map(String::strip)
            .map(Activation::of)
            .toList();
    return all.size() == 1 ? Collections.nCopies(layers, all.get(0)) : all;
  }

  /** Refuses numbers of members and bins that are out of range, and wrong layers. */
  void check() {
    hiddenSizes();
    activations(1);
    int members = whole("members");
    check("members", members, 1, Option.MOST_MEMBERS);
    check("binnedMembers", binnedMembers(), 0, members);
    require(
        members * groups().size() <= Option.MOST_MEMBERS,
        Group.OPTION,
        text(Group.OPTION),
        "at most " + Option.MOST_MEMBERS + " networks in all");
    check("bins", whole("bins"), 0, MOST_BINS);
    require(
        groups().size() > 1 || !changed.getOrDefault(GROUP_WEIGHTS, "").equals("greedy"),
        GROUP_WEIGHTS,
        "greedy",
        "several groups of networks in " + Group.OPTION);
  }

  private void check(String option, int value, int least, int most) {
    String expected = "a whole number from %s to %s".formatted(least, most);
    require(value >= least && value <= most, option, text(option), expected);
  }

  Mlp network(int inputs, int outputs, Loss loss) {
    Objects.requireNonNull(loss, "loss");
    List<Integer> sizes = hiddenSizes();
    Architecture layers = new Architecture(inputs, sizes, outputs, activations(sizes.size()));
    return Mlp.initial(layers, Initializer.of(text("init")), seed()).withLoss(loss);
  }

  /** Returns the groups of networks; one without options of its own if none are given. */
  List<Group> groups() {
    return Group.parsed(text(Group.OPTION), Options::known);
  }

  /**
   * Returns the options of a member, which counts from 0: the changed options of the recipe, and
   * the options in which members differ, such as the seed.
   */
  Map<String, String> ofMember(int member) {
    Map<String, String> values = new LinkedHashMap<>(changed);
    values.put("members", "1");
    values.put("binnedMembers", "0");
    if (member > 0) {
      long own = CounterRandom.bits(CounterRandom.key(seed(), CounterRandom.MEMBER, member), 0);
      values.put("seed", Long.toString(own));
    }
    if (member >= whole("members") - binnedMembers()) {
      values.putIfAbsent("bins", "16");
      if (!values.containsKey("dropout")) {
        values.put("dropout", "0.15");
        values.putIfAbsent("dropoutSchedule", "flat-cosine");
        if (values.containsKey("scheduleEpochs")) { // a run that resumed with more epochs has it
          int epochs = whole("scheduleEpochs") + whole("warmup");
          values.putIfAbsent("dropoutEpochs", Integer.toString(epochs));
        }
      }
    }
    return values;
  }

  /** Returns a builder with these values, each of which it checks; all options must be set. */
  TrainerBuilder builder() {
    double decay = number("weightDecay");
    TrainerBuilder builder = Trainer.builder();
    if (uses("dropoutSchedule") && uses("dropoutEpochs")) {
      builder.flatCosineDropout(whole("dropoutEpochs"));
    }
    return builder
        .seed(seed())
        .epochs(whole("epochs"))
        .batchSize(whole("batchSize"))
        .shards(whole("shards"))
        .dropShortBatch(text("dropShortBatch").equals("true"))
        .optimizer(optimizer())
        .weightDecay(
            text(OPTIMIZER).equals(ADAM_W) ? WeightDecay.decoupled(decay) : WeightDecay.l2(decay))
        .learningRate(number("learningRate"))
        .schedule(schedule().withWarmup(whole("warmup")))
        .biasRate(number("biasRate"))
        .inputRate(number("inputRate"))
        .ratesByInputs(text("ratesByInputs").equals("true"))
        .dropout(number("dropout"))
        .labelSmoothing(number("labelSmoothing"))
        .clipNorm(number("clipNorm"))
        .patience(whole("patience"))
        .best(EpochMetric.best(text("best")));
  }

  private Optimizer optimizer() {
    return switch (text(OPTIMIZER)) {
      case "sgd" -> Optimizer.sgd();
      case "momentum" -> Optimizer.momentum(number("momentum"));
      case "nesterov" -> Optimizer.nesterov(number("momentum"));
      case "rmsprop" -> Optimizer.rmsProp(number("beta2"), number("epsilon"));
      case "adam", ADAM_W -> // weight decay tells them apart
          Optimizer.adam(number("beta1"), number("beta2"), number("epsilon"));
      default -> throw new IllegalStateException(text(OPTIMIZER));
    };
  }

  private Schedule schedule() {
    int epochs = whole("scheduleEpochs");
    double factor = number("scheduleFactor");
    double minimum = number("scheduleMinimum");
    return switch (text(SCHEDULE)) {
      case "constant" -> Schedule.constant();
      case "step" -> Schedule.step(epochs, factor);
      case "exponential" -> Schedule.exponential(factor);
      case "inverse" -> Schedule.inverse(number("scheduleDecay"));
      case "cosine" -> Schedule.cosine(epochs, minimum);
      case "cosine-log" -> Schedule.cosineLog(epochs);
      case "plateau" -> Schedule.plateau(epochs, factor, minimum);
      default -> throw new IllegalStateException(text(SCHEDULE));
    };
  }
}
