package dev.lanewise.report;

/** The features of cases as the pixels of images, in one range of grey or colours for all cases. */
final class CasePicture {
  private final ImageLayout layout;
  private final float[][] cases; // [case][feature]
  private float low = Float.POSITIVE_INFINITY; // the range of the values
  private float high = Float.NEGATIVE_INFINITY;

  /** Black to white are 0 to 1 if all values are in this range, else the range of the values. */
  public CasePicture(ImageLayout layout, float[][] cases) {
    this.layout = layout;
    this.cases = cases;
    for (float[] features : cases) {
      for (float v : features) {
        if (Float.isFinite(v)) {
          low = Math.min(low, v);
          high = Math.max(high, v);
        }
      }
    }
    if (low >= 0 && high <= 1) {
      low = 0;
      high = 1;
    }
  }

  /** Returns an address that contains the picture of a case. */
  public String uri(int index) {
    float[] features = cases[index];
    byte[] pixels = new byte[features.length];
    for (int i = 0; i < pixels.length; i++) {
      double part = ((double) features[i] - low) / ((double) high - low);
      pixels[layout.pixel(i)] = (byte) Math.rint(part > 0 ? 255 * Math.min(part, 1) : 0);
    }
    return Png.uri(layout.columns(), layout.rows(), layout.channels(), pixels);
  }
}
