package dev.lanewise.selection;

import java.util.Arrays;

/**
 * The area under the ROC curve and the average precision of a class, as {@link
 * dev.lanewise.metrics.RocAuc} defines them, with the influence of each row. Those of the area are
 * the placements of DeLong, DeLong and Clarke-Pearson ("Comparing the areas under two or more
 * correlated receiver operating characteristic curves", 1988) less their mean; ranks give them in
 * the time of a sort (Sun and Xu, "Fast implementation of DeLong's algorithm", 2014).
 */
final class ClassRanking {
  private final boolean[] positive;
  private final double[] weights;
  private final long[] order; // score and row, ascending

  // [rows], by place in this order: weights of the rows with at least the score, and with it
  private final double[][] above = new double[2][]; // counts of positive and other rows
  private final double[][] equal = new double[2][];
  private final double[] sums = new double[2]; // weights of all
  private final double[] counts = new double[2]; // rows of positive weight
  private boolean isDefined = true;

  ClassRanking(boolean[] positive, double[] scores, double[] weights) {
    this.positive = positive;
    this.weights = weights;
    int rows = positive.length;
    order = new long[rows];
    for (int row = 0; row < rows; row++) {
      int bits = Float.floatToIntBits((float) scores[row] + 0f); // -0 becomes 0
      order[row] = (long) (bits ^ bits >> 31 & Integer.MAX_VALUE) << 32 | row;
      isDefined &= !Double.isNaN(scores[row]);
      counts[positive[row] ? 0 : 1] += weights[row] > 0 ? 1 : 0;
    }
    Arrays.sort(order);
    isDefined &= counts[0] > 0 && counts[1] > 0;
    for (int side = 0; side < 2; side++) {
      above[side] = new double[rows];
      equal[side] = new double[rows];
    }
    for (int last = rows - 1, first = last; last >= 0; last = first) {
      double[] same = new double[2];
      for (; first >= 0 && order[first] >> 32 == order[last] >> 32; first--) {
        same[positive[(int) order[first]] ? 0 : 1] += weights[(int) order[first]];
      }
      for (int side = 0; side < 2; side++) {
        sums[side] += same[side];
        Arrays.fill(above[side], first + 1, last + 1, sums[side]);
        Arrays.fill(equal[side], first + 1, last + 1, same[side]);
      }
    }
  }

  /** Returns the weight of the rows of the class. */
  double positives() {
    return sums[0];
  }

  /**
   * Returns the area. Its placements are the shares of the other group that a row's score exceeds,
   * or is exceeded by.
   */
  RowFigure area() {
    double[] placements = new double[order.length];
    double area = 0;
    for (int i = 0; i < order.length; i++) {
      int row = (int) order[i];
      int other = positive[row] ? 1 : 0;
      double larger = above[other][i] - equal[other][i] / 2;
      placements[row] = (positive[row] ? sums[1] - larger : larger) / sums[other];
      area += positive[row] ? weights[row] * placements[row] / sums[0] : 0;
    }
    double rows = order.length;
    for (int row = 0; row < order.length; row++) {
      int side = positive[row] ? 0 : 1;
      // DeLong divides by the rows of each group less 1; the deviation does so by all rows less 1.
      double unbiased = counts[side] / (counts[side] - 1) * ((rows - 1) / rows);
      placements[row] = weights[row] * (placements[row] - area) / sums[side] * Math.sqrt(unbiased);
    }
    return figure(area, placements, Math.min(counts[0], counts[1]));
  }

  /**
   * Returns the average precision {@code sum(w q) / P} over the P rows of the class, with the
   * precision q = T / (T + F) at a row's score. Another row of the class adds its own q, and moves
   * the q of all rows with at most its score by F / (T + F)^2; a row of another class by -T / (T +
   * F)^2.
   */
  RowFigure precision() {
    double[] influences = new double[order.length];
    double average = 0;
    double ofPositive = 0; // derivatives of the rows so far, which have the smaller scores
    double ofOther = 0;
    for (int i = 0, end; i < order.length; i = end) {
      double t = above[0][i];
      double both = t + above[1][i];
      double part = equal[0][i] / sums[0];
      if (part > 0) {
        average += part * t / both;
        ofPositive += part * above[1][i] / (both * both);
        ofOther -= part * t / (both * both);
      }
      for (end = i; end < order.length && order[end] >> 32 == order[i] >> 32; end++) {
        int row = (int) order[end];
        double own = t / both / sums[0] + ofPositive;
        influences[row] = both > 0 ? weights[row] * (positive[row] ? own : ofOther) : 0;
      }
    }
    for (int row = 0; row < order.length; row++) {
      influences[row] -= positive[row] ? weights[row] * average / sums[0] : 0;
    }
    return figure(average, influences, counts[0]);
  }

  private RowFigure figure(double value, double[] influences, double least) {
    double defined = isDefined ? value : Double.NaN;
    return new RowFigure(defined, influences, RowFigure.Scale.RANKING, least);
  }
}
