package dev.lanewise.cli;

import java.util.List;
import java.util.stream.Stream;

/**
 * An option of a command.
 *
 * @param name without the hyphens
 * @param value what stands for its value in the help; empty for a flag, which has none
 * @param byDefault the value it has when it is not given; empty if that is told in the help
 * @param help what it does
 * @param available false for an option of a later version, which is refused by name
 */
record Option(String name, String value, String byDefault, String help, boolean available) {

  /** Those that every command takes. */
  static final List<Option> COMMON =
      List.of(
          flag("quiet", "results and errors only"),
          flag("json", "JSON Lines on stdout in place of text"),
          value("progress", "auto|on|off", "auto", "the bar; auto: only when there is a terminal"),
          value("threads", "N", "", "how many threads to use (default: all cores)"),
          flag("debug", "stack trace of an error"),
          flag("help", "this text"));

  static Option flag(String name, String help) {
    return new Option(name, "", "", help, true);
  }

  static Option value(String name, String value, String byDefault, String help) {
    return new Option(name, value, byDefault, help, true);
  }

  static Stream<Option> later(String... names) {
    return Stream.of(names).map(name -> new Option(name, "", "", "", false));
  }

  boolean isFlag() {
    return value.isEmpty();
  }

  String hyphenated() {
    return "--" + name;
  }
}
