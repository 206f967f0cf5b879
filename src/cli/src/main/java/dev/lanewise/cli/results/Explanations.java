package dev.lanewise.cli.results;

import dev.lanewise.cli.print.Json;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.PythonFormat;
import dev.lanewise.cli.print.Result;
import dev.lanewise.cli.print.Shown;
import dev.lanewise.cli.print.Table;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.model.Model;
import dev.lanewise.trust.Explanation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Writes explanations: as tables for people, as JSON Lines, or as CSV with a line per column. */
public final class Explanations {
  private static final int MOST_LINES = 20;

  private final Model model;
  private final List<String> columns;
  private final String kind; // class or output
  private final Output output;
  private final AtomicFile.IoConsumer<String> csv; // null without a file
  private boolean isBegun;

  public Explanations(
      Model model, List<String> columns, Output output, AtomicFile.IoConsumer<String> csv) {
    this.model = model;
    this.columns = columns;
    this.output = output;
    this.csv = csv;
    kind = kind(model);
  }

  /**
   * Writes an explanation.
   *
   * @param values the value of each column in the row
   */
  public void write(long number, Explanation why, List<String> values) throws IOException {
    if (csv != null) {
      csv.accept(lines(number, why, values));
    } else {
      say(number, why, values);
    }
  }

  /** Returns what an explanation says of the row as a whole. */
  public static Json figures(Model model, Explanation why) {
    return new Json()
        .put(kind(model), model.className(why.output()))
        .put("base", Shown.measure(why.base()))
        .put("prediction", Shown.measure(why.prediction()))
        .put("sum", Shown.measure(why.sum()))
        .put("remainder", Shown.measure(why.remainder()))
        .put("effort", why.effort());
  }

  private static String kind(Model model) {
    return model.loss().task().hasClasses() ? "class" : "output";
  }

  /** Returns a table with a row for each column. */
  private Table<Integer> table(Explanation why, List<String> values) {
    return Table.of(columns.size())
        .text("column", columns::get)
        .text("value", c -> values.get(c).isEmpty() ? new Shown("", "(empty)") : values.get(c))
        .measure("contribution", why.contributions()::get);
  }

  private String lines(long number, Explanation why, List<String> values) {
    String lines =
        Table.of(columns.size())
            .column("row", c -> number)
            .text(kind, c -> model.className(why.output()))
            .column("base", c -> why.base())
            .column("prediction", c -> why.prediction())
            .withColumnsOf(table(why, values))
            .csv();
    String text = isBegun ? lines.substring(lines.indexOf('\n') + 1) : lines;
    isBegun = true;
    return text;
  }

  private void say(long number, Explanation why, List<String> values) {
    if (isBegun) {
      output.result("");
    }
    isBegun = true;
    Table<Integer> table = table(why, values);
    Result result = new Result("explanation", output).put("index", number);
    result.values.put(figures(model, why));
    result.put("columns", table);
    boolean isNamed = model.outputs() > 1 || !model.classNames().isEmpty();
    result.say(
        "Row {index}: "
            + (model.loss().task().hasNumbers() ? "" : "probability of ")
            + (isNamed ? kind + " {" + kind + "} {prediction}" : "the output {prediction}"));
    List<Integer> order = Arrays.stream(why.order()).boxed().toList();
    List<Integer> rest = order.subList(Math.min(MOST_LINES, order.size()), order.size());
    table.with(order.subList(0, order.size() - rest.size())).print(output);
    if (!rest.isEmpty()) {
      double others = 0;
      for (int c : rest) {
        others += why.contributions().get(c);
      }
      output.result("(%s more columns, together %s)", rest.size(), PythonFormat.measure(others));
    }
    result.say("Base value {base}, contributions {sum}, remainder {remainder}");
    result.end();
  }
}
