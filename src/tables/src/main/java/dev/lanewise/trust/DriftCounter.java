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

  /** Reads the text of a column of the schema in one of the rows that are counted. */
  interface Texts {
    String of(int row, int column);
  }

  private final Profile profile;
  private final Model model;
  private final Schema schema;
  private final Scaling scaling;
  private final double[] missing; // numbers that stand for a missing value
  private final float[] medians; // [columns] the inputs that stand for a missing value
  private final List<ColumnComparison> columns = new ArrayList<>();
  private final List<WatchedColumn> watched; // watched columns of the file
  private final int[] places; // places of the watched columns in the file
  private final List<ColumnComparison> others = new ArrayList<>(); // of the watched columns
  private final ResultNumbers numbers; // null without results
  private final List<ColumnComparison> results = new ArrayList<>(); // of numbers, then of classes
  private long rows;

  /**
   * Makes a counter.
   *
   * @param names the names of the columns of the new rows
   */
  DriftCounter(Model model, Profile profile, List<String> names) {
    this.profile = profile;
    this.model = model;
    schema = Profile.schema(model);
    scaling = Profile.scaling(model);
    missing = Cell.missingNumbers(schema.missing());
    medians = new float[profile.columns().size()];
    for (ColumnProfile column : profile.columns()) {
      boolean isCategory = column.column instanceof CategoryColumn;
      medians[columns.size()] = isCategory ? 0 : scaling.scale(column.median(), column.firstInput);
      columns.add(
          column.column instanceof CategoryColumn category
              ? new ColumnComparison(
                  column.name(), category.categories(), column.counts, column.gaps)
              : new ColumnComparison(column.name(), column.histogram, column.gaps, shown(column)));
    }
    watched =
        ModelAccess.access().table(model).watched().stream()
            .filter(column -> names.contains(column.name()))
            .toList();
    places = watched.stream().mapToInt(column -> names.indexOf(column.name())).toArray();
    for (WatchedColumn column : watched) {
      int known = column.texts().size();
      int[] before = Arrays.copyOf(column.counts(), known + 1);
      before[known] = 0; // other texts, of which nothing is known
      others.add(
          new ColumnComparison(
              column.name() + " (ignored)", column.texts(), before, column.counts()[known]));
    }
    boolean hasResults = profile.heldOutRows() >= LEAST_ROWS;
    numbers = hasResults ? new ResultNumbers(model, block().length / model.inputs()) : null;
    boolean hasClasses = model.loss().task().hasClasses();
    for (int k = 0; hasResults && k < numbers.count(); k++) {
      String name = hasClasses ? "largest probability" : output(k);
      Histogram histogram = profile.results.get(k);
      results.add(new ColumnComparison("prediction: " + name, histogram, 0, DriftCounter::text));
    }
    if (hasResults && hasClasses) {
      int[] before = Arrays.copyOf(profile.classes, model.outputs() + 1); // and no others
      List<String> classes =
          IntStream.range(0, model.outputs()).mapToObj(model::className).toList();
      results.add(new ColumnComparison("prediction: class", classes, before, 0));
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

  /** Counts the results and the columns of rows. */
  void count(float[] inputs, int count, Texts texts) {
    rows += count;
    if (numbers != null) {
      numbers.predict(inputs, count);
    }
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < results.size(); k++) {
        boolean isNumber = k < numbers.count(); // the last result is the class
        results.get(k).add(isNumber ? numbers.number(i, k) : numbers.label(i));
      }
      for (int c = 0; c < medians.length; c++) {
        count(c, inputs, i, texts);
      }
    }
  }

  private void count(int c, float[] inputs, int row, Texts texts) {
    ColumnProfile column = profile.columns().get(c);
    int at = row * model.inputs() + column.firstInput;
    if (column.column instanceof CategoryColumn category) {
      int place = ProfileBuilder.place(category, inputs, at);
      int known = category.categories().size();
      Cell cell = place == known ? cell(c, row, texts) : null;
      boolean isMissing = cell == null || isMissing(cell);
      String string = isMissing ? null : category.text(cell.number(), cell.string());
      if (place < known) {
        columns.get(c).add(place);
      } else if (string == null) {
        columns.get(c).addGap();
      } else {
        columns.get(c).addUnknown(string);
      }
    } else if (ProfileBuilder.isGap(column.column, inputs, at)
        || !ColumnProfile.number(column.column).hasMissing()
            && inputs[at] == medians[c]
            && isMissing(cell(c, row, texts))) {
      columns.get(c).addGap();
    } else {
      columns.get(c).add(inputs[at]);
    }
  }

  /** Counts the columns of a row that are not inputs. */
  void watch(List<String> texts) {
    for (int w = 0; w < places.length; w++) {
      List<String> known = watched.get(w).texts();
      Cell cell = Cell.of(schema, watched.get(w).name(), texts.get(places[w]));
      int found = cell.isMissing() ? -1 : known.indexOf(cell.text());
      if (found < 0 && isMissing(cell)) {
        others.get(w).addGap();
      } else {
        others.get(w).add(found < 0 ? known.size() : found);
      }
    }
  }

  private Cell cell(int c, int row, Texts texts) {
    return Cell.of(schema, profile.columns().get(c).name(), texts.of(row, c));
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
