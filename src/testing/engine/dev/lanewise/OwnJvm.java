package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Runs one class in a JVM of its own, with the kernels of this JVM. The code that C2 generates
 * depends on everything that ran before: the JVM of the tests uses vectors of several widths, and a
 * program uses one width.
 */
public final class OwnJvm {
  /** The folder of the whole build. */
  public static final Path ROOT = Path.of(System.getProperty("lanewise.root", ""));

  private OwnJvm() {}

  /** Returns a class path, or module path, of the class files of the modules that are built. */
  public static String classes() {
    return Stream.of("engine", "core", "models", "tables", "cli")
        .map(name -> ROOT.resolve("src").resolve(name).resolve("target/classes").toAbsolutePath())
        .filter(Files::isDirectory)
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Returns a class path of all modules and of the tests of the current module. */
  public static String testClasses() {
    Path target = Path.of(System.getProperty("basedir", ""), "target").toAbsolutePath();
    return target.resolve("test-classes") + File.pathSeparator + classes();
  }

  /**
   * Returns a command that starts Java with the compiler and collector of this JVM and writes no
   * file outside the temporary folder.
   */
  public static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:-UsePerfData"); // otherwise the JVM writes a file to the system's folder
    command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
    command.addAll(flags("-XX:(TieredStopAtLevel=|\\+UseSerialGC).*"));
    return command;
  }

  private static List<String> flags(String pattern) {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.matches(pattern))
        .toList();
  }

  /** Returns what the main method of a test class prints; an error there fails the test. */
  public static String run(Class<?> program, String... arguments) throws Exception {
    return run(testClasses(), Path.of(""), program, arguments);
  }

  /** Does the same as {@link #run} in another current folder. */
  public static String runIn(Path folder, Class<?> program, String... arguments) throws Exception {
    return run(testClasses(), folder, program, arguments);
  }

  /** Does the same with the classes of a folder in place of those of the same names. */
  public static String runWith(Path classes, Class<?> program) throws Exception {
    return run(classes + File.pathSeparator + testClasses(), Path.of(""), program);
  }

  private static String run(String classPath, Path folder, Class<?> program, String... arguments)
      throws Exception {
    List<String> command = java();
    command.addAll(flags("-XX:(UseAVX|MaxVectorSize)=.*|-Dlanewise\\..*"));
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      command.add("--add-modules=jdk.incubator.vector");
    }
    command.addAll(List.of("-Dlanewise.root=" + ROOT, "-cp", classPath));
    command.add(program.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toAbsolutePath().toFile());
    return end(start(builder.redirectError(ProcessBuilder.Redirect.DISCARD))).with(0).strip();
  }

  /** Starts a program, which is killed if it runs for ten minutes. */
  public static Process start(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    process.onExit().orTimeout(10, TimeUnit.MINUTES).exceptionally(p -> process.destroyForcibly());
    return process;
  }

  /** The exit code of a program, and all that it printed. */
  public record Ended(int code, String printed) {
    /** Returns what it printed, and fails the test if it has another exit code. */
    public String with(int expected) {
      assertEquals(expected, code, printed);
      return printed;
    }
  }

  /** Waits for the end of a program. */
  public static Ended end(Process process) throws IOException, InterruptedException {
    try (InputStream in = process.getInputStream()) {
      String printed = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), printed);
    }
  }

  /**
   * Runs a script in the first Python that has all modules that the script imports, and returns its
   * output with its errors. Without such a Python, the test is skipped.
   */
  public static Ended python(String... words) throws InterruptedException {
    String said = "no python3";
    for (String python : List.of("python3", "/usr/bin/python3")) {
      ProcessBuilder builder = new ProcessBuilder(python, "-B").redirectErrorStream(true);
      builder.command().addAll(List.of(words));
      try {
        Ended ended = end(start(builder));
        said = ended.printed;
        if (!said.contains("No module named")) {
          return ended;
        }
      } catch (IOException e) {
        continue; // this Python does not exist
      }
    }
    return Assumptions.abort(said.strip());
  }
}
