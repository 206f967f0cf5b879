package dev.lanewise.model;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.internal.Quantiles;
import dev.lanewise.format.ArgumentException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * Bins of scaled features, which a network may see besides the features. A feature z with the edges
 * e<sub>0</sub> &lt; e<sub>1</sub> &lt; ... gives one input per bin, {@code clip((z - e[i]) / (e[i
 * + 1] - e[i]), 0, 1)}, computed in double and rounded once: bins below z are 1, those above it 0.
 * It is a piecewise linear encoding (Gorishniy, Rubachev and Babenko, "On Embeddings for Numerical
 * Features in Tabular Deep Learning", 2022) that is clipped at both ends.
 *
 * <p>The inputs of the bins follow the scaled features of a row, in the order of the features.
 */
public final class Bins {

  final double[][] edges; // [features][bins + 1], or [features][0] without bins
  private final int count;

  /**
   * Makes bins.
   *
   * @param edges [features][edges], ascending and finite: none, or at least two for each feature;
   *     copied
   * @throws IllegalArgumentException if the edges differ, or there are no bins at all
   */
  public Bins(double[][] edges) {
    this.edges = new double[Objects.requireNonNull(edges, "edges").length][];
    int bins = 0;
    for (int j = 0; j < edges.length; j++) {
      double[] own = edges[j].clone();
      for (int i = 0; i < own.length; i++) {
        boolean ascends = i == 0 ? own.length > 1 : own[i] > own[i - 1];
        if (!ascends || !Double.isFinite(own[i])) {
          throw new ArgumentException(
              "bins: feature %s has the edges %s, expected two or more ascending finite numbers",
              j, Arrays.toString(own));
        }
      }
      this.edges[j] = own;
      bins += Math.max(0, own.length - 1);
    }
    if (bins == 0) {
      throw new ArgumentException(
          "bins: no feature of %s has bins, expected bins of at least one feature", edges.length);
    }
    count = bins;
  }

  /**
   * Fits bins to the scaled features of training rows: the edges are the distinct quantiles 0,
   * 1/count, ..., 1 of each feature with more than two different values.
   *
   * @param data its training rows are used
   * @param count bins of a feature, at least 1
   * @return the bins; empty if no feature has more than two different values
   * @throws IllegalArgumentException if the count is below 1
   */
  public static Optional<Bins> of(Dataset data, int count) {
    if (count < 1) {
      throw new IllegalArgumentException(count + " bins, expected at least 1");
    }
    Rows rows = data.train();
    double[] shares = new double[count + 1];
    Arrays.setAll(shares, i -> (double) i / count);
    double[][] edges = new double[rows.features()][0];
    float[] column = new float[rows.rows()];
    double[] values = new double[column.length];
    boolean any = false;
    for (int j = 0; j < edges.length; j++) {
      rows.copyColumns(null, 0, column.length, j, 1, column, 0);
      Arrays.setAll(values, i -> column[i] + 0.0); // turns -0 into 0
      if (Arrays.stream(values).distinct().limit(3).count() > 2) {
        double[] quantiles = Quantiles.ofUnsorted(values, values.length, shares);
        edges[j] = Arrays.stream(quantiles).sorted().distinct().toArray();
        any = true;
      }
    }
    return any ? Optional.of(new Bins(edges)) : Optional.empty();
  }

  /** {@return the number of features of a row, with or without bins} */
  public int features() {
    return edges.length;
  }

  /** {@return the number of bins of all features} */
  public int count() {
    return count;
  }

  /**
   * {@return the edges of a feature's bins, ascending, a copy; none if the feature has no bins}
   *
   * @param feature from 0
   */
  public double[] edges(int feature) {
    return edges[feature].clone();
  }

  /**
   * Computes the inputs of a row's bins.
   *
   * @param row holds the scaled features, [features], from an offset on
   * @param from the offset
   * @param inputs receives the bins, [count], from an offset on
   * @param to the offset
   */
  public void encode(float[] row, int from, float[] inputs, int to) {
    Objects.requireNonNull(row, "row");
    Objects.requireNonNull(inputs, "inputs");
    int at = to;
    for (int j = 0; j < edges.length; j++) {
      double[] e = edges[j];
      double z = row[from + j];
      for (int i = 1; i < e.length; i++) {
        // Most bins need no division. A NaN fails both comparisons and stays a NaN.
        inputs[at++] =
            z <= e[i - 1] ? 0 : z >= e[i] ? 1 : (float) ((z - e[i - 1]) / (e[i] - e[i - 1]));
      }
    }
  }

  /** Returns the bins whose edges are stored one after another, with the number of each. */
  static Bins of(long[] counts, double[] all) {
    double[][] edges = new double[counts.length][];
    int at = 0;
    for (int j = 0; j < edges.length; j++) {
      if (counts[j] < 0 || counts[j] > all.length - at) {
        throw new ArgumentException(
            "bins: feature %s has %s edges, expected 0 to %s, which are left",
            j, counts[j], all.length - at);
      }
      edges[j] = Arrays.copyOfRange(all, at, at += (int) counts[j]);
    }
    if (at != all.length) {
      throw new ArgumentException(
          "bins: %s edges, expected %s as the features have", all.length, at);
    }
    return new Bins(edges);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bins that && Arrays.deepEquals(edges, that.edges);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(edges);
  }

  /** {@return such as {@code Bins[128 of 8 features]}} */
  @Override
  public String toString() {
    return "Bins[%s of %s features]".formatted(count, edges.length);
  }
}
