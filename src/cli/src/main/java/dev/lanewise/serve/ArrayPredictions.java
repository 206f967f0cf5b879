package dev.lanewise.serve;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects predictions as arrays, which are written after the last row. */
public final class ArrayPredictions implements AnswerPrinter {
  private static final int MOST = Integer.MAX_VALUE - 8;

  private Outputs outputs;
  private int targets; // number of targets of a row
  private int room = 8; // rows
  private int rows;
  private long[] index = new long[0];
  private double[] truths = new double[0]; // true numbers, NaN: none; or classes, -1: none
  private double[] results = new double[0];
  private int[] labels = new int[0];

  @Override
  public void begin(Outputs outputs, int targets, List<String> columns) {
    this.outputs = outputs;
    this.targets = targets;
  }

  @Override
  public void row(long number, String[] texts, List<String> unused, Answer answer, int at) {
    int count = outputs.count();
    if (rows == MOST / count) {
      throw Problem.failure(
          "predict: more than " + rows + " rows of " + count + " outputs, expected --out FILE.csv");
    } else if (rows == index.length) {
      room = (int) Math.min(2L * room, MOST / count);
      index = Arrays.copyOf(index, room);
      truths = Arrays.copyOf(truths, room * targets);
      results = Arrays.copyOf(results, room * count);
      labels = Arrays.copyOf(labels, room);
    }
    index[rows] = number;
    for (int k = 0; k < targets; k++) {
      truths[rows * targets + k] =
          outputs.areClasses() ? label(texts[k]) : Arguments.number(texts[k]);
    }
    System.arraycopy(answer.results(), at * count, results, rows * count, count);
    labels[rows] = outputs.areClasses() ? answer.labels()[at] : -1;
    rows++;
  }

  private int label(String text) {
    if (outputs.names().isEmpty()) {
      return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
    }
    return outputs.names().indexOf(text);
  }

  public void write(Path file) throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("index", NdArray.of(Arrays.copyOf(index, rows), rows));
    Answer.Values read =
        (answer, row, to) -> System.arraycopy(answer.results(), row * targets, to, 0, targets);
    if (targets > 0) {
      boolean areClasses = outputs.areClasses();
      Answer.Column column =
          new Answer.Column(
              "true",
              "",
              areClasses ? Answer.Kind.CLASS : Answer.Kind.DOUBLE,
              areClasses ? 0 : targets,
              null,
              read);
      arrays.put("true", column.array(new Answer(truths, null, rows, List.of())));
    }
    Answer all = new Answer(results, labels, rows, List.of());
    for (List<Answer.Column> group : outputs.columns()) {
      group.forEach(column -> arrays.put(column.name(), column.array(all)));
    }
    arrays.put("class_names", NdArray.ofStrings(outputs.shownNames(), outputs.count()));
    Npz.write(file, arrays);
  }
}
