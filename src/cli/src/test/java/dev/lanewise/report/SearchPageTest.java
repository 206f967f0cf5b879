package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.selection.Trial;
import dev.lanewise.train.Score;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page about a search. */
class SearchPageTest {
  private static Trial trial(int number, int rung) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("hidden", "128,".repeat(number % 3) + "64");
    if (number > 1) {
      options.put("eta", Double.toString(0.001 * number * number));
      options.put("weight-decay", number % 2 == 0 ? "0" : "1e-" + number % 12);
    }
    double loss = number == 4 ? Double.NaN : (17.0 + number * 7 % 11) / (rung * 20);
    return new Trial(number, rung, 30 * rung, options, number - 2, loss, 1 - loss / 2, "ab");
  }

  /** Returns a page with or without halving. */
  static String page(boolean halving) {
    List<Trial> trials = new ArrayList<>();
    for (int number = 1; number <= 30; number++) {
      trials.add(trial(number, 1));
      if (halving && number % 9 == 0) {
        trials.add(trial(number, 2));
        trials.add(trial(number, 3));
      }
    }
    Trial winner = trials.stream().min(Trial.BEST_FIRST).orElseThrow();
    return new SearchPage("<b>rooms</b>.csv", trials, winner, "accuracy")
        .result("best trial", null)
        .result("winner", new Score(0.75, 0.625))
        .fact("seconds of the search", "12")
        .html();
  }

  @Test
  void thePageHasTheResultsAndTheOptions() {
    for (boolean halving : new boolean[] {true, false}) {
      Page page = Page.of(page(halving));
      String text = page(halving);
      assertTrue(text.contains("No trial has seen the test rows"), text);
      assertTrue(text.contains("Search on &#60;b&#62;rooms&#60;/b&#62;.csv"), text);
      assertEquals(4, page.all("svg").size()); // loss, accuracy, eta and weight decay
      List<List<String>> results = Page.rows(page.all("table").get(0));
      assertEquals(List.of("winner", "0.75000", "0.62500"), results.get(results.size() - 1));
      assertEquals(List.of("best trial", "-", "-"), results.get(results.size() - 2));
      assertTrue(text.contains("log10 of weight-decay; 0 is on the left"), text);
      assertEquals(halving, text.contains("rung 2, less work"));
      String best = halving ? "Trial 27 of 30 has the smallest" : "Trial 11 of 30 has the smallest";
      assertTrue(
          text.contains(best), text.substring(text.indexOf("lead"), text.indexOf("lead") + 200));
    }
  }
}
