package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
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
  void namesAreText() {
    String hostile = "<script>alert(\"&amp;'\u0000\ud800\n";
    String arabic = "\u0633\u0639\u0627\u062f\u0629";
    CaseGallery.Case c = new CaseGallery.Case(3, hostile, arabic, false, 1, ramp(13));
    Parsed picture = Parsed.of(CaseGallery.of(hostile, List.of(c)).svg());
    assertEquals(0, picture.document().getElementsByTagName("script").getLength());
    assertEquals(List.of(arabic), picture.texts("name", "strong"));
    String shown = picture.texts("name").get(1);
    assertTrue(shown.startsWith("<script>") && shown.endsWith("\u2026"), shown);
    // The whole name is kept for the tooltip, as far as XML can hold it.
    assertTrue(
        picture.description().endsWith("true: <script>alert(\"&amp;'\ufffd\ufffd\n"),
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
  }
}
