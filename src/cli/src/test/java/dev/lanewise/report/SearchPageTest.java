package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.selection.Trial;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The page about a search. */
class SearchPageTest {
  private static Trial trial(int number) {
    double loss = number == 4 ? Double.NaN : (17.0 + number * 7 % 11) / 20;
    return new Trial(number, 30, Map.of(), number - 2, loss, 1 - loss / 2, "ab");
  }

  static String page() {
    List<Trial> trials = IntStream.rangeClosed(1, 30).mapToObj(SearchPageTest::trial).toList();
    List<String> heads = List.of("model", "test_loss");
    return SearchPage.html("<b>rooms</b>", "Won.", List.of(heads, List.of("<i>", "0.5")), trials);
  }

  @Test
  void thePageHasTheModelsAndTheLosses() {
    Page page = Page.of(page());
    assertTrue(page().contains("No trial has seen the test rows"));
    assertTrue(page().contains("Search on &#60;b&#62;rooms&#60;/b&#62;"));
    assertEquals(List.of("<i>", "0.5"), Page.rows(page.all("table").get(0)).get(1));
    assertEquals(List.of("Validation loss"), List.copyOf(page.charts().keySet()));
    List<Double> losses = page.values("Validation loss", 0, "y");
    assertNull(losses.get(3)); // diverged
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < 30; i++) {
      best = losses.get(i) == null ? best : Math.min(best, losses.get(i));
      assertEquals(best, page.values("Validation loss", 1, "y").get(i));
    }
  }
}
