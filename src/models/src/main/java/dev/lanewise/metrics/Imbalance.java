package dev.lanewise.metrics;

import dev.lanewise.train.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The figures of a model on rows of unequal classes, where the accuracy says little: always
 * answering the most frequent class is right for most rows. Rows count by their weights.
 *
 * @param majority the class with the most rows, the first of equals
 * @param rarest the class with the fewest rows, but at least one; the last of equals
 * @param figures {@code majority_share}, the accuracy of always answering the most frequent class;
 *     {@code balanced_accuracy}, see {@link Metrics#balancedAccuracy}; and of two classes {@code
 *     roc_auc} and {@code average_precision} of the rarer, see {@link RocAuc}
 */
public record Imbalance(int majority, int rarest, List<Figure> figures) {
  /** How often the most frequent class must have the rows of the rarest. */
  private static final int RATIO = 2;

  /** Number of the first figures, which judge the classes. */
  static final int OF_CLASSES = 2;

  /**
   * {@return the figures, if the most frequent class has more than twice the rows of the rarest, by
   * at least two standard deviations of such a difference, which chance hardly makes of equal
   * classes; else nothing}
   *
   * @param evaluation a model's results; nothing if its targets are not classes
   */
  public static Optional<Imbalance> of(Evaluation evaluation) {
    return of(evaluation, Double.POSITIVE_INFINITY);
  }

  /**
   * {@return the figures of unequal classes, as {@link #of(Evaluation)} returns them, or of any
   * classes if the most frequent one has a larger share of the rows than are right}
   *
   * @param evaluation a model's results; nothing if its targets are not classes
   * @param accuracy the share of rows that are right
   */
  public static Optional<Imbalance> of(Evaluation evaluation, double accuracy) {
    if (!evaluation.kind().task().hasClasses()) {
      return Optional.empty();
    }
    Metrics metrics = Metrics.of(evaluation);
    int majority = 0;
    int rarest = 0;
    double most = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int c = 0; c < metrics.classes(); c++) {
      double weight = metrics.scores().get(c).weight();
      if (weight > most) {
        most = weight;
        majority = c;
      }
      if (weight > 0 && weight <= least) {
        least = weight;
        rarest = c;
      }
    }
    double row = metrics.weighted().weight() / evaluation.rows(); // mean weight
    double excess = (most - RATIO * least) / row;
    boolean isUnequal = excess > 0 && excess * excess >= 4 * (most + RATIO * RATIO * least) / row;
    return isUnequal || accuracy < most / metrics.weighted().weight()
        ? Optional.of(new Imbalance(majority, rarest, figures(evaluation, metrics, most, rarest)))
        : Optional.empty();
  }

  /** {@return the figures that judge how the rows are ranked by the rarer of two classes} */
  public List<Figure> ranking() {
    return figures.subList(OF_CLASSES, figures.size());
  }

  private static List<Figure> figures(
      Evaluation evaluation, Metrics metrics, double most, int rarest) {
    double share = most / metrics.weighted().weight();
    String always = "Share of the most frequent class, which always answering it has.";
    List<Figure> figures = new ArrayList<>(List.of(new Figure("majority_share", share, always)));
    String mean = "Mean of the recalls of the classes.";
    figures.add(new Figure("balanced_accuracy", metrics.balancedAccuracy(), mean));
    if (evaluation.classes() == 2 && metrics.classes() == 2) {
      RocAuc auc = RocAuc.of(evaluation, rarest);
      double precision = auc.averagePrecision(rarest);
      figures.add(new Figure("roc_auc", auc.area(rarest), "ROC AUC of the rarer class."));
      figures.add(new Figure("average_precision", precision, "Average precision of this class."));
    }
    return List.copyOf(figures);
  }
}
