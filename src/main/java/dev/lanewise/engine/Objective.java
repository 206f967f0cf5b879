package dev.lanewise.engine;

/** What a network is trained for, which says what is done to its outputs. */
public enum Objective {
  /** Softmax and cross entropy with a class for each row. */
  SOFTMAX,
  /** Sigmoid and cross entropy with a number from 0 to 1 for each output. */
  SIGMOID,
  /** Squared error. */
  MSE,
  /** Huber's loss. */
  HUBER;

  /**
   * Whether rows have classes.
   *
   * @return false if they have a number for each output
   */
  public boolean takesClasses() {
    return this == SOFTMAX;
  }
}
