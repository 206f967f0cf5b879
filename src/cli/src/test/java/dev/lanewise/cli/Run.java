package dev.lanewise.cli;

import static dev.lanewise.Texts.assertContains;
import static dev.lanewise.cli.Fixtures.assertOmits;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.OwnJvm;
import dev.lanewise.terminal.Problem;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * The result of a run of the program.
 *
 * @param code the exit code
 * @param out all of stdout
 * @param err all of stderr except the lines of the JVM
 */
public record Run(int code, String out, String err) {
  static final boolean VECTOR = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

  /** Runs a command within this JVM. */
  public static Run of(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8),
            words);
    return new Run(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Runs a command line within this JVM; texts are cut at blanks. */
  public static Run line(Object... parts) {
    return of(words(parts));
  }

  /**
   * Returns the words of a command line: a text is cut at blanks, an array and a list are words
   * already, and anything else is one word. Each %s in the first text is the next part.
   */
  static String[] words(Object... parts) {
    if (parts[0] instanceof String first && first.contains("%s")) {
      List<String> words = new ArrayList<>(List.of(first.split(" ")));
      Iterator<Object> more = List.of(parts).listIterator(1);
      words.replaceAll(word -> word.contains("%s") ? word.formatted(more.next()) : word);
      more.forEachRemaining(part -> words.addAll(List.of(words(part))));
      return words.toArray(String[]::new);
    }
    List<String> words = new ArrayList<>();
    for (Object part : parts) {
      if (part instanceof String text) {
        words.addAll(List.of(text.split(" ")));
      } else if (part instanceof String[] array) {
        words.addAll(List.of(array));
      } else if (part instanceof List<?> list) {
        list.forEach(word -> words.add(word.toString()));
      } else {
        words.add(part.toString());
      }
    }
    return words.toArray(String[]::new);
  }

  /** Checks that the run succeeded and that stdout contains each of the texts. */
  public Run ok(String... texts) {
    assertEquals(0, code, err);
    return says(texts);
  }

  /** Checks that the run failed and that stderr contains each of the texts. */
  public Run failed(String... texts) {
    assertEquals(Problem.FAILED, code, out + err);
    return warns(texts);
  }

  /** Checks that the run failed with one line. */
  public Run failedWith(String message) {
    assertEquals("lanewise: " + message, failed().errors());
    return this;
  }

  /** Checks that the command line was refused and that stderr contains each of the texts. */
  public Run misused(String... texts) {
    assertEquals(Problem.USAGE, code, out + err);
    return warns(texts);
  }

  /** Checks that the command line was refused with one line. */
  public Run misusedWith(String message) {
    assertEquals("lanewise: " + message, misused().errors());
    return this;
  }

  /** Checks that stdout contains each of the texts. */
  public Run says(String... texts) {
    assertContains(out, texts);
    return this;
  }

  /** Checks that stderr contains each of the texts. */
  public Run warns(String... texts) {
    assertContains(err, texts);
    return this;
  }

  /** Checks that stdout contains none of the texts. */
  public Run omits(String... texts) {
    assertOmits(out, texts);
    return this;
  }

  /** A way to start Java with the program in it. */
  enum Launch {
    CLASS_PATH,
    MODULE_PATH;

    List<String> command(List<String> jvmOptions) {
      List<String> command = OwnJvm.java();
      command.addAll(jvmOptions);
      if (VECTOR) {
        command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
      }
      command.addAll(
          this == CLASS_PATH
              ? List.of("-cp", OwnJvm.classes(), "dev.lanewise.cli.Main")
              : List.of("-p", OwnJvm.classes(), "-m", "dev.lanewise.cli/dev.lanewise.cli.Main"));
      return command;
    }
  }

  /** A program that runs in a JVM of its own. */
  record Started(Process process, Path out, Path err) {
    /** Sends a signal by its short name. */
    void signal(String name) throws IOException, InterruptedException {
      String pid = Long.toString(process.pid());
      OwnJvm.start(new ProcessBuilder("kill", "-" + name, pid)).waitFor();
    }

    /** Waits until something is so or the program has ended. */
    void await(Callable<Boolean> what) throws Exception {
      while (process.isAlive() && !what.call()) {
        Thread.sleep(1);
      }
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    /** Waits for the end and returns the result. */
    Run end() throws IOException, InterruptedException {
      process.waitFor();
      List<String> lines = new ArrayList<>(Files.readAllLines(err));
      lines.removeIf(line -> line.startsWith("WARNING: Using incubator modules"));
      return new Run(
          process.exitValue(),
          Files.readString(out),
          lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
    }
  }

  /** Starts a command in a JVM of its own, with the directory as its working directory. */
  static Started start(Launch launch, Path directory, List<String> jvmOptions, String... words)
      throws IOException {
    List<String> command = launch.command(jvmOptions);
    command.addAll(List.of(words));
    Path out = Files.createTempFile("lanewise", ".out");
    Path err = Files.createTempFile("lanewise", ".err");
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.redirectInput(new File("/dev/null")).redirectOutput(out.toFile());
    return new Started(OwnJvm.start(builder.redirectError(err.toFile())), out, err);
  }

  /** Starts a command in a JVM of its own without options for the JVM. */
  static Started start(Path directory, String... words) throws IOException {
    return start(Launch.CLASS_PATH, directory, List.of(), words);
  }

  /** Runs a command in a JVM of its own. */
  public static Run in(Path directory, String... words) throws IOException, InterruptedException {
    return start(directory, words).end();
  }

  public List<String> lines() {
    return out.lines().toList();
  }

  /** Returns the first line of stdout that begins so. */
  String first(String begin) {
    return lines().stream().filter(line -> line.startsWith(begin)).findFirst().orElseThrow();
  }

  /** Returns the digest of the weights that the command printed. */
  String sha256() {
    return first("Weights sha256 ").substring("Weights sha256 ".length());
  }

  /** Returns the JSON object in a line. */
  public Map<String, Object> json(int line) {
    return JsonReader.object(lines().get(line));
  }

  /** Returns the JSON objects in all lines. */
  List<Map<String, Object>> objects() {
    return out().lines().map(JsonReader::object).toList();
  }

  /** Returns the JSON object in the last line. */
  public Map<String, Object> json() {
    return json(lines().size() - 1);
  }

  /** Returns stderr without the line that says how to get the vector kernels. */
  public String errors() {
    return err().lines().filter(line -> !line.contains("scalar kernels")).collect(joining("\n"));
  }
}
