package dev.lanewise.table;

import dev.lanewise.data.ScaleChoice;
import dev.lanewise.nn.Loss;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Options that many tests share. */
final class Options {
  static final DivisionOptions WHOLE = shares(1.0);
  static final ScaleOptions UNSCALED = ScaleOptions.defaults().withScale(ScaleChoice.named("none"));

  private Options() {}

  static ReadOptions target(String column) {
    return ReadOptions.defaults().withTarget(column);
  }

  static DivisionOptions shares(Double... shares) {
    return DivisionOptions.defaults().withSplitSizes(Arrays.asList(shares));
  }

  static ScaleOptions loss(Loss loss) {
    return ScaleOptions.defaults().withLoss(loss);
  }

  /** Returns the options as an array. */
  static LoadOptions[] of(LoadOptions... options) {
    return options;
  }

  /** Returns options in which later ones replace earlier ones of the same kind. */
  static LoadOptions[] with(LoadOptions[] base, LoadOptions... more) {
    Map<Class<?>, LoadOptions> all = new LinkedHashMap<>();
    for (LoadOptions[] some : new LoadOptions[][] {base, more}) {
      for (LoadOptions one : some) {
        all.put(one.getClass(), one);
      }
    }
    return all.values().toArray(new LoadOptions[0]);
  }
}
