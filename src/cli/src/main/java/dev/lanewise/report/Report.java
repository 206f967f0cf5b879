package dev.lanewise.report;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.internal.RowPreparation;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.model.Folds;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Task;
import dev.lanewise.selection.Interval;
import dev.lanewise.train.Figure;
import dev.lanewise.train.History;
import dev.lanewise.train.Score;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * A page about a trained network: its quality beside a baseline, its training, its wrong results,
 * and which inputs matter. The page is one HTML file, which needs no network connection. Parts for
 * which nothing was given are left out.
 *
 * <pre>{@code
 * TrainingRun run = trainer.fit(network, data);
 * Rows test = data.test().orElseThrow();
 * String html =
 *     new Report("Digits", Model.of(run.model()))
 *         .data(data)
 *         .history(run.history(), List.of(run.bestEpoch()))
 *         .evaluation("test", test, Evaluator.evaluate(run.model(), test, 2))
 *         .html();
 * Files.writeString(Path.of("report.html"), html);
 * }</pre>
 */
public final class Report {
  final ReportData about;

  /**
   * Makes a report of a network.
   *
   * @param title title of the page
   * @param model the network
   */
  public Report(String title, Model model) {
    about = new ReportData(title, model);
  }

  /**
   * Sets the data on which the network was trained or evaluated.
   *
   * @param data all splits, unscaled or with the scaling of the model; the numbers of named classes
   *     become those of the model
   * @return this
   * @throws IllegalArgumentException if the rows do not fit the model
   */
  public Report data(Dataset data) {
    about.data = RowPreparation.measured(about.model, data);
    if (about.names.isEmpty()) {
      about.names.addAll(data.classNames());
    }
    return this;
  }

  /**
   * Sets the history of the training.
   *
   * @param history the values of each epoch, of several networks the means
   * @param bestEpochs for each network the epoch whose weights it has; -1 for the weights of the
   *     last step, below -1 if that is unknown
   * @return this
   */
  public Report history(History history, List<Integer> bestEpochs) {
    about.history = history;
    about.bestEpochs = List.copyOf(bestEpochs);
    return this;
  }

  /**
   * Sets the results of the network on the rows by which it is judged.
   *
   * @param splitName name of these rows, such as {@code test}
   * @param split the rows
   * @param evaluation the results on these rows
   * @return this
   * @throws IllegalArgumentException if the two have different numbers of rows
   */
  public Report evaluation(String splitName, Rows split, Evaluation evaluation) {
    if (split.rows() != evaluation.rows()) {
      throw new ArgumentException(
          "report: %s rows, but an evaluation of %s rows, expected the same number",
          split.rows(), evaluation.rows());
    }
    about.splitName = splitName;
    about.split = split;
    about.evaluation = evaluation;
    return this;
  }

  /**
   * Sets the 95% intervals of the results.
   *
   * @param figures those of {@link dev.lanewise.selection.Intervals#of}
   * @param notes sentences about them, such as which figures have none
   * @return this
   */
  public Report intervals(Map<String, Interval> figures, List<String> notes) {
    about.intervals = Map.copyOf(figures);
    about.intervalNotes = List.copyOf(notes);
    return this;
  }

  /**
   * Sets the score of single networks on their folds of the training rows, after {@link #data}.
   *
   * @param score such as that of {@link dev.lanewise.recipe.RecipeRun#validation}
   * @return this
   */
  public Report validation(Score score) {
    about.validation = score;
    about.folds = Folds.of(about.model, about.data);
    return this;
  }

  /**
   * Sets the settings that differ from the defaults.
   *
   * @param settings as {@code name=value}; empty if all have their defaults
   * @return this
   */
  public Report settings(List<String> settings) {
    about.settings = List.copyOf(settings);
    return this;
  }

  /**
   * Adds a fact, such as the machine.
   *
   * @param name name of the fact
   * @param value value of the fact
   * @return this
   */
  public Report fact(String name, String value) {
    about.facts.put(name, value);
    return this;
  }

  /**
   * Sets the command that repeats the training.
   *
   * @param command a line for a terminal
   * @return this
   */
  public Report command(String command) {
    about.command = command;
    return this;
  }

  /**
   * Sets how many threads compute the report's figures, which do not depend on it.
   *
   * @param threads at least 1
   * @return this
   */
  public Report threads(int threads) {
    about.threads = threads;
    return this;
  }

  /**
   * Chooses the words in which the report names remedies.
   *
   * @param words returns the text of a note of the library; by default its {@code toString}
   * @return this
   */
  public Report words(Function<Object, String> words) {
    about.words = Objects.requireNonNull(words, "words");
    return this;
  }

  /** {@return the page, a whole HTML document} */
  public String html() {
    Findings findings = new Findings(about);
    Html html = new Html();
    html.add("<header><h1>").name(about.title).add("</h1>\n");
    if (about.evaluation != null) {
      html.add("<p class=\"lead\">").text(findings.sentence()).add("</p>\n");
    }
    html.add("</header>\n<main>\n");
    findings.warnings().forEach(html::warning);
    if (about.evaluation == null) {
      TrainingProgress.write(html, about);
    } else {
      results(html, findings);
    }
    Overview.write(html, about);
    html.add("</main>\n<footer><p>Weights sha256 <code>").add(about.model.sha256());
    return html.add("</code></p></footer>\n").page(about.title);
  }

  /** Writes the results in the order of questions: how good, by what, where wrong, how sure. */
  private void results(Html html, Findings findings) {
    Task task = about.model.loss().task();
    TaskResults results =
        task.hasClasses()
            ? new ClassResults(findings)
            : task.hasLabels() ? new LabelResults(about) : new NumberResults(findings);
    html.section("results", "How good is it?").grid().add("<div>");
    figures(html);
    html.add("</div>\n<div>");
    results.quality(html);
    html.add("</div>\n</div>\n").end();
    Html errors = new Html();
    results.errors(errors);
    html.grid();
    if (findings.importance != null) {
      html.section("matters", "What matters?");
      ImportanceTable.write(html, findings);
      html.end();
    }
    if (!errors.toString().isEmpty()) {
      html.section("errors", "Where does it err?").add(errors.toString()).end();
    }
    html.add("</div>\n").section("belief", "May it be believed?").grid();
    results.belief(html);
    Html tables = new Html();
    if (about.model.coverage().isPresent()) {
      CoverageTable.write(tables, about);
    }
    if (about.model.schema().isPresent() && !about.splitName.equals("train")) {
      DriftTable.write(tables, about);
    }
    if (!tables.toString().isEmpty()) {
      html.add("<div>").add(tables.toString()).add("</div>\n");
    }
    html.add("</div>\n").end();
    TrainingProgress.write(html, about);
    html.section("details", "Results in detail");
    results.details(html);
    html.end();
  }

  private void figures(Html html) {
    List<String> heads = about.intervals.isEmpty() ? List.of() : List.of("95% interval");
    html.table("Figures of all rows", 2, "figure", "meaning", "value", heads);
    for (Figure figure : about.evaluation.figures()) {
      String name = figure.name().replace('_', ' ');
      List<String> ends = heads.stream().map(i -> ends(figure.name())).toList();
      html.row(name, figure.explanation(), Text.brief(figure.value()), ends);
    }
    html.endTable();
    if (!about.intervals.isEmpty()) {
      html.remark(
          "95% interval: another sample of as many rows would give another figure. In about 95 of"
              + " 100 samples, such an interval contains the figure of all such rows.");
    }
    about.intervalNotes.forEach(note -> html.remark(note + "."));
  }

  private String ends(String figure) {
    Interval found = about.intervals.get(figure);
    return found == null ? Text.NONE : Text.brief(found.low()) + " to " + Text.brief(found.high());
  }
}
