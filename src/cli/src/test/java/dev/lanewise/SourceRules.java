package dev.lanewise;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The rules for source files of the library, which are checked on their text alone. A file must not
 * contain a dependency in the wrong direction, output, an exit, or arithmetic that differs between
 * platforms.
 */
final class SourceRules {
  /**
   * The packages directly below each package; a package may use all that can be reached from it.
   */
  private static final Map<String, Set<String>> BELOW =
      Map.ofEntries(
          Map.entry("cli", Set.of("serve", "export")),
          Map.entry("serve", Set.of("files")),
          Map.entry("files", Set.of("report", "terminal")),
          Map.entry("terminal", Set.of("selection", "trust")),
          Map.entry("selection", Set.of("recipe")),
          Map.entry("recipe", Set.of("metrics", "table")),
          Map.entry("trust", Set.of("metrics", "table")),
          Map.entry("table", Set.of("source", "model")),
          Map.entry("export", Set.of("exchange")),
          Map.entry("exchange", Set.of("source", "model")),
          Map.entry("source", Set.of("format")),
          Map.entry("report", Set.of("selection", "trust")),
          Map.entry("metrics", Set.of("model")),
          Map.entry("model", Set.of("rows", "train")),
          Map.entry("rows", Set.of("data")),
          Map.entry("train", Set.of("data")),
          Map.entry("data", Set.of("nn")),
          Map.entry("nn", Set.of("engine", "format")),
          Map.entry("engine", Set.of("kernel", "parallel")),
          Map.entry("kernel", Set.of()),
          Map.entry("parallel", Set.of()),
          Map.entry("format", Set.of()));

  /** The packages inside kernel, from the top down; each may use those of the lines after it. */
  private static final List<Set<String>> KERNELS =
      List.of(Set.of("kernel"), Set.of("gemm", "math"), Set.of("simd"));

  /** The packages that the modules export. */
  private static final Set<String> EXPORTED =
      Set.of(
          "engine",
          "nn",
          "train",
          "metrics",
          "model",
          "rows",
          "data",
          "format",
          "report",
          "recipe",
          "selection",
          "table",
          "trust",
          "export");

  /** Methods of Math whose results may differ by an ulp or two between platforms. */
  private static final String INEXACT =
      "(sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|exp|expm1|log|log10|log1p|pow|cbrt|hypot)";

  private static final Predicate<String> LIBRARY =
      name -> !Set.of("cli", "serve", "files", "terminal").contains(name);
  private static final Predicate<String> ARITHMETIC =
      Set.of(
              ("train recipe selection metrics model rows data table trust nn engine kernel parallel")
                  .split(" "))
          ::contains;
  private static final Predicate<String> ANYWHERE = name -> true;
  private static final Predicate<String> BUT_SOURCE = in("source").negate();
  private static final Predicate<String> BUT_TABLE = in("table").negate();

  private static final List<Rule> RULES =
      List.of(
          new Rule("uses the Vector API", in("kernel").negate(), "jdk.incubator"),
          new Rule("prints", LIBRARY, "System.(out|err|*)"),
          new Rule("prints", LIBRARY, "FileDescriptor.(out|err|*)"),
          new Rule("prints", LIBRARY, "System.console"),
          new Rule("prints", LIBRARY, "printStackTrace"),
          new Rule("exits", LIBRARY, "System.exit"),
          new Rule("exits", LIBRARY, "(Runtime|getRuntime[(][)]).exit"),
          new Rule("exits", LIBRARY, "halt"),
          new Rule("needs java.desktop", ANYWHERE, "java.(awt|beans|applet)"),
          new Rule(
              "needs java.desktop", ANYWHERE, "javax.(swing|imageio|print|sound|accessibility)"),
          new Rule("needs java.xml", BUT_SOURCE, "(javax.xml|org.w3c.dom|org.xml.sax)"),
          new Rule("needs jdk.httpserver", ANYWHERE, "com.sun.net.httpserver"),
          new Rule("needs java.sql", BUT_TABLE, "(java|javax).sql"),
          new Rule("differs between platforms", in("report").negate(), "Math." + INEXACT),
          new Rule("differs between platforms", in("report").negate(), "Math.*"),
          new Rule(
              "differs between platforms",
              ANYWHERE,
              "VectorOperators." + INEXACT.toUpperCase(Locale.ROOT)),
          new Rule( // and not for its task, so that another loss would take the last branch
              "tests for a loss", ANYWHERE, Pattern.compile("([!=]=|\\bequals\\()\\s*Loss\\s*\\.")),
          new Rule("has no fixed order", ANYWHERE, "reduceLanes[(][^;]*\\b(ADD|MUL)"),
          new Rule("is not our random generator", ARITHMETIC, "java.util.(Random|random)"),
          new Rule("is not our random generator", ARITHMETIC, "java.util.SplittableRandom"),
          new Rule("is not our random generator", ARITHMETIC, "ThreadLocalRandom"),
          new Rule("is not our random generator", ARITHMETIC, "java.security.SecureRandom"),
          new Rule("is not our random generator", ARITHMETIC, "Math.random"));

  private static final Pattern PACKAGE = Pattern.compile("\\bpackage\\s+([\\w.]+)\\s*;");
  private static final Pattern OURS = dotted("dev.lanewise.(\\w+|\\*)");
  private static final Pattern OF_KERNEL = dotted("dev.lanewise.kernel.(\\w+|\\*)");
  private static final Pattern COMMAND = Pattern.compile("\\b[A-Z]\\w*Command\\b");
  private static final Pattern OF_TABLE = dotted("dev.lanewise.table.([A-Z]\\w*|\\*)");
  private static final Pattern DIRECTIVE =
      Pattern.compile("\\b(requires|exports|opens|uses|provides)\\b([^;]*);");

  /**
   * Matches an option of the command line in a text, but no option of Java's tools and no variable
   * of CSS. Two hyphens at the end of a text begin an option, whose name follows.
   */
  private static final Pattern OPTION =
      Pattern.compile("(?<!\\w|var\\()--(?!(add-modules|release)\\b)([a-z]|$)");

  private SourceRules() {}

  /**
   * Returns the sentence in which a package says what it may use, or null for a part of a package.
   */
  static String uses(String name) {
    if (!BELOW.containsKey(name)) {
      return null;
    }
    List<String> below = BELOW.get(name).stream().sorted().toList();
    if (below.isEmpty()) {
      return "may use no other package";
    }
    int last = below.size() - 1;
    String others = String.join(", ", below.subList(0, last));
    return "This package may use " + others + (last > 0 ? " and " : "") + below.get(last);
  }

  /** Returns one line for each violation of a rule in a source file. */
  static List<String> violations(String file, String source) {
    String code = withoutCommentsAndLiterals(source);
    if (file.endsWith("module-info.java")) {
      return moduleViolations(file, code);
    }
    Matcher declaration = PACKAGE.matcher(code);
    if (!declaration.find()) {
      return List.of(file + ": no package declaration");
    }
    String name = layerOf(declaration.group(1));
    Matcher inner = OF_KERNEL.matcher(declaration.group(1));
    String inKernel = inner.matches() ? inner.group(1) : name;
    boolean known = name.equals("kernel") ? kernelLevel(inKernel) >= 0 : inKernel.equals(name);
    if (!known || !BELOW.containsKey(name)) {
      return List.of(file + ": " + declaration.group(1) + " is not a package of the design");
    }
    List<String> found = new ArrayList<>();
    Matcher ours = OURS.matcher(code);
    while (ours.find()) {
      if (!mayUse(name, ours.group(1))) {
        found.add(at(file, code, ours) + name + " may not use " + ours.group());
      }
    }
    Matcher ofKernel = OF_KERNEL.matcher(code);
    while (ofKernel.find()) {
      String used = kernelLevel(ofKernel.group(1)) > 0 ? ofKernel.group(1) : "kernel";
      boolean inside = name.equals("kernel");
      boolean allowed =
          inside
              ? used.equals(inKernel) || kernelLevel(used) > kernelLevel(inKernel)
              : !used.equals("simd");
      if (!allowed) {
        found.add(at(file, code, ofKernel) + inKernel + " may not use " + ofKernel.group());
      }
    }
    Matcher command = COMMAND.matcher(code);
    while (name.equals("cli") && COMMAND.matcher(file).find() && command.find()) {
      if (!file.contains(command.group()) && !command.group().matches("(Training|Fact)Command")) {
        found.add(at(file, code, command) + "a command may not use " + command.group());
      }
    }
    if (declaration.group(1).endsWith(".table.internal") && OF_TABLE.matcher(code).find()) {
      found.add(file + ": table.internal may not use the package table");
    }
    for (String text : LIBRARY.test(name) ? texts(source) : List.<String>of()) {
      boolean isCell =
          text.equals("--") && file.endsWith("/Cell.java"); // a string for a missing value
      if (OPTION.matcher(text).find() && !isCell) {
        found.add(file + ": \"" + text + "\" names an option of the command line");
      }
    }
    for (Rule rule : RULES) {
      Matcher matcher = rule.pattern.matcher(code);
      while (rule.appliesTo.test(name) && matcher.find()) {
        found.add(at(file, code, matcher) + matcher.group() + " " + rule.what);
      }
    }
    return found;
  }

  private static List<String> moduleViolations(String file, String code) {
    List<String> found = new ArrayList<>();
    Matcher directive = DIRECTIVE.matcher(code);
    while (directive.find()) {
      String argument = directive.group(2).strip();
      boolean allowed =
          switch (directive.group(1)) {
            case "requires" ->
                argument.matches(
                    "static\\s+(jdk\\.incubator\\.vector|java\\.xml|transitive\\s+java\\.sql)"
                        + "|(transitive\\s+)?dev\\.lanewise\\.(engine|core|models|tables)");
            case "exports" ->
                argument.matches("dev\\.lanewise\\.\\w+") && EXPORTED.contains(layerOf(argument))
                    || argument.matches(
                        "dev\\.lanewise\\.[\\w.]+\\s+to(\\s+dev\\.lanewise\\.(cli|core|models|tables),?)+");
            case "uses", "provides" -> argument.startsWith("dev.lanewise.");
            default -> false;
          };
      if (!allowed) {
        found.add(at(file, code, directive) + directive.group() + " is not part of the design");
      }
    }
    return found;
  }

  private static boolean mayUse(String user, String used) {
    boolean may = user.equals(used);
    for (String below : BELOW.get(user)) {
      may |= mayUse(below, used);
    }
    return may;
  }

  /** Returns the level of a package inside kernel, or -1 for any other package. */
  private static int kernelLevel(String packageName) {
    return IntStream.range(0, KERNELS.size())
        .filter(level -> KERNELS.get(level).contains(packageName))
        .findFirst()
        .orElse(-1);
  }

  /** Returns the {@code nn} of {@code dev.lanewise.nn}, or an empty text for other packages. */
  private static String layerOf(String packageName) {
    Matcher matcher = OURS.matcher(packageName);
    return matcher.lookingAt() ? matcher.group(1) : "";
  }

  private static String at(String file, String code, Matcher where) {
    long line = 1 + code.substring(0, where.start()).chars().filter(c -> c == '\n').count();
    return file + ":" + line + ": ";
  }

  /** Returns the text with blanks for comments, strings and characters; line ends stay. */
  static String withoutCommentsAndLiterals(String source) {
    StringBuilder code = new StringBuilder(source);
    int end;
    for (int begin = 0; begin < source.length(); begin = end) {
      end = endOfToken(source, begin);
      for (int i = begin; i < end && end > begin + 1; i++) {
        code.setCharAt(i, source.charAt(i) == '\n' ? '\n' : ' ');
      }
    }
    return code.toString();
  }

  /** Returns the string literals of a source file; literals joined by a plus count as one. */
  static List<String> texts(String source) {
    List<String> texts = new ArrayList<>();
    boolean joined = false;
    for (int i = 0; i < source.length(); i++) {
      int end = endOfToken(source, i);
      if (source.charAt(i) == '"' || source.charAt(i) == '\'') {
        int marks = source.startsWith("\"\"\"", i) ? 3 : 1;
        String text = source.substring(i + marks, end - marks);
        texts.add(joined ? texts.remove(texts.size() - 1) + text : text);
        joined = false;
      } else if (end == i + 1 && source.charAt(i) > ' ') { // not a comment
        joined = source.charAt(i) == '+' && !texts.isEmpty();
      }
      i = end - 1;
    }
    return texts;
  }

  /**
   * Returns the end of the comment, string or character at a place, or of one character of code.
   */
  private static int endOfToken(String source, int i) {
    if (source.startsWith("//", i)) {
      return endOf(source, "\n", i + 2);
    } else if (source.startsWith("/*", i)) {
      return endOf(source, "*/", i + 2);
    }
    for (String mark : List.of("\"\"\"", "\"", "'")) {
      if (source.startsWith(mark, i)) {
        return endOf(source, mark, i + mark.length());
      }
    }
    return i + 1;
  }

  /** Returns the place after the next unescaped {@code closing}; comments have no escapes. */
  private static int endOf(String source, String closing, int from) {
    boolean literal = !closing.equals("\n") && !closing.equals("*/");
    int i = from;
    while (i < source.length() && !source.startsWith(closing, i)) {
      i += literal && source.charAt(i) == '\\' ? 2 : 1;
    }
    return Math.min(i + closing.length(), source.length());
  }

  private static Predicate<String> in(String name) {
    return name::equals;
  }

  /**
   * Matches a name as code may write it: with :: for a dot, or with spaces or line ends around it.
   */
  private static Pattern dotted(String name) {
    return Pattern.compile("\\b" + name.replace(".", "\\s*(?:\\.|::)\\s*") + "(?!\\w)");
  }

  private record Rule(String what, Predicate<String> appliesTo, Pattern pattern) {
    /** Takes a dot in {@code name}, and a star after a dot, literally. */
    Rule(String what, Predicate<String> appliesTo, String name) {
      this(what, appliesTo, dotted(name.replace("|*", "|\\*").replace(".*", ".\\*")));
    }
  }
}
