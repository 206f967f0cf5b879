package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Counts the lines of code of each part, and fails above the ceilings in {@code src/ceilings.txt}.
 * Imports, the line of the package, lines of comments and blank lines do not count, so that nobody
 * saves them, and a division into packages costs nothing.
 */
class CodeLinesTest {
  private static final Path SOURCES = OwnJvm.ROOT.resolve("src");

  private static final Pattern FILE = Pattern.compile(".*\\.java(\\.txt)?");

  private static final Pattern HEAD = Pattern.compile("(?m)^(import|package) .*");

  /** Counts the lines that have more than blanks, comments, imports and the name of the package. */
  static int codeLines(String source) {
    String text = HEAD.matcher(source).replaceAll("");
    int lines = 0;
    boolean isCode = false; // of the current line
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (text.startsWith("//", i)) {
        i = end(text, i, "\n"); // of the line, which is next
        i -= text.charAt(i - 1) == '\n' ? 2 : 1;
      } else if (text.startsWith("/*", i)) {
        int end = end(text, i + 2, "*/");
        if (isCode && text.substring(i, end).contains("\n")) {
          lines++;
          isCode = false;
        }
        i = end - 1;
      } else if (c == '"' || c == '\'') {
        String quote = text.startsWith("\"\"\"", i) ? "\"\"\"" : "" + c;
        int end = end(text, i + quote.length(), quote);
        lines += (int) text.substring(i, end).lines().filter(line -> !line.isBlank()).count() - 1;
        i = end - 1;
        isCode = true;
      } else if (c == '\n') {
        lines += isCode ? 1 : 0;
        isCode = false;
      } else {
        isCode |= !Character.isWhitespace(c);
      }
    }
    return lines + (isCode ? 1 : 0);
  }

  /** Returns the position after the next end that no backslash precedes. */
  private static int end(String text, int from, String end) {
    int at = from;
    while (at < text.length() && !text.startsWith(end, at)) {
      at += text.charAt(at) == '\\' && !end.equals("*/") && !end.equals("\n") ? 2 : 1;
    }
    return Math.min(text.length(), at + end.length());
  }

  /** Returns the part that a file belongs to, such as {@code core/main} or {@code examples}. */
  private static String part(Path file) {
    Path name = SOURCES.relativize(file);
    boolean isOfModule = name.getNameCount() > 4 && name.getName(1).toString().equals("src");
    if (!isOfModule) {
      return name.getName(0).toString();
    }
    boolean isResource = name.getName(3).toString().equals("resources");
    return name.getName(0) + "/" + name.getName(isResource ? 3 : 2);
  }

  private static Map<String, Integer> parts() throws IOException {
    Map<String, Integer> parts = new TreeMap<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        boolean isBuilt = SOURCES.relativize(file).toString().matches("\\w+.target\\b.*");
        if (!isBuilt && FILE.matcher(file.toString()).matches() && Files.isRegularFile(file)) {
          parts.merge(part(file), codeLines(Files.readString(file)), Integer::sum);
        }
      }
    }
    return parts;
  }

  @Test
  void noPartIsAboveItsCeiling() throws IOException {
    Map<String, Integer> ceilings = new LinkedHashMap<>();
    for (String line : Files.readAllLines(SOURCES.resolve("ceilings.txt"))) {
      String[] words = line.replaceFirst("#.*", "").strip().split("\\s+");
      if (words.length == 2) {
        ceilings.put(words[0], Integer.valueOf(words[1]));
      }
    }
    Map<String, Integer> parts = parts();
    assertEquals(ceilings.keySet().stream().sorted().toList(), List.copyOf(parts.keySet()));
    List<String> above = new ArrayList<>();
    parts.forEach(
        (part, lines) -> {
          if (lines > ceilings.get(part)) {
            above.add("%s: %s lines, at most %s".formatted(part, lines, ceilings.get(part)));
          }
        });
    assertEquals(List.of(), above, "src/ceilings.txt");
  }

  @Test
  void onlyCodeCounts() {
    assertEquals(0, codeLines("\n  // a\n/* b\n c */\n /** d */\n"));
    assertEquals(1, codeLines("package a.b;\n\nimport static c.D.*;\nimport e.F;\nint imports;\n"));
    assertEquals(1, codeLines("int a;\n// no end of the line"));
    assertEquals(2, codeLines("int a; // one\n/* b */ int b;\n"));
    assertEquals(2, codeLines("a /*\n\n*/ b\n"));
    assertEquals(3, codeLines("x = \"//\";\ny = '\"'; // \"\nz = \"/*\" + '\\'';\n"));
    assertEquals(4, codeLines("t = \"\"\"\n  // text\n\n  \\\"\"\" /* \n  \"\"\";\n"));
  }
}
