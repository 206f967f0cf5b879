package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.cli.RandomTable.Style;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Forgetting gives the bits of a training that never saw the rows, on drawn tables, options and
 * rows, and nothing of the rows stands in the new files. The property -Dlanewise.forgets=true asks
 * for 50 tables, more than a usual build takes.
 */
class ForgetProperties extends InDirectory {
  private static final boolean LONG = Boolean.getBoolean("lanewise.forgets");

  private static final List<String> OPTIONS =
      List.of(
          "--members 2 --binned-members 1",
          "--members 1 --best loss --patience 1",
          "--members 1 --dropout 0.1 --seed 4 --familiar",
          "--members 1 --scale standard --min-count 3",
          "--members 1 --split-sizes 0.6,0.2,0.2",
          "--members 2 --all-rows",
          "--members 1 --optimizer momentum --eta 0.01",
          "--preset course",
          "--members 1 --clip-norm 1 --no-stratified");

  /** Returns the content of all files of a directory, members of archives one by one, by name. */
  private static Map<String, byte[]> contents(Path folder) throws IOException {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    for (String name : Fixtures.names(folder)) {
      Path file = folder.resolve(name);
      byte[] bytes = Files.readAllBytes(file);
      contents.put(name, bytes);
      if (name.endsWith(".gz")) {
        InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes));
        contents.put(name + ", unpacked", in.readAllBytes());
      } else if (name.endsWith(".npz")) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
          for (ZipEntry entry : Collections.list(zip.entries())) {
            contents.put(name + ", " + entry, zip.getInputStream(entry).readAllBytes());
          }
        }
      }
    }
    return contents;
  }

  /** Returns the places where a word stands as text, or a number as text or as a double. */
  private static List<String> places(Map<String, byte[]> contents, Object planted) {
    List<byte[]> forms = new ArrayList<>();
    forms.add(planted.toString().getBytes(StandardCharsets.UTF_8));
    forms.add(planted.toString().getBytes(Charset.forName("UTF-32LE"))); // as numpy has texts
    if (planted instanceof Double number) {
      for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
        forms.add(ByteBuffer.allocate(8).order(order).putDouble(number).array());
      }
    }
    List<String> places = new ArrayList<>();
    contents.forEach(
        (name, bytes) -> {
          String text = new String(bytes, StandardCharsets.ISO_8859_1);
          for (byte[] form : forms) {
            if (text.contains(new String(form, StandardCharsets.ISO_8859_1))) {
              places.add(planted + " in " + name);
            }
          }
        });
    return places;
  }

  private static String word(Random random) {
    return "planted" + Long.toString(random.nextLong() >>> 1, 36);
  }

  /**
   * Returns the table with planted columns: words, and a number and a city of all forgotten rows.
   */
  private static RandomTable planted(RandomTable table, List<Integer> forgotten, Random random) {
    int rows = table.rows().size();
    String home = word(random);
    double far = 1e6 * random.nextDouble(1, 10);
    List<String> words = new ArrayList<>();
    List<Double> numbers = new ArrayList<>();
    List<String> cities = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      words.add(word(random));
      numbers.add(forgotten.contains(row) ? far : random.nextDouble(1, 10));
      cities.add(forgotten.contains(row) ? home : "city" + row % 2);
    }
    return table.with(0, "city", cities).with(0, "exact", numbers).with(0, "id", words);
  }

  @Property(tries = 50)
  void forgettingIsNeverHavingSeen(@ForAll Random random) throws IOException {
    if (!LONG && random.nextInt(10) > 0) {
      return;
    }
    int rows = 60 + random.nextInt(60);
    List<Integer> order = new ArrayList<>(IntStream.range(0, rows).boxed().toList());
    Collections.shuffle(order, random);
    List<Integer> forgotten = order.subList(0, 1 + random.nextInt(12));
    List<Integer> kept = new ArrayList<>(new TreeSet<>(order.subList(forgotten.size(), rows)));
    RandomTable table = planted(RandomTable.training(random, rows), forgotten, random);
    Style style = Style.random(random);
    String name = List.of("data.csv", "data.csv.gz", "data").get(random.nextInt(3));
    Path data = table.write(directory.resolve(name), style);
    String options =
        "--hidden 4 --epochs 3 --quiet --target target "
            + OPTIONS.get(random.nextInt(OPTIONS.size()));
    Path run = directory.resolve("run");
    Run.line("train", data, options, "--out", run, "--force").ok();

    String which = "--index=" + String.join(",", forgotten.stream().map(r -> "" + r).toList());
    if (random.nextBoolean()) {
      List<String> some = new ArrayList<>(List.of("id", "exact", "city"));
      Collections.shuffle(some, random);
      RandomTable asked = table.withRows(forgotten).withColumns(some.subList(0, 2));
      which = "--rows=" + asked.write(directory.resolve("rows.csv"), Style.random(random));
    }
    Path out = directory.resolve("out");
    Run.of("forget", run.toString(), which, "--out=" + out, "--force")
        .ok("forgotten: " + forgotten.size() + " row");

    Path rest = table.withRows(kept).write(directory.resolve("rest.csv"), Style.PLAIN);
    Path scratch = directory.resolve("scratch");
    Run.line("train", rest, options, "--out", scratch, "--force").ok();
    String what = options + " " + which + " " + style + " " + name;
    for (String same : List.of("nn_model.npz", "nn_stats.npz")) { // stats: each epoch
      assertArrayEquals(
          Files.readAllBytes(scratch.resolve(same)), Files.readAllBytes(out.resolve(same)), what);
    }
    Run.line("verify", out).ok("verified: same weights, same metrics");
    assertNothingIsLeft(table, forgotten, kept, out, what);
  }

  private static void assertNothingIsLeft(
      RandomTable table, List<Integer> forgotten, List<Integer> kept, Path out, String what)
      throws IOException {
    Map<String, byte[]> contents = contents(out);
    for (int row : forgotten) {
      for (Object value : table.rows().get(row).subList(0, 3)) { // id, exact, city
        assertEquals(List.of(), places(contents, value), what);
      }
    }
    List<Object> one = table.rows().get(kept.get(0));
    assertTrue(!places(contents, one.get(0)).isEmpty(), "the search finds words that are there");
    assertTrue(!places(contents, one.get(1)).isEmpty(), "and numbers");
  }

  /**
   * The model of a run has values of its rows, as medians and names of categories, which shows that
   * the search would find them in the new files if they were there.
   */
  @Example
  void theOldModelKnowsTheRows() throws IOException {
    List<Integer> forgotten = IntStream.range(0, 40).boxed().toList();
    Random random = new Random(1);
    RandomTable table = planted(RandomTable.training(random, 60), forgotten, random);
    Path data = table.write(directory.resolve("data.csv"), Style.PLAIN);
    Path run = directory.resolve("run");
    Run.line("train", data, "--hidden 4 --epochs 2 --members 1 --all-rows --out", run).ok();
    Map<String, byte[]> contents = contents(run);
    List<String> found = new ArrayList<>();
    for (int row : forgotten) {
      for (Object value : table.rows().get(row).subList(0, 3)) {
        found.addAll(places(contents, value));
      }
    }
    String places = found.toString();
    assertTrue(places.matches("(?s).*[0-9] in nn_model.npz, .*"), places);
    assertTrue(places.matches("(?s).*planted[0-9a-z]+ in nn_model.npz, .*"), places);
    assertTrue(places.matches("(?s).*planted[0-9a-z]+ in report.html.*"), places);
  }
}
