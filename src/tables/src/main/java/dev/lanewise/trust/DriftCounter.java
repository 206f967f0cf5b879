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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Counts the values of new rows in the cells of a profile, and compares the counts. */
final class DriftCounter {
  /** Fewer rows than this are not compared, as only huge differences could be found. */
  static final int LEAST_ROWS = 50;

  private static final MathContext SHOWN = new MathContext(4);
  private static final double ROUNDING = 1e-6; // rounding error of large scaled numbers, as floats
  private static final int LARGEST_DAY = 4_000_000; // has a year of five digits

  private static final int BLOCK = 512; // rows at once
  private static final int MOST_INPUTS = 1 << 20; // of these rows

  private final Profile profile;
  private final Model model;
  private final Schema schema;
  private final Scaling scaling;
  private final double[] missing; // numbers that stand for a missing value
  private final float[] medians; // [columns] the inputs that stand for a missing value
  private final List<ColumnComparison> columns = new ArrayList<>();
  private final List<WatchedColumn> watched; // watched columns of the file
  private final List<String> names; // of the columns of the file
  private final int[] places; // places of the columns of the profile in the file
  private final List<ColumnComparison> others = new ArrayList<>(); // of the watched columns
  private final ResultNumbers numbers; // null without results
  private final List<ColumnComparison> results = new ArrayList<>(); // of numbers, then of classes
  private long rows;

  /**
   * Makes a counter.
   *
   * @param names the names of the columns of the new rows
   * @param places the places of the columns of the profile among them
   */
  DriftCounter(Model model, Profile profile, List<String> names, int[] places) {
    this.profile = profile;
    this.model = model;
    this.names = names;
    this.places = places;
    schema = Profile.schema(model);
    scaling = Profile.scaling(model);
    missing = Cell.missingNumbers(schema.missing());
    medians = new float[places.length];
    for (ColumnProfile column : profile.columns()) {
      boolean isCategory = column.isCategory();
      medians[columns.size()] =
          isCategory || ColumnProfile.number(column.column).hasMissing()
              ? Float.NaN
              : scaling.scale(column.median(), column.firstInput);
      columns.add(
          new ColumnComparison(
              column.name(),
              column.column instanceof CategoryColumn category ? category.categories() : null,
              column.histogram,
              column.counts,
              isCategory ? null : shown(column)));
    }
    watched =
        ModelAccess.access().table(model).watched().stream()
            .filter(column -> names.contains(column.name()))
            .toList();
    for (WatchedColumn column : watched) {
      int known = column.texts().size();
      int[] before = Arrays.copyOf(column.counts(), known + 2);
      before[known + 1] = before[known];
      before[known] = 0; // other texts, of which nothing is known
      String name = column.name() + " (ignored)";
      others.add(new ColumnComparison(name, column.texts(), null, before, null));
    }
    boolean hasResults = profile.heldOutRows() >= LEAST_ROWS;
    numbers = hasResults ? new ResultNumbers(model, block().length / model.inputs()) : null;
    boolean hasClasses = model.loss().task().hasClasses();
    for (int k = 0; hasResults && k < numbers.count(); k++) {
      String name = hasClasses ? "largest probability" : output(k);
      Histogram histogram = profile.results.get(k);
      results.add(
          new ColumnComparison(
              "prediction: " + name, null, histogram, histogram.counts(), DriftCounter::text));
    }
    if (hasResults && hasClasses) {
      int[] before = Arrays.copyOf(profile.classes, model.outputs() + 2); // and no others
      List<String> classes =
          IntStream.range(0, model.outputs()).mapToObj(model::className).toList();
      results.add(new ColumnComparison("prediction: class", classes, null, before, null));
    }
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
      for (int k = 0; k < results.size(); k++) {
        boolean isNumber = k < numbers.count(); // the last result is the class
        int place = isNumber ? profile.results.get(k).cell(numbers.number(i, k)) : numbers.label(i);
        results.get(k).add(place);
      }
      for (int c = 0; c < places.length; c++) {
        int at = i * model.inputs() + profile.columns().get(c).firstInput;
        count(c, inputs, at, texts.apply(i));
      }
      for (int w = 0; w < watched.size(); w++) {
        List<String> known = watched.get(w).texts();
        String name = watched.get(w).name();
        Cell cell = Cell.of(schema, name, texts.apply(i).get(names.indexOf(name)));
        int found = cell.isMissing() ? -1 : known.indexOf(cell.text());
        boolean isGap = found < 0 && isMissing(cell);
        others.get(w).add(found >= 0 ? found : known.size() + (isGap ? 1 : 0));
      }
    }
  }

  /** Counts a cell, whose text tells whether a median or another category is a missing value. */
  private void count(int c, float[] inputs, int at, List<String> texts) {
    ColumnProfile column = profile.columns().get(c);
    int place = column.place(inputs, at);
    boolean isOther = column.isCategory() && place == column.counts.length - 2;
    if (isOther || inputs[at] == medians[c]) {
      Cell cell = Cell.of(schema, column.name(), texts.get(places[c]));
      if (isMissing(cell)) {
        place = column.counts.length - 1;
      } else if (column.column instanceof CategoryColumn category) {
        columns.get(c).addUnknown(category.text(cell.number(), cell.string()));
      }
    }
    columns.get(c).add(place);
  }

  private boolean isMissing(Cell cell) {
    return cell.isMissing() || Arrays.stream(missing).anyMatch(none -> cell.number() == none);
  }

  /** Compares all columns and results. Each p-value is that of one column or result alone. */
  List<ColumnDrift> compare() {
    return Stream.of(columns, others, results)
        .flatMap(List::stream)
        .map(ColumnComparison::compare)
        .toList();
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
