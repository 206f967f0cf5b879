package dev.lanewise;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;

/**
 * Finds the classes of a package that use each other in a circle. A class file names the classes
 * that it uses, even if only a constant of one was copied, and jdeps lists these names. Nested
 * classes count as a part of their outermost class.
 */
final class ClassCycles {
  /** Matches a line of jdeps: a class, and one that it uses. */
  private static final Pattern USE =
      Pattern.compile("(?m)^ +dev\\.lanewise\\.([\\w.$]+) +-> dev\\.lanewise\\.([\\w.$]+) ");

  private ClassCycles() {}

  /**
   * Returns every cycle of the modules, such as {@code data: Dataset, Parts}.
   *
   * @param modules folders of class files, one per module
   */
  static Set<String> of(List<Path> modules) {
    String all =
        modules.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    Set<String> cycles = new TreeSet<>();
    for (Path module : modules) {
      cycles.addAll(of(jdeps("-v", "--multi-release", "base", "--module-path", all, "" + module)));
    }
    return cycles;
  }

  /** Returns the cycles in an output of jdeps. */
  static Set<String> of(String uses) {
    Map<String, Set<String>> used = new TreeMap<>();
    Matcher use = USE.matcher(uses);
    while (use.find()) {
      String from = outermost(use.group(1));
      String to = outermost(use.group(2));
      if (!from.equals(to) && packageOf(from).equals(packageOf(to))) {
        used.computeIfAbsent(from, name -> new TreeSet<>()).add(to);
      }
    }
    Map<String, Set<String>> reached = new TreeMap<>();
    used.keySet().forEach(name -> reached.put(name, reached(name, used)));
    Set<String> cycles = new TreeSet<>();
    reached.forEach(
        (name, others) -> {
          if (others.contains(name)) {
            cycles.add(
                packageOf(name)
                    + ": "
                    + others.stream()
                        .filter(other -> reached.getOrDefault(other, Set.of()).contains(name))
                        .map(other -> other.substring(packageOf(other).length() + 1))
                        .collect(Collectors.joining(", ")));
          }
        });
    return cycles;
  }

  /** Returns the classes that a class uses, and those that they use, and so on. */
  private static Set<String> reached(String name, Map<String, Set<String>> used) {
    Set<String> reached = new TreeSet<>();
    Deque<String> next = new ArrayDeque<>(List.of(name));
    while (!next.isEmpty()) {
      for (String other : used.getOrDefault(next.remove(), Set.of())) {
        if (reached.add(other)) {
          next.add(other);
        }
      }
    }
    return reached;
  }

  private static String outermost(String name) {
    return name.replaceFirst("[$].*", "");
  }

  private static String packageOf(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }

  private static String jdeps(String... arguments) {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    int exit = ToolProvider.findFirst("jdeps").orElseThrow().run(writer, writer, arguments);
    if (exit != 0) {
      throw new AssertionError("jdeps: " + out);
    }
    return out.toString();
  }
}
