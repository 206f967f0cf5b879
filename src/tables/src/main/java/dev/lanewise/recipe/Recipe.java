package dev.lanewise.recipe;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.model.Bins;
import dev.lanewise.model.Folds;
import dev.lanewise.model.Members;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.table.UndividedRows;
import dev.lanewise.train.TrainerBuilder;
import dev.lanewise.train.TrainingListener;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A network and its training, described by named options. The command line, Spark and this API take
 * their presets from here, so that one recipe gives the same weights in all of them.
 *
 * <pre>{@code
 * Recipe recipe = Recipe.TABLE.with("epochs", 100);
 * Table table = Table.read(Path.of("titanic.csv"));
 * Model model = recipe.fit(table.withTarget("survived")).model();
 * }</pre>
 *
 * <p>A recipe is immutable. An option that the recipe does not set has the course's value, which
 * may depend on other options: the epochs of a cosine schedule are those of the training.
 */
public final class Recipe {
  private static final String EPOCHS = "epochs";
  private static final String PATIENCE = "patience";
  private static final String BEST = "best";
  private static final String SMOOTHING = "labelSmoothing";
  private static final String MEMBERS = "members";
  private static final String BINNED = "binnedMembers";
  private static final String USUAL = "3"; // members for tables
  private static final int FEW = 300; // training rows
  private static final int MORE = 6; // members for few rows
  private static final double UNEQUAL =
      0.8; // with this share of a class or more, accuracy says little

  /** Small steps of plain gradient descent, as a university course has them. */
  public static final Recipe COURSE = new Recipe("course", Map.of(), Map.of());

  /**
   * Three networks like RealMLP, which suits most tables (Holzmueller, Grinsztajn and Steinwart,
   * "Better by default: Strong pre-tuned MLPs and boosted trees on tabular data", 2024). Each keeps
   * another fifth of the rows for validation. One of them sees bins and has dropout that decays.
   * For numeric targets all have dropout and none has Mish, which gives smaller errors. The epochs
   * follow from the rows, and the measure of the best epoch from the sizes of the classes.
   */
  public static final Recipe TABLE = new Recipe("table", RecipePresets.table(3, 1, 256), Map.of());

  /**
   * The best predictions for a table: groups of three networks like those of {@link #TABLE}, each
   * with other options, which complement each other. How much each group counts is selected by the
   * loss on the rows that its networks have not seen.
   */
  public static final Recipe TABLE_BEST = new Recipe("table-best", RecipePresets.best(), Map.of());

  /** One smaller network with half of the epochs, for quick answers. */
  public static final Recipe TABLE_FAST =
      new Recipe(RecipePresets.FAST, RecipePresets.table(1, 0, 128), Map.of());

  /** A network that suits small pictures, such as those of MNIST. */
  public static final Recipe IMAGE = new Recipe("image", RecipePresets.IMAGE, Map.of());

  private final String name;
  private final Map<String, String> preset;
  private final Map<String, String> changed;
  private final Options options; // the values in use, but for rules of several options
  private final Unresolved origin; // null before the rows are known

  /** The recipe before {@link #resolvedFor}, and the rows that it was given. */
  private record Unresolved(Recipe auto, int rows, boolean areUnequal) {}

  private Recipe(String name, Map<String, String> preset, Map<String, String> changed) {
    this(name, preset, changed, null);
  }

  private Recipe(
      String name, Map<String, String> preset, Map<String, String> changed, Unresolved origin) {
    this.name = name;
    this.preset = preset;
    this.changed = changed;
    this.origin = origin;
    options = new Options(preset, changed);
  }

  /**
   * {@return the recipe of a name}
   *
   * @param name {@code course}, {@code table}, {@code table-best}, {@code table-fast} or {@code
   *     image}
   * @throws IllegalArgumentException if the name is another
   */
  public static Recipe named(String name) {
    for (Recipe recipe : List.of(COURSE, TABLE, TABLE_BEST, TABLE_FAST, IMAGE)) {
      if (recipe.name.equals(name)) {
        return recipe;
      }
    }
    throw ArgumentException.of("recipe", name, "course, table, table-best, table-fast or image");
  }

  /** {@return all options by their names, in an order in which they can be set} */
  public static Map<String, Option> options() {
    return Options.ALL;
  }

  /**
   * {@return an option}
   *
   * @param name one of {@link #options}
   * @throws IllegalArgumentException if there is no such option
   */
  public static Option option(String name) {
    return Options.known(name);
  }

  /** {@return the name of the preset, one of those of {@link #named}} */
  public String name() {
    return name;
  }

  /** {@return the options that were changed with their values, by their names} */
  public Map<String, String> changes() {
    return changed;
  }

  /**
   * {@return this recipe with other values of several options}
   *
   * @param values by the names of options, as {@link #changes} returns them
   * @throws IllegalArgumentException as {@link #with(String, Object)}
   */
  public Recipe with(Map<String, String> values) {
    Objects.requireNonNull(values, "values");
    Recipe changed = this;
    for (Map.Entry<String, String> option : values.entrySet()) {
      changed = changed.with(option.getKey(), option.getValue());
    }
    return changed;
  }

  /**
   * {@return this recipe with one option changed}
   *
   * @param option one of {@link #options}
   * @param value a number, a truth value or text, as {@link String#valueOf(Object)} writes it
   * @throws IllegalArgumentException if there is no such option, or it does not take the value
   */
  public Recipe with(String option, Object value) {
    List<String> words = option(option).choices();
    Map<String, String> values = new LinkedHashMap<>(changed);
    values.put(option, String.valueOf(value));
    Unresolved before =
        origin == null
            ? null
            : new Unresolved(origin.auto.with(option, value), origin.rows, origin.areUnequal);
    Recipe recipe = new Recipe(name, preset, Collections.unmodifiableMap(values), before);
    boolean takes = words.isEmpty() || words.contains(values.get(option));
    Options.require(takes, option, value, "one of " + String.join(", ", words));
    try {
      recipe.options.check();
      recipe.resolvedFor(1).builder(Loss.SOFTMAX, true);
      recipe.checkGroups();
      return recipe;
    } catch (ArgumentException e) { // the value as it was written, by the name of this option
      throw e.expected().isEmpty() ? e : ArgumentException.of(option, value, e.expected());
    }
  }

  /** Refuses groups of networks with wrong options, or with different bins. */
  private void checkGroups() {
    if (!hasGroups()) {
      return;
    }
    for (int g = 0; g < options.groups().size(); g++) {
      try {
        Recipe own = group(g);
        own.options.check();
        own.resolvedFor(1).builder(Loss.SOFTMAX, true);
      } catch (ArgumentException e) {
        String expected = "other options in group %s (%s)".formatted(g + 1, e.getMessage());
        throw ArgumentException.of(Group.OPTION, options.text(Group.OPTION), expected);
      }
    }
    long bins =
        IntStream.range(0, members())
            .map(m -> member(m).options.whole("bins"))
            .filter(count -> count != 0)
            .distinct()
            .count();
    String expected = "the same bins in all networks that see bins";
    Options.require(bins <= 1, Group.OPTION, options.text(Group.OPTION), expected);
  }

  /**
   * {@return this recipe with numbers in place of {@code epochs auto} and {@code patience auto}}
   * These are 256 epochs, or 128 in the recipe table-fast, or fewer if all together would have more
   * than 2.4 million rows; and a patience of 32 epochs, or of those that have 200 steps. For {@code
   * best auto} and {@code labelSmoothing auto} it has the values for numbers, and for classes of
   * about the same size.
   *
   * @param rows training rows, at least 1
   */
  public Recipe resolvedFor(int rows) {
    return resolvedFor(rows, false);
  }

  /**
   * {@return this recipe as {@link #resolvedFor(int)}; but if a class has at least four fifths of
   * the rows, {@code best auto} is {@code last-loss} in place of {@code last-error}, and {@code
   * labelSmoothing auto} is 0 in place of 0.1} The accuracy then says little: few validation rows
   * decide it, while the loss depends on the probabilities of all.
   *
   * @param train the training rows, which count by their weights
   */
  public Recipe resolvedFor(Rows train) {
    Objects.requireNonNull(train, "train");
    return resolvedFor(train.rows(), largestShare(train));
  }

  /**
   * {@return the same for training rows that are not in this process}
   *
   * @param rows number of training rows, at least 1
   * @param largestShare the share of the class with the largest weight, from 0 to 1; 0 without
   *     classes
   */
  public Recipe resolvedFor(int rows, double largestShare) {
    return resolvedFor(rows, largestShare >= UNEQUAL);
  }

  /** Returns the share of the class with the largest weight; 0 for rows without classes. */
  private static double largestShare(Rows rows) {
    double[] sums = new double[1];
    double all = 0;
    for (int row = 0; row < rows.rows() && rows.outputs() == 0; row++) {
      int label = rows.label(row);
      sums = label < sums.length ? sums : Arrays.copyOf(sums, 2 * label);
      sums[label] += rows.weight(row);
      all += rows.weight(row);
    }
    return all == 0 ? 0 : Arrays.stream(sums).max().orElse(0) / all;
  }

  private Recipe resolvedFor(int rows, boolean areUnequal) {
    RecipePresets.Amount fit =
        new RecipePresets.Amount(name, rows, options.whole("batchSize"), areUnequal);
    Unresolved origin = new Unresolved(this, rows, areUnequal);
    return new Recipe(name, fit.values(preset), fit.values(changed), origin);
  }

  /** Returns the recipe of a group of the networks, from 0. */
  private Recipe group(int group) {
    if (origin != null) { // a batch size of its own leads to another patience
      return origin.auto.group(group).resolvedFor(origin.rows, origin.areUnequal);
    }
    Map<String, String> values = new LinkedHashMap<>(changed);
    values.putAll(ownOptions(group));
    values.remove(Group.OPTION);
    if (preset.containsKey(Group.OPTION)) {
      values.put(Group.OPTION, Group.NONE);
    }
    values.remove(Options.GROUP_WEIGHTS);
    return new Recipe(name, preset, Collections.unmodifiableMap(values), null);
  }

  /**
   * {@return whether the value of an option changes anything, which a momentum does not with plain
   * descent}
   *
   * @param option the name of the option
   */
  public boolean uses(String option) {
    return options.uses(option);
  }

  /**
   * {@return the values of the preset that have not been changed: values by the names of options;
   * none for the course's recipe}
   *
   * @param loss the loss of the network
   * @param hasValidation whether there are validation rows
   */
  public Map<String, String> presetValues(Loss loss, boolean hasValidation) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String option : preset.keySet()) {
      boolean hasMeasure = option.equals(BEST) && setsPatience();
      boolean isOtherRule = option.equals("beta2") && changed.containsKey(Options.OPTIMIZER);
      if (!changed.containsKey(option) && !hasMeasure && !isOtherRule) {
        values.put(option, value(option, loss, hasValidation));
      }
    }
    return values;
  }

  /**
   * {@return the value of an option: the value that was set, or else that of the preset or of the
   * course}
   *
   * @param option the name of the option
   * @param loss the loss of the network
   * @param hasValidation whether there are validation rows
   */
  public String value(String option, Loss loss, boolean hasValidation) {
    Objects.requireNonNull(loss, "loss");
    String usual = options.text(option);
    if (changed.containsKey(option)) {
      return changed.get(option);
    }
    boolean regression = loss.task().hasNumbers() && isTable();
    return switch (option) {
      case BINNED -> Integer.toString(options.binnedMembers());
      case "learningRate" -> regression ? "0.07" : usual;
      case "dropout" -> regression ? "0.1" : usual;
      case Options.TEMPERATURE -> loss.task().hasClasses() && hasValidation ? usual : "none";
      case Options.GROUP_WEIGHTS -> options.groups().size() == 1 ? "given" : usual;
      case SMOOTHING -> loss.task().hasClasses() ? usual : "0";
      case BEST -> setsPatience() ? "loss" : hasValidation ? usual : "none";
      case PATIENCE -> value(BEST, loss, hasValidation).equals("none") ? "0" : usual;
      case "beta2" ->
          !changed.containsKey(Options.OPTIMIZER)
              ? usual
              : changed.get(Options.OPTIMIZER).equals("rmsprop") ? "0.99" : option(option).course();
      case "weightDecay" -> options.text(Options.OPTIMIZER).equals(Options.ADAM_W) ? "0.01" : usual;
      case "scheduleEpochs" ->
          switch (options.text(Options.SCHEDULE)) {
            case "step" -> usual;
            case "plateau" -> "10";
            default -> epochsAfter(options.whole("warmup"));
          };
      case "dropoutEpochs" -> epochsAfter(0);
      case "scheduleFactor" ->
          options.text(Options.SCHEDULE).equals("exponential") ? "0.99" : usual;
      default -> usual;
    };
  }

  private String epochsAfter(int warmup) {
    boolean isAuto = options.text(EPOCHS).equals(RecipePresets.AUTO);
    return isAuto
        ? RecipePresets.AUTO
        : Integer.toString(Math.max(1, options.whole(EPOCHS) - warmup));
  }

  private boolean setsPatience() {
    return !changed.getOrDefault(PATIENCE, "0").equals("0");
  }

  /** {@return whether a fold of the rows is for validation, if no other rows are} */
  public boolean hasFolds() {
    return options.whole(MEMBERS) > 1 || isTable();
  }

  private boolean isTable() {
    return name.startsWith("table");
  }

  /**
   * {@return whether this recipe has several groups of networks, as its preset or its option {@code
   * configurations} says}
   */
  public boolean hasGroups() {
    return !options.text(Group.OPTION).equals(Group.NONE);
  }

  /** {@return the sizes of the hidden layers} */
  public List<Integer> hiddenSizes() {
    return options.hiddenSizes();
  }

  /**
   * {@return this recipe, or for few rows this recipe with more networks} In {@link #TABLE}, six
   * networks, three of which see bins, take the place of three if there are fewer than 300 training
   * rows, of which a fold is for validation. So each row is predicted out of fold. Such networks
   * take little time, and single ones depend much on which rows they have.
   *
   * @param data the rows to learn
   */
  public Recipe withNetworksFor(Dataset data) {
    Objects.requireNonNull(data, "data");
    boolean areFew = data.train().rows() < FEW && data.validation().isEmpty();
    boolean isUsual = USUAL.equals(preset.get(MEMBERS)) && !preset.containsKey(Group.OPTION);
    if (!areFew || !isUsual || changed.containsKey(MEMBERS)) {
      return this;
    }
    Recipe more = with(MEMBERS, MORE);
    return changed.containsKey(BINNED) ? more : more.with(BINNED, MORE / 2);
  }

  /** {@return the number of groups of networks, 1 if they are not in groups} */
  public int groups() {
    return options.groups().size();
  }

  /**
   * {@return this recipe with the first of its groups of networks alone} They are its value of
   * {@code configurations} then. Options that were set replace those of a preset's groups.
   *
   * @param count number of groups, from 1 to {@link #groups}
   */
  public Recipe withGroups(int count) {
    Options.require(count >= 1 && count <= groups(), "groups", count, "1 to " + groups());
    String text =
        IntStream.range(0, count)
            .mapToObj(g -> new Group(options.groups().get(g).weight(), ownOptions(g)).toString())
            .collect(Collectors.joining("; "));
    return with(Group.OPTION, text);
  }

  /** Returns the options of a group. In a preset's groups, options that were set count more. */
  private Map<String, String> ownOptions(int group) {
    Map<String, String> own = new LinkedHashMap<>(options.groups().get(group).options());
    if (!changed.containsKey(Group.OPTION)) {
      own.keySet().removeAll(changed.keySet());
      own.computeIfPresent(
          BINNED, (option, count) -> "" + Math.min(Option.whole(count), options.whole(MEMBERS)));
    }
    return own;
  }

  /** {@return the number of networks whose predictions are averaged} */
  public int members() {
    return options.whole(MEMBERS) * options.groups().size();
  }

  /** Returns the weight of each group of networks in the average, unless it is selected. */
  int[] groupWeights() {
    return options.groups().stream().mapToInt(Group::weight).toArray();
  }

  /** Returns the number of the fold on which a network validates, from 0. */
  int fold(int member) {
    return Folds.fold(member, round());
  }

  private int round() {
    return options.groups().size() == 1 ? 0 : options.whole(MEMBERS);
  }

  /**
   * {@return the recipe of one of the networks that are averaged, with a seed of its own. The last
   * {@code binnedMembers} of them see bins, and have dropout that decays, unless options for these
   * are set}
   *
   * @param member from 0
   */
  public Recipe member(int member) {
    Objects.checkIndex(member, members());
    int each = options.whole(MEMBERS);
    if (hasGroups()) {
      return group(member / each).member(member % each);
    }
    if (members() == 1 && options.binnedMembers() == 0) {
      return this;
    }
    Map<String, String> values = options.ofMember(member);
    return new Recipe(name, preset, Collections.unmodifiableMap(values));
  }

  /**
   * {@return the rows of a member: a fold of the training rows becomes its validation rows, see
   * {@link Folds}, unless there are validation rows, or the recipe has one network and is not one
   * for tables}
   *
   * @param data all rows
   * @param member from 0
   * @throws IllegalArgumentException if there are fewer training rows than folds
   */
  public Dataset rows(Dataset data, int member) {
    Objects.requireNonNull(data, "data");
    return hasFolds() ? Folds.of(data, options.seed(), round()).member(member) : data;
  }

  /**
   * {@return the network to start from, with bins of the training rows if the recipe has bins}
   *
   * @param data all rows
   * @throws IllegalArgumentException as for {@link #network(int, int, Loss)}
   */
  public Mlp network(Dataset data) {
    Objects.requireNonNull(data, "data");
    int count = options.whole("bins");
    Optional<Bins> bins = count == 0 ? Optional.empty() : Bins.of(data, count);
    int inputs = data.features() + bins.map(Bins::count).orElse(0);
    Mlp network = options.network(inputs, data.classes(), data.loss());
    return bins.map(b -> Model.of(network).withBins(b).members().get(0)).orElse(network);
  }

  /**
   * {@return the network to start from}
   *
   * @param inputs features of a row
   * @param outputs number of classes, or of numeric targets
   * @param loss the loss of the network
   * @throws IllegalArgumentException if the network has too many parameters, or not one activation
   *     per hidden layer, or the recipe has bins, which need rows
   */
  public Mlp network(int inputs, int outputs, Loss loss) {
    Options.require(
        options.whole("bins") == 0, "bins", options.text("bins"), "0 for a network without rows");
    return options.network(inputs, outputs, loss);
  }

  /**
   * {@return a builder of trainers with the options of this recipe, to which others can be added}
   *
   * @param loss the loss of the network
   * @param hasValidation whether there are validation rows
   * @throws IllegalArgumentException if an option is set that has no effect with the other options,
   *     or a value is still {@code auto}, which {@link #resolvedFor} replaces
   */
  public TrainerBuilder trainer(Loss loss, boolean hasValidation) {
    for (String option : changed.keySet()) {
      if (!uses(option)) {
        Option of = option(option);
        String users = of.selector() + " " + String.join(", ", of.users());
        String expected = "no value, as it is of use only with " + users;
        throw ArgumentException.of(option, changed.get(option), expected);
      }
    }
    Options.require(
        !changed.getOrDefault(Options.TEMPERATURE, "none").equals(Options.VALIDATION)
            || loss.task().hasClasses() && hasValidation,
        Options.TEMPERATURE,
        Options.VALIDATION,
        "none without validation rows, and for other losses than softmax");
    for (String option : List.of(EPOCHS, PATIENCE, BEST, SMOOTHING)) {
      if (value(option, loss, hasValidation).equals(RecipePresets.AUTO)) {
        throw new ArgumentException(
            "%s auto, expected Recipe.resolvedFor to be called first", option);
      }
    }
    return builder(loss, hasValidation);
  }

  private TrainerBuilder builder(Loss loss, boolean hasValidation) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String option : Options.ALL.keySet()) {
      values.put(option, value(option, loss, hasValidation));
    }
    return new Options(preset, values).builder();
  }

  /**
   * {@return the run of {@link #fit(Dataset, int, TrainingListener...)} on one thread}
   *
   * @param data the rows to learn
   */
  public RecipeRun fit(Dataset data) {
    return fit(data, 1);
  }

  /**
   * Trains the networks of this recipe on a data set.
   *
   * @param data the rows to learn; the validation rows decide which epoch is the best
   * @param threads as for {@link Members#train}; the result does not depend on it
   * @param listeners follow the training of every network, as for {@link Members}; each may end it
   * @return the trained model and the values of each epoch
   * @throws IllegalArgumentException if the recipe does not fit the data, or as {@link #trainer}
   */
  public RecipeRun fit(Dataset data, int threads, TrainingListener... listeners) {
    return fit(data, UnaryOperator.identity(), threads, listeners);
  }

  /**
   * Trains the networks of this recipe with further options, which recipes do not have, such as
   * weights of classes: {@code recipe.fit(data, TrainerBuilder::balancedClassWeights, 4)}.
   *
   * @param data as for {@link #fit(Dataset, int, TrainingListener...)}
   * @param further sets these options of the trainer of each network
   * @param threads likewise
   * @param listeners likewise
   * @return likewise
   * @throws IllegalArgumentException likewise, or if the further options do not fit the data
   */
  public RecipeRun fit(
      Dataset data,
      UnaryOperator<TrainerBuilder> further,
      int threads,
      TrainingListener... listeners) {
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(further, "further");
    return RecipeRun.of(withNetworksFor(data), data, further, threads, listeners);
  }

  /**
   * {@return the run of {@link #fit(UndividedRows, int, TrainingListener...)} on one thread}
   *
   * @param rows such as a table
   * @throws IOException if the rows are not what they should be
   */
  public RecipeRun fit(UndividedRows rows) throws IOException {
    return fit(rows, 1);
  }

  /**
   * Divides rows and trains on them, as {@code lanewise train} does.
   *
   * @param rows such as a table. By default 10 % of each class are test rows, and folds of the
   *     others validation rows; in the recipes for other data 10 % of all rows are validation rows
   * @param threads as for {@link #fit(Dataset, int, TrainingListener...)}
   * @param listeners likewise
   * @return the trained model and the values of each epoch
   * @throws IOException if the rows are not what they should be
   */
  public RecipeRun fit(UndividedRows rows, int threads, TrainingListener... listeners)
      throws IOException {
    Objects.requireNonNull(rows, "rows");
    Dataset data = rows.divide(shares(), isStratified(), options.seed());
    return fit(data, threads, listeners);
  }

  /** {@return the shares of a table's training, validation and test rows, whose sum is 1} */
  public List<Double> shares() {
    return hasFolds() ? List.of(0.9, 0.0, 0.1) : List.of(0.8, 0.1, 0.1);
  }

  /** {@return whether each class gives its share to training, validation and test rows} */
  public boolean isStratified() {
    return isTable();
  }

  @Override
  public String toString() {
    return name + (changed.isEmpty() ? "" : " " + changed);
  }
}
