package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.kernel.CounterRandom;
import dev.lanewise.nn.Backpropagation;
import dev.lanewise.nn.Mlp;
import dev.lanewise.parallel.Team;
import dev.lanewise.train.TrainingRun.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Trains a network by mini-batch gradient descent.
 *
 * <p>The same data, options and seed give the same weights to the last bit, on every machine and
 * with any number of threads.
 */
public final class Trainer {
  private final int epochs;
  private final int batchSize;
  private final double learningRate;
  private final Optimizer optimizer;
  private final double labelSmoothing;
  private final boolean balancedClasses;
  private final double[] classWeights;
  private final long seed;
  private final boolean shuffle;
  private final int threads;
  private final TrainingListener[] listeners; // not a list: its iterator would be an object a step

  private Trainer(Builder builder) {
    epochs = builder.epochs;
    batchSize = builder.batchSize;
    learningRate = builder.learningRate;
    optimizer = builder.optimizer;
    labelSmoothing = builder.labelSmoothing;
    balancedClasses = builder.balancedClasses;
    classWeights = builder.classWeights;
    seed = builder.seed;
    shuffle = builder.shuffle;
    threads = builder.threads;
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
   * @throws IllegalArgumentException if the data does not fit the network
   */
  public TrainingRun fit(Mlp initial, Dataset data) {
    Evaluator.checkFits(initial, data.train());
    if (data.validation().isPresent()) {
      Evaluator.checkFits(initial, data.validation().get());
    }
    float[] parameters = initial.parameters();
    List<EpochResult> results = new ArrayList<>();
    Outcome outcome = run(initial, parameters, data, results);
    for (float parameter : parameters) {
      if (!Float.isFinite(parameter)) {
        outcome = Outcome.DIVERGED;
      }
    }
    Mlp model = initial.withParameters(parameters).withScaling(data.scaling());
    List<String> names = data.classNames();
    if (names.size() == initial.architecture().outputs()) {
      model = model.withClassNames(names);
    }
    if (data.inputShape().length > 0) {
      model = model.withInputShape(data.inputShape());
    }
    return new TrainingRun(model, new History(results), outcome);
  }

  private Outcome run(Mlp initial, float[] parameters, Dataset data, List<EpochResult> results) {
    Split train = weighted(data.train(), initial);
    int rows = train.rows();
    int batch = batchSize == -1 ? rows : Math.min(batchSize, rows);
    int steps = (rows + batch - 1) / batch;
    int[] order = shuffle ? new int[rows] : null;
    Backpropagation network =
        new Backpropagation(
            initial.architecture(),
            initial.loss(),
            Math.max(batch, Batches.EVALUATION_ROWS),
            threads);
    network.smoothLabels(labelSmoothing);
    if (train.hasWeights()) {
      network.weighRows();
    }
    try (Team team = new Team(threads)) {
      TrainingStep step =
          new TrainingStep(initial.architecture(), network, team, parameters, optimizer);
      Batches batches = new Batches(network, team);
      Tally stepTally = new Tally(network);
      Tally epochTally = new Tally(network);
      Tally validTally = new Tally(network);
      for (int epoch = 0; epoch < epochs; epoch++) {
        long start = System.nanoTime();
        if (shuffle) {
          CounterRandom.permutation(CounterRandom.key(seed, CounterRandom.SHUFFLE, epoch), order);
        }
        StepResult last = null;
        epochTally.reset();
        for (int s = 0; s < steps; s++) {
          int first = s * batch;
          int count = Math.min(batch, rows - first);
          step.run(train, order, first, count, learningRate);
          stepTally.reset();
          stepTally.add(count);
          epochTally.add(stepTally);
          last = new StepResult(epoch, s, steps, stepTally.loss(), stepTally.accuracy());
          boolean goOn = reportStep(last); // a loss that is not finite too: it says where
          if (!Double.isFinite(stepTally.lossSum())) {
            return Outcome.DIVERGED;
          }
          if (!goOn) {
            return Outcome.STOPPED;
          }
        }
        if (data.validation().isPresent()) {
          validTally.reset();
          batches.begin(parameters, data.validation().get());
          while (batches.next()) {
            validTally.add(batches.count());
          }
        }
        EpochResult result =
            new EpochResult(
                epoch,
                epochs,
                last.loss(),
                last.accuracy(),
                epochTally.loss(),
                epochTally.accuracy(),
                validTally.loss(),
                validTally.accuracy(),
                (System.nanoTime() - start) * 1e-9,
                rows);
        results.add(result);
        if (!reportEpoch(result)) {
          return Outcome.STOPPED;
        }
      }
    }
    return Outcome.COMPLETED;
  }

  /** Training rows whose weights are their own times those of their classes. */
  private Split weighted(Split train, Mlp initial) {
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

  private boolean reportStep(StepResult result) {
    boolean goOn = true;
    for (TrainingListener listener : listeners) {
      goOn &= listener.onStep(result);
    }
    return goOn;
  }

  private boolean reportEpoch(EpochResult result) {
    boolean goOn = true;
    for (TrainingListener listener : listeners) {
      goOn &= listener.onEpoch(result);
    }
    return goOn;
  }

  /** Named options of a {@link Trainer}. */
  public static final class Builder {
    private int epochs = 1000;
    private int batchSize = 100;
    private double learningRate = 0.01;
    private Optimizer optimizer = Optimizer.sgd();
    private double labelSmoothing;
    private boolean balancedClasses;
    private double[] classWeights = {};
    private long seed;
    private boolean shuffle = true;
    private int threads = 1;
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
     * same, as in Keras. What is measured on validation rows stays without weights.
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
     * The seed of the shuffles.
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
      this.shuffle = shuffle;
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
