package dev.lanewise.selection;

import dev.lanewise.data.Rows;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Imbalance;
import dev.lanewise.metrics.ProbabilityMetrics;
import dev.lanewise.metrics.RocAuc;
import dev.lanewise.nn.Loss;
import dev.lanewise.train.Figure;
import dev.lanewise.train.Score;
import dev.lanewise.train.internal.Tally;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The results of a {@link CrossValidation}.
 *
 * @param count number of folds
 * @param repeats number of divisions into folds
 * @param folds the folds that were finished, by repeat and fold
 */
public record CrossValidationRun(int count, int repeats, List<FoldResult> folds) {
  /**
   * Copies the list.
   *
   * @param count number of folds
   * @param repeats number of divisions into folds
   * @param folds the folds that were finished
   */
  public CrossValidationRun {
    folds = List.copyOf(folds);
  }

  /** {@return whether all folds were finished} */
  public boolean isWhole() {
    return folds.size() == count * repeats;
  }

  /**
   * {@return the values of each figure, [folds], by its name: the loss, unless it is in scaled
   * units that differ between folds, and what {@link Evaluation#figures} has for all folds} Where
   * one of two classes is clearly rarer in all rows, ROC AUC and average precision of this class
   * come first, unless a fold has only one of the classes.
   */
  public Map<String, double[]> figures() {
    Map<String, double[]> figures = new LinkedHashMap<>();
    if (folds.isEmpty()) {
      return figures;
    }
    Imbalance unequal = Imbalance.of(outOfFold(folds.get(0).repeat())).orElse(null);
    if (unequal != null && !unequal.ranking().isEmpty()) {
      int rarest = unequal.rarest();
      List<RocAuc> rankings = folds.stream().map(f -> RocAuc.of(f.evaluation(), rarest)).toList();
      if (rankings.stream().noneMatch(ranking -> Double.isNaN(ranking.area(rarest)))) {
        figures.put("roc_auc", rankings.stream().mapToDouble(r -> r.area(rarest)).toArray());
        figures.put(
            "average_precision",
            rankings.stream().mapToDouble(r -> r.averagePrecision(rarest)).toArray());
      }
    }
    if (!folds.get(0).evaluation().kind().task().hasNumbers()) {
      figures.put("loss", folds.stream().mapToDouble(fold -> fold.evaluation().loss()).toArray());
    }
    List<Map<String, Double>> ofFolds = new ArrayList<>();
    for (FoldResult fold : folds) {
      Map<String, Double> own = new LinkedHashMap<>();
      fold.evaluation().figures().forEach(figure -> own.put(figure.name(), figure.value()));
      ofFolds.add(own);
    }
    for (Figure figure : folds.get(0).evaluation().figures()) {
      if (ofFolds.stream().allMatch(own -> own.containsKey(figure.name()))) {
        figures.putIfAbsent(
            figure.name(), ofFolds.stream().mapToDouble(own -> own.get(figure.name())).toArray());
      }
    }
    return figures;
  }

  /**
   * {@return the mean of each figure, and how far chance moves it; none for a single fold}
   * Intervals are within the range of the figure: errors on the scale of their logarithm, R2 on
   * that of 1 - R2, and shares and correlations by Wilson's method.
   */
  public Map<String, FoldScores> scores() {
    Map<String, FoldScores> scores = new LinkedHashMap<>();
    if (folds.size() > 1) {
      int repeat = folds.get(0).repeat();
      List<FoldResult> first = folds.stream().filter(fold -> fold.repeat() == repeat).toList();
      double rows = first.stream().mapToInt(FoldResult::groups).sum();
      Evaluation all = outOfFold(repeat);
      double others = all.kind().task().hasClasses() ? new FigureIntervals(all).others() : rows;
      figures()
          .forEach(
              (name, values) -> {
                boolean isOfAll = name.matches("(subset_)?accuracy");
                double least = isOfAll ? rows : Math.min(rows, others);
                FoldScores found = FoldScores.of(trainRows(), testRows(), values);
                scores.put(name, found.within(RowFigure.Scale.of(name), rows, least));
              });
    }
    return scores;
  }

  /** {@return the mean number of rows beside a fold} */
  public double trainRows() {
    return folds.stream().mapToInt(FoldResult::trainRows).average().orElse(0);
  }

  /** {@return the mean number of rows of a fold} */
  public double testRows() {
    return folds.stream().mapToInt(fold -> fold.evaluation().rows()).average().orElse(0);
  }

  /**
   * {@return the rows of a repeat that were predicted, in ascending order of their numbers in the
   * file}
   *
   * @param repeat from 0
   */
  public List<OutOfFold> rows(int repeat) {
    List<OutOfFold> rows = new ArrayList<>();
    for (FoldResult fold : folds) {
      for (int i = 0; fold.repeat() == repeat && i < fold.rows().size(); i++) {
        rows.add(new OutOfFold(fold.rows().get(i), fold, i));
      }
    }
    rows.sort(Comparator.comparingInt(OutOfFold::row));
    return rows;
  }

  /**
   * A row and its result.
   *
   * @param row its number in the file, from 0
   * @param fold the fold that it is in
   * @param place its place in the evaluation of the fold, from 0
   */
  public record OutOfFold(int row, FoldResult fold, int place) {}

  /**
   * {@return the results of all folds of a repeat as those of one split, in the order of the file}
   * In a regression its loss is NaN, as the folds scale targets differently.
   *
   * @param repeat from 0
   * @throws IllegalArgumentException if no fold of the repeat was finished
   */
  public Evaluation outOfFold(int repeat) {
    List<OutOfFold> rows = rows(repeat);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(
          "repeat " + repeat + " without folds, expected at least 1");
    }
    Evaluation first = rows.get(0).fold.evaluation();
    Loss kind = first.kind();
    boolean takesClasses = kind.task().hasClasses();
    int outputs = first.classes();
    int n = rows.size();
    float[] results = new float[n * outputs];
    double[] exact = new double[results.length];
    int[] predicted = new int[takesClasses ? n : results.length];
    int[] labels = new int[n];
    double[][] targets = new double[n][];
    float[] weights = new float[n];
    Tally tally = new Tally(kind, outputs);
    for (int i = 0; i < n; i++) {
      Evaluation own = rows.get(i).fold.evaluation();
      int place = rows.get(i).place;
      weights[i] = own.weight(place);
      if (takesClasses) {
        labels[i] = own.label(place);
        predicted[i] = own.predicted(place);
        tally.add(weights[i], own.loss(), predicted[i] == labels[i]);
      } else {
        targets[i] = own.target(place);
        tally.add(weights[i], own.loss()); // the mean of the folds
      }
      for (int k = 0; k < outputs; k++) {
        int at = i * outputs + k;
        exact[at] = own.value(place, k);
        results[at] = (float) exact[at];
        if (kind.task().hasNumbers()) {
          tally.add(k, weights[i], exact[at], targets[i][k]);
        } else if (!takesClasses) {
          predicted[at] = own.isPredicted(place, k) ? 1 : 0;
          tally.add(k, weights[i], predicted[at] - 0.5, targets[i][k]);
        }
      }
    }
    double[][] none = new double[n][1];
    Rows split = takesClasses ? Rows.of(none, labels) : Rows.of(none, targets);
    split = first.hasWeights() ? split.withRowWeights(weights) : split;
    Score score = tally.score();
    double loss = kind.task().hasNumbers() ? Double.NaN : score.loss();
    if (takesClasses) { // as the probabilities give it
      Evaluation all = Evaluation.of(kind, score, split, predicted, null, results, exact);
      loss = ProbabilityMetrics.of(all).logLoss();
    }
    score = new Score(loss, score.accuracy(), score.figures());
    return Evaluation.of(kind, score, split, predicted, null, results, exact);
  }
}
