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
 * Options for loading data. They are immutable: each {@code with} method returns a copy with one
 * option changed, and throws an {@link IllegalArgumentException} for null.
 *
 * <pre>{@code
 * LoadOptions.defaults().withTarget("price").withIgnored(List.of("id")).withSeed(7)
 * }</pre>
 */
public final class LoadOptions implements Cloneable {
  private static final LoadOptions DEFAULTS = new LoadOptions();

  // Fields change only in a new copy, before others see it.
  ScaleChoice scale = ScaleChoice.auto();
  Optional<ScaleChoice> targetScale = Optional.empty();
  Optional<Loss> loss = Optional.empty();
  Optional<Mlp> model = Optional.empty();
  boolean trains; // true if the model is trained further, perhaps on another file

  // Options that divide rows.
  OptionalLong seed = OptionalLong.empty();
  Optional<List<Double>> splitSizes = Optional.empty();
  List<Double> usualSizes = List.of(0.8, 0.1, 0.1); // for tables, if splitSizes is empty
  boolean stratifiesClasses; // for tables, if stratified is empty
  OptionalDouble validFraction = OptionalDouble.empty();
  OptionalDouble usualFraction = OptionalDouble.empty(); // instead of the format's own
  Optional<Boolean> stratified = Optional.empty();
  Optional<Path> validData = Optional.empty();
  Optional<Path> testData = Optional.empty();

  // Options for pictures; empty arrays if not set.
  int[] imageSize = {};
  int[] imageShape = {}; // the shape of the training pictures

  // Options for tables.
  TableOptions table = TableOptions.defaults();
  Optional<String> target = Optional.empty();
  Optional<String> weight = Optional.empty();
  List<String> ignored = List.of();
  List<String> categorical = List.of();
  int minCount = 2;
  int threads = 1;
  Optional<Path> cache = Optional.empty();

  private LoadOptions() {}

  /** Returns the value, or throws if it is null. */
  private static <T> T given(T value) {
    if (value == null) {
      throw DataErrors.wrong(
          "an option set to null, expected a value (for none leave the option out)");
    }
    return value;
  }

  /** Returns a copy with one option changed. */
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
   * {@return the default options: automatic scaling and seed 0; for tables the last column as
   * target, which determines the loss, and 80 % training, 10 % validation and 10 % test rows}
   */
  public static LoadOptions defaults() {
    return DEFAULTS;
  }

  /**
   * {@return options to load data for a model} The model determines how the data is read, scaled
   * and divided, and columns are found by their names.
   *
   * @param model the model
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
   * {@return options to load data on which a model is trained further} They are as for {@link
   * #forModel}, except that a file other than the model's training file is divided as for a new
   * training.
   *
   * @param model the model
   */
  public static LoadOptions forTrainingFrom(Mlp model) {
    Objects.requireNonNull(model, "model");
    return forModel(model).with(o -> o.trains = true);
  }

  /**
   * {@return a copy with another scaling of the inputs}
   *
   * @param choice how to choose the scaling
   */
  public LoadOptions withScale(ScaleChoice choice) {
    given(choice);
    return with(o -> o.scale = choice);
  }

  /**
   * {@return a copy with another scaling of the targets, for regression losses only} By default the
   * targets of tables are standardised, and others are not scaled.
   *
   * @param choice as for {@link Dataset#withTargetScaling}
   */
  public LoadOptions withTargetScale(ScaleChoice choice) {
    return with(o -> o.targetScale = Optional.of(given(choice)));
  }

  /**
   * {@return a copy with another loss, which determines whether targets are classes or numbers}
   *
   * @param aim the loss
   */
  public LoadOptions withLoss(Loss aim) {
    return with(o -> o.loss = Optional.of(given(aim)));
  }

  /**
   * {@return a copy with another seed}
   *
   * @param number the seed that shuffles the rows of a table before they are divided
   */
  public LoadOptions withSeed(long number) {
    return with(o -> o.seed = OptionalLong.of(number));
  }

  /**
   * {@return a copy with other shares for dividing the rows of a table}
   *
   * @param sizes one to three shares, of the training, validation and test rows; they add up to 1,
   *     and the first is above 0
   * @throws IllegalArgumentException if the shares are invalid
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
   * {@return a copy with another share of validation rows, for files that do not contain validation
   * rows}
   *
   * @param fraction the share of the training rows (in a table, of all rows that are not test
   *     rows), from 0 to below 1; the number of validation rows is rounded down
   */
  public LoadOptions withValidFraction(double fraction) {
    Stratification.share(fraction, 0);
    return with(o -> o.validFraction = OptionalDouble.of(fraction));
  }

  /**
   * {@return a copy that divides each class separately, or all rows together, as {@link
   * Split#divide} does}
   *
   * @param byClass whether each class is divided by the same shares
   */
  public LoadOptions withStratified(boolean byClass) {
    return with(o -> o.stratified = Optional.of(byClass));
  }

  /**
   * {@return a copy with default shares for the rows of a table, which {@link #withSplitSizes} and
   * {@link #withStratified} override}
   *
   * @param shares of training, validation and test rows; if validation or test rows are in another
   *     file, their share goes to the training rows
   * @param stratified whether each class of the target is divided by the same shares
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
   * {@return a copy with validation rows from another file}
   *
   * @param file a file of the same kind as the training file, with the same columns
   */
  public LoadOptions withValidData(Path file) {
    return with(o -> o.validData = Optional.of(given(file)));
  }

  /**
   * {@return a copy with test rows from another file}
   *
   * @param file a file of the same kind as the training file, with the same columns
   */
  public LoadOptions withTestData(Path file) {
    return with(o -> o.testData = Optional.of(given(file)));
  }

  /**
   * {@return a copy with another way to read the text of a table}
   *
   * @param options the separator, the header and so on
   */
  public LoadOptions withTable(TableOptions options) {
    given(options);
    return with(o -> o.table = options);
  }

  /**
   * {@return a copy with another target column of a table}
   *
   * @param column the name of the column or its number from 0, where negative numbers count from
   *     the end; several columns for numeric targets, separated by commas (a column whose name
   *     contains a comma must be the only one, or be given by its number)
   */
  public LoadOptions withTarget(String column) {
    return with(o -> o.target = Optional.of(given(column)));
  }

  /**
   * {@return a copy with a column that contains the weights of the rows}
   *
   * @param column the name of the column or its number from 0
   */
  public LoadOptions withWeight(String column) {
    return with(o -> o.weight = Optional.of(given(column)));
  }

  /**
   * {@return a copy with columns of a table that are not used}
   *
   * @param columns their names or their numbers from 0
   */
  public LoadOptions withIgnored(List<String> columns) {
    Objects.requireNonNull(columns, "columns");
    List<String> copy = List.copyOf(columns);
    return with(o -> o.ignored = copy);
  }

  /**
   * {@return a copy with columns of a table whose numbers denote categories}
   *
   * @param columns their names or their numbers from 0
   */
  public LoadOptions withCategorical(List<String> columns) {
    Objects.requireNonNull(columns, "columns");
    List<String> copy = List.copyOf(columns);
    return with(o -> o.categorical = copy);
  }

  /**
   * {@return a copy with another limit for rare categories}
   *
   * @param rows the number of training rows that a category needs for an input of its own, at least
   *     1
   */
  public LoadOptions withMinCount(int rows) {
    if (rows < 1) {
      throw ArgumentException.of("data: a minimum of rows per category of", rows, "at least 1");
    }
    return with(o -> o.minCount = rows);
  }

  /** Returns the loss for files of arrays, which do not determine it. */
  Loss lossOfArrays() {
    return loss.orElse(Loss.SOFTMAX);
  }

  /** Returns a copy with another default share of validation rows. */
  LoadOptions withUsualFraction(double fraction) {
    return with(o -> o.usualFraction = OptionalDouble.of(fraction));
  }

  /** {@return how to read the text of a table, for a model like its training file} */
  public TableOptions table() {
    return table;
  }

  /** Throws if the options divide the model's training file differently than its training did. */
  void requireSame(Division division, String file) throws FormatException {
    // Further training may have another seed, as its shuffles also use it. Arrays have no seed.
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

  /** Returns whether the options say what any column is used for. */
  boolean namesColumns() {
    return target.isPresent() || weight.isPresent() || !ignored.isEmpty() || !categorical.isEmpty();
  }

  /** Returns the names of columns that mark a header: those in the model and in the options. */
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
   * {@return a copy with another number of threads that read large tables} The data does not depend
   * on it.
   *
   * @param count from 1 to 1024; by default only the calling thread reads
   * @throws IllegalArgumentException if the count is out of range
   */
  public LoadOptions withThreads(int count) {
    int checked = Team.checked(count);
    return with(o -> o.threads = checked);
  }

  /**
   * {@return a copy with another folder for the files of tables that are larger than memory} These
   * files contain cells and encoded rows. A later training with the same options on the same bytes
   * uses the encoded rows again and does not parse the text.
   *
   * @param folder the folder, created if it does not exist; by default the folder of the table
   */
  public LoadOptions withCache(Path folder) {
    return with(o -> o.cache = Optional.of(given(folder)));
  }

  /** Describes all options for tables except scaling and loss. */
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

  /** Throws if validation rows are set in two ways. */
  void requireOneValidation() {
    if (validData.isPresent() && validFraction.isPresent()) {
      throw DataErrors.wrong(
          "validation rows from a file and a share of the training rows, expected one");
    }
  }

  /** Returns whether the options divide a file that is not the model's training file. */
  boolean divides() {
    return trains
        || seed.isPresent()
        || splitSizes.isPresent()
        || validFraction.isPresent()
        || stratified.orElse(false);
  }

  /** Throws if the rows do not have the number of inputs of the model, if there is a model. */
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
   * {@return a copy that scales the pictures in a folder to one size} Pictures with another aspect
   * ratio are stretched. Each new pixel is the mean of the area that it covers.
   *
   * @param height in pixels, at least 1
   * @param width in pixels, at least 1
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

  /** Returns a copy that loads pictures in the shape of other pictures. */
  LoadOptions withImagesOf(LoadOptions options, Dataset data) {
    return with(
        o -> {
          o.imageSize = options.imageSize;
          o.imageShape = data.inputShape();
          o.threads = options.threads;
        });
  }

  /** Throws if there are options for pictures and the file is not a folder. */
  void requireNoImages(Path file) {
    if (imageSize.length > 0) {
      throw DataErrors.wrong("a size of pictures for %s, expected a folder of them", file);
    }
  }

  /** Throws if options for tables would have no effect, as the file is not a table. */
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
