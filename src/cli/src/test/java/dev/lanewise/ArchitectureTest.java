package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the arrows between the packages and the manners of a library, on the real sources. */
class ArchitectureTest {
  private static final List<String> MODULES = List.of("core", "tables", "cli");
  private static final Path ROOT = OwnJvm.ROOT;

  @Test
  void sourcesKeepTheRules() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String module : MODULES) {
      files.addAll(javaFiles(ROOT.resolve("src/" + module + "/src/main/java")));
    }
    files.addAll(javaFiles(ROOT.resolve("src/core/target/generated-sources/kernels")));
    assertTrue(files.stream().anyMatch(file -> file.endsWith("module-info.java")), "no sources");

    List<String> violations = new ArrayList<>();
    for (Path file : files) {
      String name = ROOT.relativize(file).toString();
      violations.addAll(SourceRules.violations(name, Files.readString(file)));
    }
    assertEquals(List.of(), violations);
  }

  /** A package says what it is for, what it may use, and where to begin. */
  @Test
  void packagesSayWhatTheyMayUse() throws IOException {
    int packages = 0;
    for (String module : MODULES) {
      for (Path file : javaFiles(ROOT.resolve("src/" + module + "/src/main/java"))) {
        Path folder = file.getParent();
        if (!Files.exists(folder.resolve("package-info.java"))) {
          assertTrue(file.endsWith("module-info.java"), folder + " has no package-info.java");
        } else if (file.endsWith("package-info.java")) {
          String text = Files.readString(file).replaceAll("\\s+(\\* )?", " ");
          String rule = SourceRules.uses(folder.getFileName().toString());
          assertTrue(rule == null || text.contains(rule), () -> file + ": " + rule);
          assertTrue(rule == null || text.contains("Begin with "), file::toString);
          packages++;
        }
      }
    }
    assertTrue(packages > 15);
  }

  private static List<Path> javaFiles(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "cli, report", "cli, kernel", "cli, format",
    "cli, exchange", "table, source", "table, data",
    "exchange, source", "exchange, nn", "source, format",
    "report, train", "report, check", "report, nn",
    "check, metrics", "check, data", "train, metrics",
    "train, data", "train, format", "metrics, data",
    "metrics, nn", "data, nn", "nn, engine",
    "nn, kernel", "nn, parallel", "nn, format",
    "engine, kernel", "engine, parallel", "kernel, kernel",
    "nn, kernel.gemm", "nn, kernel.math", "kernel, kernel.gemm",
    "kernel, kernel.math", "kernel, kernel.simd", "kernel.gemm, kernel.simd",
    "kernel.math, kernel.simd", "kernel.gemm, kernel.gemm", "engine, kernel.gemm"
  })
  void downwardUseIsAllowed(String from, String to) {
    assertEquals(List.of(), in(from, "import dev.lanewise." + to + ".Thing;"));
  }

  @ParameterizedTest
  @CsvSource({
    "report, cli", "report, table", "data, table",
    "train, table", "format, source", "nn, exchange",
    "table, exchange", "exchange, table", "source, table",
    "train, report", "check, train", "train, check",
    "metrics, train", "metrics, check", "data, metrics",
    "data, train", "engine, nn", "engine, format",
    "kernel, engine", "nn, data", "nn, train",
    "kernel, nn", "kernel, parallel", "kernel, format",
    "parallel, kernel", "format, nn", "format, kernel",
    "format, kernel.math", "nn, kernel.simd", "kernel.gemm, kernel",
    "kernel.gemm, kernel.math", "kernel.math, kernel", "kernel.math, kernel.gemm",
    "kernel.simd, kernel", "kernel.simd, kernel.gemm", "kernel.simd, kernel.math",
    "train, elsewhere"
  })
  void upwardUseIsFound(String from, String to) {
    assertFound(from, "import dev.lanewise." + to + ".Thing;");
    assertFound(from, "import static dev.lanewise." + to + ".Thing.method;");
    assertFound(from, "import dev.lanewise." + to + ".*;");
    assertFound(from, "class A { dev.lanewise." + to + ".Thing field; }");
    assertFound(from, "class A { Object o = dev.lanewise\n      ." + to + ".Thing.make(); }");
  }

  @Test
  void tablesAloneKnowDatabases() {
    assertFound("nn", "import java.sql.Timestamp;");
    assertEquals(List.of(), in("table", "import java.sql.Timestamp;"));
    assertFound("data", "import java.sql.Timestamp;");
  }

  @Test
  void tablesAloneKnowPictures() {
    assertFound("report", "import java.awt.image.BufferedImage;");
    assertFound("format", "import javax.imageio.ImageIO;");
    assertEquals(List.of(), in("table", "import javax.imageio.ImageIO;"));
  }

  @Test
  void nobodyNeedsTheServerOfTheJdk() {
    assertFound("nn", "import com.sun.net.httpserver.HttpServer;");
    assertFound("cli", "import com.sun.net.httpserver.HttpServer;");
  }

  @Test
  void wildcardOverAllPackagesIsFound() {
    assertFound("cli", "import dev.lanewise.*;");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "System.out.println(1);",
        "System\n    .err.println(1);",
        "list.forEach(System.out::println);",
        "import static java.lang.System.out;",
        "import static java.lang.System.*;",
        "new FileOutputStream(FileDescriptor.out);",
        "System.console();",
        "e.printStackTrace();",
        "cause().printStackTrace();",
        "catchAll(Throwable::printStackTrace);",
        "System.exit(1);",
        "import static java.lang.System.exit;",
        "Runtime.getRuntime().halt(1);",
        "Runtime.getRuntime()\n    .exit(1);",
        "runtime.halt(1);",
      })
  void printingAndExitingAreForTheCommandLine(String code) {
    for (String name :
        List.of("report check train metrics data nn engine kernel parallel format".split(" "))) {
      assertFound(name, code);
    }
    assertEquals(List.of(), in("cli", code));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "double y = Math.exp(x);",
        "double y = Math.log(x);",
        "double y = java.lang.Math.pow(x, 2);",
        "double y = Math\n    .tanh(x);",
        "map(Math::sin);",
        "map(Math::exp);",
        "import static java.lang.Math.cos;",
        "import static java.lang.Math.*;",
        "double y = Math.hypot(x, x);",
      })
  void inexactFunctionsAreForReports(String code) {
    for (String name :
        List.of("cli check train metrics data nn engine kernel parallel format".split(" "))) {
      assertFound(name, code);
    }
    assertEquals(List.of(), in("report", code));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v.lanewise(VectorOperators.EXP);",
        "v.lanewise(VectorOperators.TANH);",
        "v.reduceLanes(VectorOperators.ADD);",
        "v.reduceLanes(\n    ADD);",
        "javax.xml.parsers.DocumentBuilder b;",
        "import org.w3c.dom.Node;",
      })
  void someThingsAreNotForUs(String code) {
    for (String name : List.of("cli", "report", "train", "data", "nn", "kernel", "format")) {
      assertFound(name, code);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import java.util.Random;",
        "import java.util.random.RandomGenerator;",
        "new java.util.SplittableRandom(1);",
        "ThreadLocalRandom.current();",
        "new java.security.SecureRandom();",
        "Math.random();",
      })
  void randomNumbersAreOurOwn(String code) {
    for (String name :
        List.of("check", "train", "metrics", "data", "nn", "engine", "kernel", "parallel")) {
      assertFound(name, code);
    }
    assertEquals(List.of(), in("format", code));
  }

  @Test
  void theVectorApiIsForKernels() {
    String code = "import jdk.incubator.vector.FloatVector;";
    assertEquals(List.of(), in("kernel", code));
    for (String name : List.of("cli", "report", "train", "data", "nn", "parallel", "format")) {
      assertFound(name, code);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "// System.out, Math.exp(x), dev.lanewise.train.Trainer",
        "/* System.exit(0);\n * {@link dev.lanewise.train.Trainer}, ' and \" */",
        "String s = \"\\\" System.out Math.exp(1) \\\\\";",
        "String s = \"\"\"\n    \" System.out dev.lanewise.cli.Main\n    \"\"\";",
        "char quote = '\"'; char other = '\\'';",
        "double y = StrictMath.exp(x) + Math.sqrt(x) + Math.fma(x, x, x) + Math.explicit;",
        "v.reduceLanes(VectorOperators.MAX); v.add(w).lanewise(VectorOperators.ADD, w);",
        "System.Logger log; System.getProperty(key); System.nanoTime();",
      })
  void innocentCodePasses(String code) {
    assertEquals(List.of(), in("kernel", code));
  }

  @Test
  void codeBehindCommentsAndLiteralsIsRead() {
    assertFound("nn", "/* a */ System.out.print(1);");
    assertFound("nn", "String s = \"\\\\\"; System.exit(1);");
    assertFound("nn", "char c = '\"'; System.exit(1); char d = '\"';");
    assertFound("nn", "String s = \"// \"; System.exit(1);");
    assertFound("nn", "String s = \"\"\"\n  a \\\"\"\" b\n  \"\"\"; System.exit(1);");
    assertFound("nn", "// it's\nSystem.exit(1);");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wrong(\"try --target NAME\");",
        "wrong(\"try -\" + /* one */ \"-target\");",
        "wrong(\"try \"\n    + // two\n    '-' + \"-target\");",
        "wrong(\"try --\" + name);",
        "String s = \"\"\"\n    --target\n    \"\"\";",
      })
  void optionsInTextsOfTheLibraryAreFound(String code) {
    assertFound("nn", code);
    assertFound("report", code);
    assertEquals(List.of(), in("cli", code));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run(\"java --add-modules jdk.incubator.vector\");",
        "style(\"rgb(var(--heat))\"); // --target",
        "i--; text(\"-\", \"-target\"); text(\"a -- b\");",
      })
  void otherHyphensPass(String code) {
    assertEquals(List.of(), in("report", code));
  }

  @Test
  void violationsNameFileAndLine() {
    String source = "package dev.lanewise.nn;\n\n/*\n*/ class A { int a = System.in.read(); }\n";
    assertEquals(List.of(), SourceRules.violations("A.java", source));
    assertEquals(
        List.of("A.java:4: System.out prints"),
        SourceRules.violations("A.java", source.replace("System.in", "System.out")));
    assertEquals(
        List.of("A.java:1: nn may not use dev.lanewise.cli"),
        SourceRules.violations("A.java", "package dev.lanewise.nn; dev.lanewise.cli.Main m;"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "package dev.lanewise;",
        "package dev.lanewise.util;",
        "package dev.lanewise.kernel.other;",
        "package org.x;",
        ""
      })
  void otherPackagesAreFound(String declaration) {
    assertEquals(1, SourceRules.violations("A.java", declaration + " class A {}").size());
  }

  @ParameterizedTest
  @CsvSource({
    "requires static jdk.httpserver, 1",
    "requires static jdk.incubator.vector, 0",
    "exports dev.lanewise.nn, 0",
    "exports dev.lanewise.report, 0",
    "exports dev.lanewise.metrics, 0",
    "exports dev.lanewise.check, 1",
    "exports dev.lanewise.kernel, 1",
    "exports dev.lanewise.cli, 1",
    "exports dev.lanewise.engine, 1",
    "exports dev.lanewise.nn.internal to dev.lanewise.tables, 0",
    "exports dev.lanewise.nn.internal to other, 1",
    "exports dev.lanewise.nn.internal, 1",
    "exports dev.lanewise.source, 1",
    "exports dev.lanewise.table, 0",
    "requires transitive dev.lanewise.core, 0",
    "requires dev.lanewise.cli, 1",
    "opens dev.lanewise.nn, 1",
    "requires static java.desktop, 0",
    "requires jdk.incubator.vector, 1",
    "requires java.desktop, 1",
    "requires jdk.httpserver, 1",
    "requires transitive java.logging, 1",
  })
  void moduleShowsThePublicPackagesOnly(String directive, int expected) {
    String source =
        "/** Not: exports dev.lanewise.cli; */ module dev.lanewise { " + directive + "; }";
    assertEquals(expected, SourceRules.violations("src/module-info.java", source).size());
  }

  /** OSGi reads the manifest, the module system module-info: both show the same packages. */
  @ParameterizedTest
  @ValueSource(strings = {"core", "tables", "cli"})
  void theManifestExportsWhatTheModuleDoes(String name) throws IOException {
    Path folder = ROOT.resolve("src").resolve(name);
    Matcher property =
        Pattern.compile("<osgi.export>(.*?)<").matcher(Files.readString(folder.resolve("pom.xml")));
    assertTrue(property.find());
    String module = Files.readString(folder.resolve("src/main/java/module-info.java"));
    String exported =
        Pattern.compile("exports ([\\w.]+);")
            .matcher(module)
            .results()
            .map(export -> export.group(1))
            .collect(Collectors.joining(";"));
    assertEquals(exported, property.group(1));
  }

  /** The module system allows a package in one module only. */
  @Test
  void noPackageIsInTwoModules() throws IOException {
    Map<String, String> modules = new HashMap<>();
    for (String name : MODULES) {
      Path sources = ROOT.resolve("src/" + name + "/src/main/java");
      for (Path file : javaFiles(sources)) {
        String other = modules.putIfAbsent(sources.relativize(file.getParent()).toString(), name);
        assertTrue(
            other == null || other.equals(name) || file.endsWith("module-info.java"),
            file::toString);
      }
    }
    assertTrue(modules.size() > 15, modules::toString);
  }

  private static void assertFound(String packageName, String code) {
    assertTrue(!in(packageName, code).isEmpty(), () -> "not found in " + packageName + ": " + code);
  }

  private static List<String> in(String packageName, String code) {
    return SourceRules.violations("A.java", "package dev.lanewise." + packageName + ";\n" + code);
  }
}
