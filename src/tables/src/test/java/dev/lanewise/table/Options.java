package dev.lanewise.table;

import java.util.LinkedHashMap;
import java.util.Map;

/** Combines options that many tests share with those of one test. */
final class Options {
  private Options() {}

  /** {@return the options themselves, for lists of options} */
  static LoadOptions[] of(LoadOptions... options) {
    return options;
  }

  /** Returns options of which later ones replace earlier ones of the same kind. */
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
