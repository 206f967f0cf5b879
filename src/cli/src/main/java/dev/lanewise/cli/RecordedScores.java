package dev.lanewise.cli;

import dev.lanewise.files.RunRecord;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Imbalance;
import dev.lanewise.report.RunComparison;
import dev.lanewise.train.Figure;
import dev.lanewise.train.Score;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The scores that the record of a run has. */
public final class RecordedScores {
  private RecordedScores() {}

  /** Returns the score of an evaluation, with the figures of its ranking if one class is rare. */
  public static Score of(Evaluation evaluation) {
    Score score = evaluation.score();
    List<Figure> figures = new ArrayList<>(score.figures());
    Imbalance.of(evaluation).ifPresent(unequal -> figures.addAll(unequal.ranking()));
    return new Score(score.loss(), score.accuracy(), figures);
  }

  /** Returns the scores of a run by the names of its splits; none without a record. */
  public static Map<String, Score> of(RunRecord record) throws IOException {
    Map<String, Score> scores = new LinkedHashMap<>();
    for (String split : Scores.SPLITS) {
      Double loss = record == null ? null : record.get(Double.class, "metrics", split, "ce");
      Double accuracy = record == null ? null : record.get(Double.class, "metrics", split, "acc");
      if (loss != null && accuracy != null) {
        List<Figure> figures = new ArrayList<>();
        Map<String, Object> members = record.object("metrics", split);
        members.keySet().removeAll(List.of("ce", "acc"));
        for (String name : members.keySet()) {
          Double value = record.get(Double.class, "metrics", split, name);
          figures.add(new Figure(name, value == null ? Double.NaN : value, ""));
        }
        if (split.equals(record.text("metrics", "imbalance", "split"))) {
          for (String name : RunComparison.RANKING) {
            Double value = record.get(Double.class, "metrics", "imbalance", name);
            figures.addAll(value == null ? List.of() : List.of(new Figure(name, value, "")));
          }
        }
        scores.put(split, new Score(loss, accuracy, figures));
      }
    }
    return scores;
  }
}
