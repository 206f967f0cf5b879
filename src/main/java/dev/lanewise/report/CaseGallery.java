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
 * for a square grey image, from 49 (7 x 7) on, unless the features have names.
 */
public final class CaseGallery {
  private static final int MARGIN = 24;
  private static final int GAP = 20;
  private static final int HEADER = 54;
  private static final int NARROWEST = 360;

  /** Five images beside one another. */
  private static final int WIDEST = 1088;

  /** Large enough for names to be legible on a phone, which scales the picture down. */
  private static final int WIDEST_WITH_NAMES = 720;

  private final String title;
  private final List<Case> cases;
  private final int[] shape;
  private final Range range; // null: as the values are
  private final List<String> featureNames; // none, or one a feature

  private CaseGallery(
      String title, List<Case> cases, int[] shape, Range range, List<String> featureNames) {
    this.title = title;
    this.cases = cases;
    this.shape = shape;
    this.range = range;
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
   * @param texts what stands beside the bar of each feature in place of its name, such as "age 42";
   *     none, or one a feature, of which an empty one gives way to the name
   */
  public record Case(
      int index,
      String trueClass,
      String predictedClass,
      boolean correct,
      double confidence,
      float[] features,
      List<String> texts) {
    /**
     * A case with texts.
     *
     * @param index the row in its data set
     * @param trueClass the name of its class
     * @param predictedClass the name of the class with the largest probability
     * @param correct whether the two are the same class
     * @param confidence the largest probability, 0 to 1
     * @param features the values to draw
     * @param texts one a feature, or none
     * @throws IllegalArgumentException if there are texts, but not one a feature
     * @throws NullPointerException if the features or a text are missing
     */
    public Case {
      texts = List.copyOf(texts);
      checkNames("case #" + index + ": ", "texts", texts, features.length);
    }

    /**
     * A case without texts.
     *
     * @param index the row in its data set
     * @param trueClass the name of its class
     * @param predictedClass the name of the class with the largest probability
     * @param correct whether the two are the same class
     * @param confidence the largest probability, 0 to 1
     * @param features the values to draw
     * @throws NullPointerException if the features are missing
     */
    public Case(
        int index,
        String trueClass,
        String predictedClass,
        boolean correct,
        double confidence,
        float[] features) {
      this(index, trueClass, predictedClass, correct, confidence, features, List.of());
    }

    /**
     * The same case with the values that its features stand for, as a reader knows them.
     *
     * @param texts one a feature, such as "age 42"; an empty one leaves the name of the feature
     * @return the case
     * @throws IllegalArgumentException if there are texts, but not one a feature
     */
    public Case withTexts(List<String> texts) {
      return new Case(index, trueClass, predictedClass, correct, confidence, features, texts);
    }

    String heading(String separator) {
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
    return new CaseGallery(title, copy, new int[0], null, List.of());
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
    return new CaseGallery(title, cases, shape.clone(), range, featureNames);
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
    return new CaseGallery(title, cases, shape, new Range(low, high), featureNames);
  }

  /**
   * Names the features. Where they are no image, the bars then lie one below another, each beside
   * its name; of more than 30 features a case shows the 30 that are farthest from zero. A shape
   * that is unknown is no longer guessed: features of an image have no names.
   *
   * @param names one a feature, or none
   * @return the gallery with these names
   * @throws IllegalArgumentException if there are names, but not one a feature
   * @throws NullPointerException if a name is missing
   */
  public CaseGallery withFeatureNames(List<String> names) {
    List<String> copy = List.copyOf(names);
    if (!cases.isEmpty()) {
      checkNames("", "feature names", copy, cases.get(0).features.length);
    }
    return new CaseGallery(title, cases, shape, range, copy);
  }

  private static void checkNames(String where, String what, List<String> names, int features) {
    if (!names.isEmpty() && names.size() != features) {
      throw new IllegalArgumentException(
          "%s%s %s, expected none or %s, one a feature"
              .formatted(where, names.size(), what, features));
    }
  }

  /**
   * Draws the gallery.
   *
   * @return an SVG element
   */
  public String svg() {
    if (cases.isEmpty()) {
      Svg svg = new Svg();
      Heading heading = Heading.of(title, NARROWEST - 2 * MARGIN);
      heading.draw(svg, MARGIN);
      svg.text(MARGIN, HEADER + heading.down() + 14, "muted", "no cases");
      return svg.finish(NARROWEST, HEADER + heading.down() + 2 * MARGIN, title, "no cases");
    }
    CasePicture picture = picture();
    int count = cases.size();
    double wide = Math.max(picture.width(), CaseCaption.width(cases));
    double pitch = wide + GAP;
    double room = (picture instanceof NamedBars ? WIDEST_WITH_NAMES : WIDEST) - 2 * MARGIN;
    int most = Math.max(1, (int) ((room + GAP) / pitch));
    int rows = (count + most - 1) / most;
    int columns = (count + rows - 1) / rows; // 6 cases: 3 and 3, not 5 and 1
    double width = Math.max(NARROWEST, 2 * MARGIN + columns * pitch - GAP);
    Svg svg = new Svg();
    Heading heading = Heading.of(title, width - 2 * MARGIN);
    heading.draw(svg, MARGIN);
    double top = HEADER + heading.down();
    double cell = picture.height() + CaseCaption.HEIGHT + GAP;
    StringBuilder description = new StringBuilder();
    for (int i = 0; i < count; i++) {
      Case c = cases.get(i);
      double x = MARGIN + i % columns * pitch;
      double y = top + i / columns * cell;
      svg.add("<g><title>").escaped(c.description()).add("</title>\n");
      picture.draw(svg, i, x, y);
      CaseCaption.draw(svg, c, x, y + picture.height(), wide);
      svg.add("</g>\n");
      description.append(i == 0 ? "" : "\n").append(c.description());
    }
    double height = top + rows * cell - GAP + MARGIN;
    return svg.finish(width, height, title, description.toString());
  }

  /** As an image if it is one or looks like one, else as bars. */
  private CasePicture picture() {
    float[][] features = new float[cases.size()][];
    boolean isNamed = !featureNames.isEmpty();
    for (int i = 0; i < features.length; i++) {
      features[i] = cases.get(i).features;
      isNamed |= !cases.get(i).texts.isEmpty();
    }
    ImageLayout layout = ImageLayout.of(shape);
    if (shape.length == 0 && !isNamed) {
      layout = ImageLayout.guess(features[0].length);
    }
    if (layout != null) {
      return new PixelPicture(layout, features, range);
    }
    return isNamed ? new NamedBars(cases, featureNames, range) : new PlainBars(features, range);
  }
}
