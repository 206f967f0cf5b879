package dev.lanewise.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Splits what follows a command's name into options and the operand. */
final class ArgumentParser {
  private final Usage usage;
  private final Map<String, String> given = new LinkedHashMap<>();
  private String operand;

  private ArgumentParser(Usage usage) {
    this.usage = usage;
  }

  static Arguments parse(Usage usage, List<String> words) {
    ArgumentParser parser = new ArgumentParser(usage);
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.startsWith("-") && word.length() > 1) {
        i += parser.option(word, i + 1 < words.size() ? words.get(i + 1) : null);
      } else {
        parser.operand(word);
      }
    }
    if (!usage.operand().isEmpty() && parser.operand == null && !parser.given.containsKey("help")) {
      throw Problem.usage(usage.command() + ": no file, expected a " + usage.operand());
    }
    return new Arguments(usage, parser.given, Optional.ofNullable(parser.operand));
  }

  /** Takes an option and returns how many of the words behind it belong to it. */
  private int option(String word, String next) {
    int equals = word.indexOf('=');
    String hyphenated = equals < 0 ? word : word.substring(0, equals);
    Option option =
        usage
            .option(hyphenated.startsWith("--") ? hyphenated.substring(2) : "")
            .orElseThrow(() -> unknown(hyphenated));
    if (!option.available()) {
      throw Problem.usage(hyphenated + " is not available in this version");
    }
    String value;
    if (option.isFlag()) {
      if (equals >= 0) {
        throw Problem.usage(hyphenated + ": a value was given, expected none");
      }
      value = "";
    } else {
      value = equals >= 0 ? word.substring(equals + 1) : next;
      // A negative number is a value; what begins with two hyphens is the next option.
      if (value == null || (equals < 0 && value.startsWith("--"))) {
        throw Problem.usage(hyphenated + ": no value, expected " + option.value());
      }
      if (value.isBlank()) {
        throw Problem.usage(hyphenated + ": an empty value, expected " + option.value());
      }
    }
    if (given.put(option.name(), value) != null) {
      throw Problem.usage(hyphenated + ": given twice, expected once");
    }
    return !option.isFlag() && equals < 0 ? 1 : 0;
  }

  private Problem unknown(String hyphenated) {
    List<String> names =
        usage.all().filter(Option::available).map(option -> option.hyphenated()).toList();
    String suggestion = Nearest.suggestion(hyphenated, names);
    return Problem.usage(
        hyphenated
            + ": no such option of "
            + usage.command()
            + (suggestion.isEmpty()
                ? ", see lanewise " + usage.command() + " --help"
                : suggestion));
  }

  private void operand(String word) {
    if (usage.operand().isEmpty() || operand != null) {
      throw Problem.usage(
          "'"
              + word
              + "': not an option, expected "
              + (operand == null ? "" : "one " + usage.operand() + " and ")
              + "options that begin with --");
    }
    if (word.isBlank()) {
      throw Problem.usage("an empty file name, expected a " + usage.operand());
    }
    operand = word;
  }
}
