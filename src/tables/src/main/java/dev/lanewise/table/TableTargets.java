package dev.lanewise.table;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.Labels;
import dev.lanewise.data.internal.RowPreparation;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.CodePoints;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.nn.Loss;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.table.internal.OddTexts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The target columns of a table: the loss, the rows with targets, and the targets themselves.
 * Strings and a small number of distinct integers are classes. Other numbers are for regression.
 */
final class TableTargets {
  /** Maximum number of distinct integers that are classes; more are a quantity. */
  private static final int MOST_CLASSES = 20;

  /** Minimum number of rows per class on average. */
  private static final int LEAST_ROWS = 10;

  private static final double NEARLY_ALL = ColumnStatistics.NEARLY_ALL;

  private static final double LARGEST_CLASS = 1L << 53;

  private final ColumnStore table;
  private final int[] places;
  private final List<String> columns = new ArrayList<>();
  final int[] rows; // that have all targets, in the order of the table
  Loss loss; // once it was inferred or taken
  String reason; // of the loss
  private List<String> classes; // names in order; null for numeric targets
  private CategoryColumn rule =
      TableColumn.rule(false); // tells whether 007 and 7 are different classes
  private boolean named; // true if the classes are not just 0, 1, 2, ...
  boolean measured; // true if rows may have classes that are not in the model, as for evaluation
  private Message note; // note on rows with classes that are not in the model; or null

  TableTargets(ColumnStore table, int[] places) throws FormatException {
    this.table = table;
    this.places = places;
    Arrays.stream(places).mapToObj(table.columns()::get).forEach(columns::add);
    IntStream all = IntStream.range(0, table.rows());
    for (int place : places) {
      TableColumn column = table.column(place);
      all = all.filter(row -> !column.isMissing(row));
    }
    rows = all.toArray();
    if (rows.length == 0) {
      throw new FormatException(
          table.file(), "no row has a target in column %s, expected at least one target", columns);
    }
  }

  /** Returns the names of the classes, empty if they are 0, 1, 2, ..., or of numeric targets. */
  List<String> names() {
    List<String> outputs = table.hasHeader() ? columns : List.of();
    return classes == null ? outputs : named ? classes : List.of();
  }

  /** Returns the number of classes, or of numeric targets. */
  int outputs() {
    return classes == null ? places.length : classes.size();
  }

  /** Chooses the loss from the targets, unless the user has chosen it. */
  void infer(Optional<Loss> given) throws FormatException {
    ColumnStatistics found = new ColumnStatistics(table.column(places[0]), rows);
    rule = TableColumn.rule(found.digits(false) != null);
    if (places.length == 1) {
      inferOne(given, found);
    } else {
      inferSeveral(given);
    }
    if (loss.task().hasClasses()) {
      if (places.length > 1) {
        throw new FormatException(
            table.file(),
            "%s target columns %s, expected one column of classes (several are for other losses)",
            places.length,
            columns);
      }
      findClasses(found);
      reason += rule.byDigits() ? ", compared by their digits" : "";
    }
  }

  /** Returns the rule that compares cells with these names of classes. */
  static CategoryColumn rule(List<String> classes) {
    return TableColumn.rule(classes.stream().anyMatch(name -> Cell.digits(name) != null));
  }

  private void inferOne(Optional<Loss> given, ColumnStatistics found) throws FormatException {
    if (given.isPresent()) {
      loss = given.get();
      reason = "as asked for";
      return;
    }
    if (found.strings == 0) {
      inferNumbers(found);
      return;
    }
    String name = columns.get(0);
    TableColumn column = table.column(places[0]);
    TreeSet<String> different = new TreeSet<>(CodePoints.ORDER);
    different.addAll(found.texts(rule.byDigits(), rows.length).keySet());
    if (found.numbers >= NEARLY_ALL * rows.length) {
      int firstWord = first(text -> true);
      String string = column.string(firstWord);
      OddTexts odd = table.odd(string, places[0], row -> column.string(row) != null);
      throw new FormatException(
          table.file(firstWord),
          "%s, target %s is \"%s\"%s, where nearly all other values are numbers, expected a"
              + " number%s",
          table.at(firstWord),
          name,
          string,
          odd.others(),
          table.remedies(
              firstWord,
              string,
              name,
              odd.remedy(name),
              Message.of("%s if all are classes", Remedy.LOSS.with("softmax"))));
    }
    requireMark(found);
    if (found.dates() == rows.length) {
      throw new FormatException(
          table.file(),
          "target %s has dates, expected numbers or classes (%s if it is another column, %s if"
              + " these are classes)",
          name,
          Remedy.TARGET.with(),
          Remedy.LOSS.with("softmax"));
    }
    if (different.size() > NEARLY_ALL * rows.length && different.size() > 2) {
      String unread = found.unread();
      throw new FormatException(
          table.file(),
          "target %s has %s different texts in %s rows%s, expected classes that repeat, or plain"
              + " numbers (%s if it is another column, %s if these are classes)",
          name,
          different.size(),
          rows.length,
          unread == null ? "" : " such as \"" + unread + "\"",
          Remedy.TARGET.with(),
          Remedy.LOSS.with("softmax"));
    }
    requireDifferent(different.size(), different.first());
    loss = Loss.SOFTMAX;
    reason = "classes, as it has " + different.size() + " different texts";
  }

  /** Returns the first row with such a string; -1 if there is none. */
  private int first(Predicate<String> isWanted) {
    TableColumn column = table.column(places[0]);
    return Arrays.stream(rows)
        .filter(row -> column.string(row) != null && isWanted.test(column.string(row)))
        .findFirst()
        .orElse(-1);
  }

  /** Throws if the numbers have another decimal mark than expected. */
  private void requireMark(ColumnStatistics found) throws FormatException {
    int marks = found.rowsOf(ColumnStore.OTHER_MARK.asMatchPredicate());
    if (marks == 0 || found.numbers + marks < NEARLY_ALL * found.present()) {
      return;
    }
    int row = first(ColumnStore.OTHER_MARK.asMatchPredicate());
    String text = table.column(places[0]).string(row);
    throw new FormatException(
        table.file(row),
        "%s, target %s is \"%s\", expected a number with a decimal %s (%s, %s if these are classes)",
        table.at(row),
        columns.get(0),
        text,
        text.indexOf(',') >= 0 ? "point" : "comma",
        ColumnStore.remedy(text, columns.get(0)),
        Remedy.LOSS.with("softmax"));
  }

  private void inferNumbers(ColumnStatistics found) throws FormatException {
    double[] numbers = found.values();
    boolean whole = Arrays.stream(numbers).allMatch(number -> number == Math.rint(number));
    int count = found.texts(rule.byDigits(), MOST_CLASSES).size();
    if (whole && count > MOST_CLASSES) {
      requireNoCounter(numbers);
    }
    requireDifferent(count, table.column(places[0]).text(rows[0], rule));
    boolean few = count <= MOST_CLASSES;
    if (!whole) {
      reason = "numbers, as it has fractions";
    } else if (!few) {
      reason = "numbers, as it has more than " + MOST_CLASSES + " different whole numbers";
    } else if (rows.length < LEAST_ROWS * count) {
      reason =
          "numbers, as it has %s different whole numbers in %s rows, of less than %s rows on average"
              .formatted(count, rows.length, LEAST_ROWS);
    } else {
      reason = "classes, as it has " + count + " different whole numbers";
      loss = Loss.SOFTMAX;
      return;
    }
    loss = Loss.MSE;
  }

  /** Refuses whole numbers that number the rows, as a key does. */
  private void requireNoCounter(double[] numbers) throws FormatException {
    double least = Arrays.stream(numbers).min().orElseThrow();
    double largest = Arrays.stream(numbers).max().orElseThrow();
    if (largest - least == rows.length - 1
        && Arrays.stream(numbers).map(x -> x + 0.0).distinct().count() == rows.length) {
      throw new FormatException(
          table.file(),
          "target %s numbers the rows: it has each whole number from %s to %s once, expected what"
              + " is to be predicted (%s if it is another column, %s if it is these numbers)",
          columns.get(0),
          (long) least,
          (long) largest,
          Remedy.TARGET.with(),
          Remedy.LOSS.with("mse"));
    }
  }

  private void requireDifferent(int different, String value) throws FormatException {
    if (different < 2 && rows.length > 1) {
      throw new FormatException(
          table.file(),
          "target %s is %s in all %s rows, expected at least two values (%s if it is another column)",
          columns.get(0),
          value,
          rows.length,
          Remedy.TARGET.with());
    }
  }

  private void inferSeveral(Optional<Loss> given) {
    boolean flags =
        Arrays.stream(places)
            .mapToObj(table::column)
            .flatMapToDouble(column -> Arrays.stream(rows).mapToDouble(column::number))
            .allMatch(number -> number == 0 || number == 1);
    loss = given.orElse(flags ? Loss.SIGMOID : Loss.MSE);
    reason =
        given.isPresent()
            ? "as asked for"
            : flags ? "several labels a row, as all are 0 or 1" : "numbers, as not all are 0 or 1";
  }

  /** Sorts the classes: integers in ascending order, otherwise names by code points. */
  private void findClasses(ColumnStatistics found) throws FormatException {
    classes = new ArrayList<>(found.texts(rule.byDigits(), Labels.MAX_CLASSES).keySet());
    if (classes.size() > Labels.MAX_CLASSES) {
      throw new FormatException(
          table.file(),
          "more than %s different targets, expected classes (numbers are for regression)",
          Labels.MAX_CLASSES);
    }
    boolean numeric = found.strings == 0 && !rule.byDigits();
    for (int row : rows) {
      double number = table.column(places[0]).number(row);
      if (numeric && (number != Math.rint(number) || Math.abs(number) > LARGEST_CLASS)) {
        throw new FormatException(
            table.file(row),
            "%s: the target is %s, expected whole numbers or names as classes (other numbers"
                + " are for regression)",
            table.at(row),
            Cell.text(number));
      }
    }
    classes.sort(numeric ? Comparator.comparing(Double::valueOf) : CodePoints.ORDER);
    int largest = classes.size() - 1;
    named =
        !numeric
            || !classes.get(0).equals("0")
            || !classes.get(largest).equals(Integer.toString(largest));
  }

  void take(Loss ofModel, List<String> names, int outputs) throws FormatException {
    loss = ofModel;
    reason = "as the model has it";
    if (!loss.task().hasClasses()) {
      if (places.length != outputs) {
        throw new FormatException(
            table.file(),
            "%s target columns, expected %s as the model has",
            places.length,
            outputs);
      }
      return;
    }
    rule = rule(names);
    classes = new ArrayList<>(names);
    named = !names.isEmpty();
    for (int c = 0; !named && c < outputs; c++) {
      classes.add(Integer.toString(c));
    }
  }

  /** Returns the notes on the last result of {@link #labels}. */
  List<Message> notes() {
    return note == null ? List.of() : List.of(note);
  }

  /**
   * Returns the targets of some rows, with weights if there is a column for these. An exception
   * names the first wrong row of the table.
   */
  Labels labels(int[] some, int weight) throws FormatException {
    int[] order = TableHints.byGroup(some);
    Labels labels = classes == null ? numbers(some, order) : classes(some, order);
    if (weight >= 0) {
      labels.weights = new float[some.length];
      for (int i : order) {
        labels.weights[i] = weight(some[i], weight);
      }
    }
    return labels;
  }

  private float weight(int row, int column) throws FormatException {
    Cell cell = table.column(column).cell(row);
    String name = table.columns().get(column);
    if (Double.isNaN(cell.number())) {
      throw wrong(row, name, Message.of("is %s, expected the weight of the row, at least 0", cell));
    }
    return Labels.weight(cell.number(), what -> wrong(row, name, Message.of("has " + what)));
  }

  private Labels classes(int[] some, int[] order) throws FormatException {
    Map<String, Integer> numberOf = new HashMap<>();
    for (int c = 0; c < classes.size(); c++) {
      numberOf.put(classes.get(c), c);
      numberOf.putIfAbsent(Cell.string(classes.get(c)), c); // as True and False in arrays
    }
    TableColumn column = table.column(places[0]);
    int[] values = new int[some.length];
    int unknown = 0;
    int example = -1; // first row with an unknown class
    for (int i : order) {
      Integer label = numberOf.get(column.text(some[i], rule));
      values[i] = label == null ? classes.size() : label;
      unknown += label == null ? 1 : 0;
      example = label == null && example < 0 ? some[i] : example;
    }
    if (unknown > 0) {
      Message remedies = table.remedies(example, "", "");
      if (!measured || unknown == some.length || !remedies.toString().isEmpty()) {
        throw new FormatException(
            table.file(example),
            "%s, target %s is %s, expected one of %s as in training%s",
            table.at(example),
            columns.get(0),
            column.cell(example),
            classes,
            remedies);
      }
      String where = "Column " + columns.get(0);
      String name = column.text(example, rule);
      note = RowPreparation.unknownClasses(where, unknown, some.length, name);
    }
    Labels labels = new Labels(values, 0, table.file());
    labels.most = classes.size();
    return labels;
  }

  private Labels numbers(int[] some, int[] order) throws FormatException {
    double[] all = new double[DataErrors.length(some.length, places.length)];
    for (int i : order) {
      for (int k = 0; k < places.length; k++) {
        all[i * places.length + k] = number(some[i], k);
      }
    }
    return new Labels(all, places.length, table.file());
  }

  private double number(int row, int target) throws FormatException {
    TableColumn column = table.column(places[target]);
    String name = columns.get(target);
    String string = column.string(row);
    if (string != null) {
      String problem = "has the target \"%s\", expected a number, as loss %s takes%s";
      throw wrong(
          row, name, Message.of(problem, string, loss.label(), table.remedies(row, string, name)));
    }
    return Labels.number(
        column.number(row), loss, what -> wrong(row, name, Message.of("has " + what)));
  }

  private FormatException wrong(int row, String column, Message problem) {
    return new FormatException(table.file(row), "%s, column %s %s", table.at(row), column, problem);
  }
}
