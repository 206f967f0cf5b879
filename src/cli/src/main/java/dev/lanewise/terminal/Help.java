package dev.lanewise.terminal;

import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Task;
import dev.lanewise.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The layout of a help. In the file of all helps, a line that begins with {@code <} stands for
 * another section, {@code >} begins a group of options, and {@code +} an option, an example or,
 * alone in a line, a paragraph that only {@code --help all} shows. Words in braces stand for the
 * names of constants. Lines are broken anew for the width of the help, so an option or a paragraph
 * may have any number of lines in the file.
 */
final class Help {
  private static final int WIDTH = 100; // characters of a line
  private static final int INDENT = 25; // blanks before all lines of an option but the first

  private Help() {}

  /** Returns sections with each option and each paragraph in one line. */
  static List<String> lines(Map<String, String> sections, String... names) {
    List<String> lines = new ArrayList<>();
    for (String name : names) {
      add(sections, name, lines);
    }
    return lines;
  }

  private static void add(Map<String, String> sections, String name, List<String> lines) {
    for (String line : sections.get(name).split("\n")) {
      if (line.startsWith("< ")) {
        add(sections, line.substring(2), lines);
        continue;
      }
      String words = line.contains("{") ? withNames(line) : line;
      int last = lines.size() - 1;
      if (last >= 0 && continues(lines.get(last), words)) {
        lines.set(last, lines.get(last) + " " + words.strip());
      } else {
        lines.add(words);
      }
    }
  }

  private static boolean continues(String before, String line) {
    return isOption(before) ? line.startsWith(" ".repeat(10)) : isProse(before) && isProse(line);
  }

  /** Returns whether a line belongs to a paragraph. Colons end one, as tables follow them. */
  private static boolean isProse(String line) {
    return !line.isEmpty() && !line.endsWith(":") && Character.isLetterOrDigit(line.charAt(0));
  }

  static boolean isOption(String line) {
    return line.startsWith("  --") || line.startsWith("+ --");
  }

  /** Returns the text with all options. */
  static String all(List<String> lines) {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      if (line.startsWith("> ")) {
        text.append(text.toString().endsWith("\n\n") ? "" : "\n");
        text.append(line, 2, line.length()).append(":\n");
      } else {
        wrap(line.startsWith("+") ? (" " + line.substring(1)).stripTrailing() : line, text);
      }
    }
    return text.append('\n').toString();
  }

  /** Returns the text without what is further, and a last line with the number of such options. */
  static String everyday(List<String> lines, String command) {
    List<String> shown = new ArrayList<>();
    boolean further = false; // in a paragraph
    for (String line : lines) {
      further = line.equals("+") || further && !line.isEmpty() && !line.startsWith("> ");
      int last = shown.size() - 1;
      boolean empty = last >= 0 && shown.get(last).startsWith("> ");
      if (empty && (line.startsWith("> ") || line.isEmpty())) {
        shown.remove(last); // a group of which no option is shown
      }
      if (!further && !line.startsWith("+ ")) {
        shown.add(line);
      }
    }
    long hidden = lines.stream().filter(line -> line.startsWith("+ --")).count();
    String more = "\n\nFor %d further options: lanewise %s --help all\n\n";
    return all(shown).stripTrailing() + more.formatted(hidden, command);
  }

  private static void wrap(String line, StringBuilder text) {
    String rest = line;
    while (rest.length() > WIDTH) {
      int end = rest.lastIndexOf(' ', WIDTH);
      text.append(rest, 0, end).append('\n');
      rest = (isOption(line) ? " ".repeat(INDENT) : "") + rest.substring(end + 1);
    }
    text.append(rest).append('\n');
  }

  private static String withNames(String line) {
    String words =
        line.replace("{activations}", String.join(", ", Activation.labels()))
            .replace("{losses}", losses());
    for (String option : List.of("init", "optimizer", "schedule")) {
      List<String> choices = Recipe.option(option).choices();
      words = words.replace("{" + option + "}", or(choices));
    }
    return words;
  }

  /** Returns words as they stand in a sentence: a, b or c. */
  static String or(List<String> words) {
    int last = words.size() - 1;
    return String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }

  private static String losses() {
    return Stream.of(Loss.values())
        .map(loss -> loss.label() + " (" + targets(loss.task()) + ")")
        .collect(Collectors.joining(", "));
  }

  private static String targets(Task task) {
    return task.hasClasses() ? "classes" : task.hasLabels() ? "several labels" : "numbers";
  }
}
