package dev.lanewise.serve;

import java.util.concurrent.atomic.LongAdder;

/** The place of a model in a server, with what is counted of it, which outlives the model. */
public final class ModelSlot {
  /** Upper bounds of the times of requests in seconds, each about twice the bound before it. */
  static final double[] BOUNDS = {
    .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10
  };

  static final double SECOND = 1e9;

  /** The name in paths. */
  final String name;

  /** The label in metrics; empty if the model has no name. */
  final String label;

  final LongAdder[] times = new LongAdder[BOUNDS.length + 1];
  final LongAdder nanos = new LongAdder();
  final LongAdder scoringNanos = new LongAdder();
  final LongAdder modelNanos = new LongAdder();
  final LongAdder rows = new LongAdder();
  final LongAdder unseen = new LongAdder();
  final LongAdder reloads = new LongAdder();
  final LongAdder failures = new LongAdder();

  private volatile ServedModel model;

  public ModelSlot(ServedModel model) {
    this.model = model;
    name = model.name;
    label = model.isNamed ? "model=\"" + name + '"' : "";
    for (int i = 0; i < times.length; i++) {
      times[i] = new LongAdder();
    }
  }

  /** Returns the model in use; a request asks once and keeps it. */
  public ServedModel model() {
    return model;
  }

  /** Replaces the model in use. */
  void take(ServedModel other) {
    model = other;
    reloads.increment();
  }

  /** Counts a request for predictions with its time. */
  void answered(long took) {
    int i = 0;
    while (i < BOUNDS.length && took > BOUNDS[i] * SECOND) {
      i++;
    }
    times[i].increment();
    nanos.add(took);
  }

  /** Counts the rows that a scorer has predicted, with the time from body to results. */
  void scored(Answer answer, Scorer scorer, long took) {
    rows.add(answer.rows());
    unseen.add(scorer.unknownValues);
    scoringNanos.add(took);
    modelNanos.add(scorer.nanos);
  }
}
