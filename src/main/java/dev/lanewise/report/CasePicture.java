package dev.lanewise.report;

/** How the features of a case are drawn, the same for all cases of a gallery. */
interface CasePicture {
  /** The usual width, and the largest usual height, of a picture. */
  int SIDE = 192;

  /** The width that every picture takes. */
  double width();

  /** The height that every picture takes. */
  double height();

  /** Draws the case of this index with the upper left corner at (x, y). */
  void draw(Svg svg, int index, double x, double y);
}
