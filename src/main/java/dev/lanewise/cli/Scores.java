package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.Evaluation;
import dev.lanewise.train.Evaluator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** How a model does on each split, and the course's closing lines about it. */
final class Scores {
  private final Map<String, Evaluation> evaluations = new LinkedHashMap<>();

  Scores(Mlp model, Dataset data, int threads) {
    for (Map.Entry<String, Split> split : DataSource.splits(data).entrySet()) {
      evaluations.put(split.getKey(), Evaluator.evaluate(model, split.getValue(), threads));
    }
  }

  Evaluation of(String split) {
    return evaluations.get(split);
  }

  void print(Output output, Mlp model) {
    output.result("CE: " + line(Evaluation::loss));
    output.result("Acc: " + line(Evaluation::accuracy));
    output.result("Weights sha256 " + model.sha256());
  }

  private String line(ToDoubleFunction<Evaluation> value) {
    return "Train %s Validation %s Test %s"
        .formatted(text("train", value), text("valid", value), text("test", value));
  }

  private String text(String split, ToDoubleFunction<Evaluation> value) {
    Evaluation evaluation = evaluations.get(split);
    return evaluation == null ? "-" : PythonFormat.fixed5(value.applyAsDouble(evaluation));
  }

  /** Adds a member for each split, null where the data has none. */
  Json addTo(Json object) {
    for (String split : new String[] {"train", "valid", "test"}) {
      Evaluation evaluation = evaluations.get(split);
      object.put(
          split,
          evaluation == null
              ? null
              : new Json().put("ce", evaluation.loss()).put("acc", evaluation.accuracy()));
    }
    return object;
  }
}
