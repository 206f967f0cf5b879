package dev.lanewise.terminal;

import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Task;
import dev.lanewise.recipe.Recipe;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The usage of a command. The text of --help is also the table of options: a command accepts
 * exactly the options that it lists; defaults are in brackets. What an option takes stands behind
 * it after an {@code @}, which nobody sees: words such as {@code yes|no}, or whole numbers such as
 * {@code 1..1000} or {@code 1..}.
 *
 * <p>In the file of all helps, a line that begins with {@code <} stands for another section, {@code
 * >} begins a group of options, and {@code +} an option, an example or, alone in a line, a
 * paragraph that only {@code --help all} shows. Words in braces stand for the names of constants.
 * Lines are broken anew for the width of the help, so an option or a paragraph may have any number
 * of lines in the file.
 */
public final class Usage {
  private static final String COMMON = "every command";

  private static final int WIDTH = 100; // characters of a line
  private static final int INDENT = 25; // blanks before all lines of an option but the first

  /** An option in the first line, whose value may be given without its name. */
  private static final Pattern POSITIONAL = Pattern.compile("\\[([A-Z]+)]");

  private static final Map<String, String> SECTIONS = sections();

  public static final List<String> COMMANDS = commands();

  final String command;

  /** The text that --help prints: the options of every day. */
  private final String help;

  /** The text that --help all prints. */
  private final String all;

  /** Placeholders of the names of files that follow the command. */
  final List<String> files;

  /** Options whose values may be given without their names, in this order. */
  final List<String> positional = new ArrayList<>();

  /** Placeholder of the value of each option; empty if it takes none. */
  public final Map<String, String> values = new LinkedHashMap<>();

  /** What the help says of each option. */
  public final Map<String, String> descriptions = new LinkedHashMap<>();

  /** What options take. */
  final Map<String, String> allowed = new HashMap<>();

  /** Default values of options. */
  public final Map<String, String> defaults = new HashMap<>();

  private Usage(String command) {
    this.command = command;
    List<String> lines = lines(SECTIONS, command, COMMON);
    for (int i = 0; i < lines.size(); i++) {
      if (isOption(lines.get(i))) {
        lines.set(i, add(lines.get(i)));
      }
    }
    help = everyday(lines, command);
    all = all(lines);
    String words = all.substring(0, all.indexOf('[')).replace("Usage: lanewise " + command, "");
    files = words.isBlank() ? List.of() : List.of(words.strip().split(" "));
    Matcher place = POSITIONAL.matcher(lines.get(0));
    while (place.find()) {
      positional.add(place.group(1).toLowerCase(Locale.ROOT));
    }
  }

  /**
   * Adds an option and returns its line as people see it: two hyphens and the name, a placeholder
   * of the value, at least two spaces, and words, which may end with a default. A regular
   * expression for this takes 15 ms of a start.
   */
  private String add(String entry) {
    int gap = entry.indexOf("  ", 4);
    String[] names = entry.substring(4, gap).split(" ");
    int at = entry.indexOf(" @");
    String line = at < 0 ? entry : entry.substring(0, at);
    if (at >= 0) {
      allowed.put(names[0], entry.substring(at + 2));
    }
    String words = line.substring(gap).stripLeading();
    values.put(names[0], names.length > 1 ? names[1] : "");
    descriptions.put(names[0], words);
    String last = words.substring(words.lastIndexOf(' ') + 1);
    int end = last.endsWith(")") ? last.length() - 2 : last.length() - 1;
    if (last.indexOf('[') >= 0 && last.indexOf('[') < end - 1 && last.charAt(end) == ']') {
      defaults.put(names[0], last.substring(last.indexOf('[') + 1, end));
    }
    return line;
  }

  /** Returns whether there may be more files than are named. */
  boolean takesMore() {
    return !files.isEmpty() && files.get(files.size() - 1).endsWith("...");
  }

  /** Returns the text of --help: with all options, or only with the everyday options. */
  public String help(boolean ofAll) {
    return ofAll ? all : help;
  }

  public static Usage of(String command) {
    return new Usage(command);
  }

  /** Returns option names as they are typed. */
  public List<String> hyphenated() {
    return values.keySet().stream().map(name -> "--" + name).toList();
  }

  /** Returns the help of the whole program. */
  public static String ofProgram() {
    return all(lines(SECTIONS, "lanewise"));
  }

  /** Returns the version of the program. */
  public static String version() {
    return ofProgram().substring(ofProgram().indexOf(' ') + 1, ofProgram().indexOf(':'));
  }

  private static Map<String, String> sections() {
    Map<String, String> sections = new LinkedHashMap<>();
    try (InputStream in = Usage.class.getResourceAsStream("/dev/lanewise/cli/help.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String section : text.substring(2).split("\n= ")) {
        int end = section.indexOf('\n');
        sections.put(section.substring(0, end), section.substring(end + 1).stripTrailing() + "\n");
      }
    } catch (IOException e) {
      throw new AssertionError("the jar is not whole", e);
    }
    return sections;
  }

  /**
   * Returns the sections of the commands: those between the section of the program, which is the
   * first, and the section for every command.
   */
  private static List<String> commands() {
    List<String> names = List.copyOf(SECTIONS.keySet());
    return names.subList(1, names.indexOf(COMMON));
  }

  /** Returns sections with each option and each paragraph in one line. */
  private static List<String> lines(Map<String, String> sections, String... names) {
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

  private static boolean isOption(String line) {
    return line.startsWith("  --") || line.startsWith("+ --");
  }

  /** Returns the text with all options. */
  private static String all(List<String> lines) {
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
  private static String everyday(List<String> lines, String command) {
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
