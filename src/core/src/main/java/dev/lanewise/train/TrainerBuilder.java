package dev.lanewise.train;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.parallel.Team;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Named options of a {@link Trainer}, from {@link Trainer#builder}. Each method refuses a value out
 * of its range, and every number that is not finite as a float, with an {@link
 * IllegalArgumentException}.
 */
public final class TrainerBuilder {
  private final TrainingOptions options = new TrainingOptions();

  TrainerBuilder() {}

  /**
   * Sets the number of passes over the training rows; 1000 by default.
   *
   * @param epochs at least 0
   * @return this
   */
  public TrainerBuilder epochs(int epochs) {
    options.epochs = Ranges.atLeast(0, "epochs", epochs);
    return this;
  }

  /**
   * Sets the rows of a mini-batch; the last one of an epoch may be shorter.
   *
   * @param batchSize at least 1, or -1 for all rows in one batch
   * @return this
   */
  public TrainerBuilder batchSize(int batchSize) {
    Ranges.require(
        batchSize >= 1 || batchSize == -1,
        "batch size",
        batchSize,
        "a whole number from 1, or -1 for all rows at once");
    options.batchSize = batchSize;
    return this;
  }

  /**
   * Sets the step size eta, whatever the optimizer.
   *
   * @param learningRate above 0
   * @return this
   */
  public TrainerBuilder learningRate(double learningRate) {
    options.learningRate = Ranges.positive("learning rate", learningRate);
    return this;
  }

  /**
   * Sets the rule that turns a gradient into a change of the weights.
   *
   * @param optimizer such as {@link Optimizer#sgd}, the default
   * @return this
   */
  public TrainerBuilder optimizer(Optimizer optimizer) {
    options.optimizer = Objects.requireNonNull(optimizer, "optimizer");
    return this;
  }

  /**
   * Sets the change of the learning rate from epoch to epoch.
   *
   * @param schedule such as {@link Schedule#constant}, the default
   * @return this
   */
  public TrainerBuilder schedule(Schedule schedule) {
    options.schedule = Objects.requireNonNull(schedule, "schedule");
    return this;
  }

  /**
   * Sets the decay of weights in every step. With {@link Optimizer#adam}, {@link
   * WeightDecay#decoupled} makes AdamW.
   *
   * @param decay such as {@link WeightDecay#l2}; the default is none
   * @return this
   */
  public TrainerBuilder weightDecay(WeightDecay decay) {
    options.weightDecay = Objects.requireNonNull(decay, "weight decay");
    return this;
  }

  /**
   * Limits the norm of all gradients of a step together: larger gradients are scaled down to it,
   * before weights decay (Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent
   * neural networks", 2013; PyTorch's clip_grad_norm_).
   *
   * @param norm above 0; 0, the default, for no limit
   * @return this
   */
  public TrainerBuilder clipNorm(double norm) {
    options.clipNorm = Ranges.notNegative("clip norm", norm);
    return this;
  }

  /**
   * Drops outputs of the hidden layers in training, each by chance. Training losses and accuracies
   * are those of the network without these outputs.
   *
   * @param probability the probability of dropping an output, from 0, the default, to below 1
   * @return this
   */
  public TrainerBuilder dropout(double probability) {
    options.dropout = Ranges.belowOne("dropout", probability);
    return this;
  }

  /**
   * Lowers the probability of dropout, which is constant by default, in the second half of a
   * training. A step that begins when a share t of the steps of all these epochs is done drops with
   * {@code p * h(t)}: h is 1 before t = 1/2, then {@code (1 + cos(pi (2 t - 1))) / 2}, and 0 from t
   * = 1 on. So a longer run that goes on from a checkpoint needs the number of epochs that it began
   * with.
   *
   * @param epochs the number of epochs of the training, at least 1
   * @return this
   */
  public TrainerBuilder flatCosineDropout(int epochs) {
    options.dropoutEpochs = Ranges.atLeast(1, "epochs of flat-cosine dropout", epochs);
    return this;
  }

  /**
   * Ends a run after some epochs without improvement, and gives the network the weights of the
   * epoch with the smallest validation loss, or of the {@linkplain #best best} by another measure.
   *
   * @param epochs without improvement, at least 0; 0, the default, runs all epochs
   * @return this
   */
  public TrainerBuilder patience(int epochs) {
    options.patience = Ranges.atLeast(0, "patience", epochs);
    return this;
  }

  /**
   * Gives the network the weights of the best epoch; there must be validation rows. {@link
   * BestEpoch#by} takes any function of a network, such as a metric of lanewise-models.
   *
   * @param best the measure, which a {@linkplain #patience patience} follows too. The default is
   *     {@link BestEpoch#LOSS} with a patience and {@link BestEpoch#NONE} without
   * @return this
   */
  public TrainerBuilder best(BestEpoch best) {
    options.best = Objects.requireNonNull(best, "best epoch");
    return this;
  }

  /**
   * Sets another learning rate for biases.
   *
   * @param factor a factor of the learning rate, at least 0; 1 is the default
   * @return this
   */
  public TrainerBuilder biasRate(double factor) {
    options.biasRate = Ranges.notNegative("bias rate", factor);
    return this;
  }

  /**
   * Divides the learning rate of each layer's weights by the root of the number of the layer's
   * inputs. With Adam, and initial weights of that deviation, layers of all sizes then change alike
   * (the "neural tangent parametrization": Jacot, Gabriel and Hongler, "Neural Tangent Kernel",
   * 2018).
   *
   * @param byInputs false is the default
   * @return this
   */
  public TrainerBuilder ratesByInputs(boolean byInputs) {
    options.ratesByInputs = byInputs;
    return this;
  }

  /**
   * Trains a factor for each input, which multiplies the first weights. The trained network has the
   * products, and further training starts with factors of 1. Weights decay before they are
   * multiplied; factors do not decay.
   *
   * @param rate factor of the learning rate for the input factors, at least 0; 0, the default,
   *     trains no factors
   * @return this
   */
  public TrainerBuilder inputRate(double rate) {
    options.inputRate = Ranges.notNegative("input rate", rate);
    return this;
  }

  /**
   * Leaves out the last mini-batch of an epoch if it is shorter than the others. Each epoch leaves
   * out other rows.
   *
   * @param drop false is the default
   * @return this
   */
  public TrainerBuilder dropShortBatch(boolean drop) {
    options.dropsShortBatch = drop;
    return this;
  }

  /**
   * Sets label smoothing (Szegedy and others, "Rethinking the Inception Architecture", 2016): the
   * target is the class times 1 - smoothing, plus smoothing divided by the number of classes for
   * every class. Training losses include it; validation losses are the plain cross entropy.
   *
   * @param smoothing from 0 to below 1, for softmax only
   * @return this
   */
  public TrainerBuilder labelSmoothing(double smoothing) {
    options.labelSmoothing = Ranges.belowOne("label smoothing", smoothing);
    return this;
  }

  /**
   * Multiplies the loss and the gradient of a row by the weight of its class, and by the weight of
   * the row if the training rows have weights. As in Keras, the sum over a mini-batch is still
   * divided by its number of rows, and its accuracy counts all rows alike. If the validation rows
   * choose {@linkplain #best the best epoch}, they count by the weights of their classes in the
   * losses and scores of all epochs; else they do not. A {@link Score} and evaluations always
   * ignore weights of classes.
   *
   * <p>The trained network keeps the weights, and its predictors undo them in the probabilities,
   * with the label smoothing; the predicted classes stay those of the weights, see {@link
   * dev.lanewise.nn.ClassWeighting}. If a class has weight 0, nothing is undone.
   *
   * @param weights one per class, at least 0 and not all 0; or none
   * @return this
   */
  public TrainerBuilder classWeights(double... weights) {
    Objects.requireNonNull(weights, "weights");
    double sum = 0;
    for (double weight : weights) {
      sum += Ranges.notNegative("class weight", weight);
    }
    Ranges.require(
        sum > 0 || weights.length == 0,
        "class weights",
        Arrays.toString(weights),
        "above 0 in at least one class, or nothing is learned");
    options.classWeights = weights.clone();
    options.balancedClasses = false;
    return this;
  }

  /**
   * Sets class weights that give all classes with training rows the same total weight: {@code rows
   * / (classes * rows of the class)}. Their mean over the rows is 1. They choose the best epoch as
   * {@link #classWeights} do: with them, the validation score is close to the balanced accuracy,
   * the mean recall of the classes.
   *
   * @return this
   */
  public TrainerBuilder balancedClassWeights() {
    options.balancedClasses = true;
    return this;
  }

  /**
   * Sets the seed of the shuffles and of dropout.
   *
   * @param seed any number
   * @return this
   */
  public TrainerBuilder seed(long seed) {
    options.seed = seed;
    return this;
  }

  /**
   * Sets the choice and the order of the rows of an epoch. With {@link Sampling#BALANCED}, the best
   * epoch is chosen with {@linkplain #balancedClassWeights balanced weights of classes}, too.
   *
   * @param sampling {@link Sampling#SHUFFLED} is the default
   * @return this
   */
  public TrainerBuilder sampling(Sampling sampling) {
    options.sampling = Objects.requireNonNull(sampling, "sampling");
    return this;
  }

  /**
   * Divides a training into parts, which several machines can compute: row i of the training rows
   * belongs to shard i mod S. Each epoch shuffles the rows of each shard, each mini-batch has
   * nearly equally many rows of every shard, and a step adds the gradients of the shards in pairs.
   * So the result depends on the number of shards, but not on who computes them. One machine
   * computes all shards.
   *
   * @param shards a power of two, at most one for every 64 rows of a mini-batch; 1 is the default
   * @return this
   */
  public TrainerBuilder shards(int shards) {
    Ranges.require(Integer.bitCount(shards) == 1 && shards > 0, "shards", shards, "a power of two");
    options.shards = shards;
    return this;
  }

  /**
   * Limits the threads that share a step, by default one; the result does not depend on their
   * number. More threads than cores are not used, and small networks are faster on one thread, so a
   * run times some steps on fewer and more threads now and then, and keeps the fastest number. With
   * the system property {@code lanewise.threads=fixed} every step has exactly this number.
   *
   * @param threads from 1 to 1024; the caller is one of them
   * @return this
   */
  public TrainerBuilder threads(int threads) {
    options.threads = Team.checked(threads);
    return this;
  }

  /**
   * Sets the interval of checkpoints for listeners. A checkpoint is taken between two epochs, or
   * where a listener or an interrupt of the thread stops the run.
   *
   * @param seconds the shortest time between two checkpoints; 0, the default, for no checkpoints
   * @return this
   */
  public TrainerBuilder checkpointEvery(double seconds) {
    options.checkpointSeconds = Ranges.notNegative("checkpoint every", seconds);
    return this;
  }

  /**
   * Adds a listener.
   *
   * @param listener receives each step and epoch, and may stop the run; a lambda receives epochs
   * @return this
   */
  public TrainerBuilder listener(TrainingListener listener) {
    options.hearsWarnings = true;
    return add(listener);
  }

  /**
   * Adds a listener of epochs that never stops the run.
   *
   * @param listener such as {@code result -> System.out.println(result.validLoss())}
   * @return this
   */
  public TrainerBuilder onEpoch(Consumer<EpochResult> listener) {
    Objects.requireNonNull(listener, "listener");
    return add(
        result -> {
          listener.accept(result);
          return true;
        });
  }

  private TrainerBuilder add(TrainingListener listener) {
    options.add(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * {@return a trainer with these options, which can be used any number of times}
   *
   * @throws IllegalArgumentException if dropout has a schedule but a probability of 0, or shards
   *     have balanced sampling or too small mini-batches
   */
  public Trainer build() {
    if (options.shards > 1 && options.sampling == Sampling.BALANCED) {
      throw new ArgumentException(
          "%s shards with balanced sampling, expected 1 shard or another sampling", options.shards);
    }
    if (options.batchSize > 0) { // else the rows decide
      Shards.check(options.shards, options.batchSize);
    }
    if (options.dropoutEpochs > 0 && options.dropout == 0) {
      throw new ArgumentException(
          "flat-cosine dropout of probability 0, expected a probability above 0");
    }
    return new Trainer(options.copy());
  }
}
