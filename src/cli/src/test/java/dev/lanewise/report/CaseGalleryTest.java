package dev.lanewise.report;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.report.draw.Png;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

class CaseGalleryTest {
  private static CaseGallery.Case example(int index, float... features) {
    boolean correct = index % 2 == 0;
    return new CaseGallery.Case(
        index, "fear", correct ? "fear" : "anger", correct, 0.3456, features);
  }

  private static CaseGallery gallery(float[]... features) {
    return CaseGallery.of(
        "t",
        IntStream.range(0, features.length).mapToObj(i -> example(i + 1, features[i])).toList());
  }

  private static Parsed draw(CaseGallery gallery) {
    return Parsed.of(gallery.svg());
  }

  private static float[] ramp(int length) {
    float[] features = new float[length];
    for (int i = 0; i < length; i++) {
      features[i] = i / (length - 1f);
    }
    return features;
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "feature " + i).toList();
  }

  private static double size(Parsed picture, String side) {
    return Double.parseDouble(picture.root().getAttribute(side));
  }

  private static List<String> tooltips(Parsed picture) {
    return picture.elements("title").stream().map(Element::getTextContent).toList();
  }

  private static void assertImage(String uri, Parsed picture) {
    assertEquals(uri, picture.elements("image").get(0).getAttribute("href"));
  }

  @Test
  void captionsHaveRowConfidenceAndClasses() {
    Parsed picture =
        draw(CaseGallery.of("Least certain", List.of(example(7, ramp(64)), example(8, ramp(64)))));
    assertEquals("Least certain", picture.title());
    assertTrue(picture.texts().contains("#7 \u00b7 34.6% confident"), picture.texts().toString());
    assertEquals(List.of("anger", "fear"), picture.texts("name", "strong"));
    assertEquals(
        "#7, 34.6% confident\npredicted: anger\ntrue: fear\n"
            + "#8, 34.6% confident\npredicted: fear\ntrue: fear",
        picture.description());
    // Right and wrong cases differ in colour and in a sign.
    Element wrong = picture.elements("g", "wrong").get(0);
    Element right = picture.elements("g", "right").get(0);
    assertTrue(wrong.getTextContent().contains("anger"));
    assertTrue(right.getTextContent().contains("fear"));
    assertNotEquals(sign(right), sign(wrong));
  }

  private static String sign(Element group) {
    String path = ((Element) group.getElementsByTagName("path").item(0)).getAttribute("d");
    return path.substring(path.indexOf(' '));
  }

  @Test
  void aSquareNumberOfFeaturesIsAnImage() {
    float[] features = ramp(64);
    byte[] grey = new byte[64];
    for (int i = 0; i < 64; i++) {
      grey[i] = (byte) Math.rint(features[i] * 255.0);
    }
    Parsed picture = draw(gallery(features));
    assertImage(Png.uri(8, 8, 1, grey), picture);
    Element image = picture.elements("image").get(0);
    assertTrue(image.getAttribute("style").contains("image-rendering:pixelated"));
    assertEquals(image.getAttribute("width"), image.getAttribute("height"));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 13, 36, 63, 1000})
  void smallSquaresAndOtherNumbersAreBars(int features) {
    Parsed picture = draw(gallery(ramp(features)));
    assertEquals(0, picture.elements("image").size());
    String bars = picture.elements("path", "bar").get(0).getAttribute("d");
    assertEquals(Math.min(88, features), bars.split("z").length);
  }

  @Test
  void shapesGiveImages() {
    byte[] grey = {0, 51, 102, (byte) 153, (byte) 204, (byte) 255};
    CaseGallery gallery = gallery(new float[] {0, 0.2f, 0.4f, 0.6f, 0.8f, 1});
    for (int[] shape : new int[][] {{2, 3}, {2, 3, 1}}) {
      Parsed picture = draw(gallery.withShape(shape));
      assertImage(Png.uri(3, 2, 1, grey), picture);
      Element image = picture.elements("image").get(0);
      assertEquals("192", image.getAttribute("width"));
      assertEquals("128", image.getAttribute("height"));
    }
    // A row of two coloured pixels is too thin for an image.
    assertTrue(draw(gallery.withShape(1, 2, 3)).elements("image").isEmpty());
  }

  @Test
  void coloursInBothOrders() {
    float[] interleaved = new float[2 * 4 * 3];
    float[] planar = new float[2 * 4 * 3];
    byte[] rgb = new byte[2 * 4 * 3];
    for (int pixel = 0; pixel < 8; pixel++) {
      for (int channel = 0; channel < 3; channel++) {
        int value = pixel == 7 ? 255 : 30 * pixel + channel;
        interleaved[pixel * 3 + channel] = value;
        planar[channel * 8 + pixel] = value;
        rgb[pixel * 3 + channel] = (byte) value;
      }
    }
    assertImage(Png.uri(4, 2, 3, rgb), draw(gallery(interleaved).withShape(2, 4, 3)));
    assertImage(Png.uri(4, 2, 3, rgb), draw(gallery(planar).withShape(3, 2, 4)));
  }

  @Test
  void theRangeIsThatOfAllCases() {
    float[] a = new float[49];
    float[] b = new float[49];
    a[0] = -2;
    a[1] = 4;
    b[0] = 2;
    b[1] = Float.NaN;
    byte[] grey = new byte[49];
    Arrays.fill(grey, (byte) 85);
    grey[0] = 0;
    grey[1] = (byte) 255;
    assertImage(Png.uri(7, 7, 1, grey), draw(gallery(a, b)));
  }

  @Test
  void barsBeginAtZero() {
    Parsed picture = draw(gallery(new float[] {1, -1, 0, 0.5f}));
    String[] bars = picture.elements("path", "bar").get(0).getAttribute("d").split("M");
    double[] top = new double[4];
    double[] height = new double[4];
    for (int i = 0; i < 4; i++) {
      String[] numbers = bars[i + 2].split("[ hvz]");
      top[i] = Double.parseDouble(numbers[1]);
      height[i] = Double.parseDouble(numbers[3]);
    }
    assertArrayEquals(new double[] {48, 48, 0, 24}, height);
    assertEquals(top[0] + 48, top[1]);
    assertEquals(top[0] + 24, top[3]);
  }

  @ParameterizedTest
  @CsvSource({"1, 360, 1", "5, 1088, 1", "6, 664, 2", "12, 876, 3"})
  void rowsWrapInBalance(int cases, double width, int rows) {
    Parsed picture = draw(gallery(Collections.nCopies(cases, ramp(64)).toArray(float[][]::new)));
    List<Element> images = picture.elements("image");
    assertEquals(cases, images.size());
    assertEquals(width, size(picture, "width"));
    assertEquals(rows, images.stream().map(i -> i.getAttribute("y")).distinct().count());
    double height = size(picture, "height");
    for (Element text : picture.elements("text")) {
      assertTrue(Double.parseDouble(text.getAttribute("y")) < height - 20);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 13})
  void classNamesOfSomeLengthAreWhole(int features) {
    String name = "Iris-versicolor, cultivated";
    List<CaseGallery.Case> cases = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      cases.add(new CaseGallery.Case(i * 100000, name, name, true, 1, ramp(features)));
    }
    Parsed picture = draw(CaseGallery.of("t", cases));
    assertEquals(Collections.nCopies(5, name), picture.texts("name", "strong"));
    TextBox.check(picture);
    assertTrue(size(picture, "width") <= 1088);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  void longClassNamesAndTitlesAreShortened(int count) {
    String latin = "the_quite_long_name_of_a_class_of_more_than_sixty_characters__";
    String chinese = "\u4f7f\u7528\u4e2d\u6587\u7684".repeat(12);
    CaseGallery.Case c = new CaseGallery.Case(1234567, latin, chinese, false, 1, ramp(64));
    String title = "Least certain of 123456789 rows (validation)";
    Parsed picture = draw(CaseGallery.of(title, Collections.nCopies(count, c)));
    TextBox.check(picture);
    assertEquals(title, String.join(" ", picture.texts("title")), "on one line or two");
    assertTrue(chinese.startsWith(picture.texts("strong").get(0).replace("\u2026", "")));
    assertTrue(tooltips(picture).containsAll(List.of(latin, chinese)));
  }

  /** Returns the lengths of the bars, negative to the left of zero. */
  private static double[] bars(Parsed picture, int index) {
    String[] parts = picture.elements("path", "bar").get(index).getAttribute("d").split("M");
    double zero = Double.parseDouble(parts[1].split(" ")[0]);
    double[] lengths = new double[parts.length - 2];
    for (int i = 0; i < lengths.length; i++) {
      String[] numbers = parts[i + 2].split("[ hvz]");
      double length = Double.parseDouble(numbers[2]);
      lengths[i] = Double.parseDouble(numbers[0]) < zero ? -length : length;
    }
    return lengths;
  }

  @Test
  void namedFeaturesAreBarsBesideTheirNames() {
    float[] features = {1, -1, 0, 0.5f, Float.NaN};
    List<String> names = List.of("age", "height", "<b>", "\u5e74\u9f84", "none");
    Parsed picture = draw(gallery(features, features).withFeatureNames(names));
    TextBox.check(picture);
    List<String> twice = new ArrayList<>(names);
    twice.addAll(names);
    assertEquals(twice, picture.texts("tick"));
    assertArrayEquals(new double[] {59, -59, 0, 29.5, 0}, bars(picture, 0));
    assertArrayEquals(bars(picture, 0), bars(picture, 1));
    // Each name is at the height of its bar.
    String[] parts = picture.elements("path", "bar").get(0).getAttribute("d").split("M");
    for (int i = 0; i < names.size(); i++) {
      double top = Double.parseDouble(parts[i + 2].split("[ hvz]")[1]);
      Element name = picture.elements("text", "tick").get(i);
      assertEquals(top + 5 + 4.3, Double.parseDouble(name.getAttribute("y")), 0.11);
    }
  }

  @Test
  void theLargestOfManyFeaturesAreShown() {
    float[] features = new float[100];
    for (int i = 0; i < 100; i++) {
      features[i] = (i % 2 == 0 ? 1 : -1) * (float) (i * 37 % 100); // 0 to 99, each once
    }
    features[50] = Float.NaN;
    List<String> expected = new ArrayList<>(names(100));
    expected.removeIf(name -> Integer.parseInt(name.substring(8)) * 37 % 100 < 70);
    expected.remove("feature 50");
    assertEquals(30, expected.size());
    expected.add("70 not shown, none larger");
    Parsed picture = draw(gallery(features).withFeatureNames(names(100)));
    assertEquals(expected, picture.texts("tick"));
    assertEquals(30, bars(picture, 0).length);
    TextBox.check(picture);
    // The first of equal features are shown, and 30 features are not too many.
    List<String> ticks = draw(gallery(new float[31]).withFeatureNames(names(31))).texts("tick");
    assertEquals("feature 29", ticks.get(29));
    assertEquals("1 not shown, none larger", ticks.get(30));
    assertEquals(names(30), draw(gallery(ramp(30)).withFeatureNames(names(30))).texts("tick"));
  }

  @Test
  void longFeatureNamesKeepBothEnds() {
    List<String> names =
        List.of(
            "native-country=Outlying-US(Guam-USVI-etc) of the person",
            "\u4f7f\u7528\u4e2d\u6587\u7684".repeat(12),
            "\u0627\u0633\u0645 \u0637\u0648\u064a\u0644 ".repeat(9).strip(),
            "\ud83d\ude00\ud83c\udde9\ud83c\uddea".repeat(20),
            "x");
    List<CaseGallery.Case> cases = Collections.nCopies(5, example(1, ramp(5)));
    Parsed picture = draw(CaseGallery.of("t", cases).withFeatureNames(names));
    TextBox.check(picture);
    for (int i = 0; i < 4; i++) {
      String[] ends = picture.texts("tick").get(i).split("\u2026");
      assertEquals(2, ends.length);
      assertTrue(names.get(i).startsWith(ends[0]) && names.get(i).endsWith(ends[1]));
      assertTrue(tooltips(picture).contains(names.get(i)));
    }
    assertEquals("x", picture.texts("tick").get(4));
    // On a phone of 390 pixels, labels of 12 pixels are still 6 pixels high.
    assertTrue(size(picture, "width") <= 720);
  }

  @Test
  void featuresWithNamesAreNoImageUnlessTheShapeSaysSo() {
    CaseGallery gallery = gallery(ramp(64));
    CaseGallery named = gallery.withFeatureNames(names(64));
    assertTrue(draw(named).elements("image").isEmpty());
    assertTrue(draw(named.withShape(64)).elements("image").isEmpty());
    assertEquals(gallery.svg(), gallery.withFeatureNames(List.of()).svg());
    assertEquals(gallery.svg(), named.withShape(8, 8).svg());
  }

  @Test
  void namesAreText() {
    String hostile = "<script>alert('longer than its place', \"&amp;'\u0000\ud800\n";
    String arabic = "\u0633\u0639\u0627\u062f\u0629";
    CaseGallery.Case c = new CaseGallery.Case(3, hostile, arabic, false, 1, ramp(13));
    Parsed picture = draw(CaseGallery.of(hostile, List.of(c)));
    assertEquals(0, picture.document().getElementsByTagName("script").getLength());
    assertEquals(List.of(arabic), picture.texts("name", "strong"));
    String shown = picture.texts("name").get(1);
    assertTrue(shown.startsWith("<script>") && shown.endsWith("\u2026"), shown);
    // The tooltip has the whole name, with replacements for what XML forbids.
    assertTrue(
        picture.description().endsWith("'longer than its place', \"&amp;'\ufffd\ufffd\n"),
        picture.description());
  }

  @Test
  void aGalleryMayBeEmpty() {
    assertTrue(draw(gallery()).texts().contains("no cases"));
  }

  @Test
  void theLocaleHasNoEffect() {
    CaseGallery gallery = CaseGallery.of("t", List.of(example(1234567, ramp(13))));
    String german = Parsed.in("de-DE", gallery::svg);
    assertEquals(german, Parsed.in("ar-EG-u-nu-arab", gallery::svg));
    assertTrue(german.contains("#1234567 \u00b7 34.6% confident"));
  }

  @Test
  void argumentsAreChecked() {
    CaseGallery gallery = gallery(ramp(64));
    assertThrows(IllegalArgumentException.class, () -> gallery.withShape(8, 9));
    assertThrows(IllegalArgumentException.class, () -> gallery(ramp(64), ramp(63)));
    CaseGallery.Case nameless = new CaseGallery.Case(1, "a", null, true, 1, ramp(2));
    assertThrows(NullPointerException.class, () -> CaseGallery.of("t", List.of(nameless)));
    List<String> two = List.of("a", "b");
    rejects(
        () -> gallery.withFeatureNames(two),
        "2 feature names, expected none or 64, one per feature");
  }
}
