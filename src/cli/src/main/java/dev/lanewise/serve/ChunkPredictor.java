package dev.lanewise.serve;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Predictor;
import dev.lanewise.parallel.Team;
import dev.lanewise.table.RowStream;
import dev.lanewise.terminal.Problem;
import java.io.IOException;
import java.util.List;
import java.util.function.IntConsumer;

/** Predicts the rows of a stream, and takes enough rows at a time to keep all threads busy. */
public final class ChunkPredictor implements AutoCloseable {
  /** Rows per thread. Short rows need more of them, as waiting for other threads costs time. */
  private static final int ROWS = 512;

  private static final int MOST_ROWS = 2048;
  private static final int NUMBERS = 1 << 16;
  private static final int MOST_RESULTS =
      1 << 18; // maximum results of a thread; more classes mean fewer rows

  private final Team team;
  private final Predictor[] predictors;
  private final int outputs;
  private final int most; // rows of a thread
  private final float[] inputs; // [threads * most][inputs]
  private final float[][] shares; // [threads][most * inputs]
  private final double[][] found; // [threads][most * outputs]
  private final double[] results; // [threads * most][outputs]
  private final int[][] decided; // [threads][most]; null where there are no classes
  private final int[] labels; // [threads * most]; null where there are no classes
  private final int width;
  private int rows;
  private long before; // rows of the chunks before
  private final String file; // file of the rows, for errors

  public ChunkPredictor(Model model, int threads, String file) {
    this.file = file;
    team = new Team(threads);
    predictors = new Predictor[threads];
    width = model.inputs();
    outputs = model.outputs();
    int usual = Math.max(ROWS, Math.min(MOST_ROWS, NUMBERS / width));
    most = Math.min(usual, Math.max(1, MOST_RESULTS / outputs));
    inputs = new float[Math.multiplyExact(threads * most, width)];
    results = new double[Math.multiplyExact(threads * most, outputs)];
    shares = new float[threads][most * width];
    found = new double[threads][most * outputs];
    boolean areClasses = model.loss().task().hasClasses();
    decided = areClasses ? new int[threads][most] : new int[threads][];
    labels = areClasses ? new int[threads * most] : null;
    for (int t = 0; t < threads; t++) {
      predictors[t] = model.predictor(Math.min(ROWS, most));
    }
  }

  /** Predicts the next rows on all threads, each of which then uses its own; false at the end. */
  public boolean next(RowStream stream, IntConsumer use) throws IOException {
    before += rows;
    rows = stream.next(inputs);
    if (rows > 0) {
      try {
        team.run(
            member -> {
              predict(member);
              use.accept(member);
            });
      } catch (ArithmeticException e) {
        throw noNumber();
      }
    }
    return rows > 0;
  }

  /** Returns the error of the first row whose result is not a number. */
  private Problem noNumber() {
    int t = 0;
    int at = 0;
    while (Double.isFinite(found[t][at])) {
      at++;
      if (at >= (first(t + 1) - first(t)) * outputs) {
        t++;
        at = 0;
      }
    }
    return Problem.failure(
        "%s: row %s, output %s is %s, expected a finite number (did the model diverge?)",
        file, before + first(t) + at / outputs, at % outputs, found[t][at]);
  }

  private void predict(int member) {
    int first = first(member);
    int count = first(member + 1) - first;
    if (count > 0) {
      System.arraycopy(inputs, first * width, shares[member], 0, count * width);
      predictors[member].predictScaled(shares[member], count, found[member], decided[member]);
      System.arraycopy(found[member], 0, results, first * outputs, count * outputs);
      if (labels != null) {
        System.arraycopy(decided[member], 0, labels, first, count);
      }
    }
  }

  /** Returns the first row of a thread. */
  public int first(int member) {
    return (int) ((long) rows * member / team.size());
  }

  public int rows() {
    return rows;
  }

  /** Returns the predictions of the rows that were read last. */
  public Answer answer() {
    return new Answer(results, labels, rows, List.of());
  }

  @Override
  public void close() {
    team.close();
  }
}
