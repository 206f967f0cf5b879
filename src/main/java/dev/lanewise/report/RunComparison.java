package dev.lanewise.report;

import dev.lanewise.metrics.Score;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A page about several training runs side by side: their results, the settings in which they
 * differ, and their curves. One HTML file that holds all it shows and needs neither scripts nor a
 * network connection.
 *
 * <p>Figures of different data or of different losses say nothing beside each other. Such runs are
 * not compared: they stand apart, and the page says so.
 */
public final class RunComparison {
  /** The most runs, which are those whose lines and markers can be told apart without colours. */
  public static final int MOST = 24;

  /** The setting that says by what targets were divided before a loss was taken of them. */
  public static final String DEVIATION = "deviation of targets";

  private static final DoubleFunction<String> WHOLE = v -> Text.count(Math.round(v));

  private static final List<String> EFFORT =
      List.of(
          "run",
          "epochs",
          "best epoch",
          "seconds",
          "rows a second",
          "parameters",
          "weights sha256");

  private static final String[] SPLITS = {"train", "valid", "test"};

  /** Of an R2 far below this, which is worse than useless, a chart would show nothing else. */
  private static final double LEAST = -1;

  private final List<Run> runs;
  private final List<List<Integer>> groups = new ArrayList<>(); // indices of runs

  /**
   * A run.
   *
   * @param name what it is called
   * @param measure the loss with its unit, such as {@code MSE of scaled targets}, and what else
   *     must be the same for figures to be comparable
   * @param regression whether what stands beside the loss is R2, not an accuracy
   * @param data names of its data, digests for example: runs that share one have the same
   * @param division how its rows were divided, in words that are equal for equal divisions; null if
   *     it is not known
   * @param settings by name; none if they are not known
   * @param history the values of each epoch
   * @param bestEpoch the epoch whose weights were kept; -1 for those of the last step
   * @param scores by split: train, valid and test, as far as they are known
   * @param parameters how many there are; -1 if it is not known
   * @param sha256 of the weights, or empty
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
    /**
     * How long its epochs took.
     *
     * @return seconds, NaN if it is not known
     */
    public double seconds() {
      double seconds = history.results().stream().mapToDouble(EpochResult::seconds).sum();
      return seconds > 0 ? seconds : Double.NaN;
    }

    /**
     * How many rows it was trained on a second.
     *
     * @return rows, NaN if it is not known
     */
    public double rowsPerSecond() {
      long rows = history.results().stream().mapToLong(EpochResult::rows).sum();
      return rows > 0 ? rows / seconds() : Double.NaN;
    }

    private double score(String split, boolean loss) {
      Score score = scores.get(split);
      return score == null ? Double.NaN : loss ? score.loss() : score.accuracy();
    }

    private boolean isComparable(Run other) {
      return measure.equals(other.measure) && !Collections.disjoint(data, other.data);
    }
  }

  /**
   * A comparison.
   *
   * @param runs in the order in which they are shown
   * @throws IllegalArgumentException if there are more than {@link #MOST}
   */
  public RunComparison(List<Run> runs) {
    this.runs = List.copyOf(runs);
    if (runs.size() > MOST) {
      throw new IllegalArgumentException(
          "comparison: %s runs, expected at most %s".formatted(runs.size(), MOST));
    }
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      List<Integer> group = null;
      for (List<Integer> each : groups) {
        boolean fits = each.stream().anyMatch(j -> run.isComparable(runs.get(j)));
        group = group == null && fits ? each : group;
      }
      if (group == null) {
        group = new ArrayList<>();
        groups.add(group);
      }
      group.add(i);
    }
  }

  /**
   * Which runs can be compared with which.
   *
   * @return groups of the indices of comparable runs
   */
  public List<List<Integer>> groups() {
    return Collections.unmodifiableList(groups);
  }

  /**
   * What is to be known before figures are compared.
   *
   * @return sentences, none if all are of the same rows and loss
   */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (groups.size() > 1) {
      Set<String> measures = new LinkedHashSet<>();
      runs.forEach(run -> measures.add(run.measure));
      String what =
          measures.size() == 1
              ? "different data"
              : "different kinds of loss (" + String.join("; ", measures) + ") or data";
      warnings.add(
          "These runs have "
              + what
              + ", so their figures cannot be compared. They stand in groups, and what is best is"
              + " the best of its group.");
    }
    for (List<Integer> group : groups) {
      if (values(group, Run::division).size() > 1) {
        warnings.add(
            "The rows of %s were divided in different ways (another seed or other shares): they were"
                    .formatted(names(group))
                + " validated and tested on different rows, which alone makes some difference.");
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
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < group.size(); i++) {
      names.append(i == 0 ? "" : i == group.size() - 1 ? " and " : ", ");
      names.append(number(group.get(i)));
    }
    return names.toString();
  }

  /**
   * Writes the page.
   *
   * @return a whole HTML document
   */
  public String html() {
    String title = "Comparison of " + Text.count(runs.size(), "run");
    Html html = new Html();
    html.add("<header><h1>").text(title).add("</h1>\n</header>\n<main class=\"runs\">\n");
    for (String warning : warnings()) {
      html.add("<p class=\"warn\"><b>Look at this:</b> ").text(warning).add("</p>\n");
    }
    for (List<Integer> group : groups) {
      lead(html, group);
    }
    html.section("results", "Results");
    for (List<Integer> group : groups) {
      results(html, group);
    }
    html.remark(
        "Best epoch: the one whose weights were kept; in brackets, where those of the last epoch"
            + " were, the one of the smallest validation loss. Epochs count from 0.");
    html.end().section("settings", "Settings that differ");
    settings(html);
    html.end().section("curves", "Curves");
    for (List<Integer> group : groups) {
      curves(html, group);
    }
    return html.end().add("</main>\n").page(title);
  }

  /** Says which run is the best by its validation rows, by which one may choose. */
  private void lead(Html html, List<Integer> group) {
    int best = -1;
    for (int i : group) {
      double loss = runs.get(i).score("valid", true);
      if (loss < (best < 0 ? Double.POSITIVE_INFINITY : runs.get(best).score("valid", true))) {
        best = i;
      }
    }
    if (best >= 0 && group.size() > 1) {
      Run run = runs.get(best);
      html.add("<p class=\"lead\">").text(groups.size() > 1 ? "Of " + names(group) + ", " : "");
      html.text(number(best) + " ").name(run.name).text(" has the smallest validation loss, ");
      html.text(Text.fixed(run.score("valid", true)));
      double test = run.score("test", false);
      if (Double.isFinite(test)) {
        html.text("; its " + accuracy(run) + " on the test rows is " + Text.fixed(test));
      }
      html.text(".").add("</p>\n");
    }
  }

  private static String accuracy(Run run) {
    return run.regression ? "R2" : "accuracy";
  }

  /** A row for each run of a group, the best of each column marked. */
  private void results(Html html, List<Integer> group) {
    List<String> heads = new ArrayList<>(List.of("run"));
    List<List<Object>> rows = rows(group);
    for (boolean loss : new boolean[] {true, false}) {
      for (String split : SPLITS) {
        heads.add(split + " " + (loss ? "loss" : accuracy(runs.get(group.get(0)))));
        column(rows, group, run -> run.score(split, loss), loss ? -1 : 1, Text::fixed);
      }
    }
    html.table(title(group), 1, heads, rows);
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
      Html code = new Html().add("<code>");
      rows.get(k)
          .add(code.text(sha256.isEmpty() ? Text.NONE : sha256.substring(0, 12)).add("</code>"));
    }
    html.table(of(group, "Training and weights"), 1, EFFORT, rows);
  }

  /** Rows that begin with the names of runs. */
  private List<List<Object>> rows(List<Integer> group) {
    List<List<Object>> rows = new ArrayList<>();
    for (int i : group) {
      int place = groups.stream().mapToInt(each -> each.indexOf(i)).max().orElseThrow();
      Html name = new Html().add(LineChart.key(place)).text(" " + number(i) + " ");
      rows.add(new ArrayList<>(List.of(name.name(runs.get(i).name))));
    }
    return rows;
  }

  private String title(List<Integer> group) {
    return of(group, "Loss: " + runs.get(group.get(0)).measure);
  }

  /** A caption, which begins with the runs where there are several groups of them. */
  private String of(List<Integer> group, String caption) {
    return groups.size() == 1 ? caption : names(group) + ". " + caption;
  }

  /**
   * Adds a number to each row.
   *
   * @param sign whether the largest or, below 0, the smallest is the best; 0: there is none
   */
  private void column(
      List<List<Object>> rows,
      List<Integer> group,
      ToDoubleFunction<Run> value,
      int sign,
      DoubleFunction<String> format) {
    double[] values = group.stream().mapToDouble(i -> value.applyAsDouble(runs.get(i))).toArray();
    double[] known = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
    // Where all are the same there is none that is better.
    boolean differ = known.length > 1 && known[0] < known[known.length - 1];
    double best = differ && sign != 0 ? known[sign < 0 ? 0 : known.length - 1] : Double.NaN;
    for (int k = 0; k < values.length; k++) {
      String text = Double.isFinite(values[k]) ? format.apply(values[k]) : Text.NONE;
      Html bold = new Html().add("<b class=\"hit\">best ").text(text).add("</b>");
      rows.get(k).add(values[k] == best ? bold : text);
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
    List<String> heads = new ArrayList<>(List.of("run"));
    heads.addAll(names);
    List<List<Object>> rows = rows(IntStream.range(0, runs.size()).boxed().toList());
    for (int i = 0; i < runs.size(); i++) {
      Map<String, String> settings = runs.get(i).settings;
      for (String name : names) {
        String value = settings.isEmpty() ? "unknown" : settings.getOrDefault(name, Text.NONE);
        rows.get(i).add(value.isEmpty() ? "yes" : value);
      }
    }
    html.table("What was given or preset; a hyphen: neither", heads.size(), heads, rows);
  }

  private void curves(Html html, List<Integer> group) {
    if (groups.size() > 1) {
      html.heading(title(group));
    }
    Run first = runs.get(group.get(0));
    html.add("<div class=\"grid\">\n");
    for (boolean valid : new boolean[] {true, false}) {
      String split = valid ? "Validation " : "Training ";
      LineChart loss = LineChart.of(split + "loss", "Epoch", first.measure).logarithmic();
      LineChart share = LineChart.of(split + accuracy(first), "Epoch", "");
      share = share.withBounds(first.regression ? Double.NaN : 0, 1);
      for (int i : group) {
        History history = runs.get(i).history;
        double[] losses =
            valid
                ? history.validLoss()
                : TrainingCurves.known(history.trainLossMean(), history.trainLoss());
        double[] shares =
            valid
                ? history.validAccuracy()
                : TrainingCurves.known(history.trainAccuracyMean(), history.trainAccuracy());
        loss = loss.with(number(i), history.numbers(), losses);
        shares = Arrays.stream(shares).map(v -> v < LEAST ? Double.NaN : v).toArray();
        share = share.with(number(i), history.numbers(), shares);
      }
      html.add("<div>").add(loss.inPage("Epoch")).add("</div>\n");
      html.add("<div>").add(share.inPage("Epoch")).add("</div>\n");
    }
    html.add("</div>\n");
    if (first.regression) {
      html.remark("R2 below -1 is not shown.");
    }
  }
}
