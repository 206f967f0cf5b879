package dev.lanewise.report;

import dev.lanewise.report.draw.CasePicture;
import dev.lanewise.report.draw.ImageLayout;
import dev.lanewise.report.draw.Label;
import dev.lanewise.report.draw.NamedBars;
import dev.lanewise.report.draw.Svg;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Cases side by side, each with its picture, its true and predicted class and the confidence of the
 * model, as SVG. A gallery is immutable: the {@code with} methods return a new one.
 *
 * <p>A case is drawn as an image if its features have two dimensions, grey or with three channels,
 * and as bars otherwise. Without {@link #withShape}, a square number of features counts as a square
 * grey image, from 49 (7 x 7) on, unless the features have names.
 */
public final class CaseGallery {
  private static final int MARGIN = 24;
  private static final int GAP = 20;
  private static final int HEADER = 54;
  private static final int NARROWEST = 360;
  private static final int WIDEST = 1088; // five images side by side
  private static final int WIDEST_WITH_NAMES = 720; // legible on a phone, which scales it down
  private static final int CAPTION = 74; // height
  private static final int TEXT_SIZE = 13;
  // the name of the predicted class is bold, and so this much wider
  private static final double BOLDNESS = 1.1;
  private static final int NAME_INDENT = 90; // the name stands after a sign and a label
  private static final int WIDEST_NAME = 210;

  private final String title;
  private final List<Case> cases;
  private final int[] shape;
  private final List<String> featureNames; // empty, or one per feature

  private CaseGallery(String title, List<Case> cases, int[] shape, List<String> featureNames) {
    this.title = title;
    this.cases = cases;
    this.shape = shape;
    this.featureNames = featureNames;
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
    private String heading() {
      long tenths = Math.round(confidence * 1000);
      return "#%s \u00b7 %s.%s%% confident".formatted(index, tenths / 10, tenths % 10);
    }

    /** Returns separate lines, so that names written right to left do not mix with other text. */
    private String description() {
      String heading = heading().replace(" \u00b7", ",");
      return "%s\npredicted: %s\ntrue: %s".formatted(heading, predictedClass, trueClass);
    }
  }

  /**
   * Makes a gallery of cases in the given order.
   *
   * @param title title above the cases
   * @param cases cases with the same number of features
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
    return new CaseGallery(title, copy, new int[0], List.of());
  }

  /**
   * Sets the shape of a case.
   *
   * @param shape (height, width), or three numbers of which the first or the last is 1 or 3; other
   *     shapes are drawn as bars; empty if unknown
   * @return the gallery with this shape
   * @throws IllegalArgumentException if the product is not the number of features
   */
  public CaseGallery withShape(int... shape) {
    long product = Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b);
    if (shape.length > 0 && !cases.isEmpty() && product != cases.get(0).features.length) {
      throw new IllegalArgumentException(
          "shape %s, expected a product of %s"
              .formatted(Arrays.toString(shape), cases.get(0).features.length));
    }
    return new CaseGallery(title, cases, shape.clone(), featureNames);
  }

  /**
   * Sets the names of the features. If they are not an image, bars are drawn one below another,
   * each beside its name. If there are more than 30 features, a case shows the 30 that are farthest
   * from zero. Features with names are never taken for an image of unknown shape.
   *
   * @param names one per feature, or an empty list
   * @return the gallery with these names
   * @throws IllegalArgumentException if the number of names is another
   * @throws NullPointerException if a name is missing
   */
  public CaseGallery withFeatureNames(List<String> names) {
    List<String> copy = List.copyOf(names);
    if (!cases.isEmpty() && !names.isEmpty() && names.size() != cases.get(0).features.length) {
      throw new IllegalArgumentException(
          "%s feature names, expected none or %s, one per feature"
              .formatted(names.size(), cases.get(0).features.length));
    }
    return new CaseGallery(title, cases, shape, copy);
  }

  /** {@return the gallery as an SVG element} */
  public String svg() {
    Svg svg = new Svg();
    if (cases.isEmpty()) {
      int down = svg.title(title, MARGIN, NARROWEST - 2 * MARGIN);
      svg.text(MARGIN, HEADER + down + 14, "muted", "no cases");
      return svg.finish(NARROWEST, HEADER + down + 2 * MARGIN, title, "no cases", Svg.STYLE);
    }
    CasePicture picture = picture();
    int count = cases.size();
    double wide = Math.max(picture.width, captionWidth());
    double pitch = wide + GAP;
    double room = (picture instanceof NamedBars ? WIDEST_WITH_NAMES : WIDEST) - 2 * MARGIN;
    int most = Math.max(1, (int) ((room + GAP) / pitch));
    int rows = (count + most - 1) / most;
    int columns = (count + rows - 1) / rows; // 6 cases: 3 and 3, not 5 and 1
    double width = Math.max(NARROWEST, 2 * MARGIN + columns * pitch - GAP);
    double top = HEADER + svg.title(title, MARGIN, width - 2 * MARGIN);
    double cell = picture.height + CAPTION + GAP;
    for (int i = 0; i < count; i++) {
      double x = MARGIN + i % columns * pitch;
      double y = top + i / columns * cell;
      svg.add("<g><title>").escaped(cases.get(i).description()).add("</title>\n");
      picture.draw(svg, i, x, y);
      caption(svg, cases.get(i), x, y + picture.height, wide);
      svg.add("</g>\n");
    }
    String description = cases.stream().map(Case::description).collect(Collectors.joining("\n"));
    double height = top + rows * cell - GAP + MARGIN;
    return svg.finish(width, height, title, description, Svg.STYLE);
  }

  /** Returns the features as an image if they are or look like one, otherwise as bars. */
  private CasePicture picture() {
    float[][] features = cases.stream().map(Case::features).toArray(float[][]::new);
    ImageLayout layout =
        shape.length == 0 && featureNames.isEmpty()
            ? ImageLayout.guess(features[0].length)
            : ImageLayout.of(shape);
    if (layout != null) {
      return new CasePicture.Pixels(layout, features);
    }
    return featureNames.isEmpty()
        ? new CasePicture.PlainBars(features)
        : new NamedBars(features, featureNames);
  }

  /** Returns the width of the captions, in which very long names will be shortened. */
  private double captionWidth() {
    double heading = Label.widest(cases.stream().map(Case::heading).toList(), TEXT_SIZE);
    List<String> predicted = cases.stream().map(Case::predictedClass).toList();
    double name =
        Math.max(
            Label.widest(predicted, TEXT_SIZE * BOLDNESS),
            Label.widest(cases.stream().map(Case::trueClass).toList(), TEXT_SIZE));
    return Math.ceil(Math.max(heading, NAME_INDENT + Math.min(name, WIDEST_NAME)));
  }

  /** Draws the row, confidence and classes of a case; (x, y) is the upper left corner. */
  private static void caption(Svg svg, Case c, double x, double y, double width) {
    svg.text(x, y + 21, "muted", c.heading());
    svg.add(c.correct ? "<g class=\"right\">" : "<g class=\"wrong\">");
    // A tick or a cross as lines, because not every font has these characters.
    svg.path("line").point(x + 1, y + 36.5);
    svg.add(c.correct ? "m0 4.5l3.2 3.7l6-8.2" : "l8 8m0-8l-8 8").add("\"/>\n");
    svg.text(x + 18, y + 45, "muted", "predicted");
    double room = width - NAME_INDENT;
    String predicted = Label.fit(c.predictedClass, TEXT_SIZE * BOLDNESS, room);
    svg.text(x + NAME_INDENT, y + 45, "name strong", predicted, c.predictedClass);
    svg.add("</g>\n");
    svg.text(x + 18, y + 66, "muted", "true");
    String truth = Label.fit(c.trueClass, TEXT_SIZE, room);
    svg.text(x + NAME_INDENT, y + 66, "name", truth, c.trueClass);
  }
}
