package dev.lanewise.cli;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** The texts of --help. */
final class Help {
  private static final String PROGRAM = "lanewise";
  private static final int WIDTH = 100;

  private Help() {}

  static String ofProgram(Collection<Command> commands) {
    StringBuilder text = new StringBuilder();
    line(text, "Lanewise " + Version.text() + ": exact, fast multilayer perceptrons");
    line(text, "");
    line(text, "Usage: " + PROGRAM + " COMMAND [options]");
    line(text, "");
    for (Command command : commands) {
      Usage usage = command.usage();
      line(
          text,
          "  " + padded((usage.command() + " " + usage.operand()).strip(), 14) + usage.summary());
    }
    line(text, "");
    line(
        text, PROGRAM + " COMMAND --help tells a command's options; --version prints the version.");
    line(text, "Here and there, " + PROGRAM + " stands for");
    line(text, "  java --add-modules jdk.incubator.vector -jar lanewise-VERSION.jar");
    return text.toString();
  }

  static String ofCommand(Usage usage) {
    StringBuilder text = new StringBuilder();
    String operand = usage.operand().isEmpty() ? "" : " " + usage.operand();
    line(text, "Usage: " + PROGRAM + " " + usage.command() + operand + " [options]");
    line(text, "");
    line(text, sentence(usage.summary()));
    options(text, "Options:", usage.options());
    options(text, "Options of every command:", Option.COMMON);
    if (!usage.notes().isEmpty()) {
      line(text, "");
      usage.notes().forEach(note -> line(text, note));
    }
    String later =
        usage.options().stream()
            .filter(option -> !option.available())
            .map(Option::hyphenated)
            .collect(Collectors.joining(" "));
    if (!later.isEmpty()) {
      line(text, "");
      wrapped(text, "Not available in this version: ", later, 0);
    }
    line(text, "");
    line(text, "Examples:");
    usage.examples().forEach(example -> line(text, "  " + PROGRAM + " " + example));
    return text.toString();
  }

  private static void options(StringBuilder text, String title, List<Option> options) {
    List<Option> shown = options.stream().filter(Option::available).toList();
    if (shown.isEmpty()) {
      return;
    }
    line(text, "");
    line(text, title);
    int width = shown.stream().mapToInt(option -> left(option).length()).max().orElse(0) + 2;
    for (Option option : shown) {
      String byDefault =
          option.byDefault().isEmpty() ? "" : " (default: " + option.byDefault() + ")";
      wrapped(text, padded(left(option), width), option.help() + byDefault, width);
    }
  }

  private static String left(Option option) {
    return "  " + option.hyphenated() + (option.isFlag() ? "" : " " + option.value());
  }

  /** Breaks text between words, further lines indented. */
  private static void wrapped(StringBuilder text, String start, String words, int indent) {
    StringBuilder line = new StringBuilder(start);
    for (String word : words.split(" ")) {
      boolean first = line.length() == Math.max(start.length(), indent);
      if (line.length() + 1 + word.length() > WIDTH && !first) {
        line(text, line.toString());
        line = new StringBuilder(" ".repeat(indent));
        first = true;
      }
      line.append(first || line.length() <= indent ? "" : " ").append(word);
    }
    line(text, line.toString());
  }

  private static String sentence(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }

  private static void line(StringBuilder text, String line) {
    text.append(line.stripTrailing()).append('\n');
  }
}
