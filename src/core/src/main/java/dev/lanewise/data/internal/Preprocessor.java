package dev.lanewise.data.internal;

import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.nn.Scaling;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** Chooses the scaling of features, and makes a split from raw rows. */
public final class Preprocessor {
  static final double BYTE = 255;

  /** Integers with one above this are taken for bytes. */
  private static final double HALF = 127;

  /** Values that are scaled at a time; they fit the L1 cache. */
  private static final int BLOCK = 1 << 12;

  private static final int MOST_NUMBERS = Integer.MAX_VALUE - 8;

  private Preprocessor() {}

  /** Chooses the scaling by the first {@code count} rows of an order (null: 0, 1, 2, ...). */
  public static Scaling choose(ScaleChoice choice, RawRows rows, int[] order, int count)
      throws FormatException {
    Scaling fixed = choice.fixed();
    if (fixed != null) {
      int expected = fixed.features().orElse(rows.features());
      if (rows.features() != expected) {
        throw new FormatException(
            rows.where(),
            "rows of %s features, expected %s as the scaling (that of a model?) has",
            rows.features(),
            expected);
      }
      return spared(fixed, rows);
    }
    boolean byRule = choice == ScaleChoice.auto() || choice == ScaleChoice.bytesOrNone();
    if (byRule && !rows.isTable() && (rows.storesBytes() || looksLikeBytes(rows, order, count))) {
      return Scaling.divide(BYTE);
    }
    if (choice == ScaleChoice.bytesOrNone()) {
      return Scaling.none();
    }
    if (choice == ScaleChoice.robust() || rows.isTable() && byRule) {
      return RobustFit.of(rows, order, count);
    }
    boolean minMax = choice == ScaleChoice.minMax();
    return fit(rows, order, count, minMax).scaling(minMax, rows.scaledFeatures());
  }

  /** Restricts the division by one number to the features that are to be scaled. */
  private static Scaling spared(Scaling fixed, RawRows rows) {
    boolean[] scaled = rows.scaledFeatures();
    if (scaled == null || fixed.kind() != Scaling.Kind.DIVIDE) {
      return fixed;
    }
    double[] divisors = new double[scaled.length];
    boolean all = true;
    for (int j = 0; j < divisors.length; j++) {
      divisors[j] = scaled[j] ? fixed.divisor()[0] : 1;
      all &= scaled[j];
    }
    return all ? fixed : Scaling.standardise(new double[divisors.length], divisors);
  }

  private static boolean looksLikeBytes(RawRows rows, int[] order, int count)
      throws FormatException {
    double[] row = new double[rows.features()];
    double largest = 0;
    for (int i = 0; i < count; i++) {
      int r = order == null ? i : order[i];
      rows.copyRow(r, row);
      for (int j = 0; j < row.length; j++) {
        if (!(row[j] >= 0 && row[j] <= BYTE && row[j] == (int) row[j])) {
          rows.checkFinite(r, j, row[j]);
          return false;
        }
        largest = Math.max(largest, row[j]);
      }
    }
    return largest > HALF;
  }

  /** Fits the scaling of targets on training rows. */
  public static Scaling ofTargets(ScaleChoice choice, Rows train) {
    double[] row = new double[train.outputs()];
    FeatureStatistics statistics = new FeatureStatistics(row.length);
    for (int i = 0; i < 2 * train.rows(); i++) {
      int r = i % train.rows();
      for (int k = 0; k < row.length; k++) {
        row[k] = train.target(r, k);
      }
      if (i == r) {
        statistics.add(row);
      } else {
        statistics.addAgain(row);
      }
    }
    statistics.finish(); // always finite because targets are in the range of floats
    return statistics.scaling(choice == ScaleChoice.minMax(), null);
  }

  private static FeatureStatistics fit(RawRows rows, int[] order, int count, boolean minMax)
      throws FormatException {
    double[] row = new double[rows.features()];
    FeatureStatistics statistics = new FeatureStatistics(row.length);
    int[] quick = order == null ? firstInReadingOrder(rows, count) : order;
    for (int i = 0; i < count; i++) {
      int r = quick == null ? i : quick[i];
      rows.copyPresent(r, row);
      for (int j = 0; j < row.length; j++) {
        checkPresent(rows, r, j, row[j]);
      }
      statistics.add(row);
    }
    for (int i = 0; i < count && !minMax; i++) {
      rows.copyPresent(quick == null ? i : quick[i], row);
      statistics.addAgain(row);
    }
    int wide = minMax ? statistics.tooWide() : statistics.finish();
    if (wide >= 0) {
      throw new FormatException(
          rows.where(),
          "%s goes from %s to %s, expected %s",
          rows.feature(wide),
          statistics.minimum[wide],
          statistics.maximum[wide],
          minMax ? "a finite range" : "numbers whose squares are finite");
    }
    return statistics;
  }

  /** Returns the first rows in the order of fastest reading; null: 0, 1, 2, ... */
  private static int[] firstInReadingOrder(RawRows rows, int count) {
    int[] order = rows.readingOrder();
    return order == null ? null : Arrays.stream(order).filter(row -> row < count).toArray();
  }

  /** Checks and scales all rows. Rows of a mapped file are scaled later, when they are copied. */
  public static Rows split(RawRows rows, Scaling scaling) throws FormatException {
    Labels labels = rows.labels();
    RowSource mapped = rows.under(scaling);
    if (mapped != null) {
      return RowRange.split(mapped, labels, scaling);
    }
    int features = rows.features();
    if (ByteRows.scales(scaling)) {
      byte[] stored = rows.bytes();
      byte[] bytes = stored != null ? stored : wholeBytes(rows);
      if (bytes != null) {
        RowSource source = new ByteRows(bytes, features, scaling, stored != null);
        return RowRange.split(source, labels, scaling);
      }
    }
    long size = (long) rows.rows() * features;
    if (size > MOST_NUMBERS) {
      throw new FormatException(
          rows.where(),
          "%s rows of %s inputs are %s numbers, expected at most %s (of a table %s and %s"
              + " make fewer inputs)",
          rows.rows(),
          features,
          size,
          MOST_NUMBERS,
          Remedy.IGNORE.with("NAME"),
          Remedy.MIN_COUNT.with());
    }
    float[] scaled = new float[(int) size];
    scale(rows, rows.readingOrder(), 0, rows.rows(), scaling, scaled, 0);
    return RowRange.split(new FloatRows(scaled, features), labels, scaling);
  }

  /**
   * Checks and scales rows at positions [from, to) of an order (null: 0, 1, 2, ...).
   *
   * @param scaled receives the rows
   * @param first each row goes to its row number minus this; if -1, rows are written one after the
   *     other in the order
   */
  public static void scale(
      RawRows rows, int[] order, int from, int to, Scaling scaling, float[] scaled, int first)
      throws FormatException {
    rows.share(
        (part, parts) -> {
          int start = from + (int) ((long) (to - from) * part / parts);
          int end = from + (int) ((long) (to - from) * (part + 1) / parts);
          scalePart(rows, order, start, end, scaling, scaled, first < 0 ? -1 - from : first);
        });
  }

  /**
   * Scales rows. The result of row {@code first} comes first; if it is negative, that of the
   * position {@code -1 - first} in {@code order}.
   */
  private static void scalePart(
      RawRows rows, int[] order, int from, int to, Scaling scaling, float[] scaled, int first)
      throws FormatException {
    int features = rows.features();
    int most = Math.max(1, BLOCK / features);
    double[] block = new double[most * features];
    int i = from;
    while (i < to) {
      int count = Math.min(most, to - i);
      try {
        rows.copyRows(order, i, count, block);
      } catch (UncheckedIOException e) {
        if (count == 1) {
          throw e;
        }
        most = 1; // finds the first of several errors
        continue;
      }
      for (int k = 0; k < count; k++) {
        int r = order == null ? i + k : order[i + k];
        int to0 = (first < 0 ? i + k + 1 + first : r - first) * features;
        for (int j = 0; j < features; j++) {
          double raw = block[k * features + j];
          float value = scaling.scale(raw, j);
          if (!Float.isFinite(value)) {
            throw rows.notFinite(r, j, raw, scaling);
          }
          scaled[to0 + j] = value;
        }
      }
      i += count;
    }
  }

  /** Returns the rows as bytes, or null if a value is not a byte. */
  private static byte[] wholeBytes(RawRows rows) {
    double[] row = new double[rows.features()];
    byte[] bytes = null;
    int[] order = rows.readingOrder();
    for (int i = 0; i < rows.rows(); i++) {
      int r = order == null ? i : order[i];
      rows.copyRow(r, row);
      for (int j = 0; j < row.length; j++) {
        if (!isByte(row[j])) {
          return null;
        }
        if (bytes == null) { // allocated after the first byte: most data has none
          bytes = new byte[rows.rows() * row.length];
        }
        bytes[r * row.length + j] = (byte) (int) row[j];
      }
    }
    return bytes;
  }

  /** Returns whether a byte represents a value exactly; -0 would lose its sign. */
  static boolean isByte(double value) {
    return value >= 0
        && value <= BYTE
        && value == (int) value
        && Double.doubleToRawLongBits(value) >= 0;
  }

  /** Checks a value, except of a table: its cells are checked, and NaN means missing. */
  static void checkPresent(RawRows rows, int row, int feature, double value)
      throws FormatException {
    if (!rows.isTable()) {
      rows.checkFinite(row, feature, value);
    }
  }
}
