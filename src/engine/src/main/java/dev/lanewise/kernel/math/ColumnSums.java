package dev.lanewise.kernel.math;

import dev.lanewise.kernel.simd.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Sums down the columns of a matrix. A lane is a column, so each sum adds the rows in order. */
public final class ColumnSums {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;

  private ColumnSums() {}

  /**
   * Computes the sums of the columns that fill vectors.
   *
   * @param x [rows][columns]
   * @param ldx distance between the rows of x
   * @param sums overwritten
   * @return the number of these columns
   */
  public static int vectors(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] sums, int sumsOffset) {
    if (columns == 0) {
      return 0;
    }
    int j = 0;
    // Four vectors at a time, because a single one would wait for the latency of its additions.
    for (; j + 4 * L <= columns; j += 4 * L) {
      FloatVector s0 = FloatVector.zero(S);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      for (int i = 0, row = xOffset + j; i < rows; i++, row += ldx) {
        s0 = s0.add(FloatVector.fromArray(S, x, row));
        s1 = s1.add(FloatVector.fromArray(S, x, row + L));
        s2 = s2.add(FloatVector.fromArray(S, x, row + 2 * L));
        s3 = s3.add(FloatVector.fromArray(S, x, row + 3 * L));
      }
      s0.intoArray(sums, sumsOffset + j);
      s1.intoArray(sums, sumsOffset + j + L);
      s2.intoArray(sums, sumsOffset + j + 2 * L);
      s3.intoArray(sums, sumsOffset + j + 3 * L);
    }
    for (; j + L <= columns; j += L) {
      FloatVector s = FloatVector.zero(S);
      for (int i = 0, row = xOffset + j; i < rows; i++, row += ldx) {
        s = s.add(FloatVector.fromArray(S, x, row));
      }
      s.intoArray(sums, sumsOffset + j);
    }
    return j;
  }
}
