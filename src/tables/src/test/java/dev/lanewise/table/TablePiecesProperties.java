package dev.lanewise.table;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.parallel.Team;
import dev.lanewise.rows.Schema;
import dev.lanewise.source.Csv;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Files that several threads read in pieces give the same as with one thread. */
class TablePiecesProperties {
  private static Path file;

  @BeforeContainer
  static void makeFile() throws IOException {
    file = Files.createTempFile("pieces", ".csv");
  }

  @AfterContainer
  static void deleteFile() throws IOException {
    Files.delete(file);
  }

  private static Arbitrary<String> cells() {
    return Arbitraries.frequency(
            Tuple.of(6, "n"), Tuple.of(2, "w"), Tuple.of(2, "q"), Tuple.of(1, "long"))
        .flatMap(
            kind ->
                switch (kind) {
                  case "n" ->
                      Arbitraries.of(
                          "0.125", "-1", "12345678", "1e-3", ".5", "0.30471707975443135");
                  case "w" ->
                      Arbitraries.of("", "NA", "red", "blue", "a b", "d\u00e9", "2024-05-31");
                  case "q" ->
                      Arbitraries.of("\"a,b\"", "\"two\nlines\"", "\"\r\n\"", "\"say \"\"hi\"\"\"");
                  default -> Arbitraries.integers().between(1, 90).map("long"::repeat);
                });
  }

  @Provide
  Arbitrary<String> tables() {
    Arbitrary<String> ends = Arbitraries.of("\n", "\r\n", "\r");
    return Combinators.combine(Arbitraries.integers().between(2, 4), ends)
        .flatAs(
            (columns, end) ->
                cells()
                    .list()
                    .ofSize(columns)
                    .map(cells -> String.join(",", cells))
                    .list()
                    .ofMinSize(1)
                    .ofMaxSize(60)
                    .map(
                        rows -> "u,v,w,x".substring(0, 2 * columns - 1) + end + joined(rows, end)));
  }

  private static String joined(List<String> rows, String end) {
    return String.join(end, rows) + (rows.size() % 2 == 0 ? end : "");
  }

  /** Creates tables with a text in one place that breaks most tables. */
  @Provide
  Arbitrary<String> brokenTables() {
    Arbitrary<String> wrong = Arbitraries.of("\"", ",", "\n", "1,2,3,4,5", "x\"", "\0", "\n\n");
    return Combinators.combine(tables(), wrong, Arbitraries.doubles().between(0, 1))
        .as(
            (text, what, share) -> {
              int place = (int) (text.length() * share);
              return text.substring(0, place) + what + text.substring(place);
            });
  }

  /** Returns everything that is known of the rows, up to an error. */
  private static List<String> read(int threads, int bytes, int most, boolean keep) {
    List<String> found = new ArrayList<>();
    TableOptions options = TableOptions.defaults();
    try (CsvReader reader =
        new CsvReader(
                List.of(file, file),
                options,
                new ResolvedOptions.HeaderNames(Set.of("u"), true),
                keep)
            .with(threads, bytes)) {
      TableBuilder builder = reader.builder();
      for (ColumnStore t = reader.next(builder, most); t != null; t = reader.next(builder, most)) {
        for (int row = 0; row < t.rows(); row++) {
          StringBuilder cells = new StringBuilder(t.file(row) + t.at(row));
          for (int c = 0; c < t.columns().size(); c++) {
            cells.append(' ').append(t.column(c).cell(row));
            cells.append(keep ? t.texts().get(row).get(c) : "");
          }
          found.add(cells.toString());
        }
      }
    } catch (IOException e) {
      found.add(e.getMessage());
    }
    return found;
  }

  private static void check(String text, int threads, int bytes, int most) throws IOException {
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    boolean keep = bytes % 2 == 0;
    assertEquals(read(1, bytes, most, keep), read(threads, bytes, most, keep));
  }

  @Property(tries = 80)
  void piecesAreTheWhole(
      @ForAll("tables") String text,
      @ForAll @IntRange(min = 2, max = 3) int threads,
      @ForAll @IntRange(min = 1, max = 200) int bytes,
      @ForAll @IntRange(min = 1, max = 100) int most)
      throws IOException {
    check(text, threads, bytes, most);
  }

  /** Windows-1252 has the rows of the same text in UTF-8. */
  @Property(tries = 80)
  void encodingsAreOneForTheFile(
      @ForAll("tables") String text,
      @ForAll @IntRange(min = 2, max = 3) int threads,
      @ForAll @IntRange(min = 1, max = 200) int bytes)
      throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    byte[] windows = text.getBytes(Charset.forName("windows-1252"));
    Files.write(file, utf8);
    List<String> expected = read(1, bytes, 100, true);
    Files.write(file, windows);
    assertEquals(expected, read(threads, bytes, 100, true));
  }

  /** A file in both is refused, also where the encoding changes between two pieces of one step. */
  @Example
  void twoEncodingsAreRefusedAlike() throws IOException {
    Charset windows = Charset.forName("windows-1252");
    for (int cut = 1; cut < 12; cut++) {
      ByteArrayOutputStream mixed = new ByteArrayOutputStream();
      mixed.write("u,v\n".getBytes(windows));
      for (int row = 0; row < 24; row++) {
        mixed.write("d\u00e9,1\n".getBytes(row < cut ? StandardCharsets.UTF_8 : windows));
      }
      Files.write(file, mixed.toByteArray());
      for (int bytes = 1; bytes < 60; bytes += 3) {
        List<String> expected = read(1, bytes, 100, false);
        assertContains(expected.get(expected.size() - 1), "not UTF-8, unlike the text before it");
        assertEquals(expected, read(2, bytes, 100, false));
        assertEquals(expected, read(3, bytes, 100, false));
      }
    }
  }

  @Property(tries = 80)
  void errorsOfPiecesAreThoseOfTheWhole(
      @ForAll("brokenTables") String text,
      @ForAll @IntRange(min = 2, max = 3) int threads,
      @ForAll @IntRange(min = 1, max = 200) int bytes,
      @ForAll @IntRange(min = 1, max = 100) int most)
      throws IOException {
    check(text, threads, bytes, most);
  }

  /** Returns the number of bytes that several threads leave to one. */
  private static long left(String text) throws IOException {
    Files.writeString(file, text);
    TableOptions options = TableOptions.defaults();
    try (CsvReader reader =
            new CsvReader(List.of(file), options, ResolvedOptions.HeaderNames.ANY, false);
        Csv csv = Csv.open(file);
        Team team = new Team(2)) {
      csv.next();
      TableBuilder[] builders = {reader.builder(), reader.builder()};
      TablePieces pieces = new TablePieces(builders, "", csv, team, 100);
      TableBuilder builder = reader.builder();
      while (pieces.give(builder, 1_000_000)) {}
      try (Csv rest = pieces.rest()) {
        return rest.remaining();
      }
    }
  }

  /** If nearly all line ends are inside quotes, reading in pieces would be wasted work. */
  @Example
  void whatCannotBeCutIsReadByOneThread() throws IOException {
    String row = "1,\"" + "\n".repeat(99) + "\"\n";
    assertTrue(left("u,v\n" + row.repeat(100)) > 80 * row.length());
    String rows = "1,234\n".repeat(1500); // pieces end with a row only by chance
    assertEquals(0, left("u,v\n" + rows));
    String rare = row + rows; // one useless cut is soon forgotten
    assertEquals(0, left("u,v\n" + rare.repeat(10)));
  }

  /** A file is cut if it has more bytes than the threads read in one step. */
  @Example
  void smallFilesAreReadByOneThread() throws IOException {
    Files.writeString(file, "u,v\n" + "1,2\n".repeat(50));
    for (int[] how : new int[][] {{1, 10, 0}, {2, 100, 0}, {2, 99, 1}}) {
      try (CsvReader reader =
          new CsvReader(
                  List.of(file), TableOptions.defaults(), ResolvedOptions.HeaderNames.ANY, false)
              .with(how[0], how[1])) {
        assertEquals(50, reader.next(reader.builder(), 100).rows());
        assertEquals(how[2] == 1, reader.team() != null, how[0] + " threads, bytes " + how[1]);
      }
    }
  }

  /** The threads end even if nobody reads the file to its end. */
  @Example
  void threadsEndWithTheFile() throws IOException, InterruptedException {
    Files.writeString(file, "u,v\n" + "1,2\n".repeat(1000));
    Set<Thread> begun = new HashSet<>();
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    TableOptions options = TableOptions.defaults();
    try (CsvReader reader =
        new CsvReader(List.of(file), options, ResolvedOptions.HeaderNames.ANY, false)
            .with(3, 100)) {
      assertEquals(10, reader.next(reader.builder(), 10).rows());
      begun.addAll(Thread.getAllStackTraces().keySet());
    }
    begun.removeAll(before);
    begun.removeIf(thread -> !thread.getName().startsWith("lanewise-"));
    assertEquals(2, begun.size());
    for (Thread thread : begun) {
      thread.join(60_000);
      assertFalse(thread.isAlive());
    }
  }

  /** The tables are so large that arrays grow, and the pieces number words differently. */
  @Property(tries = 1)
  void dataIsTheSame(@ForAll @IntRange(min = 1, max = 1000) int seed) throws IOException {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder("u,v,w,y\n");
    for (int row = 0; text.length() < 5 << 20; row++) {
      String word = random.nextInt(9) == 0 ? "" : "word " + random.nextInt(50);
      text.append(random.nextGaussian()).append(',').append(word).append(',');
      text.append(row % 1000 == 999 ? "\"\n\"" : "a").append(',').append(row % 3).append('\n');
    }
    Files.writeString(file, text);
    Dataset one = Datasets.load(file);
    Dataset two = Datasets.load(file, ReadOptions.defaults().withThreads(2));
    assertEquals(Schema.of(one), Schema.of(two));
    assertEquals(one.scaling(), two.scaling());
    assertEquals(one.notes(), two.notes());
    float[] expected = new float[one.features()];
    float[] found = new float[one.features()];
    for (int row = 0; row < one.train().rows(); row++) {
      one.train().copyRows(null, row, 1, expected, 0);
      two.train().copyRows(null, row, 1, found, 0);
      assertArrayEquals(expected, found);
      assertTrue(one.train().label(row) == two.train().label(row));
    }
  }
}
