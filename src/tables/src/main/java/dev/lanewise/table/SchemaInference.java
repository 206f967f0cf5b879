package dev.lanewise.table;

import dev.lanewise.data.internal.Quantiles;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.CodePoints;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.table.internal.Problems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Infers the kind of each column of a table from the training rows. The result depends only on
 * their values, not on their order.
 */
final class SchemaInference {
  /** Maximum number of categories with an input of their own. */
  private static final int MOST_CATEGORIES = 100;

  /** Minimum number of digits of a code; fewer may be numbers such as 07. */
  private static final int LEAST_DIGITS = 4;

  /** Minimum number of rows for deciding whether numbers are ids. */
  private static final int LEAST_IDS = 20;

  /** Maximum range of row numbers per row, as some rows may have been removed. */
  private static final double COUNTED = 2;

  private static final double EXPECTED_PAIRS = 10;

  private static final Predicate<String> ONLY_DIGITS = Pattern.compile("[0-9]+").asMatchPredicate();

  private final ColumnStore table;
  private final int[] rows; // for training
  private final int minCount;
  final List<Message> notes = new ArrayList<>();
  final List<Message> ignored = new ArrayList<>(); // columns, each with its reason

  SchemaInference(ColumnStore table, int[] rows, int count, int minCount) {
    this.table = table;
    this.rows = TableRows.inOrder(Arrays.copyOf(rows, count)); // fastest to read
    this.minCount = minCount;
  }

  /** Infers a column; empty if it carries no information, or adds its problem. */
  Optional<Column> infer(int place, ColumnRoles columns, Problems problems) throws FormatException {
    String name = table.columns().get(place);
    try {
      return problems.has(name) ? Optional.empty() : infer(place, columns);
    } catch (FormatException e) {
      problems.add(name, e);
      return Optional.empty();
    }
  }

  /** Infers a column; empty if it carries no information, which a note explains. */
  private Optional<Column> infer(int place, ColumnRoles columns) throws FormatException {
    String name = table.columns().get(place);
    ColumnStatistics found = new ColumnStatistics(table.column(place), rows);
    if (found.present() == 0) {
      return ignored(name, "has no value in the training rows");
    }
    boolean numeric = columns.numeric.contains(place);
    if (numeric && found.strings > 0) {
      throw ColumnRoles.wrong(table, place, "is numeric and has texts or dates", "numbers");
    } else if (columns.categorical.contains(place)) {
      return category(name, place, found, true);
    } else if (found.strings == 0 && (numeric || !areCodes(found))) {
      return number(name, place, found);
    } else if (found.dates() == found.present()) {
      return date(name, place, found);
    }
    String unread = found.unread();
    if (unread != null) {
      notes.add(
          Message.of(
              "Column %s has texts such as \"%s\": if they are numbers or dates, write plain"
                  + " numbers, or dates like 2024-05-31 (%s if they are categories)",
              name, unread, Remedy.CATEGORICAL.with(name)));
    }
    return category(name, place, found, false);
  }

  private Optional<Column> ignored(String name, String why) {
    notes.add(Message.of("Column %s is ignored: it %s", name, why));
    ignored.add(Message.of("column %s %s", name, why));
    return Optional.empty();
  }

  private Optional<Column> number(String name, int place, ColumnStatistics found)
      throws FormatException {
    double[] numbers = found.values();
    if (Arrays.stream(numbers).anyMatch(Double::isInfinite)) { // which only a program provides
      TableColumn cells = table.column(place);
      int row =
          Arrays.stream(rows).filter(r -> Double.isInfinite(cells.number(r))).findFirst().orElse(0);
      throw new FormatException(
          table.file(row),
          "%s, column %s is %s, expected a finite number",
          table.at(row),
          name,
          Cell.text(cells.number(row)));
    }
    boolean hasMissing = found.missing > 0;
    String large = found.digits(true);
    if (large != null) {
      notes.add(
          Message.of(
              "Column %s has whole numbers such as %s, but a number keeps only 15 digits: %s if"
                  + " they are categories, %s leaves them out",
              name, large, Remedy.CATEGORICAL.with(name), Remedy.IGNORE.with(name)));
    }
    String thousands = table.column(place).thousands();
    if (thousands != null) {
      notes.add(
          Message.of(
              "Column %s has numbers such as %s, whose mark is read as the decimal one (%s if it"
                  + " separates thousands)",
              name, thousands, Remedy.DECIMAL.with(thousands.indexOf('.') < 0 ? "." : ",", name)));
    }
    if (isConstant(numbers) && !hasMissing) {
      return ignored(name, "is the same in all training rows" + (large == null ? "" : " then"));
    }
    String id = hasMissing ? "" : asId(numbers);
    if (!id.isEmpty()) {
      notes.add(Message.of("Column %s %s: %s leaves it out", name, id, Remedy.IGNORE.with(name)));
    }
    double median = median(numbers);
    if (Double.isInfinite(median)) {
      throw new FormatException(
          table.file(),
          "column %s has numbers so far apart that their difference is not a finite number,"
              + " expected a finite range (%s leaves it out)",
          name,
          Remedy.IGNORE.with(name));
    }
    return Optional.of(new NumberColumn(name, place, median, hasMissing, rounding(numbers)));
  }

  /** Returns the largest change of a number when it is rounded to float, a finite number. */
  private static double rounding(double[] numbers) {
    double largest =
        Arrays.stream(numbers).map(number -> Math.abs(number - (float) number)).max().orElse(0);
    return Math.min(largest, Double.MAX_VALUE);
  }

  private static boolean isConstant(double[] numbers) {
    return Arrays.stream(numbers).skip(1).allMatch(number -> number == numbers[0]);
  }

  private static double median(double[] numbers) {
    return Quantiles.ofUnsorted(numbers, numbers.length, 0.5)[0];
  }

  /**
   * Returns why the numbers look like ids; empty if they do not. If random integers in their range
   * would contain 10 pairs of equal numbers but there is none, the numbers were assigned to
   * identify rows.
   */
  private static String asId(double[] numbers) {
    int n = numbers.length;
    if (n <= LEAST_IDS || Arrays.stream(numbers).anyMatch(x -> x != Math.rint(x))) {
      return "";
    }
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    if (IntStream.range(1, n).anyMatch(i -> sorted[i] == sorted[i - 1])) {
      return "";
    }
    double range = sorted[n - 1] - sorted[0] + 1;
    double pairs = 0.5 * n * (n - 1) / range;
    return range <= COUNTED * n
        ? "seems to number the rows"
        : pairs >= EXPECTED_PAIRS ? "has a different whole number in every row, as ids do" : "";
  }

  private Optional<Column> date(String name, int place, ColumnStatistics found) {
    double[] days = found.values();
    boolean hasMissing = found.missing > 0;
    if (isConstant(days) && !hasMissing) {
      return ignored(name, "is the same in all training rows");
    }
    Map<String, Integer> dates = found.texts(false, rows.length);
    boolean hasHours =
        dates.keySet().stream().mapToDouble(DateColumn::timeOfDay).distinct().count() > 1;
    // Times of day without a date have this date, so its month and weekday say nothing.
    boolean isTime = hasHours && Arrays.stream(days).allMatch(day -> day >= 0 && day < 1);
    Map<String, Integer> ofDays = isTime ? Map.of() : dates;
    return Optional.of(
        new DateColumn(
            new NumberColumn(name, place, median(days), hasMissing),
            part(name + " month", place, hasMissing, ofDays, DateColumn::month),
            part(name + " weekday", place, hasMissing, ofDays, DateColumn::weekday),
            hasHours
                ? Optional.of(part(name + " hour", place, hasMissing, dates, DateColumn::hour))
                : Optional.empty()));
  }

  /** Returns the categories of a part of dates. */
  private CategoryColumn part(
      String name,
      int place,
      boolean hasMissing,
      Map<String, Integer> dates,
      UnaryOperator<String> part) {
    Map<String, Integer> counts = new HashMap<>();
    dates.forEach((text, rowsOfIt) -> counts.merge(part.apply(text), rowsOfIt, Integer::sum));
    return categories(name, place, hasMissing, counts, false);
  }

  private Optional<Column> category(String name, int place, ColumnStatistics found, boolean asked) {
    boolean hasMissing = found.missing > 0;
    String digits = found.digits(false);
    boolean byDigits = digits != null;
    if (byDigits) {
      boolean areCodes = !asked && areCodes(found);
      double number = Double.parseDouble(digits);
      String other =
          Cell.isLarge(number) ? "" : ", and " + Cell.text(number) + " is another category";
      notes.add(
          Message.of(
              "Column %s has numbers such as %s: numbers are compared by their digits%s%s",
              name,
              digits,
              other,
              areCodes ? Message.of(" (%s if they are no codes)", Remedy.NUMERIC.with(name)) : ""));
    }
    Map<String, Integer> counts = found.texts(byDigits, rows.length);
    if (!asked && counts.size() > ColumnStatistics.NEARLY_ALL * rows.length) {
      return ignored(
          name, "has " + counts.size() + " different texts in " + rows.length + " training rows");
    }
    if (counts.size() == 1 && !hasMissing) {
      return ignored(name, "is the same in all training rows");
    }
    CategoryColumn column = categories(name, place, hasMissing, counts, byDigits);
    if (column.inputs() == 0) {
      return ignored(name, "has no value in " + minCount + " training rows or more");
    }
    return Optional.of(column);
  }

  /**
   * Returns whether all values are digits of one length, and some begin with zero, as postcodes.
   */
  private boolean areCodes(ColumnStatistics found) {
    String first = found.digits(false);
    return first != null
        && first.length() >= LEAST_DIGITS
        && first.startsWith("0")
        && found.texts(true, rows.length).keySet().stream()
            .allMatch(text -> text.length() == first.length() && ONLY_DIGITS.test(text));
  }

  /** Makes a column of the frequent values, sorted by code points; the others share an input. */
  private CategoryColumn categories(
      String name, int place, boolean hasMissing, Map<String, Integer> counts, boolean byDigits) {
    Comparator<String> byCount = Comparator.comparing(text -> -counts.get(text));
    List<String> most =
        counts.keySet().stream()
            .filter(text -> counts.get(text) >= minCount)
            .sorted(byCount.thenComparing(CodePoints.ORDER))
            .limit(MOST_CATEGORIES)
            .sorted(CodePoints.ORDER)
            .toList();
    return new CategoryColumn(name, place, most, most.size() < counts.size(), hasMissing, byDigits);
  }
}
