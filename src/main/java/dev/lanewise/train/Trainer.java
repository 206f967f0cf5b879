package dev.lanewise.train;

import dev.lanewise.data.Agreement;
import dev.lanewise.data.Dataset;
import dev.lanewise.engine.ModelAccess;
import dev.lanewise.nn.Mlp;
import java.util.List;
import java.util.Objects;

/**
 * Trains a network by mini-batch gradient descent.
 *
 * <p>The same data, options and seed give the same weights to the last bit, on every machine and
 * with any number of threads.
 */
public final class Trainer {
  private final TrainingOptions options;

  Trainer(TrainingOptions options) {
    this.options = options;
  }

  /**
   * Options at the course's values: 1000 epochs, mini-batches of 100, learning rate 0.01, seed 0,
   * shuffled, plain gradient descent, on one thread.
   *
   * @return a builder
   */
  public static TrainerBuilder builder() {
    return new TrainerBuilder();
  }

  /**
   * Trains a network on a data set's training rows. An interrupt of the thread ends it after the
   * step under way, as a listener can: {@link TrainingRun.Outcome#STOPPED}; the thread stays
   * interrupted.
   *
   * <p>A network that stores a scaling, such as a trained one, keeps it: features that are unscaled
   * are scaled by it, as {@link dev.lanewise.nn.Predictor} does, and features under another scaling
   * are refused, as are targets. Any other network takes the scaling of the data. Classes by name
   * get the numbers that they have in a network with names.
   *
   * @param initial the network to start from
   * @param data what to learn; its validation rows are measured after each epoch
   * @return the trained network and the values of each epoch
   * @throws IllegalArgumentException if the data does not fit the network, or has no validation
   *     rows where an option needs them
   */
  public TrainingRun fit(Mlp initial, Dataset data) {
    Objects.requireNonNull(initial, "initial");
    Objects.requireNonNull(data, "data");
    checkValidation(data);
    Dataset agreed = Agreement.of(initial, data);
    UnscaledFeatures.warning(agreed).ifPresent(this::reportWarning);
    float[] parameters = initial.parameters();
    initial = ModelAccess.on(initial, parameters); // those it had are not kept while it trains
    TrainingState state = new TrainingState(initial, parameters, options);
    return new TrainingLoop(options, initial, agreed, state).run();
  }

  /**
   * Goes on where a run was cut off, and ends with the bits of one that never was. The run takes
   * the arrays of the checkpoint, of which large networks have room for one set only; the
   * checkpoint ends with its first step.
   *
   * @param checkpoint of a run with the same options and data, from a file or a {@link
   *     Checkpoint#copy}; but there may be more epochs now, and other threads and listeners
   * @param data what it learned; what is unscaled is scaled as {@link #fit} does
   * @return the trained network and the values of each epoch, those before the checkpoint too
   * @throws IllegalArgumentException if an option or the data is not that of the checkpoint
   * @throws IllegalStateException if the checkpoint is of a training in this program and no copy,
   *     or a run has taken it
   */
  public TrainingRun resume(Checkpoint checkpoint, Dataset data) {
    Objects.requireNonNull(checkpoint, "checkpoint");
    Objects.requireNonNull(data, "data");
    checkValidation(data);
    Dataset agreed = Agreement.ofResumed(checkpoint.network(), data);
    checkSettings(checkpoint.settings(), options.settings(agreed));
    TrainingState state = checkpoint.state();
    int begun = state.step == 0 ? state.epoch : state.epoch + 1;
    if (begun > options.epochs) {
      throw new IllegalArgumentException(
          "a checkpoint of %s epochs, expected at most %s as asked for"
              .formatted(begun, options.epochs));
    }
    if (options.inputRate > 0 == (state.trained == state.parameters)) {
      throw new IllegalArgumentException(
          "a checkpoint %s factors of its inputs, expected the other as asked for"
              .formatted(options.inputRate > 0 ? "without" : "with"));
    }
    int arrays = options.optimizer.rule.arrays();
    if (state.optimizer.length != arrays) {
      throw new IllegalArgumentException(
          "a checkpoint of " + state.optimizer.length + " optimizer arrays, expected " + arrays);
    }
    if (options.optimizer.rule.hasSquares()) {
      for (float square : state.optimizer[arrays - 1]) {
        if (square < 0) {
          throw new IllegalArgumentException(
              "a checkpoint with " + square + ", expected means of squares");
        }
      }
    }
    EarlyStopping stopping = new EarlyStopping(options, checkpoint.network().loss(), state);
    if (stopping.bestEpoch() >= 0 != (state.best != null)) {
      throw new IllegalArgumentException(
          "a checkpoint with best weights or a best epoch, expected both or none");
    }
    return new TrainingLoop(options, checkpoint.network(), agreed, state).run();
  }

  /** Refuses a checkpoint of other options or other data. */
  private static void checkSettings(List<String> found, List<String> expected) {
    if (found.size() != expected.size() || !found.get(0).equals(TrainingOptions.FORMAT)) {
      throw new IllegalArgumentException(
          "a checkpoint of another version of Lanewise, which alone can resume it, expected "
              + TrainingOptions.FORMAT
              + " (its weights can start another training)");
    }
    for (int i = 0; i < expected.size(); i++) {
      if (!found.get(i).equals(expected.get(i))) {
        throw new IllegalArgumentException(
            "a checkpoint of "
                + TrainingOptions.readable(found.get(i))
                + ", expected "
                + TrainingOptions.readable(expected.get(i)));
      }
    }
  }

  /**
   * Begins to train a network on rows that are handed over step by step.
   *
   * @param initial the network to start from
   * @return the training, to be closed
   * @throws IllegalArgumentException if this trainer has a schedule, a patience, a best epoch,
   *     short batches dropped, balanced sampling, balanced class weights or listeners, which are of
   *     epochs
   */
  public TrainingStream stream(Mlp initial) {
    Objects.requireNonNull(initial, "initial");
    if (options.balancedClasses) {
      throw new IllegalArgumentException(
          "a stream with balanced class weights: must have none, as it does not know its rows");
    }
    String ofEpochs =
        !options.schedule.equals(Schedule.constant())
            ? "schedule " + options.schedule
            : options.patience > 0
                ? "patience " + options.patience
                : options.best() != BestEpoch.NONE
                    ? "a best epoch"
                    : options.dropsShortBatch
                        ? "short batches dropped"
                        : options.sampling == Sampling.BALANCED
                            ? "balanced sampling"
                            : options.listeners.length > 0 ? "listeners" : "";
    if (!ofEpochs.isEmpty()) {
      throw new IllegalArgumentException(
          "a stream with " + ofEpochs + ": must have nothing of that kind, as it has no epochs");
    }
    return new TrainingStream(options, initial);
  }

  private void checkValidation(Dataset data) {
    boolean plateau = options.schedule.needsValidation();
    boolean best = options.best() != BestEpoch.NONE;
    if (data.validation().isEmpty() && (plateau || best)) {
      throw new IllegalArgumentException(
          (plateau ? "schedule plateau" : options.patience > 0 ? "patience" : "the best epoch")
              + ": no validation rows, expected some (such as data.withValidation(0.1, false))");
    }
  }

  /** Tells all listeners, or the log where nobody could have listened. */
  private void reportWarning(String warning) {
    for (TrainingListener listener : options.listeners) {
      listener.onWarning(warning);
    }
    if (!options.hearsWarnings) {
      System.getLogger("dev.lanewise.train").log(System.Logger.Level.WARNING, warning);
    }
  }
}
