package dev.lanewise.train;

/**
 * Follows a training run on the thread that called {@link Trainer#fit}, and may end the run. A
 * listener of epochs can be a lambda that returns whether to go on, such as {@code result ->
 * result.validLoss() > 0.1}, and may show the progress.
 */
@FunctionalInterface
public interface TrainingListener {
  /**
   * Called after each step.
   *
   * @param result loss and score of the step
   * @return false to stop here; after the last step of an epoch, the run stops after the epoch's
   *     validation
   */
  default boolean onStep(StepResult result) {
    return true;
  }

  /**
   * Called after each epoch and its validation.
   *
   * @param result losses and scores of the epoch
   * @return false to stop here
   */
  boolean onEpoch(EpochResult result);

  /**
   * Called after each epoch and its validation, with the network.
   *
   * @param result losses and scores of the epoch
   * @param view the network, valid until this method returns
   * @return false to stop here
   */
  default boolean onEpoch(EpochResult result, EpochView view) {
    return onEpoch(result);
  }

  /**
   * Called at the end of an epoch, as often as {@link TrainerBuilder#checkpointEvery} sets, and
   * after a listener or an interrupt of the thread has stopped the run.
   *
   * @param checkpoint the state of the run, valid until its next step; to keep it, take its {@link
   *     Checkpoint#copy}
   */
  default void onCheckpoint(Checkpoint checkpoint) {}

  /**
   * Called at the beginning of {@link Trainer#fit} if features are not scaled and are large or of
   * very different magnitudes. If a trainer has no listeners, or only those of {@link
   * TrainerBuilder#onEpoch}, the {@link System.Logger} {@code dev.lanewise.train} logs the warning.
   *
   * @param warning the problem and its remedy
   */
  default void onWarning(String warning) {}
}
