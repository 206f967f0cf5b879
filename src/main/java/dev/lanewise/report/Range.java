package dev.lanewise.report;

/**
 * The values between which features are drawn.
 *
 * @param low infinite, as high, where there are no values
 */
record Range(double low, double high) {
  /** From the smallest to the largest finite value. */
  static Range of(float[]... arrays) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (float[] values : arrays) {
      for (float v : values) {
        if (Float.isFinite(v)) {
          low = Math.min(low, v);
          high = Math.max(high, v);
        }
      }
    }
    return new Range(low, high);
  }

  Range including(double value) {
    return new Range(Math.min(low, value), Math.max(high, value));
  }

  /** Where a value lies between low and high, 0 to 1; 0 for NaN and in an empty range. */
  double fraction(float value) {
    double part = (value - low) / (high - low);
    return part > 0 ? Math.min(part, 1) : 0;
  }
}
