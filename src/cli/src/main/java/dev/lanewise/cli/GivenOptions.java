package dev.lanewise.cli;

import dev.lanewise.table.LoadOptions;
import java.util.function.BiFunction;

/**
 * Options of data that a command line may have.
 *
 * @param options so far
 * @param arguments of the command
 */
record GivenOptions(LoadOptions options, Arguments arguments) {
  /** Applies one option if the user gives it; the library checks its value. */
  GivenOptions with(String option, BiFunction<LoadOptions, String, LoadOptions> set) {
    if (!arguments.has(option)) {
      return this;
    }
    try {
      return new GivenOptions(set.apply(options, arguments.text(option)), arguments);
    } catch (IllegalArgumentException e) {
      throw arguments.wrong(option, e);
    }
  }
}
