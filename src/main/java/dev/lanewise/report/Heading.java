package dev.lanewise.report;

import java.util.List;

/**
 * The title above a picture, on one line or two. A longer title ends with an ellipsis there; the
 * accessible name of the picture is the whole title.
 */
record Heading(List<String> lines) {
  private static final int FIRST_LINE = 34;
  private static final int LINE = 22;
  private static final int SIZE = 17;
  private static final double BOLDNESS = 1.1;

  static Heading of(String title, double width) {
    return new Heading(Label.lines(title, SIZE * BOLDNESS, width, 2));
  }

  /** The height that the title needs beyond its first line. */
  int down() {
    return (lines.size() - 1) * LINE;
  }

  void draw(Svg svg, double x) {
    for (int i = 0; i < lines.size(); i++) {
      svg.text(x, FIRST_LINE + i * LINE, "title", lines.get(i));
    }
  }
}
