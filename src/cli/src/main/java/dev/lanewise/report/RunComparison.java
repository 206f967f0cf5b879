package dev.lanewise.report;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import dev.lanewise.train.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A page about several training runs: their results, the settings in which they differ, and their
 * curves. The page is one HTML file, which needs no network connection.
 *
 * <p>Runs with different data or different losses cannot be compared. The page shows them in
 * separate groups, with a warning.
 */
public final class RunComparison {
  /** Largest number of runs whose lines and markers can be distinguished without colours. */
  public static final int MOST = 24;

  /** Name of the setting with the deviations by which targets were divided for the loss. */
  public static final String DEVIATION = "deviation of targets";

  /**
   * Name of the setting with the rows of the validation, if they are folds of the training rows.
   */
  public static final String VALIDATION = "validation";

  /** The figures that come first where one of two classes is rare. */
  public static final List<String> RANKING = List.of("roc_auc", "average_precision");

  private static final double LEAST =
      -1; // smallest R2 in a chart; a much smaller value would hide all others

  private final List<Run> runs;
  private final List<List<Integer>> groups = new ArrayList<>(); // indices of runs

  /**
   * A run.
   *
   * @param name name of the run
   * @param measure the loss with its unit, such as {@code MSE of scaled targets}, and everything
   *     else that must be equal for results to be comparable
   * @param regression whether the second score is R2 instead of an accuracy
   * @param data names of its data, such as digests; runs that share a name have the same data
   * @param division what decides how its rows were divided; equal for equal divisions, null if
   *     unknown
   * @param settings settings by name; empty if unknown
   * @param history the values of each epoch
   * @param bestEpoch the epoch whose weights were kept; -1 for the weights of the last step
   * @param scores known scores by split: train, valid and test
   * @param parameters number of parameters; -1 if unknown
   * @param sha256 digest of the weights, or empty
   */
  public record Run(
      String name,
      String measure,
      boolean regression,
      Set<String> data,
      String division,
      Map<String, String> settings,
      History history,
      int bestEpoch,
      Map<String, Score> scores,
      int parameters,
      String sha256) {
    /** {@return the seconds that its epochs took, or NaN if unknown} */
    public double seconds() {
      double seconds = history.results().stream().mapToDouble(EpochResult::seconds).sum();
      return seconds > 0 ? seconds : Double.NaN;
    }

    /** {@return the number of training rows per second, or NaN if unknown} */
    public double rowsPerSecond() {
      long rows = history.results().stream().mapToLong(EpochResult::rows).sum();
      return rows > 0 ? rows / seconds() : Double.NaN;
    }

    private double validLoss() {
      return scores.containsKey("valid") ? scores.get("valid").loss() : Double.NaN;
    }

    /**
     * {@return a figure of the test rows, or NaN if unknown}
     *
     * @param figure its name, such as {@code roc_auc}
     */
    public double figure(String figure) {
      Score score = scores.get("test");
      return score == null ? Double.NaN : score.figure(figure);
    }

    private String setting(String name) {
      String value = settings.isEmpty() ? "unknown" : settings.getOrDefault(name, Text.NONE);
      return value.isEmpty() ? "yes" : value;
    }

    private boolean isComparable(Run other) {
      return measure.equals(other.measure) && !Collections.disjoint(data, other.data);
    }
  }

  /**
   * Makes a comparison.
   *
   * @param runs the runs, in the order in which they are shown
   * @throws IllegalArgumentException if there are more than {@link #MOST}
   */
  public RunComparison(List<Run> runs) {
    this.runs = List.copyOf(runs);
    if (runs.size() > MOST) {
      throw new ArgumentException("comparison: %s runs, expected at most %s", runs.size(), MOST);
    }
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      List<Integer> added = new ArrayList<>();
      List<Integer> group =
          groups.stream()
              .filter(each -> each.stream().anyMatch(j -> run.isComparable(runs.get(j))))
              .findFirst()
              .orElse(added);
      group.add(i);
      if (group == added) {
        groups.add(added);
      }
    }
  }

  /** {@return groups of comparable runs: for each group the indices of its runs} */
  public List<List<Integer>> groups() {
    return Collections.unmodifiableList(groups);
  }

  /** {@return sentences about runs that differ in their rows or losses} */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (groups.size() > 1) {
      List<String> measures = runs.stream().map(Run::measure).distinct().toList();
      String what = "different kinds of loss (" + String.join("; ", measures) + ") or data";
      warnings.add(
          "These runs have %s, so their figures cannot be compared. They stand in groups."
              .formatted(measures.size() == 1 ? "different data" : what));
    }
    for (List<Integer> group : groups) {
      if (values(
                  group,
                  run ->
                      run.division == null ? null : run.division + run.settings.get("validation"))
              .size()
          > 1) {
        warnings.add(
            "The rows of %s were divided in different ways (another seed, other shares or folds): they were"
                    .formatted(names(group))
                + " validated, and perhaps tested, on different rows, which alone makes some"
                + " difference.");
      }
      if (values(group, run -> run.settings.get(DEVIATION)).size() > 1) {
        warnings.add(
            "The targets of %s were scaled by different deviations: their losses have different"
                    .formatted(names(group))
                + " units. RMSE, MAE and R2 can be compared, the losses cannot.");
      }
    }
    return warnings;
  }

  /**
   * {@return sentences about runs whose networks were validated on folds of their training rows}
   */
  public List<String> validations() {
    return IntStream.range(0, runs.size())
        .filter(i -> runs.get(i).settings.containsKey("validation"))
        .mapToObj(i -> number(i) + ": validation " + runs.get(i).settings.get("validation") + ".")
        .toList();
  }

  private Set<String> values(List<Integer> group, Function<Run, String> value) {
    Set<String> values = new LinkedHashSet<>();
    group.forEach(i -> values.add(value.apply(runs.get(i))));
    values.remove(null);
    return values;
  }

  private static String number(int run) {
    return "#" + (run + 1);
  }

  private static String names(List<Integer> group) {
    List<String> names = group.stream().map(RunComparison::number).toList();
    int last = names.size() - 1;
    return last == 0
        ? names.get(0)
        : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
  }

  /**
   * Writes the page.
   *
   * @param figures the titles of the results, then a row per run; each begins with a title or the
   *     name of the run, for which the page has its own
   * @param chances for each of the groups, sentences about what chance explains of the differences
   * @return a whole HTML document
   */
  public String html(List<List<String>> figures, List<List<String>> chances) {
    String title = "Comparison of " + Text.count(runs.size(), "run");
    Html html = new Html();
    html.add("<header><h1>").text(title).add("</h1>\n</header>\n<main class=\"runs\">\n");
    warnings().forEach(html::warning);
    groups.forEach(group -> lead(html, group));
    html.section("results", "Results");
    for (int g = 0; g < groups.size(); g++) {
      List<Integer> group = groups.get(g);
      List<String> heads = figures.get(0);
      html.table(
          of(group, "Loss: " + runs.get(group.get(0)).measure),
          1,
          "run",
          heads.subList(1, heads.size()));
      for (int i : group) {
        html.row(name(i), figures.get(i + 1).subList(1, heads.size()));
      }
      html.endTable();
      chances.get(g).forEach(html::paragraph);
    }
    validations().forEach(html::remark);
    html.end().section("settings", "Settings that differ");
    settings(html);
    html.end().section("curves", "Curves");
    groups.forEach(group -> curves(html, group));
    return html.end().add("</main>\n").page(title);
  }

  /** Names the run with the smallest validation loss, by which a run may be chosen. */
  private void lead(Html html, List<Integer> group) {
    int best = group.stream().min(Comparator.comparingDouble(i -> runs.get(i).validLoss())).get();
    double loss = runs.get(best).validLoss();
    if (loss < Double.POSITIVE_INFINITY && group.size() > 1) {
      html.add("<p class=\"lead\">").text(groups.size() > 1 ? "Of " + names(group) + ", " : "");
      html.add(name(best).toString());
      html.text(" has the smallest validation loss, " + Text.fixed(loss) + ".").add("</p>\n");
    }
  }

  /**
   * {@return the title of one of these figures}
   *
   * @param figure its name, such as {@code roc_auc}
   */
  public static String title(String figure) {
    return figure.equals(RANKING.get(0)) ? "ROC AUC" : "average precision";
  }

  private Html name(int run) {
    return new Html().text(number(run) + " ").name(runs.get(run).name);
  }

  /** Returns a caption, which names the runs if there are several groups. */
  private String of(List<Integer> group, String caption) {
    return groups.size() == 1 ? caption : names(group) + ". " + caption;
  }

  /** Writes a row for each setting, with the values of all runs. */
  private void settings(Html html) {
    Set<String> names = new LinkedHashSet<>();
    runs.forEach(run -> names.addAll(run.settings.keySet()));
    List<Run> known = runs.stream().filter(run -> !run.settings.isEmpty()).toList();
    names.removeIf(n -> known.stream().map(run -> run.setting(n)).distinct().count() < 2);
    if (names.isEmpty()) {
      html.paragraph("None, as far as they are known.");
      return;
    }
    html.table(
        "Values that were given or preset; a hyphen stands for neither",
        1 + runs.size(),
        "setting",
        IntStream.range(0, runs.size()).mapToObj(i -> number(i) + " " + runs.get(i).name).toList());
    names.forEach(name -> html.row(name, runs.stream().map(run -> run.setting(name)).toList()));
    html.endTable();
  }

  private void curves(Html html, List<Integer> group) {
    Run first = runs.get(group.get(0));
    html.grid();
    for (boolean valid : new boolean[] {true, false}) {
      String split = valid ? "Validation " : "Training ";
      LineChart loss =
          LineChart.of(of(group, split + "loss"), "Epoch", first.measure).logarithmic();
      LineChart share =
          LineChart.of(of(group, split + (first.regression ? "R2" : "accuracy")), "Epoch", "");
      share = share.withBounds(first.regression ? Double.NaN : 0, 1);
      for (int i : group) {
        History history = runs.get(i).history;
        double[] losses = TrainingCurves.known(history.trainLossMean(), history.trainLoss());
        losses = valid ? history.validLoss() : losses;
        double[] shares =
            valid
                ? history.validScore()
                : TrainingCurves.known(history.trainScoreMean(), history.trainScore());
        loss = loss.with(number(i), history.numbers(), losses);
        shares = Arrays.stream(shares).map(v -> v < LEAST ? Double.NaN : v).toArray();
        share = share.with(number(i), history.numbers(), shares);
      }
      loss.write(html);
      share.write(html);
    }
    html.add("</div>\n");
    if (first.regression) {
      html.remark("R2 below -1 is not shown.");
    }
  }
}
