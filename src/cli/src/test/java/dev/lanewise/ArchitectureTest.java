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
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks on the real sources which package may use which, and other rules of the library. */
class ArchitectureTest {
  private static final List<String> MODULES = List.of("engine", "core", "models", "tables", "cli");
  private static final Path ROOT = OwnJvm.ROOT;

  /**
   * The classes inside a package that use each other in a circle, and why these belong together: a
   * sealed type with its permitted classes, or a public type with what its factory methods use.
   */
  private static final Map<String, String> GROUPS =
      Map.ofEntries(
          Map.entry(
              "format.internal: Message, Remedy",
              "a Remedy makes the Message that it is, which has the words of each"),
          Map.entry(
              "kernel: KernelChoice, KernelSet, ScalarKernels, VectorKernels",
              "KernelSet.active makes the kernels that KernelChoice chooses"),
          Map.entry(
              "kernel.simd: KernelWarmUp, KernelWarmUps",
              "KernelWarmUps makes each KernelWarmUp, which asks it for a step"),
          Map.entry(
              "metrics: Evaluation, Imbalance, Metrics, RegressionMetrics, RocAuc",
              "Evaluation.figures are those of metrics, which are made of an evaluation"),
          Map.entry(
              "model: MemberPass, Model, ModelFormats, TablePredictor",
              "Model reads and writes files and makes predictors by the others"),
          Map.entry("rows: CategoryColumn, Column, DateColumn, NumberColumn", "Column is sealed"),
          Map.entry("rows: DateNotation, Notation, NumberNotation", "Notation is sealed"),
          Map.entry(
              "nn: Mlp, NetworkFiles, PredictiveModel, Predictor",
              "Mlp reads and writes files and makes predictors by the others"),
          Map.entry(
              "nn.internal: ModelFile, NetworkArrays",
              "ModelFile reads the layers by NetworkArrays, which reads its fields"),
          Map.entry("recipe: Recipe, RecipeRun", "Recipe trains and makes runs"),
          Map.entry(
              "selection: Search, SearchWork", "Search.run makes the SearchWork that runs it"),
          Map.entry(
              "table: DivisionOptions, LoadOptions, ReadOptions, ScaleOptions",
              "LoadOptions is sealed"),
          Map.entry(
              "train: Trainer, TrainerBuilder",
              "Trainer makes its builder, which makes the trainer"),
          Map.entry(
              "trust: Profile, ProfileArrays, ProfileBuilder",
              "Profile makes a profile of data or of the arrays of a model"));

  @Test
  void sourcesKeepTheRules() throws IOException {
    List<Path> files = mainFiles();
    files.addAll(javaFiles(ROOT.resolve("src/engine/target/generated-sources/kernels")));
    assertTrue(files.stream().anyMatch(file -> file.endsWith("module-info.java")), "no sources");

    List<String> violations = new ArrayList<>();
    for (Path file : files) {
      String name = ROOT.relativize(file).toString();
      violations.addAll(SourceRules.violations(name, Files.readString(file)));
    }
    assertEquals(List.of(), violations);
  }

  /** A class can be understood and tested without the classes of its package that use it. */
  @Test
  void classesOfAPackageUseEachOtherInNoCircle() {
    List<Path> modules =
        MODULES.stream()
            .map(name -> ROOT.resolve("src/" + name + "/target/classes"))
            .filter(Files::isDirectory)
            .toList();
    assertTrue(modules.size() >= 2);
    Set<String> found = ClassCycles.of(modules);
    assertEquals(List.of(), without(found, GROUPS.keySet()), "new circles");
    assertEquals(List.of(), without(GROUPS.keySet(), found), "groups that are no circle now");
    GROUPS.forEach(
        (group, reason) -> assertTrue(group.split(", ").length <= 8, group + ": " + reason));
  }

  private static List<String> without(Set<String> all, Set<String> others) {
    return all.stream().filter(one -> !others.contains(one)).sorted().toList();
  }

  @Test
  void aCircleIsFound() {
    String uses =
        """
           dev.lanewise.a.A$1      -> dev.lanewise.a.B    core
           dev.lanewise.a.A        -> java.lang.Object    java.base
           dev.lanewise.a.B$C      -> dev.lanewise.a.D$E  core
           dev.lanewise.a.D        -> dev.lanewise.a.A    core
           dev.lanewise.a.F        -> dev.lanewise.a.A    core
           dev.lanewise.a.G        -> dev.lanewise.a.G$H  core
           dev.lanewise.a.G$H      -> dev.lanewise.a.G    core
           dev.lanewise.a.G        -> dev.lanewise.b.I    core
           dev.lanewise.b.I        -> dev.lanewise.a.G    core
           dev.lanewise.b.I        -> dev.lanewise.b.J    core
           dev.lanewise.b.J        -> dev.lanewise.b.I    core
        """;
    assertEquals(Set.of("a: A, B, D", "b: I, J"), ClassCycles.of(uses));
  }

  /** A package documents what it is for, what it may use, and where to begin. */
  @Test
  void packagesSayWhatTheyMayUse() throws IOException {
    int packages = 0;
    for (Path file : mainFiles()) {
      Path folder = file.getParent();
      if (!Files.exists(folder.resolve("package-info.java"))) {
        assertTrue(file.endsWith("module-info.java"), folder + " has no package-info.java");
      } else if (file.endsWith("package-info.java")) {
        String text = Files.readString(file).replaceAll("\\s+(\\* )?", " ");
        text = text.replaceAll("\\{@code (\\w+)}", "$1"); // of Javadoc
        String rule = SourceRules.uses(folder.getFileName().toString());
        assertTrue(rule == null || text.contains(rule), file + ": " + rule);
        assertTrue(rule == null || text.contains("Begin with "), file::toString);
        packages++;
      }
    }
    assertTrue(packages > 15);
  }

  /** The commands are the largest package; no other has as many. */
  @Test
  void noPackageHasMoreThanSixtyFiles() throws IOException {
    Map<Path, Long> packages =
        mainFiles().stream().collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
    packages.values().removeIf(files -> files <= 60);
    assertEquals(Map.of(), packages);
  }

  private static List<Path> mainFiles() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String module : MODULES) {
      files.addAll(javaFiles(ROOT.resolve("src/" + module + "/src/main/java")));
    }
    return files;
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
    "cli, serve files terminal report kernel format exchange trust",
    "serve, files terminal report",
    "files, terminal report",
    "terminal, selection trust",
    "selection, recipe",
    "recipe, table train",
    "trust, table",
    "table, source data",
    "exchange, source nn",
    "source, format",
    "report, train nn",
    "metrics, model train data nn",
    "model, rows train",
    "rows, data nn",
    "train, data format",
    "data, nn",
    "nn, engine kernel parallel format kernel.gemm kernel.math",
    "engine, kernel parallel kernel.gemm",
    "kernel, kernel kernel.gemm kernel.math kernel.simd",
    "kernel.gemm, kernel.simd kernel.gemm",
    "kernel.math, kernel.simd"
  })
  void downwardUseIsAllowed(String from, String below) {
    for (String to : below.split(" ")) {
      assertEquals(List.of(), in(from, "import dev.lanewise." + to + ".Thing;"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "report, cli terminal files exchange",
    "terminal, cli serve files report",
    "files, cli serve",
    "serve, cli",
    "selection, report trust",
    "recipe, selection trust",
    "table, recipe trust exchange",
    "table.internal, table",
    "train, recipe table report metrics model elsewhere",
    "trust, selection",
    "data, table rows metrics train",
    "format, source nn kernel kernel.math",
    "nn, exchange rows model data train kernel.simd",
    "exchange, table",
    "source, table",
    "rows, model train",
    "model, metrics",
    "engine, nn format",
    "kernel, engine nn parallel format",
    "parallel, kernel",
    "kernel.gemm, kernel kernel.math",
    "kernel.math, kernel kernel.gemm",
    "kernel.simd, kernel kernel.gemm kernel.math"
  })
  void upwardUseIsFound(String from, String above) {
    for (String to : above.split(" ")) {
      assertFound(from, "import dev.lanewise." + to + ".Thing;");
      assertFound(from, "import static dev.lanewise." + to + ".Thing.method;");
      assertFound(from, "import dev.lanewise." + to + ".*;");
      assertFound(from, "class A { dev.lanewise." + to + ".Thing field; }");
      assertFound(from, "class A { Object o = dev.lanewise\n      ." + to + ".Thing.make(); }");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SearchCommand.java, TrainingCommand,             true",
    "SearchCommand.java, dev.lanewise.serve.OpenApi,  true",
    "SearchCommand.java, ReportCommand,               false",
  })
  void noCommandUsesAnother(String file, String used, boolean isAllowed) {
    String source = "package dev.lanewise.cli; class A { " + used + " field; }";
    assertEquals(isAllowed, SourceRules.violations(file, source).isEmpty());
  }

  /** Code that breaks a rule in some packages and is allowed in others. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "cli               |        | import dev.lanewise.*;",
        "nn data           | table  | import java.sql.Timestamp;",
        "report source     |        | import java.awt.image.BufferedImage;",
        "format            | source | import javax.xml.stream.XMLStreamReader;",
        "nn cli            |        | import com.sun.net.httpserver.HttpServer;",
        "report nn format  | cli    | System.out.println(1);",
        "trust nn          | cli    | System~    .err.println(1);",
        "train nn          | cli    | list.forEach(System.out::println);",
        "metrics nn        | cli    | import static java.lang.System.out;",
        "data nn           | cli    | import static java.lang.System.*;",
        "engine nn         | cli    | new FileOutputStream(FileDescriptor.out);",
        "kernel nn         | cli    | System.console();",
        "parallel nn       | cli    | e.printStackTrace();",
        "format nn         | cli    | cause().printStackTrace();",
        "report nn         | cli    | catchAll(Throwable::printStackTrace);",
        "trust nn          | cli    | System.exit(1);",
        "train nn          | cli    | import static java.lang.System.exit;",
        "metrics nn        | cli    | Runtime.getRuntime().halt(1);",
        "data nn           | cli    | Runtime.getRuntime()~    .exit(1);",
        "engine nn         | cli    | runtime.halt(1);",
        "cli trust nn      | report | double y = Math.exp(x);",
        "train nn          | report | double y = Math.log(x);",
        "metrics nn        | report | double y = java.lang.Math.pow(x, 2);",
        "data nn           | report | double y = Math~    .tanh(x);",
        "engine nn         | report | map(Math::sin);",
        "kernel nn         | report | map(Math::exp);",
        "parallel nn       | report | import static java.lang.Math.cos;",
        "format nn         | report | import static java.lang.Math.*;",
        "cli nn            | report | double y = Math.hypot(x, x);",
        "cli report kernel |        | v.lanewise(VectorOperators.EXP);",
        "train data        |        | v.lanewise(VectorOperators.TANH);",
        "kernel            |        | v.reduceLanes(VectorOperators.ADD);",
        "cli table nn      |        | boolean is = loss == Loss.MSE;",
        "exchange trust    |        | boolean is = !loss.equals(~Loss.SOFTMAX);",
        "kernel            |        | v.reduceLanes(~    ADD);",
        "report            |        | javax.xml.parsers.DocumentBuilder b;",
        "format            |        | import org.w3c.dom.Node;",
        "trust train       | format | import java.util.Random;",
        "metrics data      | format | import java.util.random.RandomGenerator;",
        "nn engine         | format | new java.util.SplittableRandom(1);",
        "kernel parallel   | format | ThreadLocalRandom.current();",
        "nn train          | format | new java.security.SecureRandom();",
        "nn train          | format | Math.random();",
        "cli report nn     | kernel | import jdk.incubator.vector.FloatVector;",
        "nn report         | cli    | wrong(\"try --target NAME\");",
        "nn report         | cli    | wrong(\"try -\" + /* one */ \"-target\");",
        "nn report         | cli    | wrong(\"try \"~    + // two~    '-' + \"-target\");",
        "nn report         | cli    | wrong(\"try --\" + name);",
        "nn report         | cli    | String s = \"\"\"~    --target~    \"\"\";",
        "nn                |        | /* a */ System.out.print(1);",
        "nn                |        | String s = \"\\\\\"; System.exit(1);",
        "nn                |        | char c = '\"'; System.exit(1); char d = '\"';",
        "nn                |        | String s = \"// \"; System.exit(1);",
        "nn                |        | String s = \"\"\"~  a \\\"\"\" b~  \"\"\"; System.exit(1);",
        "nn                |        | // it's~System.exit(1);",
      })
  void codeThatBreaksARuleIsFound(String packages, String free, String code) {
    String text = code.replace('~', '\n');
    for (String name : packages.split(" ")) {
      assertFound(name, text);
    }
    if (free != null) {
      assertEquals(List.of(), in(free, text));
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
    "exports dev.lanewise.model, 0",
    "exports dev.lanewise.rows, 0",
    "exports dev.lanewise.cli, 1",
    "exports dev.lanewise.kernel, 1",
    "exports dev.lanewise.cli, 1",
    "exports dev.lanewise.engine, 0",
    "exports dev.lanewise.parallel, 1",
    "exports dev.lanewise.nn.internal to dev.lanewise.tables, 0",
    "exports dev.lanewise.nn.internal to other, 1",
    "exports dev.lanewise.nn.internal, 1",
    "exports dev.lanewise.source, 1",
    "exports dev.lanewise.table, 0",
    "requires transitive dev.lanewise.core, 0",
    "requires transitive dev.lanewise.models, 0",
    "requires dev.lanewise.cli, 1",
    "opens dev.lanewise.nn, 1",
    "requires static java.desktop, 1",
    "requires static java.xml, 0",
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

  /**
   * OSGi reads the manifest and the module system reads module-info; both export the same packages.
   */
  @ParameterizedTest
  @ValueSource(strings = {"engine", "core", "models", "tables", "cli"})
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

  /** The module system allows a package in only one module. */
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
