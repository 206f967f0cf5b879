package dev.lanewise.cli;

import dev.lanewise.nn.Mlp;
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

  int count() {
    return model.architecture().outputs();
  }

  /** The name of a class or output, its number where it has none; "none" for no class at all. */
  String name(int output) {
    return output < 0 ? "none" : DataSource.className(names, output);
  }
}
