package dev.lanewise.kernel.gemm;

/**
 * A k x n matrix B that many products share, copied into the layout that they read fastest: panels
 * of several columns, one after the other, in each of which the rows follow without gaps. The last
 * panel is as narrow as whole vectors allow, and padded with zeros.
 */
public final class PackedMatrix {
  /**
   * Index of the first value, chosen so that each vector lies within one cache line, which is read
   * faster. Java does not reveal addresses, but G1 puts a large array at the start of a region, and
   * after its header of 16 bytes a cache line begins at this index.
   */
  static final int START = 12;

  final float[] values;
  final int n; // columns
  final int k; // rows
  final int panel; // columns of a panel
  private final int lanes;

  private PackedMatrix(int n, int k, float[] b, int bOffset, int panel, int lanes) {
    this.n = n;
    this.k = k;
    this.panel = panel;
    this.lanes = lanes;
    values = new float[START + (n + lanes - 1) / lanes * lanes * k];
    for (int j = 0; j < n; j += panel) {
      int width = Math.min(panel, n - j);
      for (int p = 0, to = offset(j); p < k; p++, to += step(j)) {
        System.arraycopy(b, bOffset + p * n + j, values, to, width);
      }
    }
  }

  /**
   * Copies a matrix for the scalar kernels, as a single panel without padding.
   *
   * @param n columns
   * @param k rows
   * @param b [k][n], row-major
   * @return the copy; null if it would be too large for an array
   */
  public static PackedMatrix ofRows(int n, int k, float[] b, int bOffset) {
    return of(n, k, b, bOffset, n, 1);
  }

  /** Copies a matrix into panels of some columns, whose rows are padded to whole lanes. */
  static PackedMatrix of(int n, int k, float[] b, int bOffset, int panel, int lanes) {
    long length = ((long) n + lanes - 1) / lanes * lanes * k;
    return length > Integer.MAX_VALUE - 8 - START
        ? null
        : new PackedMatrix(n, k, b, bOffset, panel, lanes);
  }

  /** Returns the index at which the panel that begins with column j starts. */
  int offset(int j) {
    return START + j * k;
  }

  /** Returns the distance between the rows of the panel that begins with column j. */
  int step(int j) {
    return (Math.min(panel, n - j) + lanes - 1) / lanes * lanes;
  }
}
