package dev.lanewise.metrics;

import dev.lanewise.data.Rows;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.BestEpoch;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Metrics that choose the best epoch of a training, besides its loss and error: {@code
 * Trainer.builder().best(BestEpoch.by(EpochMetric.AUC))}.
 */
public enum EpochMetric implements BestEpoch.Measure {
  /** The largest mean ROC AUC of the classes or labels. */
  AUC,
  /** The largest balanced accuracy: the mean recall of the classes. */
  BALANCED,
  /** The largest mean F1 of the classes. */
  F1,
  /** The smallest mean absolute error; for numeric targets. */
  MAE;

  /**
   * {@return the criterion with a name}
   *
   * @param name {@code none}, {@code loss}, {@code error}, {@code auc}, {@code balanced}, {@code
   *     f1} or {@code mae}, for the first of equal epochs; {@code last-auc} and so on for the last
   * @throws IllegalArgumentException if there is none of this name
   */
  public static BestEpoch best(String name) {
    String upper = name.toUpperCase(Locale.ROOT).replace('-', '_');
    Stream<BestEpoch> metrics = Arrays.stream(values()).map(BestEpoch::by);
    return Stream.concat(Stream.of(BestEpoch.NONE, BestEpoch.LOSS, BestEpoch.ERROR), metrics)
        .flatMap(first -> Stream.of(first, first.last()))
        .filter(best -> best.toString().equals(upper))
        .findFirst()
        .orElseThrow(
            () ->
                ArgumentException.of("best", name, "none, loss, error, auc, balanced, f1 or mae"));
  }

  @Override
  public boolean suits(Loss loss) {
    return switch (loss.task().kind()) {
      case CLASSES -> this != MAE;
      case LABELS -> this == AUC;
      case NUMBERS -> this == MAE;
    };
  }

  @Override
  public double value(Mlp network, Rows validation, int threads) {
    Evaluation rows = Evaluator.evaluate(network, validation, threads);
    if (this == MAE) {
      return RegressionMetrics.of(rows).mae();
    } else if (this == AUC) {
      return -RocAuc.of(rows).macro();
    }
    Metrics.Scores mean = Metrics.of(rows).macro();
    return this == F1 ? -mean.f1() : -mean.recall();
  }
}
