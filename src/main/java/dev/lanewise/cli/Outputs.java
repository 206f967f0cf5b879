package dev.lanewise.cli;

import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import java.util.Arrays;
import java.util.List;

/** What the outputs of a model are, for those who write them. */
record Outputs(Mlp model, List<String> names) {
  static Outputs of(Mlp model) {
    return new Outputs(model, model.classNames());
  }

  boolean areClasses() {
    return model.loss().takesClasses();
  }

  boolean areNumbers() {
    return model.loss().isRegression();
  }

  /** Whether results are doubles, and not floats that are kept in doubles. */
  boolean areDoubles() {
    return !(model.targetScaling() instanceof Scaling.None);
  }

  /** Appends a result, in the shortest text that reads back as it. */
  void append(StringBuilder text, double result) {
    if (areDoubles()) {
      text.append(result);
    } else {
      text.append((float) result);
    }
  }

  /** Some results, as doubles or floats. */
  Object array(double[] results, int from, int count) {
    double[] doubles = Arrays.copyOfRange(results, from, from + count);
    return areDoubles() ? doubles : floats(doubles);
  }

  private static float[] floats(double[] doubles) {
    float[] floats = new float[doubles.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) doubles[i];
    }
    return floats;
  }

  int count() {
    return model.architecture().outputs();
  }

  /** The name of a class or output, its number where it has none; "none" for no class at all. */
  String name(int output) {
    return output < 0 ? "none" : DataSource.className(names, output);
  }
}
