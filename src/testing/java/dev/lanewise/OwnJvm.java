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
 * A JVM that runs one class alone, with the kernels of this one. What C2 makes of code depends on
 * all that ran before: in the JVM of the tests vectors of several widths, in a program those of
 * one.
 */
public final class OwnJvm {
  /** The folder of the whole build. */
  public static final Path ROOT = Path.of(System.getProperty("lanewise.root", ""));

  private OwnJvm() {}

  /** The class files of the modules that are built, as a class path or a module path. */
  public static String classes() {
    return Stream.of("core", "tables", "cli")
        .map(name -> ROOT.resolve("src").resolve(name).resolve("target/classes").toAbsolutePath())
        .filter(Files::isDirectory)
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** The class files of the modules and the tests of this one, as a class path. */
  public static String testClasses() {
    Path target = Path.of(System.getProperty("basedir", ""), "target").toAbsolutePath();
    return target.resolve("test-classes") + File.pathSeparator + classes();
  }

  /** A command that starts Java and leaves nothing outside the folder for temporary files. */
  public static List<String> java() {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:-UsePerfData", // a file in the system's folder, whatever that of Java is
            "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir")));
  }

  /** Returns what the main method of a test class prints; an error there fails the test. */
  public static String run(Class<?> program, String... arguments) throws Exception {
    return runIn(Path.of(""), program, arguments);
  }

  /** Like {@link #run}, with another current folder. */
  public static String runIn(Path folder, Class<?> program, String... arguments) throws Exception {
    List<String> command = java();
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (flag.matches("-XX:(UseAVX|MaxVectorSize)=.*|-Dlanewise\\..*")) {
        command.add(flag);
      }
    }
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      command.add("--add-modules=jdk.incubator.vector");
    }
    command.addAll(List.of("-Dlanewise.root=" + ROOT, "-cp", testClasses()));
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
