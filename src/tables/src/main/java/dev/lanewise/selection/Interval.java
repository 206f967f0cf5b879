package dev.lanewise.selection;

import dev.lanewise.format.ArgumentException;

/**
 * An interval that contains the true value of a score in {@link #LEVEL} of all samples of rows, if
 * the rows are independent draws.
 *
 * @param low the lower end
 * @param high the upper end, at least the lower one
 * @param level the share of samples for which it contains the true value
 * @param method the name of the method, such as {@code Wilson}
 */
public record Interval(double low, double high, double level, String method) {
  /** The level of all intervals here. */
  public static final double LEVEL = 0.95;

  static final double NORMAL = 1.959963984540054; // its quantile at 1 - (1 - LEVEL) / 2

  /**
   * Returns the interval of a share by Wilson ("Probable inference, the law of succession, and
   * statistical inference", 1927): with z = 1.96, the shares p for which {@code |share - p| <= z
   * sqrt(p (1 - p) / rows)}.
   *
   * @param share the share that was found, from 0 to 1
   * @param rows the number of rows, above 0; of weighted rows the number of equally weighted ones
   *     that would tell as much
   * @return the interval, within 0 and 1
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static Interval ofShare(double share, double rows) {
    if (!(share >= 0 && share <= 1 && rows > 0)) {
      throw new ArgumentException(
          "a share of %s in %s rows, expected a share from 0 to 1 and at least one row",
          share, rows);
    }
    double z2 = NORMAL * NORMAL;
    double half = NORMAL * Math.sqrt(share * (1 - share) / rows + z2 / (4 * rows * rows));
    double whole = 1 + z2 / rows;
    double middle = share + z2 / (2 * rows);
    double low = share == 0 ? 0 : Math.max(0, (middle - half) / whole);
    double high = share == 1 ? 1 : Math.min(1, (middle + half) / whole);
    return new Interval(low, high, LEVEL, "Wilson");
  }
}
