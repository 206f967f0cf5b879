package dev.lanewise.train;

import dev.lanewise.engine.Dropout;
import dev.lanewise.parallel.Team;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;

/** Named options of a {@link Trainer}, from {@link Trainer#builder}. */
public final class TrainerBuilder {
  private final TrainingOptions options = new TrainingOptions();

  TrainerBuilder() {}

  /**
   * How often to pass over the training rows.
   *
   * @param epochs at least 0
   * @return this
   * @throws IllegalArgumentException if it is below 0
   */
  public TrainerBuilder epochs(int epochs) {
    options.epochs = Ranges.atLeast(0, "epochs", epochs);
    return this;
  }

  /**
   * Rows of a mini-batch; the last of an epoch may be shorter.
   *
   * @param batchSize at least 1, or -1 for all rows in one batch
   * @return this
   * @throws IllegalArgumentException if it is another number
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
   * The step size eta, whatever the optimizer.
   *
   * @param learningRate a finite number above 0
   * @return this
   * @throws IllegalArgumentException if it is not, as a float
   */
  public TrainerBuilder learningRate(double learningRate) {
    options.learningRate = Ranges.positive("learning rate", learningRate);
    return this;
  }

  /**
   * How a gradient changes the weights.
   *
   * @param optimizer such as {@link Optimizer#sgd}, the default
   * @return this
   */
  public TrainerBuilder optimizer(Optimizer optimizer) {
    options.optimizer = Objects.requireNonNull(optimizer, "optimizer");
    return this;
  }

  /**
   * AdamW: Adam whose weights, but not biases, first shrink, {@code w -= eta * weightDecay * w}
   * (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019). Short for {@link
   * Optimizer#adam} with {@link WeightDecay#decoupled}, and replaces both.
   *
   * @param beta1 as for {@link Optimizer#adam}
   * @param beta2 as for {@link Optimizer#adam}
   * @param epsilon as for {@link Optimizer#adam}
   * @param weightDecay how fast weights shrink, usually 0.01
   * @return this
   * @throws IllegalArgumentException as these two do
   */
  public TrainerBuilder adamW(double beta1, double beta2, double epsilon, double weightDecay) {
    return optimizer(Optimizer.adam(beta1, beta2, epsilon))
        .weightDecay(WeightDecay.decoupled(weightDecay));
  }

  /**
   * How the learning rate changes from epoch to epoch.
   *
   * @param schedule such as {@link Schedule#constant}, the default
   * @return this
   */
  public TrainerBuilder schedule(Schedule schedule) {
    options.schedule = Objects.requireNonNull(schedule, "schedule");
    return this;
  }

  /**
   * How weights shrink at every step.
   *
   * @param decay such as {@link WeightDecay#l2}; the default is none
   * @return this
   */
  public TrainerBuilder weightDecay(WeightDecay decay) {
    options.weightDecay = Objects.requireNonNull(decay, "weight decay");
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
  public TrainerBuilder clipNorm(double norm) {
    options.clipNorm = Ranges.notNegative("clip norm", norm);
    return this;
  }

  /**
   * Drops outputs of the hidden layers in training, see {@link Dropout}. Training losses and
   * accuracies are those of the thinned network.
   *
   * @param probability that an output is dropped; 0 is the default
   * @return this
   * @throws IllegalArgumentException if it is not from 0 to below 1
   */
  public TrainerBuilder dropout(double probability) {
    Dropout.check(probability);
    options.dropout = probability;
    return this;
  }

  /**
   * Ends a run early, and gives it the weights of the epoch with the smallest validation loss, or
   * of another that is {@linkplain #best the best}.
   *
   * @param epochs how many may pass without a better one; 0, the default, for all, and for the
   *     weights of the last step
   * @return this
   * @throws IllegalArgumentException if it is below 0
   */
  public TrainerBuilder patience(int epochs) {
    options.patience = Ranges.atLeast(0, "patience", epochs);
    return this;
  }

  /**
   * Gives the network the weights of the best epoch, although the run goes on to the end; there
   * must be validation rows.
   *
   * @param best what is best; the default is {@link BestEpoch#NONE}, or with a {@linkplain
   *     #patience patience} {@link BestEpoch#LOSS}. The patience follows what is chosen here
   * @return this
   */
  public TrainerBuilder best(BestEpoch best) {
    options.best = Objects.requireNonNull(best, "best epoch");
    return this;
  }

  /**
   * Another learning rate for biases.
   *
   * @param factor what the learning rate is multiplied by for them, not below 0; 1 is the default
   * @return this
   * @throws IllegalArgumentException if it is below 0 or not finite
   */
  public TrainerBuilder biasRate(double factor) {
    options.biasRate = Ranges.notNegative("bias rate", factor);
    return this;
  }

  /**
   * Another learning rate for the weights of each layer: it is divided by the root of the number of
   * the layer's inputs. With Adam, and weights that start with that deviation, layers of all sizes
   * then change alike (the "neural tangent parametrization": Jacot, Gabriel and Hongler, "Neural
   * Tangent Kernel", 2018).
   *
   * @param byInputs false is the default
   * @return this
   */
  public TrainerBuilder ratesByInputs(boolean byInputs) {
    options.ratesByInputs = byInputs;
    return this;
  }

  /**
   * Trains a factor for each input, which the first weights are multiplied by. The network that is
   * trained has the products; what is trained further starts with factors of 1. Weights decay
   * before they are multiplied, and factors do not.
   *
   * @param factor what the learning rate is multiplied by for the factors; 0, the default, for none
   * @return this
   * @throws IllegalArgumentException if it is below 0 or not finite
   */
  public TrainerBuilder inputRate(double factor) {
    options.inputRate = Ranges.notNegative("input rate", factor);
    return this;
  }

  /**
   * Leaves out the last mini-batch of an epoch if it is shorter than the others; in the next epoch
   * other rows are left out.
   *
   * @param drop false is the default
   * @return this
   */
  public TrainerBuilder dropShortBatch(boolean drop) {
    options.dropsShortBatch = drop;
    return this;
  }

  /**
   * Label smoothing (Szegedy and others, "Rethinking the Inception Architecture", 2016): the target
   * becomes the class times 1 - smoothing, plus smoothing divided by the number of classes for
   * every class. Training losses include it; validation losses are the plain cross entropy.
   *
   * @param smoothing from 0 to below 1, of use with softmax only
   * @return this
   * @throws IllegalArgumentException if it is another number
   */
  public TrainerBuilder labelSmoothing(double smoothing) {
    options.labelSmoothing = Ranges.belowOne("label smoothing", smoothing);
    return this;
  }

  /**
   * Multiplies the loss and the gradient of a row by the weight of its class, and by that of the
   * row if the training rows have weights. The sum over a mini-batch is still divided by its number
   * of rows, as in Keras, and its accuracy counts all rows alike. On validation rows the weights of
   * classes do not count, only weights of rows: see {@link Evaluator}.
   *
   * @param weights one a class, or none
   * @return this
   * @throws IllegalArgumentException if one is not finite or below 0, as a float, or all are 0
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
   * Class weights that give all classes with training rows the same total weight: {@code rows /
   * (classes * rows of the class)}. Their mean over the rows is 1.
   *
   * @return this
   */
  public TrainerBuilder balancedClassWeights() {
    options.balancedClasses = true;
    return this;
  }

  /**
   * The seed of the shuffles and of dropout.
   *
   * @param seed any number
   * @return this
   */
  public TrainerBuilder seed(long seed) {
    options.seed = seed;
    return this;
  }

  /**
   * Whether each epoch takes the rows in another order.
   *
   * @param shuffle false for file order in every epoch
   * @return this
   */
  public TrainerBuilder shuffle(boolean shuffle) {
    return sampling(shuffle ? Sampling.SHUFFLED : Sampling.SEQUENTIAL);
  }

  /**
   * Which rows an epoch takes, and in which order.
   *
   * @param sampling {@link Sampling#SHUFFLED} is the default
   * @return this
   */
  public TrainerBuilder sampling(Sampling sampling) {
    options.sampling = Objects.requireNonNull(sampling, "sampling");
    return this;
  }

  /**
   * How many threads share a step at most; the result does not depend on it. There is no use in
   * more than there are cores, and small networks are quicker on one thread. So a run times some
   * steps on fewer threads and some on more, now and then, and keeps the number that is quickest.
   * With the system property {@code lanewise.threads=fixed} every step has as many as this says.
   *
   * @param threads from 1 to 1024; the caller is one of them
   * @return this
   * @throws IllegalArgumentException if it is another number
   */
  public TrainerBuilder threads(int threads) {
    options.threads = Team.checked(threads);
    return this;
  }

  /**
   * How often listeners get a checkpoint. It is taken between two epochs, or where a listener or an
   * interrupt of the thread stops the run.
   *
   * @param seconds at least so many between two; 0, the default, for no checkpoints
   * @return this
   * @throws IllegalArgumentException if it is below 0 or not finite
   */
  public TrainerBuilder checkpointEvery(double seconds) {
    options.checkpointSeconds = Ranges.notNegative("checkpoint every", seconds);
    return this;
  }

  /**
   * Adds a listener.
   *
   * @param listener is told of each step and epoch, and may stop the run; a lambda is told of
   *     epochs
   * @return this
   */
  public TrainerBuilder listener(TrainingListener listener) {
    options.hearsWarnings = true;
    return add(listener);
  }

  /**
   * Adds a listener that is told of each epoch and never stops the run.
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
    Objects.requireNonNull(listener, "listener");
    int count = options.listeners.length;
    options.listeners = Arrays.copyOf(options.listeners, count + 1);
    options.listeners[count] = listener;
    return this;
  }

  /**
   * The trainer with these options.
   *
   * @return a trainer, which can be used any number of times
   */
  public Trainer build() {
    return new Trainer(options.copy());
  }
}
