package dev.lanewise.nn.internal;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * The facts that the file of a model may have, by the names of their arrays and in their order. A
 * network knows those in {@link NetworkMetadata}. It carries the arrays of others, as other modules
 * read them, unless predictions depend on them: then a network alone is refused.
 */
public enum MetadataName {
  /** Bins of features, the further inputs of a network. */
  BINS("bin_edges", "bin_counts", Role.NEEDED),
  LOSS("loss", null),
  SCALING("scaling", "scaling_"),
  TARGET_SCALING("target_scaling", "target_scaling_"),
  CLASS_NAMES("class_names", null),
  INPUT_SHAPE("input_shape", null),
  /** Notes on the training. */
  TRAINING("training", null),
  /** Weights of the classes in the training, which predictions undo. */
  CLASS_WEIGHTS("class_weights", "class_weights_"),
  /** Weights of several networks in their average, if they are not equal. */
  MEMBER_WEIGHTS("member_weights", null, Role.NEEDED),
  CALIBRATION("calibration", "calibration_", Role.NEEDED, Role.OF_RESULTS),
  DECISION("decision", "decision_", Role.NEEDED, Role.OF_RESULTS),
  /** The scores for sets and intervals, which are computed when they are asked for. */
  COVERAGE("coverage", "coverage_", Role.OF_RESULTS),
  /** The schema of a table. */
  SCHEMA("schema_columns", "schema_", Role.NEEDED),
  /** How the rows of a table were divided. */
  DIVISION("division", "division_"),
  /** The rows to which a calibration, a decision and a coverage were fitted. */
  FITTED("fitted_to", null, Role.OF_RESULTS),
  /** Columns of a table that are not inputs. */
  WATCHED("watched_columns", "watched_", Role.OF_TRAINING),
  /** Arrays of other packages, each under its name after a prefix. */
  FURTHER("fact/", "fact/", Role.OF_TRAINING);

  /** What depends on a fact, and what it depends on. */
  public enum Role {
    /** Predictions depend on it in a way that a network alone does not know. */
    NEEDED,
    /** It is untrue for other results. */
    OF_RESULTS,
    /** It is untrue after another training. */
    OF_TRAINING
  }

  private final String array;
  private final String others; // how the names of its other arrays begin; null: it has no others
  private final List<Role> roles;

  MetadataName(String array, String others, Role... roles) {
    this.array = array;
    this.others = others;
    this.roles = List.of(roles);
  }

  /** {@return the name of the array that every model with this fact has} */
  public String array() {
    return array;
  }

  /** {@return whether the fact has a role} */
  public boolean is(Role role) {
    return roles.contains(role);
  }

  /**
   * {@return whether the fact is about the results that exactly these parameters give} In a model
   * of several networks, such a fact belongs to their average, and no single network has one.
   */
  public boolean isOfModel() {
    return this == MEMBER_WEIGHTS || is(Role.OF_RESULTS);
  }

  /** {@return whether an array of this name belongs to this fact, even if no value has it} */
  public boolean owns(String name) {
    return name.equals(array) || others != null && name.startsWith(others);
  }

  /** {@return the arrays with these names on which predictions depend} */
  public static List<String> needed(Predicate<String> names) {
    return Arrays.stream(values())
        .filter(fact -> fact.is(Role.NEEDED))
        .map(MetadataName::array)
        .filter(names)
        .toList();
  }

  /** {@return the fact to which an array of a file belongs; null if there is none} */
  public static MetadataName owner(String array) {
    return Arrays.stream(values()).filter(fact -> fact.owns(array)).findFirst().orElse(null);
  }

  /** {@return why a network with such facts is not read alone} */
  public static String unhonoured(String facts) {
    return facts
        + ", which a network alone does not honour, expected none (Model.load of lanewise-models"
        + " reads such a model)";
  }
}
