package dev.lanewise.rows;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.rows.internal.Cell;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/**
 * A numeric column: one input, and a second one that is 1 for a missing value if training rows had
 * missing values.
 *
 * @param name the name in the header
 * @param position from 0
 * @param median the median of the training rows, which replaces missing values; NaN if missing
 *     values are errors
 * @param hasMissing whether training rows had missing values
 * @param rounding the largest change of a training value by rounding it to float, in the column's
 *     units; NaN if unknown
 */
public record NumberColumn(
    String name, int position, double median, boolean hasMissing, double rounding)
    implements Column {
  /** Text for a missing value. */
  static final String MISSING = "missing";

  private static final MathContext SHOWN = new MathContext(6);

  /**
   * Checks the median and the rounding.
   *
   * @param name the name in the header
   * @param position from 0
   * @param median finite, or NaN
   * @param hasMissing whether training rows had missing values
   * @param rounding at least 0, or NaN
   */
  public NumberColumn {
    if (Double.isInfinite(median) || hasMissing && Double.isNaN(median)) {
      throw new IllegalArgumentException(
          "schema: column " + name + " has the median " + median + ", expected a finite number");
    } else if (rounding < 0) {
      throw new IllegalArgumentException(
          "schema: column " + name + " has the rounding " + rounding + ", expected 0 or more");
    }
  }

  /**
   * Makes a column whose rounding is unknown.
   *
   * @param name the name in the header
   * @param position from 0
   * @param median finite, or NaN
   * @param hasMissing whether training rows had missing values
   */
  public NumberColumn(String name, int position, double median, boolean hasMissing) {
    this(name, position, median, hasMissing, Double.NaN);
  }

  @Override
  public String kind() {
    return "number";
  }

  @Override
  public List<String> inputNames() {
    return hasMissing ? List.of(name, name + " missing") : List.of(name);
  }

  @Override
  public int inputs() {
    return hasMissing ? 2 : 1;
  }

  @Override
  public boolean isScaled(int input) {
    return input == 0;
  }

  @Override
  public void encode(double number, String string, double[] out, int at) {
    boolean missing = string == null && Double.isNaN(number);
    if (string != null && Double.isNaN(number)
        || Double.isInfinite(number)
        || missing && Double.isNaN(median)) {
      String expected = missing ? ": a model without a schema does not replace missing values" : "";
      throw new ArgumentException(
          "column %s is %s, expected a finite number%s", name, new Cell(number, string), expected);
    }
    out[at] = missing ? median : number;
    if (hasMissing) {
      out[at + 1] = missing ? 1 : 0;
    }
  }

  @Override
  public String text(double[] inputs, int at) {
    if (hasMissing && inputs[at + 1] > 0.5) {
      return MISSING;
    }
    double value = inputs[at];
    return Double.isFinite(value)
        ? new BigDecimal(value).round(SHOWN).stripTrailingZeros().toPlainString()
        : Double.toString(value);
  }
}
