package dev.lanewise.cli;

import dev.lanewise.format.AtomicFile;
import dev.lanewise.source.CsvFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes predictions as CSV. A file gets texts unchanged; for a terminal, control characters become
 * question marks.
 */
final class CsvPredictions implements Predictions {
  /** Characters that are written at once. */
  private static final int BLOCK = 1 << 15;

  private final AtomicFile.IoConsumer<String> sink; // null of a part
  private final boolean isFile;
  private final StringBuilder lines = new StringBuilder();
  private Outputs outputs;
  private int targets;
  private boolean keeps;
  private String[] names; // of the outputs, as fields

  CsvPredictions(AtomicFile.IoConsumer<String> sink) {
    this(sink, false);
  }

  private CsvPredictions(AtomicFile.IoConsumer<String> sink, boolean isFile) {
    this.sink = sink;
    this.isFile = isFile;
  }

  static CsvPredictions to(OutputStream out) {
    return new CsvPredictions(text -> out.write(text.getBytes(StandardCharsets.UTF_8)), true);
  }

  @Override
  public void begin(Outputs outputs, int targets, List<String> columns) {
    this.outputs = outputs;
    this.targets = targets;
    keeps = columns != null;
    names = new String[outputs.count()];
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
    if (outputs.areClasses()) {
      ours.add("predicted");
    }
    for (int c = 0; c < outputs.count(); c++) {
      ours.add((outputs.areNumbers() ? "y_" : "p_") + outputs.name(c));
    }
    for (int c = 0; outputs.areCovering() && c < outputs.count(); c++) {
      for (String kind : outputs.areClasses() ? List.of("in_") : List.of("low_", "high_")) {
        ours.add(kind + outputs.name(c));
      }
    }
    if (outputs.areFamiliar()) {
      ours.add(Outputs.FAMILIAR);
    }
    for (String name : ours) {
      if (keeps && columns.contains(name)) { // columns with equal names could not be read again
        throw Problem.failure(
            "--keep: the input has a column %s already, expected another name for it", name);
      }
      field(name);
    }
    lines.append('\n');
  }

  @Override
  public void row(
      long index,
      String[] targets,
      double[] results,
      int from,
      int label,
      double familiar,
      List<String> texts)
      throws IOException {
    if (keeps) {
      fields(texts);
    } else {
      lines.append(index);
      for (int k = 0; k < this.targets; k++) {
        field(targets[k]);
      }
    }
    if (outputs.areClasses()) {
      lines.append(',').append(label < 0 ? outputs.name(label) : names[label]);
    }
    for (int c = 0; c < names.length; c++) {
      outputs.append(lines.append(','), results[from + c]);
    }
    if (outputs.areCovering()) {
      cover(results, from);
    }
    if (outputs.areFamiliar()) {
      lines.append(',').append(familiar);
    }
    lines.append('\n');
    if (sink != null && lines.length() >= BLOCK) {
      end();
    }
  }

  /** Writes whether each class is in the set of a row, or the ends of its intervals. */
  private void cover(double[] results, int from) {
    if (outputs.areClasses()) {
      for (boolean in :
          outputs.level().set(Arrays.copyOfRange(results, from, from + names.length))) {
        lines.append(in ? ",1" : ",0");
      }
      return;
    }
    double[] low = outputs.ends(results, from, false);
    double[] high = outputs.ends(results, from, true);
    for (int k = 0; k < low.length; k++) {
      lines.append(',').append(low[k]).append(',').append(high[k]);
    }
  }

  private void fields(List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      if (i > 0) {
        lines.append(',');
      }
      lines.append(CsvFormat.quoted(isFile ? texts.get(i) : Output.tame(texts.get(i))));
    }
  }

  private void field(String text) {
    lines.append(',').append(quoted(text));
  }

  private String quoted(String text) {
    return CsvFormat.quoted(isFile ? text : Output.printable(text));
  }

  @Override
  public Predictions part() {
    CsvPredictions part = new CsvPredictions(null, isFile);
    part.outputs = outputs;
    part.targets = targets;
    part.keeps = keeps;
    part.names = names;
    return part;
  }

  @Override
  public void add(Predictions part) throws IOException {
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
