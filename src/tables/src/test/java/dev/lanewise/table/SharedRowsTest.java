package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that stand among those for training and those for test, too, are said with their share. */
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
    return Datasets.load(file, options).notes().stream()
        .filter(note -> note.contains("equal to training rows"))
        .toList();
  }

  @Test
  void everyRowThreeTimes() throws IOException {
    Path file = file("three.csv", 600, i -> row(i % 200));
    DivisionOptions options = DivisionOptions.defaults().withSplitSizes(List.of(0.8, 0.1, 0.1));
    Dataset data = Datasets.load(file, options);
    for (int part = 0; part < 2; part++) {
      String split = part == 0 ? "valid" : "test";
      List<Integer> trained =
          IntStream.of(data.tableRows("train")).mapToObj(row -> row % 200).toList();
      int[] shared =
          IntStream.of(data.tableRows(split)).filter(row -> trained.contains(row % 200)).toArray();
      int first = IntStream.of(shared).min().getAsInt() + 2; // the line
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

  /** 12 combinations of values: new rows, too, are equal to training rows. */
  @Test
  void fewCombinationsAreNoWarning() throws IOException {
    IntFunction<String> row = i -> i % 3 + "," + i / 3 % 2 + "," + (i * i % 7 < 3 ? "a" : "b");
    DivisionOptions options = DivisionOptions.defaults().withSplitSizes(List.of(0.8, 0.1, 0.1));
    assertEquals(List.of(), notes(file("few.csv", 100, row), options));
    // Where a column has more values, there are more combinations than training rows.
    assertEquals(2, notes(file("more.csv", 100, i -> i % 50 + row.apply(i % 50)), options).size());
  }

  @Test
  void rowsOfAnotherFile() throws IOException {
    Path train = file("train.csv", 400, SharedRowsTest::row);
    DivisionOptions all = DivisionOptions.defaults().withSplitSizes(List.of(1.0));
    Path few = file("few.csv", 100, i -> row(i < 98 ? 500 + i : i));
    assertEquals(
        List.of(
            "2 of 100 test rows (2.0%) are equal to training rows, such as that in line 100 of "
                + few
                + ": scores on them say little about new rows"),
        notes(train, all.withTestData(few)));
    // A row in a hundred is said, and less is not.
    Path fewer = file("fewer.csv", 101, i -> row(i < 100 ? 500 + i : i));
    assertEquals(List.of(), notes(train, all.withTestData(fewer)));
    // What differs in a column that is left out is equal.
    Path other = file("other.csv", 100, i -> row(i < 50 ? 600 + i : i).replaceFirst("^", "1"));
    assertEquals(List.of(), notes(train, all.withTestData(other)));
    assertEquals(
        1,
        notes(train, all.withTestData(other), ReadOptions.defaults().withIgnored(List.of("x")))
            .size());
  }

  /** Passengers of a ship by class, sex and age: four of five test rows are as one in training. */
  @Test
  void rowsOfFewValuesAreEqualByChance() throws IOException {
    Random random = new Random(1);
    Path ship =
        file(
            "ship.csv",
            1300,
            i ->
                "%s,%s,%s"
                    .formatted(
                        List.of("1st", "2nd", "3rd").get(random.nextInt(3)),
                        (int) (30 + 12 * random.nextGaussian()),
                        random.nextInt(3) == 0 ? "yes" : "no"));
    assertEquals(List.of(), notes(ship));
  }

  /** No value of a picture of few colours is rare, and yet no picture is there twice by chance. */
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
