package dev.lanewise.format;

import java.util.Arrays;

/**
 * The key of a remedy: what a user can change so that an error or a hint goes away. A {@link
 * Message} names remedies by key, so that each way into the library can say them in its own words:
 * Java names a method, the command line an option.
 */
public enum Remedy {
  /** Names the target column. */
  TARGET("LoadOptions.withTarget(\"NAME\")"),
  /** Names an array of targets in a file of its own; takes no values. */
  TARGETS_FILE("an .npz file of both"),
  /** Chooses the loss, and with it classes or numeric targets; its value is the loss. */
  LOSS("LoadOptions.withLoss(Loss.of(\"%s\"))"),
  /** Declares that the numbers in a column are names of categories; its value is the column. */
  CATEGORICAL("LoadOptions.withCategorical(List.of(\"%s\"))"),
  /** Leaves a column out; its value is the column. */
  IGNORE("LoadOptions.withIgnored(List.of(\"%s\"))"),
  /** Declares that a text stands for no value; its values are the text and the column. */
  MISSING("TableOptions.withMissing(List.of(\"%s\"))"),
  /** Joins rare categories; takes no values. */
  MIN_COUNT("LoadOptions.withMinCount(rows)"),
  /** Chooses the decimal mark; its values are the mark and the column. */
  DECIMAL("TableOptions.withDecimal('%s')"),
  /** Chooses the character between the columns; takes no values. */
  SEPARATOR("TableOptions.withSeparator(character)"),
  /** Declares whether the first line names the columns; its value is yes or no. */
  HEADER("TableOptions.withHeader(Header.%S)"),
  /** Keeps a table that is larger than memory in another folder; takes no values. */
  CACHE("LoadOptions.withCache(folder)"),
  /** Scales pictures to one size; its values are height and width. */
  IMAGE_SIZE("LoadOptions.withImageSize(%s, %s)"),
  /** Chooses the scaling of the features; its value is the scaling. */
  SCALE("LoadOptions.withScale(ScaleChoice.named(\"%s\"))"),
  /** Chooses the scaling of the targets; its value is the scaling. */
  SCALE_TARGETS("LoadOptions.withTargetScale(ScaleChoice.named(\"%s\"))"),
  /** Keeps data on disk that are larger than memory; takes no values. */
  MAPPED("an .npy file read by Datasets.mapped"),
  /** Keeps training rows for validation; takes no values. */
  VALIDATION("Dataset.withValidation(0.1, false)"),
  /** Gives rare classes larger weights; takes no values. */
  CLASS_WEIGHTS("TrainerBuilder.balancedClassWeights()"),
  /** Draws mini-batches in which all classes are equally frequent; takes no values. */
  BALANCED("TrainerBuilder.sampling(Sampling.BALANCED)"),
  /** Stops when the validation loss no longer improves; its value is a number of epochs. */
  PATIENCE("TrainerBuilder.patience(%s)"),
  /** Names the layers in a file of arrays in their order; takes no values. */
  LAYERS("the list of layers"),
  /** Reads a file although its checksum does not match; takes no values. */
  TRUST("loadTrusted"),
  /** Allows a compressed file to unfold to more bytes; takes no values. */
  UNFOLD("Budget.of(bytes)");

  private final String java;

  Remedy(String java) {
    this.java = java;
  }

  /** Returns how a user of Java says it, with a format specifier for each value. */
  String java() {
    return java;
  }

  /**
   * Returns this remedy with its values, as a part of a {@link Message}.
   *
   * @param values what the remedy is to be used with, in the order that its key states
   * @return a message that names nothing but the remedy
   */
  public Message with(Object... values) {
    return Message.remedy(this, Arrays.asList(values));
  }
}
