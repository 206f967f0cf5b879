package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.cli.Run;
import dev.lanewise.data.Dataset;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.rows.Schema;
import dev.lanewise.table.Datasets;
import dev.lanewise.train.Optimizer;
import dev.lanewise.train.Trainer;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of {@code src/examples}, each compiled and started on its own, as users do. */
class ExamplesTest {
  private static final Path BASE = OwnJvm.ROOT;
  private static final String CLASSES = OwnJvm.classes();
  private static final boolean HAS_VIRTUAL_THREADS = Runtime.version().feature() >= 21;

  @TempDir private static Path compiled;
  @TempDir private Path folder;

  @BeforeAll
  static void compile() throws Exception {
    ToolProvider javac = ToolProvider.findFirst("javac").orElse(null);
    assumeTrue(javac != null, "no javac in this runtime");
    List<String> words = new ArrayList<>(List.of("-Xlint:all", "-Werror", "-cp", CLASSES));
    words.addAll(List.of("-d", compiled.toString()));
    try (Stream<Path> files = Files.list(BASE.resolve("src/examples"))) {
      files
          .map(Path::toString)
          .filter(file -> file.endsWith(".java"))
          .filter(file -> HAS_VIRTUAL_THREADS || !file.endsWith("VirtualThreads.java"))
          .sorted()
          .forEach(words::add);
    }
    for (String module : List.of("engine", "core", "models", "tables", "cli")) {
      words.add(ofOverview(module).toString());
    }
    assertTrue(words.size() >= 14, words::toString);
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    assertEquals(0, javac.run(out, out, words.toArray(new String[0])), said::toString);
  }

  /** Writes the program on the front page of a module's Javadoc to a file. */
  private static Path ofOverview(String module) throws Exception {
    String page =
        Files.readString(BASE.resolve("src/" + module + "/src/main/javadoc/overview.html"));
    String code = page.substring(page.indexOf("<code>import") + 6, page.indexOf("</code></pre>"));
    String name = code.replaceFirst("(?s).*\nclass (\\w+) .*", "$1");
    String source = code.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    return Files.writeString(compiled.resolve(name + ".java"), source);
  }

  private static List<String> command(String path, String... words) {
    List<String> command = OwnJvm.java();
    command.addAll(List.of("-Dstdout.encoding=UTF-8", "-Duser.language=en"));
    command.addAll(List.of("--add-modules=jdk.incubator.vector", "-cp"));
    command.add(String.join(File.pathSeparator, CLASSES, compiled.toString(), path));
    command.addAll(List.of(words));
    return command;
  }

  /** Runs a program and returns its stdout; an error fails the test. */
  private String run(Path in, String path, String... words) throws Exception {
    List<String> command = command(path, words);
    Path err = folder.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectError(err.toFile()).redirectInput(in.toFile());
    OwnJvm.Ended ended = OwnJvm.end(OwnJvm.start(builder));
    assertEquals(0, ended.code(), Files.readString(err, StandardCharsets.UTF_8));
    return ended.printed();
  }

  private String run(String... words) throws Exception {
    Path empty = Files.write(folder.resolve("in"), new byte[0]);
    return run(empty, compiled.toString(), words);
  }

  @Test
  void frontPagesOfTheJavadoc() throws Exception {
    String sign = run("SameSign");
    assertTrue(sign.startsWith("other 0.9"), sign);
    String ranking = run("Ranking");
    assertTrue(ranking.startsWith("0.99"), ranking);
    assertEquals("large, small\n", run("Sizes"));
    assertEquals("", run("Digits", BASE.resolve("data/digits.npz").toString()));
    assertTrue(Files.readString(folder.resolve("report.html")).contains("Digits"));
  }

  /** The whole job in one file gives the scores and the weights of the engine, for any layers. */
  @Test
  void miniLanewise() throws Exception {
    String data = BASE.resolve("data/digits.npz").toString();
    Path file = folder.resolve("m.npz");
    Path runs = folder.resolve("run");
    for (String hidden : List.of("16,80", "20,9,7")) {
      String[] options = {"hidden=" + hidden, "epochs=3", "eta=0.1", "seed=-5"};
      List<String> mini = new ArrayList<>(List.of("MiniLanewise", "data=" + data, "batch=32"));
      mini.addAll(List.of(options));
      mini.add("out=" + file);
      String said = run(mini.toArray(String[]::new));
      List<String> words = Stream.of(options).map(option -> "--" + option).toList();
      String found =
          Run.line("train --quiet --force --batch-size=32 --data", data, words, "--out", runs)
              .ok()
              .out();
      String expected = found.replaceFirst("Always answering .*\n", ""); // is worse than that
      assertTrue(expected.contains("Weights sha256 "), expected);
      assertTrue(said.endsWith(expected), said + expected);
      assertEquals(Model.load(runs.resolve("nn_model.npz")).sha256(), Model.load(file).sha256());
    }
    assertTrue(Files.readAllLines(BASE.resolve("src/examples/MiniLanewise.java")).size() <= 600);
  }

  @Test
  void arrays() throws Exception {
    assertEquals(
        List.of("[58.0, 64.0, 139.0, 154.0]", "4.288188E-6 0.99999475 34557868"),
        run("EngineAlone").lines().toList());
    Path file = folder.resolve("m.npz");
    assertEquals("rain", run("TrainOnArrays", file.toString()).strip());
  }

  /** README has the engine first, then a model, then a table, each as the file of the example. */
  @Test
  void readmeShowsPrograms() throws Exception {
    String readme = Files.readString(BASE.resolve("README.md"));
    int end = 0;
    for (String name : List.of("EngineAlone", "TrainOnArrays", "TrainOnTable")) {
      String program = Files.readString(BASE.resolve("src/examples/" + name + ".java"));
      int start = readme.indexOf("```java\n" + program + "```\n");
      assertTrue(start > end, name);
      end = start;
    }
  }

  @Test
  void csv() throws Exception {
    StringBuilder text = new StringBuilder("size;kind;sold\n");
    for (int i = 0; i < 90; i++) {
      text.append(i).append(i % 2 == 0 ? ";house;" : ";flat;");
      text.append(i % 2 == 0 && i > 20 ? "yes\n" : "no\n");
    }
    Path table = Files.writeString(folder.resolve("t.csv"), text);
    Dataset data = Datasets.load(table);
    Architecture layers = Architecture.relu(data.features(), List.of(16), data.classes());
    Mlp model =
        Trainer.builder()
            .epochs(150)
            .optimizer(Optimizer.adam())
            .learningRate(0.02)
            .build()
            .fit(Mlp.initial(layers, Initializer.HE, 0), data)
            .model();
    Path file = folder.resolve("m.npz");
    model.save(file);
    Path rows = Files.writeString(folder.resolve("r.csv"), "kind,size\nhouse,70\nflat,70\n");
    assertEquals(
        List.of("kind,size,predicted", "house,70,yes", "flat,70,no"),
        run(rows, compiled.toString(), "ScoreCsv", file.toString()).lines().toList());
  }

  /** Two statements give the same weights as the command line, bit for bit. */
  @Test
  void table() throws Exception {
    List<String> lines = Files.readAllLines(BASE.resolve("data/penguins.csv"));
    List<String> few = new ArrayList<>();
    for (int i = 0; i < lines.size(); i += i == 0 ? 1 : 9) {
      few.add(lines.get(i));
    }
    Path data = Files.createDirectory(folder.resolve("data")).resolve("penguins.csv");
    Files.write(data, few);
    String[] printed = run("TrainOnTable").strip().split(" ");
    assertEquals("male", printed[0]);
    String out = folder.resolve("r").toString();
    Run.line("train --target sex --data", data, "--out", out).ok("Weights sha256 " + printed[1]);
    String source = Files.readString(BASE.resolve("src/examples/TrainOnTable.java"));
    String body =
        source.substring(source.indexOf("    Table table"), source.indexOf("    Map<String"));
    assertEquals(2, body.chars().filter(c -> c == ';').count(), body);
  }

  @Test
  void pyTorch() throws Exception {
    String name = "torch_relu.safetensors";
    Path file = BASE.resolve("src/testing/resources/dev/lanewise/exchange").resolve(name);
    List<String> lines = run("LoadPyTorchModel", file.toString()).lines().toList();
    assertEquals("5-4-6-3", lines.get(0));
    double sum = 0;
    for (String number : lines.get(1).replaceAll("[\\[\\]]", "").split(", ")) {
      sum += Double.parseDouble(number);
    }
    assertEquals(1, sum, 1e-6);
  }

  @Test
  void database() throws Exception {
    Path driver =
        Path.of(
            Class.forName("org.h2.Driver")
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    Path empty = Files.write(folder.resolve("in"), new byte[0]);
    String said = run(empty, driver.toString(), "ScoreDatabase", "jdbc:h2:mem:");
    int right = Integer.parseInt(said.split(" ")[0]);
    assertTrue(right >= 90, said);
  }

  @Test
  void virtualThreads() throws Exception {
    assumeTrue(HAS_VIRTUAL_THREADS, "virtual threads came with JDK 21");
    Path file = folder.resolve("m.npz");
    Mlp.initial(Architecture.relu(4, List.of(3), 2), Initializer.HE, 0).save(file);
    assertEquals("2000 answered", run("VirtualThreads", file.toString(), "2000").strip());
  }

  @Test
  void server() throws Exception {
    String rows = "12,male,no\n50,female,yes\n".repeat(40);
    Path table = Files.writeString(folder.resolve("table.csv"), "age,sex,back\n" + rows);
    Dataset data = Datasets.load(table);
    Model model =
        Model.of(
                Mlp.initial(Architecture.relu(data.features(), List.of(3), 2), Initializer.HE, 0)
                    .withClassNames(data.classNames())
                    .withScaling(data.scaling()))
            .withSchema(Schema.of(data).orElseThrow());
    Path file = folder.resolve("m.npz");
    model.save(file);
    double[] expected = model.tablePredictor().predict(Map.of("age", 42, "sex", "male")).values(0);
    List<String> command = command(compiled.toString(), "ServeHttp", file.toString(), "0");
    ProcessBuilder builder = new ProcessBuilder(command);
    Process process = OwnJvm.start(builder.redirectError(folder.resolve("err").toFile()));
    try (BufferedReader out = process.inputReader()) {
      String address = out.readLine();
      String right = "200 no " + expected[0] + "\nyes " + expected[1] + "\n";
      assertEquals(right, answer(address + "?age=42&sex=male"));
      assertTrue(answer(address + "?age=7").startsWith("400 predict: no column sex in a row with"));
      assertTrue(
          answer(address + "?sex=male").startsWith("400 predict: no column age in a row with"),
          "no value of the previous row is left");
      assertTrue(answer(address + "?age=old&sex=male").startsWith("400 column age is"));
      assertEquals(right, answer(address + "?sex=%6dale&age=42.0"));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String answer(String address) throws Exception {
    HttpURLConnection connection = (HttpURLConnection) URI.create(address).toURL().openConnection();
    int status = connection.getResponseCode();
    try (InputStream in =
        status == 200 ? connection.getInputStream() : connection.getErrorStream()) {
      return status + " " + new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
