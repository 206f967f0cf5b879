package dev.lanewise.table;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.Split;
import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.RawRows;
import dev.lanewise.data.internal.Stratification;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.Message;
import dev.lanewise.nn.Division;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Schema;
import dev.lanewise.parallel.Team;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a user may choose about loading data. Immutable: each {@code with} gives new options, and
 * refuses null with an {@link IllegalArgumentException}.
 *
 * <pre>{@code
 * LoadOptions.defaults().withTarget("price").withIgnored(List.of("id")).withSeed(7)
 * }</pre>
 */
public final class LoadOptions implements Cloneable {
  private static final LoadOptions DEFAULTS = new LoadOptions();

  // Each is set in a copy that nobody else has yet, and never again.
  ScaleChoice scale = ScaleChoice.auto();
  Optional<ScaleChoice> targetScale = Optional.empty();
  Optional<Loss> loss = Optional.empty();
  Optional<Mlp> model = Optional.empty();
  boolean trains; // the model goes on training, perhaps on another file

  // How rows are divided.
  OptionalLong seed = OptionalLong.empty();
  Optional<List<Double>> splitSizes = Optional.empty();
  List<Double> usualSizes = List.of(0.8, 0.1, 0.1); // of a table, where none are given
  boolean stratifiesClasses; // of a table, where nothing is said
  OptionalDouble validFraction = OptionalDouble.empty();
  OptionalDouble usualFraction = OptionalDouble.empty(); // in place of a layout's own
  Optional<Boolean> stratified = Optional.empty();
  Optional<Path> validData = Optional.empty();
  Optional<Path> testData = Optional.empty();

  // Of pictures; empty where nothing is said.
  int[] imageSize = {};
  int[] imageShape = {}; // that others have

  // Of tables.
  TableOptions table = TableOptions.defaults();
  Optional<String> target = Optional.empty();
  Optional<String> weight = Optional.empty();
  List<String> ignored = List.of();
  List<String> categorical = List.of();
  int minCount = 2;
  int threads = 1;
  Optional<Path> cache = Optional.empty();

  private LoadOptions() {}

  /** What was given, which is not nothing. */
  private static <T> T given(T value) {
    if (value == null) {
      throw DataErrors.wrong(
          "an option set to null, expected a value (for none leave the option out)");
    }
    return value;
  }

  /** A copy in which one thing is other. */
  private LoadOptions with(Consumer<LoadOptions> change) {
    try {
      LoadOptions copy = (LoadOptions) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * The defaults: scaling by rule, seed 0. Of tables: the last column is the target, which says
   * what the loss is; 80 % training, 10 % validation and 10 % test rows.
   *
   * @return the options
   */
  public static LoadOptions defaults() {
    return DEFAULTS;
  }

  /**
   * The options for data that goes into a model: what the model stores says how to read, scale and
   * divide it, and columns are found by their names.
   *
   * @param model the model
   * @return the options
   */
  public static LoadOptions forModel(Mlp model) {
    Objects.requireNonNull(model, "model");
    LoadOptions options = DEFAULTS.withLoss(model.loss());
    options =
        options.withScale(
            model.scaling().map(ScaleChoice::fixed).orElse(ScaleChoice.bytesOrNone()));
    if (model.loss().isRegression()) {
      options = options.withTargetScale(ScaleChoice.fixed(model.targetScaling()));
    }
    TableOptions tables = model.schema().map(TableOptions::of).orElse(TableOptions.defaults());
    return options.withTable(tables).with(o -> o.model = Optional.of(model));
  }

  /**
   * The options for data on which a model is trained further: as {@link #forModel}, but the rows of
   * a file that is not the model's training file are divided as for any training.
   *
   * @param model the model
   * @return the options
   */
  public static LoadOptions forTrainingFrom(Mlp model) {
    Objects.requireNonNull(model, "model");
    return forModel(model).with(o -> o.trains = true);
  }

  /**
   * These options with another scaling of the inputs.
   *
   * @param choice how to choose it
   * @return new options
   */
  public LoadOptions withScale(ScaleChoice choice) {
    given(choice);
    return with(o -> o.scale = choice);
  }

  /**
   * These options with scaled targets, of use with losses of regression only. Those of tables are
   * standardised unless this says otherwise.
   *
   * @param choice as {@link Dataset#withTargetScaling} takes it
   * @return new options
   */
  public LoadOptions withTargetScale(ScaleChoice choice) {
    return with(o -> o.targetScale = Optional.of(given(choice)));
  }

  /**
   * These options with targets for a loss: numbers for those that do not take classes.
   *
   * @param aim the loss
   * @return new options
   */
  public LoadOptions withLoss(Loss aim) {
    return with(o -> o.loss = Optional.of(given(aim)));
  }

  /**
   * These options with another seed.
   *
   * @param number shuffles the rows of a table before they are divided
   * @return new options
   */
  public LoadOptions withSeed(long number) {
    return with(o -> o.seed = OptionalLong.of(number));
  }

  /**
   * These options with other shares of the rows of a table.
   *
   * @param sizes of training, validation and test rows: one to three, which add up to 1, the first
   *     above 0
   * @return new options
   * @throws IllegalArgumentException if they are others
   */
  public LoadOptions withSplitSizes(List<Double> sizes) {
    Objects.requireNonNull(sizes, "sizes");
    List<Double> copy = List.copyOf(sizes);
    double sum = 0;
    boolean sound = !copy.isEmpty() && copy.size() <= 3;
    for (double size : copy) {
      sound &= size >= 0;
      sum += size;
    }
    if (!sound || !(copy.get(0) > 0) || !(Math.abs(sum - 1) < 1e-9)) {
      throw ArgumentException.of(
          "split sizes", copy, "up to three numbers from 0 that add up to 1, the first above 0");
    }
    return with(o -> o.splitSizes = Optional.of(copy));
  }

  /**
   * These options with another share of the training rows for validation, where a file has none of
   * its own; of a table a share of all rows but those for test.
   *
   * @param fraction from 0 to below 1; of n rows it is n times the decimal number, rounded down
   * @return new options
   */
  public LoadOptions withValidFraction(double fraction) {
    Stratification.share(fraction, 0);
    return with(o -> o.validFraction = OptionalDouble.of(fraction));
  }

  /**
   * These options with rows divided class by class or not, as {@link Split#divide} has it.
   *
   * @param byClass whether every class gives its share
   * @return new options
   */
  public LoadOptions withStratified(boolean byClass) {
    return with(o -> o.stratified = Optional.of(byClass));
  }

  /**
   * Returns these options with a division for the rows of a table, where {@link #withSplitSizes}
   * and {@link #withStratified} do not set another.
   *
   * @param shares of training, validation and test rows; the training rows also get the share of
   *     rows that are in another file
   * @param stratified whether each class of the target gives its share
   * @return new options
   * @throws IllegalArgumentException if {@link #withSplitSizes} refuses the shares
   */
  public LoadOptions withUsualDivision(List<Double> shares, boolean stratified) {
    List<Double> sizes = withSplitSizes(shares).splitSizes.orElseThrow();
    return with(
        o -> {
          o.usualSizes = sizes;
          o.stratifiesClasses = stratified;
        });
  }

  /**
   * These options with validation rows from a file of their own.
   *
   * @param file of the same kind and columns as the training file
   * @return new options
   */
  public LoadOptions withValidData(Path file) {
    return with(o -> o.validData = Optional.of(given(file)));
  }

  /**
   * These options with test rows from a file of their own.
   *
   * @param file of the same kind and columns as the training file
   * @return new options
   */
  public LoadOptions withTestData(Path file) {
    return with(o -> o.testData = Optional.of(given(file)));
  }

  /**
   * These options with another way to read the text of a table.
   *
   * @param options its separator, header and so on
   * @return new options
   */
  public LoadOptions withTable(TableOptions options) {
    given(options);
    return with(o -> o.table = options);
  }

  /**
   * These options with another target column of a table.
   *
   * @param column its name in the header, or its number from 0 (negative: from the end); or several
   *     of these separated by commas for losses that do not take classes (a name that holds a comma
   *     stands alone, or is given by number)
   * @return new options
   */
  public LoadOptions withTarget(String column) {
    return with(o -> o.target = Optional.of(given(column)));
  }

  /**
   * These options with a column that has the weights of the rows.
   *
   * @param column its name, or its number from 0
   * @return new options
   */
  public LoadOptions withWeight(String column) {
    return with(o -> o.weight = Optional.of(given(column)));
  }

  /**
   * These options with columns of a table of which nothing is made.
   *
   * @param columns their names, or their numbers from 0
   * @return new options
   */
  public LoadOptions withIgnored(List<String> columns) {
    Objects.requireNonNull(columns, "columns");
    List<String> copy = List.copyOf(columns);
    return with(o -> o.ignored = copy);
  }

  /**
   * These options with columns of a table whose numbers are names of categories.
   *
   * @param columns their names, or their numbers from 0
   * @return new options
   */
  public LoadOptions withCategorical(List<String> columns) {
    Objects.requireNonNull(columns, "columns");
    List<String> copy = List.copyOf(columns);
    return with(o -> o.categorical = copy);
  }

  /**
   * These options with another bound for rare categories.
   *
   * @param rows in how many training rows a category must be to have an input of its own, at least
   *     1
   * @return new options
   */
  public LoadOptions withMinCount(int rows) {
    if (rows < 1) {
      throw ArgumentException.of("data: a minimum of rows per category of", rows, "at least 1");
    }
    return with(o -> o.minCount = rows);
  }

  /** The loss for files that do not tell it. */
  Loss lossOfArrays() {
    return loss.orElse(Loss.SOFTMAX);
  }

  /** These options with another share for validation than a layout usually has. */
  LoadOptions withUsualFraction(double fraction) {
    return with(o -> o.usualFraction = OptionalDouble.of(fraction));
  }

  /**
   * How the text of a table is to be read.
   *
   * @return the separator, the header and so on; for a model as its training file was
   */
  public TableOptions table() {
    return table;
  }

  /** Refuses to divide a file in another way than the training of the model has divided it. */
  void requireSame(Division division, String file) throws FormatException {
    // The seed of a training that goes on is for its shuffles, too; arrays are divided without one.
    boolean right =
        (trains || division.sizes().isEmpty() || seed.orElse(division.seed()) == division.seed())
            && splitSizes.orElse(division.sizes()).equals(division.sizes())
            && (validFraction.isEmpty() || validFraction.equals(division.validFraction()))
            && (stratified.isEmpty() || stratified.get() == division.stratified());
    if (!right && model.isPresent()) {
      throw new FormatException(
          file,
          "the training file, divided differently than in the model's training, expected %s (leave"
              + " these options out)",
          division);
    }
  }

  /** Whether anything is said of what columns are for. */
  boolean namesColumns() {
    return target.isPresent() || weight.isPresent() || !ignored.isEmpty() || !categorical.isEmpty();
  }

  /** The header that is expected: names of a model's columns, and of those in options. */
  HeaderNames headerNames() {
    Set<String> known = new HashSet<>(ignored);
    known.addAll(categorical);
    weight.ifPresent(known::add);
    target.ifPresent(known::add);
    target.ifPresent(all -> known.addAll(List.of(all.strip().split("\\s*,\\s*", -1))));
    known.removeIf(name -> name.matches("-?[0-9]{1,9}"));
    Optional<Schema> schema = model.flatMap(Mlp::schema).filter(Schema::header);
    schema.ifPresent(its -> known.addAll(its.columnNames()));
    return new HeaderNames(known, model.isEmpty() || trains);
  }

  /**
   * These options with several threads that read large files of tables; the data is the same.
   *
   * @param count how many, from 1 to 1024; by default the caller's alone
   * @return new options
   * @throws IllegalArgumentException if the count is another
   */
  public LoadOptions withThreads(int count) {
    int checked = Team.checked(count);
    return with(o -> o.threads = checked);
  }

  /**
   * These options with another place for a table that is larger than memory. Its cells and encoded
   * rows are in files then, the latter for later trainings, too: those that load the same bytes
   * with the same options need not read them as text.
   *
   * @param folder is made if it is not there; by default that of the table
   * @return new options
   */
  public LoadOptions withCache(Path folder) {
    return with(o -> o.cache = Optional.of(given(folder)));
  }

  /** What is asked for of a table but for scaling and loss, in words. */
  String forDivision() {
    return "seed %s sizes %s of %s %s, %s, %s %s, target %s, weight %s, without %s, categories %s of %s, %s"
        .formatted(
            seed,
            splitSizes,
            usualSizes,
            stratifiesClasses,
            validFraction,
            usualFraction,
            stratified,
            target,
            weight,
            ignored,
            categorical,
            minCount,
            table);
  }

  /** Refuses validation rows from two places. */
  void requireOneValidation() {
    if (validData.isPresent() && validFraction.isPresent()) {
      throw DataErrors.wrong(
          "validation rows from a file and a share of the training rows, expected one");
    }
  }

  /**
   * Whether options divide the rows of a file that is not the model's, which else stay together.
   */
  boolean divides() {
    return trains
        || seed.isPresent()
        || splitSizes.isPresent()
        || validFraction.isPresent()
        || stratified.orElse(false);
  }

  /** Refuses rows that are too short or too long for the model, if there is one. */
  void requireInputs(RawRows rows) throws FormatException {
    int inputs = model.map(known -> known.architecture().inputs()).orElse(rows.features());
    if (rows.features() != inputs) {
      Optional<Schema> schema = model.flatMap(Mlp::schema);
      throw new FormatException(
          rows.where(),
          "rows of %s features, expected %s",
          rows.features(),
          schema.isEmpty()
              ? inputs + " as the model takes"
              : Message.of(
                  "a table such as a CSV file, as the model was trained on one, with columns %s",
                  schema.get().columnNames()));
    }
  }

  /**
   * These options with pictures scaled to one size, of use with folders of pictures only. Sides in
   * another proportion are stretched; each new pixel is the mean of the area that it covers.
   *
   * @param height in pixels, at least 1
   * @param width in pixels, at least 1
   * @return new options
   */
  public LoadOptions withImageSize(int height, int width) {
    if (Math.min(height, width) < 1 || (long) height * width > Integer.MAX_VALUE / 4) {
      throw ArgumentException.of(
          "data: pictures of",
          "%s x %s pixels".formatted(height, width),
          "at least 1 x 1, and less than 2^29 pixels");
    }
    return with(o -> o.imageSize = new int[] {height, width});
  }

  /** These options with pictures as others are. */
  LoadOptions withImagesOf(LoadOptions options, Dataset data) {
    return with(
        o -> {
          o.imageSize = options.imageSize;
          o.imageShape = data.inputShape();
          o.threads = options.threads;
        });
  }

  /** Refuses options of pictures for a file that is no folder. */
  void requireNoImages(Path file) {
    if (imageSize.length > 0) {
      throw DataErrors.wrong("a size of pictures for %s, expected a folder of them", file);
    }
  }

  /** Refuses options of tables for a file that is none: one that does nothing was meant to. */
  void requireNoTable(Path file) {
    String given =
        target.isPresent()
            ? "a target column"
            : weight.isPresent()
                ? "a column of weights"
                : !ignored.isEmpty()
                    ? "ignored columns"
                    : !categorical.isEmpty() ? "categorical columns" : "";
    if (!given.isEmpty()) {
      throw DataErrors.wrong("%s for %s, expected a table such as a CSV file", given, file);
    }
  }
}
