package dev.lanewise.report;

/** Pictures of the features of cases, in one style for all cases of a gallery. */
abstract class CasePicture {
  /** Usual width and largest usual height of a picture. */
  static final int SIDE = 192;

  final float[][] cases; // [case][feature]
  double width = SIDE;
  double height = SIDE;
  double low; // the range of the values; infinite if there are none
  double high;

  CasePicture(float[][] cases) {
    this.cases = cases;
    low = Double.POSITIVE_INFINITY;
    high = Double.NEGATIVE_INFINITY;
    for (float[] features : cases) {
      for (float v : features) {
        if (Float.isFinite(v)) {
          low = Math.min(low, v);
          high = Math.max(high, v);
        }
      }
    }
  }

  /** Extends the range to a value. */
  final void include(double value) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }

  /** Returns the position of a value from low, 0, to high, 1; 0 for NaN or an empty range. */
  final double fraction(float value) {
    double part = (value - low) / (high - low);
    return part > 0 ? Math.min(part, 1) : 0;
  }

  /** Draws the case of this index with the upper left corner at (x, y). */
  abstract void draw(Svg svg, int index, double x, double y);
}
