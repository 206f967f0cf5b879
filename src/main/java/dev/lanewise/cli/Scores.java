package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.Evaluation;
import dev.lanewise.train.Evaluator;
import java.util.HashMap;
import java.util.Map;

/** How a model does on each split, and the course's closing lines about it. */
final class Scores {
  private final Map<String, Evaluation> evaluations = new HashMap<>();

  Scores(Mlp model, Dataset data, int threads) {
    for (Map.Entry<String, Split> split : DataSource.splits(data).entrySet()) {
      evaluations.put(split.getKey(), Evaluator.evaluate(model, split.getValue(), threads));
    }
  }

  Evaluation of(String split) {
    return evaluations.get(split);
  }

  void print(Output output, Mlp model) {
    for (boolean loss : new boolean[] {true, false}) {
      output.result(
          (loss ? lossName(model.loss()) : accuracyName(model.loss()))
              + ": Train "
              + text("train", loss)
              + " Validation "
              + text("valid", loss)
              + " Test "
              + text("test", loss));
    }
    output.result("Weights sha256 " + model.sha256());
  }

  /** What stands before a loss: the course's word for cross entropies. */
  static String lossName(Loss loss) {
    return loss == Loss.MSE ? "MSE" : loss == Loss.HUBER ? "Huber" : "CE";
  }

  /** What stands before an accuracy, or what there is in its place. */
  static String accuracyName(Loss loss) {
    return loss.isRegression() ? "R2" : "Acc";
  }

  private String text(String split, boolean loss) {
    Evaluation evaluation = of(split);
    return evaluation == null
        ? "-"
        : PythonFormat.fixed5(loss ? evaluation.loss() : evaluation.accuracy());
  }

  /** Adds a member for each split, null where the data has none. */
  Json addTo(Json object) {
    for (String split : new String[] {"train", "valid", "test"}) {
      Evaluation e = of(split);
      object.put(split, e == null ? null : new Json().put("ce", e.loss()).put("acc", e.accuracy()));
    }
    return object;
  }
}
