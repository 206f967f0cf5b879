package dev.lanewise.table;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.internal.DatasetOrigin;
import dev.lanewise.data.internal.DatasetState;
import dev.lanewise.data.internal.Labels;
import dev.lanewise.data.internal.Preprocessor;
import dev.lanewise.data.internal.RawRows;
import dev.lanewise.data.internal.Stratification;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.Division;
import dev.lanewise.rows.RowSample;
import dev.lanewise.rows.internal.TableMetadata;
import dev.lanewise.rows.internal.TwiceScaled;
import dev.lanewise.table.internal.DivisionRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Builds a data set from what a loader reads. The splits are added one after the other, so that the
 * raw array of one can be garbage-collected before the next is read.
 */
final class DatasetBuilder {
  /** Share of validation rows for formats that contain only training and test rows. */
  public static final double TENTH = 0.1;

  private final String file;
  private final ResolvedOptions options;
  private final List<Labels> labels = new ArrayList<>();
  private final List<Message> notes = new ArrayList<>();
  private Scaling scaling;
  private Rows train;
  private Division division; // division of arrays; null for tables
  private int[][] parts = new int[3][0]; // rows of the splits, if one is a fold
  private Rows validation; // may be null
  private Rows test; // may be null

  public DatasetBuilder(String file, ResolvedOptions options) {
    this.file = file;
    this.options = options;
  }

  /**
   * Adds training rows and takes validation rows from them: the share in the options, or else a
   * usual share; with folds, some are for the test. A model's training file is divided as it was
   * for training.
   */
  public void train(RawRows rows, double usual) throws FormatException {
    options.requireInputs(rows);
    DivisionOptions how = options.division();
    boolean isRuled = !how.rule.equals(DivisionRule.NONE);
    Labels targets = rows.labels();
    long seed = isRuled ? how.seed.orElse(0) : 0;
    boolean stratified = how.stratified.orElse(isRuled && targets.values != null);
    Division asked =
        RowDivision.of(seed, List.of(), how.validFraction, stratified, how.rule)
            .of(RowHashes.digest(rows), RowSample.NONE);
    division = options.known().filter(asked::isOfSameFile).orElse(asked);
    options.requireSame(division, rows.where());
    DivisionRule rule = DivisionRule.of(division.rule());
    isRuled = !rule.equals(DivisionRule.NONE);
    double share = how.usualFraction.orElse(usual);
    int taken = Stratification.share(division.validFraction().orElse(share), rows.rows());
    if (division.stratified() && targets.values == null) {
      throw Stratification.needsClasses(targets.where);
    } else if (division.stratified() && !isRuled && taken == 0) {
      throw new FormatException(
          rows.where(),
          "%s rows for training and nothing to stratify, expected a share for validation, or more"
              + " rows",
          rows.rows());
    } else if (!division.stratified() && !isRuled) { // needs no copy of the rows
      how.third(parts, rule, rows.where());
      take(rows, taken, 0);
      return;
    }
    int[] all = IntStream.range(0, rows.rows()).toArray();
    RowDivision divided =
        new RowDivision(division, share, all, targets.values, new double[0], how, rows.where());
    rule.note().ifPresent(notes::add);
    int[][] found = divided.parts;
    parts = isRuled ? found : parts;
    scaling = Preprocessor.choose(options.scaling().scale(), rows, divided.rows, found[0].length);
    share(split(rows).select(divided.rows), found[0].length, found[1].length, found[2].length);
  }

  /** Adds rows in this order: training, validation, test. */
  void take(RawRows rows, int validationRows, int testRows) throws FormatException {
    options.requireInputs(rows);
    int both = rows.rows() - testRows;
    scaling = Preprocessor.choose(options.scaling().scale(), rows, null, both - validationRows);
    share(split(rows), both - validationRows, validationRows, testRows);
  }

  private void share(Rows all, int trainRows, int validationRows, int testRows) {
    train = all.slice(0, trainRows);
    validation = validationRows == 0 ? null : all.slice(trainRows, validationRows);
    test = testRows == 0 ? null : all.slice(trainRows + validationRows, testRows);
  }

  /** Adds validation rows from another file, after the training rows. */
  void takeValidation(RawRows rows) throws FormatException {
    validation = split(rows);
  }

  /** Adds validation rows, after the training rows. */
  void validation(RawRows rows) throws FormatException {
    boolean isRuled = !options.division().rule.equals(DivisionRule.NONE); // may be stratified
    if (options.division().validFraction.isPresent()
        || options.division().stratified.orElse(false) && !isRuled) {
      throw new FormatException(
          rows.where(),
          "validation rows in the file, expected none, as the training rows are" + " divided");
    }
    validation = split(rows);
  }

  /** Adds test rows, after the training rows. */
  void test(RawRows rows) throws FormatException {
    if (options.division().isCalibration && test != null) {
      return; // the rows kept for calibration are in their place
    } else if (division != null && DivisionRule.of(division.rule()).folds() > 0) {
      notes.add(
          Message.of(
              "The %s test rows of the file are not used, as the folds are of its training rows",
              rows.rows()));
      return;
    }
    test = split(rows);
  }

  private Rows split(RawRows rows) throws FormatException {
    if (train != null && rows.features() != train.features()) {
      throw new FormatException(
          rows.where(),
          "rows of %s features, expected %s as the training rows have",
          rows.features(),
          train.features());
    }
    labels.add(rows.labels());
    Rows split = Preprocessor.split(rows, scaling);
    if (new TwiceScaled(scaling).look(rows).isLikely()) {
      notes.add(TwiceScaled.note(rows.where()));
    }
    return split;
  }

  /** Makes the data set, with no or one name per class and the shape of a row unless it is flat. */
  public Dataset build(List<String> classNames, int[] inputShape) throws FormatException {
    int columns = 0;
    int classes = classNames.size();
    for (Labels one : labels) {
      if (one.columns > 0 && columns > 0 && one.columns != columns) {
        throw new FormatException(
            one.where,
            (one.numbers == null ? "one-hot rows" : "targets")
                + " of %s, expected %s as in training",
            one.columns,
            columns);
      }
      columns = Math.max(columns, one.columns);
      classes = Math.max(classes, one.largest() + 1);
    }
    if (columns > 0) {
      classes = columns;
      if (!classNames.isEmpty() && classNames.size() != classes) {
        throw new FormatException(
            file,
            "%s class names, expected %s as the target rows have",
            classNames.size(),
            classes);
      }
    }
    for (Labels one : labels) {
      if (columns > 0) {
        one.check(columns, "other targets are one-hot rows of %s");
      } else if (!classNames.isEmpty()) {
        one.check(classNames.size(), "there are %s class names");
      }
    }
    checkWeights(train, "training");
    checkWeights(validation, "validation");
    checkWeights(test, "test");
    Map<String, NdArray> facts =
        division == null ? Map.of() : TableMetadata.arrays(null, division, List.of(), List.of());
    Optional<Loss> loss = Optional.of(options.scaling().lossOfArrays());
    DatasetOrigin origin =
        new DatasetOrigin(loss, facts, null, parts, new int[0], List.of(), notes);
    Dataset data =
        new DatasetState(train, validation, test, classes, classNames, inputShape, origin)
            .dataset();
    ScaleChoice targetScale = options.scaling().targetScale.orElse(ScaleChoice.named("none"));
    if (targetScale.fixed() != null && targetScale.fixed().isNone()) {
      return data;
    }
    if (!options.scaling().lossOfArrays().task().scalesTargets()) {
      throw new ArgumentException(
          "%s: scaling of targets for loss %s, expected one of the losses %s (%s)",
          file,
          options.scaling().lossOfArrays().label(),
          Loss.scaledLabels(),
          Remedy.SCALE_TARGETS.with(targetScale.name()));
    }
    try {
      return data.withTargetScaling(targetScale);
    } catch (IllegalArgumentException e) {
      throw new FormatException(file, Message.of(e), e);
    }
  }

  /** Throws if all rows have weight 0, as their weighted mean is undefined. */
  private void checkWeights(Rows split, String name) throws FormatException {
    if (split != null && IntStream.range(0, split.rows()).allMatch(r -> !(split.weight(r) > 0))) {
      throw new FormatException(
          file, "%s rows all have weight 0, expected at least one weight above 0", name);
    }
  }
}
