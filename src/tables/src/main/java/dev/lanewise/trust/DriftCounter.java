package dev.lanewise.trust;

import dev.lanewise.format.internal.CodePoints;
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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;

/** Counts the values of new rows in the cells of a profile, and compares the counts. */
final class DriftCounter {
  /** Fewer rows than this are not compared, as only huge differences could be found. */
  static final int LEAST_ROWS = 50;

  private static final int MOST_WORDS = 10_000; // unknown strings that are told apart in a column
  private static final double MOST_BINS = 16; // more are hardly more precise
  private static final double FREQUENT = 5; // expected rows of a category that is compared alone
  private static final double ONCE = 2; // training rows that a known category has at least
  private static final MathContext SHOWN = new MathContext(4);
  private static final double ROUNDING = 1e-6; // rounding error of large scaled numbers, as floats
  private static final int LARGEST_DAY = 4_000_000; // has a year of five digits

  /** Reads the text of a column of the schema in the current row. */
  interface Texts {
    String of(int column);
  }

  private final Profile profile;
  private final Model model;
  private final Schema schema;
  private final Scaling scaling;
  private final double[] missing; // numbers that stand for a missing value
  private final float[] medians; // [columns] the inputs that stand for a missing value
  private final long[][] counts; // [columns][cells or categories, and others]
  private final long[] gaps; // [columns]
  private final List<Map<String, Long>> unknown = new ArrayList<>(); // [columns] strings
  private final List<WatchedColumn> watched; // watched columns of the file
  private final int[] places; // places of the watched columns in the file
  private final long[][] watchedCounts; // [watched][texts, others and missing]
  private final ResultNumbers numbers; // null without results
  private final long[][] results; // [results][cells]
  private final long[] classes;
  private long rows;

  /**
   * Makes a counter.
   *
   * @param names the names of the columns of the new rows
   */
  DriftCounter(Model model, Profile profile, List<String> names, int mostAtOnce) {
    this.profile = profile;
    this.model = model;
    schema = Profile.schema(model);
    scaling = Profile.scaling(model);
    missing = Cell.missingNumbers(schema.missing());
    int columns = profile.columns().size();
    medians = new float[columns];
    counts = new long[columns][];
    gaps = new long[columns];
    for (int c = 0; c < columns; c++) {
      ColumnProfile column = profile.columns().get(c);
      counts[c] = new long[column.isCategory() ? column.counts.length : Histogram.CELLS + 2];
      medians[c] = column.isCategory() ? 0 : scaling.scale(column.median(), column.firstInput);
      unknown.add(new TreeMap<>(CodePoints.ORDER));
    }
    watched =
        ModelAccess.access().table(model).watched().stream()
            .filter(column -> names.contains(column.name()))
            .toList();
    places = watched.stream().mapToInt(column -> names.indexOf(column.name())).toArray();
    watchedCounts =
        watched.stream().map(column -> new long[column.counts().length + 1]).toArray(long[][]::new);
    boolean hasResults = profile.heldOutRows() >= LEAST_ROWS;
    numbers = hasResults ? new ResultNumbers(model, mostAtOnce) : null;
    results = new long[hasResults ? profile.results.size() : 0][Histogram.CELLS + 2];
    classes = new long[hasResults ? profile.classes.length : 0];
  }

  long rows() {
    return rows;
  }

  /** Predicts rows, whose columns are then counted one by one. */
  void predict(float[] inputs, int count) {
    if (numbers == null) {
      return;
    }
    numbers.predict(inputs, count);
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < results.length; k++) {
        results[k][profile.results.get(k).cell(numbers.number(i, k))]++;
      }
      if (classes.length > 0) {
        classes[numbers.label(i)]++;
      }
    }
  }

  /** Counts the columns of a row. */
  void count(float[] inputs, int row, Texts texts) {
    rows++;
    for (int c = 0; c < counts.length; c++) {
      ColumnProfile column = profile.columns().get(c);
      int at = row * model.inputs() + column.firstInput;
      if (column.column instanceof CategoryColumn category) {
        countCategory(c, category, inputs, at, texts);
      } else if (ProfileBuilder.isGap(column.column, inputs, at)
          || !ColumnProfile.number(column.column).hasMissing()
              && inputs[at] == medians[c]
              && isMissing(cell(c, texts))) {
        gaps[c]++;
      } else {
        counts[c][column.histogram.cell(inputs[at])]++;
      }
    }
  }

  /** Counts the columns of a row that are not inputs. */
  void watch(List<String> texts) {
    for (int w = 0; w < places.length; w++) {
      List<String> known = watched.get(w).texts();
      Cell cell = Cell.of(schema, watched.get(w).name(), texts.get(places[w]));
      int found = cell.isMissing() ? -1 : known.indexOf(cell.text());
      int other = isMissing(cell) ? known.size() + 1 : known.size();
      watchedCounts[w][found < 0 ? other : found]++;
    }
  }

  /** Compares the columns that are not inputs as categories. */
  private void compareWatched(List<ColumnDrift> all) {
    for (int w = 0; w < places.length; w++) {
      WatchedColumn column = watched.get(w);
      int known = column.texts().size();
      ColumnComparison comparison = new ColumnComparison(column.name() + " (ignored)", false);
      comparison.setGaps(column.counts()[known], watchedCounts[w][known + 1]);
      int[] before = Arrays.copyOf(column.counts(), known + 1);
      before[known] = 0; // other texts, of which nothing is known
      categories(comparison, column.texts(), before, Arrays.copyOf(watchedCounts[w], known + 1));
      all.add(comparison.compare());
    }
  }

  private void countCategory(int c, CategoryColumn category, float[] inputs, int at, Texts texts) {
    int place = ProfileBuilder.place(category, inputs, at);
    int known = category.categories().size();
    if (place < known) {
      counts[c][place]++;
      return;
    }
    Cell cell = place > known ? null : cell(c, texts);
    String string =
        cell == null || isMissing(cell) ? null : category.text(cell.number(), cell.string());
    if (string == null) {
      gaps[c]++;
      return;
    }
    counts[c][known]++;
    Map<String, Long> strings = unknown.get(c);
    if (strings.size() < MOST_WORDS || strings.containsKey(string)) {
      strings.merge(string, 1L, Long::sum);
    }
  }

  private Cell cell(int c, Texts texts) {
    return Cell.of(schema, profile.columns().get(c).name(), texts.of(c));
  }

  private boolean isMissing(Cell cell) {
    return cell.isMissing() || Arrays.stream(missing).anyMatch(none -> cell.number() == none);
  }

  /** Compares all columns and results. Each p-value is that of one column or result alone. */
  List<ColumnDrift> compare() {
    List<ColumnDrift> all = new ArrayList<>();
    for (int c = 0; c < counts.length; c++) {
      ColumnProfile column = profile.columns().get(c);
      ColumnComparison comparison = new ColumnComparison(column.name(), !column.isCategory());
      comparison.setGaps(column.gaps, gaps[c]);
      if (column.column instanceof CategoryColumn category) {
        categories(comparison, category.categories(), column.counts, counts[c]);
        string(comparison, c, column.counts);
      } else {
        numbers(comparison, column.histogram, counts[c], shown(column));
      }
      all.add(comparison.compare());
    }
    compareWatched(all);
    for (int k = 0; k < results.length; k++) {
      boolean hasClasses = model.loss().task().hasClasses();
      String name = hasClasses ? "largest probability" : output(k);
      ColumnComparison comparison = new ColumnComparison("prediction: " + name, true);
      numbers(comparison, profile.results.get(k), results[k], DriftCounter::text);
      all.add(comparison.compare());
    }
    if (classes.length > 0) {
      ColumnComparison comparison = new ColumnComparison("prediction: class", false);
      List<String> names = IntStream.range(0, classes.length).mapToObj(model::className).toList();
      int[] before = Arrays.copyOf(profile.classes, classes.length + 1); // and no others
      categories(comparison, names, before, Arrays.copyOf(classes, before.length));
      all.add(comparison.compare());
    }
    return all;
  }

  private String output(int k) {
    List<String> targets = schema.targets();
    return model.classNames().size() > k
        ? model.className(k)
        : targets.size() == model.outputs() ? targets.get(k) : "target " + k;
  }

  /**
   * Compares categories. Whether a category is frequent depends on both samples together: the
   * categories that training knows are those that happened to be frequent there, so that a choice
   * by training alone would find fewer of them in any other rows.
   */
  private static void categories(
      ColumnComparison comparison, List<String> names, int[] before, long[] after) {
    double n = Arrays.stream(before).sum();
    double m = Arrays.stream(after).sum();
    double rarest = before[names.size()] == 0 ? ONCE : rarest(before);
    double least = Math.max(FREQUENT, rarest + 3 * Math.sqrt(rarest)) * (n + m) / n;
    least = Math.max(least, FREQUENT * (n + m) / m);
    for (int i = 0; i < names.size(); i++) {
      if (before[i] + after[i] >= least) {
        comparison.add(
            new ColumnComparison.Cell("\"" + names.get(i) + "\"", "", before[i], after[i]));
      } else {
        comparison.addRare(before[i], after[i]);
      }
    }
    comparison.addRare(before[names.size()], after[names.size()]);
  }

  /** Returns the count of the rarest category that training knows. */
  private static double rarest(int[] counts) {
    return Arrays.stream(counts, 0, counts.length - 1).filter(count -> count > 0).min().orElse(0);
  }

  /** Compares the most frequent unknown string, which was rarer in training than known ones. */
  private void string(ColumnComparison comparison, int c, int[] before) {
    Map<String, Long> strings = unknown.get(c);
    if (!strings.isEmpty()) { // of equal strings, the first is taken
      Map.Entry<String, Long> most =
          Collections.max(strings.entrySet(), Map.Entry.comparingByValue());
      String what = "\"" + most.getKey() + "\", which the model does not know";
      double rare = Math.min(before[before.length - 1], rarest(before));
      comparison.setWord(
          new ColumnComparison.Cell(what, "", rare, most.getValue()), strings.size());
    }
  }

  /**
   * Compares numbers. Neighbouring cells are joined to bins of at least a sixteenth of the training
   * rows, as far as there are as many; a value that many rows have stays alone.
   */
  private static void numbers(
      ColumnComparison comparison,
      Histogram histogram,
      long[] after,
      DoubleFunction<String> shown) {
    double least = histogram.count() / MOST_BINS;
    double[] q = histogram.quantiles();
    int from = -1; // the first cell of a bin; -1 is below all
    double before = 0;
    double found = 0;
    for (int cell = -1; cell <= Histogram.CELLS; cell++) {
      boolean isLast = cell == Histogram.CELLS; // above all
      before += cell < 0 || isLast ? 0 : histogram.counts()[cell];
      found += after[cell < 0 ? Histogram.BELOW : isLast ? Histogram.ABOVE : cell];
      boolean isSingle = cell >= 0 && histogram.isSingle(cell);
      boolean isBeforeSingle = !isLast && histogram.isSingle(cell + 1);
      if (isSingle
          || isBeforeSingle
          || isLast
          || before >= least && room(histogram, cell + 1, least)) {
        if (before + found > 0) {
          String what = isSingle ? "exactly " + shown.apply(q[cell]) : range(q, from, cell, shown);
          String end = isLast ? "" : "up to " + shown.apply(q[cell + 1]);
          comparison.add(new ColumnComparison.Cell(what, end, before, found));
        }
        from = cell + 1;
        before = 0;
        found = 0;
      }
    }
  }

  /** Returns whether the cells up to the next single value make another bin. */
  private static boolean room(Histogram histogram, int from, double least) {
    double sum = 0;
    for (int cell = from; cell < Histogram.CELLS && !histogram.isSingle(cell); cell++) {
      sum += histogram.counts()[cell];
    }
    return sum >= least;
  }

  private static String range(double[] q, int from, int last, DoubleFunction<String> shown) {
    if (last == Histogram.CELLS) {
      return from < 0 ? "any value" : "over " + shown.apply(q[from]);
    }
    String end = shown.apply(q[last + 1]);
    return from < 0 ? "up to " + end : "over " + shown.apply(q[from]) + " up to " + end;
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
