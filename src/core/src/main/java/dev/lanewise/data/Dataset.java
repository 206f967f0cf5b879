package dev.lanewise.data;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.DatasetOrigin;
import dev.lanewise.data.internal.DatasetState;
import dev.lanewise.data.internal.LabelMapping;
import dev.lanewise.data.internal.Preprocessor;
import dev.lanewise.data.internal.RowPreparation;
import dev.lanewise.data.internal.RowRange;
import dev.lanewise.data.internal.UnscaledRows;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Messages;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Rows of features and targets in up to three splits. Immutable. A target is a class or, for losses
 * without classes, one or more numbers.
 *
 * <p>The number of classes is the largest label of all splits plus one, the number of columns of
 * one-hot targets, or the number of class names if a file names classes that no row has.
 */
public final class Dataset {
  static {
    DatasetState.HOOK.install(data -> data.in, Dataset::new);
  }

  private final DatasetState in;

  private Dataset(DatasetState in) {
    this.in = in;
  }

  /**
   * {@return a data set from training rows alone}
   *
   * @param train training rows
   */
  public static Dataset of(Rows train) {
    return of(train, Optional.empty(), Optional.empty());
  }

  /**
   * {@return a data set from splits in memory}
   *
   * @param train training rows
   * @param validation validation rows
   * @throws IllegalArgumentException as {@link #of(Rows, Optional, Optional)}
   */
  public static Dataset of(Rows train, Rows validation) {
    Objects.requireNonNull(validation, "validation");
    return of(train, Optional.of(validation), Optional.empty());
  }

  /**
   * {@return a data set from splits in memory}
   *
   * @param train training rows
   * @param validation validation rows
   * @param test test rows
   * @throws IllegalArgumentException as {@link #of(Rows, Optional, Optional)}
   */
  public static Dataset of(Rows train, Rows validation, Rows test) {
    Objects.requireNonNull(validation, "validation");
    Objects.requireNonNull(test, "test");
    return of(train, Optional.of(validation), Optional.of(test));
  }

  /**
   * Makes a data set from splits in memory; validation or test rows may be absent. Named classes of
   * the other splits get the numbers of the training classes. A class without training rows gets
   * the number of classes as its label, so every prediction for it counts as wrong.
   *
   * @param train training rows
   * @param validation validation rows
   * @param test test rows
   * @return the data; its number of classes is the number of class names of the training rows or,
   *     if these have none, the largest label of all rows plus one
   * @throws IllegalArgumentException if the splits differ in features, scaling or kind of target,
   *     or if no row of a split has a class of the training rows
   */
  public static Dataset of(Rows train, Optional<Rows> validation, Optional<Rows> test) {
    Objects.requireNonNull(train, "train");
    Objects.requireNonNull(validation, "validation");
    Objects.requireNonNull(test, "test");
    List<String> names = train.classNames();
    Rows second = RowPreparation.like(train, validation.orElse(null), "validation");
    Rows third = RowPreparation.like(train, test.orElse(null), "test");
    DatasetState parts =
        new DatasetState(
            train, second, third, names.size(), names, new int[0], DatasetOrigin.UNKNOWN);
    // With names, no split has more classes than the training rows.
    int classes =
        names.isEmpty()
            ? 1 + parts.splits().stream().mapToInt(Dataset::largestLabel).max().orElse(0)
            : names.size();
    return parts.with(split -> split, classes, names);
  }

  private static int largestLabel(Rows split) {
    RowRange rows = RowRange.of(split);
    return rows.targets().largest(rows.first(), rows.count());
  }

  /**
   * {@return this data with class names}
   *
   * @param names one per class; there may be names for classes without rows
   * @throws IllegalArgumentException if there are fewer names than classes, or {@link
   *     NdArray#checkNames} refuses the names
   */
  public Dataset withClassNames(List<String> names) {
    Objects.requireNonNull(names, "names");
    if (names.size() < classes()) {
      throw DataErrors.wrong("%s class names, expected %s", names.size(), classes());
    }
    return in.with(split -> LabelMapping.renamed(split, names), names.size(), names);
  }

  /**
   * Returns this data with its classes renumbered, for example as in a model. Classes of a CSV file
   * are numbered by the values that the file contains, so their numbers can differ from the
   * model's.
   *
   * @param names the names of all classes in their new order; they must include the class names of
   *     this data, which are the numbers of the classes if they have no names
   * @return new data on the same rows; its labels are positions in {@code names}
   * @throws IllegalArgumentException if a class of this data is not among the names
   */
  public Dataset withClassesOf(List<String> names) {
    Objects.requireNonNull(names, "names");
    List<String> own =
        classNames().isEmpty()
            ? IntStream.range(0, classes()).mapToObj(Integer::toString).toList()
            : classNames();
    for (String name : own) {
      if (!names.contains(name)) {
        throw new ArgumentException("class '%s', expected one of %s", name, names);
      }
    }
    int[] places = LabelMapping.places(own, names);
    return in.with(split -> RowRange.of(split).relabelled(places, names), names.size(), names);
  }

  /**
   * {@return this data with the shape that a row had before it was flattened}
   *
   * @param shape such as 48, 48
   * @throws IllegalArgumentException if the product of the dimensions is not the number of features
   */
  public Dataset withInputShape(int... shape) {
    Objects.requireNonNull(shape, "shape");
    long product = 1;
    for (int d : shape) {
      product = d < 1 || product > Integer.MAX_VALUE ? -1 : product * d;
    }
    if (product != features()) {
      throw DataErrors.wrong(
          "an input shape %s, expected one of %s elements", Arrays.toString(shape), features());
    }
    return new DatasetState(
            in.train(), in.validation(), in.test(), in.classes(), in.names(), shape, in.origin())
        .dataset();
  }

  /**
   * Moves a share of the training rows to validation, as {@link Rows#divide} does. The scaling is
   * not fitted again; to fit it without the validation rows, divide the rows while loading.
   *
   * @param fraction the share of the training rows, at least one row
   * @param stratified whether each class has the same share in both parts
   * @return new data
   * @throws IllegalArgumentException if there are validation rows already, or the fraction is less
   *     than one row or not below 1
   * @throws IllegalStateException if stratified rows have numeric targets
   */
  public Dataset withValidation(double fraction, boolean stratified) {
    if (in.validation() != null) {
      throw DataErrors.wrong(
          "%s validation rows already, expected a data set without" + " validation rows",
          in.validation().rows());
    }
    List<Rows> parts = in.train().divide(fraction, stratified);
    return in.with(parts.get(0), parts.get(1), in.test());
  }

  /**
   * Scales the features of this unscaled data. The scaling is fitted on the training rows and
   * applied to every split, as when a file is loaded. Rows that stay in a file are read once to fit
   * it.
   *
   * @param choice how to choose the scaling; {@link ScaleChoice#auto} treats rows with feature
   *     names as a table, and other rows as images if their values look like bytes
   * @return new data on the same rows
   * @throws IllegalArgumentException if the data is already scaled, or does not fit the scaling
   */
  public Dataset withScaling(ScaleChoice choice) {
    Objects.requireNonNull(choice, "choice");
    if (!scaling().isNone()) {
      throw DataErrors.wrong(
          "features that are already scaled %s, expected unscaled ones (of a file: %s)",
          scaling().name(), Remedy.SCALE.with("none"));
    }
    UnscaledRows rows =
        new UnscaledRows(RowRange.of(train()), featureNames(), in.origin().scaledFeatures());
    Scaling s;
    try {
      s = Preprocessor.choose(choice, rows, null, rows.rows());
    } catch (FormatException e) {
      throw new ArgumentException(Message.of(e), e);
    }
    return in.with(split -> RowRange.of(split).scaled(s, featureNames()), in.classes(), in.names());
  }

  /**
   * Scales the numeric targets. Networks for regression learn better if targets are neither far
   * from 0 nor far from a deviation of 1. The trained model stores the scaling and predicts in the
   * units of the data.
   *
   * @param choice {@link ScaleChoice#standard}, which gives each output mean 0 and deviation 1 over
   *     the training rows (fitted in double), {@link ScaleChoice#minMax} or {@link
   *     ScaleChoice#fixed}
   * @return new data on the same rows
   * @throws IllegalArgumentException if the targets are classes or do not fit the scaling
   */
  public Dataset withTargetScaling(ScaleChoice choice) {
    Objects.requireNonNull(choice, "choice");
    Scaling s = choice.fixed() != null ? choice.fixed() : Preprocessor.ofTargets(choice, train());
    return in.with(split -> split.withTargetScaling(s), in.classes(), in.names());
  }

  /**
   * {@return the loss that the options or the target column of a table determined; otherwise
   * softmax for classes and mse for numeric targets}
   */
  public Loss loss() {
    return in.origin().loss().orElse(hasClasses() ? Loss.SOFTMAX : Loss.MSE);
  }

  /**
   * Returns which rows of the table are in a split.
   *
   * @param split {@code train}, {@code valid}, {@code test} or {@code all}
   * @return row numbers in the table, from 0, in the order of the split; numbers of rows of the
   *     training arrays if folds of arrays are test rows; empty for other arrays, and for a split
   *     from another file
   * @throws IllegalArgumentException if the split has another name
   */
  public int[] tableRows(String split) {
    int part = Arrays.asList("train", "valid", "test").indexOf(split);
    if (part >= 0) {
      return in.origin().rows()[part].clone();
    } else if (!"all".equals(split)) {
      throw DataErrors.wrong("split %s, expected train, valid, test or all", split);
    }
    return Arrays.stream(in.origin().rows()).flatMapToInt(Arrays::stream).toArray();
  }

  /**
   * Returns which rows of a split belong together, such as those of one patient.
   *
   * @param split as {@link #tableRows} takes it
   * @return [rows], a number for each group, in the order of the split; empty if the rows have no
   *     groups, or are from another file
   * @throws IllegalArgumentException if the split has another name
   */
  public int[] groups(String split) {
    int[] rows = tableRows(split);
    int[] groups = in.origin().groups();
    return groups.length == 0 ? groups : Arrays.stream(rows).map(row -> groups[row]).toArray();
  }

  /**
   * Returns what was decided when the data was read, for people: why the targets are classes or
   * numeric, ignored columns, and the number of rows without a target.
   *
   * @return one sentence per decision
   */
  public List<String> notes() {
    return new Messages(in.origin().notes());
  }

  /** {@return the training rows, or all rows of a file without splits} */
  public Rows train() {
    return in.train();
  }

  /** {@return the validation rows, if there are any} */
  public Optional<Rows> validation() {
    return Optional.ofNullable(in.validation());
  }

  /** {@return the test rows, if there are any} */
  public Optional<Rows> test() {
    return Optional.ofNullable(in.test());
  }

  /**
   * Returns all rows: training, validation, test. Several splits are copied unless they are
   * adjacent in one array or file.
   *
   * @return the rows as one split; never empty
   */
  public Optional<Rows> all() {
    return Optional.of(RowRange.concatenation(in.splits()));
  }

  /** {@return the number of features of a row, at least 1} */
  public int features() {
    return in.train().features();
  }

  /** {@return the number of classes, or of outputs if the targets are numeric; at least 1} */
  public int classes() {
    return in.classes();
  }

  /** {@return true if targets are classes, false if they are numeric} */
  public boolean hasClasses() {
    return in.train().outputs() == 0;
  }

  /** {@return one name per class; empty if the classes are just 0, 1, 2, ...} */
  public List<String> classNames() {
    return in.names();
  }

  /**
   * {@return this data with names for its features, for errors and warnings}
   *
   * @param names one per feature, or none
   * @throws IllegalArgumentException if the number of names is neither 0 nor the number of features
   */
  public Dataset withFeatureNames(List<String> names) {
    Objects.requireNonNull(names, "names");
    if (!names.isEmpty() && names.size() != features()) {
      throw DataErrors.wrong("%s feature names, expected %s or none", names.size(), features());
    }
    return in.with(in.origin().withFeatureNames(names));
  }

  /** {@return one name per feature, or none} */
  public List<String> featureNames() {
    return in.origin().featureNames();
  }

  /**
   * {@return a copy of the shape of a row before it was flattened, such as {48, 48}; empty if rows
   * were flat}
   */
  public int[] inputShape() {
    return in.shape().clone();
  }

  /** {@return the scaling of the features} */
  public Scaling scaling() {
    return in.train().scaling();
  }

  /** {@return the scaling of numeric targets; {@link Scaling#none} for classes} */
  public Scaling targetScaling() {
    return in.train().targetScaling();
  }

  /**
   * {@return a description such as {@code Dataset[train 120, test 30 rows of 4 features, 3 classes,
   * scaling standard]}}
   */
  @Override
  public String toString() {
    return "Dataset[train %s%s%s rows of %s features, %s %s, scaling %s%s]"
        .formatted(
            in.train().rows(),
            validation().map(split -> ", validation " + split.rows()).orElse(""),
            test().map(split -> ", test " + split.rows()).orElse(""),
            features(),
            classes(),
            hasClasses() ? "classes" : classes() == 1 ? "target" : "targets",
            scaling().name(),
            targetScaling().isNone() ? "" : ", of targets " + targetScaling().name());
  }
}
