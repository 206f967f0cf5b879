package dev.lanewise.cli;

import dev.lanewise.model.Coverage;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Scaling;
import dev.lanewise.trust.Familiarity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The names and types of the outputs of a model.
 *
 * @param familiarity of rows, if it is an output, too; else null
 * @param level of sets or intervals, if they are outputs, too; else null
 */
record Outputs(Model model, List<String> names, Familiarity familiarity, Coverage.Level level) {
  /** The column and the option of the familiarity. */
  static final String FAMILIAR = "familiar";

  static Outputs of(Model model) {
    return of(model, null);
  }

  static Outputs of(Model model, Familiarity familiarity) {
    return new Outputs(model, model.classNames(), familiarity, null);
  }

  /** Returns the outputs that options ask for. */
  static Outputs of(Model model, List<String> names, Arguments arguments, Output output) {
    return new Outputs(
        model, names, familiarity(model, arguments), CoverageLevel.asked(model, arguments, output));
  }

  /** Returns the familiarity of the model if the option asks for it, else null. */
  static Familiarity familiarity(Model model, Arguments arguments) {
    if (!arguments.has(FAMILIAR)) {
      return null;
    }
    return Familiarity.of(model)
        .orElseThrow(
            () ->
                Problem.failure(
                    "--familiar: a model that does not know how familiar rows are, expected one of"
                        + " train --familiar"));
  }

  boolean areFamiliar() {
    return familiarity != null;
  }

  /** Returns whether there are sets or intervals. */
  boolean areCovering() {
    return level != null;
  }

  /** Returns the names of the classes in the set of a row, or their numbers. */
  List<Object> set(double[] results, int from) {
    boolean[] inside = level.set(Arrays.copyOfRange(results, from, from + count()));
    List<Object> set = new ArrayList<>();
    for (int c = 0; c < inside.length; c++) {
      if (inside[c]) {
        set.add(names.isEmpty() ? (Object) c : names.get(c));
      }
    }
    return set;
  }

  /** Returns the lower or upper ends of the intervals of a row. */
  double[] ends(double[] results, int from, boolean upper) {
    double[] ends = new double[count()];
    for (int k = 0; k < ends.length; k++) {
      double y = results[from + k];
      ends[k] = upper ? level.high(k, y) : level.low(k, y);
    }
    return ends;
  }

  boolean areClasses() {
    return model.loss().task().hasClasses();
  }

  boolean areNumbers() {
    return model.loss().task().hasNumbers();
  }

  boolean areDoubles() {
    return !(model.targetScaling() instanceof Scaling.None);
  }

  /** Appends the shortest text from which the result can be read back. */
  void append(StringBuilder text, double result) {
    if (areDoubles()) {
      text.append(result);
    } else {
      text.append((float) result);
    }
  }

  Object array(double[] results, int from, int count) {
    double[] doubles = Arrays.copyOfRange(results, from, from + count);
    if (areDoubles()) {
      return doubles;
    }
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = (float) doubles[i];
    }
    return floats;
  }

  int count() {
    return model.outputs();
  }

  /** Returns the name of each class or output, or its number. */
  List<String> shownNames() {
    return IntStream.range(0, count()).mapToObj(this::name).toList();
  }

  /** Returns the name of a class or output, or its number; "none" for no class. */
  String name(int output) {
    return output < 0 ? "none" : DataSource.className(names, output);
  }
}
