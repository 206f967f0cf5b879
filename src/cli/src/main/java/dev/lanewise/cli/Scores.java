package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Score;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.train.Evaluator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The loss and accuracy of a model on each split, and the course's closing lines. */
final class Scores {
  private final Map<String, Score> scores = new HashMap<>();

  /**
   * Measures the splits.
   *
   * @param name of a split that has been evaluated already
   * @param known its evaluation; null if there is none
   */
  Scores(Mlp model, Dataset data, int threads, String name, Evaluation known) {
    for (Map.Entry<String, Split> split : DataSource.splits(data).entrySet()) {
      boolean isKnown = known != null && split.getKey().equals(name);
      scores.put(
          split.getKey(),
          isKnown ? known.score() : Evaluator.score(model, split.getValue(), threads));
    }
  }

  /** Measures rows that are one split, as a test of a model trained on others. */
  Scores(Evaluation test) {
    scores.put("test", test.score());
  }

  /** Returns a split whose loss is not finite with the loss; null if there is none. */
  String unfit() {
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

  void print(Output output, Loss kind, String sha256) {
    if (kind.isRegression()) { // in the units of the data, as the loss may not be
      print(output, "RMSE", Score::rmse);
      print(output, "MAE", Score::mae);
    } else {
      print(output, lossName(kind), Score::loss);
    }
    print(output, accuracyName(kind), Score::accuracy);
    output.result("Weights sha256 " + sha256);
  }

  private void print(Output output, String name, ToDoubleFunction<Score> measure) {
    output.result(
        "%s: Train %s Validation %s Test %s",
        name, text("train", measure), text("valid", measure), text("test", measure));
  }

  /** Returns the label of a loss: the course's word for cross entropies. */
  static String lossName(Loss loss) {
    return loss.title();
  }

  /** Returns the label of a loss of scaled targets, as its units are not those of the data. */
  static String lossName(Loss loss, Scaling ofTargets) {
    return lossName(loss) + (ofTargets instanceof Scaling.None ? "" : " of scaled targets");
  }

  /** Returns the label of the accuracy, or of the figure in its place. */
  static String accuracyName(Loss loss) {
    return loss.isRegression() ? "R2" : "Acc";
  }

  private String text(String split, ToDoubleFunction<Score> measure) {
    Score score = scores.get(split);
    if (score == null) {
      return "-";
    }
    double value = measure.applyAsDouble(score);
    return Double.isNaN(score.rmse()) ? PythonFormat.fixed5(value) : PythonFormat.measure(value);
  }

  /** Adds a member for each split; null if the data has no such split. */
  Json addTo(Json object) {
    for (String split : new String[] {"train", "valid", "test"}) {
      object.put(split, json(scores.get(split)));
    }
    return object;
  }

  /** Returns a score as JSON, with the errors of regression; null for none. */
  static Json json(Score score) {
    if (score == null) {
      return null;
    }
    Json json = new Json().put("ce", score.loss()).put("acc", score.accuracy());
    return Double.isNaN(score.rmse())
        ? json
        : json.put("rmse", score.rmse()).put("mae", score.mae()).put("r2", score.accuracy());
  }
}
