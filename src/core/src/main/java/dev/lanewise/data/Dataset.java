package dev.lanewise.data;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.DataParts;
import dev.lanewise.data.internal.Labels;
import dev.lanewise.data.internal.Origin;
import dev.lanewise.data.internal.Preprocessor;
import dev.lanewise.data.internal.RowSource;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.Message;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Remedy;
import dev.lanewise.nn.Division;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.Schema;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Rows of features with their targets, in up to three splits. Immutable. A target is a class or,
 * for losses that do not take classes, one or more numbers.
 *
 * <p>The number of classes is the largest label of all splits plus one, or the number of columns of
 * one-hot targets, or the number of class names where a file names more classes than it has rows
 * of.
 */
public final class Dataset {
  static {
    DataParts.install(new Parts());
  }

  private final Split train;
  private final Split validation; // or null
  private final Split test; // or null
  private final int classes;
  private final List<String> classNames;
  private final int[] inputShape;
  private final Origin origin;

  Dataset(
      Split train,
      Split validation,
      Split test,
      int classes,
      List<String> classNames,
      int[] inputShape) {
    this(train, validation, test, classes, classNames, inputShape, Origin.UNKNOWN);
  }

  private Dataset(
      Split train,
      Split validation,
      Split test,
      int classes,
      List<String> classNames,
      int[] inputShape,
      Origin origin) {
    this.train = train;
    this.validation = validation;
    this.test = test;
    this.classes = classes;
    NdArray.checkNames("class names", classNames);
    this.classNames = List.copyOf(classNames);
    this.inputShape = inputShape.clone();
    this.origin = origin;
  }

  /** The same rows, each split changed in one way. */
  private Dataset with(UnaryOperator<Split> change, int classes, List<String> names) {
    return new Dataset(
        change.apply(train),
        validation().map(change).orElse(null),
        test().map(change).orElse(null),
        classes,
        names,
        inputShape,
        origin);
  }

  /** The same features in other splits. */
  private Dataset with(Split train, Split validation, Split test) {
    return new Dataset(train, validation, test, classes, classNames, inputShape, origin);
  }

  /**
   * A data set from memory, of training rows alone.
   *
   * @param train training rows
   * @return the data
   */
  public static Dataset of(Split train) {
    Objects.requireNonNull(train, "train");
    return of(train, Optional.empty(), Optional.empty());
  }

  /**
   * A data set from memory.
   *
   * @param train training rows
   * @param validation validation rows
   * @return the data
   * @throws IllegalArgumentException as {@link #of(Split, Optional, Optional)}
   */
  public static Dataset of(Split train, Split validation) {
    Objects.requireNonNull(train, "train");
    Objects.requireNonNull(validation, "validation");
    Objects.requireNonNull(validation, "validation");
    return of(train, Optional.of(validation), Optional.empty());
  }

  /**
   * A data set from memory.
   *
   * @param train training rows
   * @param validation validation rows
   * @param test test rows
   * @return the data
   * @throws IllegalArgumentException as {@link #of(Split, Optional, Optional)}
   */
  public static Dataset of(Split train, Split validation, Split test) {
    Objects.requireNonNull(train, "train");
    Objects.requireNonNull(validation, "validation");
    Objects.requireNonNull(test, "test");
    return of(train, Optional.of(validation), Optional.of(test));
  }

  /**
   * A data set from memory, whose validation or test rows may be missing. Where the classes of the
   * training rows have names, those of the others get their numbers; a class that no training row
   * has gets the number of classes, and counts as wrong whatever is predicted.
   *
   * @param train training rows
   * @param validation validation rows
   * @param test test rows
   * @return the data; the number of classes is that of the names of the training rows, or the
   *     largest label of all rows plus one
   * @throws IllegalArgumentException if the splits differ in features, scaling or kind of target,
   *     or no row of a split has a class by a name that a training row has
   */
  public static Dataset of(Split train, Optional<Split> validation, Optional<Split> test) {
    Objects.requireNonNull(train, "train");
    Objects.requireNonNull(validation, "validation");
    Objects.requireNonNull(test, "test");
    List<String> names = train.classNames();
    Split second = like(train, validation.orElse(null), "validation");
    Split third = like(train, test.orElse(null), "test");
    int classes = names.size();
    for (Split part : parts(train, second, third)) { // by name no other split has more
      classes = names.isEmpty() ? Math.max(classes, part.largestLabel() + 1) : classes;
    }
    return new Dataset(train, second, third, classes, names, new int[0]);
  }

  /** A split that is like the training rows, and has their numbers for its classes. */
  private static Split like(Split train, Split part, String name) {
    if (part == null) {
      return null;
    }
    if (part.outputs() != train.outputs()) {
      throw DataErrors.wrong(
          "splits with targets of %s and %s numbers (0: a class), expected the same",
          train.outputs(), part.outputs());
    }
    if (!part.targetScaling().equals(train.targetScaling())) {
      throw DataErrors.wrong("splits whose targets are scaled differently, expected the same");
    }
    if (part.features() != train.features() || !part.scaling().equals(train.scaling())) {
      throw DataErrors.wrong(
          "splits of %s and %s features, scaled %s and %s, expected the same",
          train.features(), part.features(), train.scaling().name(), part.scaling().name());
    }
    if (part.classNames().isEmpty() != train.classNames().isEmpty()) {
      boolean byName = part.classNames().isEmpty();
      throw DataErrors.wrong(
          "%s rows whose classes %s, expected %s as in the training rows",
          name, byName ? "are numbers" : "have names", byName ? "names" : "numbers");
    }
    return part.measuredBy(train.classNames(), name + " row");
  }

  /**
   * A data set of training rows from memory, unscaled: short for {@link Split#of(float[][], int[])}
   * and {@link #of(Split)}, as are the five methods that follow.
   *
   * @param rows [rows][features], finite
   * @param labels [rows], from 0
   * @return the data
   * @throws IllegalArgumentException if the arrays are others
   */
  public static Dataset of(float[][] rows, int[] labels) {
    return of(Split.of(rows, labels));
  }

  /**
   * A data set of training rows from memory, unscaled: see {@link Split#of(double[][], int[])}.
   *
   * @param rows [rows][features], finite as floats
   * @param labels [rows], from 0
   * @return the data
   * @throws IllegalArgumentException if the arrays are others
   */
  public static Dataset of(double[][] rows, int[] labels) {
    return of(Split.of(rows, labels));
  }

  /**
   * A data set of training rows from memory, unscaled, with names for classes: see {@link
   * Split#of(float[][], String[])}.
   *
   * @param rows [rows][features], finite
   * @param labels [rows], the name of each row's class
   * @return the data; its class names are in the order of their code points
   * @throws IllegalArgumentException if the arrays are others
   */
  public static Dataset of(float[][] rows, String[] labels) {
    return of(Split.of(rows, labels));
  }

  /**
   * A data set of training rows from memory, unscaled, with names for classes: see {@link
   * Split#of(double[][], String[])}.
   *
   * @param rows [rows][features], finite as floats
   * @param labels [rows], the name of each row's class
   * @return the data; its class names are in the order of their code points
   * @throws IllegalArgumentException if the arrays are others
   */
  public static Dataset of(double[][] rows, String[] labels) {
    return of(Split.of(rows, labels));
  }

  /**
   * A data set of training rows from memory, unscaled, with a number each as target: see {@link
   * Split#of(float[][], float[])}.
   *
   * @param rows [rows][features], finite
   * @param targets [rows], finite
   * @return the data
   * @throws IllegalArgumentException if the arrays are others
   */
  public static Dataset of(float[][] rows, float[] targets) {
    return of(Split.of(rows, targets));
  }

  /**
   * A data set of training rows from memory, unscaled, with a number each as target: see {@link
   * Split#of(double[][], double[])}.
   *
   * @param rows [rows][features], finite as floats
   * @param targets [rows], finite as floats; all digits are kept until they are scaled
   * @return the data
   * @throws IllegalArgumentException if the arrays are others
   */
  public static Dataset of(double[][] rows, double[] targets) {
    return of(Split.of(rows, targets));
  }

  /**
   * This data with names for its classes.
   *
   * @param names one a class; there may be more classes than rows show
   * @return new data on the same rows
   * @throws IllegalArgumentException if there are fewer names than classes, or they are not as
   *     {@link NdArray#checkNames} has them
   */
  public Dataset withClassNames(List<String> names) {
    Objects.requireNonNull(names, "names");
    if (names.size() < classes) {
      throw DataErrors.wrong("%s class names, expected %s", names.size(), classes);
    }
    return with(split -> split.renamed(names), names.size(), names);
  }

  /**
   * This data with its classes numbered as others are, such as those of a model: the classes of a
   * CSV file are numbered by what happens to be in it.
   *
   * @param names the names of all classes in their order; among them the names of those here, which
   *     are their numbers if they have none
   * @return new data on the same rows, whose labels are places in the given names
   * @throws IllegalArgumentException if a class here is not among them
   */
  public Dataset withClassesOf(List<String> names) {
    Objects.requireNonNull(names, "names");
    int[] places = new int[classes + 1]; // the last of rows with a class that is not among these
    places[classes] = names.size();
    for (int c = 0; c < classes; c++) {
      String name = classNames.isEmpty() ? Integer.toString(c) : classNames.get(c);
      places[c] = names.indexOf(name);
      if (places[c] < 0) {
        throw new ArgumentException("class '%s', expected one of %s", name, names);
      }
    }
    return with(split -> split.relabelled(places, names), names.size(), names);
  }

  /**
   * This data with the shape that a row had before it was flattened.
   *
   * @param shape such as 48, 48
   * @return new data on the same rows
   * @throws IllegalArgumentException if the shape does not have as many elements as there are
   *     features
   */
  public Dataset withInputShape(int... shape) {
    Objects.requireNonNull(shape, "shape");
    long product = 1;
    for (int d : shape) {
      product = d < 1 || product > Integer.MAX_VALUE ? -1 : product * d; // as an int is expected
    }
    if (product != features()) {
      throw DataErrors.wrong(
          "an input shape %s, expected one of %s elements", Arrays.toString(shape), features());
    }
    return new Dataset(train, validation, test, classes, classNames, shape, origin);
  }

  /**
   * This data with some of its training rows for validation, as {@link Split#divide} takes them.
   * The scaling stays; to fit a scaling on the rows that are left, divide while loading.
   *
   * @param fraction the share of the training rows, at least one row
   * @param stratified whether each class gives its share
   * @return new data
   * @throws IllegalArgumentException if there are validation rows, or the fraction is less than a
   *     row or not below 1
   * @throws IllegalStateException if the targets of stratified rows are numbers
   */
  public Dataset withValidation(double fraction, boolean stratified) {
    if (validation != null) {
      throw DataErrors.wrong("%s validation rows, expected none before", validation.rows());
    }
    List<Split> parts = train.divide(fraction, stratified);
    return with(parts.get(0), parts.get(1), test);
  }

  /**
   * This data, unscaled till now, with scaled features: those of every split by what is fitted on
   * the training rows, as a loader scales those of a file. Rows that stay in a file are read for
   * it.
   *
   * @param choice how to choose the scaling; {@link ScaleChoice#auto} takes rows whose features
   *     have names for a table, and others for images if they look like bytes
   * @return new data on the same rows
   * @throws IllegalArgumentException if the data is scaled already, or does not fit the scaling
   */
  public Dataset withScaling(ScaleChoice choice) {
    Objects.requireNonNull(choice, "choice");
    if (!(scaling() instanceof Scaling.None)) {
      throw DataErrors.wrong(
          "features that are already scaled %s, expected unscaled ones (of a file: %s)",
          scaling().name(), Remedy.SCALE.with("none"));
    }
    UnscaledRows rows = new UnscaledRows(train, featureNames(), scaledFeatures());
    Scaling s;
    try {
      s = Preprocessor.choose(choice, rows, null, train.rows());
    } catch (FormatException e) {
      throw new ArgumentException(Message.of(e), e);
    }
    return with(split -> split.withScaling(s, featureNames()), classes, classNames);
  }

  /**
   * This data with scaled targets, as networks for regression learn them better where they are far
   * from 0 or from 1. A trained model takes the scaling along and gives raw numbers.
   *
   * @param choice {@link ScaleChoice#standard}, fitted on the training rows in double, so that each
   *     output has mean 0 and deviation 1; or {@link ScaleChoice#minMax} or {@link
   *     ScaleChoice#fixed}
   * @return new data on the same rows
   * @throws IllegalArgumentException if the targets are classes or do not fit the scaling
   */
  public Dataset withTargetScaling(ScaleChoice choice) {
    Objects.requireNonNull(choice, "choice");
    Scaling s = choice.fixed() != null ? choice.fixed() : Preprocessor.ofTargets(choice, train);
    return with(split -> split.withTargetScaling(s), classes, classNames);
  }

  /** This data with other validation and test rows, or null, that fit its training rows. */
  Dataset withOthers(Split otherValidation, Split otherTest) {
    return with(train, otherValidation, otherTest);
  }

  /** This data as a model is measured by it; see {@link Agreement#measured}. */
  Dataset measuredBy(int[] places, int classes, List<String> names) {
    return with(split -> split.relabelled(places, names), classes, names);
  }

  /** This data with one more note. */
  Dataset withNote(Message note) {
    return withOrigin(origin.withNote(note));
  }

  /** This data with what is known of where it comes from. */
  Dataset withOrigin(Origin known) {
    return new Dataset(train, validation, test, classes, classNames, inputShape, known);
  }

  Origin origin() {
    return origin;
  }

  /**
   * The loss that the targets are for.
   *
   * @return what the options said or a table's target column showed; else softmax of classes, mse
   *     of numbers
   */
  public Loss loss() {
    return origin.loss().orElse(hasClasses() ? Loss.SOFTMAX : Loss.MSE);
  }

  /**
   * How the columns of a table became the features.
   *
   * @return the schema; empty if the rows are from arrays
   */
  public Optional<Schema> schema() {
    return origin.schema();
  }

  /**
   * How the rows of the file were divided.
   *
   * @return what a model needs to divide them so again; empty if they were not
   */
  public Optional<Division> division() {
    return origin.division();
  }

  /**
   * Which rows of a table the rows of a split are.
   *
   * @param split {@code train}, {@code valid}, {@code test} or {@code all}
   * @return the numbers of rows in the table, from 0, in the order of the split; none of arrays, or
   *     of a split from another file
   * @throws IllegalArgumentException if the split has another name
   */
  public int[] tableRows(String split) {
    int part = Arrays.asList("train", "valid", "test").indexOf(split);
    if (part >= 0) {
      return origin.rows()[part].clone();
    } else if (!"all".equals(split)) {
      throw DataErrors.wrong("split %s, expected train, valid, test or all", split);
    }
    return Arrays.stream(origin.rows()).flatMapToInt(Arrays::stream).toArray();
  }

  /**
   * What was decided while the data was read, for people: why targets are classes or numbers,
   * columns that are ignored, rows without a target.
   *
   * @return a sentence each
   */
  public List<String> notes() {
    return origin.notes().stream().map(Message::toString).toList();
  }

  /**
   * Returns the notes with the keys of their remedies.
   *
   * @return what {@link #notes} says in words of Java
   */
  public List<Message> messages() {
    return origin.notes();
  }

  /**
   * The training rows, or all rows of a file without splits.
   *
   * @return the split
   */
  public Split train() {
    return train;
  }

  /**
   * The validation rows.
   *
   * @return the split, or empty
   */
  public Optional<Split> validation() {
    return Optional.ofNullable(validation);
  }

  /**
   * The test rows.
   *
   * @return the split, or empty
   */
  public Optional<Split> test() {
    return Optional.ofNullable(test);
  }

  /**
   * All rows: training, validation, test. Makes a copy of them if there is more than one split,
   * unless they follow each other in one array or file.
   *
   * @return the rows as one split; never empty
   */
  public Optional<Split> all() {
    return Optional.of(Split.concatenation(parts(train, validation, test)));
  }

  /** The splits that there are, the training rows first. */
  List<Split> splits() {
    return parts(train, validation, test);
  }

  private static List<Split> parts(Split... splits) {
    return Arrays.stream(splits).filter(Objects::nonNull).toList();
  }

  /**
   * The number of features of a row.
   *
   * @return at least 1
   */
  public int features() {
    return train.features();
  }

  /**
   * The number of classes, or of outputs where the targets are numbers.
   *
   * @return at least 1
   */
  public int classes() {
    return classes;
  }

  /**
   * Whether the target of a row is a class.
   *
   * @return false if it is one or more numbers
   */
  public boolean hasClasses() {
    return train.outputs() == 0;
  }

  /**
   * The names of the classes.
   *
   * @return one a class, or none if they are just 0, 1, 2, ...
   */
  public List<String> classNames() {
    return classNames;
  }

  /**
   * This data with names for its features, by which errors and warnings call them.
   *
   * @param names one a feature, or none
   * @return new data on the same rows
   * @throws IllegalArgumentException if there are some, but not one a feature
   */
  public Dataset withFeatureNames(List<String> names) {
    Objects.requireNonNull(names, "names");
    if (!names.isEmpty() && names.size() != features()) {
      throw DataErrors.wrong("%s feature names, expected %s or none", names.size(), features());
    }
    return withOrigin(origin.withFeatureNames(names));
  }

  /**
   * The names of the features.
   *
   * @return one a feature, or none
   */
  public List<String> featureNames() {
    return origin.featureNames();
  }

  /** Which features are numbers of a table, to be scaled; null: all. */
  private boolean[] scaledFeatures() {
    return origin.schema().map(Schema::scaledInputs).orElse(null);
  }

  /**
   * The shape of a row before it was flattened.
   *
   * @return a copy, such as {48, 48}; empty if the rows were flat
   */
  public int[] inputShape() {
    return inputShape.clone();
  }

  /**
   * The scaling of the features.
   *
   * @return what was applied to the rows
   */
  public Scaling scaling() {
    return train.scaling();
  }

  /**
   * The scaling of targets that are numbers.
   *
   * @return how a network sees them; {@link Scaling#none} of classes
   */
  public Scaling targetScaling() {
    return train.targetScaling();
  }

  /**
   * What the data is, in a line.
   *
   * @return for people, such as {@code Dataset[train 120, test 30 rows of 4 features, 3 classes,
   *     scaling standard]}
   */
  @Override
  public String toString() {
    return "Dataset[train %s%s%s rows of %s features, %s %s, scaling %s%s]"
        .formatted(
            train.rows(),
            validation == null ? "" : ", validation " + validation.rows(),
            test == null ? "" : ", test " + test.rows(),
            features(),
            classes,
            hasClasses() ? "classes" : classes == 1 ? "target" : "targets",
            scaling().name(),
            targetScaling() instanceof Scaling.None
                ? ""
                : ", of targets " + targetScaling().name());
  }

  /** Gives loaders access to what users do not see. */
  private static final class Parts extends DataParts {
    @Override
    public Split split(RowSource source, Labels labels, Scaling scaling) {
      return new Split(source, labels, scaling);
    }

    @Override
    public RowSource rows(Split split) {
      return split.selected();
    }

    @Override
    public Dataset dataset(
        Split train, Split validation, Split test, int classes, List<String> names, int[] shape) {
      return new Dataset(train, validation, test, classes, names, shape);
    }

    @Override
    public Dataset withOthers(Dataset data, Split validation, Split test) {
      return data.withOthers(validation, test);
    }

    @Override
    public Dataset withOrigin(Dataset data, Origin origin) {
      return data.withOrigin(origin);
    }

    @Override
    public Origin origin(Dataset data) {
      return data.origin();
    }

    @Override
    public Dataset measured(Dataset data, List<String> known, int outputs, String where) {
      return Agreement.measured(data, known, outputs, where);
    }

    @Override
    public Message unknownClasses(String where, int unknown, int rows, String example) {
      return Agreement.note(where, unknown, rows, example);
    }
  }
}
