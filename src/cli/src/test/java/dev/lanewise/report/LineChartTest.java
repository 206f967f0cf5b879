package dev.lanewise.report;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.Loss;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineChartTest {
  private static final double NAN = Double.NaN;
  private static final double[] TWO = {1, 2};

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

  private static LineChart crossEntropy(int epochs) {
    return Charts.crossEntropy(
        epochs(epochs), noisy(epochs, 1.9, 0.2, 1), noisy(epochs, 1.9, 0.6, 2));
  }

  private static LineChart accuracy(double... values) {
    return Charts.accuracy(epochs(values.length), values, new double[0]);
  }

  private static LineChart of(double... y) {
    return LineChart.of("t", "x", "y").with("s", epochs(y.length), y);
  }

  /** Returns a page that has the chart alone. */
  private static Page page(LineChart chart) {
    Html html = new Html().add("<h1>t</h1>");
    chart.write(html);
    return Page.of(html.page("t"));
  }

  private static List<String> texts(LineChart chart, String look) {
    return Parsed.of(chart.svg()).texts(look);
  }

  /** Returns the labels of the y axis, which stand before those of the x axis. */
  private static List<String> labels(LineChart chart, boolean isOfX) {
    return Parsed.of(chart.svg()).elements("text", "tick").stream()
        .filter(text -> text.getAttribute("text-anchor").equals(isOfX ? "middle" : "end"))
        .map(text -> text.getTextContent())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 31, 1000, 100000})
  void everyLengthGivesASmallPicture(int epochs) {
    LineChart chart = crossEntropy(epochs);
    assertTrue(chart.svg().length() < 60_000, "length " + chart.svg().length());
    Parsed picture = Parsed.of(chart.svg());
    assertEquals("http://www.w3.org/2000/svg", picture.root().getNamespaceURI());
    assertTrue(picture.texts("name").containsAll(List.of("Epoch", "Training", "Validation")));
    int labels = labels(chart, true).size();
    assertTrue(labels >= 1 && labels <= 11, labels + " labels");
    Page page = page(chart);
    List<Double> x = page.values("Cross entropy", 1, "x");
    List<Double> y = page.values("Cross entropy", 1, "y");
    assertEquals(x.size(), y.size());
    assertEquals(epochs <= 1000, x.size() == epochs, x.size() + " values");
    assertTrue(x.size() <= 1002, x.size() + " values");
    assertTrue(x.get(0) <= 1 + epochs / 500, x.get(0) + " is the first");
    assertEquals(epochs, x.get(x.size() - 1));
    List<List<String>> rows = Page.rows(page.one("details table"));
    assertEquals(List.of("Epoch", "Training", "Validation"), rows.get(0));
    assertEquals(1 + Math.min(epochs, 25), rows.size());
    assertEquals(epochs + "", rows.get(rows.size() - 1).get(0));
    assertEquals(epochs > 25, page.captions().get(0).endsWith(" values)"), page.captions().get(0));
  }

  /** The x axis is 612 pixels long, with 8 before the first point; 0 is at 358 pixels, 2 at 82. */
  @Test
  void pointsAreAtTheirValues() {
    double[] y = {0, 2, 0.5, 1.3};
    LineChart chart = LineChart.of("t", "x", "y").with("s", new double[] {1, 2, 3, 5}, y);
    assertEquals(
        "M92.0 358.0 241.0 82.0 390.0 289.0 688.0 178.6",
        Parsed.of(chart.svg()).elements("path", "c0").get(1).getAttribute("d"));
    Page page = page(chart.withBounds(0, NAN).withMark(2, "here"));
    assertEquals(List.of(1.0, 2.0, 3.0, 5.0), page.values("t", 0, "x"));
    assertEquals(List.of(0.0, 2.0, 0.5, 1.3), page.values("t", 0, "y"));
    Map<String, Object> data = page.charts().get("t");
    assertEquals("x y here", data.get("x") + " " + data.get("y") + " " + data.get("mark"));
    assertEquals(List.of(0.0, 2.0), List.of(data.get("low"), data.get("at")));
    assertEquals(null, data.get("high"));
  }

  @Test
  void validationMayBeAbsent() {
    for (double[] absent : List.of(new double[0], new double[] {NAN, NAN})) {
      assertFalse(Charts.crossEntropy(TWO, TWO, absent).svg().contains("Validation"));
      assertFalse(page(Charts.accuracy(TWO, TWO, absent)).html().contains("\"Validation"));
    }
  }

  @Test
  void infiniteValuesAndNaNLeaveGaps() {
    double[] y = {1, 2, NAN, 3, Double.POSITIVE_INFINITY, 4, 2, Double.NEGATIVE_INFINITY};
    String line = Parsed.of(of(y).svg()).elements("path", "c0").get(1).getAttribute("d");
    assertEquals(3, line.chars().filter(c -> c == 'M').count(), line);
    assertEquals(
        Arrays.asList(1.0, 2.0, null, 3.0, null, 4.0, 2.0, null), page(of(y)).values("t", 0, "y"));
    double[] many = new double[5000];
    Arrays.fill(many, 100, 300, NAN);
    List<Double> thinned = page(of(many)).values("t", 0, "y");
    assertEquals(1, thinned.stream().filter(v -> v == null).count());
  }

  @Test
  void aChartWithoutValuesSaysSo() {
    LineChart empty = LineChart.of("t", "x", "y").with("all", TWO, new double[] {NAN, NAN});
    for (LineChart chart : List.of(empty, LineChart.of("t", "x", "y"))) {
      assertTrue(texts(chart, "tick").contains("no finite values"));
      assertTrue(page(chart).text().contains("no finite values"));
    }
    assertFalse(page(empty.with("some", TWO, TWO)).text().contains("no finite values"));
  }

  @Test
  void constantAndExtremeValuesHaveAnAxis() {
    for (double v : new double[] {0, -3, 1e-300, 1e300, -1e300, Double.MIN_VALUE, 5}) {
      for (double w : new double[] {v, Math.nextUp(v), -v}) {
        List<String> labels = labels(of(v, w), false);
        assertTrue(labels.size() >= 2 && labels.size() <= 7, labels.toString());
        assertEquals(labels.size(), Set.copyOf(labels).size(), labels.toString());
        page(of(v, w)).values("t", 0, "y");
      }
    }
  }

  /** Values of a logarithmic axis are above 0, and small differences beside a large offset stay. */
  @Test
  void valuesHaveTheDigitsOfTheirDifferences() {
    LineChart chart = LineChart.of("t", "x", "y").logarithmic().with("s", TWO, new double[] {0, 2});
    assertEquals(Arrays.asList(null, 2.0), page(chart).values("t", 0, "y"));
    assertEquals(true, page(chart).charts().get("t").get("log"));
    List<Double> near = page(of(123456789.125, 123456789.875)).values("t", 0, "y");
    assertEquals(0.75, near.get(1) - near.get(0), 1e-3);
    List<Double> place = page(of(0.1234567, 0)).values("t", 0, "y");
    assertEquals(0.1234567, place.get(0), 1e-5);
  }

  /** Curves with the same places share a table of numbers. */
  @Test
  void curvesWithOtherPlacesHaveTablesOfTheirOwn() {
    LineChart chart =
        of(3, 4).with("r", TWO, new double[] {5, NAN}).withPoints("p", epochs(3), epochs(3));
    Page page = page(chart);
    assertEquals(List.of("t: s, r", "t: p"), page.captions());
    assertEquals(
        List.of(List.of("x", "s", "r"), List.of("1", "3", "5"), List.of("2", "4", "-")),
        page.table("t: s, r"));
    assertTrue(page.html().contains("{\"name\":\"p\",\"dots\":true,"));
  }

  @Test
  void namesAreText() {
    String name = "<b a='\"'>&amp;\u0000\ud800";
    LineChart chart = LineChart.of(name, name, name).with(name, TWO, TWO);
    Parsed picture = Parsed.of(chart.svg());
    assertEquals(
        "<b a='\"'>&amp;\ufffd\ufffd", picture.elements("title", "").get(0).getTextContent());
    assertEquals(0, picture.document().getElementsByTagName("b").getLength());
    assertEquals(3, picture.texts("name").stream().filter(t -> t.startsWith("<b a='\"'>")).count());
    Page page = page(chart);
    assertEquals(0, page.all("b").size());
    assertEquals(name, page.charts().values().iterator().next().get("x"));
  }

  @Test
  void theLocaleHasNoEffect() {
    String german = Parsed.in("de-DE", () -> crossEntropy(50).svg());
    assertEquals(german, Parsed.in("ar-EG-u-nu-arab", () -> crossEntropy(50).svg()));
    assertNotEquals(german, crossEntropy(51).svg());
    String page = Parsed.in("de-DE", () -> page(crossEntropy(50)).html());
    assertEquals(page, Parsed.in("ar-EG-u-nu-arab", () -> page(crossEntropy(50)).html()));
  }

  @Test
  void theLossOfTheCourseHasAUnit() {
    assertTrue(texts(crossEntropy(3), "name").contains("Cross entropy (nats)"));
    assertTrue(Charts.loss(Loss.HUBER, TWO, TWO, TWO).svg().contains(" of scaled targets"));
  }

  @Test
  void argumentsAreChecked() {
    LineChart chart = LineChart.of("t", "x", "y");
    for (double[] x : List.of(new double[] {1}, new double[] {2, 1}, new double[] {1, NAN})) {
      rejects(() -> chart.with("Loss", x, new double[] {1, 2}), "series Loss: ");
    }
    assertThrows(IllegalArgumentException.class, () -> chart.withBounds(1, 1));
  }
}
