package dev.lanewise.kernel;

/**
 * Rows of features in blocks of {@value #LENGTH} features: of each block all rows, one after the
 * other (a "blocked" layout, as libraries for convolutions have for channels). Here every eighth
 * feature of a row is a constant away from the last for a tile that takes some rows, and every row
 * for a tile that takes some features, as the forward pass and the gradient of a first layer do; in
 * rows of their own length these tiles spend as many instructions on places as on sums.
 *
 * <p>Wherever a distance of rows, {@code ld}, is below 0, the matrix stands in blocks, {@code -ld}
 * floats from one to the next: element (i, j) at {@code j / 8 * -ld + i * 8 + j % 8}. The last
 * block may have fewer features, but takes as much room.
 */
public final class Blocks {
  /** Features of a block. */
  public static final int LENGTH = MicroKernels.BLOCK;

  private Blocks() {}

  /**
   * Floats from one block to the next: those of the rows, and a few by which the same rows of
   * different blocks fall into different sets of a cache.
   *
   * @param rows how many rows
   * @return the distance, above 0
   */
  public static int step(int rows) {
    return Math.addExact(Math.multiplyExact(rows, LENGTH), LENGTH);
  }

  /**
   * Floats that rows take in blocks.
   *
   * @param rows how many rows
   * @param features how many features a row has
   * @return their number, which may be too large for an array
   */
  public static long size(int rows, int features) {
    return ((long) features + LENGTH - 1) / LENGTH * step(rows);
  }

  /**
   * Where an element stands, in blocks or in rows.
   *
   * @param row its row
   * @param column its column; of a block the first where more than one is meant
   * @param ld the distance of rows, or below 0 that of blocks
   * @return its place behind that of element (0, 0)
   */
  public static int place(int row, int column, int ld) {
    return ld < 0 ? column / LENGTH * -ld + row * LENGTH + column % LENGTH : row * ld + column;
  }

  /** The row at a place of an order; null stands for 0, 1, 2, ... */
  static int row(int[] order, int place) {
    return order == null ? place : order[place];
  }

  /**
   * The product of an A that stands in blocks, block by block, by kernels that take rows: in {@link
   * Orientation#NN} and {@link Orientation#NT} a block has {@value #LENGTH} terms of all sums, in
   * {@link Orientation#TN} all terms of some.
   */
  static void gemm(
      Kernels kernels,
      Orientation orientation,
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      int ldb,
      float[] c,
      int cOffset,
      int ldc,
      Initial initial,
      float[] bias,
      int biasOffset,
      Epilogue epilogue,
      float[] mask,
      int maskOffset,
      int ldmask,
      float[] workspace) {
    boolean tn = orientation == Orientation.TN;
    int bStep = orientation == Orientation.NT ? 1 : ldb;
    int all = tn ? m : k;
    int done = 0;
    do {
      int length = Math.min(LENGTH, all - done);
      boolean first = tn || done == 0;
      boolean last = tn || done + length == all;
      kernels.gemm(
          orientation,
          tn ? length : m,
          n,
          tn ? k : length,
          a,
          aOffset + place(0, done, lda),
          LENGTH,
          b,
          tn ? bOffset : bOffset + done * bStep,
          ldb,
          c,
          tn ? cOffset + done * ldc : cOffset,
          ldc,
          first ? initial : Initial.RESULT,
          bias,
          biasOffset,
          last ? epilogue : Epilogue.NONE,
          mask,
          tn ? maskOffset + done * ldmask : maskOffset,
          ldmask,
          workspace);
      done += length;
    } while (done < all);
  }
}
