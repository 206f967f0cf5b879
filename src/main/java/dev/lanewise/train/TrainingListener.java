package dev.lanewise.train;

/**
 * Follows a training run, on the thread that called {@link Trainer#fit}, and may end it. One that
 * looks at epochs alone can be a lambda: {@code result -> result.validLoss() > 0.1}.
 */
@FunctionalInterface
public interface TrainingListener {
  /**
   * After each step.
   *
   * @param result what the step gave
   * @return false to stop here
   */
  default boolean onStep(StepResult result) {
    return true;
  }

  /**
   * After each epoch and its validation.
   *
   * @param result what the epoch gave
   * @return false to stop here
   */
  boolean onEpoch(EpochResult result);

  /**
   * After each epoch and its validation, for who wants to look at the network as it is then.
   *
   * @param result what the epoch gave
   * @param view of the network, until this method returns
   * @return false to stop here
   */
  default boolean onEpoch(EpochResult result, EpochView view) {
    return onEpoch(result);
  }

  /**
   * At the end of an epoch, as often as {@link TrainerBuilder#checkpointEvery} says, and when a
   * listener or an interrupt of the thread has stopped the run.
   *
   * @param checkpoint from where the run could go on; it ends when the run does go on, so keep its
   *     {@link Checkpoint#copy}
   */
  default void onCheckpoint(Checkpoint checkpoint) {}

  /**
   * At the beginning of {@link Trainer#fit}, if the data is valid but probably not what was meant:
   * features that are not scaled and are large or of very different magnitudes. If a trainer has no
   * listeners, or only those of {@link TrainerBuilder#onEpoch}, the {@link System.Logger} {@code
   * dev.lanewise.train} logs the warning.
   *
   * @param warning a line for people: what was found, and what to do about it
   */
  default void onWarning(String warning) {}
}
