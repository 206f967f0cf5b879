package dev.lanewise.cli;

import dev.lanewise.data.LoadOptions;
import java.util.function.BiFunction;

/**
 * Options of data that a command line may have.
 *
 * @param options so far
 * @param arguments of the command
 */
record GivenOptions(LoadOptions options, Arguments arguments) {
  /** With what the user says in one option, if it is given; what it may be the library knows. */
  GivenOptions with(String option, BiFunction<LoadOptions, String, LoadOptions> set) {
    if (!arguments.has(option)) {
      return this;
    }
    try {
      return new GivenOptions(set.apply(options, arguments.text(option)), arguments);
    } catch (IllegalArgumentException e) {
      throw arguments.wrong(option, e.getMessage().replaceFirst("(?s).*, expected ", ""));
    }
  }
}
