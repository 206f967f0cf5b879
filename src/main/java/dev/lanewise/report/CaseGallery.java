package dev.lanewise.report;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Cases side by side, each with its picture, its true and its predicted class and the model's
 * confidence, as SVG. An immutable value: the {@code with} methods return a new gallery.
 *
 * <p>A case is drawn as an image where its features have two dimensions, grey or with three
 * channels, and as bars otherwise. Without {@link #withShape} a square number of features is taken
 * for a square grey image, from 49 (7 x 7) on.
 */
public final class CaseGallery {
  private static final int MARGIN = 24;
  private static final int GAP = 20;
  private static final int MOST_COLUMNS = 5;
  private static final int NARROWEST = 360;

  private static final int HEADER = 54;
  private static final int CAPTION = 74;
  private static final int TITLE_SIZE = 17;
  private static final int TEXT_SIZE = 13;

  /** From the left edge of a case to the names of its classes, past sign and label. */
  private static final int NAME_INDENT = 90;

  private final String title;
  private final List<Case> cases;
  private final int[] shape;
  private final float[] range; // {low, high}, or null

  private CaseGallery(String title, List<Case> cases, int[] shape, float[] range) {
    this.title = title;
    this.cases = cases;
    this.shape = shape;
    this.range = range;
  }

  /**
   * One case. The array is not copied.
   *
   * @param index the row in its data set
   * @param trueClass the name of its class
   * @param predictedClass the name of the class with the largest probability
   * @param correct whether the two are the same class
   * @param confidence the largest probability, 0 to 1
   * @param features the values to draw; for an image [height][width][channels] or, with the shape
   *     (3, height, width), [channels][height][width], row-major
   */
  public record Case(
      int index,
      String trueClass,
      String predictedClass,
      boolean correct,
      double confidence,
      float[] features) {
    private String heading(String separator) {
      long tenths = Math.round(confidence * 1000);
      return "#%s%s%s.%s%% confident".formatted(index, separator, tenths / 10, tenths % 10);
    }

    /** On lines of their own, so that names written right to left do not mix with the rest. */
    private String description() {
      return "%s\npredicted: %s\ntrue: %s".formatted(heading(", "), predictedClass, trueClass);
    }
  }

  /**
   * A gallery of cases in the order given.
   *
   * @param title stands above the cases
   * @param cases all with as many features
   * @return the gallery
   * @throws IllegalArgumentException if the numbers of features differ
   * @throws NullPointerException if a name or the features are missing
   */
  public static CaseGallery of(String title, List<Case> cases) {
    List<Case> copy = List.copyOf(cases);
    for (Case c : copy) {
      Objects.requireNonNull(c.trueClass, "trueClass");
      Objects.requireNonNull(c.predictedClass, "predictedClass");
      int expected = copy.get(0).features.length;
      if (c.features.length != expected) {
        throw new IllegalArgumentException(
            "case #%s: %s features, expected %s".formatted(c.index, c.features.length, expected));
      }
    }
    return new CaseGallery(title, copy, new int[0], null);
  }

  /**
   * States the shape of a case.
   *
   * @param shape (height, width), or three numbers of which the last or the first is 1 or 3; other
   *     shapes are drawn as bars; none if unknown
   * @return the gallery with this shape
   * @throws IllegalArgumentException if the product is not the number of features
   */
  public CaseGallery withShape(int... shape) {
    long product = 1;
    for (int side : shape) {
      product *= side;
    }
    if (shape.length > 0 && !cases.isEmpty() && product != cases.get(0).features.length) {
      throw new IllegalArgumentException(
          "shape %s, expected a product of %s"
              .formatted(Arrays.toString(shape), cases.get(0).features.length));
    }
    return new CaseGallery(title, cases, shape.clone(), range);
  }

  /**
   * States the range of the features. Without it, images use 0 to 1 if that holds all values, else
   * the smallest to the largest value of all cases; bars the latter and zero.
   *
   * @param low the value drawn as black, or as the lowest bar
   * @param high the value drawn as white, or as the highest bar
   * @return the gallery with this range
   * @throws IllegalArgumentException if {@code low} is not below {@code high}
   */
  public CaseGallery withRange(float low, float high) {
    if (!(low < high)) {
      throw new IllegalArgumentException(
          "range %s to %s, expected the first below the second".formatted(low, high));
    }
    return new CaseGallery(title, cases, shape, new float[] {low, high});
  }

  /**
   * Draws the gallery.
   *
   * @return an SVG element
   */
  public String svg() {
    int count = cases.size();
    int rows = Math.max(1, (count + MOST_COLUMNS - 1) / MOST_COLUMNS);
    int columns = Math.max(1, (count + rows - 1) / rows); // 6 cases: 3 and 3, not 5 and 1
    int pitch = FeaturePicture.SIDE + GAP;
    double width = Math.max(NARROWEST, 2 * MARGIN + columns * pitch - GAP);
    Svg svg = new Svg();
    svg.text(MARGIN, 34, "title", Label.fit(title, TITLE_SIZE * 1.1, width - 2 * MARGIN));
    if (count == 0) {
      svg.text(MARGIN, HEADER + 14, "muted", "no cases");
      return svg.finish(width, HEADER + 2 * MARGIN, title, "no cases");
    }
    float[][] features = new float[count][];
    for (int i = 0; i < count; i++) {
      features[i] = cases.get(i).features;
    }
    FeaturePicture picture = new FeaturePicture(shape, range, features);
    double cell = picture.height() + CAPTION + GAP;
    StringBuilder description = new StringBuilder();
    for (int i = 0; i < count; i++) {
      Case c = cases.get(i);
      double x = MARGIN + i % columns * pitch;
      double y = HEADER + i / columns * cell;
      svg.add("<g><title>").escaped(c.description()).add("</title>\n");
      picture.draw(svg, c.features, x, y);
      caption(svg, c, x, y + picture.height());
      svg.add("</g>\n");
      description.append(i == 0 ? "" : "\n").append(c.description());
    }
    double height = HEADER + rows * cell - GAP + MARGIN;
    return svg.finish(width, height, title, description.toString());
  }

  private static void caption(Svg svg, Case c, double x, double y) {
    svg.text(x, y + 21, "muted", c.heading(" \u00b7 "));
    svg.add(c.correct ? "<g class=\"right\">" : "<g class=\"wrong\">");
    // A tick or a cross as lines: not every font has the characters.
    svg.path("line").point(x + 1, y + 36.5);
    svg.add(c.correct ? "m0 4.5l3.2 3.7l6-8.2" : "l8 8m0-8l-8 8").add("\"/>\n");
    svg.text(x + 18, y + 45, "muted", "predicted");
    name(svg, x, y + 45, "name strong", c.predictedClass, 1.1);
    svg.add("</g>\n");
    svg.text(x + 18, y + 66, "muted", "true");
    name(svg, x, y + 66, "name", c.trueClass, 1);
  }

  private static void name(
      Svg svg, double x, double y, String classes, String name, double boldness) {
    int room = FeaturePicture.SIDE - NAME_INDENT;
    svg.text(x + NAME_INDENT, y, classes, Label.fit(name, TEXT_SIZE * boldness, room));
  }
}
