package dev.lanewise.report;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.Loss;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

class LineChartTest {
  private static final double NAN = Double.NaN;

  private static double[] epochs(int count) {
    double[] epochs = new double[count];
    Arrays.setAll(epochs, i -> i + 1);
    return epochs;
  }

  private static double[] noisy(int count, double from, double to, long seed) {
    Random random = new Random(seed);
    double[] values = new double[count];
    Arrays.setAll(
        values, i -> to + (from - to) * Math.exp(-3.0 * i / count) + 0.01 * random.nextDouble());
    return values;
  }

  private static String crossEntropy(int epochs) {
    return Charts.crossEntropy(
            epochs(epochs), noisy(epochs, 1.9, 0.2, 1), noisy(epochs, 1.9, 0.6, 2))
        .svg();
  }

  private static String accuracy(int epochs) {
    return Charts.accuracy(epochs(epochs), noisy(epochs, 0.2, 0.95, 3), noisy(epochs, 0.2, 0.8, 4))
        .svg();
  }

  private static int count(String text, char c) {
    return (int) text.chars().filter(each -> each == c).count();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 31, 1000, 100000})
  void everyLengthGivesASmallPicture(int epochs) {
    for (String svg : List.of(crossEntropy(epochs), accuracy(epochs))) {
      assertTrue(svg.length() < 60_000, "length " + svg.length());
      Parsed picture = Parsed.of(svg);
      assertEquals("http://www.w3.org/2000/svg", picture.root().getNamespaceURI());
      assertEquals("svg", picture.root().getLocalName());
      assertEquals("img", picture.root().getAttribute("role"));
      String[] box = picture.root().getAttribute("viewBox").split(" ");
      double largest = Math.max(Double.parseDouble(box[2]), Double.parseDouble(box[3]));
      for (double number : picture.numbers()) {
        assertTrue(Math.abs(number) <= largest, number + " is outside the picture");
      }
      assertTrue(picture.texts().containsAll(List.of("Epoch", "Training", "Validation")));
      int labels = picture.texts("tick", "middle").size();
      assertTrue(labels >= 1 && labels <= 11, labels + " labels");
      assertTrue(picture.description().startsWith("Training: "));
    }
  }

  @Test
  void aShortRunMarksEveryEpochAndALongOneSome() {
    Element few = Parsed.of(crossEntropy(10)).elements("path", "solid").get(1);
    assertEquals(10, count(few.getAttribute("d"), 'M'));
    Element many = Parsed.of(crossEntropy(1000)).elements("path", "solid").get(1);
    int markers = count(many.getAttribute("d"), 'M');
    assertTrue(markers >= 7 && markers <= 10, markers + " markers");
  }

  @Test
  void epochsAreMarkedWithWholeNumbers() {
    assertEquals(
        List.of("1", "2", "3", "4", "5", "6", "7", "8", "9", "10"),
        Parsed.of(crossEntropy(10)).texts("tick", "middle"));
    assertEquals(List.of("1"), Parsed.of(accuracy(1)).texts("tick", "middle"));
    assertEquals(List.of("1", "2"), Parsed.of(accuracy(2)).texts("tick", "middle"));
    List<String> thousand = Parsed.of(accuracy(1000)).texts("tick", "middle");
    assertEquals("0", thousand.get(0));
    assertEquals("1000", thousand.get(thousand.size() - 1));
  }

  @Test
  void theAccuracyAxisEndsAtOneWhenNear() {
    assertEquals("1.0", top(accuracyOf(0.2, 0.5, 0.97)));
    assertEquals("1.00", top(accuracyOf(0.92, 0.95, 0.97)));
    assertEquals("1.00", top(accuracyOf(1, 1, 1)));
    assertEquals("0.4", top(accuracyOf(0.1, 0.2, 0.31)));
    assertEquals("0.0", Parsed.of(accuracyOf(0, 0, 0.8)).texts("tick", "end").get(0));
  }

  private static String accuracyOf(double... values) {
    return Charts.accuracy(epochs(values.length), values, new double[0]).svg();
  }

  private static String top(String svg) {
    List<String> labels = Parsed.of(svg).texts("tick", "end");
    return labels.get(labels.size() - 1);
  }

  /**
   * The first point is 8 pixels from the left end of the axis, and the last one 8 pixels from the
   * right end. The value 0 is at 358 pixels and 2 at 82. Grid and marks are in the middle of a
   * pixel.
   */
  @Test
  void pointsGridAndMarksAreAtTheirValues() {
    double[] y = {0, 2, 0.5, 1.3};
    LineChart chart = LineChart.of("t", "x", "y").with("s", new double[] {1, 2, 3, 5}, y);
    Parsed picture = Parsed.of(chart.svg());
    assertEquals(
        List.of("M71 358.5H696", "M71 289.5H696", "M71 220.5H696", "M71 151.5H696", "M71 82.5H696"),
        paths(picture, "grid"));
    assertEquals(
        List.of("M71 358.5H696M79.5 358v5M231.5 358v5M383.5 358v5M535.5 358v5M688.5 358v5"),
        paths(picture, "axis"));
    assertEquals("M79 358 231.3 82 383.5 289 688 178.6", paths(picture, "line").get(1));
    String marks = paths(picture, "mark").get(1);
    List<String> places = List.of("M79 358m", "M231.3 82m", "M383.5 289m", "M688 178.6m");
    assertEquals(4, count(marks, 'M'));
    assertTrue(places.stream().allMatch(marks::contains), marks);
    assertEquals(List.of("362.3", "293.3", "224.3", "155.3", "86.3"), at(picture, "y", "end"));
    assertEquals(List.of("79", "231.3", "383.5", "535.8", "688"), at(picture, "x", "middle"));
    assertEquals(List.of("63", "63", "63", "63", "63"), at(picture, "x", "end"));
    assertEquals(List.of("378", "378", "378", "378", "378"), at(picture, "y", "middle"));
  }

  private static List<String> paths(Parsed picture, String what) {
    return picture.elements("path", what).stream().map(path -> path.getAttribute("d")).toList();
  }

  private static List<String> at(Parsed picture, String coordinate, String end) {
    return picture.elements("text", "tick", end).stream()
        .map(text -> text.getAttribute(coordinate))
        .toList();
  }

  @Test
  void theAxisExceedsABoundThatValuesExceed() {
    LineChart chart = LineChart.of("t", "x", "y").with("s", epochs(2), new double[] {-1, 3});
    List<String> labels = Parsed.of(chart.withBounds(0, 1).svg()).texts("tick", "end");
    assertEquals("-1", labels.get(0));
    assertEquals("3", labels.get(labels.size() - 1));
  }

  @Test
  void validationMayBeAbsent() {
    double[] y = {2, 1};
    for (double[] absent : List.of(new double[0], new double[] {NAN, NAN})) {
      assertFalse(Charts.crossEntropy(epochs(2), y, absent).svg().contains("Validation"));
      assertFalse(Charts.accuracy(epochs(2), y, absent).svg().contains("Validation"));
    }
  }

  @Test
  void infiniteValuesAndNaNLeaveGaps() {
    double[] y = {1, 2, NAN, 3, Double.POSITIVE_INFINITY, 4, 2, Double.NEGATIVE_INFINITY};
    String svg = LineChart.of("t", "x", "y").with("s", epochs(8), y).svg();
    Parsed picture = Parsed.of(svg);
    String line = picture.elements("path", "line").get(1).getAttribute("d");
    assertEquals(3, count(line, 'M'));
    assertEquals(5, count(picture.elements("path", "mark").get(1).getAttribute("d"), 'M'));
    picture.numbers(); // fails if one is not a number
    assertFalse(svg.contains("NaN") || svg.contains("Infinity"));
  }

  @Test
  void loneValuesInALongSeriesAreMarked() {
    double[] y = new double[1000];
    Arrays.fill(y, 0, 500, 1);
    Arrays.fill(y, 500, 1000, NAN);
    for (int i = 505; i < 1000; i += 10) {
      y[i] = 2;
    }
    String svg = LineChart.of("t", "x", "y").with("s", epochs(1000), y).svg();
    String line = Parsed.of(svg).elements("path", "line").get(1).getAttribute("d");
    String markers = Parsed.of(svg).elements("path", "mark").get(1).getAttribute("d");
    String[] runs = line.substring(1).split("M");
    assertEquals(1 + 50, runs.length);
    for (String lone : Arrays.copyOfRange(runs, 1, runs.length)) {
      assertTrue(markers.contains("M" + lone + "m"), lone + " in " + markers);
    }
  }

  @Test
  void aChartWithoutValuesSaysSo() {
    double[] none = {NAN, NAN};
    LineChart empty = LineChart.of("t", "x", "y").with("all", epochs(2), none);
    assertTrue(Parsed.of(empty.svg()).texts().contains("no finite values"));
    assertTrue(Parsed.of(LineChart.of("t", "x", "y").svg()).texts().contains("no finite values"));
    Parsed half = Parsed.of(empty.with("some", epochs(2), new double[] {1, 2}).svg());
    assertTrue(half.texts().contains("all (no finite values)"));
    assertFalse(half.texts().contains("no finite values"));
  }

  @Test
  void constantAndExtremeValuesHaveAnAxis() {
    for (double v : new double[] {0, -3, 1e-300, 1e300, -1e300, Double.MIN_VALUE, 5}) {
      for (double w : new double[] {v, Math.nextUp(v), -v}) {
        Parsed picture =
            Parsed.of(LineChart.of("t", "x", "y").with("s", epochs(2), new double[] {v, w}).svg());
        List<String> labels = picture.texts("tick", "end");
        assertTrue(labels.size() >= 2 && labels.size() <= 7, labels.toString());
        assertEquals(labels.size(), Set.copyOf(labels).size(), labels.toString());
        for (double number : picture.numbers()) {
          assertTrue(Math.abs(number) <= 1000, v + ", " + w + ": " + number);
        }
      }
    }
  }

  /** Tick labels of any length, on both axes, stay inside the picture and do not overlap. */
  @Test
  void labelsStayInsideAndDoNotOverlap() {
    double[][] ranges = {
      {1e-12, 3.5e-12},
      {123456.1, 123456.5},
      {-1.5e8, -3},
      {1, 5e14},
      {123456789.125, 123456789.875},
      {-0.001, 0.0021},
      {0, 1e300},
      {1234567, 1234569},
      {999999999.5, 1000000001.5}
    };
    for (double[] x : ranges) {
      for (double[] y : ranges) {
        LineChart chart = LineChart.of("t", "Epoch", "Loss").with("s", x, y);
        TextBox.check(Parsed.of(chart.svg()));
        assertTrue(Parsed.of(chart.svg()).texts("tick", "middle").size() >= 2, chart.svg());
      }
    }
    for (int epochs : new int[] {1, 2, 10, 1000, 123456, 3000000}) {
      double[] y = noisy(epochs, 1e6, 1e-6, 1);
      LineChart chart = LineChart.of("MSE", "Epoch", "MSE").with("s", epochs(epochs), y);
      TextBox.check(Parsed.of(chart.withBounds(0, NAN).svg()));
      TextBox.check(Parsed.of(chart.withBounds(NAN, 1).svg()));
    }
  }

  @Test
  void standardLabelsAreNotShortened() {
    double[] y = {-123456.5, 0.5};
    for (String svg :
        List.of(
            Charts.r2(epochs(2), y, y).svg(),
            Charts.loss(Loss.HUBER, epochs(2), y, y).svg(),
            Charts.accuracy(epochs(2), y, y).svg(),
            Charts.crossEntropy(epochs(2), y, y).svg())) {
      assertFalse(svg.contains("\u2026"), svg);
    }
  }

  @Test
  void longNamesAreShortenedAndKeptAsTooltips() {
    String latin = "the_quite_long_name_of_a_series_of_more_than_sixty_characters_";
    String chinese = "\u4f7f\u7528\u4e2d\u6587\u7684".repeat(12);
    String arabic = "\u0627\u0633\u0645 \u0637\u0648\u064a\u0644 ".repeat(9).strip();
    String emoji = "\ud83d\ude00\ud83c\udde9\ud83c\uddea".repeat(30);
    LineChart chart = LineChart.of(latin + chinese + arabic + emoji, latin.repeat(2), chinese);
    List<String> names = List.of(latin, chinese, arabic, emoji);
    for (String name : names) {
      chart = chart.with(name, epochs(2), new double[] {1, 2});
    }
    Parsed picture = Parsed.of(chart.svg());
    TextBox.check(picture);
    for (String name : names) {
      String shown = shown(picture, name);
      assertTrue(shown.endsWith("\u2026") && name.startsWith(shown.replace("\u2026", "")), shown);
    }
    assertTrue(latin.repeat(2).startsWith(shown(picture, latin.repeat(2)).replace("\u2026", "")));
    assertEquals(latin + chinese + arabic + emoji, picture.title());
    assertEquals(2, picture.texts("title").size());
    // A second line of the title moves everything else down.
    double height = Double.parseDouble(picture.root().getAttribute("height"));
    double one = Double.parseDouble(Parsed.of(accuracyOf(0, 1)).root().getAttribute("height"));
    assertEquals(one + 22 + 22, height, "and a second row of the legend");
  }

  /** Returns the text that has the given tooltip. */
  private static String shown(Parsed picture, String tooltip) {
    return picture.elements("title").stream()
        .filter(title -> title.getTextContent().equals(tooltip))
        .map(
            title ->
                (Element) ((Element) title.getParentNode()).getElementsByTagName("text").item(0))
        .findFirst()
        .orElseThrow()
        .getTextContent();
  }

  @Test
  void seriesDifferWithoutColour() {
    LineChart chart = LineChart.of("t", "x", "y");
    for (int i = 0; i < 16; i++) {
      chart = chart.with("series number " + i, epochs(2), new double[] {i, i + 1});
    }
    Parsed picture = Parsed.of(chart.svg());
    Set<String> looks = new HashSet<>();
    List<Element> markers = picture.elements("path", "mark").subList(0, 16);
    for (Element marker : markers) {
      String d = marker.getAttribute("d");
      String colour = ((Element) marker.getParentNode()).getAttribute("class");
      looks.add(colour + d.substring(d.indexOf('m')));
    }
    assertEquals(16, looks.size());
    // The legend has several rows, and the plot below it keeps its height.
    double height = Double.parseDouble(picture.root().getAttribute("height"));
    double one = Double.parseDouble(Parsed.of(accuracyOf(0, 1)).root().getAttribute("height"));
    assertTrue(height > one + 40, height + " against " + one);
  }

  @Test
  void namesAreText() {
    String name = "<b a='\"'>&amp;\u0000\ud800";
    Parsed picture =
        Parsed.of(LineChart.of(name, name, name).with(name, epochs(1), new double[] {1}).svg());
    assertEquals("<b a='\"'>&amp;\ufffd\ufffd", picture.title());
    assertEquals(0, picture.document().getElementsByTagName("b").getLength());
    assertEquals(4, picture.texts().stream().filter(t -> t.startsWith("<b a='\"'>&amp;")).count());
  }

  @Test
  void theLocaleHasNoEffect() {
    String german = Parsed.in("de-DE", () -> crossEntropy(50));
    assertEquals(german, Parsed.in("ar-EG-u-nu-arab", () -> crossEntropy(50)));
    assertEquals(german, Parsed.in("en-US", () -> crossEntropy(50)));
    assertNotEquals(german, crossEntropy(51));
  }

  @Test
  void followsLightAndDark() {
    String style = Parsed.of(accuracyOf(0, 1)).elements("style").get(0).getTextContent();
    int dark = style.indexOf("@media (prefers-color-scheme:dark)");
    for (String each : List.of(".lw text{fill:", ".ground", ".s0{", ".s1{", ".s2{", ".s3{")) {
      assertTrue(style.indexOf(each) < dark && style.lastIndexOf(each) > dark, each);
    }
  }

  @Test
  void argumentsAreChecked() {
    LineChart chart = LineChart.of("t", "x", "y");
    for (double[] x : List.of(new double[] {1}, new double[] {2, 1}, new double[] {1, NAN})) {
      rejects(() -> chart.with("Loss", x, new double[] {1, 2}), "series Loss: ");
    }
    assertThrows(IllegalArgumentException.class, () -> chart.withBounds(1, 1));
  }

  @Test
  void isImmutable() {
    double[] y = {1, 2};
    LineChart chart = LineChart.of("t", "x", "y").with("s", epochs(2), y);
    String before = chart.svg();
    chart.with("other", epochs(2), y);
    chart.withBounds(-100, 100);
    y[0] = 7;
    assertEquals(before, chart.svg());
  }
}
