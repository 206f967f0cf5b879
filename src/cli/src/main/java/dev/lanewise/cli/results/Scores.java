package dev.lanewise.cli.results;

import dev.lanewise.cli.inputs.DataSource;
import dev.lanewise.cli.print.Json;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.PythonFormat;
import dev.lanewise.data.Dataset;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.metrics.OutOfFold;
import dev.lanewise.model.Folds;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.train.Figure;
import dev.lanewise.train.Score;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** The loss and the figures of a model on each split, and the course's closing lines. */
public final class Scores {
  public static final List<String> SPLITS = List.of("train", "valid", "test");

  private final Map<String, Score> scores = new HashMap<>();
  private Optional<String> validation = Optional.empty(); // what it is, if it is out of fold
  private Optional<Score> outOfFold = Optional.empty();
  private boolean isSearched;
  private String missing; // why nothing is known of other epochs

  /**
   * Measures the splits.
   *
   * @param outOfFold the score of single networks on their folds, which is the validation
   * @param name of a split that has been evaluated already
   * @param known its evaluation; null if there is none
   */
  public Scores(
      Model model,
      Dataset data,
      int threads,
      Optional<Score> outOfFold,
      String name,
      Evaluation known) {
    DataSource.splits(data)
        .forEach(
            (split, rows) -> {
              boolean isKnown = known != null && split.equals(name);
              scores.put(split, isKnown ? known.score() : Evaluator.score(model, rows, threads));
            });
    this.outOfFold = outOfFold;
    missing =
        OutOfFold.isClassWeighted(model)
            ? "classes count by their weights in the figures of other epochs"
            : "the files of its run do not say how good other epochs were";
    outOfFold.ifPresent(score -> scores.put("valid", score));
    boolean keeps = model.division().filter(DivisionOptions::keepsCalibrationRows).isPresent();
    if (keeps && name.equals("all")) { // the test rows are loaded together with those kept
      scores.remove("test");
    }
    validation = Folds.of(model, data).map(folds -> folds.describe(model));
    isSearched = isSearched(model);
    if (isSearched) {
      this.outOfFold = Optional.empty();
      scores.remove("valid");
      validation = Optional.of("none, as a search compared its trials on these rows");
    }
  }

  /** Returns whether the options of a model won a search, which saw the validation rows. */
  public static boolean isSearched(Model model) {
    return model.training().contains("searched=yes");
  }

  /** Measures rows of another file, which are one split and count as a test. */
  public Scores(Evaluation test) {
    scores.put("test", test.score());
  }

  /** Returns the score of single networks on their folds, if there are folds. */
  public Optional<Score> outOfFold() {
    return outOfFold;
  }

  /** Returns a split whose loss is not finite with the loss; null if there is none. */
  public String unfit() {
    String unfit = null;
    for (Map.Entry<String, Score> split : scores.entrySet()) {
      if (!Double.isFinite(split.getValue().loss())) {
        unfit =
            "%s, the loss is %s, expected a finite number (are its rows unlike those of training?)"
                .formatted(split.getKey(), split.getValue().loss());
      }
    }
    return unfit;
  }

  /**
   * Prints a line per figure. In a regression, the loss is left out, because it may be in other
   * units than the data.
   */
  public void print(Output output, Loss kind, String sha256) {
    boolean isRegression = kind.task().hasNumbers();
    validation.ifPresent(
        what ->
            output.result(
                isSearched
                    ? scores.containsKey("test")
                        ? "Validation %s; no trial saw the test rows"
                        : "Validation %s, and no rows are left that no trial saw"
                    : outOfFold.isPresent()
                        ? "Validation (%s): each network is measured on rows that it was not trained on"
                        : "No validation out of fold: each network chose its epoch by its fold, and "
                            + missing,
                what));
    if (!isRegression) {
      print(output, kind.title(), Score::loss, false);
    }
    String any = scores.containsKey("train") ? "train" : "test"; // out of fold has no errors
    for (Figure figure : scores.get(any).figures()) {
      String name = figure.name().toUpperCase(Locale.ROOT);
      boolean isAccuracy = name.equals("ACCURACY");
      String title = isAccuracy ? accuracyName(kind) : name;
      print(output, title, score -> score.figure(figure.name()), isRegression);
    }
    output.result("Weights sha256 " + sha256);
  }

  private void print(
      Output output, String name, ToDoubleFunction<Score> measure, boolean ofAnySize) {
    List<String> texts =
        SPLITS.stream()
            .map(scores::get)
            .map(score -> score == null ? null : measure.applyAsDouble(score))
            .map(value -> text(value, ofAnySize))
            .toList();
    output.result(
        "%s: Train %s Validation %s Test %s", name, texts.get(0), texts.get(1), texts.get(2));
  }

  private static String text(Double value, boolean ofAnySize) {
    return value == null || Double.isNaN(value)
        ? "-"
        : ofAnySize ? PythonFormat.measure(value) : PythonFormat.fixed5(value);
  }

  /** Returns the label of a loss of scaled targets, as its units are not those of the data. */
  public static String lossName(Loss loss, Scaling ofTargets) {
    return loss.title() + (ofTargets instanceof Scaling.None ? "" : " of scaled targets");
  }

  /** Returns the label of the accuracy, or of the figure in its place. */
  public static String accuracyName(Loss loss) {
    return loss.task().hasNumbers() ? "R2" : "Acc";
  }

  /** Adds a member for each split, null if the data has none, and what the validation is. */
  public Json addTo(Json object) {
    SPLITS.forEach(split -> object.put(split, json(scores.get(split))));
    return object.put(
        "validation", validation.filter(of -> isSearched || outOfFold.isPresent()).orElse(null));
  }

  /** Returns a score as JSON with its figures; null for none. */
  public static Json json(Score score) {
    return score == null
        ? null
        : new Json().put("ce", score.loss()).put("acc", score.accuracy()).put(score.figures());
  }
}
