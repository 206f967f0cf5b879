package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.internal.RowPreparation;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.train.internal.WarningListener;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Trains a network by mini-batch gradient descent. The same data, options and seed give the same
 * weights to the last bit, on every machine and with any number of threads.
 */
public final class Trainer {
  /** A learning rate that changes no weight visibly, so that a measured training cannot diverge. */
  private static final double UNCHANGED = 1e-12;

  private final TrainingOptions options;

  Trainer(TrainingOptions options) {
    this.options = options;
  }

  /**
   * Returns a builder with the values of a university course: 1000 epochs, mini-batches of 100,
   * learning rate 0.01, seed 0, shuffled rows, plain gradient descent, one thread.
   *
   * @return a builder
   */
  public static TrainerBuilder builder() {
    return new TrainerBuilder();
  }

  /**
   * {@return the same trainer with another number of threads and further listeners}
   *
   * @param threads as for {@link TrainerBuilder#threads}
   * @param more are told after its own
   */
  public Trainer with(int threads, TrainingListener... more) {
    Objects.requireNonNull(more, "more");
    TrainingOptions changed = options.copy();
    changed.threads = threads;
    List.of(more).forEach(changed::add);
    return new Trainer(changed);
  }

  /**
   * Trains a network on the training rows of a data set. A run whose weights or losses are no
   * longer finite ends with {@link TrainingRun.Outcome#DIVERGED} and a model that is not usable; it
   * throws nothing, so look at {@link TrainingRun#outcome}. An interrupt of the thread ends the run
   * after the current step with {@link TrainingRun.Outcome#STOPPED}, as a listener can, and the
   * thread stays interrupted.
   *
   * <p>A network with a scaling, such as a trained one, keeps it: unscaled features are scaled by
   * it, as {@link dev.lanewise.nn.Predictor} does, and features or targets with another scaling are
   * refused. A network without a scaling takes that of the data. If the network has names of
   * classes, labels are matched by name.
   *
   * @param initial the network to start from
   * @param data the rows to learn; the validation rows are measured after each epoch
   * @return the trained network and the results of each epoch
   * @throws IllegalArgumentException if the data does not fit the network, or has no validation
   *     rows where an option needs them
   */
  public TrainingRun fit(Mlp initial, Dataset data) {
    Objects.requireNonNull(initial, "initial");
    Objects.requireNonNull(data, "data");
    checkValidation(data);
    Dataset agreed = RowPreparation.agreed(initial, data);
    UnscaledFeatures.warning(agreed).ifPresent(this::reportWarning);
    ClassWeights.warning(options, agreed, initial).ifPresent(this::reportWarning);
    float[] parameters = initial.parameters();
    initial = MlpState.of(initial).on(parameters); // so that no second copy is kept in memory
    TrainingState state = options.begin(initial, parameters);
    return new TrainingLoop(options, initial, agreed, state).run();
  }

  /**
   * Measures how long an epoch of {@link #fit} takes on this machine, with its validation: takes
   * steps on a copy of the network for three seconds, or two steps if they take longer.
   *
   * @param initial the network to start from, which does not change
   * @param data the rows to learn
   * @return seconds; NaN if the loss is not finite from the start
   * @throws IllegalArgumentException as {@link #fit}
   */
  public double secondsPerEpoch(Mlp initial, Dataset data) {
    Objects.requireNonNull(data, "data");
    checkValidation(data);
    TrainingOptions measured = options.copy();
    EpochTime time = new EpochTime(data, System::nanoTime);
    measured.epochs = Integer.MAX_VALUE;
    measured.patience = 0;
    measured.best = BestEpoch.NONE;
    measured.learningRate = UNCHANGED;
    measured.listeners = new TrainingListener[] {time};
    measured.hearsWarnings = true; // fit will report them
    new Trainer(measured).fit(initial, data);
    return time.seconds();
  }

  /**
   * Continues a run from a checkpoint, and ends with the bits of a run without interruption. The
   * run takes over the arrays of the checkpoint, so that memory needs to hold one set only, and the
   * checkpoint is no longer valid after the first step.
   *
   * @param checkpoint a checkpoint of a run with the same options and data, from a file or a {@link
   *     Checkpoint#copy}; only the number of epochs, the threads and the listeners may differ
   * @param data the rows to learn, as for {@link #fit}
   * @return the trained network and the results of all epochs, also those before the checkpoint
   * @throws IllegalArgumentException if an option or the data differs from that of the checkpoint
   * @throws IllegalStateException if the checkpoint belongs to a training in this program and is no
   *     copy, or another run has taken it over
   */
  public TrainingRun resume(Checkpoint checkpoint, Dataset data) {
    Objects.requireNonNull(checkpoint, "checkpoint");
    Objects.requireNonNull(data, "data");
    checkValidation(data);
    Dataset agreed = RowPreparation.resumed(checkpoint.network(), data);
    checkSettings(checkpoint.settings(), options.settings(agreed));
    checkState(checkpoint);
    return new TrainingLoop(options, checkpoint.network(), agreed, checkpoint.state()).run();
  }

  /** Refuses a checkpoint whose arrays or position do not fit these options. */
  private void checkState(Checkpoint checkpoint) {
    TrainingState state = checkpoint.state();
    int begun = state.step == 0 ? state.epoch : state.epoch + 1;
    if (begun > options.epochs) {
      throw new ArgumentException(
          "a checkpoint of %s epochs, expected at most the requested %s", begun, options.epochs);
    }
    if (options.inputRate > 0 == (state.trained == state.parameters)) {
      throw new ArgumentException(
          "a checkpoint %s factors of its inputs, expected the other as asked for",
          options.inputRate > 0 ? "without" : "with");
    }
    int arrays = options.optimizer.rule.arrays();
    if (state.optimizer.length != arrays) {
      throw new ArgumentException(
          "a checkpoint of %s optimizer arrays, expected %s", state.optimizer.length, arrays);
    }
    if (options.optimizer.rule.hasSquares()) {
      for (float square : state.optimizer[arrays - 1]) {
        if (square < 0) {
          throw new ArgumentException("a checkpoint with %s, expected means of squares", square);
        }
      }
    }
    EarlyStopping stopping = new EarlyStopping(options, checkpoint.network().loss(), state);
    if (stopping.bestEpoch() >= 0 != (state.best != null)) {
      throw new ArgumentException(
          "a checkpoint with best weights alone or a best epoch alone, expected both or neither");
    }
  }

  /** Refuses a checkpoint of other options or other data. */
  private static void checkSettings(List<String> found, List<String> expected) {
    if (found.size() != expected.size() || !found.get(0).equals(TrainingOptions.FORMAT)) {
      throw new ArgumentException(
          "a checkpoint of another version of Lanewise, which alone can resume it, expected version"
              + " %s (its weights can start another training)",
          TrainingOptions.FORMAT);
    }
    for (int i = 0; i < expected.size(); i++) {
      if (!found.get(i).equals(expected.get(i))) {
        throw new ArgumentException(
            "a checkpoint of %s, expected %s",
            Settings.readable(found.get(i)), Settings.readable(expected.get(i)));
      }
    }
  }

  /**
   * Begins to train a network on rows that are passed step by step.
   *
   * @param initial the network to start from
   * @return the training, which must be closed
   * @throws IllegalArgumentException if this trainer has options of epochs or of all rows: a
   *     schedule (of dropout, too), a patience, a best epoch, short batches dropped, balanced
   *     sampling, balanced class weights, shards or listeners
   */
  public TrainingStream stream(Mlp initial) {
    Objects.requireNonNull(initial, "initial");
    if (options.balancedClasses) {
      throw new ArgumentException(
          "a stream with balanced class weights, expected none, as it does not know its rows");
    }
    Map<String, Boolean> ofEpochs = new LinkedHashMap<>();
    ofEpochs.put("schedule " + options.schedule, !options.schedule.equals(Schedule.constant()));
    ofEpochs.put("flat-cosine dropout", options.dropoutEpochs > 0);
    ofEpochs.put("patience " + options.patience, options.patience > 0);
    ofEpochs.put("a best epoch", options.best() != BestEpoch.NONE);
    ofEpochs.put("short batches dropped", options.dropsShortBatch);
    ofEpochs.put("balanced sampling", options.sampling == Sampling.BALANCED);
    ofEpochs.put("shards", options.shards > 1);
    ofEpochs.put("listeners", options.listeners.length > 0);
    ofEpochs.values().removeIf(isSet -> !isSet);
    if (!ofEpochs.isEmpty()) {
      throw new ArgumentException(
          "a stream with %s, expected nothing of that kind, as it has no epochs",
          ofEpochs.keySet());
    }
    return new TrainingStream(options, initial);
  }

  private void checkValidation(Dataset data) {
    boolean plateau = options.schedule.needsValidation();
    boolean best = options.best() != BestEpoch.NONE;
    if (data.validation().isEmpty() && (plateau || best)) {
      throw new ArgumentException(
          "%s without validation rows, expected validation rows (such as %s)",
          plateau ? "schedule plateau" : options.patience > 0 ? "patience" : "the best epoch",
          Remedy.VALIDATION.with());
    } else if (!options.best().suits(data.loss())) {
      throw new ArgumentException(
          "the best epoch by %s, expected a measure that loss %s has",
          options.best().name, data.loss().label());
    }
  }

  /** Passes a warning to all listeners, or to the log if no listener can receive warnings. */
  private void reportWarning(Message warning) {
    for (TrainingListener listener : options.listeners) {
      if (listener instanceof WarningListener known) {
        known.onWarning(warning);
      } else {
        listener.onWarning(warning.toString());
      }
    }
    if (!options.hearsWarnings) {
      System.getLogger("dev.lanewise.train").log(System.Logger.Level.WARNING, warning.toString());
    }
  }

  /**
   * {@return the main options, such as {@code Trainer[1000 epochs, batches of 100, learning rate
   * 0.01, sgd]}}
   */
  @Override
  public String toString() {
    return "Trainer[%s epochs, batches of %s, learning rate %s, %s]"
        .formatted(options.epochs, options.batchSize, options.learningRate, options.optimizer);
  }
}
