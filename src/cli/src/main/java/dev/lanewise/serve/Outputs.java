package dev.lanewise.serve;

import static dev.lanewise.serve.Answer.Kind.CLASS;
import static dev.lanewise.serve.Answer.Kind.DOUBLE;
import static dev.lanewise.serve.Answer.Kind.FLOAT;
import static dev.lanewise.serve.Answer.Kind.SET;

import dev.lanewise.files.ClassNames;
import dev.lanewise.model.Coverage;
import dev.lanewise.model.Model;
import dev.lanewise.serve.Answer.Kind;
import dev.lanewise.serve.Answer.Values;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Output;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The names and types of the outputs of a model.
 *
 * @param level the level of sets or intervals, if they are outputs, too; else null
 */
public record Outputs(Model model, List<String> names, Coverage.Level level) {
  public static Outputs of(Model model) {
    return new Outputs(model, model.classNames(), null);
  }

  /** Returns the outputs that options ask for. */
  public static Outputs of(Model model, List<String> names, Arguments arguments, Output output) {
    return new Outputs(model, names, CoverageLevel.asked(model, arguments, output));
  }

  /** Returns the columns of answers in groups, of which CSV writes one output after the other. */
  public List<List<Answer.Column>> columns() {
    List<List<Answer.Column>> all = new ArrayList<>();
    int n = count();
    if (areClasses()) {
      all.add(List.of(column("predicted", "", CLASS, 0, (a, row, to) -> to[0] = a.labels()[row])));
    }
    String prefix = areNumbers() ? "y_" : "p_";
    String results = model.loss().task().results();
    Kind precision = model.targetScaling().isNone() ? FLOAT : DOUBLE;
    Values read = (a, row, to) -> System.arraycopy(a.results(), row * n, to, 0, n);
    all.add(List.of(column(results, prefix, precision, n, read)));
    if (level != null && areClasses()) {
      all.add(List.of(column("set", "in_", SET, n, this::set)));
    } else if (level != null) {
      all.add(
          List.of(
              column("low", "low_", DOUBLE, n, (a, row, to) -> ends(a, row, to, level::low)),
              column("high", "high_", DOUBLE, n, (a, row, to) -> ends(a, row, to, level::high))));
    }
    return all;
  }

  private Answer.Column column(String name, String prefix, Kind kind, int width, Values values) {
    return new Answer.Column(name, prefix, kind, width, this::label, values);
  }

  private void set(Answer answer, int row, double[] to) {
    int from = row * count();
    boolean[] inside = level.set(Arrays.copyOfRange(answer.results(), from, from + count()));
    for (int c = 0; c < inside.length; c++) {
      to[c] = inside[c] ? 1 : 0;
    }
  }

  /** Returns whether the class of a row is not in the row's own set, if there are sets. */
  public boolean isOutside(Answer answer, int row) {
    if (level == null || !areClasses() || answer.labels()[row] < 0) {
      return false;
    }
    int from = row * count();
    return !level
        .set(Arrays.copyOfRange(answer.results(), from, from + count()))[answer.labels()[row]];
  }

  /** Returns the note on such rows; none if there are none. */
  public static List<String> outside(long rows) {
    return rows == 0
        ? List.of()
        : List.of(
            ("The class of %s is not in its own set: the class follows from the probabilities"
                    + " or the decision of the model, the set from the level of coverage")
                .formatted(rows == 1 ? "1 row" : rows + " rows"));
  }

  /** Returns an answer with a note if rows have a class that is not in their sets. */
  public Answer noted(Answer answer) {
    if (level == null || !areClasses()) {
      return answer;
    }
    long rows = IntStream.range(0, answer.rows()).filter(row -> isOutside(answer, row)).count();
    return rows == 0 ? answer : answer.with(outside(rows));
  }

  /** Returns an end of the interval around a result. */
  private interface End {
    public double of(int output, double result);
  }

  private void ends(Answer answer, int row, double[] to, End end) {
    for (int k = 0; k < count(); k++) {
      to[k] = end.of(k, answer.results()[row * count() + k]);
    }
  }

  /** Returns the name of a class, or its number if it has none; null for no class. */
  Object label(int label) {
    return label < 0 ? null : names.isEmpty() ? (Object) label : name(label);
  }

  boolean areClasses() {
    return model.loss().task().hasClasses();
  }

  boolean areNumbers() {
    return model.loss().task().hasNumbers();
  }

  public int count() {
    return model.outputs();
  }

  /** Returns the name of each class or output, or its number. */
  public List<String> shownNames() {
    return IntStream.range(0, count()).mapToObj(this::name).toList();
  }

  /** Returns the name of a class or output, or its number; "none" for no class. */
  String name(int output) {
    return output < 0 ? "none" : ClassNames.of(names, output);
  }
}
