package dev.lanewise.recipe;

import static dev.lanewise.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.ArrayData;
import dev.lanewise.train.BestEpoch;
import dev.lanewise.train.Optimizer;
import dev.lanewise.train.Resources;
import dev.lanewise.train.Schedule;
import dev.lanewise.train.Trainer;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A recipe sets the options of a network and a trainer by name. */
class RecipeTest {
  private static final Dataset DATA = ArrayData.load(Resources.file("reference_data.npz"));

  private static String digest(Recipe recipe) throws IOException {
    return recipe.fit(DATA).model().sha256();
  }

  /** The largest of three classes has from 70 to 90 of 100 rows. */
  @ParameterizedTest
  @CsvSource({"70, last-error, 0.1", "79, last-error, 0.1", "80, last-loss, 0", "90, last-loss, 0"})
  void theChoiceFollowsTheClasses(int most, String best, String smoothing) {
    int[] labels = new int[100];
    Arrays.fill(labels, 0, 100 - most, 2);
    labels[0] = 1;
    Rows train = Rows.of(new float[100][1], labels);
    Recipe auto = Recipe.TABLE.with("best", "auto").with("labelSmoothing", "auto");
    Recipe recipe = auto.resolvedFor(train);
    assertEquals(best, recipe.value("best", Loss.SOFTMAX, true));
    assertEquals(smoothing, recipe.value("labelSmoothing", Loss.SOFTMAX, true));
    assertEquals("last-error", auto.resolvedFor(100).value("best", Loss.SOFTMAX, true));
    assertEquals("0.1", auto.resolvedFor(100).value("labelSmoothing", Loss.SOFTMAX, true));
    float[] weights = new float[100];
    Arrays.fill(weights, 0, 100 - most, 10);
    Arrays.fill(weights, 100 - most, 100, 1);
    Recipe weighted = auto.resolvedFor(train.withRowWeights(weights));
    assertEquals("last-error", weighted.value("best", Loss.SOFTMAX, true), "weights count");
    Recipe given = Recipe.TABLE.with("best", "error").resolvedFor(train);
    assertEquals("error", given.value("best", Loss.SOFTMAX, true));
    assertEquals("0.1", given.value("labelSmoothing", Loss.SOFTMAX, true));
    Rows numbers = Rows.of(new float[100][1], new float[100][1]);
    assertEquals("last-error", auto.resolvedFor(numbers).value("best", Loss.MSE, true));
  }

  @Test
  void theChoiceNeedsRows() {
    for (String option : List.of("best", "labelSmoothing")) {
      assertEquals(
          option + " auto, expected Recipe.resolvedFor to be called first",
          refusal(() -> Recipe.COURSE.with(option, "auto").trainer(Loss.SOFTMAX, true)));
    }
  }

  /** A recipe with choices that follow from the rows is the one with these choices. */
  @Test
  void choicesByTheClassesAreMadeInAFit() {
    int[] labels = new int[60];
    float[][] x = new float[60][2];
    for (int row = 0; row < 60; row++) {
      labels[row] = row % 10 == 0 ? 1 : 0;
      x[row] = new float[] {row % 7, row % 10};
    }
    Dataset data = Dataset.of(Rows.of(x, labels), Rows.of(x, labels));
    Recipe some = Recipe.TABLE.with("hidden", 4).with("epochs", 3).with("best", "last-error");
    Recipe auto = some.with("best", "auto").with("labelSmoothing", "auto");
    Recipe same = some.with("best", "last-loss").with("labelSmoothing", 0);
    assertEquals(same.fit(data).model().sha256(), auto.fit(data).model().sha256());
    assertNotEquals(some.fit(data).model().sha256(), auto.fit(data).model().sha256());
  }

  /** The recipe for tables is RealMLP's: a trainer with the same options gives the same weights. */
  @Test
  void tablesAsBuiltByHand() throws IOException {
    List<Activation> selu = Collections.nCopies(3, Activation.SELU);
    List<Integer> hidden = List.of(256, 256, 256);
    Architecture layers = new Architecture(DATA.features(), hidden, DATA.classes(), selu);
    Mlp initial = Mlp.initial(layers, Initializer.REALMLP, 5);
    Trainer trainer =
        Trainer.builder()
            .seed(5)
            .epochs(2)
            .batchSize(256)
            .dropShortBatch(true)
            .optimizer(Optimizer.adam(0.9, 0.95, 1e-8))
            .learningRate(0.04)
            .schedule(Schedule.cosineLog(2))
            .biasRate(0.1)
            .inputRate(6)
            .ratesByInputs(true)
            .labelSmoothing(0.1)
            .best(BestEpoch.LAST_ERROR)
            .build();
    assertEquals(
        trainer.fit(initial, DATA).model().sha256(),
        digest(Recipe.TABLE.with("members", 1).with("seed", 5).with("epochs", 2)));
  }

  /** A recipe gives the same weights as a builder with the same options. */
  @Test
  void optionsReachTheTrainer() throws IOException {
    Recipe plain = Recipe.COURSE.with("epochs", 2).with("hidden", 5);
    Mlp initial =
        Mlp.initial(
            Architecture.relu(DATA.features(), List.of(5), DATA.classes()), Initializer.COURSE, 0);
    Trainer momentum =
        Trainer.builder().epochs(2).optimizer(Optimizer.momentum(0.5)).clipNorm(0.1).build();
    assertEquals(
        momentum.fit(initial, DATA).model().sha256(),
        digest(plain.with("optimizer", "momentum").with("momentum", 0.5).with("clipNorm", 0.1)));
    assertEquals(
        Trainer.builder().epochs(2).build().fit(initial, DATA).model().sha256(), digest(plain));
  }

  /** Each line sets one option of a recipe and has the value that another option then has. */
  @ParameterizedTest
  @CsvSource({
    "course, epochs, 50, scheduleEpochs, 50", "course, warmup, 3, scheduleEpochs, 997",
    "course, schedule, step, scheduleEpochs, 100", "course, schedule, plateau, scheduleEpochs, 10",
    "course, schedule, exponential, scheduleFactor, 0.99", "course, epochs, 50, dropoutEpochs, 50",
    "course, epochs, 0, dropoutEpochs, 1", "course, optimizer, rmsprop, beta2, 0.99",
    "course, optimizer, adam, beta2, 0.999", "course, optimizer, adamw, weightDecay, 0.01",
    "course, patience, 7, best, loss", "table, seed, 1, beta2, 0.95",
    "table, optimizer, adam, beta2, 0.999", "table, patience, 7, best, loss",
    "table, epochs, 20, scheduleEpochs, 20", "image, seed, 1, schedule, cosine",
    "image, beta2, 0.5, beta2, 0.5"
  })
  void valuesThatDependOnOthers(
      String name, String option, String value, String other, String expected) {
    Recipe recipe = Recipe.named(name).with(option, value);
    assertEquals(expected, recipe.value(other, Loss.SOFTMAX, true));
    assertEquals(name + " {" + option + "=" + value + "}", recipe.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "softmax, true, 0.04, 0, 0.1, last-error",
    "softmax, false, 0.04, 0, 0.1, none",
    "sigmoid, true, 0.04, 0, 0, last-error",
    "mse, true, 0.07, 0.1, 0, last-error",
  })
  void valuesThatDependOnTheTarget(
      String name, boolean hasValidation, String rate, String dropout, String smooth, String best) {
    Loss loss = Loss.of(name);
    Recipe table = Recipe.TABLE.resolvedFor(1);
    assertEquals(rate, table.value("learningRate", loss, hasValidation));
    assertEquals(dropout, table.value("dropout", loss, hasValidation));
    assertEquals(smooth, table.value("labelSmoothing", loss, hasValidation));
    assertEquals(best, table.value("best", loss, hasValidation));
    assertEquals("0.01", Recipe.COURSE.value("learningRate", loss, hasValidation));
    assertTrue(Recipe.COURSE.presetValues(loss, hasValidation).isEmpty());
    assertEquals(best, table.presetValues(loss, hasValidation).get("best"));
    assertFalse(table.with("best", "loss").presetValues(loss, true).containsKey("best"));
  }

  @ParameterizedTest
  @CsvSource({
    "epoch, 3, expected one of [hidden",
    "epochs, -1, expected a whole number from 0",
    "epochs, ten, expected a whole number from 0",
    "learningRate, 0, expected a number above 0",
    "learningRate, 0x1p3, expected a number above 0",
    "optimizer, adan, 'expected one of sgd, momentum'",
    "schedule, cosin, expected one of constant",
    "hidden, '16,', expected sizes from 1",
    "activation, rleu, 'expected relu, leaky-relu'",
    "seed, 1e3, expected a whole number of at most 64 bits",
    "best, accuracy, expected one of none",
    "dropShortBatch, yes, 'expected one of false, true'",
  })
  void wrongValuesAreRefused(String option, String value, String expected) {
    String message = refusal(() -> Recipe.COURSE.with(option, value));
    String found = option.equals("epoch") ? "recipe option epoch" : option + " " + value;
    assertTrue(message.startsWith(found + ", " + expected), message);
  }

  /** Setting an option that another one makes useless would otherwise be a silent mistake. */
  @ParameterizedTest
  @ValueSource(strings = {"momentum", "beta1", "scheduleFactor", "scheduleEpochs", "dropoutEpochs"})
  void uselessOptionsAreRefused(String option) {
    Recipe recipe = Recipe.COURSE.with(option, option.endsWith("Epochs") ? "9" : "0.5");
    assertFalse(recipe.uses(option));
    String message = refusal(() -> digest(recipe));
    String users = String.join(", ", Recipe.option(option).users());
    String condition = Recipe.option(option).selector() + " " + users;
    assertTrue(message.endsWith("of use only with " + condition), message);
  }

  static Collection<Option> options() {
    return Recipe.options().values();
  }

  /** An option that no trainer and no network takes would be without effect, and nobody told. */
  @ParameterizedTest
  @MethodSource("options")
  void everyOptionChangesARun(Option option) {
    Map<String, String> words =
        Map.of(
            "init", "he",
            "optimizer", "adam",
            "schedule", "exponential",
            "best", "loss",
            "temperature", "validation",
            "groupWeights", "greedy");
    List<String> values =
        switch (option.type()) {
          case SIZES -> List.of("3", "4");
          case TEXT ->
              option.name().equals("activation")
                  ? List.of("relu", "tanh")
                  : List.of("none", "1; 1 hidden=3");
          case WORD -> List.of(option.course(), words.getOrDefault(option.name(), "flat-cosine"));
          case TRUTH -> List.of("true", "false");
          case WHOLE, LONG -> List.of("1", "2");
          case NUMBER -> List.of("0.001", "0.5");
        };
    Recipe recipe = Recipe.COURSE.with("hidden", 4).with("epochs", 3).with("batchSize", 7);
    recipe = option.name().equals("binnedMembers") ? recipe.with("members", 2) : recipe;
    Dataset data = DATA;
    if (option.name().equals("groupWeights")) { // which needs hundreds of validation rows
      recipe = recipe.with("configurations", "1; 1 hidden=3");
      int[] often = IntStream.range(0, 600).map(row -> row % DATA.train().rows()).toArray();
      data = Dataset.of(DATA.train(), DATA.train().select(often));
    }
    if (option.name().equals("shards")) { // which need 64 rows each in a mini-batch
      recipe = recipe.with("batchSize", 128);
      int[] often = IntStream.range(0, 300).map(row -> row % DATA.train().rows()).toArray();
      data = Dataset.of(DATA.train().select(often), DATA.train());
    }
    if (option.name().equals("patience")) { // nothing improves
      recipe = recipe.with("learningRate", "1e-30");
    }
    for (Option of = option; !of.selector().isEmpty(); of = Recipe.option(of.selector())) {
      String user = of.users().get(0);
      recipe = recipe.with(of.selector(), user.equals("above 0") ? "0.5" : user);
    }
    recipe = option.name().equals("scheduleFactor") ? recipe.with("scheduleEpochs", 1) : recipe;
    Set<String> runs = new HashSet<>();
    for (String value : values) {
      RecipeRun run = recipe.with(option.name(), value).fit(data);
      Model model = run.model();
      String facts = model.calibration() + Arrays.toString(model.memberWeights());
      runs.add(model.sha256() + facts + run.bestEpoch() + run.history().epochs());
    }
    assertEquals(2, runs.size());
  }

  private static Dataset rows(int count, boolean hasValidation) {
    Rows split = Rows.of(new float[count][2], new int[count]);
    return hasValidation ? Dataset.of(split, split) : Dataset.of(split);
  }

  /** Single networks depend on which few rows they have, so there are more of them. */
  @Test
  void tablesOfFewRowsHaveMoreNetworks() {
    Recipe few = Recipe.TABLE.withNetworksFor(rows(299, false));
    assertEquals(6, few.members());
    assertEquals("3", few.value("binnedMembers", Loss.SOFTMAX, true));
    assertEquals(3, Recipe.TABLE.withNetworksFor(rows(300, false)).members());
    assertEquals(3, Recipe.TABLE.withNetworksFor(rows(299, true)).members());
    assertEquals(2, Recipe.TABLE.with("members", 2).withNetworksFor(rows(9, false)).members());
    Recipe unbinned = Recipe.TABLE.with("binnedMembers", 0).withNetworksFor(rows(9, false));
    assertEquals(6, unbinned.members());
    assertEquals("0", unbinned.value("binnedMembers", Loss.SOFTMAX, true));
    for (Recipe other :
        List.of(Recipe.TABLE_FAST, Recipe.TABLE_BEST, Recipe.COURSE, Recipe.IMAGE)) {
      assertEquals(other.members(), other.withNetworksFor(rows(9, false)).members());
    }
    Recipe groups = Recipe.TABLE.with("configurations", "1; 2 binnedMembers=0");
    assertEquals(12, groups.withNetworksFor(rows(9, false)).members());
  }

  /** The groups of a preset give way to options that are set. */
  @Test
  void groupsOfThePresetCanBeTakenInTheirOrder() {
    Recipe first = Recipe.TABLE_BEST.withGroups(2);
    assertEquals(
        "1 binnedMembers=3; 1 binnedMembers=0", first.value("configurations", Loss.SOFTMAX, true));
    assertEquals(6, first.members());
    Recipe own = Recipe.TABLE_BEST.with("members", 2).with("activation", "relu");
    for (int m = 0; m < own.members(); m++) {
      assertEquals("relu", own.member(m).value("activation", Loss.SOFTMAX, true));
      assertEquals(
          own.withGroups(own.groups()).member(m).toString().replace("configurations=none, ", ""),
          own.member(m).toString().replace("configurations=none, ", ""));
    }
    assertEquals("groups 7, expected 1 to 6", refusal(() -> Recipe.TABLE_BEST.withGroups(7)));
    assertEquals("mish", Recipe.TABLE_BEST.member(17).value("activation", Loss.SOFTMAX, true));
  }

  /** The order in which options are set does not matter. */
  @Test
  void aScheduleOfDropout() throws IOException {
    Recipe falling = Recipe.COURSE.with("epochs", 4).with("dropoutSchedule", "flat-cosine");
    assertEquals(
        "dropoutSchedule flat-cosine, expected no value, as it is of use only with dropout above 0",
        refusal(() -> digest(falling)));
    Recipe recipe = falling.with("dropout", 0.4);
    Trainer trainer = Trainer.builder().epochs(4).dropout(0.4).flatCosineDropout(4).build();
    Mlp initial = recipe.network(DATA.features(), DATA.classes(), Loss.SOFTMAX);
    assertEquals(trainer.fit(initial, DATA).model().sha256(), digest(recipe));
    assertEquals(digest(recipe.with("dropoutEpochs", 4)), digest(recipe));
    assertNotEquals(digest(recipe.with("dropoutEpochs", 5)), digest(recipe));
    assertTrue(refusal(() -> recipe.with("dropoutEpochs", 0)).contains("a whole number from 1"));
    assertFalse(recipe.with("dropout", "0.0").uses("dropoutSchedule"));
  }

  @Test
  void namesAreKnown() {
    String message = refusal(() -> Recipe.named("tables"));
    assertEquals("recipe tables, expected course, table, table-best, table-fast or image", message);
  }

  /** The rows of all epochs together are limited, and the schedule ends with the last epoch. */
  @ParameterizedTest
  @CsvSource({"1, 256", "9375, 256", "9400, 255", "720000, 3", "1200001, 1", "2147483647, 1"})
  void epochsByRows(int rows, String epochs) {
    Recipe auto = Recipe.COURSE.with("epochs", "auto").with("schedule", "cosine-log");
    Recipe recipe = auto.resolvedFor(rows);
    assertEquals(epochs, recipe.value("epochs", Loss.SOFTMAX, true));
    assertEquals(epochs, recipe.value("scheduleEpochs", Loss.SOFTMAX, true));
    assertEquals(epochs, recipe.value("dropoutEpochs", Loss.SOFTMAX, true));
    assertEquals("auto", auto.value("scheduleEpochs", Loss.SOFTMAX, true));
    int fast =
        Integer.parseInt(Recipe.TABLE_FAST.resolvedFor(rows).value("epochs", Loss.MSE, true));
    assertEquals(Math.min(128, Integer.parseInt(epochs)), fast);
    Recipe fixed = Recipe.TABLE.with("epochs", 7).resolvedFor(rows);
    assertEquals("7", fixed.value("epochs", Loss.SOFTMAX, true));
  }

  /** Without improvement, a training goes on for 200 steps, and for 32 epochs. */
  @ParameterizedTest
  @CsvSource({
    "1, 256, 200",
    "511, 256, 200",
    "512, 256, 100",
    "1700, 256, 34",
    "1800, 256, 32",
    "2147483647, 256, 32",
    "100000, -1, 200"
  })
  void patienceByRows(int rows, int batch, String patience) {
    Recipe recipe =
        Recipe.TABLE.with("batchSize", batch).with("patience", "auto").resolvedFor(rows);
    assertEquals(patience, recipe.value("patience", Loss.SOFTMAX, true));
    assertEquals("loss", recipe.value("best", Loss.SOFTMAX, true));
    assertEquals("auto", Recipe.TABLE.value("patience", Loss.SOFTMAX, true));
    recipe = recipe.with("patience", 0);
    assertEquals("last-error", recipe.value("best", Loss.SOFTMAX, true));
    assertEquals("last-error", recipe.presetValues(Loss.SOFTMAX, true).get("best"));
  }

  @Test
  void valuesByRowsNeedThese() throws IOException {
    Recipe plain = Recipe.COURSE.with("hidden", 2);
    Recipe auto = plain.with("epochs", "auto").with("patience", "auto");
    for (Recipe recipe : List.of(auto, auto.with("epochs", 9), auto.with("patience", 0))) {
      String message = refusal(() -> recipe.trainer(Loss.SOFTMAX, true));
      assertTrue(
          message.matches("(epochs|patience) auto, expected Recipe.resolvedFor to be called first"),
          message);
    }
    assertEquals(digest(plain.with("epochs", 256).with("patience", 200)), digest(auto));
    assertTrue(refusal(() -> auto.resolvedFor(0)).startsWith("rows 0, expected"));
  }

  /** The measurement does not change the network, even with a learning rate that diverges. */
  @Test
  void measuredEpochs() {
    Recipe recipe = Recipe.COURSE.with("hidden", 4).with("learningRate", 1e30);
    Mlp initial = recipe.network(DATA.features(), DATA.classes(), DATA.loss());
    String before = initial.sha256();
    assertTrue(recipe.trainer(DATA.loss(), true).build().secondsPerEpoch(initial, DATA) > 0);
    assertEquals(before, initial.withParameters(initial.parameters()).sha256());
  }
}
