package dev.lanewise.report;

import dev.lanewise.report.draw.Html;
import dev.lanewise.report.draw.Text;
import dev.lanewise.selection.Trial;
import dev.lanewise.train.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A page about a search: what it found, its progress, the results against each option, and the best
 * trials. The page is one HTML file, which needs no network connection.
 */
public final class SearchPage {
  private static final int LISTED = 20; // trials
  private static final int MOST_NAMES = 4; // different numbers that a table lists by their values
  private static final double WIDE =
      5; // at this ratio of quartiles and above, logarithms are shown

  private final String title;
  private final List<Trial> trials;
  private final Trial winner;
  private final String score;
  private final Map<String, Score> results = new LinkedHashMap<>(); // scores on the test rows
  private final Set<String> names = new LinkedHashSet<>(); // names of the options
  private final Map<String, String> facts = new LinkedHashMap<>();
  private String lead = "";

  /**
   * Makes a page.
   *
   * @param title name of the data
   * @param trials all results in their order, with the names and values of options to show
   * @param winner one of these
   * @param score name of the score, such as {@code accuracy}
   */
  public SearchPage(String title, List<Trial> trials, Trial winner, String score) {
    this.title = title;
    this.trials = List.copyOf(trials);
    this.winner = winner;
    this.score = score;
    trials.forEach(trial -> names.addAll(trial.options().keySet()));
  }

  /**
   * Adds a model that the search gave.
   *
   * @param what the name of the model
   * @param test its score on test rows, or null
   * @return this
   */
  public SearchPage result(String what, Score test) {
    results.put(what, test);
    return this;
  }

  /** Adds a sentence to the first one, such as which model is kept. */
  public SearchPage lead(String sentence) {
    lead = sentence;
    return this;
  }

  /**
   * Adds a fact about the winner and what it took.
   *
   * @param name the name of the fact
   * @param value the value of the fact
   * @return this
   */
  public SearchPage fact(String name, String value) {
    facts.put(name, value);
    return this;
  }

  /** {@return the page, a whole HTML document} */
  public String html() {
    int count = trials.stream().mapToInt(Trial::number).max().orElse(0);
    Html html = new Html();
    html.add("<header><h1>Search on ").name(title).add("</h1>\n</header>\n<main class=\"runs\">\n");
    html.add("<p class=\"lead\">")
        .text(
            "Trial %s of %s has the smallest validation loss, %s."
                .formatted(winner.number(), count, Text.fixed(winner.loss())))
        .text(lead.isEmpty() ? "" : " " + lead + ".")
        .add("</p>\n");
    html.section("results", "Results");
    results(html);
    html.remark(
        "The best of many trials on the same validation rows is better on them than it will be on"
            + " other rows, and so is an ensemble that was selected on them. No trial has seen the"
            + " test rows, so the numbers of the test are those to expect.");
    html.heading("The winner and its cost").add("<dl>\n");
    winner.options().forEach(html::pair);
    facts.forEach(html::pair);
    html.add("</dl>\n").end().section("progress", "Progress");
    progress(html.grid(), true);
    progress(html, false);
    html.add("</div>\n");
    html.end().section("options", "Loss against each option");
    html.remark(
        "Each result is the validation loss of a trial after the same share of its epochs. Other"
            + " options differ, too, so only clear differences mean something.");
    options(html);
    html.end().section("trials", "The best results");
    best(html);
    return html.end().add("</main>\n").page("Search on " + title);
  }

  private void results(Html html) {
    List<String> ranking =
        RunComparison.RANKING.stream()
            .filter(name -> results.values().stream().anyMatch(s -> has(s, name)))
            .toList();
    List<String> heads = new ArrayList<>();
    ranking.forEach(name -> heads.add("test " + RunComparison.title(name)));
    heads.addAll(List.of("test loss", "test " + score));
    html.table("Models that the search gave", 1, "model", heads);
    results.forEach(
        (what, test) -> {
          List<String> cells = new ArrayList<>();
          ranking.forEach(n -> cells.add(has(test, n) ? Text.fixed(test.figure(n)) : Text.NONE));
          cells.add(test == null ? Text.NONE : Text.fixed(test.loss()));
          cells.add(test == null ? Text.NONE : Text.fixed(test.accuracy()));
          html.row(what, cells);
        });
    html.endTable();
  }

  private static boolean has(Score score, String figure) {
    return score != null && !Double.isNaN(score.figure(figure));
  }

  /** Draws the losses or scores of all results in their order, and the best so far. */
  private void progress(Html html, boolean isLoss) {
    String name = "Validation " + (isLoss ? "loss" : score);
    LineChart chart = LineChart.of(name, "Result", "");
    if (isLoss && trials.stream().filter(Trial::isMeasured).allMatch(trial -> trial.loss() > 0)) {
      chart = chart.logarithmic();
    }
    double[] numbers = new double[trials.size()];
    Arrays.setAll(numbers, i -> i + 1);
    double[] best = trials.stream().mapToDouble(isLoss ? Trial::loss : Trial::score).toArray();
    chart = chart.withPoints("Trial", numbers, best);
    for (int i = 0; i < best.length; i++) {
      double before = i == 0 ? Double.NaN : best[i - 1];
      boolean isWorse = isLoss ? best[i] > before : best[i] < before;
      best[i] = Double.isNaN(best[i]) || isWorse ? before : best[i];
    }
    chart.with("Best so far", numbers, best).write(html);
  }

  private void options(Html html) {
    StringBuilder tables = new StringBuilder();
    html.grid(); // charts come first
    for (String name : names) {
      List<Trial> used = trials.stream().filter(t -> t.options().containsKey(name)).toList();
      boolean areNumbers = used.stream().noneMatch(trial -> Double.isNaN(number(trial, name)));
      long different = used.stream().map(trial -> trial.options().get(name)).distinct().count();
      if (areNumbers && different > MOST_NAMES) {
        chart(html, name, used);
      } else if (different > 1) {
        tables.append(table(name, trials));
      }
    }
    html.add(tables.toString()).add("</div>\n");
  }

  private static double number(Trial trial, String option) {
    try {
      return Double.parseDouble(trial.options().get(option));
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static void chart(Html html, String name, List<Trial> used) {
    List<Trial> sorted =
        used.stream().sorted(Comparator.comparingDouble(trial -> number(trial, name))).toList();
    double[] x = sorted.stream().mapToDouble(trial -> number(trial, name)).toArray();
    double[] y = sorted.stream().mapToDouble(Trial::loss).toArray();
    int zeros = (int) Arrays.stream(x).filter(value -> value <= 0).count();
    int above = x.length - zeros;
    boolean isLogarithmic =
        x[0] >= 0 && above > 0 && x[zeros + above * 3 / 4] >= WIDE * x[zeros + above / 4];
    String label = name;
    if (isLogarithmic) {
      double place = StrictMath.log10(x[zeros]) - 0.5;
      label = "log10 of " + name + (zeros == 0 ? "" : "; 0 is on the left");
      Arrays.setAll(x, i -> i < zeros ? place : StrictMath.log10(x[i]));
    }
    LineChart chart = LineChart.of(name, label, "Loss");
    if (Arrays.stream(y).filter(Double::isFinite).allMatch(loss -> loss > 0)) {
      chart = chart.logarithmic();
    }
    chart.withPoints("Trial", x, y).write(html);
  }

  /** Lists the values of an option with the losses of their trials. */
  private static String table(String name, List<Trial> first) {
    Map<String, List<Double>> losses = new TreeMap<>();
    for (Trial trial : first) {
      String value = trial.options().getOrDefault(name, "as preset");
      losses
          .computeIfAbsent(value, each -> new ArrayList<>())
          .add(trial.isMeasured() ? trial.loss() : Double.POSITIVE_INFINITY);
    }
    Html html = new Html().add("<div>");
    html.table(name, 1, "value", "trials", "smallest loss", "median loss");
    losses.forEach(
        (value, all) -> {
          double[] sorted = all.stream().mapToDouble(loss -> loss).sorted().toArray();
          double middle = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
          html.row(value, Text.count(sorted.length), Text.fixed(sorted[0]), Text.fixed(middle));
        });
    return html.endTable().add("</div>\n").toString();
  }

  private void best(Html html) {
    List<String> heads = new ArrayList<>(List.of("loss", score, "epochs", "best epoch"));
    heads.addAll(names);
    html.table("The results with the smallest validation losses", 1, "trial", heads);
    trials.stream()
        .sorted(Trial.BEST_FIRST)
        .limit(LISTED)
        .forEach(
            trial -> {
              List<Object> row = new ArrayList<>();
              row.add(Integer.toString(trial.number()));
              row.addAll(List.of(Text.fixed(trial.loss()), Text.fixed(trial.score())));
              row.add(Text.count(trial.epochs()));
              row.add(trial.bestEpoch() < 0 ? Text.NONE : Text.count(trial.bestEpoch()));
              names.forEach(name -> row.add(trial.options().getOrDefault(name, Text.NONE)));
              html.row(row);
            });
    html.endTable();
    html.remark("A hyphen stands for the value of the preset, or for an option without use.");
  }
}
