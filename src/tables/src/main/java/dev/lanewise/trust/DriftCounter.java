package dev.lanewise.trust;

import dev.lanewise.model.Model;
import dev.lanewise.model.internal.ModelAccess;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.rows.internal.WatchedColumn;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Counts the values of new rows in the cells of a profile, and compares the counts. */
final class DriftCounter {
  /** Fewer rows than this are not compared, as only huge differences could be found. */
  static final int LEAST_ROWS = 50;

  private static final MathContext SHOWN = new MathContext(4);
  private static final double ROUNDING = 1e-6; // rounding error of large scaled numbers, as floats
  private static final int LARGEST_DAY = 4_000_000; // has a year of five digits

  private static final int BLOCK = 512; // rows at once
  private static final int MOST_INPUTS = 1 << 20; // of these rows

  /** Returns the place of a row among the counts of a comparison. */
  private interface Place {
    int of(int row, float[] inputs, List<String> texts);
  }

  private final Model model;
  private final Schema schema;
  private final Scaling scaling;
  private final double[] missing; // numbers that stand for a missing value
  private final ResultNumbers numbers; // null without results
  private final Map<ColumnComparison, Place> columns = new LinkedHashMap<>(); // and results
  private long rows;

  /**
   * Makes a counter.
   *
   * @param names the names of the columns of the new rows
   * @param places the places of the columns of the profile among them
   */
  DriftCounter(Model model, Profile profile, List<String> names, int[] places) {
    this.model = model;
    schema = Profile.schema(model);
    scaling = Profile.scaling(model);
    missing = Cell.missingNumbers(schema.missing());
    for (int c = 0; c < places.length; c++) {
      compare(profile.columns().get(c), places[c]);
    }
    for (WatchedColumn column : ModelAccess.access().table(model).watched()) {
      if (names.contains(column.name())) {
        compare(column, names.indexOf(column.name()));
      }
    }
    boolean hasResults = profile.heldOutRows() >= LEAST_ROWS;
    numbers = hasResults ? new ResultNumbers(model, block().length / model.inputs()) : null;
    boolean hasClasses = model.loss().task().hasClasses();
    for (int k = 0; hasResults && k < numbers.count(); k++) {
      String name = "prediction: " + (hasClasses ? "largest probability" : output(k));
      Histogram before = profile.results.get(k);
      int result = k;
      columns.put(
          new ColumnComparison(name, null, before, before.counts(), DriftCounter::text),
          (row, inputs, texts) -> before.cell(numbers.number(row, result)));
    }
    if (hasResults && hasClasses) {
      int[] before = Arrays.copyOf(profile.classes, model.outputs() + 2); // and no others
      List<String> classes =
          IntStream.range(0, model.outputs()).mapToObj(model::className).toList();
      columns.put(
          new ColumnComparison("prediction: class", classes, null, before, null),
          (row, inputs, texts) -> numbers.label(row));
    }
  }

  /** Compares a column, whose text tells whether a median or another category is missing. */
  private void compare(ColumnProfile column, int position) {
    CategoryColumn category = column.isCategory() ? (CategoryColumn) column.column : null;
    boolean isOpen = category == null && !ColumnProfile.number(column.column).hasMissing();
    float median = isOpen ? scaling.scale(column.median(), column.firstInput) : Float.NaN;
    int gap = column.counts.length - 1;
    ColumnComparison comparison =
        new ColumnComparison(
            column.name(),
            category == null ? null : category.categories(),
            column.histogram,
            column.counts,
            category == null ? shown(column) : null);
    columns.put(
        comparison,
        (row, inputs, texts) -> {
          int at = row * model.inputs() + column.firstInput;
          int place = column.place(inputs, at);
          if (category != null && place == gap - 1 || inputs[at] == median) {
            Cell cell = Cell.of(schema, column.name(), texts.get(position));
            if (isMissing(cell)) {
              return gap;
            } else if (category != null) {
              comparison.addUnknown(category.text(cell.number(), cell.string()));
            }
          }
          return place;
        });
  }

  /** Compares a column that is no input. */
  private void compare(WatchedColumn column, int position) {
    int known = column.texts().size();
    int[] before = Arrays.copyOf(column.counts(), known + 2);
    before[known + 1] = before[known];
    before[known] = 0; // other texts, of which nothing is known
    columns.put(
        new ColumnComparison(column.name() + " (ignored)", column.texts(), null, before, null),
        (row, inputs, texts) -> {
          Cell cell = Cell.of(schema, column.name(), texts.get(position));
          int found = cell.isMissing() ? -1 : column.texts().indexOf(cell.text());
          return found >= 0 ? found : known + (isMissing(cell) ? 1 : 0);
        });
  }

  long rows() {
    return rows;
  }

  /** Returns room for the inputs of rows that are counted at once. */
  float[] block() {
    int inputs = model.inputs();
    return new float[Math.max(1, Math.min(BLOCK, MOST_INPUTS / inputs)) * inputs];
  }

  /**
   * Counts the results and the columns of rows.
   *
   * @param texts returns the texts of a row
   */
  void count(float[] inputs, int count, IntFunction<List<String>> texts) {
    rows += count;
    if (numbers != null) {
      numbers.predict(inputs, count);
    }
    for (int i = 0; i < count; i++) {
      List<String> of = texts.apply(i);
      int row = i;
      columns.forEach((column, place) -> column.add(place.of(row, inputs, of)));
    }
  }

  private boolean isMissing(Cell cell) {
    return cell.isMissing() || Arrays.stream(missing).anyMatch(none -> cell.number() == none);
  }

  /** Compares all columns and results. Each p-value is that of one column or result alone. */
  List<ColumnDrift> compare() {
    return columns.keySet().stream().map(ColumnComparison::compare).toList();
  }

  private String output(int k) {
    List<String> targets = schema.targets();
    return model.classNames().size() > k
        ? model.className(k)
        : targets.size() == model.outputs() ? targets.get(k) : "target " + k;
  }

  /** Returns how scaled numbers of a column are shown. */
  private DoubleFunction<String> shown(ColumnProfile column) {
    Column kind = column.column;
    double[] quantiles = column.quantiles();
    double size =
        Math.max(Math.abs(quantiles[1]), Math.abs(quantiles[Histogram.CELLS - 1])) * ROUNDING;
    return scaled -> {
      double exact = scaling.undo(scaled, column.firstInput);
      double value = Math.abs(exact) <= size ? 0 : exact;
      boolean isDay = kind instanceof DateColumn && Math.abs(value) < LARGEST_DAY;
      return isDay ? LocalDate.ofEpochDay((long) Math.floor(value)).toString() : text(value);
    };
  }

  private static String text(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    BigDecimal rounded = new BigDecimal(value).round(SHOWN).stripTrailingZeros();
    boolean isPlain = value == 0 || Math.abs(value) >= 1e-5 && Math.abs(value) < 1e12;
    return isPlain ? rounded.toPlainString() : rounded.toString();
  }
}
