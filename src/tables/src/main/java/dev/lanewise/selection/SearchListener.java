package dev.lanewise.selection;

/** Follows a {@link Search}, and may end it. */
@FunctionalInterface
public interface SearchListener {
  /**
   * Called with each result in the order of the trials. One thread calls at a time, which may be
   * any of the search.
   *
   * @param trial the result
   * @return false to end the trials
   */
  boolean onTrial(Trial trial);

  /**
   * Called about ten times a second on the thread that called {@link Search#run}.
   *
   * @return false to end the trials; trainings that have not ended are lost. A continued search
   *     then trains the best earlier results again, as it does at its end, until this is false once
   *     more
   */
  default boolean goesOn() {
    return true;
  }
}
