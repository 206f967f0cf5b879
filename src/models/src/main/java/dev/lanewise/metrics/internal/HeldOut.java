package dev.lanewise.metrics.internal;

import dev.lanewise.data.Rows;
import dev.lanewise.data.internal.RowPreparation;
import dev.lanewise.model.Calibration;
import dev.lanewise.model.Model;
import dev.lanewise.nn.ClassWeighting;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictor;
import dev.lanewise.train.internal.Tally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What groups of networks predict for rows that they were not trained on. Each network predicts its
 * own validation rows, and the networks of a group that have the same rows are averaged there. All
 * groups have the same rows. Weights of classes are undone in averages, as a model does.
 */
public final class HeldOut {
  private static final int ROWS = 1024; // of a prediction

  private static final int SELECTIONS = 20; // at most, beside those to begin with
  private static final int ROWS_A_SELECTION = 100;

  /** Fewer rows than these would give a temperature that is mostly chance. */
  private static final int FEWEST = 20;

  /** Fewer rows than these must show that a temperature lowers the loss of other rows. */
  private static final int RELIABLE = 100;

  private static final int FOLDS = 10; // that show it

  /** Temperatures have three decimals, so that their last bits do not depend on the minimiser. */
  private static final double DECIMALS = 1000;

  private final Model model; // of the first network
  private final List<Rows> splits;
  private final List<List<double[]>> outputs; // [groups][splits], of [rows][outputs]

  /** Of each group and split; no groups if a network has none. */
  private final List<List<ClassWeighting>> weightings;

  private HeldOut(
      Model model,
      List<Rows> splits,
      List<List<double[]>> outputs,
      List<List<ClassWeighting>> weightings) {
    this.model = model;
    this.splits = splits;
    this.outputs = outputs;
    this.weightings = weightings;
  }

  /**
   * {@return the predictions of groups of networks}
   *
   * @param groups the networks of each group, as many in each
   * @param rows the validation rows of each network of a group, the same object for the same rows
   */
  public static HeldOut of(List<List<Mlp>> groups, List<Rows> rows) {
    Map<Rows, List<Integer>> networks = new LinkedHashMap<>();
    for (int m = 0; m < rows.size(); m++) {
      networks.computeIfAbsent(rows.get(m), split -> new ArrayList<>()).add(m);
    }
    Model first = Model.of(groups.get(0).get(0));
    List<Rows> splits =
        networks.keySet().stream().map(split -> RowPreparation.measured(first, split)).toList();
    List<List<double[]>> outputs = new ArrayList<>();
    List<List<ClassWeighting>> weightings = new ArrayList<>();
    for (List<Mlp> group : groups) {
      List<double[]> own = new ArrayList<>();
      List<ClassWeighting> undone = new ArrayList<>();
      for (List<Integer> members : networks.values()) {
        Rows split = splits.get(own.size());
        double[] mean = new double[split.rows() * first.outputs()];
        for (int m : members) {
          add(outputs(group.get(m), split), 1, members.size(), mean);
        }
        own.add(mean);
        Model.of(members.stream().map(group::get).toList()).weighting().ifPresent(undone::add);
      }
      outputs.add(own);
      weightings.add(undone);
    }
    boolean areWeighted = weightings.stream().allMatch(own -> own.size() == splits.size());
    return new HeldOut(first, splits, outputs, areWeighted ? weightings : List.of());
  }

  /**
   * {@return the numbers of the groups in the order of their selection} One after another, the
   * group is selected with which the average of the selected predictions has the smallest loss, the
   * first of equals. Of all numbers of selections up to the largest, the one with the smallest loss
   * counts, the first of equals.
   *
   * @param first number of groups, from the first, that are selected once before that
   * @param most largest number of further selections, at least 1 if it begins with none
   */
  public List<Integer> selected(int first, int most) {
    List<double[]> sums = splits.stream().map(this::zeros).toList();
    List<Integer> selected = new ArrayList<>();
    double smallest = Double.POSITIVE_INFINITY;
    if (first > 0) {
      IntStream.range(0, first).forEach(selected::add);
      smallest = loss(selected);
      selected.forEach(g -> add(g, sums));
    }
    int best = Math.max(1, selected.size()); // number of selections
    int end = selected.size() + most;
    while (selected.size() < end) {
      int next = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int g = 0; g < outputs.size(); g++) {
        double loss = loss(sums, g, selected);
        if (loss < least) {
          least = loss;
          next = g;
        }
      }
      selected.add(next);
      add(next, sums);
      if (least < smallest) {
        smallest = least;
        best = selected.size();
      }
    }
    return selected.subList(0, best);
  }

  /**
   * {@return the mean loss of the average of groups}
   *
   * @param selected numbers of groups, in the order in which they are added
   */
  public double loss(List<Integer> selected) {
    List<double[]> sums = splits.stream().map(this::zeros).toList();
    List<Integer> before = selected.subList(0, selected.size() - 1);
    before.forEach(g -> add(g, sums));
    return loss(sums, selected.get(before.size()), before);
  }

  /**
   * {@return how many further selections help: one for so many rows, as fewer rows do not tell
   * which group is better}
   *
   * @param rows number of rows that are predicted
   */
  public static int furtherSelections(int rows) {
    return Math.min(SELECTIONS, rows / ROWS_A_SELECTION);
  }

  /** {@return the number of rows that are predicted} */
  public int rows() {
    return splits.stream().mapToInt(Rows::rows).sum();
  }

  /**
   * {@return the temperature with which the average of the groups has the smallest log loss and
   * penalty (see {@link TemperatureFit}), rounded to three decimals; empty if that is 1, or there
   * are fewer than 20 rows with a class of the model} Of fewer than 100 such rows, each tenth must
   * have less loss in all by the temperature of the other rows.
   *
   * @param weights of each group in the average
   */
  public Optional<Calibration> temperature(int... weights) {
    return temperature(average(weights));
  }

  private Optional<Calibration> temperature(double... p) {
    int columns = model.outputs();
    int[] labels =
        splits.stream()
            .flatMapToInt(split -> IntStream.range(0, split.rows()).map(split::label))
            .toArray();
    int known = (int) Arrays.stream(labels).filter(label -> label < columns).count();
    if (known < FEWEST) {
      return Optional.empty();
    }
    TemperatureFit fit = TemperatureFit.ofClasses(p, labels, weights(), false);
    if (known < RELIABLE) {
      double[] others = p.clone();
      for (int fold = 0; fold < FOLDS; fold++) {
        int own = fold;
        Calibration calibration = rounded(fit, row -> row % FOLDS != own);
        for (int row = own; row < labels.length; row += FOLDS) {
          calibration.apply(others, row * columns, columns);
        }
      }
      if (!(LossChange.of(losses(p), losses(others), weights()).mean() < 0)) {
        return Optional.empty();
      }
    }
    return Optional.of(rounded(fit, row -> true)).filter(found -> found.slopes()[0] != 1);
  }

  private static Calibration rounded(TemperatureFit fit, IntPredicate counts) {
    double fitted = StrictMath.exp(fit.fit(counts, 0, 0)[0]);
    return Calibration.temperature(Math.max(1, Math.rint(fitted * DECIMALS)) / DECIMALS);
  }

  /**
   * {@return how the mean loss changes from one average of the groups to another, each with its
   * temperature}
   *
   * @param before weights of each group in the average
   * @param after likewise
   * @param isCalibrated whether the averages have temperatures
   */
  public LossChange change(int[] before, int[] after, boolean isCalibrated) {
    double[][] averages = {average(before), average(after)};
    for (double[] p : averages) {
      Optional<Calibration> own = isCalibrated ? temperature(p) : Optional.empty();
      for (int at = 0; own.isPresent() && at < p.length; at += model.outputs()) {
        own.get().apply(p, at, model.outputs());
      }
    }
    return LossChange.of(losses(averages[0]), losses(averages[1]), weights());
  }

  private double[] losses(double... results) {
    Tally tally = new Tally(model.loss(), model.outputs());
    double[] losses = new double[rows()];
    int at = 0;
    for (Rows split : splits) {
      int from = at * model.outputs();
      double[] own = Arrays.copyOfRange(results, from, from + zeros(split).length);
      for (int row = 0; row < split.rows(); row++) {
        losses[at++] = tally.loss(split, own, row);
      }
    }
    return losses;
  }

  private double[] weights() {
    return splits.stream()
        .flatMapToDouble(split -> IntStream.range(0, split.rows()).mapToDouble(split::weight))
        .toArray();
  }

  /** Returns the average of the groups, [rows][outputs]. */
  private double[] average(int... weights) {
    double[] all = new double[rows() * model.outputs()];
    int sum = Arrays.stream(weights).sum();
    int at = 0;
    for (int s = 0; s < splits.size(); s++) {
      double[] mean = zeros(splits.get(s));
      for (int g = 0; g < weights.length; g++) {
        add(outputs.get(g).get(s), weights[g], 1, mean);
      }
      for (int i = 0; i < mean.length; i++) {
        mean[i] /= sum;
      }
      undo(s, mean, weights);
      System.arraycopy(mean, 0, all, at, mean.length);
      at += mean.length;
    }
    return all;
  }

  private double[] zeros(Rows split) {
    return new double[split.rows() * model.outputs()];
  }

  private void add(int group, List<double[]> sums) {
    for (int s = 0; s < splits.size(); s++) {
      add(outputs.get(group).get(s), 1, 1, sums.get(s));
    }
  }

  /** Adds values times a factor, divided by a number, to sums. */
  private static void add(double[] values, int factor, int divisor, double[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += factor * values[i] / divisor;
    }
  }

  /** Undoes weights of classes in an average of the groups for the rows of a split. */
  private void undo(int split, double[] mean, int... weights) {
    if (!weightings.isEmpty()) {
      List<ClassWeighting> own = weightings.stream().map(group -> group.get(split)).toList();
      ClassWeighting weighting = ClassWeighting.mean(own, weights);
      for (int at = 0; at < mean.length; at += model.outputs()) {
        weighting.undo(mean, at);
      }
    }
  }

  /** Measures the average of a group and of others, whose sum is given. */
  private double loss(List<double[]> sums, int last, List<Integer> others) {
    int[] weights = new int[outputs.size()];
    others.forEach(g -> weights[g]++);
    weights[last]++;
    Tally all = null;
    for (int s = 0; s < splits.size(); s++) {
      double[] mean = new double[sums.get(s).length];
      for (int i = 0; i < mean.length; i++) {
        mean[i] = (sums.get(s)[i] + outputs.get(last).get(s)[i]) / (others.size() + 1);
      }
      undo(s, mean, weights);
      Tally part = new Tally(model.loss(), model.outputs());
      part.add(splits.get(s), mean, new int[splits.get(s).rows()]); // only the loss is of interest
      if (all == null) {
        all = part;
      } else {
        all.add(part);
      }
    }
    return all.loss();
  }

  /** Returns probabilities, or numbers in the units of the data: [rows][outputs]. */
  private static double[] outputs(Mlp alone, Rows rows) {
    Model network = Model.of(alone).withWeighting(Optional.empty());
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
