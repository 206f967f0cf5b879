package dev.lanewise.serve;

import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.source.CsvFormat;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes predictions as CSV. A file gets texts unchanged; for a terminal, control characters become
 * question marks.
 */
public final class CsvPredictions implements AnswerPrinter {
  /** Characters that are written at once. */
  private static final int BLOCK = 1 << 15;

  private static final MathContext DIGITS = new MathContext(6);

  private final AtomicFile.IoConsumer<String> sink; // null of a part
  private final boolean isFile;
  private final StringBuilder lines = new StringBuilder();
  private Outputs outputs;
  private List<List<Answer.Column>> groups;
  private int targets;
  private boolean keeps;
  private char separator = ',';
  private char decimal; // of numbers in the notation of the input, or 0
  private String[] names; // of the outputs, as fields
  private double[][] values; // of the columns of a group in a row

  public CsvPredictions(AtomicFile.IoConsumer<String> sink) {
    this(sink, false);
  }

  private CsvPredictions(AtomicFile.IoConsumer<String> sink, boolean isFile) {
    this.sink = sink;
    this.isFile = isFile;
  }

  public static CsvPredictions to(OutputStream out) {
    return new CsvPredictions(text -> out.write(text.getBytes(StandardCharsets.UTF_8)), true);
  }

  /**
   * Writes as the input is written: with its separator, its decimal mark and its byte order mark,
   * and numbers with six significant digits.
   *
   * @param marks as from {@link dev.lanewise.table.RowStream#marks}
   */
  public void like(String marks) {
    separator = marks.charAt(0);
    decimal = marks.charAt(1);
    lines.append(marks, 2, marks.length());
  }

  @Override
  public void begin(Outputs outputs, int targets, List<String> columns) {
    this.outputs = outputs;
    groups = outputs.columns();
    this.targets = targets;
    keeps = columns != null;
    names = new String[outputs.count()];
    values = new double[2][names.length];
    for (int c = 0; c < names.length; c++) {
      names[c] = quoted(outputs.name(c));
    }
    if (keeps) {
      fields(columns);
    } else {
      lines.append("index");
      for (int k = 0; k < targets; k++) {
        field(outputs.areClasses() ? "true" : "true_" + outputs.name(k));
      }
    }
    List<String> ours = new ArrayList<>();
    for (List<Answer.Column> group : groups) {
      for (int k = 0; k < group.get(0).count(); k++) {
        for (Answer.Column column : group) {
          ours.add(column.width() == 0 ? column.name() : column.prefix() + outputs.name(k));
        }
      }
    }
    for (String name : ours) {
      if (keeps && columns.contains(name)) { // columns with equal names could not be read again
        throw Problem.failure(
            "--keep: the input has a column %s, which is also a column of the output, expected"
                + " another name",
            name);
      }
      field(name);
    }
    lines.append('\n');
  }

  @Override
  public void row(long index, String[] targets, List<String> texts, Answer answer, int at)
      throws IOException {
    if (keeps) {
      fields(texts);
    } else {
      lines.append(index);
      for (int k = 0; k < this.targets; k++) {
        field(targets[k]);
      }
    }
    for (List<Answer.Column> group : groups) {
      append(group, answer, at);
    }
    lines.append('\n');
    if (sink != null && lines.length() >= BLOCK) {
      end();
    }
  }

  private void append(List<Answer.Column> group, Answer answer, int at) {
    for (int g = 0; g < group.size(); g++) {
      group.get(g).values().read(answer, at, values[g]);
    }
    for (int k = 0; k < group.get(0).count(); k++) {
      for (int g = 0; g < group.size(); g++) {
        lines.append(separator);
        if (group.get(g).kind() == Answer.Kind.CLASS) {
          int label = (int) values[g][k];
          lines.append(label < 0 ? outputs.name(label) : names[label]);
        } else if (decimal == 0 || group.get(g).isWhole()) {
          group.get(g).append(lines, values[g][k]);
        } else {
          lines.append(quoted(inNotation(values[g][k])));
        }
      }
    }
  }

  private String inNotation(double value) {
    return Double.isFinite(value)
        ? new BigDecimal(value)
            .round(DIGITS)
            .stripTrailingZeros()
            .toPlainString()
            .replace('.', decimal)
        : String.valueOf(value);
  }

  private void fields(List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      if (i > 0) {
        lines.append(separator);
      }
      lines.append(CsvFormat.quoted(isFile ? texts.get(i) : Output.tame(texts.get(i)), separator));
    }
  }

  private void field(String text) {
    lines.append(separator).append(quoted(text));
  }

  private String quoted(String text) {
    return CsvFormat.quoted(isFile ? text : Output.printable(text), separator);
  }

  @Override
  public AnswerPrinter part() {
    CsvPredictions part = new CsvPredictions(null, isFile);
    part.outputs = outputs;
    part.groups = groups;
    part.targets = targets;
    part.keeps = keeps;
    part.separator = separator;
    part.decimal = decimal;
    part.names = names;
    part.values = new double[2][names.length];
    return part;
  }

  @Override
  public void add(AnswerPrinter part) throws IOException {
    StringBuilder others = ((CsvPredictions) part).lines;
    lines.append(others);
    others.setLength(0);
    end();
  }

  @Override
  public void end() throws IOException {
    sink.accept(lines.toString());
    lines.setLength(0);
  }
}
