package dev.lanewise.serve;

import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.model.Model;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.PythonFormat;
import dev.lanewise.terminal.Result;
import dev.lanewise.terminal.Table;
import dev.lanewise.terminal.TextValue;
import dev.lanewise.trust.Explanation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

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

  /** Returns what an explanation says of the row as a whole. */
  public static Json figures(Model model, Explanation why) {
    return new Json()
        .put(kind(model), model.className(why.output()))
        .put("base", TextValue.measure(why.base()))
        .put("prediction", TextValue.measure(why.prediction()))
        .put("sum", TextValue.measure(why.sum()))
        .put("remainder", TextValue.measure(why.remainder()))
        .put("effort", why.effort());
  }

  private static String kind(Model model) {
    return model.loss().task().hasClasses() ? "class" : "output";
  }

  /** Returns a table with a row for each column, given the value of each. */
  private Table<Integer> table(Explanation why, List<String> values) {
    return Table.of(columns.size())
        .text("column", columns::get)
        .text("value", c -> values.get(c).isEmpty() ? new TextValue("", "(empty)") : values.get(c))
        .measure("contribution", why.contributions()::get);
  }

  /** Returns a table of the largest contributions, the largest first. */
  public Table<Integer> largest(Explanation why, List<String> values) {
    return table(why, values).with(order(why).limit(MOST_LINES).toList());
  }

  private static Stream<Integer> order(Explanation why) {
    return Arrays.stream(why.order()).boxed();
  }

  /**
   * Writes an explanation.
   *
   * @param values the value of each column in the row
   */
  public void write(long number, Explanation why, List<String> values) throws IOException {
    if (csv == null) {
      say(number, why, values);
    } else {
      String lines =
          Table.of(columns.size())
              .column("row", c -> number)
              .text(kind, c -> model.className(why.output()))
              .column("base", c -> why.base())
              .column("prediction", c -> why.prediction())
              .withColumnsOf(table(why, values))
              .csv();
      csv.accept(isBegun ? lines.substring(lines.indexOf('\n') + 1) : lines);
    }
    isBegun = true;
  }

  private void say(long number, Explanation why, List<String> values) {
    if (isBegun) {
      output.result("");
    }
    Result result = new Result("explanation", output).put("index", number);
    result.values.put(figures(model, why));
    result.put("columns", table(why, values));
    boolean isNamed = model.outputs() > 1 || !model.classNames().isEmpty();
    result.say(
        "Row {index}: "
            + (model.loss().task().hasNumbers() ? "" : "probability of ")
            + (isNamed ? kind + " {" + kind + "} {prediction}" : "the output {prediction}"));
    largest(why, values).print(output);
    if (columns.size() > MOST_LINES) {
      double others = order(why).skip(MOST_LINES).mapToDouble(why.contributions()::get).sum();
      output.result(
          "(%s more columns, together %s)",
          columns.size() - MOST_LINES, PythonFormat.measure(others));
    }
    result.say("Base value {base}, contributions {sum}, remainder {remainder}").end();
  }
}
