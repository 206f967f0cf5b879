package dev.lanewise.engine;

import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.kernel.KernelSet;
import dev.lanewise.kernel.gemm.Gemm;
import dev.lanewise.kernel.gemm.Orientation;
import dev.lanewise.kernel.gemm.Workspace;

/**
 * A matrix product on arrays of float, C = A B or with one operand transposed. It may begin with a
 * bias or with the values in C, and end with ReLU. A program makes one object per shape and thread,
 * and computes it as often as it needs; then a product allocates nothing.
 *
 * <p>Matrices are row-major. C, B and the mask have no gaps between their rows, which begin at an
 * offset of an array; rows of A may be farther apart. Each value of C is one chain of fused
 * multiply-adds in the order of k, {@code c = fma(a[i][p], b[p][j], c)} for p = 0, 1, ..., k - 1.
 * So the bits are the same on every machine.
 *
 * <p>This is a layer with 2304 inputs and 16 ReLUs for a mini-batch of 100 rows:
 *
 * <pre>{@code
 * Product layer = Product.nn(100, 16, 2304).relu();
 * layer.a(x, 0, 2304).b(w, 0).bias(b, 0).c(y, 0).multiply(100, 2304);
 * }</pre>
 */
public final class Product {
  private final Orientation orientation;
  private final int mostRows;
  private final int n;
  private final int mostTerms;
  private final Gemm gemm;
  private final Operand a = new Operand("A");
  private final Operand b = new Operand("B");
  private final Operand c = new Operand("C");
  private final Operand bias = new Operand("the bias");
  private final Operand mask = new Operand("the mask");

  /** An array and the place of a matrix in it. */
  private static final class Operand {
    final String name;
    float[] values; // null if the product has no such operand
    int offset;
    int distance; // between rows; 0 for rows without gaps
    long end; // index after the last value of the matrix

    Operand(String name) {
      this.name = name;
    }

    void set(float[] values, int offset, int distance) {
      this.values = values;
      this.offset = offset;
      this.distance = distance;
    }

    /** Checks a matrix of this size. */
    void check(int rows, int columns) {
      int step = distance == 0 ? columns : distance;
      end = offset + (rows - 1L) * step + columns;
      if (values == null) {
        throw new IllegalArgumentException("product: " + name + " is missing");
      } else if (offset < 0 || step < columns || end > values.length) {
        throw new IllegalArgumentException(
            "product: %s is %dx%d from index %d on, with %d from row to row: expected rows that do not overlap, in an array of %d"
                .formatted(name, rows, columns, offset, step, values.length));
      }
    }

    void checkApart(Operand other) {
      if (values == other.values && offset < other.end && other.offset < end) {
        throw new IllegalArgumentException(
            "product: " + name + " overlaps " + other.name + ": expected places of their own");
      }
    }
  }

  private Product(Orientation orientation, int m, int n, int k) {
    if (m < 1 || n < 1 || k < 1) {
      throw new IllegalArgumentException(
          "product of %dx%d with sums of %d terms: each must be at least 1".formatted(m, n, k));
    }
    this.orientation = orientation;
    mostRows = m;
    this.n = n;
    mostTerms = k;
    gemm = KernelSet.active().gemm(orientation, m, n, k, new Workspace());
  }

  /**
   * Makes a product C = A B, the forward pass of a layer.
   *
   * @param m largest number of rows of A and C
   * @param n columns of B and C
   * @param k largest number of columns of A and rows of B
   * @return the product, which has no operands yet
   * @throws IllegalArgumentException if a number is below 1
   */
  public static Product nn(int m, int n, int k) {
    return new Product(Orientation.NN, m, n, k);
  }

  /**
   * Makes a product C = A B<sup>T</sup>, the gradient with respect to the inputs of a layer.
   *
   * @param m largest number of rows of A and C
   * @param n rows of B and columns of C
   * @param k largest number of columns of A and B
   * @return the product, which has no operands yet
   * @throws IllegalArgumentException if a number is below 1
   */
  public static Product nt(int m, int n, int k) {
    return new Product(Orientation.NT, m, n, k);
  }

  /**
   * Makes a product C = A<sup>T</sup> B, the gradient of the weights of a layer.
   *
   * @param m largest number of columns of A and rows of C
   * @param n columns of B and C
   * @param k largest number of rows of A and B
   * @return the product, which has no operands yet
   * @throws IllegalArgumentException if a number is below 1
   */
  public static Product tn(int m, int n, int k) {
    return new Product(Orientation.TN, m, n, k);
  }

  /**
   * Multiplies once.
   *
   * @param a [m][k]
   * @param b [k][n]
   * @param m rows of A
   * @param n columns of B
   * @param k columns of A and rows of B
   * @return A B, [m][n]
   * @throws IllegalArgumentException if a number is below 1, or an array is too short
   */
  public static float[] of(float[] a, float[] b, int m, int n, int k) {
    Product product = nn(m, n, k);
    float[] c = new float[Math.multiplyExact(m, n)];
    product.a(a, 0, k).b(b, 0).c(c, 0).multiply(m, k);
    return c;
  }

  /**
   * {@return one line that says which kernels compute, why these, and how to get faster ones} Such
   * as {@code scalar kernels: the module jdk.incubator.vector is not loaded; run java with
   * --add-modules jdk.incubator.vector for the vector kernels}.
   */
  public static String kernels() {
    return KernelChoice.current().line();
  }

  /**
   * Sets A.
   *
   * @param values the array that contains the matrix
   * @param offset index of its first value
   * @param distance between the beginnings of its rows, at least their length
   * @return this
   */
  public Product a(float[] values, int offset, int distance) {
    a.set(values, offset, distance);
    gemm.a(values, offset, distance);
    return this;
  }

  /**
   * Sets B.
   *
   * @param values the array that contains the matrix
   * @param offset index of its first value
   * @return this
   */
  public Product b(float[] values, int offset) {
    b.set(values, offset, 0);
    gemm.b(values, offset);
    return this;
  }

  /**
   * Sets C, which a product overwrites. It must overlap no operand.
   *
   * @param values the array that contains the matrix
   * @param offset index of its first value
   * @return this
   */
  public Product c(float[] values, int offset) {
    c.set(values, offset, 0);
    gemm.c(values, offset);
    return this;
  }

  /**
   * Makes each sum begin with the bias of its column instead of 0.
   *
   * @param values the array that contains the n values
   * @param offset index of the first of them
   * @return this
   */
  public Product bias(float[] values, int offset) {
    bias.set(values, offset, 0);
    gemm.bias(values, offset);
    return this;
  }

  /**
   * Makes each sum begin with the value in C.
   *
   * @return this
   */
  public Product add() {
    bias.set(null, 0, 0);
    gemm.add();
    return this;
  }

  /**
   * Makes each sum end with ReLU: below 0 it becomes 0.
   *
   * @return this
   */
  public Product relu() {
    mask.set(null, 0, 0);
    gemm.relu();
    return this;
  }

  /**
   * Makes each sum end with the backward pass of ReLU: it stays where the mask is above 0, and
   * becomes 0 elsewhere.
   *
   * @param values the array that contains the outputs of the ReLU, [m][n]
   * @param offset index of the first of them
   * @return this
   */
  public Product mask(float[] values, int offset) {
    mask.set(values, offset, 0);
    gemm.mask(values, offset);
    return this;
  }

  /**
   * Computes C.
   *
   * @param m number of rows of C
   * @param k number of terms of the sums
   * @throws IllegalArgumentException if a number is below 1 or above that of the product, an
   *     operand is missing or ends after its array, or C overlaps another operand
   */
  public void multiply(int m, int k) {
    if (m < 1 || m > mostRows || k < 1 || k > mostTerms) {
      throw new IllegalArgumentException(
          "product of %d rows with sums of %d terms: at least 1 and at most %d rows and %d terms"
              .formatted(m, k, mostRows, mostTerms));
    }
    boolean isTn = orientation == Orientation.TN;
    boolean isNt = orientation == Orientation.NT;
    a.check(isTn ? k : m, isTn ? m : k);
    b.check(isNt ? n : k, isNt ? k : n);
    c.check(m, n);
    c.checkApart(a);
    c.checkApart(b);
    if (bias.values != null) {
      bias.check(1, n);
      c.checkApart(bias);
    }
    if (mask.values != null) {
      mask.check(m, n);
      c.checkApart(mask);
    }
    gemm.multiply(m, k);
  }
}
