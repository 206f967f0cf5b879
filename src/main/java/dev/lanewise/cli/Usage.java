package dev.lanewise.cli;

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

/**
 * How a command is called. The text that --help prints is also the table of options: what it lists
 * can be typed, with the defaults that stand in brackets, and nothing else.
 */
final class Usage {
  private static final String COMMON = "every command";

  /** Two hyphens and the name, what stands for a value, words, and perhaps a default. */
  private static final Pattern OPTION =
      Pattern.compile("  --(\\S+)(?: (\\S+))?  .*?(?:\\[(\\S+)])?\\)?");

  /** What stands in the first line for the value of an option. */
  private static final Pattern POSITIONAL = Pattern.compile("\\[([A-Z]+)]");

  private static final Map<String, String> SECTIONS = sections();

  /** The commands. */
  static final List<String> COMMANDS =
      List.copyOf(SECTIONS.keySet()).subList(1, SECTIONS.size() - 1);

  final String command;

  /** What --help prints. */
  final String help;

  /** What the names of files are called that follow the command. */
  final List<String> files;

  /** The options whose values may also stand without a name, in this order. */
  private final List<String> positional = new ArrayList<>();

  /** What stands for the value of each option; nothing if it takes none. */
  final Map<String, String> values = new LinkedHashMap<>();

  /** The values of options that are not given. */
  final Map<String, String> defaults = new HashMap<>();

  private Usage(String command) {
    this.command = command;
    help = SECTIONS.get(command) + SECTIONS.get(COMMON);
    String words = help.substring(0, help.indexOf('[')).replace("Usage: lanewise " + command, "");
    files = words.isBlank() ? List.of() : List.of(words.strip().split(" "));
    Matcher place = POSITIONAL.matcher(help.substring(0, help.indexOf('\n')));
    while (place.find()) {
      positional.add(place.group(1).toLowerCase(Locale.ROOT));
    }
    for (String line : help.replaceAll("\n {10,}", " ").split("\n")) { // what goes on is one line
      Matcher option = OPTION.matcher(line);
      if (option.matches()) {
        values.put(option.group(1), option.group(2) == null ? "" : option.group(2));
        if (option.group(3) != null) {
          defaults.put(option.group(1), option.group(3));
        }
      }
    }
  }

  /** The option whose value a word without a name is, the first of them 0; null if it is none. */
  String positional(int which) {
    return which < positional.size() ? positional.get(which) : null;
  }

  /** Whether there may be more files than are named. */
  boolean takesMore() {
    return !files.isEmpty() && files.get(files.size() - 1).endsWith("...");
  }

  static Usage of(String command) {
    return new Usage(command);
  }

  /** Option names as they are typed. */
  List<String> hyphenated() {
    List<String> names = new ArrayList<>();
    for (String name : values.keySet()) {
      names.add("--" + name);
    }
    return names;
  }

  /** The help of the program as a whole. */
  static String ofProgram() {
    return SECTIONS.get("lanewise");
  }

  /** The version of the program. */
  static String version() {
    return ofProgram().substring(ofProgram().indexOf(' ') + 1, ofProgram().indexOf(':'));
  }

  private static Map<String, String> sections() {
    Map<String, String> sections = new LinkedHashMap<>();
    try (InputStream in = Usage.class.getResourceAsStream("help.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String section : text.substring(2).split("\n= ")) {
        int end = section.indexOf('\n');
        sections.put(
            section.substring(0, end), section.substring(end + 1).stripTrailing() + "\n\n");
      }
    } catch (IOException e) {
      throw new AssertionError("the jar is not whole", e);
    }
    return sections;
  }
}
