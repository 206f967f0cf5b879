package dev.lanewise.table;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.Split;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.Division;
import dev.lanewise.rows.Schema;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kept rows of a table larger than memory are used again if nothing has changed. */
class KeptTableTest {
  private static final String MEMORY = "lanewise.memory";

  @TempDir Path directory;
  private Path table;
  private Path kept;

  @BeforeEach
  void makeTable() throws IOException {
    table = write(directory.resolve("table.csv"), 0);
    kept = directory.resolve("table.csv.lanewise");
  }

  @AfterEach
  void useUsualMemory() {
    System.clearProperty(MEMORY);
  }

  /**
   * Writes columns of fractions, whole numbers that fit in a byte or do not, -0, words and gaps.
   */
  private static Path write(Path file, int from) throws IOException {
    StringBuilder text = new StringBuilder("x,byte,more,zero,word,weight,z,y,kind\n");
    for (int i = from; i < from + 80; i++) {
      text.append(i * 0.37).append(',').append(1000 + i * 255 / 79).append(',');
      text.append(i * 256 / 79).append(',').append(i % 9 == 1 ? "-0" : "" + i % 2).append(',');
      text.append(i % 7 == 0 ? "" : "w" + i % 3).append(',').append(0.25 * (i % 5)).append(',');
      text.append(i * i % 17).append(',').append(100 + i * i % 29).append(',');
      text.append(i % 3 == 0 ? "no" : "yes").append('\n');
    }
    return Files.writeString(file, text);
  }

  private static final ReadOptions USUAL = Options.target("kind").withIgnored(List.of("y"));
  private static final ReadOptions NUMBERS = Options.target("y").withIgnored(List.of("kind"));

  private Dataset inMemory(LoadOptions... options) throws IOException {
    System.clearProperty(MEMORY);
    return Datasets.load(table, options);
  }

  private Dataset inFile(LoadOptions... options) throws IOException {
    System.setProperty(MEMORY, "0");
    return Datasets.load(table, options);
  }

  private Dataset inFile(Model from, LoadOptions... options) throws IOException {
    System.setProperty(MEMORY, "0");
    return Datasets.loadForTraining(table, from, options);
  }

  private static boolean isKept(Dataset data) {
    return data.notes().stream().anyMatch(note -> note.startsWith("Rows as "));
  }

  private Map<String, LoadOptions[]> others() throws IOException {
    Map<String, LoadOptions[]> others = new TreeMap<>();
    others.put("scale", Options.of(USUAL, ScaleOptions.defaults().withScale(ScaleChoice.minMax())));
    others.put("no scale", Options.of(USUAL, Options.UNSCALED));
    others.put("seed", Options.of(USUAL, DivisionOptions.defaults().withSeed(5)));
    others.put("sizes", Options.of(USUAL, Options.shares(0.6, 0.2, 0.2)));
    others.put("one split", Options.of(USUAL, Options.WHOLE));
    others.put("stratified", Options.of(USUAL, DivisionOptions.defaults().withStratified(true)));
    others.put("weight", Options.of(USUAL.withWeight("weight")));
    others.put("ignored", Options.of(USUAL.withIgnored(List.of("y", "x"))));
    others.put("categorical", Options.of(USUAL.withCategorical(List.of("z"))));
    others.put("min count", Options.of(USUAL.withMinCount(30)));
    others.put(
        "valid",
        Options.of(
            USUAL,
            DivisionOptions.defaults().withValidData(write(directory.resolve("valid.csv"), 80))));
    others.put(
        "test",
        Options.of(
            USUAL,
            DivisionOptions.defaults().withTestData(write(directory.resolve("test.csv"), 90))));
    others.put("numbers", Options.of(NUMBERS));
    others.put("two numbers", Options.of(NUMBERS.withTarget("y,z"), Options.loss(Loss.MSE)));
    others.put("huber", Options.of(NUMBERS, Options.loss(Loss.HUBER)));
    others.put(
        "unscaled targets",
        Options.of(NUMBERS, ScaleOptions.defaults().withTargetScale(ScaleChoice.named("none"))));
    others.put(
        "other targets",
        Options.of(NUMBERS, ScaleOptions.defaults().withTargetScale(ScaleChoice.minMax())));
    return others;
  }

  @Test
  void theSameOptionsFindTheSameData() throws IOException {
    Map<String, LoadOptions[]> all = others();
    all.put("usual", Options.of(USUAL));
    for (Map.Entry<String, LoadOptions[]> each : all.entrySet()) {
      Dataset expected = inMemory(each.getValue());
      assertFalse(Files.exists(kept));
      Dataset written = inFile(each.getValue());
      Dataset read = inFile(each.getValue());
      assertFalse(isKept(written));
      assertTrue(isKept(read), each.getKey());
      assertSame(expected, written, each.getKey());
      assertSame(expected, read, each.getKey());
      List<String> notes = new ArrayList<>(expected.notes());
      notes.add("Rows as " + kept + " has them, encoded by an earlier run");
      assertEquals(notes, read.notes());
      assertArrayEquals(expected.tableRows("train"), read.tableRows("train"), each.getKey());
      Files.delete(kept);
    }
  }

  private static void assertSame(Dataset expected, Dataset found, String what) {
    assertEquals(expected.scaling(), found.scaling(), what);
    assertEquals(expected.targetScaling(), found.targetScaling(), what);
    assertEquals(Schema.of(expected), Schema.of(found), what);
    assertEquals(Division.of(expected), Division.of(found), what);
    assertEquals(expected.classNames(), found.classNames(), what);
    assertEquals(expected.loss(), found.loss(), what);
    assertEquals(expected.features(), found.features(), what);
    assertSame(Optional.of(expected.train()), Optional.of(found.train()), what);
    assertSame(expected.validation(), found.validation(), what);
    assertSame(expected.test(), found.test(), what);
  }

  private static void assertSame(Optional<Split> one, Optional<Split> other, String what) {
    assertEquals(one.isPresent(), other.isPresent(), what);
    if (one.isPresent()) {
      Split expected = one.get();
      Split found = other.get();
      assertEquals(expected.rows(), found.rows(), what);
      int[] order = IntStream.range(0, expected.rows()).toArray();
      float[] x = new float[expected.rows() * expected.features()];
      float[] y = new float[x.length];
      expected.copyRows(order, 0, order.length, x, 0);
      found.copyRows(order, 0, order.length, y, 0);
      for (int i = 0; i < x.length; i++) { // -0 differs from 0
        assertEquals(Float.floatToIntBits(x[i]), Float.floatToIntBits(y[i]), what);
      }
      assertEquals(expected.hasWeights(), found.hasWeights(), what);
      assertEquals(expected.outputs(), found.outputs(), what);
      for (int row = 0; row < order.length; row++) {
        assertEquals(expected.weight(row), found.weight(row), what);
        if (expected.outputs() == 0) {
          assertEquals(expected.label(row), found.label(row), what);
        } else {
          for (int k = 0; k < expected.outputs(); k++) {
            assertEquals(expected.target(row, k), found.target(row, k), what);
          }
        }
      }
    }
  }

  /** A value takes one byte where that is exact, even if only a later block of rows decides it. */
  @Test
  void rowsTakeNoMoreBytesThanTheyNeed() throws IOException {
    int rows = 80_000;
    StringBuilder text = new StringBuilder("a,b,c,d,e,y\n");
    for (int i = 0; i < rows; i++) {
      text.append(i % 256).append(',').append(i % 257).append(',').append(i % 256 - 128);
      text.append(',').append(i < 20_000 ? i % 100 : i % 100 + 0.5);
      text.append(',').append(i < 20_000 ? i % 10 : 10_000).append(',').append("uv".charAt(i % 2));
      text.append('\n');
    }
    Files.writeString(table, text);
    ScaleOptions options = Options.UNSCALED;
    Dataset expected = inMemory(options);
    assertSame(expected, inFile(options), "written");
    assertSame(expected, inFile(options), "read");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(kept));
    assertEquals(rows * (1 + 4 + 1 + 4 + 4), bytes.getLong(bytes.limit() - 16));
    // A change after the first megabyte is noticed, too.
    bytes.array()[1_119_000] ^= 1;
    Files.write(kept, bytes.array());
    assertFalse(isKept(inFile(options)));
    assertTrue(isKept(inFile(options)));
    text.setCharAt(text.length() - 2, 'u');
    Files.writeString(table, text);
    assertFalse(isKept(inFile(options)));
  }

  /** Fractions come late, after blocks of whole numbers that take one byte each. */
  @Test
  void blocksOfRowsMayBeOfOtherNumbers() throws IOException {
    int rows = 70_000;
    StringBuilder text = new StringBuilder("a,b,y\n");
    for (int i = 0; i < rows; i++) {
      text.append(i < 60_000 ? i % 256 : 0.5).append(',').append(i < 60_000 ? i % 256 : 700);
      text.append(',').append("uv".charAt(i % 2)).append('\n');
    }
    Files.writeString(table, text);
    ScaleOptions options = Options.UNSCALED;
    LoadOptions[] whole = {options, Options.WHOLE};
    assertSame(inMemory(whole), inFile(whole), "written");
    StringBuilder far = new StringBuilder("a,b,y\n");
    for (int i = 0; i < 300; i++) {
      far.append(1000 + i % 256).append(',').append(-1000 - i % 256).append(",u\n");
    }
    Files.writeString(table, far.append("1000,-1000,v\n"));
    Files.delete(kept);
    assertSame(inMemory(whole), inFile(whole), "far from 0");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(kept));
    assertEquals(301 * 2, bytes.getLong(bytes.limit() - 16), "a byte each");
  }

  /** All values take one byte each, except the last ones, which are read later. */
  @Test
  void rowsThatAreAllAlikeButForTheLast() throws IOException {
    StringBuilder text = new StringBuilder("a,b,c,d,e,y\n");
    for (int i = 0; i < 15_000; i++) {
      int value = i % 256 + (i < 14_000 ? 1000 : 5000);
      text.append((value + ",").repeat(5)).append("uv".charAt(i % 2)).append('\n');
    }
    Files.writeString(table, text);
    ScaleOptions options = Options.UNSCALED;
    assertSame(inMemory(options), inFile(options), "written");
  }

  /** The first row of a table may also be the first row for training. */
  @Test
  void placesInTheTableAreKept() throws IOException {
    long seed = 0;
    while (inMemory(USUAL, DivisionOptions.defaults().withSeed(seed)).tableRows("train")[0] != 0) {
      seed++;
    }
    LoadOptions[] options = {USUAL, DivisionOptions.defaults().withSeed(seed)};
    Dataset expected = inMemory(options);
    inFile(options);
    Dataset read = inFile(options);
    assertTrue(isKept(read));
    for (String split : List.of("train", "valid", "test", "all")) {
      assertArrayEquals(expected.tableRows(split), read.tableRows(split), split);
    }
  }

  @Test
  void filesMayBeElsewhere() throws IOException {
    Path folder = directory.resolve("a").resolve("b");
    ReadOptions elsewhere = USUAL.withCache(folder);
    Dataset expected = inMemory(elsewhere);
    assertFalse(Files.exists(folder), "not if there is memory");
    assertSame(expected, inFile(elsewhere), "written");
    Dataset read = inFile(elsewhere);
    assertSame(expected, read, "read");
    assertTrue(isKept(read));
    assertFalse(Files.exists(kept));
    assertArrayEquals(new String[] {"table.csv.lanewise"}, folder.toFile().list());
  }

  /** Rows with another model's scaling, or that only evaluate a model, are kept for one run. */
  @Test
  void rowsForOneRunAreNotKept() throws Exception {
    Dataset data = inMemory(USUAL);
    Model model = model(data);
    ScaleOptions known = ScaleOptions.defaults().withScale(ScaleChoice.fixed(data.scaling()));
    List<Callable<Dataset>> once =
        List.of(() -> Datasets.load(table, USUAL, known), () -> Datasets.load(table, model, USUAL));
    for (Callable<Dataset> each : once) {
      System.clearProperty(MEMORY);
      Dataset expected = each.call();
      System.setProperty(MEMORY, "0");
      for (int run = 0; run < 2; run++) {
        Dataset found = each.call();
        assertSame(expected, found, "run " + run);
        assertFalse(found.train().isInMemory());
        assertFalse(isKept(found));
        String note = "the encoded rows are beside " + kept + " for this run";
        assertTrue(found.notes().toString().contains(note), found.notes().toString());
        assertArrayEquals(new String[] {"table.csv"}, directory.toFile().list());
      }
    }
    String note = "the encoded rows are in " + kept + ", also for later runs";
    Dataset found = inFile(USUAL);
    assertTrue(found.notes().toString().contains(note), found.notes().toString());
  }

  private static Model model(Dataset data) {
    return Model.of(
            Mlp.initial(
                    Architecture.relu(data.features(), List.of(2), data.classes()),
                    Initializer.HE,
                    1)
                .withLoss(data.loss())
                .withScaling(data.scaling())
                .withClassNames(data.classNames()))
        .withSchema(Schema.of(data).orElseThrow())
        .withDivision(Division.of(data).orElseThrow());
  }

  /**
   * Training from a model finds the kept rows of the model's own data, but not those of other data.
   */
  @Test
  void trainingFromAModelFindsItsData() throws IOException {
    Dataset data = inFile(USUAL);
    Model model = model(data);
    Dataset found = inFile(model, USUAL);
    assertTrue(isKept(found));
    System.clearProperty(MEMORY);
    assertSame(Datasets.loadForTraining(table, model, USUAL), found, "from a model");
    Dataset regression = inFile(NUMBERS);
    Model ofNumbers = model(regression).withTargetScaling(regression.targetScaling());
    assertTrue(isKept(inFile(ofNumbers, NUMBERS)), "numbers");
    assertFalse(isKept(inFile(model, USUAL)), "those of other data");
    double[] other = new double[data.features()];
    Arrays.fill(other, 3);
    Model scaled = model.withScaling(Scaling.standardise(other, other));
    assertFalse(isKept(inFile(scaled, USUAL)));
  }

  /** A user who trains a model further may ask for another scaling than the model has. */
  @Test
  void trainingFromAModelWithAnotherScaling() throws IOException {
    LoadOptions[] standard = {
      NUMBERS,
      ScaleOptions.defaults()
          .withScale(ScaleChoice.standard())
          .withTargetScale(ScaleChoice.standard())
    };
    Dataset data = inFile(standard);
    Model model = model(data).withTargetScaling(data.targetScaling());
    ScaleOptions usual = ScaleOptions.defaults();
    assertTrue(isKept(inFile(model, NUMBERS)));
    assertTrue(isKept(inFile(model, NUMBERS, usual.withScale(ScaleChoice.standard()))));
    assertTrue(isKept(inFile(model, NUMBERS, usual.withTargetScale(ScaleChoice.standard()))));
    for (ScaleOptions other :
        List.of(
            usual.withScale(ScaleChoice.minMax()), usual.withTargetScale(ScaleChoice.minMax()))) {
      System.clearProperty(MEMORY);
      Dataset expected = Datasets.loadForTraining(table, model, NUMBERS, other);
      inFile(standard);
      Dataset found = inFile(model, NUMBERS, other);
      assertFalse(isKept(found));
      assertSame(expected, found, "another scaling");
    }
  }

  @Test
  void otherOptionsDoNot() throws IOException {
    Map<String, LoadOptions[]> all = others();
    all.put("usual", Options.of(USUAL));
    for (String name : List.of("usual", "numbers")) {
      for (String other : all.keySet()) {
        if (!other.equals(name)) {
          inFile(all.get(name));
          assertTrue(isKept(inFile(all.get(name))));
          assertFalse(isKept(inFile(all.get(other))), other + " for " + name);
        }
      }
    }
  }

  /** Rows are not used again if the same files are divided differently into validation and test. */
  @Test
  void filesForValidationAreNoneForTest() throws IOException {
    Path one = write(directory.resolve("p.csv"), 80);
    write(directory.resolve("pq.csv"), 90);
    Path two = write(directory.resolve("q.csv"), 95);
    Path firstTwo = directory.resolve("p*.csv");
    Path lastTwo = directory.resolve("*q.csv");
    DivisionOptions usual = DivisionOptions.defaults();
    LoadOptions[][] pairs = {
      {usual.withValidData(one), usual.withTestData(one)},
      {
        usual.withValidData(firstTwo).withTestData(two),
        usual.withValidData(one).withTestData(lastTwo)
      }
    };
    for (LoadOptions[] pair : pairs) {
      Dataset expected = inMemory(USUAL, pair[1]);
      inFile(USUAL, pair[0]);
      Dataset found = inFile(USUAL, pair[1]);
      assertFalse(isKept(found));
      assertSame(expected, found, "for test");
    }
  }

  @Test
  void aFileThatWasChangedDoesNot() throws IOException {
    Dataset expected = inMemory(USUAL);
    inFile(USUAL);
    byte[] bytes = Files.readAllBytes(kept);
    int unseen = 0;
    for (int i = 0; i < bytes.length; i += 1 + i / 10) { // in rows, arrays and the end
      byte[] damaged = bytes.clone();
      damaged[i] ^= 4;
      Files.write(kept, damaged);
      Dataset found = inFile(USUAL);
      assertSame(expected, found, "byte " + i);
      unseen += isKept(found) ? 1 : 0;
    }
    assertTrue(unseen < 10, unseen + " bytes are not checked, such as times in an archive");
    Files.write(kept, bytes);
    assertTrue(isKept(inFile(USUAL)));
    Files.writeString(table, Files.readString(table).replaceFirst("no\n", "yes\n"));
    assertFalse(isKept(inFile(USUAL)), "the table was changed");
  }

  /** Rows of a table that changes while it is read are not kept. */
  @Test
  void aTableThatChangesMeanwhileIsNotKept() throws IOException {
    Dataset data = inFile(USUAL);
    for (boolean changes : new boolean[] {false, true}) {
      Files.delete(kept);
      TableCache cache = new TableCache(table, Loading.of(USUAL), true);
      cache.write(
          made -> {
            made[0] = data;
            if (changes) {
              write(table, 1);
            }
          });
      assertEquals(!changes, Files.exists(kept));
      Files.write(kept, new byte[0]);
    }
    String[] left = directory.toFile().list();
    assertArrayEquals(new String[] {"table.csv", "table.csv.lanewise"}, sorted(left));
  }

  @Test
  void whatCannotBeMadeLeavesNothing() throws IOException {
    String text = Files.readString(table);
    Files.writeString(table, text + "1,2,3\n");
    assertThrows(FormatException.class, () -> inFile(USUAL));
    assertArrayEquals(new String[] {"table.csv"}, directory.toFile().list());
    Files.writeString(table, text);
    Files.createDirectory(kept);
    unreadable(
        () -> inFile(USUAL),
        kept
            + ": a directory, expected the name of a file, as the table is larger than memory"
            + " ("
            + Remedy.CACHE.with()
            + ": in another folder)");
    assertArrayEquals(
        new String[] {"table.csv", "table.csv.lanewise"}, sorted(directory.toFile().list()));
  }

  private static String[] sorted(String[] names) {
    Arrays.sort(names);
    return names;
  }
}
