package dev.lanewise.table;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.rows.Division;
import dev.lanewise.rows.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows of a table larger than memory are in a file, with the same bits. */
class SpilledRowsTest {
  private static final String MEMORY = "lanewise.memory";

  @TempDir Path directory;
  private Path table;

  @BeforeEach
  void makeTable() throws IOException {
    table = write(directory.resolve("table.csv"), 0);
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
  void theSameOptionsGiveTheSameData() throws IOException {
    Map<String, LoadOptions[]> all = others();
    all.put("usual", Options.of(USUAL));
    for (Map.Entry<String, LoadOptions[]> each : all.entrySet()) {
      Dataset expected = inMemory(each.getValue());
      List<String> before = files(directory);
      Dataset found = inFile(each.getValue());
      assertFalse(found.train().isInMemory());
      assertSame(expected, found, each.getKey());
      List<String> notes = new ArrayList<>(expected.notes());
      notes.add(
          "Larger than memory: the encoded rows are in a file beside " + table + " for this run");
      assertEquals(notes, found.notes());
      assertArrayEquals(expected.tableRows("train"), found.tableRows("train"), each.getKey());
      assertEquals(before, files(directory));
    }
  }

  private static List<String> files(Path folder) {
    return Stream.of(folder.toFile().list()).sorted().toList();
  }

  /** Earlier versions left the encoded rows for later runs. */
  @Test
  void rowsThatAnEarlierVersionLeftAreNeitherReadNorDeleted() throws IOException {
    Path left = Files.writeString(directory.resolve("table.csv.lanewise"), "rows");
    assertSame(inMemory(USUAL), inFile(USUAL), "beside other rows");
    assertEquals("rows", Files.readString(left));
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

  private static void assertSame(Optional<Rows> one, Optional<Rows> other, String what) {
    assertEquals(one.isPresent(), other.isPresent(), what);
    if (one.isPresent()) {
      Rows expected = one.get();
      Rows found = other.get();
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

  /** Rows are written and read some at a time. */
  @Test
  void manyRowsAreInSeveralBlocks() throws IOException {
    int rows = 40_000;
    StringBuilder text = new StringBuilder("a,b,y\n");
    for (int i = 0; i < rows; i++) {
      text.append(i < 35_000 ? i % 256 : 0.5).append(',').append(i < 35_000 ? i % 256 : 700);
      text.append(',').append("uv".charAt(i % 2)).append('\n');
    }
    Files.writeString(table, text);
    LoadOptions[] whole = {Options.UNSCALED, Options.WHOLE};
    assertSame(inMemory(whole), inFile(whole), "in a file");
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
    Dataset read = inFile(options);
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
    assertSame(expected, inFile(elsewhere), "in a file");
    assertEquals(List.of(), files(folder));
    assertEquals(List.of("a", "table.csv"), files(directory));
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

  @Test
  void aModelReadsItsDataFromAFile() throws IOException {
    Dataset data = inMemory(USUAL);
    Model model = model(data);
    assertSame(Datasets.load(table, model, USUAL), inFile(USUAL), "its own");
    System.setProperty(MEMORY, "0");
    assertSame(data, Datasets.load(table, model, USUAL), "its own in a file");
    assertSame(data, inFile(model, USUAL), "further training");
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
    for (ScaleOptions other :
        List.of(
            usual.withScale(ScaleChoice.minMax()), usual.withTargetScale(ScaleChoice.minMax()))) {
      System.clearProperty(MEMORY);
      Dataset expected = Datasets.loadForTraining(table, model, NUMBERS, other);
      assertSame(expected, inFile(model, NUMBERS, other), "another scaling");
    }
  }

  @Test
  void whatCannotBeMadeLeavesNothing() throws IOException {
    String text = Files.readString(table);
    Files.writeString(table, text + "1,2,3\n");
    assertThrows(FormatException.class, () -> inFile(USUAL));
    assertEquals(List.of("table.csv"), files(directory));
    Files.writeString(table, text);
    unreadable(
        () -> inFile(USUAL.withCache(table)),
        table + ": ",
        ", as the table is larger than memory (" + Remedy.CACHE.with() + ": in another folder)");
  }
}
