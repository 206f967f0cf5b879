package dev.lanewise.train;

/** Follows a training run, on the thread that called {@link Trainer#fit}, and may end it. */
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
  default boolean onEpoch(EpochResult result) {
    return true;
  }

  /**
   * At the end of an epoch, as often as {@link TrainerBuilder#checkpointEvery} says, and when a
   * listener has stopped the run.
   *
   * @param checkpoint from where the run could go on; it ends when the run does go on, so keep its
   *     {@link Checkpoint#copy}
   */
  default void onCheckpoint(Checkpoint checkpoint) {}
}
