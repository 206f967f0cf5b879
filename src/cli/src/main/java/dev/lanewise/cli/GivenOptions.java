package dev.lanewise.cli;

import java.util.function.BiFunction;

/**
 * Options of the library, to which those of a command line are applied.
 *
 * @param options so far
 * @param arguments of the command
 */
record GivenOptions<T>(T options, Arguments arguments) {
  /** Applies one option if the user gives it; the library checks its value. */
  GivenOptions<T> with(String option, BiFunction<T, String, T> set) {
    if (!arguments.has(option)) {
      return this;
    }
    try {
      return new GivenOptions<>(set.apply(options, arguments.text(option)), arguments);
    } catch (IllegalArgumentException e) {
      throw arguments.wrong(option, e);
    }
  }
}
