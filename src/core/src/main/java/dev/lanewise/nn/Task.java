package dev.lanewise.nn;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the rows of data have as targets, and what users get of a network for them. Code asks the
 * task of a loss what it can do, instead of testing for losses. Where kinds of tasks differ in more
 * than the answers here, code has a switch expression over {@link #kind} without a default, so that
 * a further kind does not compile until everything handles it.
 */
public final class Task {
  /** What a target is. */
  public enum Kind {
    /** One class per row. */
    CLASSES,
    /** A number from 0 to 1 per output, such as one of several labels that may all hold. */
    LABELS,
    /** A number per output in units of its own. */
    NUMBERS
  }

  private static final double ANY = Double.POSITIVE_INFINITY;
  static final Task CLASSES = new Task(Kind.CLASSES, OutputFunction.SOFTMAX, -ANY, ANY, null);
  static final Task LABELS = new Task(Kind.LABELS, OutputFunction.SIGMOID, 0, 1, null);
  static final Task NUMBERS = new Task(Kind.NUMBERS, OutputFunction.IDENTITY, -ANY, ANY, null);

  private final Kind kind;
  private final OutputFunction outputFunction;
  private final double lowest; // target
  private final double highest; // target
  private final Double level; // of the quantile that the results estimate, or null

  private Task(
      Kind kind, OutputFunction outputFunction, double lowest, double highest, Double level) {
    this.kind = kind;
    this.outputFunction = outputFunction;
    this.lowest = lowest;
    this.highest = highest;
    this.level = level;
  }

  /** Returns the task of estimating a quantile of numbers. */
  static Task quantile(double level) {
    return new Task(Kind.NUMBERS, OutputFunction.IDENTITY, -ANY, ANY, level);
  }

  /** {@return what a target is} */
  public Kind kind() {
    return kind;
  }

  /** {@return the function that makes results of the outputs of the last layer} */
  public OutputFunction outputFunction() {
    return outputFunction;
  }

  /** {@return whether the target of a row is one class} */
  public boolean hasClasses() {
    return kind == Kind.CLASSES;
  }

  /** {@return whether the targets of a row are labels, each of which holds or not} */
  public boolean hasLabels() {
    return kind == Kind.LABELS;
  }

  /** {@return whether results are numbers in the units of the targets, and not probabilities} */
  public boolean hasNumbers() {
    return kind == Kind.NUMBERS;
  }

  /**
   * {@return the classes or labels that are decided per row: 1, the number of outputs, or 0 for
   * numbers}
   *
   * @param outputs the outputs of the network
   */
  public int decisions(int outputs) {
    return switch (kind) {
      case CLASSES -> 1;
      case LABELS -> outputs;
      case NUMBERS -> 0;
    };
  }

  /** {@return a word for the outputs: classes or outputs} */
  public String outputs() {
    return hasClasses() ? "classes" : "outputs";
  }

  /** {@return a word for the results: outputs or probabilities} */
  public String results() {
    return hasNumbers() ? "outputs" : "probabilities";
  }

  /** {@return the name of the score whose largest value is best: R2 or accuracy} */
  public String score() {
    return hasNumbers() ? "R2" : "accuracy";
  }

  /**
   * {@return whether a number may be a target}
   *
   * @param target the target of one output
   */
  public boolean takes(double target) {
    return target >= lowest && target <= highest;
  }

  /** {@return the range of targets, such as 0 to 1; empty if they may be any numbers} */
  public Optional<String> limits() {
    return Double.isInfinite(lowest)
        ? Optional.empty()
        : Optional.of(text(lowest) + " to " + text(highest));
  }

  private static String text(double limit) {
    return BigDecimal.valueOf(limit).stripTrailingZeros().toString();
  }

  /** {@return whether targets may be scaled, and their scaling undone in the outputs} */
  public boolean scalesTargets() {
    return hasNumbers() && outputFunction == OutputFunction.IDENTITY;
  }

  /**
   * {@return the level of the quantile that the results estimate; empty if they do not estimate a
   * quantile}
   */
  public OptionalDouble level() {
    return level == null ? OptionalDouble.empty() : OptionalDouble.of(level);
  }

  /** {@return whether results are the middles of intervals that contain a share of the targets} */
  public boolean hasIntervals() {
    return hasNumbers() && level().isEmpty();
  }
}
