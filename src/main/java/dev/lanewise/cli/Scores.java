package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Score;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.Evaluator;
import java.util.HashMap;
import java.util.Map;

/** How a model does on each split, and the course's closing lines about it. */
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

  /** The scores of rows that are one split: a test of a model that was trained on others. */
  Scores(Evaluation test) {
    scores.put("test", test.score());
  }

  /** A split whose loss is not finite, and that; null if there is none. */
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
    for (boolean loss : new boolean[] {true, false}) {
      output.result(
          (loss ? lossName(kind) : accuracyName(kind))
              + ": Train "
              + text("train", loss)
              + " Validation "
              + text("valid", loss)
              + " Test "
              + text("test", loss));
    }
    output.result("Weights sha256 " + sha256);
  }

  /** What stands before a loss: the course's word for cross entropies. */
  static String lossName(Loss loss) {
    return loss.title();
  }

  /** What stands before an accuracy, or what there is in its place. */
  static String accuracyName(Loss loss) {
    return loss.isRegression() ? "R2" : "Acc";
  }

  private String text(String split, boolean loss) {
    Score score = scores.get(split);
    return score == null ? "-" : PythonFormat.fixed5(loss ? score.loss() : score.accuracy());
  }

  /** Adds a member for each split, null where the data has none. */
  Json addTo(Json object) {
    for (String split : new String[] {"train", "valid", "test"}) {
      Score s = scores.get(split);
      object.put(split, s == null ? null : new Json().put("ce", s.loss()).put("acc", s.accuracy()));
    }
    return object;
  }
}
