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

  /** The first split: its first rows are for training, the next for validation, others for test. */
  void train(RawRows rows, int trainRows, int validationRows) throws FormatException {
    scaling = Preprocessor.choose(options.scale(), rows, trainRows);
    Split all = split(rows);
    int both = trainRows + validationRows;
    train = all.slice(0, trainRows);
    validation = validationRows == 0 ? null : all.slice(trainRows, validationRows);
    test = both == all.rows() ? null : all.slice(both, all.rows() - both);
  }

  /** Training rows, the last tenth of which, rounded down, becomes validation. */
  void trainAndTenth(RawRows rows) throws FormatException {
    int tenth = rows.rows() / 10;
    train(rows, rows.rows() - tenth, tenth);
  }

  /** Validation rows; the training rows come first. */
  void validation(RawRows rows) throws FormatException {
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
    return new Dataset(train, validation, test, classes, classNames, inputShape);
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
