package dev.lanewise.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.metrics.internal.OutOfFold;
import dev.lanewise.model.Model;
import dev.lanewise.nn.ClassWeighting;
import dev.lanewise.selection.Search;
import dev.lanewise.selection.SearchRun;
import dev.lanewise.selection.SearchSpace;
import dev.lanewise.selection.Trial;
import dev.lanewise.selection.ValidationScoring;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of pure noise, the validation that is shown is about as good as chance. The property
 * -Dlanewise.noise=N asks for N tables instead of the few of a usual build.
 */
class NoiseTest {
  private static final int TABLES = Integer.getInteger("lanewise.noise", 5);

  @TempDir Path directory;

  /** Writes rows of eight numbers and a class that has nothing to do with them. */
  private Path noise(int rows, long seed) throws IOException {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder("a,b,c,d,e,f,g,h,kind\n");
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < 8; column++) {
        text.append(String.format(Locale.ROOT, "%.5f,", random.nextGaussian()));
      }
      text.append(random.nextBoolean() ? "x\n" : "y\n");
    }
    return Files.writeString(directory.resolve("noise.csv"), text);
  }

  @Test
  void validationOfNoiseIsChance() throws IOException {
    for (int rows : TABLES < 100 ? new int[] {100} : new int[] {60, 200}) {
      double shown = 0;
      double chosen = 0;
      for (int i = 0; i < TABLES; i++) {
        Recipe usual = Recipe.TABLE.with("seed", i);
        Recipe recipe = TABLES < 100 ? usual.with("hidden", "16,16") : usual; // to save time
        DivisionOptions division =
            DivisionOptions.defaults().withSeed(i).withUsualDivision(recipe.shares(), true);
        Dataset data = Datasets.load(noise(rows, i), division);
        RecipeRun run = recipe.fit(data);
        shown += run.validation().orElseThrow().accuracy() / TABLES;
        Model model = run.model();
        List<Dataset> folds =
            IntStream.range(0, model.members().size()).mapToObj(m -> recipe.rows(data, m)).toList();
        chosen += Evaluator.validation(model.members(), folds, 1).orElseThrow().accuracy() / TABLES;
      }
      String text = "%s rows of noise: validation %.4f, of chosen epochs %.4f";
      text = text.formatted(rows, shown, chosen);
      System.getLogger("noise").log(System.Logger.Level.INFO, text);
      // A table's validation has some 100 rows at most; a few tables vary by far more.
      double slack = TABLES < 100 ? 4 * 0.5 / Math.sqrt(0.5 * rows * TABLES) : 0;
      assertTrue(shown <= 0.52 + slack, text);
      assertTrue(shown < chosen - 0.05, text);
    }
  }

  /** The best of many trials is better than chance on the rows that chose it, not on others. */
  @Test
  void theWinnerOfASearchIsChanceOnRowsThatNoTrialSaw() throws IOException {
    int searches = TABLES / 10 + 2;
    int trials = TABLES < 100 ? 6 : 40;
    double chosen = 0;
    double test = 0;
    for (int i = 0; i < searches; i++) {
      Recipe recipe = Recipe.TABLE.with("seed", i).with("members", 1).with("binnedMembers", 0);
      recipe = recipe.with("epochs", 20);
      DivisionOptions division =
          DivisionOptions.defaults().withSeed(i).withSplitSizes(List.of(0.6, 0.0, 0.4));
      Dataset data = Datasets.load(noise(150, i), division);
      SearchSpace space =
          SearchSpace.EMPTY.with("hidden", "8;32;16,16").with("learningRate", "0.01..0.3");
      SearchRun run =
          Search.of(recipe, space).trials(trials).seed(i).run(ValidationScoring.of(recipe, data));
      Trial winner = run.winner().orElseThrow();
      chosen += winner.score() / searches;
      Model model = run.candidates().get(winner);
      test += Evaluator.score(model, data.test().orElseThrow(), 1).accuracy() / searches;
    }
    String text = "the winner of %s trials: %.4f on their rows, %.4f on test rows";
    text = text.formatted(trials, chosen, test);
    System.getLogger("noise").log(System.Logger.Level.INFO, text);
    double slack = TABLES < 100 ? 4 * 0.5 / Math.sqrt(60 * searches) : 0;
    assertTrue(test <= 0.52 + slack, text);
    assertTrue(test < chosen - 0.05, text);
  }

  private static History history(double... validScores) {
    List<EpochResult> results = new ArrayList<>();
    for (double score : validScores) {
      int epoch = results.size();
      double nan = Double.NaN;
      results.add(new EpochResult(epoch, 9, nan, nan, nan, nan, 1 - score, score, nan, 10, nan));
    }
    return new History(results);
  }

  /** Each network is measured at the rounded mean of the others' best epochs, or its last one. */
  @Test
  void epochsAreThoseOfTheOthers() throws IOException {
    Recipe recipe = Recipe.TABLE.with("epochs", 1).with("members", 3).with("hidden", "8");
    Dataset data =
        Datasets.load(
            noise(60, 1),
            DivisionOptions.defaults().withUsualDivision(List.of(1.0, 0.0, 0.0), true));
    Model model = recipe.fit(data).model();
    List<Dataset> rows = IntStream.range(0, 3).mapToObj(m -> recipe.rows(data, m)).toList();
    List<History> histories =
        List.of(history(.1, .2, .3, .9), history(.4, .5, .6, .7), history(.8, .95));
    // The means of the others' best epochs are 0.5, 1.5 and 2, of which the last network has no
    // row.
    double found =
        OutOfFold.score(model, rows, histories, List.of(3, 0, 1), 1).orElseThrow().accuracy();
    double[] expected = {.2, .6, .95};
    double sum = 0;
    double all = 0;
    for (int m = 0; m < 3; m++) {
      int own = rows.get(m).validation().orElseThrow().rows();
      sum += own * expected[m];
      all += own;
    }
    assertEquals(sum / all, found, 1e-12);
    // Where no network has an epoch of its own choice, the weights themselves are measured.
    Model weighted = model.withWeighting(Optional.of(ClassWeighting.of(0, 1, 2)));
    for (Model each : List.of(model, weighted, model.withTraining(List.of("balanced=yes")))) {
      assertEquals(
          Evaluator.validation(each.members(), rows, 1),
          OutOfFold.score(each, rows, histories, List.of(-1, -1, -1), 1));
      boolean isKnown = OutOfFold.score(each, rows, histories, List.of(3, 0, 1), 1).isPresent();
      assertEquals(each == model, isKnown, "of other epochs there are weighted figures only");
    }
  }
}
