package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.Labels;
import dev.lanewise.data.internal.Preprocessor;
import dev.lanewise.data.internal.RawRows;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.nn.Scaling;
import dev.lanewise.terminal.Usage;
import dev.lanewise.terminal.Words;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One example of each remedy: a command line that is refused, or gets a hint, names it, and the
 * command line that follows it works. The advice is taken from the message as it is printed, and
 * only names in capitals are filled in.
 */
class RemedyTest {
  @TempDir static Path directory;

  private static final String TRAIN =
      "train --epochs 1 --members 1 --hidden 4 --out DIR/run --force";
  private static final String SMALL =
      "train --epochs 1 --preset course --hidden 4 --out DIR/run --force";

  /** The command line of each remedy; then perhaps the values of names, and another command. */
  private static final Map<Remedy, String> EXAMPLES =
      Map.ofEntries(
          Map.entry(Remedy.TARGET, TRAIN + " --data DIR/dates.csv | NAME=kind"),
          Map.entry(Remedy.TARGETS_FILE, SMALL + " --data DIR/x.npy | FILE=DIR/y.npy"),
          Map.entry(Remedy.LOSS, TRAIN + " --data DIR/names.csv --all-rows"),
          Map.entry(Remedy.CATEGORICAL, TRAIN + " --data DIR/typo.csv"),
          Map.entry(Remedy.NUMERIC, TRAIN + " --data DIR/zips.csv"),
          Map.entry(Remedy.IGNORE, TRAIN + " --data DIR/ids.csv"),
          Map.entry(Remedy.MISSING, TRAIN + " --data DIR/typo.csv"),
          Map.entry(Remedy.DECIMAL, TRAIN + " --data DIR/thousands.csv"),
          Map.entry(Remedy.DATES, TRAIN + " --data DIR/order.csv"),
          Map.entry(Remedy.CENTURY, TRAIN + " --data DIR/births.csv"),
          Map.entry(Remedy.SEPARATOR, TRAIN + " --data DIR/good.csv --separator ; | C=,"),
          Map.entry(Remedy.HEADER, TRAIN + " --data DIR/counted.csv"),
          Map.entry(Remedy.SKIP, TRAIN + " --data DIR/titles.csv"),
          Map.entry(Remedy.TOTALS, TRAIN + " --data DIR/totals.csv"),
          Map.entry(Remedy.SHEET, TRAIN + " --data DIR/book.xlsx | NAME=Revenue"),
          Map.entry(
              Remedy.CACHE, TRAIN + " --data DIR/good.csv --cache DIR/good.csv | DIR=DIR/cache"),
          Map.entry(Remedy.SCALE, SMALL + " --data DIR/bytes.npz --scale none"),
          Map.entry(Remedy.SCALE_TARGETS, TRAIN + " --data DIR/far.csv --scale-targets none"),
          Map.entry(
              Remedy.VALIDATION,
              "search --trials 1 --epochs 1 --eta 0.01,0.02 --out DIR/s --force --data DIR/all.npz"),
          Map.entry(
              Remedy.CALIBRATION,
              "calibrate --model DIR/model/nn_model.npz --data DIR/good.csv --split calibration --out DIR/c.npz | | "
                  + TRAIN.replace("/run", "/model")
                  + " --data DIR/good.csv"),
          Map.entry(
              Remedy.CLASS_WEIGHTS, "inspect DIR/rare.csv | | " + TRAIN + " --data DIR/rare.csv"),
          Map.entry(Remedy.BALANCED, TRAIN + " --data DIR/few.csv"),
          Map.entry(
              Remedy.PATIENCE,
              "train --preset course --epochs 500 --hidden 64,64 --optimizer adam --out DIR/run --force --data DIR/noise.csv --split-sizes 0.6,0.2,0.2"),
          Map.entry(
              Remedy.LAYERS,
              "convert DIR/layers.npz DIR/l.npz --activation relu --loss mse | A,B,...=a,b"),
          Map.entry(
              Remedy.ACTIVATIONS,
              "predict --model DIR/net.safetensors --data DIR/x.npy | NAME,...=relu"),
          Map.entry(Remedy.TRUST, "convert DIR/changed.npz DIR/t.npz"),
          Map.entry(Remedy.UNFOLD, "inspect DIR/zeros.csv.gz --unfold 10 | BYTES=1e7"),
          Map.entry(Remedy.MIN_COUNT, "| N=3 | " + TRAIN + " --data DIR/good.csv"),
          Map.entry(Remedy.MAPPED, "| FILE=DIR/y.npy | " + SMALL + " --data DIR/x.npy"));

  private static void table(String name, String header, int rows, IntFunction<String> row)
      throws IOException {
    Fixtures.text(directory.resolve(name), Fixtures.table(header, rows, row));
  }

  private static String kind(int i) {
    return i * 37 % 101 > 50 ? "yes" : "no";
  }

  private static String day(int i) {
    return "2024-%02d-%02d".formatted(1 + i / 28, 1 + i % 28);
  }

  private static int area(int i) {
    return i * 37 % 101;
  }

  @BeforeAll
  static void files() throws IOException {
    table(
        "good.csv",
        "area,room,kind",
        320,
        i -> area(i) + "," + "abc".charAt(i % 3) + "," + kind(i));
    table(
        "births.csv",
        "born,area,kind",
        60,
        i -> "%02d.05.%02d,".formatted(1 + i % 28, (30 + i) % 100) + area(i) + "," + kind(i));
    table("dates.csv", "area,kind,day", 60, i -> area(i) + "," + kind(i) + "," + day(i));
    table("names.csv", "area,name", 30, i -> area(i) + ",name" + (char) ('a' + i % 26) + i);
    table(
        "typo.csv", "area,age,kind", 60, i -> area(i) + "," + (i == 9 ? "tbd" : i) + "," + kind(i));
    table("zips.csv", "zip,area,kind", 60, i -> "0100" + i % 7 + "," + area(i) + "," + kind(i));
    table("ids.csv", "id,area,kind", 60, i -> 1000 + i + "," + area(i) + "," + kind(i));
    table("thousands.csv", "area;kind", 60, i -> "1." + (100 + area(i)) + ";" + kind(i));
    table(
        "order.csv",
        "day,area,kind",
        60,
        i -> "0%s/0%s/2024,%s,%s".formatted(1 + i % 9, 1 + i / 9, area(i), kind(i)));
    table(
        "counted.csv",
        "0,1,2,3",
        60,
        i -> area(i) + ".5," + area(i + 3) + ".5,7." + i + "," + i % 7 + ".5");
    table(
        "titles.csv",
        "Sales, 2024\n\narea,room,old,kind",
        60,
        i -> area(i) + ",a" + i % 3 + "," + i % 5 + "," + kind(i));
    table(
        "totals.csv",
        "kind,area,room",
        60,
        i -> i == 59 ? "Total,," : kind(i) + "," + area(i) + "," + i % 3);
    try (InputStream book =
        RemedyTest.class.getResourceAsStream("/dev/lanewise/excel/workbook.xlsx")) {
      Files.copy(book, directory.resolve("book.xlsx"));
    }
    table("far.csv", "area,price", 60, i -> area(i) + "," + (1e12 + area(i)));
    table("rare.csv", "area,kind", 200, i -> i * 67 % 199 + "," + (i % 50 == 7 ? "rare" : "usual"));
    table(
        "noise.csv",
        "a,b,c,d,kind",
        100,
        i ->
            "%s,%s,%s,%s,%s"
                .formatted(
                    i * i % 83,
                    i * 7 % 29,
                    i * i * i % 71,
                    i * 31 % 97,
                    i * i * 13 % 37 % 2 == 0 ? "x" : "y"));
    table(
        "few.csv",
        "area,kind",
        200,
        i -> i * 67 % 199 + "," + (i * 13 % 37 < 6 ? "rare" : "usual"));
    StringBuilder zeros = new StringBuilder("a,b\n");
    zeros.append("0,1\n".repeat(1000));
    try (GZIPOutputStream out =
        new GZIPOutputStream(Files.newOutputStream(directory.resolve("zeros.csv.gz")))) {
      out.write(zeros.toString().getBytes(StandardCharsets.UTF_8));
    }
    float[] numbers = new float[80 * 4];
    int[] labels = new int[80];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i * 37 % 256;
      labels[i / 4] = i / 4 % 2;
    }
    NdArray inputs = NdArray.of(numbers, 80, 4);
    NdArray targets = NdArray.of(labels, 80);
    Fixtures.npy(directory.resolve("x.npy"), inputs);
    Fixtures.npy(directory.resolve("y.npy"), targets);
    Fixtures.npz(directory.resolve("bytes.npz"), "x_train y_train", inputs, targets);
    Fixtures.npz(directory.resolve("all.npz"), "inputs_train target_train", inputs, targets);
    Fixtures.npz(
        directory.resolve("layers.npz"),
        "a.weight: floats[4,4]; a.bias: floats[4]; b.weight: floats[4,4]; b.bias: floats[4]");
    Map<String, NdArray> layers = new LinkedHashMap<>();
    layers.put("0.weight", NdArray.of(new float[16], 4, 4));
    layers.put("2.weight", NdArray.of(new float[16], 4, 4));
    Fixtures.safetensors(directory.resolve("net.safetensors"), layers);
    run(TRAIN.replace("/run", "/model") + " --data DIR/good.csv").ok();
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    try (Npz npz = Npz.open(directory.resolve("model/nn_model.npz"))) {
      for (String name : npz.names()) {
        arrays.put(name, npz.read(name));
      }
    }
    String bias = arrays.keySet().stream().filter(n -> n.matches("b[0-9]+")).findFirst().get();
    arrays.put(bias, NdArray.of(new float[arrays.get(bias).shape()[0]], arrays.get(bias).shape()));
    Npz.write(directory.resolve("changed.npz"), arrays);
  }

  private static Run run(String line) {
    return run(List.of(line.split(" ")));
  }

  /** Runs a command line; with little memory for tables, if it names a folder for encoded rows. */
  private static Run run(List<String> words) {
    if (words.contains("--cache")) {
      System.setProperty("lanewise.memory", "0");
    }
    try {
      return Run.of(
          words.stream().map(word -> word.replace("DIR/", directory + "/")).toArray(String[]::new));
    } finally {
      System.clearProperty("lanewise.memory");
    }
  }

  /** Returns what a command says, also in the report that it writes. */
  private static String said(String line) throws IOException {
    Run run = run(line);
    String all = run.out() + run.err();
    Path report = directory.resolve("run/report.html");
    return line.startsWith("train") && run.code() == 0
        ? all + Files.readString(report).replace("&quot;", "\"")
        : all;
  }

  /** Rows of which the program could not hold the inputs in one array. */
  private static final class Many implements RawRows {
    @Override
    public int rows() {
      return 1 << 16;
    }

    @Override
    public int features() {
      return 1 << 16;
    }

    @Override
    public Labels labels() {
      return null;
    }

    @Override
    public void copyRow(int row, double[] out) {}

    @Override
    public String where() {
      return "many.csv";
    }
  }

  private static double[] ones() {
    double[] ones = new double[1 << 16];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Returns a message about more rows than this test can make, as the library words it. */
  private static String ofMany(Remedy remedy) {
    Exception e =
        remedy == Remedy.MAPPED
            ? assertThrows(
                IllegalArgumentException.class, () -> DataErrors.length(1 << 16, 1 << 16))
            : assertThrows(
                FormatException.class,
                () ->
                    Preprocessor.split(
                        new Many(), Scaling.standardise(new double[1 << 16], ones())));
    return Words.of(e);
  }

  /** Returns the words of a remedy in a message. */
  private static String advice(Remedy remedy, String said) {
    String words = Words.OPTIONS.get(remedy);
    String pattern =
        Stream.of(words.split("%s", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining("(,|[^\" ),:<\n]+)"));
    Matcher found = Pattern.compile(pattern).matcher(said);
    assertTrue(found.find(), words + " is not in: " + said);
    return found.group();
  }

  /** Cuts a command line into words as a shell does. */
  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = Pattern.compile("\"([^\"]*)\"|([^ ]+)").matcher(line);
    while (word.find()) {
      words.add(word.group(1) == null ? word.group(2) : word.group(1));
    }
    return words;
  }

  /** Returns a command line with some options in place of the same ones or beside others. */
  private static List<String> followed(String command, String advice) {
    List<String> all = new ArrayList<>(List.of(command.split(" ")));
    List<String> added = words(advice);
    for (String option : added) {
      int at = option.startsWith("--") ? all.indexOf(option) : -1;
      if (at >= 0) {
        boolean isFlag = Usage.of(all.get(0)).values.get(option.substring(2)).isEmpty();
        all.subList(at, at + (isFlag ? 1 : 2)).clear();
      }
    }
    all.addAll(added);
    return all;
  }

  @ParameterizedTest
  @EnumSource
  void followingItsAdviceWorks(Remedy remedy) throws IOException {
    String[] example = Arrays.copyOf(EXAMPLES.get(remedy).split(" ?\\| ?", 3), 3);
    String said = example[0].isEmpty() ? ofMany(remedy) : said(example[0]);
    String advice = advice(remedy, said);
    advice = advice.substring(advice.indexOf("--")).replaceAll("\\)$", "");
    if (example[1] != null && !example[1].isEmpty()) {
      String[] value = example[1].split("=");
      advice = advice.replace(value[0], value[1]);
    }
    String command = example[2] == null ? example[0] : example[2];
    Run run = run(followed(command, advice));
    assertEquals(0, run.code(), advice + ": " + run.err());
    if (example[2] != null && !example[0].isEmpty() && !example[0].startsWith("inspect")) {
      run(example[0]).ok(); // the first command works after the one that was advised
    }
  }

  /** Whatever else a message names, all that it names at once mends the file. */
  @ParameterizedTest
  @ValueSource(strings = {"train", "inspect"})
  void oneAdviceMendsAllColumns(String command) throws IOException {
    table(
        "bad.csv",
        "age,size,when,day,kind",
        60,
        i ->
            "%s,%s,%s,0%s/0%s/2024,%s"
                .formatted(
                    i % 30 == 3 ? "x" + i : i,
                    i == 59 ? "oops" : i % 7 + ".5",
                    i == 8 ? "soon" : day(i),
                    1 + i % 9,
                    1 + i / 9,
                    kind(i)));
    boolean trains = command.equals("train");
    String line = trains ? TRAIN + " --data DIR/bad.csv" : "inspect DIR/bad.csv";
    Run run = run(line);
    assertEquals(trains ? 1 : 0, run.code());
    List<String> lines = (run.out() + run.err()).lines().toList();
    lines = lines.subList(lines.size() - 6, lines.size());
    assertTrue(lines.get(0).endsWith("bad.csv: 4 columns cannot be read as they are:"), run.err());
    String advice = lines.get(5).replace("  all of this at once: ", "");
    assertEquals("--ignore \"day\" --missing-also \"oops,soon,x3,x33\"", advice);
    String mended = run(followed(line, advice)).ok().out();
    assertTrue(!mended.contains("refuses"), mended);
  }

  @Test
  void manyColumnsHaveTwentyLines() throws IOException {
    String header = IntStream.range(0, 40).mapToObj(c -> "c" + c).collect(Collectors.joining(","));
    table(
        "wide.csv",
        header + ",kind",
        60,
        i ->
            IntStream.range(0, 40)
                    .mapToObj(c -> i == c ? "odd" + c : "" + i * (c + 1) % 59)
                    .collect(Collectors.joining(","))
                + ","
                + kind(i));
    String line = TRAIN + " --data DIR/wide.csv";
    for (int left : new int[] {40, 22, 4}) {
      List<String> lines = run(line).failed().err().lines().toList();
      assertTrue(lines.get(0).contains(": " + left + " columns"), lines.get(0));
      assertEquals(Math.min(20, left + 2), lines.size());
      String last = lines.get(lines.size() - 1);
      String before =
          line.contains("--missing-also") ? line.replaceAll(".*--missing-also ", "") + "," : "";
      line =
          TRAIN
              + " --data DIR/wide.csv --missing-also "
              + before
              + last.replaceAll(".*--missing-also \"|\"$", "");
    }
    run(line).ok();
  }
}
