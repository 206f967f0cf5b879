package dev.lanewise.selection;

import dev.lanewise.data.Split;
import dev.lanewise.data.internal.DataParts;
import dev.lanewise.format.internal.ArgumentException;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictor;
import dev.lanewise.train.internal.Tally;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Models that were selected one after another, each so that the average of the predictions has the
 * smallest loss: forward selection with replacement (Caruana, Niculescu-Mizil, Crew and Ksikes,
 * "Ensemble selection from libraries of models", 2004). A model that is selected more often has
 * more weight. The rows must be rows that the networks were not trained on.
 *
 * @param members numbers of the models, from 0, each once, in the order of their first selection
 * @param weights how often each of these was selected, without a common divisor: its weight in the
 *     average
 * @param loss the mean loss of the average on the rows. It is smaller than on other rows, as it was
 *     made small here
 */
public record GreedyEnsemble(List<Integer> members, List<Integer> weights, double loss) {
  private static final int ROWS = 1024; // of a prediction

  /**
   * Copies the lists.
   *
   * @param members at least one
   * @param weights one for each
   * @param loss of the average
   */
  public GreedyEnsemble {
    members = List.copyOf(members);
    weights = List.copyOf(weights);
  }

  /**
   * {@return the selection of models for some rows} Of all sizes up to the largest, it has the one
   * with the smallest loss, the first of equals.
   *
   * @param models models with the same number of networks and the same facts about data
   * @param rows the rows for each network of a model: its own fold, or the same rows for all
   * @param most largest number of selections, at least 1
   * @throws IllegalArgumentException if there are no models, the number is below 1, a model has
   *     another number of networks, or the rows do not fit
   */
  public static GreedyEnsemble of(List<? extends Model> models, List<Split> rows, int most) {
    Objects.requireNonNull(rows, "rows");
    if (models.isEmpty() || most < 1) {
      throw new ArgumentException(
          "%s of %s models to select, expected at least one model", most, models.size());
    }
    for (Model model : models) {
      if (model.members().size() != rows.size()) {
        throw new ArgumentException(
            "a model of %s networks, expected %s as there are folds",
            model.members().size(), rows.size());
      }
    }
    Map<Split, List<Integer>> folds = new LinkedHashMap<>(); // with the networks to average there
    for (int m = 0; m < rows.size(); m++) {
      folds.computeIfAbsent(rows.get(m), split -> new ArrayList<>()).add(m);
    }
    List<Split> splits =
        folds.keySet().stream()
            .map(split -> DataParts.access().measured(models.get(0), split))
            .toList();
    List<List<double[]>> outputs = new ArrayList<>(); // [models][splits]
    for (Model model : models) {
      List<double[]> own = new ArrayList<>();
      for (List<Integer> networks : folds.values()) {
        Split split = splits.get(own.size());
        double[] mean = new double[split.rows() * model.outputs()];
        for (int m : networks) {
          add(outputs(model.members().get(m), split), networks.size(), mean);
        }
        own.add(mean);
      }
      outputs.add(own);
    }
    return selection(models.get(0).loss(), splits, outputs, most);
  }

  private static void add(double[] values, int divisor, double[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += values[i] / divisor;
    }
  }

  private static GreedyEnsemble selection(
      Loss loss, List<Split> splits, List<List<double[]>> outputs, int most) {
    List<double[]> sums = outputs.get(0).stream().map(each -> new double[each.length]).toList();
    List<Integer> selected = new ArrayList<>();
    int best = 1; // number of selections
    double smallest = Double.POSITIVE_INFINITY;
    while (selected.size() < most) {
      int next = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int n = 0; n < outputs.size(); n++) {
        Tally all = null;
        for (int s = 0; s < splits.size(); s++) {
          Tally part = tally(loss, splits.get(s), sums.get(s), outputs.get(n).get(s), selected);
          if (all == null) {
            all = part;
          } else {
            all.add(part);
          }
        }
        if (all.loss() < least) {
          least = all.loss();
          next = n;
        }
      }
      selected.add(next);
      for (int s = 0; s < splits.size(); s++) {
        add(outputs.get(next).get(s), 1, sums.get(s));
      }
      if (least < smallest) {
        smallest = least;
        best = selected.size();
      }
    }
    return of(selected.subList(0, best), smallest);
  }

  /** Measures the average of the selected outputs, whose sum is given, and of another one. */
  private static Tally tally(
      Loss loss, Split rows, double[] sum, double[] other, List<Integer> selected) {
    double[] mean = new double[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (sum[i] + other[i]) / (selected.size() + 1);
    }
    Tally tally = new Tally(loss, mean.length / rows.rows());
    tally.add(rows, mean, new int[rows.rows()]); // only the loss is of interest
    return tally;
  }

  /** Counts selections, and divides their numbers by the greatest common divisor. */
  private static GreedyEnsemble of(List<Integer> selected, double loss) {
    Map<Integer, Integer> counts = new LinkedHashMap<>();
    selected.forEach(member -> counts.merge(member, 1, Integer::sum));
    int divisor =
        counts.values().stream()
            .map(BigInteger::valueOf)
            .reduce(BigInteger.ZERO, BigInteger::gcd)
            .intValueExact();
    List<Integer> weights = counts.values().stream().map(count -> count / divisor).toList();
    return new GreedyEnsemble(List.copyOf(counts.keySet()), weights, loss);
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
}
