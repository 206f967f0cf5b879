package dev.lanewise.kernel;

/**
 * Where the values of a packed k x n matrix stand: in panels of some vectors of columns, one after
 * the other, each with its rows side by side; the last is as narrow as whole vectors allow.
 */
final class PackedPanels {
  private static final int L = Lanes.LENGTH;

  static final int VECTORS = Lanes.REGISTERS >= 32 ? GemmPlan.VECTORS_32 : GemmPlan.VECTORS_16;

  private PackedPanels() {}

  /** Columns of the panels of a k x n matrix. */
  static int columns(int n) {
    return GemmPlan.vectors(n, VECTORS, L, Lanes.TALL) * L;
  }

  /** Where column j of a packed matrix starts. */
  static int offset(int n, int k, int j) {
    int nr = columns(n);
    return j / nr * nr * k + j % nr;
  }

  /** The distance of the rows of the panel that holds column j of a packed matrix. */
  static int step(int n, int k, int j) {
    int nr = columns(n);
    return (Math.min(nr, n - j / nr * nr) + L - 1) / L * L;
  }
}
