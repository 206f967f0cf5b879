package dev.lanewise.cli;

import dev.lanewise.files.DataSource;
import dev.lanewise.files.Subject;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.metrics.internal.OutOfFold;
import dev.lanewise.model.Folds;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Result;
import dev.lanewise.terminal.TextValue;
import dev.lanewise.train.Figure;
import dev.lanewise.train.Score;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The loss and the figures of a model on each split, and the course's closing lines. */
public final class Scores {
  public static final List<String> SPLITS = List.of("train", "valid", "test");

  private final Subject subject;
  private final Map<String, Score> scores = new HashMap<>();
  private Optional<String> validation = Optional.empty(); // what it is, if it is out of fold
  private Optional<Score> outOfFold = Optional.empty();
  private boolean isSearched;
  private String missing; // why nothing is known of other epochs

  /**
   * Measures all splits.
   *
   * @param outOfFold the score of single networks on their folds, which is the validation
   * @param known the evaluation of the subject's split; null if there is none
   */
  public Scores(Subject subject, Optional<Score> outOfFold, Evaluation known, int threads) {
    this.subject = subject;
    Model model = subject.model;
    DataSource.splits(subject.data)
        .forEach(
            (split, rows) -> {
              boolean isKnown = known != null && split.equals(subject.splitName);
              scores.put(split, isKnown ? known.score() : Evaluator.score(model, rows, threads));
            });
    this.outOfFold = outOfFold;
    missing =
        OutOfFold.isClassWeighted(model)
            ? "classes count by their weights in the figures of other epochs"
            : "the files of its run do not say how good other epochs were";
    outOfFold.ifPresent(score -> scores.put("valid", score));
    boolean keeps = model.division().filter(DivisionOptions::keepsCalibrationRows).isPresent();
    if (keeps && subject.splitName.equals("all")) { // test rows are loaded with those kept
      scores.remove("test");
    }
    validation = Folds.of(model, subject.data).map(folds -> folds.describe(model));
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
  public Scores(Subject subject, Evaluation test) {
    this.subject = subject;
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

  /** Adds a part for each split, null if the data has none, and what the validation is. */
  public Scores addTo(Result result) {
    boolean hasUnits = subject.model.loss().task().hasNumbers();
    for (String split : SPLITS) {
      result.part(split, json(scores.get(split), hasUnits));
    }
    result.put(
        "validation", validation.filter(of -> isSearched || outOfFold.isPresent()).orElse(null));
    return this;
  }

  /**
   * Says a line per figure of these parts. In a regression, the loss is left out, because it may be
   * in other units than the data.
   */
  public void say(Result result, String sha256) {
    Loss kind = subject.model.loss();
    if (validation.isPresent()) {
      result.say(
          isSearched
              ? scores.containsKey("test")
                  ? "Validation {validation}; no trial saw the test rows"
                  : "Validation {validation}, and no rows are left that no trial saw"
              : outOfFold.isPresent()
                  ? "Validation ({validation}): each network is measured on rows that it was not"
                      + " trained on"
                      + (kind.task().hasNumbers() ? "; R2 alone is known there" : "")
                  : "No validation out of fold: each network chose its epoch by its fold, and "
                      + missing);
    } else if (scores.containsKey("train") && !scores.containsKey("valid")) {
      result.say("Validation none, as there are no validation rows");
    }
    if (!kind.task().hasNumbers()) {
      say(result, kind.title(), "ce");
    }
    String any = scores.containsKey("train") ? "train" : "test"; // out of fold has no errors
    for (Figure figure : scores.get(any).figures()) {
      boolean isAccuracy = figure.name().equals("accuracy");
      String title = isAccuracy ? accuracyName(kind) : figure.name().toUpperCase(Locale.ROOT);
      say(result, title, figure.name());
    }
    result.say("Weights sha256 {sha256}", "sha256", sha256);
  }

  private static void say(Result result, String title, String figure) {
    List<String> each = new ArrayList<>(List.of(title));
    for (String split : SPLITS) { // out of fold, some figures are not known
      boolean isKnown = result.parts.get(split).values.members.containsKey(figure);
      each.add(isKnown ? "{" + split + "." + figure + "}" : "-");
    }
    result.say("%s: Train %s Validation %s Test %s".formatted(each.toArray()));
  }

  /** Returns the label of a loss of scaled targets, as its units are not those of the data. */
  public static String lossName(Loss loss, Scaling ofTargets) {
    return loss.title() + (ofTargets.isNone() ? "" : " of scaled targets");
  }

  /** Returns the label of the accuracy, or of the figure in its place. */
  public static String accuracyName(Loss loss) {
    return loss.task().hasNumbers() ? "R2" : "Acc";
  }

  /** Returns a score as JSON with its figures, perhaps in the units of the data; null for none. */
  public static Json json(Score score, boolean hasUnits) {
    if (score == null) {
      return null;
    }
    Json json = new Json();
    json.put("ce", TextValue.of(score.loss(), hasUnits));
    json.put("acc", TextValue.of(score.accuracy(), hasUnits));
    score.figures().forEach(f -> json.put(f.name(), TextValue.of(f.value(), hasUnits)));
    return json;
  }
}
