package dev.lanewise.cli;

import dev.lanewise.data.RowStream;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictor;
import dev.lanewise.parallel.Team;
import java.io.IOException;

/** Predicts the rows of a stream, as many at a time as keep all threads busy. */
final class ChunkPredictor implements AutoCloseable {
  /** Rows of a thread. */
  private static final int ROWS = 512;

  private final Team team;
  private final Predictor[] predictors;
  private final int outputs;
  private final float[] inputs; // [threads * ROWS][inputs]
  private final float[][] shares; // [threads][ROWS * inputs], where there is more than one
  private final float[][] found; // [threads][ROWS * outputs]
  private final float[] results; // [threads * ROWS][outputs]
  private final int width;
  private int rows;

  ChunkPredictor(Mlp model, int threads) {
    team = new Team(threads);
    predictors = new Predictor[threads];
    width = model.architecture().inputs();
    outputs = model.architecture().outputs();
    inputs = new float[Math.multiplyExact(threads * ROWS, width)];
    results = new float[Math.multiplyExact(threads * ROWS, outputs)];
    shares = new float[threads][ROWS * width];
    found = new float[threads][ROWS * outputs];
    for (int t = 0; t < threads; t++) {
      predictors[t] = model.predictor(ROWS);
    }
  }

  /** Predicts the next rows; false if there are none. */
  boolean next(RowStream stream) throws IOException {
    rows = stream.next(inputs);
    if (rows > 0) {
      team.run(this::predict);
    }
    return rows > 0;
  }

  private void predict(int member) {
    int first = member * ROWS;
    int count = Math.min(ROWS, rows - first);
    if (count > 0) {
      System.arraycopy(inputs, first * width, shares[member], 0, count * width);
      predictors[member].predictScaled(shares[member], count, found[member]);
      System.arraycopy(found[member], 0, results, first * outputs, count * outputs);
    }
  }

  int rows() {
    return rows;
  }

  /** [rows][outputs]. */
  float[] results() {
    return results;
  }

  @Override
  public void close() {
    team.close();
  }
}
