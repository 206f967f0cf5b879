package dev.lanewise.trust;

/**
 * The covariance of rows with mean 0, shrunk toward a multiple of the identity by the share of
 * Ledoit and Wolf, "A well-conditioned estimator for large-dimensional covariance matrices", 2004.
 * All sums are in the order of the rows.
 */
final class ShrunkCovariance {
  private ShrunkCovariance() {}

  /**
   * Returns the inverse of the Cholesky factor of the shrunk covariance: applied to a vector, it
   * gives one whose squared length is the squared Mahalanobis distance.
   *
   * @param rows [count][d], row-major
   * @return a lower triangle, row by row
   */
  static double[] inverseFactor(double[] rows, int count, int d) {
    double[] covariance = shrunk(rows, count, d);
    factorise(covariance, d);
    double[] inverse = new double[d * (d + 1) / 2];
    for (int i = 0; i < d; i++) { // the inverse of a lower triangle, one row after the other
      int own = i * (i + 1) / 2;
      for (int j = 0; j <= i; j++) {
        double sum = i == j ? 1 : 0;
        for (int k = j; k < i; k++) {
          sum -= covariance[i * d + k] * inverse[k * (k + 1) / 2 + j];
        }
        inverse[own + j] = sum / covariance[i * d + i];
      }
    }
    return inverse;
  }

  /** Returns the shrunk covariance, [d][d], of which the lower triangle is filled. */
  static double[] shrunk(double[] rows, int count, int d) {
    double[] covariance = new double[d * d];
    double lengths = 0; // sum of the fourth powers of the lengths of the rows
    for (int row = 0; row < count; row++) {
      int at = row * d;
      double length = 0;
      for (int i = 0; i < d; i++) {
        double x = rows[at + i];
        length += x * x;
        for (int j = 0; j <= i && x != 0; j++) {
          covariance[i * d + j] += x * rows[at + j];
        }
      }
      lengths += length * length;
    }
    double trace = 0;
    double squares = 0;
    for (int i = 0; i < d; i++) {
      for (int j = 0; j <= i; j++) {
        double each = covariance[i * d + j] /= count;
        squares += (i == j ? 1 : 2) * each * each;
      }
      trace += covariance[i * d + i];
    }
    double mean = trace / d;
    double spread = (squares - d * mean * mean) / d; // around the multiple of the identity
    double error = (lengths / count - squares) / count / d;
    double share = spread > 0 ? Math.min(1, Math.max(error, 0) / spread) : 1;
    double least = mean > 0 ? mean * 1e-6 : 1; // where all outputs are the same
    for (int i = 0; i < d; i++) {
      for (int j = 0; j <= i; j++) {
        covariance[i * d + j] *= 1 - share;
      }
      covariance[i * d + i] += Math.max(share * mean, least);
    }
    return covariance;
  }

  /** Replaces the lower triangle of a positive definite matrix by its Cholesky factor. */
  private static void factorise(double[] a, int d) {
    for (int i = 0; i < d; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = a[i * d + j];
        for (int k = 0; k < j; k++) {
          sum -= a[i * d + k] * a[j * d + k];
        }
        a[i * d + j] = i == j ? Math.sqrt(sum) : sum / a[j * d + j];
      }
    }
  }
}
