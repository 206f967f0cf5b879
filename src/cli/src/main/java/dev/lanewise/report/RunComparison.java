package dev.lanewise.report;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.report.draw.Html;
import dev.lanewise.report.draw.Text;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import dev.lanewise.train.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
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

  private static final DoubleFunction<String> WHOLE = v -> Text.count(Math.round(v));

  private static final List<String> EFFORT =
      List.of("epochs", "best epoch", "seconds", "rows a second", "parameters", "weights sha256");
  private static final String[] SPLITS = {"train", "valid", "test"};
  private static final double LEAST =
      -1; // smallest R2 in a chart; a much smaller value would hide all others

  private final List<Run> runs;
  private final List<List<Integer>> groups = new ArrayList<>(); // indices of runs
  private final Map<Integer, Chance> chances = new HashMap<>(); // by the number of the group

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

    private double score(String split, boolean loss) {
      Score score = scores.get(split);
      return score == null ? Double.NaN : loss ? score.loss() : score.accuracy();
    }

    /** {@return a figure of the test rows, or NaN if unknown} */
    public double figure(String figure) {
      Score score = scores.get("test");
      return score == null ? Double.NaN : score.figure(figure);
    }

    private boolean isComparable(Run other) {
      return measure.equals(other.measure) && !Collections.disjoint(data, other.data);
    }
  }

  /**
   * What chance explains of the differences between runs.
   *
   * @param sentences what the page says about it
   * @param best by figure, such as {@code accuracy}, {@code r2}, {@code loss} or {@code roc_auc},
   *     the number of the run whose result on the test rows is better than all others of its group
   *     by more than chance explains
   */
  public record Chance(List<String> sentences, Map<String, Integer> best) {}

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

  /**
   * Says what chance explains of the differences in a group. Without it, no score is marked as the
   * best.
   *
   * @param group its index in {@link #groups}
   * @param chance what is known
   */
  public void chance(int group, Chance chance) {
    chances.put(group, chance);
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

  /** {@return the page, a whole HTML document} */
  public String html() {
    String title = "Comparison of " + Text.count(runs.size(), "run");
    Html html = new Html();
    html.add("<header><h1>").text(title).add("</h1>\n</header>\n<main class=\"runs\">\n");
    warnings().forEach(html::warning);
    groups.forEach(group -> lead(html, group));
    html.section("results", "Results");
    groups.forEach(group -> results(html, group));
    validations().forEach(html::remark);
    html.remark(
        "Best epoch: the epoch whose weights were kept; if those of the last epoch were kept, or a"
            + " run has several networks, the epoch of the smallest validation loss stands in"
            + " brackets. Epochs count from 0.");
    html.end().section("settings", "Settings that differ");
    settings(html);
    html.end().section("curves", "Curves");
    groups.forEach(group -> curves(html, group));
    return html.end().add("</main>\n").page(title);
  }

  /** Names the run with the smallest validation loss, by which a run may be chosen. */
  private void lead(Html html, List<Integer> group) {
    int best =
        group.stream().min(Comparator.comparingDouble(i -> runs.get(i).score("valid", true))).get();
    Run run = runs.get(best);
    if (run.score("valid", true) < Double.POSITIVE_INFINITY && group.size() > 1) {
      html.add("<p class=\"lead\">").text(groups.size() > 1 ? "Of " + names(group) + ", " : "");
      html.text(number(best) + " ").name(run.name).text(" has the smallest validation loss, ");
      html.text(Text.fixed(run.score("valid", true)));
      String first = ranking(group).stream().findFirst().orElse("");
      boolean isRanked = !Double.isNaN(run.figure(first));
      double test = isRanked ? run.figure(first) : run.score("test", false);
      if (Double.isFinite(test)) {
        String title = isRanked ? title(first) : accuracy(run);
        html.text("; its " + title + " on the test rows is " + Text.fixed(test));
      }
      html.text(".").add("</p>\n");
    }
  }

  /** {@return the title of one of these figures} */
  public static String title(String figure) {
    return figure.equals(RANKING.get(0)) ? "ROC AUC" : "average precision";
  }

  /** Returns the figures that come first as one of two classes is rare; none for other runs. */
  private List<String> ranking(List<Integer> group) {
    return RANKING.stream()
        .filter(name -> group.stream().anyMatch(i -> !Double.isNaN(runs.get(i).figure(name))))
        .toList();
  }

  private static String accuracy(Run run) {
    return run.regression ? "R2" : "accuracy";
  }

  /**
   * Writes a row per run of a group. A result on test rows is marked if it is better than all
   * others by more than chance; so is the least time.
   */
  private void results(Html html, List<Integer> group) {
    List<String> heads = new ArrayList<>();
    List<List<Object>> rows = rows(group);
    for (String figure : ranking(group)) {
      heads.add("test " + title(figure));
      column(rows, group, run -> run.figure(figure), 0, Text::fixed);
      mark(rows, group, figure);
    }
    for (boolean loss : new boolean[] {true, false}) {
      for (String split : SPLITS) {
        heads.add(split + " " + (loss ? "loss" : accuracy(runs.get(group.get(0)))));
        column(rows, group, run -> run.score(split, loss), 0, Text::fixed);
        if (split.equals("test")) {
          String score = runs.get(group.get(0)).regression ? "r2" : "accuracy";
          mark(rows, group, loss ? "loss" : score);
        }
      }
    }
    html.table(title(group), 1, "run", heads);
    rows.forEach(html::row);
    html.endTable();
    Chance chance = chances.get(groups.indexOf(group));
    if (chance != null) {
      chance.sentences.forEach(html::paragraph);
    }
    rows = rows(group);
    column(rows, group, run -> run.history.epochs(), 0, WHOLE);
    for (int k = 0; k < group.size(); k++) {
      Run run = runs.get(group.get(k));
      int smallest = run.history.bestEpoch();
      String bracketed = smallest < 0 ? Text.NONE : "(" + Text.count(smallest) + ")";
      rows.get(k).add(run.bestEpoch < 0 ? bracketed : Text.count(run.bestEpoch));
    }
    column(rows, group, Run::seconds, -1, v -> Text.fixed(v, 2));
    column(rows, group, Run::rowsPerSecond, 1, WHOLE);
    column(rows, group, run -> run.parameters < 0 ? Double.NaN : run.parameters, 0, WHOLE);
    for (int k = 0; k < group.size(); k++) {
      String sha256 = runs.get(group.get(k)).sha256;
      String shown = sha256.isEmpty() ? Text.NONE : sha256.substring(0, 12);
      rows.get(k).add(new Html().add("<code>").text(shown).add("</code>"));
    }
    html.table(of(group, "Training and weights"), 1, "run", EFFORT);
    rows.forEach(html::row);
    html.endTable();
  }

  /** Marks the last value of the run that is better than all others by more than chance. */
  private void mark(List<List<Object>> rows, List<Integer> group, String figure) {
    Chance chance = chances.get(groups.indexOf(group));
    if (chance != null && chance.best.containsKey(figure)) {
      List<Object> row = rows.get(group.indexOf(chance.best.get(figure)));
      row.set(row.size() - 1, best(row.get(row.size() - 1).toString()));
    }
  }

  private static Html best(String value) {
    return new Html().add("<b class=\"hit\">best ").text(value).add("</b>");
  }

  /** Returns rows that begin with the names of runs. */
  private List<List<Object>> rows(List<Integer> group) {
    List<List<Object>> rows = new ArrayList<>();
    for (int i : group) {
      Html name = new Html().text(number(i) + " ");
      rows.add(new ArrayList<>(List.of(name.name(runs.get(i).name))));
    }
    return rows;
  }

  private String title(List<Integer> group) {
    return of(group, "Loss: " + runs.get(group.get(0)).measure);
  }

  /** Returns a caption, which names the runs if there are several groups. */
  private String of(List<Integer> group, String caption) {
    return groups.size() == 1 ? caption : names(group) + ". " + caption;
  }

  /** Adds a value to each row. The best one is the largest, with sign -1 the smallest. */
  private void column(
      List<List<Object>> rows,
      List<Integer> group,
      ToDoubleFunction<Run> value,
      int sign,
      DoubleFunction<String> format) {
    double[] values = group.stream().mapToDouble(i -> value.applyAsDouble(runs.get(i))).toArray();
    double[] known = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
    // If all are the same, none is marked.
    boolean differ = known.length > 1 && known[0] < known[known.length - 1];
    double best = differ && sign != 0 ? known[sign < 0 ? 0 : known.length - 1] : Double.NaN;
    for (int k = 0; k < values.length; k++) {
      String text = Double.isFinite(values[k]) ? format.apply(values[k]) : Text.NONE;
      rows.get(k).add(values[k] == best ? best(text) : text);
    }
  }

  private void settings(Html html) {
    Set<String> names = new LinkedHashSet<>();
    runs.forEach(run -> names.addAll(run.settings.keySet()));
    names.removeIf(
        name ->
            runs.stream()
                    .filter(run -> !run.settings.isEmpty())
                    .map(run -> String.valueOf(run.settings.get(name)))
                    .distinct()
                    .count()
                < 2);
    if (names.isEmpty()) {
      html.paragraph("None, as far as they are known.");
      return;
    }
    List<List<Object>> rows = rows(IntStream.range(0, runs.size()).boxed().toList());
    for (int i = 0; i < runs.size(); i++) {
      Map<String, String> settings = runs.get(i).settings;
      for (String name : names) {
        String value = settings.isEmpty() ? "unknown" : settings.getOrDefault(name, Text.NONE);
        rows.get(i).add(value.isEmpty() ? "yes" : value);
      }
    }
    String caption = "Values that were given or preset; a hyphen stands for neither";
    html.table(caption, 1 + names.size(), "run", List.copyOf(names));
    rows.forEach(html::row);
    html.endTable();
  }

  private void curves(Html html, List<Integer> group) {
    Run first = runs.get(group.get(0));
    html.grid();
    for (boolean valid : new boolean[] {true, false}) {
      String split = valid ? "Validation " : "Training ";
      LineChart loss =
          LineChart.of(of(group, split + "loss"), "Epoch", first.measure).logarithmic();
      LineChart share = LineChart.of(of(group, split + accuracy(first)), "Epoch", "");
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
