package dev.lanewise.selection;

import dev.lanewise.data.Agreement;
import dev.lanewise.data.Split;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.nn.Ensemble;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Model;
import dev.lanewise.nn.Predictor;
import dev.lanewise.nn.Scaling;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Networks that were selected one after another, each so that the average of the predictions has
 * the smallest loss: forward selection with replacement (Caruana, Niculescu-Mizil, Crew and Ksikes,
 * "Ensemble selection from libraries of models", 2004). A network that is selected more often has
 * more weight. The rows must be rows that the networks were not trained on.
 *
 * @param members numbers of the networks, from 0, with repetitions as they are averaged. If all are
 *     repeated, as in 3, 3, 5, 5, the repetitions that change nothing are left out
 * @param loss the mean loss of the average on the rows. It is smaller than on other rows, as it was
 *     made small here
 */
public record GreedyEnsemble(List<Integer> members, double loss) {
  /** The smallest probability in a loss, as in {@link dev.lanewise.train.Evaluator}. */
  private static final double LEAST = 0x1p-149;

  private static final int ROWS = 1024; // of a prediction

  /**
   * Copies the list.
   *
   * @param members at least one
   * @param loss of the average
   */
  public GreedyEnsemble {
    members = List.copyOf(members);
  }

  /**
   * {@return the selection of networks for some rows} Of all sizes up to the largest, it has the
   * one with the smallest loss, the first of equals.
   *
   * @param networks the networks, which share the facts about data
   * @param rows rows that they were not trained on
   * @param most largest number of selections, at least 1
   * @throws IllegalArgumentException if there are no networks, the number is below 1, or the rows
   *     do not fit a network
   */
  public static GreedyEnsemble of(List<Mlp> networks, Split rows, int most) {
    Objects.requireNonNull(rows, "rows");
    if (networks.isEmpty() || most < 1) {
      throw new ArgumentException(
          "%s of %s networks to select, expected at least one", most, networks.size());
    }
    Split split = Agreement.measured(networks.get(0), rows);
    List<double[]> outputs = networks.stream().map(network -> outputs(network, split)).toList();
    Loss loss = networks.get(0).loss();
    double[] sum = new double[outputs.get(0).length];
    List<Integer> selected = new ArrayList<>();
    int best = 0; // number of selections
    double smallest = Double.POSITIVE_INFINITY;
    while (selected.size() < most) {
      int next = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int n = 0; n < outputs.size(); n++) {
        double own = loss(loss, split, sum, outputs.get(n), selected.size() + 1);
        if (own < least) {
          least = own;
          next = n;
        }
      }
      selected.add(next);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += outputs.get(next)[i];
      }
      if (least < smallest) {
        smallest = least;
        best = selected.size();
      }
    }
    return new GreedyEnsemble(
        reduced(selected.subList(0, Math.max(1, best))), best == 0 ? Double.NaN : smallest);
  }

  /** Divides the numbers of repetitions by their greatest common divisor. */
  private static List<Integer> reduced(List<Integer> selected) {
    Map<Integer, Integer> counts = new LinkedHashMap<>();
    selected.forEach(member -> counts.merge(member, 1, Integer::sum));
    int divisor =
        counts.values().stream()
            .map(BigInteger::valueOf)
            .reduce(BigInteger.ZERO, BigInteger::gcd)
            .intValueExact();
    List<Integer> members = new ArrayList<>();
    counts.forEach((member, count) -> members.addAll(Collections.nCopies(count / divisor, member)));
    return members;
  }

  /**
   * {@return the selected networks as one model, which averages their predictions}
   *
   * @param networks those of which the members were selected
   */
  public Model model(List<Mlp> networks) {
    List<Mlp> all = members.stream().map(networks::get).toList();
    return all.size() == 1 ? all.get(0) : Ensemble.of(all);
  }

  /** Returns probabilities, or numbers in the units of the data: [rows][outputs]. */
  private static double[] outputs(Mlp network, Split rows) {
    int columns = network.outputs();
    double[] all = new double[rows.rows() * columns];
    int batch = Math.min(ROWS, rows.rows());
    Predictor predictor = network.predictor(batch);
    float[] x = new float[batch * rows.features()];
    double[] y = new double[batch * columns];
    int[] labels = new int[batch * columns];
    for (int row = 0; row < rows.rows(); row += batch) {
      int count = Math.min(batch, rows.rows() - row);
      rows.copyRows(null, row, count, x, 0);
      predictor.predictScaled(x, count, y, labels);
      System.arraycopy(y, 0, all, row * columns, count * columns);
    }
    return all;
  }

  /** Returns the mean loss of the averages of a number of networks, the last one given apart. */
  private static double loss(Loss kind, Split rows, double[] sum, double[] last, int count) {
    int columns = last.length / rows.rows();
    double total = 0;
    double weights = 0;
    for (int row = 0; row < rows.rows(); row++) {
      int at = row * columns;
      double own = 0;
      if (!kind.takesClasses()) {
        for (int k = 0; k < columns; k++) {
          own += loss(kind, rows, row, k, (sum[at + k] + last[at + k]) / count) / columns;
        }
      } else if (rows.label(row) < columns) {
        own = minusLog((sum[at + rows.label(row)] + last[at + rows.label(row)]) / count);
      } else {
        continue; // a class that the networks do not have
      }
      total += rows.weight(row) * own;
      weights += rows.weight(row);
    }
    return total / weights;
  }

  private static double minusLog(double probability) {
    return -StrictMath.log(Math.max(probability, LEAST));
  }

  /** Returns the loss of an output, in regression in the scale of the targets. */
  private static double loss(Loss kind, Split rows, int row, int output, double y) {
    double t = rows.target(row, output);
    if (kind == Loss.SIGMOID) {
      return t * minusLog(y) + (1 - t) * minusLog(1 - y);
    }
    Scaling scaling = rows.targetScaling();
    double d = Math.abs((double) scaling.scale(y, output) - scaling.scale(t, output));
    return switch (kind) {
      case HUBER -> d > 1 ? d - 0.5 : 0.5 * d * d;
      case MAE -> d;
      default -> d * d;
    };
  }
}
