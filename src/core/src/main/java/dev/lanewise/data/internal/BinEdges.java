package dev.lanewise.data.internal;

import dev.lanewise.data.Split;
import dev.lanewise.nn.Bins;
import java.util.Arrays;
import java.util.Optional;

/** Fits bins to the scaled features of rows. */
public final class BinEdges {
  private static final int CHUNK = 256; // rows that are read at once where columns cannot be

  private BinEdges() {}

  /**
   * Returns bins whose edges are the distinct quantiles 0, 1/count, ..., 1 of each feature with
   * more than two different values; empty if there is no such feature.
   */
  public static Optional<Bins> of(Split rows, int count) {
    double[] shares = new double[count + 1];
    Arrays.setAll(shares, i -> (double) i / count);
    double[][] edges = new double[rows.features()][0];
    float[] column = new float[rows.rows()];
    double[] values = new double[column.length];
    boolean any = false;
    for (int j = 0; j < edges.length; j++) {
      copy(rows, j, column);
      Arrays.setAll(values, i -> column[i] + 0.0); // turns -0 into 0
      if (Arrays.stream(values).distinct().limit(3).count() > 2) {
        double[] quantiles = Quantiles.ofUnsorted(values, values.length, shares);
        edges[j] = Arrays.stream(quantiles).sorted().distinct().toArray();
        any = true;
      }
    }
    return any ? Optional.of(new Bins(edges)) : Optional.empty();
  }

  /** Copies a feature of all rows. */
  private static void copy(Split rows, int feature, float[] column) {
    if (rows.copyColumns(null, 0, column.length, feature, 1, column, 0)) {
      return;
    }
    int width = rows.features();
    float[] chunk = new float[CHUNK * width];
    for (int first = 0; first < column.length; first += CHUNK) {
      int some = Math.min(CHUNK, column.length - first);
      rows.copyRows(null, first, some, chunk, 0);
      for (int i = 0; i < some; i++) {
        column[first + i] = chunk[i * width + feature];
      }
    }
  }
}
