package dev.lanewise.train;

import java.util.function.Consumer;
import java.util.function.Predicate;

/** A listener whose parts are lambdas; a part that is not set continues the run. */
final class Listening implements TrainingListener {
  private Predicate<StepResult> steps = result -> true;
  private Predicate<EpochResult> epochs = result -> true;
  private Consumer<Checkpoint> checkpoints = checkpoint -> {};

  Listening steps(Predicate<StepResult> goOn) {
    steps = goOn;
    return this;
  }

  Listening epochs(Predicate<EpochResult> goOn) {
    epochs = goOn;
    return this;
  }

  Listening checkpoints(Consumer<Checkpoint> user) {
    checkpoints = user;
    return this;
  }

  @Override
  public boolean onStep(StepResult result) {
    return steps.test(result);
  }

  @Override
  public boolean onEpoch(EpochResult result) {
    return epochs.test(result);
  }

  @Override
  public void onCheckpoint(Checkpoint checkpoint) {
    checkpoints.accept(checkpoint);
  }
}
