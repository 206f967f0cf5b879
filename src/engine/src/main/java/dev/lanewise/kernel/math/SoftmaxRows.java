package dev.lanewise.kernel.math;

import dev.lanewise.kernel.simd.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Softmax of many short rows at once, one row per lane. Row by row, 7 classes would leave half a
 * vector idle, and sums and logarithms would wait for each other, which takes four times as long.
 * The scratch holds the rows transposed: class j of n rows starts at {@code j * n}. So everything
 * but the two transposes uses whole vectors; the transposes are plain loops, because squares of
 * vectors would be half empty. Lanes without a row repeat the last row. Each row's sum keeps the
 * order of the contract.
 */
public final class SoftmaxRows {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;
  private static final int GROUP = RowMath.PARTIAL_SUMS;

  /** Largest number of classes; a row with more fills vectors by itself. */
  public static final int COLUMNS = 32;

  /** Smallest number of rows: 4 rows of 10 classes, or 6 of 32, take as long one by one. */
  private static final int FEWEST = 6;

  /** Largest number of rows at once: with 32 columns they take half an L1 cache. */
  static final int ROWS = 128;

  // Places in the scratch, after the rows.
  private static final int SUMS = COLUMNS * ROWS;
  private static final int LARGEST = SUMS + ROWS;
  private static final int BEST = LARGEST + ROWS;
  private static final int LABELS = BEST + ROWS;
  private static final int PARTIAL = LABELS + ROWS;

  /** Number of floats of scratch. */
  public static final int SCRATCH = PARTIAL + GROUP * 16;

  private SoftmaxRows() {}

  /**
   * {@return how many of the remaining rows are computed together, or 0 if there are too few to
   * gain time}
   */
  public static int together(int rows, int columns) {
    return columns <= COLUMNS && rows >= FEWEST ? Math.min(rows, ROWS) : 0;
  }

  /** Returns the number of rows, rounded up to whole vectors. */
  private static int lanes(int rows) {
    return (rows + L - 1) / L * L;
  }

  /**
   * Computes the exponentials of rows, and their sums, in the scratch.
   *
   * @param rows number of rows, as {@link #together} returns it
   * @param x the logits, [rows][columns]
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
   * Subtracts its largest value from each of a vector of rows. For a row with NaN this may be
   * another value, but then all later results are NaN anyway.
   *
   * @param n number of all rows, rounded up to whole vectors
   * @param i index of the first row
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
      // These are methods of the vector just loaded, whose class C2 knows without a profile.
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
   * Sums the exponentials of a vector of rows. Partial sums that are +0 are left out. That changes
   * no bit, because exponentials are never -0.
   *
   * @param n number of all rows, rounded up to whole vectors
   * @param i index of the first row
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
   * Computes probabilities from the exponentials.
   *
   * @param p overwritten, [rows][columns]
   * @param scratch with the exponentials, which are overwritten
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
   * Computes the gradient {@code (p - t) / divisor} from the exponentials.
   *
   * @param batch whose gradient is overwritten
   * @param divisor the number of rows of the mini-batch
   * @param scratch with the exponentials, which are overwritten
   */
  public static void gradient(
      OutputBatch batch, int from, int rows, float divisor, float[] scratch) {
    if (rows == 0) {
      store(
          0, 0, 0, batch.gradient, 0, scratch); // an empty call of a warm-up, which the JVM counts
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
   * Loads a class of all rows. A separate method is compiled sooner: a JVM compiles a method after
   * some 200 calls, but a loop after 60,000 iterations.
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
   * Computes losses and predicted classes from the sums and the logits.
   *
   * @param batch whose losses and predicted classes are overwritten
   * @param scratch with the sums of the exponentials
   */
  public static void losses(OutputBatch batch, int from, int rows, float[] scratch) {
    for (int i = 0; i < rows; i++) {
      int row = (from + i) * batch.columns;
      batch.losses[from + i] = loss(i, batch.outputs[row + batch.labels[from + i]], scratch);
      float sum = scratch[SUMS + i];
      batch.predicted[from + i] =
          sum == sum ? (int) scratch[BEST + i] : RowMath.argmax(batch.columns, batch.outputs, row);
    }
  }

  private static float loss(int i, float logit, float[] scratch) {
    float x = logit - scratch[LARGEST + i];
    return Elementary.log(scratch[SUMS + i]) - x;
  }
}
