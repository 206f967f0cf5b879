package dev.lanewise.terminal;

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
 * The usage of a command. The text of --help is also the table of options: a command accepts
 * exactly the options that it lists; defaults are in brackets.
 */
public final class Usage {
  private static final String COMMON = "every command";

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

  /** Default values of options. */
  public final Map<String, String> defaults = new HashMap<>();

  private Usage(String command) {
    this.command = command;
    List<String> lines = Help.lines(SECTIONS, command, COMMON);
    help = Help.everyday(lines, command);
    all = Help.all(lines);
    String words = all.substring(0, all.indexOf('[')).replace("Usage: lanewise " + command, "");
    files = words.isBlank() ? List.of() : List.of(words.strip().split(" "));
    Matcher place = POSITIONAL.matcher(lines.get(0));
    while (place.find()) {
      positional.add(place.group(1).toLowerCase(Locale.ROOT));
    }
    lines.stream().filter(Help::isOption).forEach(this::add);
  }

  /**
   * Adds an option: two hyphens and the name, a placeholder of the value, at least two spaces, and
   * words, which may end with a default. A regular expression for this takes 15 ms of a start.
   */
  private void add(String line) {
    int gap = line.indexOf("  ", 4);
    String[] names = line.substring(4, gap).split(" ");
    String words = line.substring(gap).stripLeading();
    values.put(names[0], names.length > 1 ? names[1] : "");
    descriptions.put(names[0], words);
    String last = words.substring(words.lastIndexOf(' ') + 1);
    int end = last.endsWith(")") ? last.length() - 2 : last.length() - 1;
    if (last.indexOf('[') >= 0 && last.indexOf('[') < end - 1 && last.charAt(end) == ']') {
      defaults.put(names[0], last.substring(last.indexOf('[') + 1, end));
    }
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
    return Help.all(Help.lines(SECTIONS, "lanewise"));
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
}
