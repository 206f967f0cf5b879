package dev.lanewise.metrics;

import dev.lanewise.data.Rows;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.PredictiveModel;
import dev.lanewise.nn.Predictor;
import dev.lanewise.parallel.Team;
import dev.lanewise.train.internal.Tally;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Measures a model of several networks, or with a calibration or rule, by a predictor. */
final class AverageEvaluator {
  private static final int BATCH_ROWS = 128;

  /** Numbers that a score keeps in memory at the same time. */
  private static final int KEPT = 1 << 22;

  private final PredictiveModel model;
  private final Rows split;
  private final int first; // number of the split's first row in messages
  private final int columns;
  private final double[] outputs; // [rows][columns]
  private final int[] decided; // [rows], [rows][columns] of flags, or none in regression

  /** Predicts all rows. */
  AverageEvaluator(PredictiveModel model, Rows split, int first, int threads) {
    this.model = model;
    this.split = split;
    this.first = first;
    columns = model.outputs();
    Loss loss = model.loss();
    int rows = split.rows();
    outputs = new double[rows * columns];
    decided = new int[rows * loss.task().decisions(columns)];
    int members = Math.min(Team.most(threads), 1 + rows / BATCH_ROWS);
    try (Team team = new Team(members)) {
      team.run(m -> predict(share(rows, m, members), share(rows, m + 1, members)));
    }
  }

  /** Measures rows without keeping the results of all. */
  static Tally tally(PredictiveModel model, Rows split, int threads) {
    Tally tally = new Tally(model.loss(), model.outputs());
    int part = Math.max(BATCH_ROWS, KEPT / model.outputs());
    for (int first = 0; first < split.rows(); first += part) {
      int count = Math.min(part, split.rows() - first);
      Rows some = split.slice(first, count);
      AverageEvaluator average = new AverageEvaluator(model, some, first, threads);
      tally.add(some, average.outputs, average.decided);
    }
    return tally;
  }

  /** Returns the first row of a member's share, which ends before that of the next member. */
  private static int share(int rows, int member, int members) {
    return (int) ((long) rows * member / members);
  }

  private void predict(int from, int to) {
    int batch = Math.min(BATCH_ROWS, to - from);
    int labels = decided.length / split.rows();
    Predictor predictor = model.predictor(batch);
    float[] x = new float[batch * split.features()];
    double[] y = new double[batch * columns];
    int[] some = new int[batch * labels];
    for (int row = from; row < to; row += batch) {
      int count = Math.min(batch, to - row);
      split.copyRows(null, row, count, x, 0);
      try {
        predictor.predictScaled(x, count, y, some);
      } catch (ArithmeticException e) {
        throw new ArithmeticException("rows from " + (first + row) + " on: " + e.getMessage());
      }
      System.arraycopy(y, 0, outputs, row * columns, count * columns);
      System.arraycopy(some, 0, decided, row * labels, count * labels);
    }
  }

  Evaluation evaluation() {
    return evaluation(model.loss(), split, outputs, decided);
  }

  /** Measures results of rows, of which decided has as many for each as the task decides. */
  static Evaluation evaluation(Loss loss, Rows split, double[] outputs, int[] decided) {
    int columns = outputs.length / split.rows();
    Tally tally = new Tally(loss, columns);
    tally.add(split, outputs, decided);
    float[] results = new float[outputs.length];
    for (int i = 0; i < results.length; i++) {
      results[i] =
          loss.task().hasNumbers()
              ? split.targetScaling().scale(outputs[i], i % columns)
              : (float) outputs[i];
    }
    int[] places = loss.task().hasClasses() ? new int[split.rows()] : null;
    if (places != null) {
      Arrays.setAll(
          places,
          row -> {
            double[] y = Arrays.copyOfRange(outputs, row * columns, (row + 1) * columns);
            return place(y, split.label(row), decided[row]);
          });
    }
    double[] exact = loss.task().hasNumbers() ? outputs : null;
    return Evaluation.of(loss, tally.score(), split, decided, places, results, exact);
  }

  /** Returns how many classes come before the true one in the order of choice. */
  private static int place(double[] y, int label, int decided) {
    if (label >= y.length || label == decided) {
      return label >= y.length ? y.length : 0;
    }
    int place =
        (int)
            IntStream.range(0, y.length)
                .filter(c -> y[c] > y[label] || y[c] == y[label] && c < label)
                .count();
    return Math.max(1, place); // a class that was decided against, although first by probability
  }
}
