package dev.lanewise.data.internal;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.nn.Scaling;
import java.util.Arrays;

/**
 * Finds the median and quartiles of features. Each feature needs all its rows in memory, so only
 * some features are fitted at a time.
 */
final class RobustFit {
  /** Maximum number of values in memory at a time: 64 MB, or less with little memory. */
  private static final long NUMBERS = Math.min(1 << 23, Runtime.getRuntime().maxMemory() >> 6);

  private static final double LOWER = 0.25;
  private static final double MIDDLE = 0.5;
  private static final double UPPER = 0.75;

  private final RawRows rows;
  private final double[] median; // [features]
  private final double[] range; // [features]

  private RobustFit(RawRows rows) {
    this.rows = rows;
    median = new double[rows.features()];
    range = new double[rows.features()];
  }

  /** Fits the scaling on the first {@code count} rows of an order (null: 0, 1, 2, ...). */
  static Scaling of(RawRows rows, int[] order, int count) throws FormatException {
    RobustFit fit = new RobustFit(rows);
    boolean[] scaled = rows.scaledFeatures();
    int[] group = new int[Math.max(1, (int) Math.min(rows.features(), NUMBERS / count))];
    int used = 0;
    for (int j = 0; j < rows.features(); j++) {
      if (scaled != null && !scaled[j]) {
        fit.range[j] = Double.NaN;
      } else {
        group[used++] = j;
      }
      if (used == group.length || used > 0 && j == rows.features() - 1) {
        int n = used;
        rows.share(
            (part, parts) -> {
              int from = n * part / parts;
              int to = n * (part + 1) / parts;
              fit.fit(order, count, Arrays.copyOfRange(group, from, to));
            });
        used = 0;
      }
    }
    return Scaling.robust(fit.median, fit.range);
  }

  private void fit(int[] order, int count, int[] group) throws FormatException {
    double[][] columns = new double[group.length][count];
    int[] present = new int[group.length];
    if (!rows.copyColumns(group, count, columns, present)) {
      copyColumns(order, count, group, columns);
      Arrays.fill(present, count);
    }
    for (int g = 0; g < group.length; g++) {
      fit(group[g], columns[g], present[g]);
    }
  }

  private void copyColumns(int[] order, int count, int[] group, double[][] columns)
      throws FormatException {
    double[] row = new double[rows.features()];
    for (int i = 0; i < count; i++) {
      int r = order == null ? i : order[i];
      rows.copyRow(r, row);
      for (int g = 0; g < group.length; g++) {
        rows.checkFinite(r, group[g], row[group[g]]);
        columns[g][i] = row[group[g]];
      }
    }
  }

  private void fit(int j, double[] numbers, int n) throws FormatException {
    if (n == 0) { // a feature without values is constant
      return;
    }
    double[] quartiles = Quantiles.ofUnsorted(numbers, n, LOWER, MIDDLE, UPPER);
    median[j] = quartiles[1];
    range[j] = quartiles[2] - quartiles[0];
    if (range[j] == 0 || !Double.isFinite(range[j])) {
      Arrays.sort(numbers, 0, n);
      range[j] = range[j] == 0 ? (numbers[n - 1] - numbers[0]) / 2 : range[j];
    }
    if (!Double.isFinite(range[j]) || !Double.isFinite(median[j])) {
      String column = rows.feature(j).replaceFirst("^column ", "");
      throw new FormatException(
          rows.where(),
          "%s goes from %s to %s, expected a finite range%s",
          rows.feature(j),
          numbers[0],
          numbers[n - 1],
          rows.isTable() ? Message.of(" (%s leaves it out)", Remedy.IGNORE.with(column)) : "");
    }
  }
}
