package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.rows.Division;
import dev.lanewise.rows.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A note gives the share of validation or test rows that are equal to training rows. */
class SharedRowsTest {
  @TempDir Path directory;

  private Path file(String name, int rows, IntFunction<String> row) throws IOException {
    return Files.writeString(
        directory.resolve(name),
        IntStream.range(0, rows).mapToObj(row).collect(Collectors.joining("\n", "x,z,y\n", "\n")));
  }

  private static String row(int i) {
    return i * 7919 % 1009 + "," + i * i % 31 + "," + (i % 2 == 0 ? "a" : "b");
  }

  private static List<String> notes(Path file, LoadOptions... options) throws IOException {
    return equal(Datasets.load(file, options));
  }

  private static List<String> equal(Dataset data) {
    return data.notes().stream().filter(note -> note.contains("equal to training rows")).toList();
  }

  private static Model model(Dataset data) {
    Architecture layers = Architecture.relu(data.features(), List.of(), data.classes());
    return Model.of(
            Mlp.initial(layers, Initializer.HE, 1)
                .withScaling(data.scaling())
                .withClassNames(data.classNames()))
        .withSchema(Schema.of(data).orElseThrow())
        .withDivision(Division.of(data).orElseThrow());
  }

  @Test
  void everyRowThreeTimes() throws IOException {
    Path file = file("three.csv", 600, i -> row(i % 200));
    DivisionOptions options = Options.shares(0.8, 0.1, 0.1);
    Dataset data = Datasets.load(file, options);
    for (int part = 0; part < 2; part++) {
      String split = part == 0 ? "valid" : "test";
      List<Integer> trained =
          IntStream.of(data.tableRows("train")).mapToObj(row -> row % 200).toList();
      int[] shared =
          IntStream.of(data.tableRows(split)).filter(row -> trained.contains(row % 200)).toArray();
      int first = IntStream.of(shared).min().getAsInt() + 2; // the line of the first such row
      assertEquals(
          "%s of 60 %s rows (%s%%) are equal to training rows, such as that in line %s: scores on"
                  .formatted(
                      shared.length,
                      part == 0 ? "validation" : "test",
                      shared.length == 60 ? "100.0" : Math.round(shared.length / 0.06) / 10.0,
                      first)
              + " them say little about new rows",
          notes(file, options).get(part));
    }
  }

  /** There are only 12 combinations of values, so new rows are also equal to training rows. */
  @Test
  void fewCombinationsAreNoWarning() throws IOException {
    IntFunction<String> row = i -> i % 3 + "," + i / 3 % 2 + "," + (i * i % 7 < 3 ? "a" : "b");
    DivisionOptions options = Options.shares(0.8, 0.1, 0.1);
    assertEquals(List.of(), notes(file("few.csv", 100, row), options));
    // If a column has more values, there are more combinations than training rows.
    assertEquals(2, notes(file("more.csv", 100, i -> i % 50 + row.apply(i % 50)), options).size());
  }

  @Test
  void rowsOfAnotherFile() throws IOException {
    Path train = file("train.csv", 400, SharedRowsTest::row);
    DivisionOptions all = Options.WHOLE;
    Path few = file("few.csv", 100, i -> row(i < 98 ? 500 + i : i));
    assertEquals(
        List.of(
            "2 of 100 test rows (2.0%) are equal to training rows, such as that in line 100 of "
                + few
                + ": scores on them say little about new rows"),
        notes(train, all.withTestData(few)));
    // A share of one row in a hundred is reported, a smaller one is not.
    Path fewer = file("fewer.csv", 101, i -> row(i < 100 ? 500 + i : i));
    assertEquals(List.of(), notes(train, all.withTestData(fewer)));
    // Rows that differ only in an ignored column are equal.
    Path other = file("other.csv", 100, i -> row(i < 50 ? 600 + i : i).replaceFirst("^", "1"));
    assertEquals(List.of(), notes(train, all.withTestData(other)));
    assertEquals(
        1,
        notes(train, all.withTestData(other), ReadOptions.defaults().withIgnored(List.of("x")))
            .size());
  }

  /** Returns a passenger of a ship by class, age and survival; most have an equal one. */
  private static String passenger(Random random) {
    return "%s,%s,%s"
        .formatted(
            List.of("1st", "2nd", "3rd").get(random.nextInt(3)),
            (int) (30 + 12 * random.nextGaussian()),
            random.nextInt(3) == 0 ? "yes" : "no");
  }

  @Test
  void rowsOfFewValuesAreEqualByChance() throws IOException {
    Random random = new Random(1);
    Path ship = file("ship.csv", 1300, i -> passenger(random));
    assertEquals(List.of(), notes(ship));
    DivisionOptions whole = Options.WHOLE;
    Model model = model(Datasets.load(ship, whole));
    for (int rows : new int[] {100, 300, 1300, 5000}) {
      for (int i = 0; i < 5; i++) {
        Path other = file("other.csv", rows, row -> passenger(random));
        assertEquals(List.of(), notes(ship, whole.withTestData(other)), rows + " rows");
        assertEquals(List.of(), equal(Datasets.load(other, model)), rows + " rows");
      }
    }
    // The copies are the passengers in another order, without some, with others, and twice.
    List<String> lines = new ArrayList<>(Files.readAllLines(ship));
    String header = lines.remove(0);
    Collections.shuffle(lines, random);
    List<List<String>> copies =
        List.of(lines, lines.subList(0, 1000), new ArrayList<>(lines), new ArrayList<>(lines));
    copies.get(2).addAll(IntStream.range(0, 100).mapToObj(i -> passenger(random)).toList());
    copies.get(3).addAll(lines);
    for (List<String> copy : copies) {
      Path other = Files.writeString(directory.resolve("copy.csv"), header + "\n");
      Files.write(other, copy, StandardOpenOption.APPEND);
      List<String> found = notes(ship, whole.withTestData(other));
      assertEquals(1, found.size(), copy.size() + " rows");
      assertTrue(found.get(0).startsWith("Warning: about "), found.get(0));
      // A model recognises fewer training rows than the table does.
      assertEquals(copy.size() == 1000 ? 0 : 1, equal(Datasets.load(other, model)).size());
    }
  }

  /** In pictures of few colours, no value is rare, yet no picture occurs twice by chance. */
  @Test
  void picturesOfFewColoursAreNot() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < 400; row++) {
      Random random = new Random(row % 200);
      for (int pixel = 0; pixel < 30; pixel++) {
        text.append(random.nextInt(4)).append(',');
      }
      text.append(row % 2 == 0 ? "a\n" : "b\n");
    }
    Path twice = Files.writeString(directory.resolve("twice.csv"), text);
    assertEquals(2, notes(twice).size());
  }
}
