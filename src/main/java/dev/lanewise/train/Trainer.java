package dev.lanewise.train;

import dev.lanewise.data.Agreement;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.nn.Backpropagation;
import dev.lanewise.nn.Dropout;
import dev.lanewise.nn.Mlp;
import java.util.Arrays;
import java.util.List;

/**
 * Trains a network by mini-batch gradient descent.
 *
 * <p>The same data, options and seed give the same weights to the last bit, on every machine and
 * with any number of threads.
 */
public final class Trainer {
  final int epochs;
  final int batchSize;
  final double learningRate;
  final Optimizer optimizer;
  final Schedule schedule;
  final WeightDecay weightDecay;
  final double clipNorm;
  final double dropout;
  final int patience;
  final double labelSmoothing;
  final boolean balancedClasses;
  final double[] classWeights;
  final long seed;
  final Sampling sampling;
  final int threads;
  final double checkpointSeconds;
  private final boolean hearsWarnings;
  private final TrainingListener[] listeners; // not a list: its iterator would be an object a step

  Trainer(TrainerBuilder builder) {
    epochs = builder.epochs;
    batchSize = builder.batchSize;
    learningRate = builder.learningRate;
    optimizer = builder.optimizer;
    schedule = builder.schedule;
    weightDecay = builder.weightDecay;
    clipNorm = builder.clipNorm;
    dropout = builder.dropout;
    patience = builder.patience;
    labelSmoothing = builder.labelSmoothing;
    balancedClasses = builder.balancedClasses;
    classWeights = builder.classWeights;
    seed = builder.seed;
    sampling = builder.sampling;
    threads = builder.threads;
    checkpointSeconds = builder.checkpointSeconds;
    hearsWarnings = builder.hearsWarnings;
    listeners = builder.listeners.toArray(new TrainingListener[0]);
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
    checkValidation(data);
    Dataset agreed = Agreement.of(initial, data);
    UnscaledFeatures.warning(agreed).ifPresent(this::reportWarning);
    float[] parameters = initial.parameters();
    initial = initial.onParameters(parameters); // those it had are not kept while it trains
    TrainingState state = new TrainingState(parameters, optimizer);
    return new TrainingLoop(this, initial, agreed, state).run();
  }

  /**
   * Goes on where a run was cut off, and ends with the bits of one that never was.
   *
   * @param checkpoint of a run with the same options and data; but there may be more epochs now,
   *     and other threads and listeners. It is copied, unless it is {@link Checkpoint#forOneRun}
   * @param data what it learned; what is unscaled is scaled as {@link #fit} does
   * @return the trained network and the values of each epoch, those before the checkpoint too
   * @throws IllegalArgumentException if an option or the data is not that of the checkpoint
   */
  public TrainingRun resume(Checkpoint checkpoint, Dataset data) {
    checkValidation(data);
    Dataset agreed = Agreement.ofResumed(checkpoint.network(), data);
    List<String> settings = settings(agreed);
    for (int i = 0; i < settings.size(); i++) {
      String here = settings.get(i);
      String there =
          i < checkpoint.settings().size() ? checkpoint.settings().get(i) : "of another version";
      if (!here.equals(there)) {
        throw new IllegalArgumentException("a checkpoint of " + there + ", expected " + here);
      }
    }
    TrainingState state = checkpoint.state();
    int begun = state.step == 0 ? state.epoch : state.epoch + 1;
    if (begun > epochs) {
      throw new IllegalArgumentException(
          "a checkpoint of " + begun + " epochs, expected at most " + epochs + " as asked for");
    }
    int arrays = ((UpdateRule) optimizer).arrays();
    if (state.optimizer.length != arrays) {
      throw new IllegalArgumentException(
          "a checkpoint of " + state.optimizer.length + " optimizer arrays, expected " + arrays);
    }
    if (patience > 0 && checkpoint.history().bestEpoch() >= 0 && state.best == null) {
      throw new IllegalArgumentException(
          "a checkpoint without best weights, expected some as there is patience");
    }
    Mlp network = checkpoint.network();
    state = checkpoint.take();
    return new TrainingLoop(this, network.onParameters(state.parameters), agreed, state).run();
  }

  /**
   * Begins to train a network on rows that are handed over step by step.
   *
   * @param initial the network to start from
   * @return the training, to be closed
   * @throws IllegalArgumentException if this trainer has a schedule, a patience or balanced class
   *     weights, which are of epochs
   */
  public TrainingStream stream(Mlp initial) {
    if (balancedClasses) {
      throw new IllegalArgumentException(
          "a stream with balanced class weights: must have none, as it does not know its rows");
    }
    if (!schedule.isConstant() || patience > 0) {
      throw new IllegalArgumentException(
          "a stream with "
              + (patience > 0 ? "patience " + patience : "schedule " + schedule)
              + ": must have neither, as it has no epochs");
    }
    return new TrainingStream(this, initial);
  }

  private void checkValidation(Dataset data) {
    if (data.validation().isEmpty() && (schedule.needsValidation() || patience > 0)) {
      throw new IllegalArgumentException(
          (patience > 0 ? "patience" : "schedule plateau")
              + ": no validation rows, expected some (such as data.withValidation(0.1, false))");
    }
  }

  /** What the bits of a run depend on, apart from its start and its end: name=value. */
  List<String> settings(Dataset data) {
    return List.of(
        "data=" + Fingerprint.of(data),
        "batch size=" + batchSize,
        "learning rate=" + learningRate,
        "optimizer=" + optimizer,
        "schedule=" + schedule,
        "weight decay=" + weightDecay,
        "clip norm=" + clipNorm,
        "dropout=" + dropout,
        "patience=" + patience,
        "label smoothing=" + labelSmoothing,
        "class weights=" + (balancedClasses ? "balanced" : Arrays.toString(classWeights)),
        "seed=" + seed,
        "sampling=" + sampling);
  }

  /** Buffers for training with these options. */
  Backpropagation buffers(Mlp network, int rows, boolean weighted, Dropout masks) {
    Backpropagation buffers =
        new Backpropagation(network.architecture(), network.loss(), rows, threads);
    buffers.smoothLabels(labelSmoothing);
    if (weighted) {
      buffers.weighRows();
    }
    if (masks != null) {
      buffers.setDropout(masks);
    }
    return buffers;
  }

  /** Training rows whose weights are their own times those of their classes. */
  Split weighted(Split train, Mlp initial) {
    int classes = initial.architecture().outputs();
    if (!balancedClasses && classWeights.length == 0) {
      return train;
    }
    if (!initial.loss().takesClasses() || !balancedClasses && classWeights.length != classes) {
      throw new IllegalArgumentException(
          (balancedClasses ? "balanced" : classWeights.length)
              + " class weights: network "
              + initial.architecture()
              + " with loss "
              + initial.loss().label()
              + " takes "
              + (initial.loss().takesClasses() ? "one a class" : "none"));
    }
    double[] ofClass = balancedClasses ? balanced(train, classes) : classWeights;
    float[] weights = new float[train.rows()];
    for (int row = 0; row < weights.length; row++) {
      weights[row] = (float) ofClass[train.label(row)] * train.weight(row);
    }
    return train.withRowWeights(weights);
  }

  /** rows / (classes that are there * rows of the class), as scikit-learn has it. */
  private static double[] balanced(Split train, int classes) {
    int[] counts = new int[classes];
    int present = 0;
    for (int row = 0; row < train.rows(); row++) {
      present += counts[train.label(row)]++ == 0 ? 1 : 0;
    }
    double[] weights = new double[classes];
    for (int c = 0; c < classes; c++) {
      weights[c] = train.rows() / ((double) present * Math.max(1, counts[c]));
    }
    return weights;
  }

  boolean reportStep(StepResult result) {
    boolean goOn = true;
    for (TrainingListener listener : listeners) {
      goOn &= listener.onStep(result);
    }
    return goOn;
  }

  boolean reportEpoch(EpochResult result) {
    boolean goOn = true;
    for (TrainingListener listener : listeners) {
      goOn &= listener.onEpoch(result);
    }
    return goOn;
  }

  /** Tells all listeners, or the log where nobody could have listened. */
  private void reportWarning(String warning) {
    for (TrainingListener listener : listeners) {
      listener.onWarning(warning);
    }
    if (!hearsWarnings) {
      System.getLogger("dev.lanewise.train").log(System.Logger.Level.WARNING, warning);
    }
  }

  void reportCheckpoint(Checkpoint checkpoint) {
    for (TrainingListener listener : listeners) {
      listener.onCheckpoint(checkpoint);
    }
  }
}
