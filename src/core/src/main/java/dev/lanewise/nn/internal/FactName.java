package dev.lanewise.nn.internal;

import java.util.Arrays;
import java.util.List;

/**
 * The facts that the file of a model may have, in the order of their arrays: where each is, and
 * what makes it untrue. A network knows some of them; it carries the others as arrays, see {@link
 * RawFact}, unless predictions depend on them: then a network alone is refused.
 */
public enum FactName implements Change {
  /** Bins of features, the further inputs of a network. */
  BINS(true, "bin_edges", "bin_counts"),
  LOSS(false, "loss", null),
  SCALING(false, "scaling", "scaling_"),
  TARGET_SCALING(false, "target_scaling", "target_scaling_"),
  CLASS_NAMES(false, "class_names", null),
  INPUT_SHAPE(false, "input_shape", null),
  /** Notes on the training. */
  TRAINING(false, "training", null, Change.TRAINED),
  /** Weights of the classes in the training, which predictions undo. */
  CLASS_WEIGHTS(false, "class_weights", "class_weights_", Change.TRAINED, LOSS),
  /** Weights of several networks in their average, if they are not equal. */
  MEMBER_WEIGHTS(true, "member_weights", null, Change.NETWORK),
  CALIBRATION(true, "calibration", "calibration_", Change.RESULTS),
  DECISION(true, "decision", "decision_", Change.RESULTS),
  /** The scores for sets and intervals, which are computed when they are asked for. */
  COVERAGE(false, "coverage", "coverage_", Change.RESULTS),
  /** The schema of a table. */
  SCHEMA(true, "schema_columns", "schema_"),
  /** How the rows of a table were divided. */
  DIVISION(false, "division", "division_"),
  /** The rows to which a calibration, a decision and a coverage were fitted. */
  FITTED(false, "fitted_to", null, Change.RESULTS),
  /** Columns of a table that are not inputs. */
  WATCHED(false, "watched_columns", "watched_", Change.TRAINED),
  /** Arrays of other packages, each under its name after a prefix. */
  FURTHER(false, "fact/", "fact/", Change.TRAINED);

  private final boolean isNeeded;
  private final String array;
  private final String others; // how the names of its other arrays begin; null: it has no others
  private final List<Change> endings;

  FactName(boolean isNeeded, String array, String others, Change... endings) {
    this.isNeeded = isNeeded;
    this.array = array;
    this.others = others;
    this.endings = List.of(endings);
  }

  /** {@return the name of the array that every model with this fact has} */
  public String array() {
    return array;
  }

  /** {@return whether predictions depend on it in a way that a network alone does not know} */
  public boolean isNeeded() {
    return isNeeded;
  }

  /** {@return whether an array of this name belongs to this fact, even if no value has it} */
  public boolean owns(String name) {
    return name.equals(array) || others != null && name.startsWith(others);
  }

  /** {@return the fact to which an array of a file belongs; null if there is none} */
  public static FactName owner(String array) {
    return Arrays.stream(values()).filter(fact -> fact.owns(array)).findFirst().orElse(null);
  }

  /** {@return whether a change makes this fact untrue} */
  public boolean endsWith(Change change) {
    return endings.contains(change) || endings.contains(Change.RESULTS) && changesResults(change);
  }

  private static boolean changesResults(Change change) {
    return change == Change.NETWORK
        || List.<Change>of(LOSS, SCALING, TARGET_SCALING, CLASS_WEIGHTS, MEMBER_WEIGHTS)
            .contains(change);
  }
}
