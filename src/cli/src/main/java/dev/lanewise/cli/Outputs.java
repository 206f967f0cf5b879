package dev.lanewise.cli;

import dev.lanewise.nn.Model;
import dev.lanewise.nn.Scaling;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The names and types of the outputs of a model. */
record Outputs(Model model, List<String> names) {
  static Outputs of(Model model) {
    return new Outputs(model, model.classNames());
  }

  boolean areClasses() {
    return model.loss().takesClasses();
  }

  boolean areNumbers() {
    return model.loss().isRegression();
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
