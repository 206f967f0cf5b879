package dev.lanewise.table;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.model.Model;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.rows.Division;
import dev.lanewise.rows.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables are divided by groups, in an order and into folds, and a model remembers how. */
class RuledDivisionTest {
  private static final int ROWS = 120;
  private static final DivisionOptions DEFAULTS = DivisionOptions.defaults();

  @TempDir Path directory;

  /** Writes patients with three rows each, and days of which two rows have the same. */
  private Path table(String name) throws IOException {
    StringBuilder text = new StringBuilder("patient,day,size,kind\n");
    for (int i = 0; i < ROWS; i++) {
      int j = i * 77 % ROWS;
      text.append(
          "p%s,%02d.%02d.2024,%s,%s%n"
              .formatted(j / 3, j / 2 % 28 + 1, j / 56 + 1, j % 7, "ab".charAt(j % 2)));
    }
    return Files.writeString(directory.resolve(name), text);
  }

  private static Set<String> patients(Path file, int[] rows) throws IOException {
    List<String> lines = Files.readAllLines(file);
    Set<String> values = new HashSet<>();
    for (int row : rows) {
      values.add(lines.get(row + 1).split(",")[0]);
    }
    return values;
  }

  @Test
  void groupsAreOnOneSideAndNoFeature() throws IOException {
    Path file = table("t.csv");
    Dataset data = Datasets.load(file, DEFAULTS.withGroups("patient"));
    assertEquals(2, Schema.of(data).orElseThrow().columns().size());
    assertTrue(Schema.of(data).get().ignored().contains("patient"));
    assertTrue(data.notes().toString().contains("patient"), data.notes().toString());
    Set<String> train = patients(file, data.tableRows("train"));
    Set<String> test = patients(file, data.tableRows("test"));
    assertEquals(12, data.test().orElseThrow().rows());
    assertEquals(test.size(), Arrays.stream(data.groups("test")).distinct().count());
    assertEquals(ROWS, data.groups("all").length);
    test.retainAll(train);
    assertEquals(Set.of(), test);
    assertEquals(0, Datasets.load(file, DEFAULTS).groups("test").length);
  }

  /** Another file than the model's has groups if it has the column; a row without one is alone. */
  @Test
  void otherRowsHaveTheGroupsOfTheModelsColumn() throws IOException {
    Path file = table("t.csv");
    Dataset data = Datasets.load(file, DEFAULTS.withGroups("patient"));
    Model model = Recipe.COURSE.with("epochs", 1).fit(data).model();
    Path other =
        Files.writeString(
            directory.resolve("o.csv"),
            "patient,day,size,kind\n"
                + "q,1.1.2024,1,a\n,1.1.2024,2,b\nr,1.1.2024,2,b\nq,1.1.2024,1,a\n,1.1.2024,2,b\n");
    int[] groups = Datasets.load(other, model).groups("all");
    assertArrayEquals(new int[] {0, 1, 2, 0, 3}, groups);
  }

  @Test
  void aFifthIsForValidationWhereARecipeTakesFolds() throws IOException {
    Dataset data =
        Datasets.load(
            table("t.csv"),
            DEFAULTS.withGroups("patient").withUsualDivision(Recipe.TABLE.shares(), true));
    assertEquals(12, data.test().orElseThrow().rows());
    assertEquals(21, data.validation().orElseThrow().rows(), 3);
  }

  @Test
  void datesInANotationAreInOrder() throws IOException {
    Path file = table("t.csv");
    Dataset data = Datasets.load(file, DEFAULTS.withOrder("day"));
    assertEquals(12, data.test().orElseThrow().rows(), 2);
    Dataset ignored =
        Datasets.load(
            file, DEFAULTS.withOrder("day"), ReadOptions.defaults().withIgnored(List.of("day")));
    assertArrayEquals(data.tableRows("test"), ignored.tableRows("test"));
  }

  /** The model's file has the same test rows; another file without the column is one split. */
  @Test
  void aModelRemembersTheRule() throws IOException {
    Path file = table("t.csv");
    for (DivisionOptions options :
        new DivisionOptions[] {
          DEFAULTS.withGroups("patient"),
          DEFAULTS.withOrder("day"),
          DEFAULTS.withFold(2, 5, 1).withSeed(4)
        }) {
      Dataset data = Datasets.load(file, options);
      Recipe recipe = Recipe.COURSE.with("epochs", 1);
      Path saved = directory.resolve("m.npz");
      recipe.fit(data).model().save(saved);
      Model model = Model.load(saved);
      Dataset again = Datasets.load(file, model);
      assertArrayEquals(data.tableRows("test"), again.tableRows("test"));
      assertEquals(Division.of(data), Division.of(again));
    }
  }

  /** With another group of a row, the file is not the training file. */
  @Test
  void theColumnBelongsToTheDigest() throws IOException {
    Path file = table("t.csv");
    Dataset data = Datasets.load(file, DEFAULTS.withGroups("patient"));
    Model model = Recipe.COURSE.with("epochs", 1).fit(data).model();
    String text = Files.readString(file);
    Files.writeString(file, text.replaceFirst("p0,", "p1,"));
    assertFalse(
        Division.of(Datasets.load(file, model))
            .orElseThrow()
            .isOfSameFile(Division.of(data).get()));
    Files.writeString(file, text.replaceAll("(?m)^(patient|p[0-9]+),", ""));
    assertEquals(ROWS, Datasets.load(file, model).train().rows());
  }

  @Test
  void foldsOfATableHaveEachRowOnce() throws IOException {
    Path file = table("t.csv");
    int[] counts = new int[ROWS];
    for (int f = 0; f < 5; f++) {
      Dataset data = Datasets.load(file, DEFAULTS.withFold(f, 5, 0));
      for (int row : data.tableRows("test")) {
        counts[row]++;
      }
      assertEquals(24, data.test().orElseThrow().rows());
      assertEquals(86, data.train().rows()); // a ninth of 96 rows, rounded down, is for validation
    }
    assertTrue(Arrays.stream(counts).allMatch(count -> count == 1));
  }

  /** Cells of the test rows, however strange, do not change what is fitted. */
  @Test
  void nothingIsFittedOnTestRows() throws IOException {
    Path file = table("t.csv");
    DivisionOptions fold = DEFAULTS.withFold(1, 4, 0);
    Dataset data = Datasets.load(file, fold);
    int[] test = data.tableRows("test");
    String[] lines = Files.readString(file).split("\\R");
    for (int row : test) {
      String[] cells = lines[row + 1].split(",");
      lines[row + 1] =
          cells[0].replace('p', 'q') + "," + cells[1] + "," + 1e9 * row + "," + cells[3];
    }
    Path other = Files.writeString(directory.resolve("other.csv"), String.join("\n", lines));
    Dataset leaking = Datasets.load(other, fold);
    assertArrayEquals(test, leaking.tableRows("test"));
    assertEquals(Schema.of(data), Schema.of(leaking));
    Recipe recipe = Recipe.TABLE_FAST.with("epochs", 2);
    assertEquals(recipe.fit(data).model().sha256(), recipe.fit(leaking).model().sha256());
  }

  @Test
  void refusals() throws IOException {
    Path file = table("t.csv");
    assertRefused("no column doctor, expected one of patient", file, DEFAULTS.withGroups("doctor"));
    assertRefused("column kind has \"a\"", file, DEFAULTS.withOrder("kind"));
    Path gap = Files.writeString(directory.resolve("gap.csv"), "g,x,y\n1,2,a\n,3,b\n2,4,a\n");
    assertRefused("line 3, column g has no value, expected a group", gap, DEFAULTS.withGroups("g"));
    assertRefused("no group for each fold", file, DEFAULTS.withGroups("kind").withFold(0, 5, 0));
    assertThrows(
        IllegalArgumentException.class, () -> DEFAULTS.withGroups("patient").withOrder("day"));
    assertThrows(
        IllegalArgumentException.class,
        () -> Datasets.load(file, DEFAULTS.withFold(0, 5, 0).withTestData(file)));
  }

  private static void assertRefused(String part, Path file, DivisionOptions options) {
    unreadable(() -> Datasets.load(file, options), part);
  }
}
