package dev.lanewise.cli;

import dev.lanewise.format.AtomicFile;
import dev.lanewise.model.Model;
import dev.lanewise.source.CsvFormat;
import dev.lanewise.trust.Explanation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes explanations: as tables for people, as JSON Lines, or as CSV with a line per column. */
final class Explanations {
  private static final int MOST_LINES = 20;

  private final Model model;
  private final List<String> columns;
  private final String kind; // class or output
  private final Output output;
  private final AtomicFile.IoConsumer<String> csv; // null without a file
  private boolean isBegun;

  Explanations(
      Model model, List<String> columns, Output output, AtomicFile.IoConsumer<String> csv) {
    this.model = model;
    this.columns = columns;
    this.output = output;
    this.csv = csv;
    kind = model.loss().task().hasClasses() ? "class" : "output";
  }

  /**
   * Writes an explanation.
   *
   * @param values the value of each column in the row
   */
  void write(long number, Explanation why, List<String> values) throws IOException {
    if (csv != null) {
      csv.accept(lines(number, why, values));
    } else if (output.json) {
      output.event(event(number, why, values));
    } else {
      print(number, why, values);
    }
  }

  private String lines(long number, Explanation why, List<String> values) {
    StringBuilder lines = new StringBuilder();
    if (!isBegun) {
      lines.append("row,").append(kind).append(",base,prediction,column,value,contribution");
      lines.append(why.isEstimate() ? ",standard_error\n" : "\n");
      isBegun = true;
    }
    for (int c = 0; c < columns.size(); c++) {
      lines.append(number).append(',').append(CsvFormat.quoted(model.className(why.output())));
      lines.append(',').append(why.base()).append(',').append(why.prediction());
      lines.append(',').append(CsvFormat.quoted(columns.get(c)));
      lines.append(',').append(CsvFormat.quoted(values.get(c)));
      lines.append(',').append(why.contributions().get(c));
      if (why.isEstimate()) {
        lines.append(',').append(why.standardErrors().get(c));
      }
      lines.append('\n');
    }
    return lines.toString();
  }

  private Json event(long number, Explanation why, List<String> values) {
    List<Json> parts = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      Json part =
          new Json()
              .put("column", columns.get(c))
              .put("value", values.get(c))
              .put("contribution", why.contributions().get(c));
      parts.add(why.isEstimate() ? part.put("standard_error", why.standardErrors().get(c)) : part);
    }
    return Json.event("explanation")
        .put("index", number)
        .put(kind, model.className(why.output()))
        .put("base", why.base())
        .put("prediction", why.prediction())
        .put("sum", why.sum())
        .put("remainder", why.remainder())
        .put("effort", why.effort())
        .put("columns", parts);
  }

  private void print(long number, Explanation why, List<String> values) {
    if (isBegun) {
      output.result("");
    }
    isBegun = true;
    boolean isProbability = !model.loss().task().hasNumbers();
    String what = kind + " " + model.className(why.output());
    output.result(
        "Row %s: %s%s %s",
        number,
        isProbability ? "probability of " : "",
        model.outputs() == 1 && model.classNames().isEmpty() ? "the output" : what,
        PythonFormat.measure(why.prediction()));
    List<String> heads = new ArrayList<>(List.of("column", "value", "contribution"));
    if (why.isEstimate()) {
      heads.add("standard_error");
    }
    Table table = new Table(2, heads);
    double others = 0;
    int[] order = why.order();
    for (int i = 0; i < order.length; i++) {
      int c = order[i];
      if (i >= MOST_LINES) {
        others += why.contributions().get(c);
        continue;
      }
      String value = values.get(c);
      List<Object> cells = new ArrayList<>(List.of(columns.get(c)));
      cells.add(value.isEmpty() ? "(empty)" : value);
      cells.add(new Table.Measure(why.contributions().get(c)));
      if (why.isEstimate()) {
        cells.add(new Table.Measure(why.standardErrors().get(c)));
      }
      table.add(cells.toArray());
    }
    table.print(output);
    if (order.length > MOST_LINES) {
      output.result(
          "(%s more columns, together %s)",
          order.length - MOST_LINES, PythonFormat.measure(others));
    }
    boolean isRounding = why.isEstimate() || why.effort() == 0; // what Shapley values miss
    output.result(
        "Base value %s, contributions %s%s",
        PythonFormat.measure(why.base()),
        PythonFormat.measure(why.sum()),
        isRounding ? "" : ", remainder " + PythonFormat.measure(why.remainder()));
  }
}
