package dev.lanewise.report;

import dev.lanewise.data.Agreement;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.History;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A page about a trained network, for people: how good it is and beside what, how it came to be,
 * where it is right and wrong, and what it has learned. One HTML file that holds all it shows and
 * needs neither scripts nor a network connection.
 *
 * <p>What a report is not given it leaves out.
 *
 * <pre>{@code
 * TrainingRun run = trainer.fit(network, data);
 * Split test = data.test().orElseThrow();
 * String html =
 *     new Report("Digits", run.model())
 *         .data(data)
 *         .history(run.history(), run.bestEpoch())
 *         .evaluation("test", test, Evaluator.evaluate(run.model(), test, 2))
 *         .html();
 * Files.writeString(Path.of("report.html"), html);
 * }</pre>
 */
public final class Report {
  final String title;
  final Mlp model;
  final List<String> names;
  final Map<String, String> facts = new LinkedHashMap<>();
  final Map<Integer, double[]> norms = new TreeMap<>();
  Dataset data;
  History history;
  int bestEpoch = -1;
  String splitName;
  Split split;
  Evaluation evaluation;
  List<String> settings;
  String command;
  int threads = 1;

  /**
   * A report of a network.
   *
   * @param title stands above everything
   * @param model the network
   */
  public Report(String title, Mlp model) {
    this.title = Objects.requireNonNull(title, "title");
    this.model = model;
    names = new ArrayList<>(model.classNames());
  }

  /**
   * The data that the network was trained on, or is looked at with.
   *
   * @param data all splits, unscaled or scaled as the model expects; classes with names get the
   *     model's numbers
   * @return this
   * @throws IllegalArgumentException if the rows are not the model's, as {@link
   *     Agreement#measured(Mlp, Dataset)}
   */
  public Report data(Dataset data) {
    this.data = Agreement.measured(model, data);
    if (names.isEmpty()) {
      names.addAll(data.classNames());
    }
    return this;
  }

  /**
   * How the training went.
   *
   * @param history the values of each epoch
   * @param bestEpoch the epoch whose weights the network has; -1 for those of the last step, less
   *     if nobody knows
   * @return this
   */
  public Report history(History history, int bestEpoch) {
    this.history = history;
    this.bestEpoch = bestEpoch;
    return this;
  }

  /**
   * The norms of weights and gradients after some epochs.
   *
   * @param norms by the number of epochs before: of each layer's weights, then of their gradients,
   *     as {@link dev.lanewise.train.EpochView} gives them
   * @return this
   * @throws IllegalArgumentException if there are not two for each layer
   */
  public Report norms(Map<Integer, double[]> norms) {
    for (double[] each : norms.values()) {
      if (each.length != 2 * model.layers().size()) {
        throw new IllegalArgumentException(
            "report: %s norms, expected two for each of %s layers"
                .formatted(each.length, model.layers().size()));
      }
    }
    this.norms.putAll(norms);
    return this;
  }

  /**
   * What the network makes of rows that it is judged by.
   *
   * @param splitName what the rows are called, such as {@code test}
   * @param split the rows
   * @param evaluation of the network on these rows
   * @return this
   * @throws IllegalArgumentException if the two have different numbers of rows
   */
  public Report evaluation(String splitName, Split split, Evaluation evaluation) {
    if (split.rows() != evaluation.rows()) {
      throw new IllegalArgumentException(
          "report: %s rows, an evaluation of %s, expected as many"
              .formatted(split.rows(), evaluation.rows()));
    }
    this.splitName = splitName;
    this.split = split;
    this.evaluation = evaluation;
    return this;
  }

  /**
   * The settings that were chosen where others are usual.
   *
   * @param settings as {@code name=value}; none says that all are as usual
   * @return this
   */
  public Report settings(List<String> settings) {
    this.settings = List.copyOf(settings);
    return this;
  }

  /**
   * Something else to know, such as the machine.
   *
   * @param name what it is
   * @param value as text
   * @return this
   */
  public Report fact(String name, String value) {
    facts.put(name, value);
    return this;
  }

  /**
   * How the training can be repeated.
   *
   * @param command a line for a terminal
   * @return this
   */
  public Report command(String command) {
    this.command = command;
    return this;
  }

  /**
   * How many threads may compute what the report shows, which does not depend on it.
   *
   * @param threads at least 1
   * @return this
   */
  public Report threads(int threads) {
    this.threads = threads;
    return this;
  }

  /**
   * Writes the page.
   *
   * @return a whole HTML document
   */
  public String html() {
    Findings findings = new Findings(this);
    Html html = new Html();
    html.add("<header><h1>").name(title).add("</h1>\n");
    String verdict = Verdict.sentence(this, findings);
    if (!verdict.isEmpty()) {
      html.add("<p class=\"lead\">").text(verdict).add("</p>\n");
    }
    html.add("</header>\n<main>\n");
    Overview.write(html, this, findings);
    TrainingProgress.write(html, this);
    if (evaluation != null) {
      html.section("results", "Right and wrong");
      if (model.loss().takesClasses()) {
        ClassResults.write(html, this, findings);
      } else {
        NumberResults.write(html, this, findings);
      }
      html.end();
    }
    Learned.write(html, this, findings);
    html.add("</main>\n<footer><p>Weights sha256 <code>").add(model.sha256());
    return html.add("</code></p></footer>\n").page(title);
  }

  /** The name of a class or output, or its number where it has none. */
  String className(int label) {
    if (label == model.architecture().outputs()) {
      return "(not in the model)";
    }
    return label < 0 ? "none" : label < names.size() ? names.get(label) : Integer.toString(label);
  }

  /** The name of an output of a regression. */
  String outputName(int output) {
    boolean one = model.architecture().outputs() == 1;
    return output < names.size() ? names.get(output) : one ? "target" : "target " + output;
  }

  /** So many rows of the split, in words. */
  String rows(int count) {
    String all = "all".equals(splitName) ? "" : splitName + " ";
    return Text.count(count) + " " + all + (count == 1 ? "row" : "rows");
  }

  boolean isBinary() {
    return model.loss().takesClasses() && evaluation.classes() == 2;
  }
}
