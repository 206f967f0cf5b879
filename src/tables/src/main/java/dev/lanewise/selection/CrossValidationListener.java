package dev.lanewise.selection;

/** Follows a {@link CrossValidation}, and may end it. */
@FunctionalInterface
public interface CrossValidationListener {
  /**
   * Called with the result of each fold, in order. One thread calls at a time.
   *
   * @param result the result of the fold
   * @return false to end the run
   */
  boolean onFold(FoldResult result);

  /**
   * Called after each step of every training, on its thread.
   *
   * @return false to end the run; folds that are not finished are lost
   */
  default boolean onStep() {
    return true;
  }
}
