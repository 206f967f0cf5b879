package dev.lanewise.report;

import java.util.List;

/** What stands below the picture of a case: its row, its confidence and its classes. */
final class CaseCaption {
  static final int HEIGHT = 74;

  private static final int TEXT_SIZE = 13;

  /** Of the class that was predicted. */
  private static final double BOLDNESS = 1.1;

  /**
   * The distance of the class names from the left edge of a case; sign and label are in between.
   */
  private static final int NAME_INDENT = 90;

  private static final int WIDEST_NAME = 210;

  private CaseCaption() {}

  /** The width that the captions need; names that are very long will be shortened. */
  static double width(List<CaseGallery.Case> cases) {
    double heading = 0;
    double name = 0;
    for (CaseGallery.Case c : cases) {
      heading = Math.max(heading, Label.width(heading(c), TEXT_SIZE));
      name = Math.max(name, Label.width(c.predictedClass(), TEXT_SIZE * BOLDNESS));
      name = Math.max(name, Label.width(c.trueClass(), TEXT_SIZE));
    }
    return Math.ceil(Math.max(heading, NAME_INDENT + Math.min(name, WIDEST_NAME)));
  }

  private static String heading(CaseGallery.Case c) {
    return c.heading(" \u00b7 ");
  }

  /** Draws with the upper left corner at (x, y). */
  static void draw(Svg svg, CaseGallery.Case c, double x, double y, double width) {
    svg.text(x, y + 21, "muted", heading(c));
    svg.add(c.correct() ? "<g class=\"right\">" : "<g class=\"wrong\">");
    // A tick or a cross as lines: not every font has the characters.
    svg.path("line").point(x + 1, y + 36.5);
    svg.add(c.correct() ? "m0 4.5l3.2 3.7l6-8.2" : "l8 8m0-8l-8 8").add("\"/>\n");
    svg.text(x + 18, y + 45, "muted", "predicted");
    double room = width - NAME_INDENT;
    String predicted = Label.fit(c.predictedClass(), TEXT_SIZE * BOLDNESS, room);
    svg.text(x + NAME_INDENT, y + 45, "name strong", predicted, c.predictedClass());
    svg.add("</g>\n");
    svg.text(x + 18, y + 66, "muted", "true");
    String truth = Label.fit(c.trueClass(), TEXT_SIZE, room);
    svg.text(x + NAME_INDENT, y + 66, "name", truth, c.trueClass());
  }
}
