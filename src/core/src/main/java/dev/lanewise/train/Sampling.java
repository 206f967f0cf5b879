package dev.lanewise.train;

/** Choice and order of the training rows of an epoch: a function of the seed and the epoch. */
public enum Sampling {
  /** Every row once, in another order every epoch. */
  SHUFFLED,
  /** Every row once, in file order. */
  SEQUENTIAL,
  /**
   * Equally many rows of every class, up to a difference of one, in another order every epoch. The
   * number of draws is the number of rows, so an epoch repeats rows of rare classes and leaves out
   * some rows of frequent ones.
   */
  BALANCED
}
