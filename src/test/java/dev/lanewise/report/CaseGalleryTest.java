package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class CaseGalleryTest {
  private static CaseGallery.Case example(int index, float... features) {
    boolean correct = index % 2 == 0;
    return new CaseGallery.Case(
        index, "fear", correct ? "fear" : "anger", correct, 0.3456, features);
  }

  private static float[] ramp(int length) {
    float[] features = new float[length];
    for (int i = 0; i < length; i++) {
      features[i] = i / (length - 1f);
    }
    return features;
  }

  private static byte[] image(Parsed picture) {
    String href = picture.elements("image").get(0).getAttribute("href");
    String prefix = "data:image/png;base64,";
    assertTrue(href.startsWith(prefix), href);
    return Base64.getDecoder().decode(href.substring(prefix.length()));
  }

  @Test
  void captionsSayWhatMatters() {
    Parsed picture =
        Parsed.of(
            CaseGallery.of("Least certain", List.of(example(7, ramp(64)), example(8, ramp(64))))
                .svg());
    assertEquals("Least certain", picture.title());
    assertTrue(picture.texts().contains("#7 \u00b7 34.6% confident"), picture.texts().toString());
    assertEquals(List.of("anger", "fear"), picture.texts("name", "strong"));
    assertEquals(
        "#7, 34.6% confident\npredicted: anger\ntrue: fear\n"
            + "#8, 34.6% confident\npredicted: fear\ntrue: fear",
        picture.description());
    // Right and wrong differ by colour and by sign.
    assertTrue(picture.elements("g", "wrong").get(0).getTextContent().contains("anger"));
    assertTrue(picture.elements("g", "right").get(0).getTextContent().contains("fear"));
    String wrong = sign(picture.elements("g", "wrong").get(0));
    String right = sign(picture.elements("g", "right").get(0));
    assertFalse(wrong.substring(wrong.indexOf(' ')).equals(right.substring(right.indexOf(' '))));
  }

  private static String sign(Element group) {
    return ((Element) group.getElementsByTagName("path").item(0)).getAttribute("d");
  }

  @Test
  void aSquareNumberOfFeaturesIsAnImage() {
    float[] features = ramp(64);
    byte[] grey = new byte[64];
    for (int i = 0; i < 64; i++) {
      grey[i] = (byte) Math.rint(features[i] * 255.0);
    }
    Parsed picture = Parsed.of(CaseGallery.of("t", List.of(example(1, features))).svg());
    assertArrayEquals(Png.grey(8, 8, grey), image(picture));
    Element image = picture.elements("image").get(0);
    assertTrue(image.getAttribute("style").contains("image-rendering:pixelated"));
    assertEquals(image.getAttribute("width"), image.getAttribute("height"));
  }

  @Test
  void smallSquaresAndOtherNumbersAreBars() {
    for (int features : new int[] {1, 2, 4, 13, 36, 63, 1000}) {
      Parsed picture =
          Parsed.of(CaseGallery.of("t", List.of(example(1, ramp(Math.max(2, features))))).svg());
      assertEquals(0, picture.elements("image").size());
      String bars = picture.elements("path", "bar").get(0).getAttribute("d");
      assertEquals(Math.min(88, Math.max(2, features)), bars.split("z").length);
    }
  }

  @Test
  void shapesGiveImages() {
    byte[] grey = {0, 51, 102, (byte) 153, (byte) 204, (byte) 255};
    float[] values = {0, 0.2f, 0.4f, 0.6f, 0.8f, 1};
    for (int[] shape : new int[][] {{2, 3}, {2, 3, 1}, {1, 2, 3}}) {
      CaseGallery gallery = CaseGallery.of("t", List.of(example(1, values)));
      if (shape[0] == 1) { // one row of two coloured pixels is too thin for a picture
        assertTrue(Parsed.of(gallery.withShape(shape).svg()).elements("image").isEmpty());
      } else {
        Parsed picture = Parsed.of(gallery.withShape(shape).svg());
        assertArrayEquals(Png.grey(3, 2, grey), image(picture));
        Element image = picture.elements("image").get(0);
        assertEquals("192", image.getAttribute("width"));
        assertEquals("128", image.getAttribute("height"));
      }
    }
  }

  @Test
  void coloursInBothOrders() {
    float[] interleaved = new float[2 * 4 * 3];
    float[] planar = new float[2 * 4 * 3];
    byte[] rgb = new byte[2 * 4 * 3];
    for (int pixel = 0; pixel < 8; pixel++) {
      for (int channel = 0; channel < 3; channel++) {
        int value = 30 * pixel + channel;
        interleaved[pixel * 3 + channel] = value;
        planar[channel * 8 + pixel] = value;
        rgb[pixel * 3 + channel] = (byte) value;
      }
    }
    byte[] expected = Png.rgb(4, 2, rgb);
    CaseGallery last = CaseGallery.of("t", List.of(example(1, interleaved))).withShape(2, 4, 3);
    CaseGallery first = CaseGallery.of("t", List.of(example(1, planar))).withShape(3, 2, 4);
    assertArrayEquals(expected, image(Parsed.of(last.withRange(0, 255).svg())));
    assertArrayEquals(expected, image(Parsed.of(first.withRange(0, 255).svg())));
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
    CaseGallery gallery = CaseGallery.of("t", List.of(example(1, a), example(2, b)));
    assertArrayEquals(Png.grey(7, 7, grey), image(Parsed.of(gallery.svg())));
    // Values outside a range that is given are drawn as its ends.
    Arrays.fill(grey, (byte) 0);
    grey[1] = (byte) 255;
    assertArrayEquals(Png.grey(7, 7, grey), image(Parsed.of(gallery.withRange(0, 3).svg())));
  }

  @Test
  void barsHangFromZero() {
    float[] features = {1, -1, 0, 0.5f};
    Parsed picture = Parsed.of(CaseGallery.of("t", List.of(example(1, features))).svg());
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

  @Test
  void rowsWrapInBalance() {
    for (int[] layout : new int[][] {{1, 360, 1}, {5, 1088, 1}, {6, 664, 2}, {12, 876, 3}}) {
      List<CaseGallery.Case> cases = new ArrayList<>();
      for (int i = 0; i < layout[0]; i++) {
        cases.add(example(i, ramp(64)));
      }
      Parsed picture = Parsed.of(CaseGallery.of("t", cases).svg());
      assertEquals(layout[0], picture.elements("image").size());
      assertEquals(String.valueOf(layout[1]), picture.root().getAttribute("width"));
      long rows =
          picture.elements("image").stream().map(i -> i.getAttribute("y")).distinct().count();
      assertEquals(layout[2], rows);
      double height = Double.parseDouble(picture.root().getAttribute("height"));
      for (Element text : picture.elements("text")) {
        assertTrue(Double.parseDouble(text.getAttribute("y")) < height - 20);
      }
    }
  }

  @Test
  void classNamesOfSomeLengthAreWhole() {
    String name = "Iris-versicolor, cultivated";
    for (int features : new int[] {64, 13}) {
      List<CaseGallery.Case> cases = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        cases.add(new CaseGallery.Case(i * 100000, name, name, true, 1, ramp(features)));
      }
      Parsed picture = Parsed.of(CaseGallery.of("t", cases).svg());
      assertEquals(List.of(name, name, name, name, name), picture.texts("name", "strong"));
      TextBox.check(picture);
      assertTrue(Double.parseDouble(picture.root().getAttribute("width")) <= 1088);
    }
  }

  @Test
  void longClassNamesAndTitlesAreShortened() {
    String latin = "the_quite_long_name_of_a_class_of_more_than_sixty_characters__";
    String chinese = "\u4f7f\u7528\u4e2d\u6587\u7684".repeat(12);
    CaseGallery.Case c = new CaseGallery.Case(1234567, latin, chinese, false, 1, ramp(64));
    for (int count : new int[] {1, 5}) {
      String title = "Least certain of 123456789 rows (validation)";
      Parsed picture = Parsed.of(CaseGallery.of(title, Collections.nCopies(count, c)).svg());
      TextBox.check(picture);
      assertEquals(title, String.join(" ", picture.texts("title")), "on one line or two");
      assertTrue(chinese.startsWith(picture.texts("strong").get(0).replace("\u2026", "")));
      List<String> tooltips =
          picture.elements("title").stream().map(Element::getTextContent).toList();
      assertTrue(tooltips.containsAll(List.of(latin, chinese)), tooltips.toString());
    }
  }

  private static List<String> names(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add("feature " + i);
    }
    return names;
  }

  /** The lengths of the bars, negative to the left of zero. */
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
    List<CaseGallery.Case> cases = List.of(example(1, features), example(2, features));
    Parsed picture = Parsed.of(CaseGallery.of("t", cases).withFeatureNames(names).svg());
    TextBox.check(picture);
    List<String> twice = new ArrayList<>(names);
    twice.addAll(names);
    assertEquals(twice, picture.texts("tick"));
    assertArrayEquals(new double[] {59, -59, 0, 29.5, 0}, bars(picture, 0));
    assertArrayEquals(bars(picture, 0), bars(picture, 1));
    // Each name stands at the height of its bar.
    String[] parts = picture.elements("path", "bar").get(0).getAttribute("d").split("M");
    for (int i = 0; i < names.size(); i++) {
      double top = Double.parseDouble(parts[i + 2].split("[ hvz]")[1]);
      double baseline =
          Double.parseDouble(picture.elements("text", "tick").get(i).getAttribute("y"));
      assertEquals(top + 5 + 4.3, baseline, 0.11);
    }
    CaseGallery.Case half = example(3, 0.25f, 0, 0, 0, 0);
    picture =
        Parsed.of(CaseGallery.of("t", List.of(half)).withFeatureNames(names).withRange(0, 1).svg());
    assertEquals(0.25 * 118, bars(picture, 0)[0], 0.051);
  }

  @Test
  void textsOfACaseStandInPlaceOfNames() {
    CaseGallery.Case one = example(1, 1, 2).withTexts(List.of("age 42", ""));
    CaseGallery.Case two = example(2, 1, 2);
    List<CaseGallery.Case> cases = List.of(one, two);
    Parsed picture =
        Parsed.of(CaseGallery.of("t", cases).withFeatureNames(List.of("age", "height")).svg());
    assertEquals(List.of("age 42", "height", "age", "height"), picture.texts("tick"));
    TextBox.check(picture);
    // Without names the texts are all there is.
    picture = Parsed.of(CaseGallery.of("t", cases).svg());
    assertEquals(List.of("age 42", "", "", ""), picture.texts("tick"));
    assertEquals(List.of("age 42", ""), one.texts());
    assertEquals(List.of(), two.texts());
  }

  @Test
  void ofManyFeaturesTheLargestAreShown() {
    float[] features = new float[100];
    for (int i = 0; i < 100; i++) {
      features[i] = (i % 2 == 0 ? 1 : -1) * (float) (i * 37 % 100); // 0 to 99, each once
    }
    features[50] = Float.NaN;
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      if (i * 37 % 100 >= 70 && i != 50) {
        expected.add("feature " + i);
      }
    }
    assertEquals(30, expected.size());
    expected.add("70 not shown, none larger");
    CaseGallery gallery = CaseGallery.of("t", List.of(example(1, features)));
    Parsed picture = Parsed.of(gallery.withFeatureNames(names(100)).svg());
    assertEquals(expected, picture.texts("tick"));
    assertEquals(30, bars(picture, 0).length);
    TextBox.check(picture);
    // Of equals the first, and 30 are not many.
    gallery = CaseGallery.of("t", List.of(example(1, new float[31])));
    picture = Parsed.of(gallery.withFeatureNames(names(31)).svg());
    assertEquals("feature 29", picture.texts("tick").get(29));
    assertEquals("1 not shown, none larger", picture.texts("tick").get(30));
    gallery = CaseGallery.of("t", List.of(example(1, ramp(30))));
    picture = Parsed.of(gallery.withFeatureNames(names(30)).svg());
    assertEquals(names(30), picture.texts("tick"));
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
    Parsed picture = Parsed.of(CaseGallery.of("t", cases).withFeatureNames(names).svg());
    TextBox.check(picture);
    List<String> tooltips =
        picture.elements("title").stream().map(Element::getTextContent).toList();
    for (int i = 0; i < 4; i++) {
      String[] ends = picture.texts("tick").get(i).split("\u2026");
      assertEquals(2, ends.length);
      assertTrue(names.get(i).startsWith(ends[0]) && names.get(i).endsWith(ends[1]));
      assertTrue(tooltips.contains(names.get(i)));
    }
    assertEquals("x", picture.texts("tick").get(4));
    // On a phone of 390 pixels labels of 12 pixels are still 6.
    assertTrue(Double.parseDouble(picture.root().getAttribute("width")) <= 720);
  }

  @Test
  void namesDecideWhetherASquareIsATable() {
    CaseGallery gallery = CaseGallery.of("t", List.of(example(1, ramp(64))));
    assertTrue(Parsed.of(gallery.withFeatureNames(names(64)).svg()).elements("image").isEmpty());
    assertEquals(1, Parsed.of(gallery.withFeatureNames(List.of()).svg()).elements("image").size());
    CaseGallery image = gallery.withFeatureNames(names(64)).withShape(8, 8);
    assertEquals(gallery.svg(), image.svg());
    assertFalse(gallery.withFeatureNames(names(64)).withShape(64).svg().contains("<image"));
  }

  @Test
  void namesAreText() {
    String hostile = "<script>alert('longer than its place', \"&amp;'\u0000\ud800\n";
    String arabic = "\u0633\u0639\u0627\u062f\u0629";
    CaseGallery.Case c = new CaseGallery.Case(3, hostile, arabic, false, 1, ramp(13));
    Parsed picture = Parsed.of(CaseGallery.of(hostile, List.of(c)).svg());
    assertEquals(0, picture.document().getElementsByTagName("script").getLength());
    assertEquals(List.of(arabic), picture.texts("name", "strong"));
    String shown = picture.texts("name").get(1);
    assertTrue(shown.startsWith("<script>") && shown.endsWith("\u2026"), shown);
    // The whole name is kept for the tooltip, as far as XML can hold it.
    assertTrue(
        picture.description().endsWith("'longer than its place', \"&amp;'\ufffd\ufffd\n"),
        picture.description());
  }

  @Test
  void noCasesAreSaid() {
    assertTrue(Parsed.of(CaseGallery.of("t", List.of()).svg()).texts().contains("no cases"));
  }

  @Test
  void theLocaleIsNotAsked() {
    CaseGallery gallery = CaseGallery.of("t", List.of(example(1234567, ramp(13))));
    String german = Parsed.in("de-DE", gallery::svg);
    assertEquals(german, Parsed.in("ar-EG-u-nu-arab", gallery::svg));
    assertTrue(german.contains("#1234567 \u00b7 34.6% confident"));
  }

  @Test
  void argumentsAreChecked() {
    CaseGallery gallery = CaseGallery.of("t", List.of(example(1, ramp(64))));
    assertThrows(IllegalArgumentException.class, () -> gallery.withShape(8, 9));
    assertThrows(IllegalArgumentException.class, () -> gallery.withRange(1, 1));
    assertThrows(IllegalArgumentException.class, () -> gallery.withRange(Float.NaN, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> CaseGallery.of("t", List.of(example(1, ramp(64)), example(2, ramp(63)))));
    assertThrows(
        NullPointerException.class,
        () -> CaseGallery.of("t", List.of(new CaseGallery.Case(1, "a", null, true, 1, ramp(2)))));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> gallery.withFeatureNames(List.of("a", "b")));
    assertEquals("2 feature names, expected none or 64, one a feature", e.getMessage());
    e =
        assertThrows(
            IllegalArgumentException.class, () -> example(7, 1, 2).withTexts(List.of("a")));
    assertEquals("case #7: 1 texts, expected none or 2, one a feature", e.getMessage());
  }
}
