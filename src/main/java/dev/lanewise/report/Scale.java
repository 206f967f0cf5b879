package dev.lanewise.report;

/**
 * How the y axis of a chart is divided.
 *
 * @param log whether it is logarithmic; then all y are above 0, and bounds are of no use
 * @param low a lower bound of what y can be, or NaN
 * @param high an upper bound of what y can be, or NaN
 * @param intervals between the marks of the axis, at most
 */
record Scale(boolean log, double low, double high, int intervals) {
  /** A linear axis of values without bounds. */
  static final Scale LINEAR = new Scale(false, Double.NaN, Double.NaN, 6);

  Scale withBounds(double low, double high) {
    return new Scale(log, low, high, intervals);
  }

  Scale withIntervals(int intervals) {
    return new Scale(log, low, high, intervals);
  }

  Scale logarithmic() {
    return new Scale(true, low, high, intervals);
  }
}
