package dev.lanewise.report;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import dev.lanewise.train.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunComparisonTest {
  private static final String MSE = "MSE of scaled targets";

  /** Returns a run whose losses fall to the given one in the last epoch. */
  static RunComparison.Run run(String name, String measure, String data, double loss, int epochs) {
    List<EpochResult> results = new ArrayList<>();
    for (int e = 0; e < epochs; e++) {
      double l = loss + epochs - 1 - e;
      results.add(new EpochResult(e, epochs, l, 0.25, l, 0.5, l, 0.75, 0.5, 100, 0.1));
    }
    Map<String, Score> scores = new LinkedHashMap<>();
    for (String split : List.of("train", "valid", "test")) {
      scores.put(split, new Score(loss, 1 - loss / 10));
    }
    return new RunComparison.Run(
        name,
        measure,
        measure.equals(MSE),
        Set.of(data),
        "seed 0",
        Map.of("eta", Double.toString(loss), "optimizer", "sgd"),
        new History(results),
        -1,
        scores,
        12345,
        "0123456789abcdef");
  }

  private static RunComparison.Run with(
      RunComparison.Run run, String division, Map<String, String> set) {
    return new RunComparison.Run(
        run.name(),
        run.measure(),
        run.regression(),
        run.data(),
        division,
        set,
        run.history(),
        1,
        run.scores(),
        -1,
        "");
  }

  /** Returns the cells of a table as text, row by row, without the headings. */
  private static List<List<String>> cells(Page page, int table) {
    List<List<String>> rows = Page.rows(page.all("section table").get(table));
    return rows.subList(1, rows.size());
  }

  private static RunComparison of(RunComparison.Run... runs) {
    return new RunComparison(List.of(runs));
  }

  /** Returns a page with the same figures for all runs. */
  static String html(RunComparison.Run... runs) {
    RunComparison comparison = of(runs);
    List<List<String>> figures = new ArrayList<>(List.of(List.of("run", "test loss")));
    for (int i = 0; i < runs.length; i++) {
      figures.add(List.of("as printed", i + ".5"));
    }
    int groups = comparison.groups().size();
    return comparison.html(figures, Collections.nCopies(groups, List.of("It <is>.")));
  }

  @Test
  void runsStandSideBySide() {
    Page page = Page.of(html(run("a", "CE", "d", 0.5, 4), run("b", "CE", "d", 0.25, 2)));
    assertTrue(page.all("p").stream().anyMatch(p -> p.text().equals("It <is>.")));
    assertEquals(List.of(List.of("#1 a", "0.5"), List.of("#2 b", "1.5")), cells(page, 0));
    assertEquals(List.of(List.of("eta", "0.5", "0.25")), cells(page, 1));
    assertEquals("#2 b has the smallest validation loss, 0.25000.", page.lead());
    assertEquals(
        List.of("Validation loss", "Validation accuracy", "Training loss", "Training accuracy"),
        List.copyOf(page.charts().keySet()));
    assertEquals(List.of(1.25, 0.25), page.values("Training loss", 1, "y"));
    assertTrue(of(run("a", "CE", "d", 0.5, 4), run("b", "CE", "d", 0.25, 2)).warnings().isEmpty());
  }

  @Test
  void runsWithOtherDataOrLossesAreNotCompared() {
    RunComparison.Run[] runs = {
      run("a", "CE", "d", 0.5, 2),
      run("b", MSE, "d", 0.25, 2),
      run("c", "CE", "e", 0.125, 2),
      run("d", "CE", "d", 0.75, 2)
    };
    RunComparison comparison = of(runs);
    assertEquals(List.of(List.of(0, 3), List.of(1), List.of(2)), comparison.groups());
    assertEquals(
        List.of(
            "These runs have different kinds of loss (CE; MSE of scaled targets) or data, so their figures cannot be compared. They stand in groups."),
        comparison.warnings());
    Page page = Page.of(html(runs));
    assertEquals(List.of(List.of("#1 a", "0.5"), List.of("#4 d", "3.5")), cells(page, 0));
    assertEquals(List.of(List.of("#2 b", "1.5")), cells(page, 1)); // alone
    assertEquals(1, page.all(".lead").size());
    assertTrue(
        of(run("a", "CE", "d", 0.5, 2), run("c", "CE", "e", 0.1, 2))
            .warnings()
            .get(0)
            .startsWith("These runs have different data, so"));
  }

  @Test
  void otherDivisionsOfTheSameDataAreReported() {
    RunComparison.Run a = run("a", "CE", "d", 0.5, 2);
    RunComparison.Run b = with(a, "seed 1", Map.of());
    assertEquals(1, of(a, b).groups().size());
    assertTrue(of(a, b).warnings().get(0).contains("#1 and #2 were divided in different ways"));
    assertEquals(List.of(), of(a, with(a, null, Map.of())).warnings());
  }

  @Test
  void equalOrUnknownValuesAreNoDifference() {
    RunComparison.Run a = run("a", "CE", "d", 0.5, 2);
    Page page = Page.of(html(a, a, with(a, null, Map.of())));
    assertContains(page.text(), "None, as far");
    RunComparison.Run b = with(a, "seed 0", Map.of("eta", "0.5", "dropout", "0.1", "balanced", ""));
    page = Page.of(html(a, b, with(a, null, Map.of())));
    assertEquals(
        Set.of(
            List.of("optimizer", "sgd", "-", "unknown"),
            List.of("dropout", "-", "0.1", "unknown"),
            List.of("balanced", "-", "yes", "unknown")),
        Set.copyOf(cells(page, 1)));
  }

  @Test
  void thereMayBeSoManyRuns() {
    RunComparison.Run run = run("a", "CE", "d", 0.5, 300);
    String page =
        html(Collections.nCopies(RunComparison.MOST, run).toArray(RunComparison.Run[]::new));
    assertTrue(page.length() < 1_000_000, "length " + page.length());
    List<RunComparison.Run> more = Collections.nCopies(RunComparison.MOST + 1, run);
    assertThrows(IllegalArgumentException.class, () -> new RunComparison(more));
  }

  @Test
  void runsOfAnyLengthFitIntoOneChart() {
    Page page = Page.of(html(run("a", "CE", "d", 1e-6, 1), run("b", "CE", "d", 2, 3000)));
    String title = "Validation loss";
    assertEquals(true, page.charts().get(title).get("log"));
    assertEquals(List.of(1e-6), page.values(title, 0, "y"));
    List<Double> losses = page.values(title, 1, "y");
    assertEquals(List.of(3001.0, 2.0), List.of(losses.get(0), losses.get(losses.size() - 1)));
    assertTrue(losses.size() <= 1002, losses.size() + " of 3000 values");
    String empty = html(run("a", "CE", "d", 1, 0), run("b", MSE, "d", 1, 0));
    assertContains(Page.of(empty).text(), "no finite");
  }

  @Test
  void r2BelowMinusOneIsNotDrawn() {
    RunComparison.Run run = run("a", MSE, "d", 0.5, 1);
    List<EpochResult> results =
        List.of(
            new EpochResult(0, 2, 1, -9, 1, -99, 1, -999, 1, 1, 1),
            new EpochResult(1, 2, 1, 0.5, 1, 0.5, 1, 0.5, 1, 1, 1));
    run =
        new RunComparison.Run(
            "a", MSE, true, Set.of(), "", Map.of(), new History(results), -1, Map.of(), 1, "");
    String page = html(run, run);
    assertContains(page, "R2 below -1 is not shown");
    assertEquals(Arrays.asList(null, 0.5), Page.of(page).values("#1. Validation R2", 0, "y"));
  }
}
