package dev.lanewise.train;

/** Which training rows an epoch takes, and in which order: a function of the seed and the epoch. */
public enum Sampling {
  /** Every row once, in another order every epoch. */
  SHUFFLED,
  /** Every row once, in file order. */
  SEQUENTIAL,
  /**
   * As many rows of one class as of any other, give or take one, in another order every epoch; as
   * many in all as there are. Rows of rare classes come several times, and of frequent ones not all
   * come in one epoch.
   */
  BALANCED
}
