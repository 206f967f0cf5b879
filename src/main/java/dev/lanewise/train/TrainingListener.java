package dev.lanewise.train;

import dev.lanewise.nn.Mlp;
import java.util.function.Supplier;

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
   * After each epoch and its validation, for who wants to look at the network as it is then. What
   * the trained model will have beside layers and parameters, such as names of classes, this one
   * need not have.
   *
   * @param result what the epoch gave
   * @param network gives the network, on parameters that the next step changes; what is to be kept
   *     is {@code network.get().withParameters(network.get().parameters())}
   * @return false to stop here
   */
  default boolean onEpoch(EpochResult result, Supplier<Mlp> network) {
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
