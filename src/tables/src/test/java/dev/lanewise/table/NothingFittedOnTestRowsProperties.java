package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Dataset;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.rows.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever stands in the test rows, the schema, the scaling and the weights are the same: nothing
 * is fitted outside the training rows. Each table has a number, a number that leaks the target, a
 * category, a date, gaps, and columns of groups and of an order.
 */
class NothingFittedOnTestRowsProperties {
  private static final Recipe RECIPE =
      Recipe.TABLE
          .with("members", 2)
          .with("binnedMembers", 1)
          .with("epochs", 2)
          .with("hidden", "4");

  private static final int GROUPS = 24;

  private static Path directory;

  /** How rows are divided. */
  enum Rule {
    PLAIN,
    STRATIFIED,
    GROUPS,
    ORDER
  }

  @BeforeContainer
  static void make() throws IOException {
    directory = Files.createTempDirectory("rows");
  }

  @AfterContainer
  static void remove() throws IOException {
    Files.deleteIfExists(directory.resolve("t.csv"));
    Files.deleteIfExists(directory);
  }

  @Property(tries = 40)
  void testRowsChangeNothing(
      @ForAll long seed, @ForAll Rule rule, @ForAll boolean hasClasses, @ForAll boolean hasFolds)
      throws IOException {
    Random random = new Random(seed);
    List<String[]> rows = table(random, hasClasses);
    DivisionOptions division = division(rule, hasClasses, hasFolds, random);
    Dataset before = load(rows, division);
    int[] test = before.tableRows("test");
    boolean changesTargets = rule != Rule.STRATIFIED && hasEachClass(rows, before);
    for (int row : test) {
      String[] cells = rows.get(row);
      cells[0] = number(random, 1e6 * row); // another scale
      cells[1] = random.nextInt(3) == 0 ? "" : "rare" + random.nextInt(3);
      cells[2] = "%s-01-0%s".formatted(1900 + random.nextInt(300), 1 + random.nextInt(9));
      cells[3] = random.nextBoolean() ? "" : "-" + row;
      cells[4] = rule == Rule.GROUPS ? cells[4] : "new" + random.nextInt(3);
      cells[5] = rule == Rule.ORDER ? cells[5] : number(random, -1e3 * row);
      if (changesTargets) {
        cells[6] = hasClasses ? "abc".charAt(random.nextInt(3)) + "" : 1e5 * row + "";
      }
    }
    Dataset after = load(rows, division);
    for (String part : List.of("train", "test")) {
      assertArrayEquals(before.tableRows(part), after.tableRows(part));
    }
    assertEquals(Schema.of(before), Schema.of(after));
    assertEquals(before.scaling(), after.scaling());
    assertEquals(before.targetScaling(), after.targetScaling());
    assertEquals(RECIPE.fit(before).model().sha256(), RECIPE.fit(after).model().sha256());
  }

  private static DivisionOptions division(
      Rule rule, boolean hasClasses, boolean hasFolds, Random random) {
    DivisionOptions some = DivisionOptions.defaults().withSeed(random.nextInt(9));
    if (random.nextBoolean()) { // no validation rows, so that the recipe takes folds
      some = some.withUsualDivision(List.of(0.8, 0.0, 0.2), rule == Rule.STRATIFIED);
    }
    some =
        switch (rule) {
          case PLAIN -> some.withStratified(false);
          case STRATIFIED -> some.withStratified(hasClasses);
          case GROUPS -> some.withGroups("group");
          case ORDER -> some.withOrder("time");
        };
    int folds = 2 + random.nextInt(3);
    int repeat = rule == Rule.ORDER ? 0 : random.nextInt(2);
    return hasFolds ? some.withFold(random.nextInt(folds), folds, repeat) : some;
  }

  private static List<String[]> table(Random random, boolean hasClasses) {
    int count = 60 + random.nextInt(60);
    List<String[]> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) { // sorted by the target, of which the row number tells
      String target = hasClasses ? "abc".charAt(3 * i / count) + "" : i * 0.25 + 1 + "";
      String day = "20%02d-%02d-11".formatted(random.nextInt(20), 1 + random.nextInt(12));
      rows.add(
          new String[] {
            number(random, random.nextInt(100) / 8.0),
            random.nextInt(9) == 0 ? "" : "kind" + random.nextInt(4),
            day,
            i + "",
            "g" + (i < GROUPS ? i : random.nextInt(GROUPS)),
            random.nextInt(count) + "",
            target
          });
    }
    return rows;
  }

  private static String number(Random random, double value) {
    return random.nextInt(5) == 0 ? "" : value + "";
  }

  private static boolean hasEachClass(List<String[]> rows, Dataset data) {
    return Arrays.stream(data.tableRows("train"))
            .mapToObj(row -> rows.get(row)[6])
            .distinct()
            .count()
        >= 3;
  }

  private static Dataset load(List<String[]> rows, DivisionOptions division) throws IOException {
    StringBuilder text = new StringBuilder("size,kind,day,place,group,time,target\n");
    rows.forEach(cells -> text.append(String.join(",", cells)).append('\n'));
    return Datasets.load(Files.writeString(directory.resolve("t.csv"), text), division);
  }
}
