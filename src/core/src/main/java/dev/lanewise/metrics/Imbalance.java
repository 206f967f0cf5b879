package dev.lanewise.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The figures of a model on rows of unequal classes, where the accuracy says little: always
 * answering the most frequent class is right for most rows. Rows count by their weights.
 *
 * @param majority the class with the most rows, the first of equals
 * @param majorityShare its share of the rows: the accuracy of always answering it
 * @param rarest the class with the fewest rows, but at least one; the last of equals
 * @param balancedAccuracy as {@link Metrics#balancedAccuracy}
 * @param rocAuc as {@link RocAuc#area} of the rarer of two classes; NaN for more classes
 * @param averagePrecision as {@link RocAuc#averagePrecision} of it; NaN for more classes
 */
public record Imbalance(
    int majority,
    double majorityShare,
    int rarest,
    double balancedAccuracy,
    double rocAuc,
    double averagePrecision) {
  /** How often the most frequent class must have the rows of the rarest. */
  private static final int RATIO = 2;

  /**
   * {@return the figures, if the most frequent class has more than twice the rows of the rarest, by
   * at least two standard deviations of such a difference, which chance hardly makes of equal
   * classes; else nothing}
   *
   * @param evaluation a model's results; nothing if its targets are not classes
   */
  public static Optional<Imbalance> of(Evaluation evaluation) {
    if (!evaluation.kind().takesClasses()) {
      return Optional.empty();
    }
    Metrics metrics = Metrics.of(evaluation);
    int majority = 0;
    int rarest = -1;
    for (int c = 0; c < metrics.classes(); c++) {
      double weight = metrics.scores().get(c).weight();
      majority = weight > metrics.scores().get(majority).weight() ? c : majority;
      if (weight > 0 && (rarest < 0 || weight <= metrics.scores().get(rarest).weight())) {
        rarest = c;
      }
    }
    double all = metrics.weighted().weight();
    double share = metrics.scores().get(majority).weight() / all;
    double most = share * evaluation.rows();
    double least = metrics.scores().get(rarest).weight() / all * evaluation.rows();
    double excess = most - RATIO * least;
    if (excess <= 0 || excess * excess < 4 * (most + RATIO * RATIO * least)) {
      return Optional.empty();
    }
    boolean isBinary = evaluation.classes() == 2 && metrics.classes() == 2;
    RocAuc auc = isBinary ? RocAuc.of(evaluation, rarest) : null;
    return Optional.of(
        new Imbalance(
            majority,
            share,
            rarest,
            metrics.balancedAccuracy(),
            isBinary ? auc.area(rarest) : Double.NaN,
            isBinary ? auc.averagePrecision(rarest) : Double.NaN));
  }

  /** {@return whether there are two classes, of which the rarer has an area} */
  public boolean hasArea() {
    return !Double.isNaN(rocAuc);
  }

  /** {@return the figures that are defined, under their names} */
  public List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    figures.add(
        new Figure(
            "majority_share",
            majorityShare,
            "Share of the most frequent class: the accuracy of always answering it."));
    figures.add(
        new Figure(
            "balanced_accuracy",
            balancedAccuracy,
            "Mean of the recalls of all classes, each of which counts alike."));
    if (hasArea()) {
      figures.add(
          new Figure(
              "roc_auc",
              rocAuc,
              "How often a row of the rarer class gets a higher probability of it than another."));
      figures.add(
          new Figure(
              "average_precision",
              averagePrecision,
              "Mean precision of the rarer class over all thresholds, by their gain in recall."));
    }
    return figures;
  }
}
