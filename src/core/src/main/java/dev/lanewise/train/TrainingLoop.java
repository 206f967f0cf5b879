package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.internal.DatasetState;
import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.engine.internal.Dropout;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.kernel.KernelSet;
import dev.lanewise.nn.ClassWeighting;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.parallel.Team;
import dev.lanewise.parallel.ThreadChoice;
import dev.lanewise.train.TrainingRun.Outcome;
import dev.lanewise.train.internal.Batches;
import dev.lanewise.train.internal.Peers;
import dev.lanewise.train.internal.Subtree;
import dev.lanewise.train.internal.Tally;
import dev.lanewise.train.internal.Validation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One run of a {@link Trainer}: continues from a state, epoch by epoch and step by step. */
final class TrainingLoop {
  private final TrainingOptions options;
  private final Mlp network;
  private final Dataset data;
  private final TrainingState state;
  private final Peers peers; // or null
  private final int rows; // training rows of all processes
  private final int batch;
  private final int steps; // steps of an epoch
  private final Schedule.Rates rates;
  private final EarlyStopping stopping;
  private final Dropout dropout; // or null
  private final Shards shards;
  private final EpochOrder order;
  private final Rows train; // training rows with their weights
  private final ClassWeighting weighting; // or null
  private final ThreadChoice threads;
  private final Backpropagation buffers;
  private final Tally shardTally;
  private final Tally stepTally;
  private final Tally epochTally;

  private Batches check; // computes losses of some training rows with the current parameters
  private List<String> settings; // computed for the first checkpoint
  private long lastCheckpoint = System.nanoTime();
  private boolean stops; // whether a listener or an interrupt ends the run after a step

  /** The parameters of the network must be the array of the state, because validation reads it. */
  TrainingLoop(TrainingOptions options, Mlp network, Dataset data, TrainingState state) {
    this.options = options;
    this.network = network;
    this.data = data;
    this.state = state;
    peers = options.peers();
    rows = peers == null ? data.train().rows() : peers.rows();
    batch = options.batchSize == -1 ? rows : Math.min(options.batchSize, rows);
    steps = options.dropsShortBatch ? rows / batch : (rows - 1) / batch + 1;
    long taken = (long) state.epoch * steps + state.step;
    if (state.step > steps || state.steps != taken) {
      throw new ArgumentException(
          "a checkpoint of %s steps, %s of them in epoch %s, expected %s as an epoch has %s",
          state.steps, state.step, state.epoch, taken, steps);
    }
    rates = options.schedule.begin(options.learningRate);
    for (EpochResult result : state.results) {
      rates.observe(result.epoch(), result.validLoss());
    }
    stopping = new EarlyStopping(options, network.loss(), state);
    dropout = options.dropout > 0 ? new Dropout(options.dropout, options.seed) : null;
    train = ClassWeights.weigh(options, data.train(), network);
    weighting = ClassWeights.undone(options, data.train(), network);
    shards =
        peers == null
            ? new Shards(options.shards, rows, batch)
            : new Shards(options.shards, rows, batch, peers.firstShard(), peers.endShard());
    order = new EpochOrder(options.sampling, options.seed, data.train(), shards);
    threads = ThreadChoice.upTo(options.threads);
    int most = Math.max(shards.most(), Batches.EVALUATION_ROWS);
    buffers = options.buffers(network, most, train.hasWeights(), dropout, threads);
    shardTally = new Tally(network.loss(), network.architecture().outputs());
    stepTally = new Tally(network.loss(), network.architecture().outputs());
    epochTally = new Tally(network.loss(), network.architecture().outputs());
    if (state.step > 0) {
      epochTally.restore(state.tally);
    }
  }

  TrainingRun run() {
    state.take();
    long rows = (long) (options.epochs - state.epoch) * train.rows();
    KernelSet.active().expect(rows * state.parameters.length);
    Outcome outcome;
    try (Team team = new Team(threads.most())) {
      check = new Batches(buffers, team, threads);
      Rows valid = data.validation().orElse(null);
      valid = ClassWeights.weighValidation(options, data.train(), valid, network);
      outcome =
          epochs(
              new TrainingStep(
                  buffers,
                  team,
                  threads,
                  state,
                  options,
                  Subtree.of(shards.from(), shards.from() + shards.own()),
                  peers == null ? null : this::exchange),
              new Validation(buffers, team, threads, network, valid));
      boolean isSound = isSound();
      outcome = (peers == null ? isSound : peers.all(isSound)) ? outcome : Outcome.DIVERGED;
    }
    boolean restore = state.best != null && outcome != Outcome.DIVERGED;
    Mlp model = model(restore ? state.best : state.parameters);
    int best = restore ? stopping.bestEpoch() : -1;
    return new TrainingRun(model, new History(state.results), outcome, threads.usual(), best);
  }

  private Outcome epochs(TrainingStep step, Validation validation) {
    EpochView view = new EpochView(network, state.parameters, step.gradient());
    while (state.epoch < options.epochs && !stopping.isTime()) {
      long start = System.nanoTime();
      Outcome cut = steps(step);
      if (cut == null) {
        validation.run();
        EpochResult result = result(validation, start);
        state.endEpoch(result);
        epochTally.reset();
        rates.observe(result.epoch(), result.validLoss());
        stopping.observe(result, ofRows(validation));
        cut = report(result, view) && !stops && !isInterrupted() ? null : Outcome.STOPPED;
      }
      if (cut == Outcome.STOPPED || (cut == null && checkpointIsDue())) {
        checkpoint();
      }
      if (cut != null) {
        return cut;
      }
    }
    return state.epoch < options.epochs ? Outcome.STOPPED_EARLY : Outcome.COMPLETED;
  }

  /** Measures the network by the function of the best epoch, if it has one. */
  private double ofRows(Validation validation) {
    BestEpoch.Measure measure = options.best().measure;
    try {
      return measure == null
          ? Double.NaN
          : measure.value(
              model(state.parameters).withWeighting(Optional.empty()),
              validation.split(),
              options.threads);
    } catch (ArithmeticException e) { // a result is not finite
      return Double.NaN;
    }
  }

  /** Takes the remaining steps of the current epoch; returns null if none of them ended the run. */
  private Outcome steps(TrainingStep step) {
    int[] places = order.of(state.epoch);
    boolean changes = rates.changesWithSteps();
    while (state.step < steps) {
      int first = (int) (state.step * batch);
      int all = Math.min(batch, rows - first);
      int[] starts = shards.starts(first);
      int skipped = starts[shards.from()];
      if (dropout != null) {
        dropout.setFirstRow(shards.firstRow(first));
        double share = options.dropoutShare(state.epoch, state.step, steps);
        dropout.begin(state.epoch, state.step, share);
      }
      double done = changes ? (state.step + 0.5) / steps : 0; // the middle of the step
      int own = shards.ownBefore(first) - skipped;
      int count = starts[shards.from() + shards.own()];
      double rate = rates.rate(state.epoch + done);
      step.run(train, places, own, skipped, count, all, starts, rate);
      if (peers == null) {
        tally(starts);
      }
      epochTally.add(stepTally);
      state.endStep(stepTally.loss(), stepTally.accuracy());
      boolean goOn = // a loss that is not finite is reported too, so that the user sees the step
          report(
              new StepResult(state.epoch, state.step - 1, steps, state.lastLoss, state.lastScore));
      if (!Double.isFinite(state.lastLoss)) {
        return Outcome.DIVERGED;
      }
      stops = !goOn || isInterrupted();
      if (stops && state.step < steps) { // else at the end of the epoch, which needs the gradients
        return Outcome.STOPPED;
      }
    }
    return null;
  }

  /** Adds up the losses of a step: those of each shard, and then the sums of the shards. */
  private void tally(int[] starts) {
    stepTally.reset();
    if (shards.count() == 1) {
      Validation.add(stepTally, buffers, 0, starts[1], null, 0);
      return;
    }
    for (int s = 0; s < shards.count(); s++) {
      stepTally.add(ofShard(starts, s));
    }
  }

  private Tally ofShard(int[] starts, int shard) {
    shardTally.reset();
    Validation.add(shardTally, buffers, starts[shard], starts[shard + 1], null, 0);
    return shardTally;
  }

  /** Exchanges gradients and losses of the shards of a step with the other processes. */
  private void exchange(float[][] subtrees) {
    int[] starts = shards.starts((int) (state.step * batch));
    int size = shardTally.state().length;
    double[] own = new double[shards.own() * size];
    for (int s = 0; s < shards.own(); s++) {
      System.arraycopy(ofShard(starts, shards.from() + s).state(), 0, own, s * size, size);
    }
    double[] all = peers.exchange(subtrees, state.parameters.length, own);
    stepTally.reset();
    for (int at = 0; at < all.length; at += size) {
      shardTally.restore(Arrays.copyOfRange(all, at, at + size));
      stepTally.add(shardTally);
    }
  }

  /** Returns whether the thread was interrupted, and leaves the flag set for the caller. */
  private static boolean isInterrupted() {
    return Thread.currentThread().isInterrupted();
  }

  private EpochResult result(Validation validation, long start) {
    return new EpochResult(
        state.epoch,
        options.epochs,
        state.lastLoss,
        state.lastScore,
        epochTally.loss(),
        epochTally.accuracy(),
        validation.score().loss(),
        validation.score().accuracy(),
        (System.nanoTime() - start) * 1e-9,
        rows,
        rates.rate(state.epoch + (rates.changesWithSteps() ? 0.5 : 0)));
  }

  private boolean report(StepResult result) {
    boolean goOn = true;
    for (TrainingListener listener : options.listeners) {
      goOn &= listener.onStep(result);
    }
    return goOn;
  }

  private boolean report(EpochResult result, EpochView view) {
    boolean goOn = true;
    for (TrainingListener listener : options.listeners) {
      goOn &= listener.onEpoch(result, view);
    }
    return goOn;
  }

  private boolean checkpointIsDue() {
    return options.checkpointSeconds > 0
        && System.nanoTime() - lastCheckpoint >= options.checkpointSeconds * 1e9;
  }

  /** Passes a checkpoint to the listeners, unless the weights have diverged. */
  private void checkpoint() {
    if (options.checkpointSeconds > 0 && isSound()) {
      if (settings == null) {
        settings = options.settings(data);
      }
      state.tally = epochTally.state();
      Checkpoint checkpoint = new Checkpoint(model(state.parameters), state, settings, List.of());
      for (TrainingListener listener : options.listeners) {
        listener.onCheckpoint(checkpoint);
      }
      lastCheckpoint = System.nanoTime();
    }
  }

  /** Returns the trained network with the scaling, the classes and all facts of the data. */
  private Mlp model(float[] parameters) {
    MlpState begun = MlpState.of(MlpState.of(network).on(parameters));
    Mlp model = begun.with(begun.facts().trained()).mlp();
    model = model.withScaling(data.scaling()).withTargetScaling(data.targetScaling());
    List<String> names = data.classNames();
    if (names.size() == model.architecture().outputs()) {
      model = model.withClassNames(names);
    }
    if (data.inputShape().length > 0) {
      model = model.withInputShape(data.inputShape());
    }
    model = model.withWeighting(Optional.ofNullable(weighting));
    MlpState done = MlpState.of(model);
    return done.with(done.facts().withAll(DatasetState.of(data).origin().facts())).mlp();
  }

  /**
   * Returns whether the parameters, and the losses of some training rows with them, are all finite.
   * The last step's own loss was computed before its update, so it does not show this. Of several
   * processes, each checks those of the same rows that it has.
   */
  private boolean isSound() {
    int most = Math.min(rows, Math.max(batch, Batches.EVALUATION_ROWS));
    check.begin(network, peers == null ? train : train.slice(0, shards.ownBefore(most)));
    check.next();
    return isFinite(state.parameters, state.parameters.length)
        && isFinite(buffers.losses(), check.count());
  }

  private static boolean isFinite(float[] numbers, int count) {
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(numbers[i])) {
        return false;
      }
    }
    return true;
  }
}
