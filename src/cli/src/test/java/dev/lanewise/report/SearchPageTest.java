package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.selection.Trial;
import dev.lanewise.train.Score;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The page about a search. */
class SearchPageTest {
  private static Trial trial(int number) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("hidden", "128,".repeat(number % 3) + "64");
    if (number > 1) {
      options.put("eta", Double.toString(0.001 * number * number));
      options.put("weight-decay", number % 2 == 0 ? "0" : "1e-" + number % 12);
    }
    double loss = number == 4 ? Double.NaN : (17.0 + number * 7 % 11) / 20;
    return new Trial(number, 30, options, number - 2, loss, 1 - loss / 2, "ab");
  }

  static String page() {
    List<Trial> trials = IntStream.rangeClosed(1, 30).mapToObj(SearchPageTest::trial).toList();
    Trial winner = trials.stream().min(Trial.BEST_FIRST).orElseThrow();
    return new SearchPage("<b>rooms</b>.csv", trials, winner, "accuracy")
        .result("best trial", null)
        .result("winner", new Score(0.75, 0.625))
        .fact("seconds of the search", "12")
        .html();
  }

  @Test
  void thePageHasTheResultsAndTheOptions() {
    String text = page();
    Page page = Page.of(text);
    assertTrue(text.contains("No trial has seen the test rows"), text);
    assertTrue(text.contains("Search on &#60;b&#62;rooms&#60;/b&#62;.csv"), text);
    assertEquals(
        List.of("Validation loss", "Validation accuracy", "eta", "weight-decay"),
        List.copyOf(page.charts().keySet()));
    List<List<String>> results = Page.rows(page.all("table").get(0));
    assertEquals(List.of("winner", "0.75000", "0.62500"), results.get(results.size() - 1));
    assertEquals(List.of("best trial", "-", "-"), results.get(results.size() - 2));
    assertTrue(text.contains("log10 of weight-decay; 0 is on the left"), text);
    String best = "Trial 11 of 30 has the smallest";
    assertTrue(
        text.contains(best), text.substring(text.indexOf("lead"), text.indexOf("lead") + 200));
  }
}
