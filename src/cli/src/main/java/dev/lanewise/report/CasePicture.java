package dev.lanewise.report;

/** Pictures of the features of cases, in one style for all cases of a gallery. */
interface CasePicture {
  /** Usual width and largest usual height of a picture. */
  int SIDE = 192;

  /** Returns the width of every picture. */
  double width();

  /** Returns the height of every picture. */
  double height();

  /** Draws the case of this index with the upper left corner at (x, y). */
  void draw(Svg svg, int index, double x, double y);
}
