package dev.lanewise.data.internal;

import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.Split;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.Remedy;
import dev.lanewise.nn.Scaling;
import dev.lanewise.parallel.Team;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** Chooses how features are scaled, and turns raw rows into a split. */
public final class Preprocessor {
  static final double BYTE = 255;

  /** Whole numbers up to here may be anything; one above, and they are taken for bytes. */
  private static final double HALF = 127;

  /** Numbers that are scaled at a time, which stay in the nearest cache. */
  private static final int BLOCK = 1 << 12;

  /** What an array holds. */
  private static final int MOST_NUMBERS = Integer.MAX_VALUE - 8;

  private Preprocessor() {}

  /** The scaling for data whose training rows are the first of an order; null: as they stand. */
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

  /** One number for all features divides those that are to be scaled only. */
  private static Scaling spared(Scaling fixed, RawRows rows) {
    boolean[] scaled = rows.scaledFeatures();
    if (scaled == null || !(fixed instanceof Scaling.Divide divide)) {
      return fixed;
    }
    double[] divisors = new double[scaled.length];
    boolean all = true;
    for (int j = 0; j < divisors.length; j++) {
      divisors[j] = scaled[j] ? divide.divisor() : 1;
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
          checkFinite(rows, r, j, row[j]);
          return false;
        }
        largest = Math.max(largest, row[j]);
      }
    }
    return largest > HALF;
  }

  /** The scaling for targets whose training rows are these. */
  public static Scaling ofTargets(ScaleChoice choice, Split train) {
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
    statistics.finish(); // always finite: the targets are floats
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

  /** The first rows in the order in which they are read fastest; null: as they stand. */
  private static int[] firstInReadingOrder(RawRows rows, int count) {
    int[] order = rows.readingOrder();
    return order == null ? null : Arrays.stream(order).filter(row -> row < count).toArray();
  }

  /** Checks and scales all rows; those of a mapped file later, when they are copied. */
  public static Split split(RawRows rows, Scaling scaling) throws FormatException {
    Labels labels = rows.labels();
    RowSource mapped = rows.mapped(scaling);
    if (mapped != null) {
      return DataParts.access().split(mapped, labels, scaling);
    }
    int features = rows.features();
    if (ByteRows.scales(scaling)) {
      byte[] stored = rows.bytes();
      byte[] bytes = stored != null ? stored : wholeBytes(rows);
      if (bytes != null) {
        RowSource source = new ByteRows(bytes, features, scaling, stored != null);
        return DataParts.access().split(source, labels, scaling);
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
    return DataParts.access().split(new FloatRows(scaled, features), labels, scaling);
  }

  /**
   * Checks and scales rows in an order, in [from, to) of it; null: in their own order.
   *
   * @param scaled receives each row in its place, counted from that of a first one; or one after
   *     the other, if there is none (-1)
   */
  public static void scale(
      RawRows rows, int[] order, int from, int to, Scaling scaling, float[] scaled, int first)
      throws FormatException {
    share(
        rows,
        (part, parts) -> {
          int start = from + (int) ((long) (to - from) * part / parts);
          int end = from + (int) ((long) (to - from) * (part + 1) / parts);
          scalePart(rows, order, start, end, scaling, scaled, first < 0 ? -1 - from : first);
        });
  }

  /** Scales some of the rows; where there is no first row, -1 less the first place in the order. */
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
        most = 1; // so that of several errors the first is found
        continue;
      }
      for (int k = 0; k < count; k++) {
        int r = order == null ? i + k : order[i + k];
        int to0 = (first < 0 ? i + k + 1 + first : r - first) * features;
        for (int j = 0; j < features; j++) {
          double raw = block[k * features + j];
          float value = scaling.scale(raw, j);
          if (!Float.isFinite(value)) {
            throw notFinite(rows, r, j, raw, scaling);
          }
          scaled[to0 + j] = value;
        }
      }
      i += count;
    }
  }

  /** Work in parts, each of which is done by a thread. */
  interface Work {
    void run(int part, int parts) throws FormatException;
  }

  /** Shares work among the threads of some rows; of several errors it is the first in any case. */
  static void share(RawRows rows, Work work) throws FormatException {
    Team team = rows.team();
    if (team != null) {
      try {
        team.run(
            member -> {
              try {
                work.run(member, team.size());
              } catch (FormatException e) {
                throw new UncheckedIOException(e);
              }
            });
        return;
      } catch (UncheckedIOException e) {
        // Another thread may have met an earlier error.
      }
    }
    work.run(0, 1);
  }

  /** The rows as bytes, or null as soon as one number is none. */
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
        if (bytes == null) { // not before the first number: most data is none of this
          bytes = new byte[rows.rows() * row.length];
        }
        bytes[r * row.length + j] = (byte) (int) row[j];
      }
    }
    return bytes;
  }

  /** Whether a number is kept whole in a byte; -0 would lose its sign. */
  static boolean isByte(double value) {
    return value >= 0
        && value <= BYTE
        && value == (int) value
        && Double.doubleToRawLongBits(value) >= 0;
  }

  /** A table has checked its cells, and a NaN of it is a gap. */
  static void checkPresent(RawRows rows, int row, int feature, double value)
      throws FormatException {
    if (!rows.isTable()) {
      checkFinite(rows, row, feature, value);
    }
  }

  static void checkFinite(RawRows rows, int row, int feature, double value) throws FormatException {
    if (!Double.isFinite(value)) {
      throw notFinite(rows, row, feature, value, null);
    }
  }

  /** The error of a number that is not finite, or not once it is scaled. */
  public static FormatException notFinite(
      RawRows rows, int row, int feature, double value, Scaling scaling) {
    String place = rows.place(row, feature);
    return Double.isFinite(value)
        ? new FormatException(
            rows.where(),
            "%s is %s, expected less: scaled (%s) it is not a finite float",
            place,
            value,
            scaling.name())
        : new FormatException(rows.where(), "%s is %s, expected a finite number", place, value);
  }
}
