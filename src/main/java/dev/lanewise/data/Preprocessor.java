package dev.lanewise.data;

import dev.lanewise.format.FormatException;
import dev.lanewise.nn.Scaling;

/** Chooses how features are scaled, and turns raw rows into a split. */
final class Preprocessor {
  private static final double BYTE = 255;

  /** Whole numbers up to here may be anything; one above, and they are taken for bytes. */
  private static final double HALF = 127;

  private Preprocessor() {}

  /** The scaling for data whose training rows are the first of an order; null: as they stand. */
  static Scaling choose(ScaleChoice choice, RawRows rows, int[] order, int count)
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
      return fixed;
    }
    if (choice.byRule()
        && !rows.isTable()
        && (rows.storesBytes() || looksLikeBytes(rows, order, count))) {
      return Scaling.divide(BYTE);
    }
    if (choice.elseNone()) {
      return Scaling.none();
    }
    return fit(rows, order, count).scaling(choice.isMinMax());
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
  static Scaling ofTargets(ScaleChoice choice, Split train) {
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
    return statistics.scaling(choice.isMinMax());
  }

  private static FeatureStatistics fit(RawRows rows, int[] order, int count)
      throws FormatException {
    double[] row = new double[rows.features()];
    FeatureStatistics statistics = new FeatureStatistics(row.length);
    for (int i = 0; i < count; i++) {
      int r = order == null ? i : order[i];
      rows.copyRow(r, row);
      for (int j = 0; j < row.length; j++) {
        checkFinite(rows, r, j, row[j]);
      }
      statistics.add(row);
    }
    for (int i = 0; i < count; i++) {
      rows.copyRow(order == null ? i : order[i], row);
      statistics.addAgain(row);
    }
    int wide = statistics.finish();
    if (wide >= 0) {
      throw new FormatException(
          rows.where(),
          "%s goes from %s to %s, expected numbers whose squares are finite",
          rows.feature(wide),
          statistics.minimum[wide],
          statistics.maximum[wide]);
    }
    return statistics;
  }

  /** Checks and scales all rows; those of a mapped file later, when they are copied. */
  static Split split(RawRows rows, Scaling scaling) throws FormatException {
    Labels labels = rows.labels();
    RowSource mapped = rows.mapped(scaling);
    if (mapped != null) {
      return new Split(mapped, labels, scaling);
    }
    int features = rows.features();
    if (ByteRows.scales(scaling)) {
      byte[] bytes = rows.bytes() != null ? rows.bytes() : wholeBytes(rows);
      if (bytes != null) {
        return new Split(new ByteRows(bytes, features, scaling), labels, scaling);
      }
    }
    float[] scaled = new float[rows.rows() * features];
    double[] row = new double[features];
    for (int r = 0; r < rows.rows(); r++) {
      rows.copyRow(r, row);
      for (int j = 0; j < features; j++) {
        float value = scaling.scale(row[j], j);
        if (!Float.isFinite(value)) {
          throw notFinite(rows, r, j, row[j], scaling);
        }
        scaled[r * features + j] = value;
      }
    }
    return new Split(new FloatRows(scaled, features), labels, scaling);
  }

  /** The rows as bytes, or null as soon as one number is none. */
  private static byte[] wholeBytes(RawRows rows) {
    double[] row = new double[rows.features()];
    byte[] bytes = null;
    for (int r = 0; r < rows.rows(); r++) {
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

  private static void checkFinite(RawRows rows, int row, int feature, double value)
      throws FormatException {
    if (!Double.isFinite(value)) {
      throw notFinite(rows, row, feature, value, null);
    }
  }

  /** The error of a number that is not finite, or not once it is scaled. */
  static FormatException notFinite(
      RawRows rows, int row, int feature, double value, Scaling scaling) {
    String place = rows.place(row, feature);
    return Double.isFinite(value)
        ? new FormatException(
            rows.where(),
            "%s is %s, expected less: scaled (%s) it is no finite float",
            place,
            value,
            scaling.name())
        : new FormatException(rows.where(), "%s is %s, expected a finite number", place, value);
  }
}
