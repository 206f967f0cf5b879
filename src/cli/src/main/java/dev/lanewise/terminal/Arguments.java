package dev.lanewise.terminal;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Loss;
import dev.lanewise.parallel.Team;
import dev.lanewise.recipe.Option;
import dev.lanewise.recipe.Recipe;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The options and files after a command. Each option is checked when it is read. */
public final class Arguments {
  /** Placeholders in the help for values that are texts, even if they look like numbers. */
  private static final Set<String> TEXTS =
      Set.of("FILE", "FILE|RUN", "DIR", "NAME|INDEX", "NAME", "NAME,...", "A,B,...", "A,B", "C");

  /** How the placeholder of an option begins that may be given several times. */
  private static final String REPEATED = "[NAME=]";

  private static final Pattern TABLE =
      Pattern.compile("(?i).*\\.(csv|tsv|tab|txt|xlsx)(\\.gz)?|.*\\*.*");

  private static final String SEPARATOR = "\0"; // no command line contains it

  private final Usage usage;
  private final Map<String, String> given = new HashMap<>();
  private final Map<String, String> preset = new HashMap<>();
  private final List<String> files = new ArrayList<>();

  /** Splits words into options and files. */
  public Arguments(Usage usage, List<String> words) {
    this.usage = usage;
    List<String> unnamed = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.startsWith("-")) {
        i += option(word, i + 1 < words.size() ? words.get(i + 1) : "--");
      } else if ((files.size() < usage.files.size() || usage.takesMore()) && !word.isBlank()) {
        files.add(word);
      } else {
        unnamed.add(word);
      }
    }
    unnamed.sort(Comparator.comparing(word -> !isTable(word))); // stable
    for (int i = 0; i < unnamed.size(); i++) {
      unnamed(unnamed.get(i), i);
    }
    if (files.size() < usage.files.size() && !has("help")) {
      String several = String.join(" and ", usage.files);
      throw Problem.usage(
          usage.command + ": no file, expected " + (several.equals("FILE") ? "a FILE" : several));
    }
  }

  /** Takes a word for the first option that may be left out and is not given; a table is data. */
  private void unnamed(String word, int which) {
    List<String> names = usage.positional;
    if (which >= names.size() || word.isBlank()) {
      throw Problem.usage("'" + word + "': not an option, expected options that begin with --");
    }
    String option =
        names.stream()
            .filter(name -> !has(name) && !(name.equals("model") && isTable(word)))
            .findFirst()
            .orElse(names.get(which));
    option("--" + option, word);
  }

  /** Returns whether the name is that of a table, which is never a model. */
  private static boolean isTable(String word) {
    return TABLE.matcher(word).matches();
  }

  /** Copies options. */
  public Arguments(Arguments other) {
    usage = other.usage;
    given.putAll(other.given);
    preset.putAll(other.preset);
    files.addAll(other.files);
  }

  /** Returns the same options for one model, whose rows may then be given by those of its run. */
  public Arguments about(Path model) {
    Arguments own = new Arguments(this);
    own.files.clear();
    own.fix("model", model.toString());
    return own;
  }

  public String help() {
    return usage.help(text("help").equals("all"));
  }

  /** Reads an option and returns how many of the words after it belong to it. */
  private int option(String word, String next) {
    int equals = word.indexOf('=');
    String hyphenated = equals < 0 ? word : word.substring(0, equals);
    String name = hyphenated.startsWith("--") ? hyphenated.substring(2) : "";
    String expected = usage.values.get(name);
    if (expected == null) {
      String typed = "--" + hyphenated.replaceFirst("^-+", "").replace('_', '-');
      String suggestion = Nearest.suggestion(typed, usage.hyphenated());
      String help = ", see lanewise " + usage.command + " --help";
      throw Problem.usage(
          "%s: no such option of %s%s",
          hyphenated, usage.command, suggestion.isEmpty() ? help : suggestion);
    }
    boolean flag = expected.isEmpty();
    if (expected.equals("[all]") && equals < 0 && !next.equals("all")) {
      return option(word + "=everyday", next);
    }
    if (flag && equals >= 0) {
      throw Problem.usage(hyphenated + ": a value was given, expected none");
    }
    String value = flag ? "" : equals >= 0 ? word.substring(equals + 1) : next;
    // A negative number is a value; what begins with two hyphens is the next option.
    if (!flag && (value.isBlank() || (equals < 0 && value.startsWith("--")))) {
      throw Problem.usage(hyphenated + ": no value, expected " + expected);
    }
    if (expected.startsWith(REPEATED)) {
      given.merge(name, value, (before, last) -> before + SEPARATOR + last);
    } else if (given.put(name, value) != null) {
      throw Problem.usage(hyphenated + ": given twice, expected once");
    }
    return flag || equals >= 0 ? 0 : 1;
  }

  public boolean has(String option) {
    return given.containsKey(option);
  }

  /** Returns the given value, or the default. */
  public String text(String option) {
    String usual = preset.getOrDefault(option, usage.defaults.get(option));
    return given.getOrDefault(option, usual);
  }

  /** Returns all values of an option that may be given several times. */
  public List<String> texts(String option) {
    return has(option) ? List.of(text(option).split(SEPARATOR)) : List.of();
  }

  /** Returns the command's own options of some roles as the user gave them, as name=value. */
  public List<String> own(Predicate<Role> which) {
    return names(which).stream()
        .filter(this::has)
        .map(option -> option + "=" + given.get(option))
        .toList();
  }

  /** Returns the command's own options of some roles with the values in use, as name=value. */
  public List<String> lines(Predicate<Role> which) {
    List<String> lines = new ArrayList<>();
    for (String option : names(which)) {
      boolean flag = usage.values.get(option).isEmpty();
      String value = flag && has(option) ? "yes" : text(option);
      if (value != null) {
        lines.add(option + "=" + value);
      }
    }
    return lines;
  }

  /**
   * Sets the options of an earlier run, in the form of {@link #own}, unless they are given.
   *
   * @param source the file with these options
   * @param earlier the options
   */
  public void restore(Path source, List<String> earlier) {
    for (String option : names(role -> !role.isOpen())) {
      refuse(
          "not together with --resume, which has the options of %s; only --%s may be another"
              .formatted(source, String.join(" or --", names(Role.LENGTH::equals))),
          option);
    }
    for (String line : earlier) {
      int equals = line.indexOf('='); // names of columns and files may contain line breaks
      String name = equals < 0 ? line : line.substring(0, equals);
      if (!usage.values.containsKey(name)) {
        throw Problem.failure(
            "%s: option --%s, expected those of %s in this version of Lanewise (%s again without it)",
            source, name, usage.command, usage.command);
      }
      String value = line.substring(Math.min(line.length(), name.length() + 1));
      boolean flag = usage.values.get(name).isEmpty();
      if (flag != value.isEmpty()) {
        throw Problem.failure(
            "%s: option --%s is '%s', expected %s",
            source, name, value, flag ? "no value" : usage.values.get(name));
      }
      given.putIfAbsent(name, value);
    }
  }

  /** Returns the options of this command with some roles, except options of what is shown. */
  private List<String> names(Predicate<Role> which) {
    return usage.values.keySet().stream()
        .filter(option -> role(option) != Role.SHOWN && which.test(role(option)))
        .toList();
  }

  public Role role(String option) {
    return Role.of(usage.command, option);
  }

  /** Removes an option that was given, and returns its value. */
  public String take(String option) {
    return given.remove(option);
  }

  /** Sets the value of an option that the user does not give; null for that of the help. */
  public void preset(String option, String value) {
    preset.compute(option, (name, before) -> value);
  }

  /** Sets an option that the user did not give, as if it were typed. */
  public void give(String option, String value) {
    given.putIfAbsent(option, value);
  }

  /** Sets an option to the value in use, as if that were given. */
  public void fix(String option, String value) {
    given.put(option, value);
  }

  /** Throws if one of these options was given; the message states the reason. */
  public void refuse(String reason, String... options) {
    for (String option : options) {
      if (has(option)) {
        throw Problem.usage("--" + option + ": " + reason);
      }
    }
  }

  /** Returns the value of an option that takes one of several words. */
  public String choice(String option, List<String> words) {
    String value = text(option);
    if (!words.contains(value)) {
      throw wrong(
          option, Usage.or(words.stream().distinct().toList()) + Nearest.suggestion(value, words));
    }
    return value;
  }

  /** Returns the value of an option that takes one of the words of the help's table. */
  public String word(String option) {
    return choice(option, List.of(usage.allowed.get(option).split("\\|")));
  }

  /** Returns the value of an option that takes a whole number in the range of the help's table. */
  public int whole(String option) {
    String[] ends = usage.allowed.get(option).split("\\.\\.");
    return whole(option, integer(ends[0]), ends.length == 1 ? Integer.MAX_VALUE : integer(ends[1]));
  }

  public int whole(String option, int low, int high) {
    int value = integer(text(option));
    if (value < low || value > high) {
      String upTo = high == Integer.MAX_VALUE ? "" : " to " + high;
      throw wrong(option, "a whole number from " + low + upTo);
    }
    return value;
  }

  /** Returns a whole number, or the least int for any other text. */
  public static int integer(String text) {
    return Option.whole(text);
  }

  public long seed() {
    checked("seed", () -> Recipe.COURSE.with("seed", text("seed")));
    return Long.parseLong(text("seed"));
  }

  /** Returns a decimal number, or NaN for any other text, also for forms that only Java accepts. */
  public static double number(String text) {
    return Option.number(text);
  }

  /**
   * Returns a number.
   *
   * @param check refuses numbers that are out of range, and NaN, which stands for other text
   */
  public double number(String option, DoubleFunction<?> check) {
    double value = number(text(option));
    checked(option, () -> check.apply(value));
    return value;
  }

  /** Returns what the library makes of an option, and names the option in its error. */
  public <T> T checked(String option, Supplier<T> work) {
    try {
      return work.get();
    } catch (IllegalArgumentException e) {
      throw wrong(option, e);
    }
  }

  /** Returns the loss, which may have other values too; these are for the error only. */
  public Loss loss(String... others) {
    String label = text("loss");
    try {
      return Loss.of(label);
    } catch (IllegalArgumentException e) {
      if (label.startsWith("pinball")) {
        throw wrong("loss", "the level of a quantile above 0 and below 1 as in pinball-0.9");
      }
      List<String> labels = new ArrayList<>(List.of(others));
      labels.addAll(Loss.labels());
      choice("loss", labels);
      throw e;
    }
  }

  /** Returns the activations for a model whose file states none: those of the option, or none. */
  public Activation[] activations() {
    String[] labels = has("activation") ? text("activation").split(",", -1) : new String[0];
    return checked(
        "activation", () -> Arrays.stream(labels).map(Activation::of).toArray(Activation[]::new));
  }

  /** Returns the activation of each hidden layer; the option has one for all or one for each. */
  public List<Activation> activations(int layers) {
    String[] labels = text("activation").split(",", -1);
    List<Activation> named =
        checked("activation", () -> Arrays.stream(labels).map(Activation::of).toList());
    if (named.size() == 1) {
      return Collections.nCopies(layers, named.get(0));
    } else if (named.size() != layers) {
      throw wrong("activation", "one for all hidden layers, or one for each: " + layers);
    }
    return named;
  }

  public Path path(String option) {
    return path("--" + option, text(option));
  }

  public boolean hasFile() {
    return !files.isEmpty();
  }

  public int files() {
    return files.size();
  }

  public Path file(int which) {
    int last = usage.files.size() - 1;
    return path(usage.files.get(Math.min(which, last)), files.get(which));
  }

  public static Path path(String what, String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw Problem.usage(what + ": '" + name + "', expected a possible name of a file");
    }
  }

  public int threads() {
    return has("threads")
        ? whole("threads", 1, Team.MOST)
        : Math.min(Team.MOST, Runtime.getRuntime().availableProcessors());
  }

  public Problem wrong(String option, String expected) {
    return Problem.usage("--" + option + ": '" + text(option) + "', expected " + expected);
  }

  /** Returns the error of a value that the library refuses. */
  public Problem wrong(String option, IllegalArgumentException e) {
    return e instanceof ArgumentException refusal && !refusal.expected().isEmpty()
        ? wrong(option, refusal.expected())
        : Problem.usage("--" + option + ": " + Words.of(e));
  }

  /** Returns the command's own options as JSON: numbers as numbers, flags as booleans. */
  public Json json() {
    Json json = new Json();
    for (String option : names(role -> true)) {
      boolean flag = usage.values.get(option).isEmpty();
      boolean isText = TEXTS.contains(usage.values.get(option));
      Object value = isText ? text(option) : typed(text(option));
      json.put(option, flag ? (Object) has(option) : value);
    }
    return json;
  }

  private static Object typed(String value) {
    try {
      return Long.parseLong(value); // a double would change a long seed
    } catch (NumberFormatException e) {
      double number = value == null ? Double.NaN : number(value);
      if (number == Math.rint(number) && Math.abs(number) < 1L << 53) {
        return (long) number;
      }
      return Double.isNaN(number) ? value : (Object) number;
    }
  }
}
