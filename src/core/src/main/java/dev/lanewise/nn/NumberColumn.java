package dev.lanewise.nn;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/**
 * A column of numbers: one input, and where training rows had gaps a second that is 1 in a gap.
 *
 * @param name the name in the header
 * @param position from 0
 * @param median of the training rows, which fills gaps; NaN if nothing does, and a gap is an error
 * @param gaps whether training rows had gaps
 * @param rounding by how much a number of the training rows changes at most when it is rounded to
 *     float, in the column's units; NaN if that is not known
 */
public record NumberColumn(String name, int position, double median, boolean gaps, double rounding)
    implements Column {
  /** What people read where a value is missing. */
  static final String GAP = "missing";

  private static final MathContext SHOWN = new MathContext(6);

  /**
   * Checks the median.
   *
   * @param name the name in the header
   * @param position from 0
   * @param median finite, or NaN
   * @param gaps whether training rows had gaps
   * @param rounding at least 0, or NaN
   */
  public NumberColumn {
    if (Double.isInfinite(median) || gaps && Double.isNaN(median)) {
      throw new IllegalArgumentException(
          "schema: column " + name + " has the median " + median + ", expected a finite number");
    } else if (rounding < 0) {
      throw new IllegalArgumentException(
          "schema: column " + name + " has the rounding " + rounding + ", expected 0 or more");
    }
  }

  /**
   * A column of which it is not known what rounding to float would make of it.
   *
   * @param name the name in the header
   * @param position from 0
   * @param median finite, or NaN
   * @param gaps whether training rows had gaps
   */
  public NumberColumn(String name, int position, double median, boolean gaps) {
    this(name, position, median, gaps, Double.NaN);
  }

  @Override
  public String kind() {
    return "number";
  }

  @Override
  public List<String> inputNames() {
    return gaps ? List.of(name, name + " missing") : List.of(name);
  }

  @Override
  public int inputs() {
    return gaps ? 2 : 1;
  }

  @Override
  public boolean isScaled(int input) {
    return input == 0;
  }

  @Override
  public void encode(double number, String word, double[] out, int at) {
    boolean missing = word == null && Double.isNaN(number);
    if (word != null && Double.isNaN(number)
        || Double.isInfinite(number)
        || missing && Double.isNaN(median)) {
      String expected = missing ? ": a model without a schema fills no gaps" : "";
      throw new IllegalArgumentException(
          "column %s is %s, expected a finite number%s"
              .formatted(name, new Cell(number, word), expected));
    }
    out[at] = missing ? median : number;
    if (gaps) {
      out[at + 1] = missing ? 1 : 0;
    }
  }

  @Override
  public String text(double[] inputs, int at) {
    if (gaps && inputs[at + 1] > 0.5) {
      return GAP;
    }
    double value = inputs[at];
    return Double.isFinite(value)
        ? new BigDecimal(value).round(SHOWN).stripTrailingZeros().toPlainString()
        : Double.toString(value);
  }
}
