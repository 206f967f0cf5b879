package dev.lanewise.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A command's options as typed by the user, checked one by one as they are asked for. */
final class Arguments {
  /** No more: each takes a stack, and a machine of more cores has other tools. */
  private static final int MAX_THREADS = 1024;

  private static final String NUMBER = "[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?";

  private final Usage usage;
  private final Map<String, String> given;
  private final Optional<String> operand;

  Arguments(Usage usage, Map<String, String> given, Optional<String> operand) {
    this.usage = usage;
    this.given = given;
    this.operand = operand;
  }

  /** Whether the user gave it. */
  boolean has(String option) {
    return given.containsKey(option);
  }

  /** What the user gave, or the default. */
  String text(String option) {
    String value = given.get(option);
    return value != null ? value : usage.option(option).orElseThrow().byDefault();
  }

  /** One of several words. */
  String choice(String option, String... words) {
    String value = text(option);
    if (!Arrays.asList(words).contains(value)) {
      String expected =
          String.join(", ", Arrays.copyOf(words, words.length - 1))
              + " or "
              + words[words.length - 1];
      throw wrong(option, value, expected + Nearest.suggestion(value, List.of(words)));
    }
    return value;
  }

  /** A whole number in a range. */
  int integer(String option, int low, int high) {
    return integer(option, text(option), low, high);
  }

  int integer(String option, String text, int low, int high) {
    String upTo = high == Integer.MAX_VALUE ? "" : " to " + high;
    Optional<Integer> value = integer(text);
    return value
        .filter(v -> v >= low && v <= high)
        .orElseThrow(() -> wrong(option, text, "a whole number from " + low + upTo));
  }

  /** A whole number, or nothing if it is none or too large. */
  static Optional<Integer> integer(String text) {
    try {
      return Optional.of(Integer.parseInt(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Any whole number of 64 bits. */
  long seed(String option) {
    String text = text(option);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw wrong(option, text, "a whole number of at most 64 bits");
    }
  }

  /** A decimal number, or NaN if it is none: not all that Java takes for one. */
  static double number(String text) {
    return text.matches(NUMBER) ? Double.parseDouble(text) : Double.NaN;
  }

  /** A file or directory by its name. */
  Path path(String option) {
    return path("--" + option, text(option));
  }

  Path operand() {
    return path(usage.operand(), operand.orElseThrow());
  }

  private static Path path(String what, String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw Problem.usage(what + ": '" + name + "' is not a possible name of a file");
    }
  }

  /** How many threads to use. */
  int threads() {
    return has("threads")
        ? integer("threads", 1, MAX_THREADS)
        : Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
  }

  /** The error of a value that the option does not take. */
  static Problem wrong(String option, String value, String expected) {
    return Problem.usage("--" + option + ": '" + value + "', expected " + expected);
  }
}
