package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.FormatException;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.Schema;
import dev.lanewise.table.ColumnSummary;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.table.ScaleOptions;
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
import java.util.List;
import java.util.Map;

/** The output of {@code inspect} for a table: a line per column, the target, and hints. */
final class TableInspection {
  private static final String CATEGORY = "category";
  private static final String[] HEADS = {
    "column", "kind", "becomes", "missing", "distinct", "min [quartiles] max, or most frequent"
  };

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

  /** Prints a table, and adds it to a JSON object. */
  static void print(Path file, Arguments arguments, Output output, Json json) throws IOException {
    new TableInspection(file, arguments, output).print(file, json);
  }

  private void print(Path file, Json json) {
    output.result(
        "Table %s: %s rows of %s columns%s",
        file, table.rows(), table.columns().size(), table.hasHeader() ? "" : ", no header");
    output.result("");
    Table lines = new Table(3, HEADS).withTextLast();
    List<Json> objects = new ArrayList<>();
    for (int c = 0; c < table.columns().size(); c++) {
      ColumnSummary column = ColumnSummary.of(table, c, MOST_VALUES);
      String becomes = data == null ? "-" : becomes(column.name());
      lines.add(
          DisplayWidth.cut(column.name(), LONGEST_NAME),
          column.kind(),
          becomes,
          column.missing(),
          column.distinct(),
          values(column, becomes.startsWith(CATEGORY)));
      objects.add(json(column, becomes));
    }
    lines.print(output);
    json.put("kind", "table")
        .put("rows", table.rows())
        .put("header", table.hasHeader())
        .put("columns", objects);
    output.result("");
    if (data == null) {
      output.result("Training refuses it as it is: " + problem);
      json.put("problem", problem);
      return;
    }
    List<String> hints = table.hints(data).stream().map(Words::of).toList();
    List<String> notes = new ArrayList<>(data.messages().stream().map(Words::of).toList());
    notes.removeAll(hints);
    notes.forEach(output::result);
    target(json);
    if (!hints.isEmpty()) {
      output.result("");
    }
    hints.forEach(hint -> output.result("Hint: " + hint));
    json.put("dataset", DataSource.json(file, data)).put("notes", notes).put("hints", hints);
  }

  private String becomes(String name) {
    Schema schema = Schema.of(data).orElseThrow();
    if (schema.targets().contains(name)) {
      boolean classes = data.hasClasses();
      return classes ? "target, class" : "target, " + (isFlag() ? "0 or 1" : "number");
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

  private boolean isFlag() {
    return data.loss().task().hasLabels();
  }

  private static String values(ColumnSummary column, boolean category) {
    List<String> parts = new ArrayList<>();
    if (!column.quantiles().isEmpty() && !column.kind().equals("mixed") && !category) {
      column.quantiles().forEach(number -> parts.add(text(column, number)));
      return "%s [%s %s %s] %s".formatted(parts.toArray()); // in brackets the quartiles
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

  private static Json json(ColumnSummary column, String becomes) {
    Json frequent = new Json();
    column.frequent().forEach(value -> frequent.put(value.getKey(), value.getValue()));
    String[] names = {"min", "q25", "median", "q75", "max"};
    Json json =
        new Json()
            .put("name", column.name())
            .put("kind", column.kind())
            .put("missing", column.missing())
            .put("distinct", column.distinct());
    for (int i = 0; i < names.length; i++) {
      json.put(names[i], column.quantiles().isEmpty() ? null : column.quantiles().get(i));
    }
    return json.put("frequent", frequent).put("becomes", becomes);
  }

  private void target(Json json) {
    output.result("");
    if (data.hasClasses()) {
      classes(json);
      return;
    }
    Table lines = new Table(1, "target", "rows", "min", "max", "mean");
    List<Json> objects = new ArrayList<>();
    int[] rows = data.tableRows("all");
    for (String name : Schema.of(data).orElseThrow().targets()) {
      int place = table.columns().indexOf(name);
      DoubleSummaryStatistics numbers =
          Arrays.stream(rows)
              .mapToDouble(row -> table.cell(row, place).number())
              .summaryStatistics();
      double min = numbers.getMin();
      double max = numbers.getMax();
      double mean = numbers.getAverage();
      lines.add(name, rows.length, text(min), text(max), text(mean));
      objects.add(
          new Json()
              .put("target", name)
              .put("rows", rows.length)
              .put("min", min)
              .put("max", max)
              .put("mean", mean));
    }
    lines.print(output);
    json.put("target_ranges", objects);
  }

  /**
   * Prints the number of rows of each class, or only the most frequent classes if there are many.
   */
  private void classes(Json json) {
    int[] counts = new int[data.classes()];
    for (int row = 0; row < data.train().rows(); row++) {
      counts[data.train().label(row)]++;
    }
    Table all = new Table(1, "class", "rows", "share");
    Table most = new Table(1, "class", "rows", "share");
    List<Integer> order = new ArrayList<>();
    for (int c = 0; c < counts.length; c++) {
      add(all, c, counts);
      order.add(c);
    }
    json.put("class_counts", all.objects);
    if (counts.length <= MOST_CLASSES) {
      all.print(output);
      return;
    }
    order.sort(Comparator.comparing(c -> -counts[c])); // the first of equals first
    order.subList(0, FREQUENT_CLASSES).forEach(c -> add(most, c, counts));
    most.print(output);
    output.result(
        "and %s other classes, of %s to %s rows",
        counts.length - FREQUENT_CLASSES,
        counts[order.get(order.size() - 1)],
        counts[order.get(FREQUENT_CLASSES)]);
  }

  private void add(Table lines, int label, int[] counts) {
    String name = DataSource.className(data.classNames(), label);
    lines.add(name, counts[label], counts[label] / (double) data.train().rows());
  }
}
