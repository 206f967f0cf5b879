import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes a folder with the program and its own small Java: {@code java RuntimeImage.java IMAGE
 * JAR...}. The folder needs no other Java, and runs on machines with the system and processor of
 * this one. Beside it, IMAGE.tar.gz has the same files. It contains an archive of loaded classes,
 * which the JVM maps at its start instead of parsing them.
 */
final class RuntimeImage {
  private static final String MAIN = "dev.lanewise.cli/dev.lanewise.cli.Main";

  /** Modules of the JDK that the program uses where they are present. */
  private static final String MODULES =
      "dev.lanewise.cli,jdk.incubator.vector,java.sql,java.xml,jdk.crypto.ec";

  private static final String SHELL =
      """
      #!/bin/sh
      # Starts Lanewise with the Java of this folder. JDK_JAVA_OPTIONS has options of the JVM, such as -Xmx8g.
      case $0 in
        */*) program=$0 ;;
        *) program=./$0 ;;
      esac
      while [ -h "$program" ]; do
        link=$(readlink "$program")
        case $link in
          /*) program=$link ;;
          *) program=${program%/*}/$link ;;
        esac
      done
      home=${program%/*}/..
      exec "$home/bin/java" -XX:SharedArchiveFile="$home/lib/lanewise.jsa" -m MAIN "$@"
      """
          .replace("MAIN", MAIN);

  private static final String BATCH =
      """
      @echo off
      rem Starts Lanewise with the Java of this folder. JDK_JAVA_OPTIONS has options of the JVM, such as -Xmx8g.
      "%~dp0java" -XX:SharedArchiveFile="%~dp0..\\lib\\lanewise.jsa" -m MAIN %*
      """
          .replace("MAIN", MAIN)
          .replace("\n", "\r\n");

  private RuntimeImage() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path image = Path.of(args[0]).toAbsolutePath();
    Path tools = Path.of(System.getProperty("java.home"), "bin");
    long start = System.nanoTime();
    System.out.println("The image and its archive take about half a minute.");
    delete(image);
    String jars = String.join(java.io.File.pathSeparator, List.of(args).subList(1, args.length));
    String compression = Runtime.version().feature() < 21 ? "2" : "zip-6";
    run(
        tools.resolve("jlink").toString(),
        "--module-path=" + jars,
        "--add-modules=" + MODULES,
        "--add-options= --add-exports=java.base/jdk.internal.module=dev.lanewise.engine",
        "--compress=" + compression,
        "--strip-java-debug-attributes",
        "--no-header-files",
        "--no-man-pages",
        "--output=" + image);
    Path program = image.resolve("bin/lanewise");
    Files.writeString(program, SHELL);
    program.toFile().setExecutable(true, false);
    Files.writeString(image.resolve("bin/lanewise.bat"), BATCH);
    try (FileSystem jar = FileSystems.newFileSystem(Path.of(args[1]))) {
      Files.copy(jar.getPath("META-INF/LICENSE"), image.resolve("LICENSE"));
    }
    archiveClasses(image);
    run("tar", "-C", image.getParent().toString(), "-czf", image + ".tar.gz", name(image));
    System.out.println(image + ": " + (System.nanoTime() - start) / 1_000_000_000 + " s");
  }

  /** Stores the JDK's classes, then those that the usual commands load. */
  private static void archiveClasses(Path image) throws IOException, InterruptedException {
    run(image.resolve("bin/java").toString(), "-Xshare:dump", "-m", MAIN);
    run(
        image.resolve("bin/java").toString(),
        "-XX:ArchiveClassesAtExit=" + image.resolve("lib/lanewise.jsa"),
        "-Xlog:cds=off,cds+dynamic=off",
        "-m",
        "dev.lanewise.cli/dev.lanewise.cli.ClassArchiveRun");
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  /** Runs a program, and shows its output only if it fails. */
  private static void run(String... words) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(new ArrayList<>(List.of(words))).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", words) + "\n" + output);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
