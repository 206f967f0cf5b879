package dev.lanewise.report;

import dev.lanewise.data.Split;
import dev.lanewise.nn.Column;
import dev.lanewise.nn.Scaling;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** The features of rows as people know them: the columns of a table, or numbers by their names. */
final class RowTexts {
  private final List<Column> columns; // none if the rows are no table's
  private final int[] places; // where the features of each column begin
  private final List<String> names = new ArrayList<>();
  private final Split split;
  private final Scaling scaling;

  RowTexts(Report report) {
    split = report.split;
    scaling = split.scaling();
    columns =
        report.model.schema().stream()
            .flatMap(schema -> schema.columns().stream())
            .filter(column -> column.inputs() > 0) // of others nothing is known any more
            .toList();
    places = new int[columns.size()];
    for (int c = 0, at = 0; c < places.length; c++) {
      places[c] = at;
      at += columns.get(c).inputs();
      names.add(columns.get(c).name());
    }
    List<String> known = report.data == null ? List.of() : report.data.featureNames();
    for (int i = 0; columns.isEmpty() && i < split.features(); i++) {
      names.add(known.isEmpty() ? "input " + i : known.get(i));
    }
  }

  /** The names of what a row has. */
  List<String> names() {
    return names;
  }

  /** What a row has, one text a name. */
  List<String> texts(int row) {
    double[] raw = raw(row);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      texts.add(columns.isEmpty() ? number(raw[i]) : columns.get(i).text(raw, places[i]));
    }
    return texts;
  }

  private static String number(double value) {
    return Double.isFinite(value) ? Ticks.brief(value) : Text.NONE;
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

  /** A number without the digits that were lost when it was scaled: 0 and not 1e-9. */
  private static double rounded(double value, double step) {
    if (!(step > 0 && Double.isFinite(value) && step < Double.POSITIVE_INFINITY)) {
      return value;
    }
    int digits = -(int) Math.ceil(StrictMath.log10(2 * step));
    return new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
  }

  /** The features of a row as the split has them. */
  static float[] features(Split split, int row) {
    float[] features = new float[split.features()];
    split.copyRows(new int[] {row}, 0, 1, features, 0);
    return features;
  }
}
