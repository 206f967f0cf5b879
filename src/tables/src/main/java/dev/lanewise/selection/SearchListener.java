package dev.lanewise.selection;

/** Follows a {@link Search}, and may end it. */
@FunctionalInterface
public interface SearchListener {
  /**
   * Called with each result, in an order that does not depend on threads: by brackets, then by
   * rungs, then by numbers. One thread calls at a time, which may be any of the search.
   *
   * @param trial the result
   * @return false to end the search
   */
  boolean onTrial(Trial trial);

  /**
   * Called about ten times a second on the thread that called {@link Search#run}.
   *
   * @return false to end the search; trainings that have not ended are lost
   */
  default boolean goesOn() {
    return true;
  }
}
