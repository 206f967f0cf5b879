package dev.lanewise.selection;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.Loss;
import dev.lanewise.recipe.Recipe;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a search draws from ranges and lists. */
class SearchSpaceTest {
  private static final int DRAWS = 600;

  private static SearchSpace space(String option, String items) {
    return SearchSpace.EMPTY.with(option, items);
  }

  private static List<String> draws(SearchSpace space, String option) {
    return IntStream.rangeClosed(1, DRAWS)
        .mapToObj(trial -> space.values(Recipe.COURSE, 0, trial).get(option))
        .toList();
  }

  @Test
  void itemsAreEquallyLikely() {
    Map<String, Integer> counts = new TreeMap<>();
    draws(space("hidden", "8;8,8;16,4"), "hidden").forEach(h -> counts.merge(h, 1, Integer::sum));
    assertEquals(List.of("16,4", "8", "8,8"), List.copyOf(counts.keySet()));
    counts.values().forEach(count -> assertEquals(DRAWS / 3.0, count, 5 * Math.sqrt(DRAWS / 4.5)));
  }

  @ParameterizedTest
  @CsvSource({
    "learningRate, 1e-4..1, 0.01",
    "dropout, 0.1..0.5, 0.3",
    "weightDecay, 1e-6..1e-2, 1e-4"
  })
  void halfOfTheNumbersAreBelowTheMiddle(String option, String range, double middle) {
    List<String> draws = draws(space(option, range), option);
    long below = draws.stream().filter(value -> Double.parseDouble(value) < middle).count();
    assertEquals(DRAWS / 2.0, below, 5 * Math.sqrt(DRAWS / 4.0));
    draws.forEach(value -> assertTrue(value.replaceAll("^0.0*|[.]", "").length() <= 4, value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"warmup", "scheduleEpochs"})
  void wholeNumbersHaveBothEnds(String option) {
    Map<String, Integer> counts = new TreeMap<>();
    SearchSpace space = space("schedule", "step").with(option, "2..4");
    draws(space, option).forEach(value -> counts.merge(value, 1, Integer::sum));
    assertEquals(List.of("2", "3", "4"), List.copyOf(counts.keySet()));
    counts.values().forEach(count -> assertEquals(DRAWS / 3.0, count, 5 * Math.sqrt(DRAWS / 4.5)));
  }

  @Test
  void aDrawDoesNotDependOnOtherOptionsOrTrials() {
    SearchSpace one = space("learningRate", "1e-3..1e-1");
    SearchSpace two = one.with("hidden", "8;16").with("momentum", "0.5..0.9");
    for (int trial = 1; trial < 50; trial++) {
      assertEquals(
          one.values(Recipe.COURSE, 3, trial).get("learningRate"),
          two.values(Recipe.COURSE, 3, trial).get("learningRate"));
    }
    assertEquals(
        Map.of("learningRate", "0.001951"), // the same in every later version
        one.values(Recipe.COURSE, 3, 1));
  }

  @Test
  void anOptionThatOthersMakeUselessIsNotDrawn() {
    SearchSpace space =
        space("optimizer", "sgd,momentum").with("momentum", "0.5..0.9").with("beta1", "0.8,0.9");
    for (int trial = 1; trial < 50; trial++) {
      Map<String, String> values = space.values(Recipe.COURSE, 0, trial);
      assertEquals(values.get("optimizer").equals("momentum"), values.containsKey("momentum"));
      assertTrue(!values.containsKey("beta1"));
      space.draw(Recipe.COURSE, 0, trial).trainer(Loss.SOFTMAX, true);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "learningRate | 0..1 | a number above 0, as float32",
        "learningRate | 1e-1..1e-3 | a range from a smaller to a larger number above 0",
        "weightDecay | 0..1 | above 0, as its logarithm is uniform",
        "dropout | 0.1.. | a number from 0 to below 1",
        "dropout | 0,1 | a number from 0 to below 1",
        "dropout | 0,,0.1 | a number from 0 to below 1",
        "hidden | 8,8;0 | sizes from 1",
        "hidden | 8..16 | single values",
        "activation | relu,rleu | relu, leaky-relu",
        "activation | relu,selu;mish | one activation for all hidden layers",
        "optimizer | sgd..adam | single values",
        "bins | 0,8,16 | 0 and one other number",
        "seed | 1,2 | one value for all trials",
        "members | 1,3 | one value for all trials",
        "best | loss,error | one value for all trials",
        "etta | 1,2 | one of [hidden, activation,",
      })
  void wrongItemsAreRefused(String option, String items, String expected) {
    rejects(() -> space(option, items), expected);
  }

  @Property(tries = 100)
  void numbersAreInTheirRange(
      @ForAll @IntRange(max = 69) int exponent,
      @ForAll @IntRange(min = 1, max = 60) int width,
      @ForAll @IntRange(min = 1) int trial) {
    double low = StrictMath.pow(10, exponent / 10.0 - 7);
    double factor = StrictMath.pow(10, width * width / 600.0);
    String range = low + ".." + low * factor;
    for (String option : List.of("learningRate", "clipNorm", "biasRate")) {
      Recipe recipe = space(option, range).draw(Recipe.COURSE, trial, trial);
      double value = Double.parseDouble(recipe.value(option, Loss.SOFTMAX, true));
      assertTrue(value >= low && value <= low * factor, value + " in " + range);
    }
  }

  @Test
  void tablesHaveAUsualSpaceAndItemsAreWritten() {
    SearchSpace space = SearchSpace.usual(Recipe.TABLE);
    assertEquals(9, space.items("hidden").split(";").length);
    assertEquals("0.01..0.15", space.items("learningRate"));
    assertEquals("0,0..0.5", space.items("dropout"));
    assertEquals("0,1,3", space.items("binnedMembers"));
    assertEquals("0,1", SearchSpace.usual(Recipe.TABLE_FAST).items("binnedMembers"));
    assertEquals(Map.of(), space.values(Recipe.TABLE, 0, 1)); // those of the recipe
    SearchSpace own = space.with("dropout", "0.1,0.2").with("warmup", "1,2");
    assertEquals(
        List.of("warmup", "dropout"), List.copyOf(own.values(Recipe.TABLE, 0, 1).keySet()));
    assertEquals(own.items("dropout"), space("dropout", "0.1,0.2").and(space).items("dropout"));
    assertEquals(
        own.values(Recipe.TABLE, 0, 1).get("dropout"),
        space("dropout", "0.1,0.2").and(space).values(Recipe.TABLE, 0, 1).get("dropout"));
    assertTrue(!space.without(Set.of("dropout")).options().contains("dropout"));
    assertTrue(SearchSpace.usual(Recipe.IMAGE).options().isEmpty());
    assertTrue(space("dropout", "0.1").isFixed("dropout"));
    assertTrue(!space.isFixed("dropout"));
  }
}
