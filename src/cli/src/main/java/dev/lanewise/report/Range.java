package dev.lanewise.report;

/** The range of the features that are drawn; both ends are infinite without values. */
record Range(double low, double high) {
  /** Returns the range from the smallest to the largest finite value. */
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

  /** Returns the position of a value from low, 0, to high, 1; 0 for NaN or an empty range. */
  double fraction(float value) {
    double part = (value - low) / (high - low);
    return part > 0 ? Math.min(part, 1) : 0;
  }
}
