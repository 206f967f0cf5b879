package dev.lanewise.report;

import dev.lanewise.data.Rows;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.Column;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** The features of rows as text: the columns of a table, or named numbers. */
final class RowTexts {
  private final List<Column> columns; // empty if the rows are not those of a table
  private final int[] places; // index of the first feature of each column
  private final List<String> names = new ArrayList<>();
  private final Rows split;
  private final Scaling scaling;

  RowTexts(ReportData report) {
    split = report.split;
    scaling = split.scaling();
    columns =
        report.model.schema().stream()
            .flatMap(schema -> schema.columns().stream())
            .filter(column -> column.inputs() > 0) // the texts of the remaining rows were dropped
            .toList();
    places = new int[columns.size()];
    for (int c = 0; c < places.length; c++) {
      places[c] = c == 0 ? 0 : places[c - 1] + columns.get(c - 1).inputs();
      names.add(columns.get(c).name());
    }
    List<String> known = report.data == null ? List.of() : report.data.featureNames();
    for (int i = 0; columns.isEmpty() && i < split.features(); i++) {
      names.add(known.isEmpty() ? "input " + i : known.get(i));
    }
  }

  /** Returns the names of the columns or features. */
  List<String> names() {
    return names;
  }

  /** Returns the values of a row, one text per name. */
  List<String> texts(int row) {
    double[] raw = raw(row);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String number = Double.isFinite(raw[i]) ? Ticks.brief(raw[i]) : Text.NONE;
      texts.add(columns.isEmpty() ? number : columns.get(i).text(raw, places[i]));
    }
    return texts;
  }

  private double[] raw(int row) {
    float[] features = features(split, row);
    double[] raw = new double[features.length];
    for (int i = 0; i < raw.length; i++) {
      double value = scaling.undo(features[i], i);
      raw[i] = rounded(value, scaling.undo(Math.nextUp(features[i]), i) - value);
    }
    return raw;
  }

  /** Returns a number without the digits that scaling has lost: 0 instead of 1e-9. */
  private static double rounded(double value, double step) {
    if (!(step > 0 && Double.isFinite(value) && step < Double.POSITIVE_INFINITY)) {
      return value;
    }
    int digits = -(int) Math.ceil(StrictMath.log10(2 * step));
    return new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
  }

  /** Returns the features of a row as they are stored in the split. */
  static float[] features(Rows split, int row) {
    float[] features = new float[split.features()];
    split.copyRows(new int[] {row}, 0, 1, features, 0);
    return features;
  }
}
