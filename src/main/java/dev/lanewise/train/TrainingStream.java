package dev.lanewise.train;

import dev.lanewise.data.Agreement;
import dev.lanewise.data.Split;
import dev.lanewise.engine.Backpropagation;
import dev.lanewise.engine.Dropout;
import dev.lanewise.metrics.Tally;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.parallel.Team;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A training on rows that come from outside, mini-batch by mini-batch: a stream, a data set that no
 * memory holds, a few new rows for a model that is in use. Batches in an order give the bits that
 * an epoch in that order gives.
 *
 * <p>One thread at a time may use it: a call while another is under way throws an {@link
 * IllegalStateException}, as does a step after {@link #close}.
 */
public final class TrainingStream implements AutoCloseable {
  // Whether it can be used.
  private static final int FREE = 0;
  private static final int BUSY = 1; // with a call
  private static final int CLOSED = 2;

  private final AtomicInteger use = new AtomicInteger(FREE);
  private final TrainingOptions options;
  private final Mlp initial;
  private final TrainingState state;
  private final ThreadChoice threads;
  private final Team team;
  private final Dropout dropout; // or null
  private Backpropagation network; // has room for the largest batch so far
  private boolean weighted; // whether it also has room for weights of rows
  private final Tally tally;
  private TrainingStep step;

  TrainingStream(TrainingOptions options, Mlp initial) {
    this.options = options;
    this.initial = initial;
    this.state = new TrainingState(initial, initial.parameters(), options);
    this.dropout = options.dropout > 0 ? new Dropout(options.dropout, options.seed) : null;
    this.tally = new Tally(initial.loss(), initial.architecture().outputs());
    this.threads = ThreadChoice.upTo(options.threads);
    this.team = new Team(threads.most());
  }

  /**
   * One step of gradient descent.
   *
   * @param x [rows][inputs], raw: the network's scaling is applied
   * @param t [rows], the class of each row
   * @return loss and accuracy before the step
   * @throws IllegalArgumentException if the rows do not fit the network
   */
  public StepResult step(float[][] x, int[] t) {
    Scaling scaling = initial.scaling().orElse(Scaling.none());
    return step(Split.of(x, t, scaling));
  }

  /**
   * One step of gradient descent on targets that are numbers.
   *
   * @param x [rows][inputs], raw: the network's scaling is applied
   * @param t [rows][outputs], raw too
   * @return loss and accuracy before the step
   * @throws IllegalArgumentException if the rows do not fit the network
   */
  public StepResult step(float[][] x, float[][] t) {
    return step(Split.of(x, t, initial.scaling().orElse(Scaling.none())));
  }

  /**
   * One step of gradient descent.
   *
   * @param batch rows that are unscaled, to which the network's scaling is applied, or scaled by it
   * @return loss and accuracy before the step
   * @throws IllegalArgumentException if the rows do not fit the network
   */
  public StepResult step(Split batch) {
    begin(BUSY);
    try {
      return run(batch);
    } finally {
      use.set(FREE);
    }
  }

  /** What two threads wrote to one network would be wrong, or neither would come to an end. */
  private void begin(int state) {
    int found = use.compareAndExchange(FREE, state);
    if (found != FREE) {
      throw new IllegalStateException(
          found == CLOSED
              ? "training stream: closed, expected steps before that (trainer.stream(stream.model())"
                  + " goes on)"
              : "training stream: another thread is using it, expected one at a time");
    }
  }

  private StepResult run(Split batch) {
    Split rows = ClassWeights.weigh(options, Agreement.of(initial, batch), initial);
    int count = rows.rows();
    boolean more = rows.hasWeights() && !weighted;
    if (network == null || network.maxRows() < count || more) {
      weighted |= more;
      network = options.buffers(initial, count, weighted, dropout, threads);
      step = new TrainingStep(initial.architecture(), network, team, threads, state, options);
    }
    if (dropout != null) {
      dropout.begin(state.epoch, state.step);
    }
    step.run(rows, null, 0, count, options.learningRate);
    tally.reset();
    Validation.add(tally, network, count, null, 0);
    state.endStep(tally.loss(), tally.accuracy());
    return new StepResult(
        state.epoch, state.step - 1, state.step, state.lastLoss, state.lastAccuracy);
  }

  /**
   * The network after the steps so far. If it diverged its parameters are not finite, and it cannot
   * be saved.
   *
   * @return a copy, which further steps do not change
   */
  public Mlp model() {
    if (use.get() == CLOSED) {
      return initial.withParameters(state.parameters);
    }
    begin(BUSY);
    try {
      return initial.withParameters(state.parameters);
    } finally {
      use.set(FREE);
    }
  }

  /** Ends the threads. */
  @Override
  public void close() {
    if (use.get() != CLOSED) {
      begin(CLOSED);
      team.close();
    }
  }
}
