package dev.lanewise.cli;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.OwnJvm;
import dev.lanewise.terminal.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Figures, sizes, digests and links of the pages agree with what the repository contains. */
class ClaimsTest {
  private static final String README = "README.md";
  private static final String BENCH = "bench/README.md";
  private static final Pattern DIGEST = Pattern.compile("\\b[0-9a-f]{64}\\b");

  @TempDir private Path folder;

  private static String page(String name) throws IOException {
    return Files.readString(OwnJvm.ROOT.resolve(name));
  }

  /** Returns the first group of each place where an expression matches. */
  private static List<String> found(String expression, String text) {
    return Pattern.compile(expression, Pattern.MULTILINE)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  /** Returns the only place where an expression matches. */
  private static MatchResult only(String expression, String text) {
    List<MatchResult> all =
        Pattern.compile(expression, Pattern.DOTALL).matcher(text).results().toList();
    assertEquals(1, all.size(), expression);
    return all.get(0);
  }

  private static String rounded(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  /** README and all pages together have the words that a reader takes in. */
  @Test
  void pagesAreShort() throws IOException {
    int words = page(README).trim().split("\\s+").length;
    assertTrue(words <= 750, words + " words");
    int all = 0;
    for (String name : pages()) {
      boolean isCounted = !name.endsWith("arithmetic.md") && !name.endsWith("transcripts.md");
      all += isCounted ? page(name).trim().split("\\s+").length : 0;
    }
    assertTrue(all <= 18_500, all + " words of all pages");
  }

  @ParameterizedTest
  @CsvSource({"bench/README.md, 3500", "src/site/files.md, 1500", "src/site/arithmetic.md, 13500"})
  void aPageIsShort(String name, int limit) throws IOException {
    int words = page(name).trim().split("\\s+").length;
    assertTrue(words <= limit, words + " words");
  }

  // Sizes

  private static double limit(String module) throws IOException {
    MatchResult limit =
        only("<jar\\.limit>([0-9]+)</jar\\.limit>", page("src/" + module + "/pom.xml"));
    return Double.parseDouble(limit.group(1));
  }

  /** Each size is the limit above which the build fails, in MB with one digit after the point. */
  @Test
  void sizesOfJarsAreTheLimitsOfTheBuild() throws IOException {
    String engine = rounded(limit("engine") / 1e6, 1);
    double core = limit("engine") + limit("core");
    double models = core + limit("models");
    String runnable = rounded(limit("cli") / 1e6, 1);

    assertTrue(page(README).contains("- **Small:** " + engine + " to " + runnable + " MB of jars"));
    assertContains(
        page(BENCH),
        "| Lanewise: engine "
            + engine
            + ", with core "
            + rounded(core / 1e6, 1)
            + ", with models "
            + rounded(models / 1e6, 1)
            + ", with tables "
            + rounded((models + limit("tables")) / 1e6, 1)
            + ", the runnable jar "
            + runnable
            + " (limits of the build) | "
            + runnable
            + " |");
    assertEquals(runnable, text(bars().get(2).get("Lanewise")));
  }

  /** The jar of a module may be missing or old; if it is there, it has the size that pages give. */
  @ParameterizedTest
  @CsvSource({
    "engine, src/engine/target, lanewise-engine-",
    "core, src/core/target, lanewise-core-",
    "cli, target, lanewise-",
  })
  void builtJarsHaveTheseSizes(String module, String target, String prefix) throws IOException {
    Path built = OwnJvm.ROOT.resolve(target);
    assumeTrue(Files.isDirectory(built), "nothing was packaged");
    List<Path> jars;
    try (Stream<Path> files = Files.list(built)) {
      String name = Pattern.quote(prefix) + "[0-9.]+(-SNAPSHOT)?\\.jar";
      jars = files.filter(file -> file.getFileName().toString().matches(name)).toList();
    }
    assumeTrue(!jars.isEmpty(), "nothing was packaged");
    for (Path jar : jars) {
      String size = rounded(Files.size(jar) / 1e6, 1);
      assertEquals(rounded(limit(module) / 1e6, 1), size, jar.toString());
    }
  }

  // The picture of README

  private static Map<String, Object> figures() throws IOException {
    Matcher part = Pattern.compile("(\"[^\"]*\")|\\s+").matcher(page("bench/peers-figures.json"));
    return JsonReader.object(part.replaceAll(m -> m.group(1) == null ? "" : m.group(1)));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> charts() throws IOException {
    return (List<Map<String, Object>>) figures().get("charts");
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> bars() throws IOException {
    return charts().stream().map(chart -> (Map<String, Object>) chart.get("bars")).toList();
  }

  private static String text(Object number) {
    double value = (Double) number;
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private static String said(Map<String, Object> bars) {
    return bars.entrySet().stream()
        .map(bar -> bar.getKey() + " " + text(bar.getValue()))
        .collect(Collectors.joining(", "));
  }

  @Test
  void readmeDescribesThePicture() throws IOException {
    List<String> parts = new ArrayList<>();
    for (int i : List.of(0, 2)) {
      parts.add(charts().get(i).get("title") + ": " + said(bars().get(i)) + ".");
    }
    String picture = "](src/site/lanewise-and-peers.svg)";
    assertTrue(page(README).contains("![" + String.join(" ", parts) + picture));
  }

  @Test
  void theScriptDrawsThePicture() throws Exception {
    Path drawn = folder.resolve("drawn.svg");
    Path script = OwnJvm.ROOT.resolve("bench/peers.d/picture.py").toAbsolutePath();
    OwnJvm.python(script.toString(), drawn.toString()).with(0);
    assertEquals(Files.readString(drawn), page("src/site/lanewise-and-peers.svg"));
  }

  /** Compares the bars with the tables of bench/README.md from which they are. */
  @Test
  void thePictureHasTheFiguresOfItsPage() throws IOException {
    String page = page(BENCH);
    String machine = page.substring(page.indexOf("\n## Zen 5"));
    List<String> rows =
        List.of(
            "epoch of 2304-16-80-7, ms",
            "epoch of 784-512-512-10, ms",
            "",
            "one row through 2304-16-80-7, us");
    for (int i : List.of(0, 1, 3)) {
      MatchResult row =
          only("\n\\| " + Pattern.quote(rows.get(i)) + " \\| ([^|]+) \\| ([^|]+) \\|", machine);
      assertEquals(said(bars().get(i)), "Lanewise " + row.group(1) + ", " + row.group(2));
    }
    assertTrue(machine.contains(only("at ([0-9a-f]{7});", measured()).group(1)));
    String shipped = page.substring(page.indexOf("\n## What an application ships"));
    Map<String, Object> peers = bars().get(2);
    for (String name : peers.keySet().stream().skip(1).toList()) {
      String version = only(" ([0-9][^ ]*)", name).group(1);
      String row = only("\n(\\|[^|]*" + Pattern.quote(version) + "[^\n]*)", shipped).group(1);
      String size = text(peers.get(name));
      assertTrue(row.matches("\\|[^|]+\\| " + size + "\\b.*"), row);
    }
  }

  private static String measured() throws IOException {
    return (String) figures().get("measured");
  }

  @ParameterizedTest
  @CsvSource({"smile.pom.xml, Smile", "dl4j.pom.xml, Deeplearning4j"})
  void versionsOfPeersAreThoseOfTheirProjects(String pom, String name) throws IOException {
    String project = page("bench/peers.d/" + pom);
    String tag = "(?:<dl4j>|smile-core</artifactId>\\s*<version>)([^<]+)<";
    String found = only(tag, project).group(1);
    assertTrue(page(BENCH).contains(name + " " + found), name + " " + found);
  }

  // Scores and speeds

  /** Returns the least and the largest ratio of products to OpenBLAS on a machine. */
  private static double[] range(String machine, boolean isLarge) throws IOException {
    String measured = page(BENCH) + page("bench/other-machines.md");
    String table = measured.substring(measured.indexOf("\n## " + machine + "\n"));
    table = table.substring(0, table.indexOf("| geometric mean |"));
    String row = "^\\| (?:NN|NT|TN) (\\d+)x(\\d+)x(\\d+) \\| [^|]*\\| [^|]*\\| ([0-9.]+) \\|";
    double[] range = {Double.MAX_VALUE, 0};
    Matcher product = Pattern.compile(row, Pattern.MULTILINE).matcher(table);
    while (product.find()) {
      boolean hasLargeSides = true;
      for (int side = 1; side <= 3; side++) {
        hasLargeSides &= Integer.parseInt(product.group(side)) >= 128;
      }
      if (hasLargeSides == isLarge) {
        double ratio = Double.parseDouble(product.group(4));
        range[0] = Math.min(range[0], ratio);
        range[1] = Math.max(range[1], ratio);
      }
    }
    return range;
  }

  /** README's sentence about speed has the ranges of the tables of products. */
  @Test
  void speedsAreThoseOfTheMeasurements() throws IOException {
    double[] zen5 = range("Zen 5", true);
    double[] zen4 = range("Zen 4", true);
    double[] intel = range("Intel", true);
    double[] zen3 = range("Zen 3", true);
    List<double[]> small =
        List.of(range("Zen 5", false), range("Zen 4", false), range("Intel", false));
    String claim =
        String.format(
            Locale.ROOT,
            "large products run at %.2f to %.2f times the speed of OpenBLAS on a Zen 5, %.2f to %.2f on a Zen 4, %.2f to %.2f on an Intel, %.2f to %.2f on a Zen 3; small ones at %.2f to %.2f times",
            zen5[0],
            zen5[1],
            zen4[0],
            zen4[1],
            intel[0],
            intel[1],
            zen3[0],
            zen3[1],
            small.stream().mapToDouble(range -> range[0]).min().getAsDouble(),
            small.stream().mapToDouble(range -> range[1]).max().getAsDouble());
    String readme = page(README).replaceAll("\\s+", " ");
    assertTrue(readme.contains(claim), claim);
    String few =
        only("The least, ([0-9.]+) and\\s+[0-9.]+,\\s+are\\s+results of", page(BENCH)).group(1);
    assertTrue(readme.contains("few values (" + few + ")"), few);
  }

  /** The means below each column of scores are those of its rows. */
  @ParameterizedTest
  @ValueSource(
      strings = {"| table | Lanewise | scikit-learn |", "| table | Lanewise | table-best |"})
  void meansOfScoresAreThoseOfTheirColumns(String header) throws IOException {
    List<String> lines =
        page(BENCH)
            .lines()
            .dropWhile(line -> !line.startsWith(header))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    int tables = lines.size() - 1;
    assertEquals(15, tables);
    String[] means = lines.get(tables).split(" *\\| *");
    assertEquals("mean", means[1]);
    for (int column = 2; column < means.length; column++) {
      double sum = 0;
      for (String line : lines.subList(0, tables)) {
        sum += Double.parseDouble(line.split(" *\\| *")[column]);
      }
      // Every score is rounded to four digits, and so is the mean.
      assertEquals(Double.parseDouble(means[column]), sum / tables, 1.01e-4, means[column]);
    }
  }

  /** README compares the default with trees, with the standard error of the mean difference. */
  @Test
  void readmeHasTheseMeans() throws IOException {
    String page = page(BENCH);
    String after = page.substring(page.indexOf("### What the defaults reach"));
    List<String[]> rows =
        found("^(\\| [^|]+ \\| 0\\.[0-9]{4} \\|.*)$", after).stream()
            .limit(15)
            .map(row -> row.split(" *\\| *"))
            .toList();
    String claim = "the default scores 0.865 in the mean: ";
    double mean = rows.stream().mapToDouble(row -> Double.parseDouble(row[2])).sum() / 15;
    assertEquals("0.865", rounded(mean, 3));
    claim += difference(rows, 6) + " more than XGBoost's defaults (standard error ";
    claim += standardError(rows, 6) + ") and " + difference(rows, 7);
    claim += " more than HistGradientBoosting's (" + standardError(rows, 7) + ")";
    assertTrue(page(README).replaceAll("\\s+", " ").contains(claim), claim);
  }

  private static double[] differences(List<String[]> rows, int column) {
    return rows.stream()
        .mapToDouble(row -> Double.parseDouble(row[2]) - Double.parseDouble(row[column]))
        .toArray();
  }

  private static String difference(List<String[]> rows, int column) {
    return rounded(Arrays.stream(differences(rows, column)).sum() / rows.size(), 3);
  }

  private static String standardError(List<String[]> rows, int column) {
    double[] differences = differences(rows, column);
    double mean = Arrays.stream(differences).sum() / rows.size();
    double squares = Arrays.stream(differences).map(d -> (d - mean) * (d - mean)).sum();
    return rounded(Math.sqrt(squares / (rows.size() - 1) / rows.size()), 3);
  }

  // Commands

  @Test
  void theTableOfCommandsHasAll() throws IOException {
    Set<String> listed = new TreeSet<>();
    for (String cell : found("^\\| ((?:`[a-z-]+`(?:, )?)+) \\|", page("src/site/commands.md"))) {
      listed.addAll(found("`([a-z-]+)`", cell));
    }
    assertEquals(new TreeSet<>(Usage.COMMANDS), listed);
    String help = Run.of("--help").ok().out();
    assertEquals(Usage.COMMANDS, found("^  ([a-z-]+)(?: [A-Z.]+)*  +", help));
  }

  /** The page of commands names those that the page of transcripts does not show. */
  @Test
  void theOtherCommandsHaveTranscripts() throws IOException {
    Set<String> shown = new TreeSet<>(found("lanewise ([a-z-]+)", page("src/site/transcripts.md")));
    Set<String> missing = new TreeSet<>(Usage.COMMANDS);
    missing.removeAll(shown);
    String page = page("src/site/commands.md").replaceAll("\\s+", " ");
    String except = only("show the commands at work, except ([^.]*)\\.", page).group(1);
    assertEquals(missing, new TreeSet<>(found("`([a-z-]+)`", except)));
  }

  /** One sentence says what lanewise stands for. */
  @ParameterizedTest
  @ValueSource(strings = {"data.md", "commands.md", "transcripts.md", "exchange.md"})
  void pagesSayWhatLanewiseIs(String name) throws IOException {
    String page = page("src/site/" + name).replaceAll("\\s+", " ");
    String launcher =
        "`lanewise` is the program `target/lanewise`, which `mvn -q package -Dmaven.test.skip` makes";
    assertTrue(page.contains(launcher), name);
  }

  // Digests and files

  private static Set<String> digests(String text) {
    return DIGEST.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
  }

  /** GoldenDigestsTest computes the weights of README and of the first transcripts. */
  @Test
  void digestsOfReadmeAreGolden() throws IOException {
    String tests = page("src/cli/src/test/java/dev/lanewise/cli/GoldenDigestsTest.java");
    Set<String> readme = digests(page(README));
    assertEquals(1, readme.size());
    assertTrue(digests(tests).containsAll(readme));
    String transcripts = page("src/site/transcripts.md");
    String section =
        transcripts.substring(
            transcripts.indexOf("\n## The same bits"), transcripts.indexOf("\n## A table"));
    assertTrue(digests(tests).containsAll(digests(section)));
    assertTrue(transcripts.contains(readme.iterator().next()));
  }

  static Stream<String> bundled() {
    return Stream.of("digits.npz", "penguins.csv");
  }

  @ParameterizedTest
  @MethodSource("bundled")
  void digestsOfBundledFilesAreTheirs(String name) throws Exception {
    byte[] file = Files.readAllBytes(OwnJvm.ROOT.resolve("data").resolve(name));
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
    String page = page("data/README.md");
    String section = page.substring(page.indexOf("\n## " + name));
    int end = section.indexOf("\n## ", 1);
    assertEquals(Set.of(digest), digests(end < 0 ? section : section.substring(0, end)));
  }

  @Test
  void theCardOfThePenguinsCountsThem() throws IOException {
    List<String> lines = page("data/penguins.csv").lines().toList();
    long missing = lines.stream().mapToLong(line -> found("\\b(NA)\\b", line).size()).sum();
    assertContains(
        page("data/README.md"),
        "has " + (lines.size() - 1) + " penguins",
        "and " + missing + " missing values");
    assertContains(page(README).replaceAll("\\s+", " "), "of " + (lines.size() - 1) + " penguins");
  }

  @Test
  void theTableOfConformanceVectorsHasAllFiles() throws IOException {
    List<String> listed = found("^\\| `([a-z]+\\.json)` \\|", page("data/conformance/README.md"));
    try (Stream<Path> files = Files.list(OwnJvm.ROOT.resolve("data/conformance"))) {
      Set<String> present =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".json"))
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(present, new TreeSet<>(listed));
    }
  }

  // Links

  static List<String> pages() throws IOException {
    List<String> pages =
        new ArrayList<>(
            List.of(
                README,
                BENCH,
                "data/README.md",
                "data/conformance/README.md",
                "src/spark/README.md"));
    try (Stream<Path> files = Files.list(OwnJvm.ROOT.resolve("src/site"))) {
      files
          .map(file -> "src/site/" + file.getFileName())
          .filter(name -> name.endsWith(".md"))
          .sorted()
          .forEach(pages::add);
    }
    return pages;
  }

  /** Returns the anchors that GitHub gives to the headings of a page. */
  private static Set<String> anchors(String page) {
    return found("^#+ (.*)$", page).stream()
        .map(title -> title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", ""))
        .map(title -> title.replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksLeadToFilesAndHeadings(String name) throws IOException {
    Path here = OwnJvm.ROOT.resolve(name);
    for (String link : found("\\]\\(([^)\\s]+)\\)", page(name))) {
      if (link.matches("https?:.*")) {
        continue;
      }
      String[] parts = link.split("#", 2);
      Path file = parts[0].isEmpty() ? here : here.resolveSibling(parts[0]);
      assertTrue(Files.exists(file), name + " has the link " + link);
      if (parts.length == 2 && file.toString().endsWith(".md")) {
        assertTrue(
            anchors(Files.readString(file)).contains(parts[1]), name + " has the link " + link);
      }
    }
  }
}
