package dev.lanewise.data;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.FloatRows;
import dev.lanewise.data.internal.GivenRows;
import dev.lanewise.data.internal.RowSource;
import dev.lanewise.nn.Scaling;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Scales the features or the targets of a split. */
final class ScaledSplits {
  private ScaledSplits() {}

  /** Scales the features of unscaled rows; errors name the features if there are names. */
  static Split features(Split split, Scaling scaling, List<String> names) {
    Objects.requireNonNull(scaling, "scaling");
    if (scaling.equals(split.scaling())) {
      return split;
    }
    if (!(split.scaling() instanceof Scaling.None)) {
      throw DataErrors.wrong(
          "rows that are scaled %s, expected unscaled rows, to which the scaling %s is applied",
          split.scaling().name(), scaling.name());
    }
    int features = split.features();
    if (scaling.features().orElse(features) != features) {
      throw DataErrors.wrong(
          "%s features, expected %s as the scaling has", features, scaling.features().getAsInt());
    }
    int rows = split.rows();
    RowSource same = split.source.under(scaling);
    if (same != null) {
      return new Split(same, split.targets, split.first, rows, scaling, split.targetScaling());
    }
    float[] values = new float[rows * features];
    double[] row = new double[features];
    for (int r = 0; r < rows; r++) {
      split.copyUnscaled(r, row);
      GivenRows.scale(row, scaling, values, r, names);
    }
    int[] numbers = IntStream.range(split.first, split.first + rows).toArray();
    RowSource scaled = new FloatRows(values, features);
    return new Split(
        scaled, split.targets.select(numbers), 0, rows, scaling, split.targetScaling());
  }

  /** Replaces the scaling of numeric targets, which are kept raw. */
  static Split targets(Split split, Scaling scaling) {
    Objects.requireNonNull(scaling, "scaling");
    if (scaling.equals(split.targetScaling())) {
      return split;
    }
    int outputs = split.outputs();
    if (outputs == 0) {
      throw DataErrors.wrong("targets that are classes, expected numbers, which can be scaled");
    } else if (scaling.features().orElse(outputs) != outputs) {
      throw DataErrors.wrong(
          "targets of %s numbers, expected %s as their scaling has",
          outputs, scaling.features().getAsInt());
    }
    Split scaled =
        new Split(split.source, split.targets, split.first, split.rows(), split.scaling(), scaling);
    float[] row = new float[outputs];
    for (int r = 0; r < split.rows(); r++) {
      scaled.copyTargets(null, r, 1, row, 0);
      for (int k = 0; k < outputs; k++) {
        if (!Float.isFinite(row[k])) {
          throw DataErrors.wrong(
              "a target of %s, expected a smaller number: after scaling (%s) it is not a finite float",
              split.target(r, k), scaling.name());
        }
      }
    }
    return scaled;
  }
}
