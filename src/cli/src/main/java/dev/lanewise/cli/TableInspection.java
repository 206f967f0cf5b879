package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.files.ClassNames;
import dev.lanewise.files.DataSource;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Messages;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.Schema;
import dev.lanewise.table.ColumnSummary;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.table.ScaleOptions;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.DataOptions;
import dev.lanewise.terminal.DisplayWidth;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Result;
import dev.lanewise.terminal.Table;
import dev.lanewise.terminal.TextValue;
import dev.lanewise.terminal.Words;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** The output of {@code inspect} for a table: a line per column, the target, and hints. */
public final class TableInspection {
  private static final String CATEGORY = "category";
  private static final String VALUES = "min [quartiles] max, or most frequent";
  private static final List<String> QUANTILES = List.of("min", "q25", "median", "q75", "max");

  private static final int MOST_VALUES = 3;
  private static final int DIGITS = 6;

  /** Longer numbers are shown with an exponent. */
  private static final int MOST_DIGITS = 12;

  private static final int LONGEST = 24;
  private static final int LONGEST_NAME = 40;
  private static final int MOST_CLASSES = 30;
  private static final int FREQUENT_CLASSES = 20;
  private static final int DAY_MINUTES = 1440;

  private final Output output;
  private dev.lanewise.table.Table table;
  private Dataset data; // null if training would refuse the table
  private String problem;

  private TableInspection(Path file, Arguments arguments, Output output) throws IOException {
    this.output = output;
    ReadOptions reading = DataOptions.reading(arguments, null);
    DivisionOptions division = DataOptions.division(arguments, DivisionOptions.defaults());
    ScaleOptions scaling = DataOptions.scaling(arguments, ScaleOptions.defaults());
    table = dev.lanewise.table.Table.read(file, reading);
    try {
      // Inspects all rows.
      data = table.dataset(reading, division.withSplitSizes(List.of(1.0)), scaling);
      table = table.inNotationsOf(Schema.of(data).orElseThrow());
    } catch (FormatException | IllegalArgumentException e) {
      problem = Words.of(e);
    }
  }

  /** Prints a table, and adds it to a result. */
  public static void print(Path file, Arguments arguments, Output output, Result result)
      throws IOException {
    new TableInspection(file, arguments, output).print(file, result);
  }

  private void print(Path file, Result result) {
    output.result(
        "Table %s: %s rows of %s columns%s",
        file, table.rows(), table.columns().size(), table.hasHeader() ? "" : ", no header");
    output.result("");
    result
        .put("kind", "table")
        .put("rows", table.rows())
        .put("header", table.hasHeader())
        .table("columns", columns());
    output.result("");
    if (data == null) {
      ("Training refuses it as it is: " + problem)
          .lines()
          .forEach(line -> output.result("%s", line));
      result.put("problem", problem);
      return;
    }
    List<String> hints = Messages.of(table.hints(data)).stream().map(Words::of).toList();
    List<String> notes =
        new ArrayList<>(Messages.of(data.notes()).stream().map(Words::of).toList());
    notes.removeAll(hints);
    notes.forEach(output::result);
    target(result);
    if (!hints.isEmpty()) {
      output.result("");
    }
    hints.forEach(hint -> output.result("Hint: " + hint));
    result.put("dataset", DataSource.json(file, data)).put("notes", notes).put("hints", hints);
  }

  private Table<ColumnSummary> columns() {
    List<ColumnSummary> columns =
        IntStream.range(0, table.columns().size())
            .mapToObj(c -> ColumnSummary.of(table, c, MOST_VALUES))
            .toList();
    Table<ColumnSummary> all =
        Table.of(columns)
            .forPeople("column", column -> DisplayWidth.cut(column.name(), LONGEST_NAME))
            .forPrograms("name", ColumnSummary::name)
            .text("kind", ColumnSummary::kind)
            .forPeople("becomes", this::becomes)
            .column("missing", ColumnSummary::missing)
            .column("distinct", ColumnSummary::distinct)
            .forPeople(VALUES, this::values);
    for (int i = 0; i < QUANTILES.size(); i++) {
      int place = i;
      all.forPrograms(
          QUANTILES.get(i),
          column -> column.quantiles().isEmpty() ? null : column.quantiles().get(place));
    }
    return all.forPrograms("frequent", TableInspection::frequent)
        .forPrograms("becomes", this::becomes);
  }

  private static Json frequent(ColumnSummary column) {
    Json frequent = new Json();
    column.frequent().forEach(value -> frequent.put(value.getKey(), value.getValue()));
    return frequent;
  }

  private String becomes(ColumnSummary of) {
    if (data == null) {
      return "-";
    }
    String name = of.name();
    Schema schema = Schema.of(data).orElseThrow();
    if (schema.targets().contains(name)) {
      boolean classes = data.hasClasses();
      return classes
          ? "target, class"
          : "target, " + (data.loss().task().hasLabels() ? "0 or 1" : "number");
    } else if (schema.weight().filter(name::equals).isPresent()) {
      return "weight of the row";
    }
    for (Column column : schema.columns()) {
      if (column.name().equals(name)) {
        boolean rare = column instanceof CategoryColumn c && c.other();
        String inputs = column.inputs() == 1 ? "1 input" : column.inputs() + " inputs";
        return column.kind() + ", " + inputs + (rare ? " (1 for rare)" : "");
      }
    }
    return "ignored";
  }

  private String values(ColumnSummary column) {
    boolean category = becomes(column).startsWith(CATEGORY);
    List<String> parts = new ArrayList<>();
    if (!column.quantiles().isEmpty() && !column.kind().equals("mixed") && !category) {
      column.quantiles().forEach(number -> parts.add(text(column, number)));
      return "%s [%s %s %s] %s".formatted(parts.toArray()); // the quartiles are in brackets
    }
    for (Map.Entry<String, Integer> value : column.frequent()) {
      parts.add("%s (%s)".formatted(DisplayWidth.cut(value.getKey(), LONGEST), value.getValue()));
    }
    return String.join(", ", parts);
  }

  /** Formats a date, a time of day, or a number with few digits after the point. */
  private static String text(ColumnSummary column, double number) {
    if (!column.kind().equals("dates")) {
      return text(number);
    }
    List<Double> quantiles = column.quantiles();
    double last = quantiles.get(quantiles.size() - 1);
    return quantiles.get(0) >= 0 && last > 0 && last < 1 // no dates besides 1970-01-01
        ? LocalTime.MIDNIGHT.plusMinutes((long) (DAY_MINUTES * number)).toString()
        : LocalDate.ofEpochDay((long) Math.floor(number)).toString();
  }

  private static String text(double number) {
    BigDecimal exact = new BigDecimal(number);
    int whole = exact.precision() - exact.scale(); // digits before the point
    if (whole > MOST_DIGITS) {
      return exact.round(new MathContext(DIGITS)).stripTrailingZeros().toString();
    }
    BigDecimal rounded = exact.round(new MathContext(Math.max(DIGITS, whole)));
    String plain = rounded.stripTrailingZeros().toPlainString();
    return plain.length() > MOST_DIGITS ? rounded.stripTrailingZeros().toString() : plain;
  }

  private void target(Result result) {
    output.result("");
    if (data.hasClasses()) {
      classes(result);
      return;
    }
    int[] rows = data.tableRows("all");
    Map<String, DoubleSummaryStatistics> numbers = new LinkedHashMap<>();
    for (String name : Schema.of(data).orElseThrow().targets()) {
      int place = table.columns().indexOf(name);
      IntToDoubleFunction number = row -> table.number(row, place);
      numbers.put(name, Arrays.stream(rows).mapToDouble(number).summaryStatistics());
    }
    result.table(
        "target_ranges",
        Table.of(List.copyOf(numbers.keySet()))
            .text("target", name -> name)
            .column("rows", name -> rows.length)
            .column("min", name -> shown(numbers.get(name).getMin()))
            .column("max", name -> shown(numbers.get(name).getMax()))
            .column("mean", name -> shown(numbers.get(name).getAverage())));
  }

  private static TextValue shown(double number) {
    return new TextValue(number, text(number));
  }

  /**
   * Prints the number of rows of each class, or only the most frequent classes if there are many.
   */
  private void classes(Result result) {
    int[] counts = new int[data.classes()];
    for (int row = 0; row < data.train().rows(); row++) {
      counts[data.train().label(row)]++;
    }
    Table<Integer> all =
        Table.of(counts.length)
            .text("class", c -> ClassNames.of(data.classNames(), c))
            .column("rows", c -> counts[c])
            .column("share", c -> counts[c] / (double) data.train().rows());
    if (counts.length <= MOST_CLASSES) {
      result.table("class_counts", all);
      return;
    }
    List<Integer> order = new ArrayList<>();
    for (int c = 0; c < counts.length; c++) {
      order.add(c);
    }
    order.sort(Comparator.comparing(c -> -counts[c])); // the first of equals first
    all.with(order.subList(0, FREQUENT_CLASSES)).print(output);
    result.put("class_counts", all);
    output.result(
        "and %s other classes, of %s to %s rows",
        counts.length - FREQUENT_CLASSES,
        counts[order.get(order.size() - 1)],
        counts[order.get(FREQUENT_CLASSES)]);
  }
}
