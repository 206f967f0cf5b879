package dev.lanewise.format.internal;

/**
 * The key of a remedy: a change by the user that avoids an error or a hint. A {@link Message} names
 * remedies by key, so that each program words them in its own way: Java names a method, the command
 * line an option.
 */
public enum Remedy {
  /** Names the target column. */
  TARGET("ReadOptions.withTarget(\"NAME\")"),
  /** Names a separate file that contains the array of targets; takes no values. */
  TARGETS_FILE("an .npz file of both"),
  /** Chooses the loss, and with it classes or numeric targets; its value is the loss. */
  LOSS("ScaleOptions.withLoss(Loss.of(\"%s\"))"),
  /** Declares that the numbers in a column are names of categories; its value is the column. */
  CATEGORICAL("ReadOptions.withCategorical(List.of(\"%s\"))"),
  /** Declares that the digits in a column are numbers; its value is the column. */
  NUMERIC("ReadOptions.withNumeric(List.of(\"%s\"))"),
  /** Leaves a column out; its value is the column. */
  IGNORE("ReadOptions.withIgnored(List.of(\"%s\"))"),
  /** Declares that a text means a missing value; its values are the text and the column. */
  MISSING("TableOptions.withMissingAlso(List.of(\"%s\"))"),
  /** Joins rare categories; takes no values. */
  MIN_COUNT("ReadOptions.withMinCount(rows)"),
  /** Sets the decimal mark; its values are the mark and the column. */
  DECIMAL("TableOptions.withDecimal('%s')"),
  /** Sets the order of day and month; its value is dmy or mdy. */
  DATES("TableOptions.withDates(Dates.%S)"),
  /** Sets the first of the 100 years that two digits mean; its value is that year. */
  CENTURY("TableOptions.withCentury(%s)"),
  /** Sets the character between the columns; takes no values. */
  SEPARATOR("TableOptions.withSeparator(character)"),
  /** Declares whether the first line names the columns; its value is yes or no. */
  HEADER("TableOptions.withHeader(Header.%S)"),
  /** Passes over lines before the table; its value is their number. */
  SKIP("TableOptions.withSkipped(%s)"),
  /** Decides about a last row of totals; its value is skip or keep. */
  TOTALS("ReadOptions.withTotals(Totals.%S)"),
  /** Chooses the sheet of a workbook; takes no values. */
  SHEET("TableOptions.withSheet(\"NAME\")"),
  /** Stores the cache of a table that is larger than memory in another folder; takes no values. */
  CACHE("ReadOptions.withCache(folder)"),
  /** Chooses the scaling of the features; its value is the scaling. */
  SCALE("ScaleChoice.named(\"%s\")"),
  /** Chooses the scaling of the targets; its value is the scaling. */
  SCALE_TARGETS("ScaleOptions.withTargetScale(ScaleChoice.named(\"%s\"))"),
  /** Leaves data that are larger than memory on disk; takes no values. */
  MAPPED("an .npy file read by Datasets.mapped"),
  /** Sets training rows aside for validation; takes no values. */
  VALIDATION("Dataset.withValidation(0.1, false)"),
  /** Keeps rows for calibration; takes no values. */
  CALIBRATION("DivisionOptions.withCalibrationFraction(0.1)"),
  /** Gives rare classes larger weights; takes no values. */
  CLASS_WEIGHTS("TrainerBuilder.balancedClassWeights()"),
  /** Draws mini-batches in which all classes are equally frequent; takes no values. */
  BALANCED("TrainerBuilder.sampling(Sampling.BALANCED)"),
  /** Stops when the validation loss no longer improves; its value is a number of epochs. */
  PATIENCE("TrainerBuilder.patience(%s)"),
  /** Names the layers of a file of arrays in their order; takes no values. */
  LAYERS("the list of layers"),
  /** Gives the activations of a network whose file states none; takes no values. */
  ACTIVATIONS("Model.load(file, Activation...)"),
  /** Reads a file although its checksum does not match; takes no values. */
  TRUST("loadTrusted"),
  /** Allows a compressed file to unfold to more bytes; takes no values. */
  UNFOLD("Budget.of(bytes)");

  /** The remedy in words of Java, with a format specifier for each value. */
  final String java;

  Remedy(String java) {
    this.java = java;
  }

  /**
   * {@return a message that consists of this remedy with its values}
   *
   * @param values the values in the order that the description of the key states
   */
  public Message with(Object... values) {
    return Message.remedy(this, values);
  }
}
