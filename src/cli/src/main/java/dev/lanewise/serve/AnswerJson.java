package dev.lanewise.serve;

import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Json;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Writes answers as one JSON object, or as one in each line, in which results have the names of
 * classes or columns.
 */
public final class AnswerJson {
  private static final int BLOCK = 1 << 13; // characters that are written at once

  private final Answer.Column[] columns;
  private final String[] names; // names of the outputs, before their values
  private final String[] labels; // names of the classes

  public AnswerJson(Outputs outputs) {
    columns = outputs.columns().stream().flatMap(List::stream).toArray(Answer.Column[]::new);
    names = new String[outputs.count()];
    labels = new String[outputs.count()];
    for (int c = 0; c < names.length; c++) {
      names[c] = (c == 0 ? "{" : ",") + Json.of(outputs.name(c)) + ':';
      labels[c] = Json.of(outputs.label(c)); // numbers as numbers
    }
  }

  /** Appends the values of a row, by the names of outputs where there is one for each. */
  private void append(
      StringBuilder text, Answer.Column column, Answer answer, int row, double[] values) {
    if (column.kind() == Answer.Kind.SET) {
      text.append(Json.of(column.json(answer, row)));
      return;
    }
    column.values().read(answer, row, values);
    if (column.kind() == Answer.Kind.CLASS) {
      text.append(labels[(int) values[0]]);
      return;
    }
    for (int k = 0; k < column.count(); k++) {
      text.append(names[k]);
      if (Double.isFinite(values[k])) {
        column.append(text, values[k]);
      } else {
        text.append("null");
      }
    }
    text.append('}');
  }

  /** Writes rows; of lines, the last one has the notes. */
  public void write(Answer rows, boolean areLines, HttpAnswer answer) throws IOException {
    StringBuilder text = answer.text().append(areLines ? "" : "{\"predictions\":[");
    double[] values = new double[names.length];
    for (int row = 0; row < rows.rows(); row++) {
      text.append(row == 0 ? "" : areLines ? "}\n" : "},\n");
      char separator = '{';
      for (Answer.Column column : columns) {
        text.append(separator).append('"').append(column.name()).append("\":");
        append(text, column, rows, row, values);
        separator = ',';
      }
      if (text.length() > BLOCK) {
        answer.write(text);
      }
    }
    text.append(areLines ? "" : rows.rows() == 0 ? "]" : "}]");
    if (!rows.notes().isEmpty()) {
      text.append(",\"notes\":").append(Json.of(rows.notes()));
    }
    answer.write(text.append("}\n"));
  }

  /** Writes predictions as JSON Lines. */
  public static final class Lines implements AnswerPrinter {
    private final AtomicFile.IoConsumer<String> sink;
    private Outputs outputs;
    private List<List<Answer.Column>> groups;
    private List<String> columns;

    public Lines(AtomicFile.IoConsumer<String> sink) {
      this.sink = sink;
    }

    @Override
    public void begin(Outputs outputs, int targets, List<String> columns) {
      this.outputs = outputs;
      groups = outputs.columns();
      this.columns = columns;
    }

    @Override
    public void row(long index, String[] targets, List<String> texts, Answer answer, int at)
        throws IOException {
      Json row = Json.event("row").put("index", index);
      if (columns != null) {
        Json input = new Json();
        for (int i = 0; i < columns.size(); i++) {
          input.put(columns.get(i), texts.get(i));
        }
        row.put("input", input);
      }
      if (targets.length > 0) {
        row.put(
            "true",
            outputs.areClasses()
                ? label(targets[0])
                : Arrays.stream(targets).mapToDouble(Arguments::number).toArray());
      }
      for (List<Answer.Column> group : groups) {
        group.forEach(column -> row.put(column.name(), column.json(answer, at)));
      }
      sink.accept(row + "\n");
    }

    /** Returns the name of a true class, or its number if it has none; null for no class. */
    private Object label(String text) {
      boolean isNumber = outputs.names().isEmpty() && text.matches("[0-9]{1,9}");
      return text.isEmpty() ? null : isNumber ? (Object) Integer.valueOf(text) : text;
    }
  }
}
