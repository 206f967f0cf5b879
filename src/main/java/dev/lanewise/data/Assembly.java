package dev.lanewise.data;

import dev.lanewise.format.FormatException;
import dev.lanewise.nn.Scaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

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
  private Optional<Split> validation = Optional.empty();
  private Optional<Split> test = Optional.empty();

  Assembly(String file, LoadOptions options) {
    this.file = file;
    this.options = options;
  }

  /** All training rows. */
  void train(RawRows rows, Labels targets) throws FormatException {
    trainAndRest(rows, targets, rows.rows());
  }

  /** Training rows, the last tenth of which, rounded down, becomes validation. */
  void trainAndTenth(RawRows rows, Labels targets) throws FormatException {
    int tenth = rows.rows() / 10;
    Split rest = trainAndRest(rows, targets, rows.rows() - tenth);
    validation = tenth == 0 ? Optional.empty() : Optional.of(rest.slice(0, tenth));
  }

  /** Rows of which the first are for training, the next for validation, the last for test. */
  void allThree(RawRows rows, Labels targets, int trainRows, int validationRows)
      throws FormatException {
    Split rest = trainAndRest(rows, targets, trainRows);
    int testRows = rest.rows() - validationRows;
    validation =
        validationRows == 0 ? Optional.empty() : Optional.of(rest.slice(0, validationRows));
    test = testRows == 0 ? Optional.empty() : Optional.of(rest.slice(validationRows, testRows));
  }

  /** The rows behind the training rows. */
  private Split trainAndRest(RawRows rows, Labels targets, int trainRows) throws FormatException {
    scaling = Preprocessor.choose(options.scale(), rows, trainRows);
    labels.add(targets);
    Split all = Preprocessor.split(rows, targets.values(), scaling);
    train = all.slice(0, trainRows);
    return all.slice(trainRows, all.rows() - trainRows);
  }

  /** Validation rows; the training rows come first. */
  void validation(RawRows rows, Labels targets) throws FormatException {
    validation = Optional.of(other(rows, targets));
  }

  /** Test rows; the training rows come first. */
  void test(RawRows rows, Labels targets) throws FormatException {
    test = Optional.of(other(rows, targets));
  }

  private Split other(RawRows rows, Labels targets) throws FormatException {
    if (rows.features() != train.features()) {
      throw new FormatException(
          rows.where(),
          "rows of %s features, expected %s as the training rows have"
              .formatted(rows.features(), train.features()));
    }
    labels.add(targets);
    return Preprocessor.split(rows, targets.values(), scaling);
  }

  /** The data set; names are none or one a class, the shape is empty or that of a row. */
  Dataset build(List<String> classNames, int[] inputShape) throws FormatException {
    OptionalInt columns = OptionalInt.empty();
    int classes = classNames.size();
    for (Labels one : labels) {
      if (one.columns().isPresent() && columns.isPresent() && !one.columns().equals(columns)) {
        throw new FormatException(
            one.where(),
            "one-hot rows of %s, expected %s as in training"
                .formatted(one.columns().getAsInt(), columns.getAsInt()));
      }
      columns = one.columns().isPresent() ? one.columns() : columns;
      classes = Math.max(classes, one.largest() + 1);
    }
    if (columns.isPresent()) {
      classes = columns.getAsInt();
      for (Labels one : labels) {
        one.check(classes, "as other targets are one-hot rows of " + classes);
      }
      if (!classNames.isEmpty() && classNames.size() != classes) {
        throw new FormatException(
            file,
            "%s class names, expected %s as the one-hot rows have"
                .formatted(classNames.size(), classes));
      }
    }
    if (!classNames.isEmpty()) {
      for (Labels one : labels) {
        one.check(classNames.size(), "as there are " + classNames.size() + " class names");
      }
    }
    return new Dataset(train, validation, test, classes, classNames, inputShape);
  }
}
