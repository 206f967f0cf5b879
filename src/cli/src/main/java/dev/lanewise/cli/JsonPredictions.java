package dev.lanewise.cli;

import dev.lanewise.format.AtomicFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Writes predictions as JSON Lines. */
final class JsonPredictions implements Predictions {
  private final AtomicFile.IoConsumer<String> sink;
  private Outputs outputs;
  private List<String> columns;

  JsonPredictions(AtomicFile.IoConsumer<String> sink) {
    this.sink = sink;
  }

  @Override
  public void begin(Outputs outputs, int targets, List<String> columns) {
    this.outputs = outputs;
    this.columns = columns;
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
    Json row = Json.event("row").put("index", index);
    if (columns != null) {
      Json input = new Json();
      for (int i = 0; i < columns.size(); i++) {
        input.put(columns.get(i), texts.get(i));
      }
      row.put("input", input);
    }
    Object all = outputs.array(results, from, outputs.count());
    if (outputs.areClasses()) {
      if (targets.length > 0) {
        row.put("true", targets[0].isEmpty() ? null : value(targets[0]));
      }
      row.put("predicted", label < 0 ? null : value(outputs.name(label)));
    } else if (targets.length > 0) {
      row.put("true", Arrays.stream(targets).mapToDouble(Arguments::number).toArray());
    }
    row.put(outputs.areNumbers() ? "outputs" : "probabilities", all);
    if (outputs.areCovering() && outputs.areClasses()) {
      row.put("set", outputs.set(results, from));
    } else if (outputs.areCovering()) {
      row.put("low", outputs.ends(results, from, false));
      row.put("high", outputs.ends(results, from, true));
    }
    if (outputs.areFamiliar()) {
      row.put(Outputs.FAMILIAR, familiar);
    }
    sink.accept(row + "\n");
  }

  /** Returns the name of a class, or its number if it has none. */
  private Object value(String text) {
    boolean number = outputs.names().isEmpty() && text.matches("[0-9]{1,9}");
    return number ? (Object) Integer.valueOf(text) : text;
  }
}
