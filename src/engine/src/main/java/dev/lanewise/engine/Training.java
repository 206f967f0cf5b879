package dev.lanewise.engine;

import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.engine.internal.Descent;
import dev.lanewise.engine.internal.NetworkView;
import dev.lanewise.engine.internal.Step;
import dev.lanewise.engine.internal.UpdateRule;
import dev.lanewise.kernel.KernelSet;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.parallel.Team;
import dev.lanewise.parallel.ThreadChoice;
import java.util.Arrays;
import java.util.List;

/**
 * A minimal loop of mini-batch gradient descent on arrays, which changes the caller's parameters.
 * Equal arrays, settings and seed give the same bits on every machine and any number of threads.
 *
 * <pre>{@code
 * Layers layers = Layers.of(64, 16, 80, 10);
 * float[] parameters = layers.course(0);
 * new Training(layers, Loss.SOFTMAX, parameters)
 *     .descent(0.01)
 *     .batch(100)
 *     .threads(2)
 *     .run(x, labels, 1000, (epoch, loss) -> true);
 * }</pre>
 *
 * <p>A second run continues: with the next epoch, and with the momentum or means of the first. One
 * thread at a time may use an object.
 */
public final class Training {
  /** Learns how a training goes. */
  @FunctionalInterface
  public interface Progress {
    /**
     * Takes the result of an epoch.
     *
     * @param epoch its number, from 0
     * @param loss the mean of the losses of all rows, each before the step that used the row
     * @return whether the training goes on
     */
    boolean epoch(int epoch, double loss);
  }

  private final Layers layers;
  private final Loss loss;
  private final float[] parameters;
  private double learningRate = 0.01;
  private UpdateRule rule = UpdateRule.descent();
  private float[][] state = {};
  private int batch = 100;
  private int threads = 1;
  private long seed;
  private long steps;
  private int epoch;

  /**
   * Makes a training by plain descent at rate 0.01 with mini-batches of 100 rows on one thread.
   *
   * @param layers the network
   * @param loss what it minimises
   * @param parameters as {@link Layers} says; the training changes them
   * @throws IllegalArgumentException if the array has another length
   */
  public Training(Layers layers, Loss loss, float[] parameters) {
    layers.check(parameters, new float[layers.inputs()], 1);
    this.layers = layers;
    this.loss = loss;
    this.parameters = parameters;
  }

  /**
   * Makes steps {@code w -= learningRate g}.
   *
   * @param learningRate a number above 0
   * @return this
   * @throws IllegalArgumentException if it is not
   */
  public Training descent(double learningRate) {
    return rule(learningRate, UpdateRule.descent());
  }

  /**
   * Makes steps {@code u = momentum u + g}, {@code w -= learningRate u}.
   *
   * @param learningRate a number above 0
   * @param momentum from 0 to below 1, usually 0.9
   * @return this
   * @throws IllegalArgumentException if a number is out of range
   */
  public Training momentum(double learningRate, double momentum) {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("momentum " + momentum + ": expected 0 to below 1");
    }
    return rule(learningRate, UpdateRule.momentum(momentum));
  }

  /**
   * Makes steps of Adam with its authors' values 0.9, 0.999 and 1e-8 (Kingma and Ba, "Adam: A
   * Method for Stochastic Optimization", 2015).
   *
   * @param learningRate a number above 0, usually 0.001
   * @return this
   * @throws IllegalArgumentException if it is not
   */
  public Training adam(double learningRate) {
    return rule(learningRate, UpdateRule.adam(0.9, 0.999, 1e-8));
  }

  private Training rule(double learningRate, UpdateRule rule) {
    if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "learning rate " + learningRate + ": expected a number above 0");
    }
    this.learningRate = learningRate;
    this.rule = rule;
    state = new float[rule.arrays()][parameters.length];
    steps = 0;
    return this;
  }

  /**
   * Sets the rows of a mini-batch.
   *
   * @param rows at least 1; an epoch of fewer rows is one mini-batch, and the last one of an epoch
   *     may have fewer
   * @return this
   * @throws IllegalArgumentException if there are none
   */
  public Training batch(int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("mini-batches of " + rows + " rows: expected at least 1");
    }
    batch = rows;
    return this;
  }

  /**
   * Sets how many threads may share a step; it uses fewer where these are faster.
   *
   * @param threads 1 to 1024
   * @return this
   * @throws IllegalArgumentException if the number is out of range
   */
  public Training threads(int threads) {
    this.threads = Team.checked(threads);
    return this;
  }

  /**
   * Sets the seed of the order of rows, which follows from it and the number of the epoch.
   *
   * @param seed any number
   * @return this
   */
  public Training seed(long seed) {
    this.seed = seed;
    return this;
  }

  /**
   * Trains on rows with classes.
   *
   * @param x [rows][inputs], row-major
   * @param labels [rows], each from 0 to outputs - 1
   * @param epochs how often all rows are used, at least 1
   * @param progress called after each epoch
   * @return the mean loss of the last epoch
   * @throws IllegalArgumentException if an array has another length, a label is out of range, there
   *     are no epochs, or the loss takes numbers
   * @throws ArithmeticException if the loss of an epoch is not a finite number
   */
  public double run(float[] x, int[] labels, int epochs, Progress progress) {
    return run(x, Targets.of(loss, labels, layers.outputs()), epochs, progress);
  }

  /**
   * Trains on rows with numbers.
   *
   * @param x [rows][inputs], row-major
   * @param targets [rows][outputs], row-major
   * @param epochs how often all rows are used, at least 1
   * @param progress called after each epoch
   * @return the mean loss of the last epoch
   * @throws IllegalArgumentException if an array has another length, there are no epochs, or the
   *     loss takes classes
   * @throws ArithmeticException if the loss of an epoch is not a finite number
   */
  public double run(float[] x, float[] targets, int epochs, Progress progress) {
    return run(x, Targets.of(loss, targets, layers.outputs()), epochs, progress);
  }

  private double run(float[] x, Targets targets, int epochs, Progress progress) {
    if (epochs < 1) {
      throw new IllegalArgumentException("epochs " + epochs + ": expected at least 1");
    }
    layers.check(parameters, x, targets.rows());
    KernelSet.active().expect((long) epochs * targets.rows() * parameters.length);
    ThreadChoice choice = ThreadChoice.upTo(threads);
    double mean;
    try (Team team = new Team(choice.most())) {
      Pass pass = new Pass(x, targets, team, choice);
      int end = Math.addExact(epoch, epochs);
      do {
        mean = pass.epoch();
        if (!Double.isFinite(mean)) {
          throw new ArithmeticException(
              "training: the loss of epoch %d is %s; a lower learning rate may help"
                  .formatted(epoch, mean));
        }
      } while (progress.epoch(epoch++, mean) && epoch < end);
    }
    return mean;
  }

  /**
   * Makes one step by a gradient of the caller, such as one of {@link Layers#gradient}, on the
   * calling thread.
   *
   * @param gradient in the layout of the parameters; not changed
   * @throws IllegalArgumentException if the array has another length
   */
  public void update(float[] gradient) {
    layers.check(gradient);
    Descent descent = descent(gradient);
    descent.begin(learningRate, ++steps);
    descent.apply(0, 0, gradient.length);
  }

  private Descent descent(float[] gradient) {
    double[] rates = new double[layers.network.layers().size() + 1];
    Arrays.fill(rates, 1);
    return new Descent(layers.network, rule, parameters, gradient, state, rates);
  }

  /** The steps of a run: loads rows in the order of the epoch, and sums gradients over them. */
  private final class Pass implements Step.Rows, Step.Part {
    private final float[] x;
    private final Targets targets;
    private final Backpropagation buffers;
    private final float[] gradient = new float[parameters.length];
    private final int[] order;
    private final Descent descent;
    private final Step step;
    private int first;
    private int count;

    Pass(float[] x, Targets targets, Team team, ThreadChoice choice) {
      this.x = x;
      this.targets = targets;
      order = new int[targets.rows()];
      NetworkView parts = new NetworkView(parameters, layers.network, loss.objective, null);
      buffers = new Backpropagation(parts, Math.min(batch, order.length), choice.most());
      descent = descent(gradient);
      step = new Step(buffers, parameters, team, choice, this, descent, List.of());
    }

    /** Takes the steps of an epoch and returns the mean loss of its rows. */
    double epoch() {
      CounterRandom.permutation(CounterRandom.key(seed, CounterRandom.SHUFFLE, epoch), order);
      double sum = 0;
      for (first = 0; first < order.length; first += count) {
        count = Math.min(buffers.maxRows(), order.length - first);
        descent.begin(learningRate, ++steps);
        step.run(this, 0, count, count);
        for (int i = 0; i < count; i++) {
          sum += buffers.losses()[i];
        }
      }
      return sum / order.length;
    }

    @Override
    public void load(int from, int to) {
      int inputs = layers.inputs();
      for (int i = from; i < to; i++) {
        System.arraycopy(x, order[first + i] * inputs, buffers.inputs(), i * inputs, inputs);
      }
      targets.copy(order, first, from, to, buffers);
    }

    @Override
    public void weights(int layer, int from, int to, int member, int members) {
      buffers.weightGradient(layer, from, to, count, gradient, member);
    }

    @Override
    public void biases(int layer, int from, int to) {
      buffers.biasGradient(layer, from, to, count, gradient);
    }
  }
}
