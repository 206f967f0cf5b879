package dev.lanewise.data.internal;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.CodePoints;
import dev.lanewise.nn.Scaling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Checks and copies rows and targets from arrays of a caller. */
public final class GivenRows {
  private GivenRows() {}

  /** Checks and copies rows. Doubles that are not floats are kept beside their floats. */
  public static RowSource source(Grid rows, int count) {
    if (rows.rows() == 0 || rows.columns(0) == 0 || rows.rows() != count) {
      throw DataErrors.wrong(
          "%s rows, %s targets, expected as many targets as rows, and at least one row of one"
              + " feature",
          rows.rows(), count);
    }
    int features = Math.max(1, rows.columns(0));
    float[] values = new float[DataErrors.length(count, features)];
    double[] exact = null;
    double[] row = new double[features];
    for (int r = 0; r < count; r++) {
      checkColumns(rows, r, features, "features");
      rows.copyRow(r, row);
      scale(row, Scaling.none(), values, r, List.of());
      for (int j = 0; j < features && exact == null; j++) {
        if (values[r * features + j] != row[j]) {
          exact = new double[values.length];
          for (int i = 0; i < r * features; i++) {
            exact[i] = values[i];
          }
        }
      }
      if (exact != null) {
        System.arraycopy(row, 0, exact, r * features, features);
      }
    }
    return new FloatRows(values, features, exact);
  }

  /** Scales a row to its position; throws if a value is not a finite float after scaling. */
  public static void scale(
      double[] row, Scaling scaling, float[] out, int place, List<String> names) {
    int to = place * row.length;
    for (int j = 0; j < row.length; j++) {
      float value = scaling.scale(row[j], j);
      out[to + j] = value;
      if (!Float.isFinite(value)) {
        String where = "row " + place + ", " + DataErrors.feature(j, names);
        if (!Double.isFinite(row[j])) {
          throw DataErrors.wrong("%s is %s, expected a finite number", where, row[j]);
        } else if (scaling.isNone()) {
          throw DataErrors.wrong("%s is %s, expected a float, up to 3.4e38", where, row[j]);
        }
        throw DataErrors.wrong(
            "%s is %s, expected a smaller number: after scaling (%s) it is not a finite float",
            where, row[j], scaling.name());
      }
    }
  }

  private static void checkColumns(Grid rows, int row, int expected, String what) {
    int found = rows.columns(row);
    if (found < 0) {
      throw DataErrors.wrong("row %s is null, expected an array of %s", row, what);
    }
    if (found != expected) {
      throw DataErrors.wrong(
          "row %s has %s %s, expected %s as row 0 has", row, found, what, expected);
    }
  }

  public static Labels classes(int[] labels) {
    for (int r = 0; r < labels.length; r++) {
      if (labels[r] < 0 || labels[r] >= Labels.MAX_CLASSES) {
        throw DataErrors.wrong(
            "row %s has label %s, expected a class from 0 to %s",
            r, labels[r], Labels.MAX_CLASSES - 1);
      }
    }
    return new Labels(labels.clone(), 0, "data");
  }

  /** Numbers named classes in the order of the code points of their names. */
  public static Labels classes(String[] labels) {
    TreeSet<String> sorted = new TreeSet<>(CodePoints.ORDER);
    Map<String, Integer> classOf = new HashMap<>();
    for (int r = 0; r < labels.length; r++) {
      if (labels[r] == null) {
        throw DataErrors.wrong("row %s has label null, expected the name of a class", r);
      }
      if (classOf.put(labels[r], 0) == null) {
        sorted.add(labels[r]);
      }
    }
    List<String> names = new ArrayList<>(sorted);
    NdArray.checkNames("data: labels", names);
    if (names.size() > Labels.MAX_CLASSES) {
      throw DataErrors.wrong(
          "%s different labels in %s rows, expected at most %s classes",
          names.size(), labels.length, Labels.MAX_CLASSES);
    }
    for (int c = 0; c < names.size(); c++) {
      classOf.put(names.get(c), c);
    }
    int[] classes = new int[labels.length];
    for (int r = 0; r < labels.length; r++) {
      classes[r] = classOf.get(labels[r]);
    }
    Labels named = new Labels(classes, 0, "data");
    named.names = List.copyOf(names);
    return named;
  }

  public static Labels numbers(Grid targets) {
    int rows = targets.rows();
    int outputs = rows == 0 ? 0 : targets.columns(0);
    if (outputs == 0) {
      throw DataErrors.wrong(
          "%s targets of 0 numbers, expected at least one target of one number", rows);
    }
    outputs = Math.max(1, outputs);
    double[] numbers = new double[DataErrors.length(rows, outputs)];
    double[] row = new double[outputs];
    for (int r = 0; r < rows; r++) {
      checkColumns(targets, r, outputs, "targets");
      targets.copyRow(r, row);
      for (int k = 0; k < outputs; k++) {
        numbers[r * outputs + k] = row[k];
        if (!Float.isFinite((float) row[k])) {
          throw DataErrors.wrong(
              "row %s, target %s is %s, expected %s",
              r, k, row[k], Double.isFinite(row[k]) ? "a float, up to 3.4e38" : "a finite number");
        }
      }
    }
    return new Labels(numbers, outputs, "data");
  }
}
