package dev.lanewise.selection;

import dev.lanewise.metrics.Evaluation;
import dev.lanewise.train.Figure;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Computes the intervals of figures, each by the method that holds on few rows, or says why the
 * rows do not tell one. See {@link Intervals} for the methods.
 */
final class FigureIntervals {
  /** Fewer rows or groups of a class do not show how much the figures of the class vary. */
  private static final int FEW = 5;

  /** Pairs of rows, and a covariance, need at least this number of rows or groups of a class. */
  private static final int LEAST_RANKED = 10;

  /** Fewer rows do not show whether errors, or squared errors, have a heavy tail. */
  private static final int FEW_ERRORS = 100;

  private static final int FEW_SQUARES = 200;
  private static final int GROUPS = 20;
  private static final int GROUPS_OF_SQUARES = 100;
  private static final double ROUNDING = 1e-12; // sums of shares of all rows are that close to 1

  private final Evaluation evaluation;
  private final RowGroups groups;
  private final RowFigures figures;
  private final boolean areClasses;
  private final int others; // rows or groups of other classes than the most frequent
  private final int predicted; // rows or groups of other predictions than the most frequent

  FigureIntervals(Evaluation evaluation, int... groups) {
    this.evaluation = evaluation;
    this.groups = RowGroups.of(evaluation.rows(), groups);
    figures = new RowFigures(evaluation);
    areClasses = evaluation.kind().task().hasClasses();
    int classes =
        evaluation.classes() + 2; // one class is not in the model, and one is not predicted
    others = areClasses ? others(classes, row -> evaluation.label(row)) : 0;
    predicted = areClasses ? others(classes, row -> evaluation.predicted(row) + 1) : 0;
  }

  /** Returns the number of rows or groups of other classes than the most frequent. */
  int others() {
    return others;
  }

  /** Returns the rows or groups that are not in the most frequent class; of two, in the rarer. */
  private int others(int classes, IntUnaryOperator classOf) {
    int[] counts = new int[classes];
    IntStream.range(0, evaluation.rows()).forEach(row -> counts[classOf.applyAsInt(row)]++);
    int most = 0;
    for (int c = 1; c < classes; c++) {
      most = counts[c] > counts[most] ? c : most;
    }
    int largest = most;
    int rest = groups.count(row -> classOf.applyAsInt(row) != largest);
    return evaluation.classes() > 2
        ? rest
        : Math.min(rest, groups.count(row -> classOf.applyAsInt(row) == largest));
  }

  /**
   * Computes the intervals of all figures.
   *
   * @param without to which the reason is added for each figure that has none
   */
  Map<String, Interval> all(Map<String, String> without) {
    Map<String, Interval> intervals = new LinkedHashMap<>();
    add("loss", intervals, without);
    evaluation.figures().stream().map(Figure::name).forEach(name -> add(name, intervals, without));
    return intervals;
  }

  private void add(String name, Map<String, Interval> intervals, Map<String, String> without) {
    RowFigure figure =
        name.equals("subset_accuracy")
            ? share(row -> true, row -> figures.right(row) == 1)
            : figures.figure(name);
    if (figure == null || Double.isNaN(figure.value())) {
      return;
    }
    String reason = doubt(name, figure);
    Interval found = reason == null ? interval(name, figure) : null;
    if (found != null) {
      intervals.put(name, found);
    } else if (reason != null) {
      without.put(name, reason);
    }
  }

  /** Returns why the rows do not tell how far another sample would move a figure; null if so. */
  private String doubt(String name, RowFigure figure) {
    boolean areNumbers = evaluation.kind().task().hasNumbers();
    int least = !areNumbers ? RowGroups.LEAST : name.equals("mae") ? GROUPS : GROUPS_OF_SQUARES;
    if (groups.areFewerThan(least)) {
      return "%s groups of rows, expected at least %s of about the same size"
          .formatted(groups.count(), least);
    } else if (areNumbers) {
      return doubtOfErrors(name);
    } else if (!areClasses) {
      return figure.scale() == RowFigure.Scale.RANKING ? few(figure.least(), LEAST_RANKED) : null;
    }
    return switch (name) {
      case "accuracy" -> groups.areRows() ? null : few(others, 1);
      case "loss" -> few(others, FEW);
      case "balanced_accuracy" -> few(others, groups.areRows() ? FEW : LEAST_RANKED);
      case "matthews" ->
          few(others, LEAST_RANKED) != null || predicted >= LEAST_RANKED
              ? few(others, LEAST_RANKED)
              : ("%s %s with another predicted class than the most frequent class, expected at"
                      + " least %s")
                  .formatted(predicted, unit(), LEAST_RANKED);
      default -> few(others, LEAST_RANKED);
    };
  }

  private String unit() {
    return groups.areRows() ? "rows" : "groups";
  }

  private String few(double count, int least) {
    return count >= least
        ? null
        : "%s %s with another class than the most frequent class, expected at least %s"
            .formatted((int) count, unit(), least);
  }

  /** Says whether rows are too few for errors, or a few rows have most of the squared error. */
  private String doubtOfErrors(String name) {
    int rows = evaluation.rows();
    int least = name.equals("mae") ? FEW_ERRORS : FEW_SQUARES;
    if (rows < least) {
      return "%s rows, expected at least %s, as fewer do not show how large rare errors are"
          .formatted(rows, least);
    }
    double skewness = RowGroups.ofRows(figures.figure("mse").influences()).skewness();
    // The fourth root grows slower than the skewness of squares with a heavy tail.
    return name.equals("mae") || StrictMath.pow(skewness, 4) < rows
        ? null
        : "a few rows have most of the squared error, expected a lighter tail";
  }

  private Interval interval(String name, RowFigure figure) {
    Interval found =
        switch (name) {
          case "balanced_accuracy" -> ofMean(figure);
          case "rmse" -> mapped(ofErrors(figures.figure("mse")), Math::sqrt);
          default ->
              switch (figure.scale()) {
                case SHARE -> ofShare(figure, groups.inflation(figure.influences()));
                case CORRELATION -> ofMatthews(figure);
                case RANKING -> ofRanking(figure);
                case ERROR -> ofErrors(figure);
                case R2 -> ofR2(figure);
              };
        };
    return found == null || groups.areRows()
        ? found
        : new Interval(found.low(), found.high(), found.level(), found.method() + ", by groups");
  }

  /** Returns the share of some rows, by weight; its value is NaN if none counts. */
  private RowFigure share(IntPredicate counts, IntPredicate hits) {
    double[] values = new double[evaluation.rows()];
    double[] weights = new double[values.length];
    Arrays.setAll(values, row -> hits.test(row) ? 1 : 0);
    Arrays.setAll(weights, row -> counts.test(row) ? evaluation.weight(row) : 0);
    return RowFigure.mean(values, weights, RowFigure.Scale.SHARE);
  }

  /** Computes Wilson's interval of as many rows as would have the variance. */
  private static Interval ofShare(RowFigure figure, double inflation) {
    double p = Math.max(0, Math.min(1, figure.value()));
    double variance = Arrays.stream(figure.influences()).map(each -> each * each).sum();
    boolean isInner = Math.abs(p - 0.5) < 0.5 - ROUNDING;
    double rows = isInner && variance > 0 ? p * (1 - p) / variance : figure.least();
    return Interval.ofShare(isInner ? p : Math.rint(p), rows / inflation);
  }

  /** Combines the intervals of the recalls of all classes. */
  private Interval ofMean(RowFigure figure) {
    double inflation = groups.inflation(figure.influences());
    double value = 0;
    double below = 0;
    double above = 0;
    int classes = 0;
    for (int c = 0; c <= evaluation.classes(); c++) {
      int own = c;
      IntPredicate isActual = row -> evaluation.label(row) == own;
      RowFigure recall = share(isActual, row -> evaluation.predicted(row) == own);
      if (recall.least() > 0) {
        Interval each = ofShare(recall, inflation);
        value += recall.value();
        below += (recall.value() - each.low()) * (recall.value() - each.low());
        above += (each.high() - recall.value()) * (each.high() - recall.value());
        classes++;
      }
    }
    double low = (value - Math.sqrt(below)) / classes;
    double high = (value + Math.sqrt(above)) / classes;
    String method = "Wilson of each class";
    return new Interval(Math.max(0, low), Math.min(1, high), Interval.LEVEL, method);
  }

  /** Computes the interval of Matthews' coefficient r as that of the share (1 + r) / 2. */
  private Interval ofMatthews(RowFigure figure) {
    double[] influences = figure.times(0.5, 0).influences();
    RowFigure share = new RowFigure((1 + figure.value()) / 2, influences, figure.scale(), others);
    Interval found = ofShare(share, groups.inflation(influences));
    return new Interval(
        2 * found.low() - 1, 2 * found.high() - 1, Interval.LEVEL, "Wilson of (1 + r) / 2");
  }

  /** Computes the interval on the scale of logits. */
  private Interval ofRanking(RowFigure figure) {
    double value = figure.value();
    RowGroups.Spread spread = groups.spread(figure.influences());
    if (Math.abs(value - 0.5) > 0.5 - ROUNDING) { // no pair tells the spread
      return ofShare(figure, groups.inflation(figure.influences()));
    } else if (!(spread.variance() > 0)) {
      return null;
    }
    double degrees = Math.min(spread.degrees(), RowGroups.degrees(figure.influences()));
    double t = StudentT.twoSidedQuantile(1 - Interval.LEVEL, degrees);
    double factor = StrictMath.exp(t * Math.sqrt(spread.variance()) / (value * (1 - value)));
    double low = value / (1 - value) / factor;
    double high = value / (1 - value) * factor;
    high = high == Double.POSITIVE_INFINITY ? 1 : high / (1 + high);
    return new Interval(low / (1 + low), high, Interval.LEVEL, "DeLong");
  }

  /** Computes the interval of a mean by its t value without the skewness. */
  private Interval ofErrors(RowFigure figure) {
    RowGroups.Spread spread = groups.spread(figure.influences());
    if (!(spread.variance() > 0 && spread.variance() < Double.POSITIVE_INFINITY)) {
      return null;
    }
    double t = spread.quantile();
    double deviation = Math.sqrt(spread.variance());
    double low = figure.value() - deviation * skewed(t, spread);
    double high = figure.value() - deviation * skewed(-t, spread);
    return new Interval(Math.max(0, low), high, Interval.LEVEL, "Hall");
  }

  /** Returns the t value whose transformation has a quantile of a symmetric distribution. */
  private static double skewed(double t, RowGroups.Spread spread) {
    double a = spread.skewness() / Math.sqrt(spread.count());
    return Math.abs(a) < ROUNDING ? t : 3 / a * (StrictMath.cbrt(1 + a * (t - a / 6)) - 1);
  }

  /** Returns an interval of an increasing function of a figure. */
  private static Interval mapped(Interval of, DoubleUnaryOperator f) {
    return of == null
        ? null
        : new Interval(
            f.applyAsDouble(of.low()), f.applyAsDouble(of.high()), of.level(), of.method());
  }

  /** Computes the interval on the scale of the logarithm of 1 - R2. */
  private Interval ofR2(RowFigure figure) {
    RowGroups.Spread spread = groups.spread(figure.influences());
    double rest = 1 - figure.value();
    if (!(rest > 0 && spread.variance() > 0 && spread.variance() < Double.POSITIVE_INFINITY)) {
      return null;
    }
    double factor = StrictMath.exp(spread.quantile() * Math.sqrt(spread.variance()) / rest);
    return new Interval(1 - rest * factor, 1 - rest / factor, Interval.LEVEL, "jackknife");
  }

  /** Returns the intervals of the scores of a class. */
  Map<String, Interval> ofClass(int c) {
    IntPredicate isActual = row -> evaluation.label(row) == c;
    IntPredicate isPredicted = row -> evaluation.predicted(row) == c;
    IntPredicate isBoth = isActual.and(isPredicted);
    Map<String, Interval> intervals = new LinkedHashMap<>();
    int least = groups.areRows() ? 1 : LEAST_RANKED;
    if (groups.areFewerThan(RowGroups.LEAST)) {
      return intervals;
    }
    ofClass("precision", isPredicted, isBoth, least, intervals);
    ofClass("recall", isActual, isBoth, least, intervals);
    ofClass("f1", isActual.or(isPredicted), isBoth, Math.max(FEW, least), intervals);
    int rarer = Math.min(groups.count(isActual), groups.count(isActual.negate()));
    if (c < evaluation.classes() && rarer >= LEAST_RANKED) {
      Interval area = interval("roc_auc", figures.ranking(c).area());
      intervals.put("roc_auc", area);
    }
    intervals.values().removeIf(each -> each == null);
    return intervals;
  }

  private void ofClass(
      String name,
      IntPredicate counts,
      IntPredicate hits,
      int least,
      Map<String, Interval> intervals) {
    RowFigure share = share(counts, hits);
    if (share.least() > 0 && groups.count(counts) >= least) {
      Interval found = interval(name, share);
      // F1 is 2 J / (1 + J) of the share J = TP / (TP + FP + FN).
      intervals.put(name, name.equals("f1") ? mapped(found, j -> 2 * j / (1 + j)) : found);
    }
  }
}
