package dev.lanewise.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.Split;
import dev.lanewise.metrics.Score;
import dev.lanewise.nn.Ensemble;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.Evaluator;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.RecipeRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trials on real rows, and the ensemble that is selected of their networks. */
class ValidationScoringTest {
  private static final int FEATURES = 3;
  private static final Recipe RECIPE =
      Recipe.TABLE.with("epochs", 6).with("batchSize", 16).with("hidden", "8,8");
  private static final SearchSpace SPACE =
      SearchSpace.EMPTY
          .with("learningRate", "0.01..0.1")
          .with("dropout", "0,0..0.4")
          .with("bins", "0,4");

  private static float[][] features(int rows, int shift) {
    float[][] x = new float[rows][FEATURES];
    for (int i = 0; i < rows * FEATURES; i++) {
      x[i / FEATURES][i % FEATURES] = (i * 37 + shift * 11) % 101 / 50f - 1;
    }
    return x;
  }

  /** Returns rows; with a turn, the targets are another function of the features. */
  private static Split split(Loss loss, int rows, int shift, int turn) {
    float[][] x = features(rows, shift);
    int[] labels = new int[rows];
    float[][] numbers = new float[rows][2];
    for (int row = 0; row < rows; row++) {
      labels[row] = ((x[row][0] > 0 ? 1 : 0) + (x[row][1] > 0.3 ? 1 : 0) + turn) % 3;
      for (int k = 0; k < 2; k++) {
        numbers[row][k] =
            loss.takesFlags() ? (labels[row] + k) % 2 : 5 + labels[row] - (3 + k) * x[row][k];
      }
    }
    return loss.takesClasses() ? Split.of(x, labels) : Split.of(x, numbers);
  }

  private static Dataset data(int turn) {
    Split train = split(Loss.SOFTMAX, 120, 0, 0);
    return Dataset.of(train, Optional.empty(), Optional.of(split(Loss.SOFTMAX, 40, 7, turn)));
  }

  private static SearchRun search(Dataset data, boolean halving, int threads) {
    return Search.of(RECIPE, SPACE)
        .trials(9)
        .halving(halving)
        .threads(threads)
        .run(ValidationScoring.of(RECIPE, data));
  }

  @Property(tries = 4)
  void testRowsChangeNothing(@ForAll boolean halving) {
    SearchRun run = search(data(0), halving, 1);
    assertEquals(run.trials(), search(data(1), halving, 2).trials());
    Dataset none = Dataset.of(data(0).train());
    assertEquals(run.trials(), search(none, halving, 3).trials());
  }

  @Test
  void aTrialIsATrainingWithItsOptions() {
    Dataset data = data(0);
    SearchRun run = search(data, true, 2);
    assertEquals(13, run.trials().size());
    for (Trial trial : run.trials()) {
      Recipe recipe = RECIPE.with("members", 1).with("binnedMembers", 0);
      for (String option : trial.options().keySet()) {
        recipe = recipe.with(option, trial.options().get(option));
      }
      RecipeRun alone = recipe.with("epochs", trial.epochs()).fit(data);
      assertEquals(trial.sha256(), alone.model().sha256());
      assertEquals(trial.loss(), alone.validation().orElseThrow().loss());
      assertEquals(trial.score(), alone.validation().orElseThrow().accuracy());
      assertEquals(trial.bestEpoch(), alone.bestEpoch());
    }
    assertEquals(
        List.of(1, 2, 6), run.trials().stream().map(Trial::epochs).distinct().sorted().toList());
    Recipe winning = run.winningRecipe(RECIPE);
    assertEquals(3, winning.members());
    assertEquals("0", winning.value("binnedMembers", Loss.SOFTMAX, true));
  }

  @Test
  void givenValidationRowsAreUsed() {
    Dataset data = Dataset.of(split(Loss.SOFTMAX, 60, 0, 0), split(Loss.SOFTMAX, 30, 3, 0));
    ValidationScoring scoring = ValidationScoring.of(RECIPE, data);
    assertEquals(30, scoring.validation().rows());
    assertEquals(60, scoring.trainingRows());
    Dataset none = Dataset.of(split(Loss.SOFTMAX, 60, 0, 0));
    assertEquals(12, ValidationScoring.of(RECIPE, none).validation().rows());
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> ValidationScoring.of(Recipe.COURSE, none))
            .getMessage();
    assertTrue(message.startsWith("no validation rows"), message);
  }

  @ParameterizedTest
  @EnumSource(Loss.class)
  void theSelectionIsTheBestOfEachSize(Loss loss) {
    Dataset data = Dataset.of(split(loss, 60, 0, 0), split(loss, 30, 3, 1));
    if (loss.isRegression()) {
      data = data.withTargetScaling(ScaleChoice.named("standard"));
    }
    Split rows = data.validation().orElseThrow();
    List<Mlp> networks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Recipe recipe = Recipe.COURSE.with("seed", i).with("epochs", 2 + i).with("hidden", "5");
      recipe = recipe.with("init", "he");
      networks.add(
          recipe
              .trainer(loss, true)
              .build()
              .fit(recipe.network(FEATURES, data.classes(), loss), data)
              .model());
    }
    GreedyEnsemble selected = GreedyEnsemble.of(networks, rows, 5);
    List<Mlp> all = new ArrayList<>();
    double smallest = Double.POSITIVE_INFINITY;
    for (int size = 1; size <= 5; size++) {
      double least = Double.POSITIVE_INFINITY;
      Mlp next = null;
      for (Mlp network : networks) {
        List<Mlp> more = new ArrayList<>(all);
        more.add(network);
        Score score = Evaluator.score(size == 1 ? network : Ensemble.of(more), rows, 1);
        if (score.loss() < least - 1e-9) {
          least = score.loss();
          next = network;
        }
      }
      all.add(next);
      smallest = Math.min(smallest, least);
    }
    assertEquals(smallest, selected.loss(), 1e-6 * smallest);
    assertEquals(
        selected.loss(),
        Evaluator.score(selected.model(networks), rows, 1).loss(),
        1e-6 * smallest);
    assertEquals(
        List.of(2),
        GreedyEnsemble.of(networks.subList(2, 3), rows, 5).members().stream()
            .map(m -> m + 2)
            .toList());
    assertThrows(IllegalArgumentException.class, () -> GreedyEnsemble.of(List.of(), rows, 5));
    assertThrows(IllegalArgumentException.class, () -> GreedyEnsemble.of(networks, rows, 0));
  }

  @Test
  void networksOfASearchDoNotClaimFolds() {
    SearchRun run = search(data(0), false, 2);
    List<Mlp> networks = List.copyOf(run.candidates().values());
    GreedyEnsemble selected =
        GreedyEnsemble.of(networks, ValidationScoring.of(RECIPE, data(0)).validation(), 4);
    assertTrue(Evaluator.validation(selected.model(networks), data(0), 1).isEmpty());
    assertTrue(selected.members().size() <= 4, selected::toString);
  }
}
