package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.nn.Backpropagation;
import dev.lanewise.nn.Dropout;
import dev.lanewise.nn.Mlp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

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
  private final TrainingListener[] listeners; // not a list: its iterator would be an object a step

  private Trainer(Builder builder) {
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
    listeners = builder.listeners.toArray(new TrainingListener[0]);
  }

  /**
   * Options at the course's values: 1000 epochs, mini-batches of 100, learning rate 0.01, seed 0,
   * shuffled, plain gradient descent, on one thread.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Trains a network on a data set's training rows.
   *
   * @param initial the network to start from
   * @param data what to learn; its validation rows are measured after each epoch
   * @return the trained network and the values of each epoch
   * @throws IllegalArgumentException if the data does not fit the network, or has no validation
   *     rows where an option needs them
   */
  public TrainingRun fit(Mlp initial, Dataset data) {
    checkFits(initial, data);
    TrainingState state = new TrainingState(initial.parameters(), optimizer);
    return new TrainingLoop(this, initial, data, state).run();
  }

  /**
   * Goes on where a run was cut off, and ends with the bits of one that never was.
   *
   * @param checkpoint of a run with the same options and data; but there may be more epochs now,
   *     and other threads and listeners
   * @param data what it learned
   * @return the trained network and the values of each epoch, those before the checkpoint too
   * @throws IllegalArgumentException if an option or the data is not that of the checkpoint
   */
  public TrainingRun resume(Checkpoint checkpoint, Dataset data) {
    checkFits(checkpoint.model(), data);
    List<String> settings = settings(data);
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
    return new TrainingLoop(this, checkpoint.model(), data, state).run();
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

  private void checkFits(Mlp network, Dataset data) {
    if (data.validation().isEmpty() && (schedule.needsValidation() || patience > 0)) {
      throw new IllegalArgumentException(
          (patience > 0 ? "patience" : "schedule plateau") + ": no validation rows, expected some");
    }
    Evaluator.checkFits(network, data.train());
    if (data.validation().isPresent()) {
      Evaluator.checkFits(network, data.validation().get());
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

  void reportCheckpoint(Checkpoint checkpoint) {
    for (TrainingListener listener : listeners) {
      listener.onCheckpoint(checkpoint);
    }
  }

  /** Named options of a {@link Trainer}. */
  public static final class Builder {
    private int epochs = 1000;
    private int batchSize = 100;
    private double learningRate = 0.01;
    private Optimizer optimizer = Optimizer.sgd();
    private Schedule schedule = Schedule.constant();
    private WeightDecay weightDecay = WeightDecay.l2(0);
    private double clipNorm;
    private double dropout;
    private int patience;
    private double labelSmoothing;
    private boolean balancedClasses;
    private double[] classWeights = {};
    private long seed;
    private Sampling sampling = Sampling.SHUFFLED;
    private int threads = 1;
    private double checkpointSeconds;
    private final List<TrainingListener> listeners = new ArrayList<>();

    private Builder() {}

    /**
     * How often to pass over the training rows.
     *
     * @param epochs at least 0
     * @return this
     * @throws IllegalArgumentException if it is below 0
     */
    public Builder epochs(int epochs) {
      if (epochs < 0) {
        throw new IllegalArgumentException("epochs " + epochs + ": must be at least 0");
      }
      this.epochs = epochs;
      return this;
    }

    /**
     * Rows of a mini-batch; the last of an epoch may be shorter.
     *
     * @param batchSize at least 1, or -1 for all rows in one batch
     * @return this
     * @throws IllegalArgumentException if it is another number
     */
    public Builder batchSize(int batchSize) {
      if (batchSize < 1 && batchSize != -1) {
        throw new IllegalArgumentException(
            "batch size " + batchSize + ": must be at least 1, or -1 for all rows");
      }
      this.batchSize = batchSize;
      return this;
    }

    /**
     * The step size eta, whatever the optimizer.
     *
     * @param learningRate a finite number above 0
     * @return this
     * @throws IllegalArgumentException if it is not, as a float
     */
    public Builder learningRate(double learningRate) {
      float eta = (float) learningRate;
      if (!(eta > 0 && eta < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "learning rate " + learningRate + ": must be a finite number above 0");
      }
      this.learningRate = learningRate;
      return this;
    }

    /**
     * How a gradient changes the weights.
     *
     * @param optimizer such as {@link Optimizer#sgd}, the default
     * @return this
     */
    public Builder optimizer(Optimizer optimizer) {
      this.optimizer = Objects.requireNonNull(optimizer, "optimizer");
      return this;
    }

    /**
     * How the learning rate changes from epoch to epoch.
     *
     * @param schedule such as {@link Schedule#constant}, the default
     * @return this
     */
    public Builder schedule(Schedule schedule) {
      this.schedule = Objects.requireNonNull(schedule, "schedule");
      return this;
    }

    /**
     * How weights shrink at every step.
     *
     * @param decay such as {@link WeightDecay#l2}; the default is none
     * @return this
     */
    public Builder weightDecay(WeightDecay decay) {
      this.weightDecay = Objects.requireNonNull(decay, "weight decay");
      return this;
    }

    /**
     * The largest norm of all gradients of a step together; what is larger is scaled down to it,
     * before weights decay (Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent
     * neural networks", 2013; PyTorch's clip_grad_norm_).
     *
     * @param norm above 0; 0, the default, for no limit
     * @return this
     * @throws IllegalArgumentException if it is below 0 or not finite
     */
    public Builder clipNorm(double norm) {
      if (!(norm >= 0 && norm < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "clip norm " + norm + ": must be finite and not below 0");
      }
      this.clipNorm = norm;
      return this;
    }

    /**
     * Drops outputs of the hidden layers in training, as {@link Dropout} has it. Training losses
     * and accuracies are those of the network that is left.
     *
     * @param probability that an output is dropped; 0 is the default
     * @return this
     * @throws IllegalArgumentException if it is not from 0 to below 1
     */
    public Builder dropout(double probability) {
      Dropout.check(probability);
      this.dropout = probability;
      return this;
    }

    /**
     * Ends a run early, and gives it the weights of the epoch with the smallest validation loss.
     *
     * @param epochs how many may pass without a smaller loss; 0, the default, for all, and for the
     *     weights of the last step
     * @return this
     * @throws IllegalArgumentException if it is below 0
     */
    public Builder patience(int epochs) {
      if (epochs < 0) {
        throw new IllegalArgumentException("patience " + epochs + ": must be at least 0");
      }
      this.patience = epochs;
      return this;
    }

    /**
     * Takes classes as less than certain: the target becomes the class times 1 - smoothing, plus
     * smoothing over the number of classes everywhere. The losses of training are those; what is
     * measured on validation rows stays the plain cross entropy.
     *
     * @param smoothing from 0 to below 1, of use with softmax only
     * @return this
     * @throws IllegalArgumentException if it is another number
     */
    public Builder labelSmoothing(double smoothing) {
      if (!(smoothing >= 0 && (float) smoothing < 1)) {
        throw new IllegalArgumentException(
            "label smoothing " + smoothing + ": must be from 0 to below 1");
      }
      this.labelSmoothing = smoothing;
      return this;
    }

    /**
     * Multiplies the loss and the gradient of a row by the weight of its class, and by that of the
     * row if the training rows have some. The divisor of a mini-batch is its number of rows all the
     * same, as in Keras, and its accuracy counts rows alike. What is measured on validation rows
     * knows no weights of classes, only those that the rows may have: see {@link Evaluator}.
     *
     * @param weights one a class, or none
     * @return this
     * @throws IllegalArgumentException if one is not finite or below 0, as a float
     */
    public Builder classWeights(double... weights) {
      for (double weight : weights) {
        if (!(weight >= 0 && (float) weight < Float.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException(
              "class weight " + weight + ": must be a finite number, not below 0");
        }
      }
      classWeights = weights.clone();
      balancedClasses = false;
      return this;
    }

    /**
     * Class weights by which all classes that have training rows count alike: {@code rows /
     * (classes * rows of the class)}, whose mean over the rows is 1.
     *
     * @return this
     */
    public Builder balancedClassWeights() {
      balancedClasses = true;
      return this;
    }

    /**
     * The seed of the shuffles and of dropout.
     *
     * @param seed any number
     * @return this
     */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /**
     * Whether each epoch takes the rows in another order.
     *
     * @param shuffle false for file order in every epoch
     * @return this
     */
    public Builder shuffle(boolean shuffle) {
      return sampling(shuffle ? Sampling.SHUFFLED : Sampling.SEQUENTIAL);
    }

    /**
     * Which rows an epoch takes, and in which order.
     *
     * @param sampling {@link Sampling#SHUFFLED} is the default
     * @return this
     */
    public Builder sampling(Sampling sampling) {
      this.sampling = Objects.requireNonNull(sampling, "sampling");
      return this;
    }

    /**
     * How many threads share a step; the result does not depend on it.
     *
     * @param threads at least 1; the caller is one of them
     * @return this
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder threads(int threads) {
      if (threads < 1) {
        throw new IllegalArgumentException("threads " + threads + ": must be at least 1");
      }
      this.threads = threads;
      return this;
    }

    /**
     * How often listeners get a checkpoint. It is taken between two epochs, or where a listener
     * stops the run.
     *
     * @param seconds at least so many between two; 0, the default, for no checkpoints
     * @return this
     * @throws IllegalArgumentException if it is below 0 or not finite
     */
    public Builder checkpointEvery(double seconds) {
      if (!(seconds >= 0 && seconds < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "checkpoint every " + seconds + " seconds: must be finite and not below 0");
      }
      this.checkpointSeconds = seconds;
      return this;
    }

    /**
     * Adds a listener.
     *
     * @param listener is told of each step and epoch, and may stop the run
     * @return this
     */
    public Builder listener(TrainingListener listener) {
      listeners.add(listener);
      return this;
    }

    /**
     * The trainer with these options.
     *
     * @return a trainer, which can be used any number of times
     */
    public Trainer build() {
      return new Trainer(this);
    }
  }
}
