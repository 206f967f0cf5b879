package dev.lanewise.data;

import dev.lanewise.nn.Scaling;

/** Rows and targets that a caller hands over in arrays: checked, and copied. */
final class GivenRows {
  private GivenRows() {}

  /** Rows, scaled, of as many targets. */
  static RowSource source(float[][] rows, int count, Scaling scaling) {
    if (rows.length == 0 || rows[0].length == 0 || rows.length != count) {
      throw Split.wrong(
          "%s rows, %s targets, expected as many, and at least one row of one feature",
          rows.length, count);
    }
    int features = rows[0].length;
    if (scaling.features().orElse(features) != features) {
      throw Split.wrong(
          "%s features, expected %s as the scaling has", features, scaling.features().getAsInt());
    }
    float[] values = new float[Math.multiplyExact(rows.length, features)];
    for (int r = 0; r < rows.length; r++) {
      if (rows[r].length != features) {
        throw Split.wrong("row %s has %s features, expected %s", r, rows[r].length, features);
      }
      for (int j = 0; j < features; j++) {
        float value = scaling.scale(rows[r][j], j);
        if (!Float.isFinite(value)) {
          throw Split.wrong("row %s, feature %s is %s, expected a finite number", r, j, rows[r][j]);
        }
        values[r * features + j] = value;
      }
    }
    return new FloatRows(values, features);
  }

  /** Classes as targets. */
  static Labels classes(int[] labels) {
    for (int r = 0; r < labels.length; r++) {
      if (labels[r] < 0) {
        throw Split.wrong("row %s has label %s, expected one from 0", r, labels[r]);
      }
    }
    return new Labels(labels.clone(), 0, "data");
  }

  /** Numbers as targets. */
  static Labels numbers(float[][] targets) {
    int outputs = targets.length == 0 ? 0 : targets[0].length;
    float[] numbers = new float[Math.multiplyExact(targets.length, outputs)];
    for (int r = 0; r < targets.length; r++) {
      if (targets[r].length != outputs || outputs == 0) {
        throw Split.wrong(
            "row %s has %s targets, expected at least 1, as many as row 0 has: %s",
            r, targets[r].length, outputs);
      }
      for (int k = 0; k < outputs; k++) {
        numbers[r * outputs + k] = targets[r][k];
        if (!Float.isFinite(targets[r][k])) {
          throw Split.wrong(
              "row %s, target %s is %s, expected a finite number", r, k, targets[r][k]);
        }
      }
    }
    return new Labels(numbers, outputs, "data");
  }
}
