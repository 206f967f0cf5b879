package dev.lanewise.train;

import dev.lanewise.data.Rows;
import dev.lanewise.data.internal.RowPreparation;
import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.engine.internal.Dropout;
import dev.lanewise.nn.ClassWeighting;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.parallel.Team;
import dev.lanewise.parallel.ThreadChoice;
import dev.lanewise.train.internal.Tally;
import dev.lanewise.train.internal.Validation;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A training on mini-batches that the caller passes one by one: a stream, a data set larger than
 * memory, or a few new rows for a model in use. Batches give the same bits as an epoch with the
 * same rows in the same order.
 *
 * <p>Only one thread at a time may use it. A call during another call throws an {@link
 * IllegalStateException}, as does a step after {@link #close}.
 */
public final class TrainingStream implements AutoCloseable {
  // The states of use.
  private static final int FREE = 0;
  private static final int BUSY = 1; // during a call
  private static final int CLOSED = 2;

  private final AtomicInteger use = new AtomicInteger(FREE);
  private final TrainingOptions options;
  private final Mlp initial;
  private final TrainingState state;
  private final ThreadChoice threads;
  private final Team team;
  private final Dropout dropout; // or null
  private Backpropagation network; // for the largest batch so far
  private boolean weighted; // whether network also holds weights of rows
  private final Tally tally;
  private TrainingStep step;

  TrainingStream(TrainingOptions options, Mlp initial) {
    this.options = options;
    this.initial = initial;
    this.state = options.begin(initial, initial.parameters());
    this.dropout = options.dropout > 0 ? new Dropout(options.dropout, options.seed) : null;
    this.tally = new Tally(initial.loss(), initial.architecture().outputs());
    this.threads = ThreadChoice.upTo(options.threads);
    this.team = new Team(threads.most());
  }

  /**
   * Takes one step of gradient descent.
   *
   * @param x [rows][inputs], unscaled: the network's scaling is applied
   * @param t [rows], the class of each row
   * @return loss and score before the step
   * @throws IllegalArgumentException if the rows do not fit the network
   */
  public StepResult step(float[][] x, int[] t) {
    return step(Rows.of(x, t).withScaling(initial.scaling().orElse(Scaling.none())));
  }

  /**
   * Takes one step of gradient descent on numeric targets.
   *
   * @param x [rows][inputs], unscaled: the network's scaling is applied
   * @param t [rows][outputs], unscaled
   * @return loss and score before the step
   * @throws IllegalArgumentException if the rows do not fit the network
   */
  public StepResult step(float[][] x, float[][] t) {
    return step(Rows.of(x, t).withScaling(initial.scaling().orElse(Scaling.none())));
  }

  /**
   * Takes one step of gradient descent.
   *
   * @param batch rows that are unscaled, or scaled by the network's scaling
   * @return loss and score before the step
   * @throws IllegalArgumentException if the rows do not fit the network
   */
  public StepResult step(Rows batch) {
    begin(BUSY);
    try {
      return run(batch);
    } finally {
      use.set(FREE);
    }
  }

  /** Refuses a second thread, which would change the same arrays. */
  private void begin(int state) {
    int found = use.compareAndExchange(FREE, state);
    if (found != FREE) {
      throw new IllegalStateException(
          found == CLOSED
              ? "training stream: closed, expected no further"
                  + " steps (trainer.stream(stream.model()) goes on)"
              : "training stream: another thread is using it, expected one thread at a time");
    }
  }

  private StepResult run(Rows batch) {
    Rows rows = ClassWeights.weigh(options, RowPreparation.agreed(initial, batch), initial);
    int count = rows.rows();
    boolean more = rows.hasWeights() && !weighted;
    if (network == null || network.maxRows() < count || more) {
      weighted |= more;
      network = options.buffers(initial, count, weighted, dropout, threads);
      step = new TrainingStep(network, team, threads, state, options);
    }
    if (dropout != null) {
      dropout.begin(state.epoch, state.step, 1);
    }
    step.run(rows, null, 0, count, new int[] {0, count}, options.learningRate);
    tally.reset();
    Validation.add(tally, network, 0, count, null, 0);
    state.endStep(tally.loss(), tally.accuracy());
    return new StepResult(state.epoch, state.step - 1, state.step, state.lastLoss, state.lastScore);
  }

  /**
   * {@return the network after the steps so far, a copy, which further steps do not change} After a
   * divergence its parameters are not finite, and it cannot be saved.
   */
  public Mlp model() {
    if (use.get() == CLOSED) {
      return current();
    }
    begin(BUSY);
    try {
      return current();
    } finally {
      use.set(FREE);
    }
  }

  private Mlp current() {
    ClassWeighting weighting = ClassWeights.undone(options, null, initial); // not balanced
    return initial.withParameters(state.parameters).withWeighting(Optional.ofNullable(weighting));
  }

  /** Ends the threads of this training. */
  @Override
  public void close() {
    if (use.get() != CLOSED) {
      begin(CLOSED);
      team.close();
    }
  }
}
