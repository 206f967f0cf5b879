package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.OwnJvm;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Starts the program by its launcher. Most tests replace Java by a script, which prints the option
 * with the archive of classes, and makes an archive as Java would.
 */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final String JAVA =
      """
      #!/bin/sh
      case $1 in
        -XX:ArchiveClassesAtExit=*) echo classes >"${1#*=}"; echo made >>"${0%/*}/made"; exit ;;
        -XX:SharedArchiveFile=*) echo "${1#*=}" ;;
      esac
      for last; do :; done
      exit "$last"
      """;

  @TempDir static Path packed;
  @TempDir Path directory;

  private Path cache;
  private Path program;
  private Path home;

  @BeforeEach
  void makeProgram() throws Exception {
    cache = directory.resolve("cache");
    program = directory.resolve("lanewise");
    home = directory.resolve("java");
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, JAVA);
    assertTrue(java.toFile().setExecutable(true));
    Path made = packed.resolve("lanewise");
    if (Files.notExists(made)) {
      pack(Files.writeString(packed.resolve("program.jar"), "a jar"), made);
    }
    Files.copy(made, program, StandardCopyOption.COPY_ATTRIBUTES);
  }

  @Test
  void laterStartsUseTheArchiveThatTheFirstMakes() throws Exception {
    assertEquals("", start("0"));
    Path archive = archive();
    assertEquals(archive + "\n", start("0"));
    assertEquals(archive + "\n", start("0"));
    assertEquals(1, made());
  }

  @Test
  void aChangedJarAndAnotherJavaGetOtherArchives() throws Exception {
    assertEquals("", start("0"));
    Path first = archive();
    Path jar = directory.resolve("program.jar");
    Files.writeString(jar, "b jar");
    pack(jar, program);
    assertEquals("", start("0"));
    Files.delete(first);
    Path second = archive();
    assertEquals(second + "\n", start("0"));
    Files.writeString(home.resolve("bin/java"), JAVA + "# another version\n");
    assertEquals("", start("0"));
    Files.delete(second);
    assertEquals(archive() + "\n", start("0"));
  }

  @Test
  void onlyAFewArchivesAreKept() throws Exception {
    Path folder = Files.createDirectories(cache.resolve("lanewise"));
    for (int i = 0; i < 9; i++) {
      for (String end : List.of(".jsa", ".jsa.size")) {
        Path old = Files.writeString(folder.resolve("old-" + i + end), "old");
        assertTrue(old.toFile().setLastModified(1_000_000L * i));
      }
    }
    start("0");
    for (int i = 0; i < 60_000 && archives().size() != 2; i++) {
      Thread.sleep(10);
    }
    assertEquals(2, archives().size());
    assertTrue(archives().toString().contains("old-8.jsa"));
  }

  @Test
  void startsAtTheSameTimeMakeOneArchive() throws Exception {
    List<Process> starts = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      starts.add(begin("0"));
    }
    List<String> said = new ArrayList<>();
    for (Process each : starts) {
      said.add(end(each, 0));
    }
    String archive = archive() + "\n"; // which a start that came late may have used
    said.forEach(each -> assertTrue(each.isEmpty() || each.equals(archive), each));
    assertEquals(1, made());
  }

  @Test
  void noCacheFolderIsNeeded() throws Exception {
    Files.writeString(cache, "a file");
    assertEquals("", start("0"));
    assertEquals("a file", Files.readString(cache));
    assertEquals("", end(begin(List.of("-u", "XDG_CACHE_HOME", "-u", "HOME"), "0"), 0));
    assertEquals("", end(begin(List.of("XDG_CACHE_HOME=/dev/null"), "0"), 0));
    assertFalse(Files.exists(home.resolve("bin/made")));
  }

  @Test
  void theArchiveCanBeSwitchedOff() throws Exception {
    assertEquals("", end(begin(List.of("LANEWISE_ARCHIVE=off"), "0"), 0));
    assertFalse(Files.exists(cache));
  }

  @Test
  void exitCodesStayWithAndWithoutAnArchive() throws Exception {
    assertEquals("", end(begin("7"), 7));
    assertEquals(archive() + "\n", end(begin("7"), 7));
  }

  /** Uses Java itself, and overwrites the archive that it has made. */
  @Test
  void javaUsesItsArchiveAndPassesOverABrokenOne() throws Exception {
    Files.delete(home.resolve("bin/java"));
    home = Path.of(System.getProperty("java.home"));
    Path jar = directory.resolve("classes.jar");
    jar(jar);
    pack(jar, program);
    String first = start("info");
    assertTrue(first.startsWith("version"), first);
    Path archive = archive();
    assumeTrue(Files.size(archive) > 0, "this Java makes no archive");
    Path log = directory.resolve("log");
    List<String> logged = List.of("JDK_JAVA_OPTIONS=-Xlog:class+load:file=" + log);
    end(begin(logged, "info"), 0);
    assertTrue(
        Files.readAllLines(log).stream()
            .anyMatch(
                line -> line.contains("dev.lanewise.cli.Main ") && line.endsWith("file (top)")));
    assertEquals(first, start("info"));
    assertTrue(first.contains("\ncache      " + cache.resolve("lanewise")), first);
    long size = Files.size(archive);
    assertTrue(archive.toFile().setWritable(true));
    try (FileChannel cut = FileChannel.open(archive, StandardOpenOption.WRITE)) {
      cut.truncate(size / 2); // Java 17 crashes on this archive
    }
    assertEquals(first, start("info"));
    long again = Files.size(archive()); // two archives of the same classes may differ in size
    assertTrue(again > size / 2, "an archive of " + again + " bytes after one of " + size);
  }

  /** Returns the only archive, once it is made. */
  private Path archive() throws Exception {
    for (int i = 0; i < 60_000; i++) {
      List<Path> archives = archives();
      if (archives.size() == 1 && Files.size(archives.get(0)) > 0) {
        return archives.get(0);
      }
      Thread.sleep(10);
    }
    return archives().get(0);
  }

  private List<Path> archives() throws IOException {
    try (Stream<Path> files = Files.list(cache.resolve("lanewise"))) {
      return files.filter(file -> file.toString().endsWith(".jsa")).toList();
    }
  }

  private long made() throws IOException {
    return Files.readAllLines(home.resolve("bin/made")).size();
  }

  private String start(String word) throws Exception {
    return end(begin(word), 0);
  }

  private Process begin(String word) throws IOException {
    return begin(List.of(), word);
  }

  private Process begin(List<String> environment, String word) throws IOException {
    List<String> command = new ArrayList<>(List.of("env", "-u", "LANEWISE_ARCHIVE"));
    command.addAll(List.of("JAVA_HOME=" + home, "XDG_CACHE_HOME=" + cache));
    if (environment.contains("-u")) {
      command.addAll(1, environment);
      command.remove("XDG_CACHE_HOME=" + cache);
    } else {
      command.addAll(environment);
    }
    command.addAll(List.of(program.toString(), word));
    return OwnJvm.start(new ProcessBuilder(command).redirectErrorStream(true));
  }

  private static String end(Process process, int code) throws Exception {
    return OwnJvm.end(process).with(code);
  }

  private static void pack(Path jar, Path program) throws Exception {
    List<String> command = OwnJvm.java();
    command.add(OwnJvm.ROOT.resolve("src/cli/src/packager/java/RunnableProgram.java").toString());
    command.addAll(List.of(jar.toString(), program.toString()));
    end(OwnJvm.start(new ProcessBuilder(command).redirectErrorStream(true)), 0);
  }

  /** Writes a jar with the classes of all modules, as the build does. */
  private static void jar(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    manifest.getMainAttributes().putValue("Main-Class", "dev.lanewise.cli.Main");
    manifest.getMainAttributes().putValue("Add-Exports", "java.base/jdk.internal.module");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (String folder : OwnJvm.classes().split(File.pathSeparator)) {
        Path root = Path.of(folder);
        try (Stream<Path> files = Files.walk(root)) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            String name = root.relativize(file).toString().replace(File.separatorChar, '/');
            if (name.startsWith("dev/")) {
              out.putNextEntry(new ZipEntry(name));
              Files.copy(file, out);
            }
          }
        }
      }
    }
  }
}
