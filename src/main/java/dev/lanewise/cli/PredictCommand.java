package dev.lanewise.cli;

import dev.lanewise.format.AtomicFile;
import dev.lanewise.format.Csv;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.train.Evaluation;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code predict}: the class and the probabilities of each row, or the outputs of regression. */
final class PredictCommand implements Command, AtomicFile.IoConsumer<OutputStream> {
  private Subject subject;
  private Evaluation evaluation;

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    boolean toFile = arguments.has("out");
    String name = toFile ? arguments.text("out").toLowerCase(Locale.ROOT) : ".csv";
    if (!name.endsWith(".csv") && !name.endsWith(".npz")) {
      throw arguments.wrong("out", "a name that ends in .csv or .npz");
    }
    subject = Subject.load(arguments, output, toFile); // else stdout has a table and nothing beside
    evaluation = subject.evaluate(arguments);
    if (!toFile) {
      for (int row = output.json ? 0 : -1; row < evaluation.rows(); row++) {
        output.lines(output.json ? subject.event(evaluation, row) + "\n" : csv(row));
      }
      return;
    }
    interruption.hold();
    Path file = arguments.path("out");
    if (name.endsWith(".npz")) {
      Npz.write(file, arrays());
    } else {
      AtomicFile.write(file, this);
    }
    output.note("Saved " + evaluation.rows() + " predictions in " + file);
    output.event(Json.event("saved").put("file", file).put("rows", evaluation.rows()));
  }

  /** Writes the CSV file. */
  @Override
  public void accept(OutputStream out) throws IOException {
    for (int row = -1; row < evaluation.rows(); row++) {
      out.write(csv(row).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** A line of the CSV file; that of row -1 has the names of the columns. */
  private String csv(int row) {
    boolean classes = evaluation.kind().takesClasses();
    StringBuilder line = new StringBuilder(classes ? "index,true,predicted" : "index");
    if (row >= 0) {
      line = new StringBuilder().append(row);
    }
    if (!classes) {
      append(line, row, "true_", evaluation.target(Math.max(0, row)));
    } else if (row >= 0) {
      line.append(',').append(field(subject.className(evaluation.label(row))));
      line.append(',').append(field(subject.className(evaluation.predicted(row))));
    }
    String prefix = evaluation.kind().isRegression() ? "y_" : "p_";
    append(line, row, prefix, evaluation.probabilities(Math.max(0, row)));
    return line.append('\n').toString();
  }

  /** A number for each class or output; in row -1 the names of their columns. */
  private void append(StringBuilder line, int row, String prefix, float[] numbers) {
    for (int c = 0; c < numbers.length; c++) {
      line.append(',');
      if (row < 0) {
        line.append(field(prefix + subject.className(c)));
      } else {
        line.append(numbers[c]);
      }
    }
  }

  private static String field(String text) {
    return Csv.quoted(Output.printable(text));
  }

  private Map<String, NdArray> arrays() {
    int rows = evaluation.rows();
    int classes = evaluation.classes();
    long[] index = new long[rows];
    long[] labels = new long[rows];
    long[] predicted = new long[rows];
    boolean takesClasses = evaluation.kind().takesClasses();
    float[] targets = new float[takesClasses ? 0 : rows * classes];
    float[] probabilities = new float[rows * classes];
    for (int row = 0; row < rows; row++) {
      index[row] = row;
      if (takesClasses) {
        labels[row] = evaluation.label(row);
        predicted[row] = evaluation.predicted(row);
      } else {
        System.arraycopy(evaluation.target(row), 0, targets, row * classes, classes);
      }
      System.arraycopy(evaluation.probabilities(row), 0, probabilities, row * classes, classes);
    }
    List<String> names = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      names.add(subject.className(c));
    }
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("index", NdArray.of(index, rows));
    if (takesClasses) {
      arrays.put("true", NdArray.of(labels, rows));
      arrays.put("predicted", NdArray.of(predicted, rows));
    } else {
      arrays.put("true", NdArray.of(targets, rows, classes));
    }
    String name = evaluation.kind().isRegression() ? "outputs" : "probabilities";
    arrays.put(name, NdArray.of(probabilities, rows, classes));
    arrays.put("class_names", NdArray.ofStrings(names, classes));
    return arrays;
  }
}
