package dev.lanewise.kernel.math;

import dev.lanewise.kernel.simd.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Softmax of many short rows at once: a row is a lane. One by one, rows of 7 classes leave half a
 * vector idle, and their sums and logarithms wait for each other, which takes four times as long.
 * The rows stand transposed in the scratch, class j of n rows from {@code j * n} on, so that all
 * but the two transposes are whole vectors; these are plain loops, because squares of vectors would
 * be half empty. Lanes without a row repeat the last one. Each row's sum keeps the order of the
 * contract.
 */
public final class SoftmaxRows {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;
  private static final int GROUP = Rows.PARTIAL_SUMS;

  /** The most classes of a row: with more, a row fills vectors by itself. */
  public static final int COLUMNS = 32;

  /** Rows at once, at least: 4 of 10 classes take as long one by one, and 6 of 32. */
  private static final int FEWEST = 6;

  /** Rows at once, at most: 32 of their columns take half an L1 cache. */
  static final int ROWS = 128;

  // Behind the rows in the scratch.
  private static final int SUMS = COLUMNS * ROWS;
  private static final int LARGEST = SUMS + ROWS;
  private static final int BEST = LARGEST + ROWS;
  private static final int LABELS = BEST + ROWS;
  private static final int PARTIAL = LABELS + ROWS;

  /** Floats of scratch. */
  public static final int SCRATCH = PARTIAL + GROUP * 16;

  private SoftmaxRows() {}

  /**
   * How many of some rows are computed together: none if they are too few to pay for it.
   *
   * @param rows that are left
   * @param columns classes of a row
   * @return a number of rows
   */
  public static int together(int rows, int columns) {
    return columns <= COLUMNS && rows >= FEWEST ? Math.min(rows, ROWS) : 0;
  }

  /** Lanes of so many rows. */
  private static int lanes(int rows) {
    return (rows + L - 1) / L * L;
  }

  /**
   * Exponentials of rows and their sums, in the scratch.
   *
   * @param rows as many as {@link #together} gives
   * @param columns classes of a row
   * @param x the logits, [rows][columns]
   * @param xOffset where they start
   * @param scratch {@value #SCRATCH} floats, which the other parts read
   */
  public static void exponentials(int rows, int columns, float[] x, int xOffset, float[] scratch) {
    int n = lanes(rows);
    load(rows, n, columns, x, xOffset, scratch);
    for (int i = 0; i < n; i += L) {
      subtractLargest(n, columns, i, scratch);
    }
    VectorActivation.exp(columns * n, scratch);
    for (int i = 0; i < n; i += L) {
      sum(n, columns, i, scratch);
    }
  }

  /**
   * Subtracts the largest of each row, for a vector of rows. Of a row with NaN the largest may be
   * another; but then all that follows is NaN anyway.
   *
   * @param n lanes of all rows
   * @param columns classes of a row
   * @param i the first row
   * @param scratch with the rows
   */
  public static void subtractLargest(int n, int columns, int i, float[] scratch) {
    if (columns == 0) {
      return;
    }
    FloatVector largest = FloatVector.fromArray(S, scratch, i);
    FloatVector best = FloatVector.zero(S);
    for (int j = 1, at = n + i; j < columns; j++, at += n) {
      FloatVector x = FloatVector.fromArray(S, scratch, at);
      // Methods of what was just loaded: of its class C2 is sure, without a profile.
      VectorMask<Float> keep = x.compare(VectorOperators.GT, largest).not();
      best = FloatVector.broadcast(S, (float) j).blend(best, keep);
      largest = x.blend(largest, keep);
    }
    largest.intoArray(scratch, LARGEST + i);
    best.intoArray(scratch, BEST + i);
    for (int j = 0, at = i; j < columns; j++, at += n) {
      FloatVector.fromArray(S, scratch, at).sub(largest).intoArray(scratch, at);
    }
  }

  /**
   * Sums of the exponentials, for a vector of rows. Partial sums that are +0 are left out:
   * exponentials are never -0, so they change no bit.
   *
   * @param n lanes of all rows
   * @param columns classes of a row
   * @param i the first row
   * @param scratch with the exponentials
   */
  public static void sum(int n, int columns, int i, float[] scratch) {
    if (columns == 0) {
      return;
    }
    for (int j = 0, at = i; j < columns; j++, at += n) {
      FloatVector e = FloatVector.fromArray(S, scratch, at);
      int to = PARTIAL + j % GROUP * L;
      if (j >= GROUP) {
        e = e.add(FloatVector.fromArray(S, scratch, to));
      }
      e.intoArray(scratch, to);
    }
    int count = Math.min(columns, GROUP);
    for (int width = GROUP / 2; width > 0; width /= 2) {
      for (int j = width; j < count; j++) {
        int to = PARTIAL + (j - width) * L;
        FloatVector.fromArray(S, scratch, to)
            .add(FloatVector.fromArray(S, scratch, PARTIAL + j * L))
            .intoArray(scratch, to);
      }
      count = Math.min(count, width);
    }
    FloatVector.fromArray(S, scratch, PARTIAL).intoArray(scratch, SUMS + i);
  }

  /**
   * Probabilities from the exponentials.
   *
   * @param rows of the exponentials
   * @param columns classes of a row
   * @param p overwritten, [rows][columns]
   * @param pOffset where they start
   * @param scratch with the exponentials, which are lost
   */
  public static void probabilities(int rows, int columns, float[] p, int pOffset, float[] scratch) {
    int n = lanes(rows);
    for (int i = 0; i < n; i += L) {
      FloatVector sums = FloatVector.fromArray(S, scratch, SUMS + i);
      for (int j = 0, at = i; j < columns; j++, at += n) {
        FloatVector.fromArray(S, scratch, at).div(sums).intoArray(scratch, at);
      }
    }
    store(rows, n, columns, p, pOffset, scratch);
  }

  /**
   * The gradient {@code (p - t) / divisor} from the exponentials.
   *
   * @param batch whose gradient is overwritten
   * @param from first row
   * @param rows of the exponentials
   * @param divisor the number of rows of the mini-batch
   * @param scratch with the exponentials, which are lost
   */
  public static void gradient(
      OutputBatch batch, int from, int rows, float divisor, float[] scratch) {
    if (rows == 0) {
      store(0, 0, 0, batch.gradient, 0, scratch); // a rehearsal: to be counted
      return;
    }
    int columns = batch.columns;
    int n = lanes(rows);
    for (int i = 0; i < rows; i++) {
      scratch[LABELS + i] = batch.labels[from + i]; // exact: there are few classes
    }
    FloatVector divisors = FloatVector.broadcast(S, divisor);
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int i = 0; i < n; i += L) {
      FloatVector sums = FloatVector.fromArray(S, scratch, SUMS + i);
      FloatVector t = FloatVector.fromArray(S, scratch, LABELS + i);
      for (int j = 0, at = i; j < columns; j++, at += n) {
        FloatVector p = FloatVector.fromArray(S, scratch, at).div(sums);
        VectorMask<Float> correct =
            FloatVector.broadcast(S, (float) j).compare(VectorOperators.EQ, t);
        p = p.blend(p.sub(one), correct);
        p.div(divisors).intoArray(scratch, at);
      }
    }
    store(rows, n, columns, batch.gradient, from * columns, scratch);
  }

  private static void load(int rows, int n, int columns, float[] x, int xOffset, float[] scratch) {
    for (int j = 0; j < columns; j++) {
      column(rows, n, x, xOffset + j, columns, scratch, j * n);
    }
  }

  /**
   * A class of all rows; a method of its own, to be compiled sooner: a JVM compiles what it has
   * called some 200 times, and a loop after 60,000 turns.
   */
  private static void column(
      int rows, int n, float[] x, int xOffset, int ldx, float[] scratch, int to) {
    for (int i = 0; i < n; i++) {
      scratch[to + i] = x[xOffset + Math.min(i, rows - 1) * ldx];
    }
  }

  private static void store(int rows, int n, int columns, float[] y, int yOffset, float[] scratch) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0, at = i; j < columns; j++, at += n) {
        y[yOffset + i * columns + j] = scratch[at];
      }
    }
  }

  /**
   * Losses and predicted classes, from the sums and the logits.
   *
   * @param batch whose losses and predicted classes are overwritten
   * @param from first row
   * @param rows of the exponentials
   * @param scratch with their sums
   */
  public static void losses(OutputBatch batch, int from, int rows, float[] scratch) {
    for (int i = 0; i < rows; i++) {
      int row = (from + i) * batch.columns;
      batch.losses[from + i] = loss(i, batch.outputs[row + batch.labels[from + i]], scratch);
      float sum = scratch[SUMS + i];
      batch.predicted[from + i] =
          sum == sum ? (int) scratch[BEST + i] : Rows.argmax(batch.columns, batch.outputs, row);
    }
  }

  private static float loss(int i, float logit, float[] scratch) {
    float x = logit - scratch[LARGEST + i];
    return Elementary.log(scratch[SUMS + i]) - x;
  }
}
