package dev.lanewise.data;

import dev.lanewise.format.FormatException;
import dev.lanewise.nn.Scaling;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts a data set together from what a loader finds. The splits come one after the other, so that
 * the raw array of one is garbage before the next is read.
 */
final class Assembly {
  /** What becomes validation in layouts that have training and test rows only. */
  static final double TENTH = 0.1;

  private final String file;
  private final LoadOptions options;
  private final List<Labels> labels = new ArrayList<>();
  private Scaling scaling;
  private Split train;
  private Split validation; // or null
  private Split test; // or null

  Assembly(String file, LoadOptions options) {
    this.file = file;
    this.options = options;
  }

  /** Training rows, of which the share of the options or of the layout becomes validation. */
  void train(RawRows rows, double usual) throws FormatException {
    divide(rows, LoadOptions.share(options.validFraction().orElse(usual), rows.rows()), 0);
  }

  /**
   * The first rows are for training, the next for validation, the others for test; if stratified,
   * so are the rows of each class.
   */
  void divide(RawRows rows, int validationRows, int testRows) throws FormatException {
    int both = rows.rows() - testRows;
    int trainRows = both - validationRows;
    int[] order = null;
    if (options.stratified()) {
      int[] classes = rows.labels().values;
      if (classes == null) {
        throw new FormatException(
            rows.labels().where, "targets that are numbers, expected classes to stratify by");
      }
      if (trainRows == rows.rows()) {
        throw new FormatException(
            rows.where(),
            "%s rows for training and nothing to stratify, expected a share for validation",
            trainRows);
      }
      order = Stratification.order(classes, validationRows, testRows);
    }
    scaling = Preprocessor.choose(options.scale(), rows, order, trainRows);
    Split all = split(rows);
    if (order != null) {
      all = all.select(order);
    }
    train = all.slice(0, trainRows);
    validation = validationRows == 0 ? null : all.slice(trainRows, validationRows);
    test = testRows == 0 ? null : all.slice(both, testRows);
  }

  /** Validation rows; the training rows come first. */
  void validation(RawRows rows) throws FormatException {
    if (options.validFraction().isPresent() || options.stratified()) {
      throw new FormatException(
          rows.where(), "validation rows in the file, expected none as training rows are divided");
    }
    validation = split(rows);
  }

  /** Test rows; the training rows come first. */
  void test(RawRows rows) throws FormatException {
    test = split(rows);
  }

  private Split split(RawRows rows) throws FormatException {
    if (train != null && rows.features() != train.features()) {
      throw new FormatException(
          rows.where(),
          "rows of %s features, expected %s as the training rows have",
          rows.features(),
          train.features());
    }
    labels.add(rows.labels());
    return Preprocessor.split(rows, scaling);
  }

  /** The data set; names are none or one a class, the shape is empty or that of a row. */
  Dataset build(List<String> classNames, int[] inputShape) throws FormatException {
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
    Dataset data = new Dataset(train, validation, test, classes, classNames, inputShape);
    if (options.targetScale().fixed() instanceof Scaling.None) {
      return data;
    }
    if (!options.loss().isRegression()) {
      throw Split.wrong("scaled targets of loss %s, expected mse or huber", options.loss().label());
    }
    try {
      return data.withTargetScaling(options.targetScale());
    } catch (IllegalArgumentException e) {
      throw new FormatException(file, e.getMessage(), e);
    }
  }

  /** Refuses rows that all weigh nothing, of which no mean is a number. */
  private void checkWeights(Split split, String name) throws FormatException {
    if (split == null) {
      return;
    }
    for (int row = 0; row < split.rows(); row++) {
      if (split.weight(row) > 0) {
        return;
      }
    }
    throw new FormatException(
        file, "%s rows all have weight 0, expected at least one above 0", name);
  }
}
