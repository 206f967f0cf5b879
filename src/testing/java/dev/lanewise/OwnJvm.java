package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    return Stream.of("core", "models", "tables", "cli")
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

  /** Returns a command that starts Java and writes no file outside the temporary folder. */
  public static List<String> java() {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:-UsePerfData", // otherwise the JVM writes a file to the system's folder
            "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir")));
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
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (flag.matches("-XX:(UseAVX|MaxVectorSize)=.*|-Dlanewise\\..*")) {
        command.add(flag);
      }
    }
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      command.add("--add-modules=jdk.incubator.vector");
    }
    command.addAll(List.of("-Dlanewise.root=" + ROOT, "-cp", classPath));
    command.add(program.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toAbsolutePath().toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String printed;
    try (InputStream in = process.getInputStream()) {
      printed = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertEquals(0, process.waitFor(), printed);
    return printed.strip();
  }
}
