package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The programs of README and of the page on embedding, as they stand there: with all classes in one
 * jar and nothing but a JDK, and as a module.
 */
class EmbeddingTest {
  private static final List<String> MODULES = List.of("engine", "core", "models", "tables");

  /** A whole program in a page: imports, a class and its main method. */
  private static final Pattern PROGRAM =
      Pattern.compile("(?s)```java\n((?:import [^`]*?)?class (\\w+) [^`]*?void main\\([^`]*?)```");

  @TempDir private static Path folder;
  private static String jar;
  private static final List<Path> PROGRAMS = new ArrayList<>();

  @BeforeAll
  static void unpackIntoOneJar() throws Exception {
    assumeTrue(ToolProvider.findFirst("javac").isPresent(), "no javac in this runtime");
    Path all = Files.createDirectory(folder.resolve("all"));
    for (String module : MODULES) { // each over the one before, as by jar --extract
      Path classes = classes(module);
      try (Stream<Path> files = Files.walk(classes)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Path to = all.resolve(classes.relativize(file).toString());
          Files.createDirectories(to.getParent());
          Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    Files.delete(all.resolve("module-info.class"));
    jar = folder.resolve("all.jar").toString();
    tool("jar", "--create", "--file", jar, "-C", all.toString(), ".");
    for (String page : List.of("README.md", "src/site/embed.md")) {
      String text = Files.readString(OwnJvm.ROOT.resolve(page));
      Matcher program = PROGRAM.matcher(text);
      while (program.find()) {
        Path file = folder.resolve(program.group(2) + ".java");
        PROGRAMS.add(Files.writeString(file, program.group(1)));
      }
    }
    PROGRAMS.add(OwnJvm.ROOT.resolve("src/examples/embed/HotSwap.java"));
  }

  private static Path classes(String module) {
    return OwnJvm.ROOT.resolve("src/" + module + "/target/classes").toAbsolutePath();
  }

  private static void tool(String name, String... words) {
    assertEquals("", said(name, words));
  }

  /** Runs a tool of the JDK, and returns what it prints if it fails. */
  private static String said(String name, String... words) {
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    int code = ToolProvider.findFirst(name).orElseThrow().run(out, out, words);
    return code == 0 ? "" : name + " ends with " + code + ": " + said;
  }

  /** Runs Java and returns its status and both outputs. */
  private static String java(Path in, String... words) throws Exception {
    List<String> command = OwnJvm.java();
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).directory(in.toFile());
    OwnJvm.Ended ended = OwnJvm.end(OwnJvm.start(builder.redirectErrorStream(true)));
    return ended.code() + " " + ended.printed();
  }

  private static String path(String first, String second) {
    return first + File.pathSeparator + second;
  }

  @Test
  void programsOfThePagesCompileAndRunWithOneJar() throws Exception {
    assertTrue(PROGRAMS.size() >= 6, PROGRAMS::toString);
    Path out = Files.createDirectory(folder.resolve("plain"));
    List<String> words = new ArrayList<>(List.of("-Xlint:all", "-Werror", "-cp", jar));
    words.addAll(List.of("-d", out.toString()));
    PROGRAMS.forEach(file -> words.add(file.toString()));
    tool("javac", words.toArray(String[]::new));
    Path work = Files.createDirectory(folder.resolve("work"));
    String[] command = {"--add-modules=jdk.incubator.vector", "-cp", path(jar, out.toString())};
    List<String> ofReadme = new ArrayList<>(List.of(command));
    ofReadme.addAll(List.of("TrainOnArrays", "model.npz"));
    String weather = java(work, ofReadme.toArray(String[]::new));
    assertTrue(weather.startsWith("0 ") && weather.lines().toList().contains("rain"), weather);
    List<String> ofPage = new ArrayList<>(List.of(command));
    ofPage.add("First");
    assertIsFirst(java(work, ofPage.toArray(String[]::new)));
  }

  private static void assertIsFirst(String printed) {
    assertTrue(printed.startsWith("0 "), printed);
    assertTrue(printed.contains("a flat of 30 square metres sells soon (0.9"), printed);
  }

  /** A program follows the advice of the error about its records, and then it runs. */
  @Test
  void theSameProgramIsAModule() throws Exception {
    Path sources = Files.createDirectories(folder.resolve("module/app"));
    String program = Files.readString(folder.resolve("First.java"));
    Path file = Files.writeString(sources.resolve("First.java"), "package app;\n" + program);
    Path info = sources.resolveSibling("module-info.java");
    String lanewise =
        String.join(
            File.pathSeparator, MODULES.stream().map(name -> classes(name).toString()).toList());
    String declaration = "module app { requires dev.lanewise.tables; }";
    String refused = asModule(declaration, info, file, lanewise);
    assertTrue(refused.startsWith("1 "), refused);
    Matcher advice =
        Pattern.compile("expected \"(opens [\\w. ]+;)\" in module app").matcher(refused);
    assertTrue(advice.find(), refused);
    String followed = declaration.replace("}", advice.group(1) + " }");
    String found = asModule(followed, info, file, lanewise);
    assertIsFirst(found);
  }

  /** The flags are those of the page: -nowarn keeps lint, but not the note on the vector module. */
  private static String asModule(String declaration, Path info, Path file, String lanewise)
      throws Exception {
    Files.writeString(info, declaration);
    String out = Files.createTempDirectory(folder, "classes").toString();
    String[] flags = {"-Xlint:all", "-nowarn", "-Werror", "--module-path", lanewise, "-d", out};
    List<String> words = new ArrayList<>(List.of(flags));
    words.addAll(List.of(info.toString(), file.toString()));
    tool("javac", words.toArray(String[]::new));
    words.remove("-nowarn");
    assertNotEquals("", said("javac", words.toArray(String[]::new)), "the flag is not needed now");
    String modules = path(lanewise, out);
    String vector = "--add-modules=jdk.incubator.vector";
    return java(folder, vector, "--module-path", modules, "-m", "app/app.First");
  }

  /** Where the vectors are not active, the log says so in one line, and how to get them. */
  @Test
  void scalarKernelsAreLoggedOnce() throws Exception {
    Path out = Files.createDirectories(folder.resolve("logged"));
    tool("javac", "-cp", jar, "-d", out.toString(), folder.resolve("First.java").toString());
    String found = java(folder, "-cp", path(jar, out.toString()), "First");
    assertIsFirst(found);
    String line = "INFO: scalar kernels: the module jdk.incubator.vector is not loaded; run java";
    assertEquals(1, found.split(line, -1).length - 1, found);
    String quiet =
        java(folder, "-Dlanewise.kernels.quiet=", "-cp", path(jar, out.toString()), "First");
    assertIsFirst(quiet);
    assertFalse(quiet.contains("INFO"), quiet);
  }

  /** The metadata for native-image names classes and files that are there. */
  @Test
  void metadataForNativeImageNamesWhatIsThere() throws Exception {
    int found = 0;
    for (String module : MODULES.subList(1, 4)) {
      Path file =
          classes(module)
              .resolve("META-INF/native-image/dev.lanewise/lanewise-" + module)
              .resolve("reachability-metadata.json");
      Matcher named =
          Pattern.compile("\"(type|glob)\": \"([^\"]+)\"").matcher(Files.readString(file));
      while (named.find()) {
        String path = named.group(2);
        boolean isType = named.group(1).equals("type");
        Path place = classes(module).resolve(isType ? path.replace('.', '/') + ".class" : path);
        assertTrue(Files.exists(place), path);
        found++;
      }
    }
    assertEquals(4, found);
  }
}
