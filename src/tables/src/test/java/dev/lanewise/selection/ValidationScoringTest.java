package dev.lanewise.selection;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.recipe.RecipeRun;
import dev.lanewise.table.Table;
import dev.lanewise.train.Score;
import dev.lanewise.train.TrainerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Trials on real rows, and the ensemble that is selected of their networks. */
class ValidationScoringTest {
  private static final int FEATURES = 3;
  private static final Recipe RECIPE =
      Recipe.TABLE.with("members", 3).with("epochs", 6).with("batchSize", 16).with("hidden", "8,8");
  private static final SearchSpace SPACE =
      SearchSpace.EMPTY
          .with("learningRate", "0.01..0.1")
          .with("dropout", "0,0..0.4")
          .with("binnedMembers", "0,1,3");

  @TempDir private Path directory;

  private static float[][] features(int rows, int shift) {
    float[][] x = new float[rows][FEATURES];
    for (int i = 0; i < rows * FEATURES; i++) {
      x[i / FEATURES][i % FEATURES] = (i * 37 + shift * 11) % 101 / 50f - 1;
    }
    return x;
  }

  /** Returns rows; with a turn, the targets are another function of the features. */
  private static Rows split(Loss loss, int rows, int shift, int turn) {
    float[][] x = features(rows, shift);
    int[] labels = new int[rows];
    float[][] numbers = new float[rows][2];
    for (int row = 0; row < rows; row++) {
      labels[row] = ((x[row][0] > 0 ? 1 : 0) + (x[row][1] > 0.3 ? 1 : 0) + turn) % 3;
      for (int k = 0; k < 2; k++) {
        numbers[row][k] =
            loss.task().hasLabels() ? (labels[row] + k) % 2 : 5 + labels[row] - (3 + k) * x[row][k];
      }
    }
    return loss.task().hasClasses() ? Rows.of(x, labels) : Rows.of(x, numbers);
  }

  private static Dataset data(int turn) {
    Rows train = split(Loss.SOFTMAX, 120, 0, 0);
    return Dataset.of(train, Optional.empty(), Optional.of(split(Loss.SOFTMAX, 40, 7, turn)));
  }

  private static SearchRun search(Dataset data, int threads) {
    return Search.of(RECIPE, SPACE)
        .trials(9)
        .threads(threads)
        .run(ValidationScoring.of(RECIPE, data));
  }

  @Test
  void testRowsChangeNothing() {
    SearchRun run = search(data(0), 1);
    assertEquals(run.trials(), search(data(1), 2).trials());
    Dataset none = Dataset.of(data(0).train());
    assertEquals(run.trials(), search(none, 3).trials());
  }

  @Test
  void aTrialIsATrainingWithItsOptions() {
    Dataset data = data(0);
    SearchRun run = search(data, 2);
    assertEquals(9, run.trials().size());
    for (Trial trial : run.trials()) {
      Recipe recipe = RECIPE.with(trial.options());
      RecipeRun alone = recipe.with("epochs", trial.epochs()).fit(data);
      List<Mlp> networks = alone.model().members();
      assertEquals(3, networks.size());
      assertEquals(trial.sha256(), alone.model().sha256());
      assertEquals(trial.loss(), alone.validation().orElseThrow().loss());
      assertEquals(trial.score(), alone.validation().orElseThrow().accuracy());
    }
    ValidationScoring scoring = ValidationScoring.of(RECIPE, data);
    GreedyEnsemble kept = scoring.select(run);
    Model model = RECIPE.with(run.options(kept)).fit(data).model();
    assertEquals(model.checksum(), scoring.model(run, kept).checksum());
  }

  /** Returns a model without the temperature, which was fitted to the same rows. */
  private static Model plain(Model model) {
    return model.withCalibration(Optional.empty());
  }

  @Test
  void givenValidationRowsAreUsed() {
    Dataset data = Dataset.of(split(Loss.SOFTMAX, 60, 0, 0), split(Loss.SOFTMAX, 30, 3, 0));
    ValidationScoring scoring = ValidationScoring.of(RECIPE, data);
    assertEquals(30, scoring.validationRows());
    assertEquals(60, scoring.trainingRows());
    SearchRun run = Search.of(RECIPE, SPACE).trials(3).run(scoring);
    Model model = run.candidates().get(run.winner().orElseThrow());
    Rows rows = data.validation().orElseThrow();
    assertEquals(Evaluator.score(plain(model), rows, 1).loss(), run.winner().orElseThrow().loss());
    List<Model> models = List.copyOf(run.candidates().values());
    GreedyEnsemble selected = scoring.select(models, 3);
    Model ensemble = assertSameNetworks(run, selected, data);
    assertEquals(Evaluator.score(plain(ensemble), rows, 1).loss(), selected.loss(), 1e-9);
    Dataset none = Dataset.of(split(Loss.SOFTMAX, 60, 0, 0));
    ValidationScoring folds = ValidationScoring.of(RECIPE, none);
    assertEquals(36, folds.validationRows());
    assertEquals(48, folds.trainingRows());
    rejects(() -> ValidationScoring.of(Recipe.COURSE, none), "no validation rows");
  }

  /** Weights of classes reach each trial, and its loss is that of probabilities without them. */
  @Test
  void trialsHaveFurtherOptions() {
    Dataset data = data(0);
    UnaryOperator<TrainerBuilder> weights = trainer -> trainer.classWeights(1, 5, 20);
    ValidationScoring scoring = ValidationScoring.of(RECIPE, data, weights);
    SearchRun run = Search.of(RECIPE, SPACE).trials(4).threads(2).run(scoring);
    List<Model> models = List.copyOf(run.candidates().values());
    for (Trial trial : run.trials()) {
      Model model = RECIPE.with(trial.options()).fit(data, weights, 2).model();
      assertEquals(trial.sha256(), model.sha256());
      double sum = 0;
      int rows = 0;
      for (int m = 0; m < 3; m++) {
        Rows fold = scoring.validation().get(m);
        Model network = Model.of(model.members().get(m));
        assertTrue(network.members().get(0).weighting().isPresent());
        sum += fold.rows() * Evaluator.score(network, fold, 1).loss();
        rows += fold.rows();
      }
      assertEquals(sum / rows, trial.loss(), 1e-9);
    }
    GreedyEnsemble selected = scoring.select(models, 1);
    assertEquals(List.of(0), selected.members(), "the smallest loss of one");
    assertEquals(run.winner().orElseThrow().loss(), selected.loss(), 1e-6);
    GreedyEnsemble all = scoring.select(models, 5);
    Recipe again = RECIPE.with(run.options(all));
    assertEquals(
        all.members().stream()
            .flatMap(each -> models.get(each).members().stream().map(Mlp::sha256))
            .toList(),
        again.fit(data, weights, 1).model().members().stream().map(Mlp::sha256).toList());
  }

  /** The interval of a trial's loss is two standard errors of the losses of its rows. */
  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Loss#values")
  void aTrialHasTheIntervalOfItsRows(Loss loss) {
    Dataset data = Dataset.of(split(loss, 60, 0, 0), split(loss, 30, 3, 1));
    if (loss.task().hasNumbers()) {
      data = data.withTargetScaling(ScaleChoice.named("standard"));
    }
    ValidationScoring scoring = ValidationScoring.of(RECIPE, data);
    SearchRun run = Search.of(RECIPE, SPACE).trials(2).run(scoring);
    Rows rows = data.validation().orElseThrow();
    for (Map.Entry<Trial, Model> each : run.candidates().entrySet()) {
      Model plain = each.getValue().withCalibration(Optional.empty());
      double[] losses = new double[30];
      for (int row = 0; row < 30; row++) {
        losses[row] = Evaluator.score(plain, rows.slice(row, 1), 1).loss();
      }
      double mean = Arrays.stream(losses).average().orElseThrow();
      double squares = Arrays.stream(losses).map(l -> (l - mean) * (l - mean)).sum();
      double half = 1.96 * Math.sqrt(squares / 29 / 30);
      Interval found = scoring.interval(each.getKey()).orElseThrow();
      assertEquals(mean, each.getKey().loss(), 1e-6 * mean);
      assertEquals(Math.max(0, mean - half), found.low(), 1e-4 * mean);
      assertEquals(mean + half, found.high(), 1e-4 * mean);
    }
    ValidationScoring other = ValidationScoring.of(RECIPE, data);
    assertTrue(other.interval(run.winner().orElseThrow()).isEmpty());
  }

  @Test
  void fewRowsHaveNoInterval() {
    Dataset data = Dataset.of(split(Loss.SOFTMAX, 60, 0, 0), split(Loss.SOFTMAX, 9, 3, 1));
    ValidationScoring scoring = ValidationScoring.of(RECIPE, data);
    SearchRun run = Search.of(RECIPE, SPACE).trials(1).run(scoring);
    assertTrue(scoring.interval(run.winner().orElseThrow()).isEmpty());
  }

  private static int[] weights(GreedyEnsemble selected) {
    return selected.weights().stream().mapToInt(weight -> weight).toArray();
  }

  @Test
  void selectionsOfTheSameModelAreItsWeight() {
    List<Model> models = new ArrayList<>();
    for (float bias : new float[] {3, -6}) { // of these, (2 * 3 - 6) / 3 = 0
      float[] parameters = new float[(FEATURES + 1) * 2];
      parameters[parameters.length - 1] = bias;
      parameters[parameters.length - 2] = bias;
      Architecture layers = Architecture.relu(FEATURES, List.of(), 2);
      models.add(Model.of(Mlp.of(layers, parameters).withLoss(Loss.MSE)));
    }
    Rows zero = Rows.of(features(30, 0), new float[30][2]);
    GreedyEnsemble selected = GreedyEnsemble.of(models, List.of(zero), 0, 6);
    assertEquals(List.of(0, 1), selected.members());
    assertEquals(List.of(2, 1), selected.weights());
    assertEquals(0, selected.loss(), 1e-12);
    assertEquals(List.of(1, 1), GreedyEnsemble.of(models, List.of(zero), 0, 2).weights());
    GreedyEnsemble both = GreedyEnsemble.of(models, List.of(zero), 2, 0);
    assertEquals(List.of(1, 1), both.weights(), "no selection beside the beginning");
    assertEquals(selected, GreedyEnsemble.of(models, List.of(zero), 2, 1));
  }

  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Loss#values")
  void theSelectionIsTheBestOfEachSize(Loss loss) {
    Dataset data = Dataset.of(split(loss, 60, 0, 0), split(loss, 30, 3, 1));
    if (loss.task().hasNumbers()) {
      data = data.withTargetScaling(ScaleChoice.named("standard"));
    }
    Rows rows = data.validation().orElseThrow();
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
    List<Model> models = networks.stream().map(Model::of).toList();
    GreedyEnsemble selected = GreedyEnsemble.of(models, List.of(rows), 0, 5);
    List<Mlp> all = new ArrayList<>();
    double smallest = Double.POSITIVE_INFINITY;
    for (int size = 1; size <= 5; size++) {
      double least = Double.POSITIVE_INFINITY;
      Mlp next = null;
      for (Mlp network : networks) {
        List<Mlp> more = new ArrayList<>(all);
        more.add(network);
        Score score = Evaluator.score(Model.of(more), rows, 1);
        if (score.loss() < least - 1e-9) {
          least = score.loss();
          next = network;
        }
      }
      all.add(next);
      smallest = Math.min(smallest, least);
    }
    List<Mlp> members = selected.members().stream().map(networks::get).toList();
    Model model = Model.of(members, weights(selected));
    assertEquals(smallest, selected.loss(), 1e-6 * smallest);
    assertEquals(selected.loss(), Evaluator.score(plain(model), rows, 1).loss(), 1e-6 * smallest);
    List<Rows> once = List.of(rows);
    assertEquals(List.of(0), GreedyEnsemble.of(models.subList(2, 3), once, 0, 5).members());
    rejects(() -> GreedyEnsemble.of(List.of(), once, 0, 5));
    for (int[] wrong : new int[][] {{0, 0}, {-1, 5}, {5, 4}, {3, -2}}) {
      rejects(() -> GreedyEnsemble.of(models, once, wrong[0], wrong[1]));
    }
    rejects(() -> GreedyEnsemble.of(models, List.of(rows, rows), 0, 5));
  }

  /** The loss of a selection is that of the members of each fold, averaged over the models. */
  @Test
  void aSelectionIsMeasuredFoldByFold() {
    Dataset data = data(0);
    ValidationScoring scoring = ValidationScoring.of(RECIPE, data);
    SearchRun run = search(data, 2);
    List<Model> models = List.copyOf(run.candidates().values());
    GreedyEnsemble selected = scoring.select(models, 4);
    assertTrue(Arrays.stream(weights(selected)).sum() <= 4, selected::toString);
    double sum = 0;
    int rows = 0;
    for (int fold = 0; fold < 3; fold++) {
      List<Mlp> networks = new ArrayList<>();
      for (int each : selected.members()) {
        networks.add(models.get(each).members().get(fold));
      }
      Rows own = scoring.validation().get(fold);
      Model model = Model.of(networks, weights(selected));
      sum += own.rows() * Evaluator.score(model, own, 1).loss();
      rows += own.rows();
    }
    assertEquals(sum / rows, selected.loss(), 1e-6);
    double least = Double.POSITIVE_INFINITY;
    for (int first = 1; first <= 5; first++) {
      List<Model> best = models.subList(0, first);
      least = Math.min(least, GreedyEnsemble.of(best, scoring.validation(), first, 0).loss());
    }
    assertEquals(least, GreedyEnsemble.of(models, scoring.validation(), 5, 0).loss());
    GreedyEnsemble whole = scoring.select(models, 9);
    assertEquals(GreedyEnsemble.of(models, scoring.validation(), 5, 0), whole, "of 72 rows");
    assertTrue(whole.loss() <= least);
    double smallest = run.trials().stream().mapToDouble(Trial::loss).min().orElseThrow();
    assertTrue(selected.loss() <= smallest + 1e-6);
  }

  /** Each hundred rows allow another selection, if the largest number of selections does. */
  @Test
  void moreRowsAllowMoreSelections() {
    Dataset data = Dataset.of(split(Loss.SOFTMAX, 60, 0, 0), split(Loss.SOFTMAX, 250, 3, 1));
    ValidationScoring scoring = ValidationScoring.of(RECIPE, data);
    SearchRun run = Search.of(RECIPE, SPACE).trials(9).run(scoring);
    List<Model> models = List.copyOf(run.candidates().values());
    List<Rows> rows = scoring.validation();
    GreedyEnsemble two = GreedyEnsemble.of(models, rows, 5, 2);
    assertNotEquals(GreedyEnsemble.of(models, rows, 5, 1), two);
    assertNotEquals(GreedyEnsemble.of(models, rows, 5, 3), two);
    assertEquals(two, scoring.select(run));
    assertEquals(two, scoring.select(models, 7));
    assertEquals(GreedyEnsemble.of(models, rows, 5, 1), scoring.select(models, 6));
  }

  @Test
  void networksOfASearchDoNotClaimFolds() throws IOException {
    Path file = directory.resolve("rows.csv");
    StringBuilder text = new StringBuilder("a,b,c,kind\n");
    float[][] x = features(120, 0);
    for (float[] row : x) {
      text.append(row[0] + "," + row[1] + "," + row[2] + "," + (row[0] > 0 ? "yes\n" : "no\n"));
    }
    Files.writeString(file, text);
    Dataset data = Table.read(file).divide(List.of(0.9, 0.0, 0.1), true, 0);
    ValidationScoring scoring = ValidationScoring.of(RECIPE, data);
    SearchRun run = search(data, 2);
    List<Model> models = List.copyOf(run.candidates().values());
    assertTrue(Evaluator.validation(models.get(0), data, 1).isPresent());
    GreedyEnsemble selected = scoring.select(models, 4);
    assertSameNetworks(run, selected, data);
    Model weighted =
        assertSameNetworks(run, new GreedyEnsemble(List.of(2, 0), List.of(3, 1), 0), data);
    assertArrayEquals(new int[] {3, 3, 3, 1, 1, 1}, weighted.memberWeights());
    assertTrue(Evaluator.validation(weighted, data, 1).isPresent(), "each group has the folds");
    Model single = assertSameNetworks(run, new GreedyEnsemble(List.of(1), List.of(1), 0), data);
    assertArrayEquals(new int[] {1, 1, 1}, single.memberWeights());
  }

  /** Trains a selection again, which must give the networks of the trials. */
  private static Model assertSameNetworks(SearchRun run, GreedyEnsemble selected, Dataset data) {
    List<Model> models = List.copyOf(run.candidates().values());
    Recipe recipe = RECIPE.with(run.options(selected));
    Model model = recipe.fit(data).model();
    List<String> digests =
        selected.members().stream()
            .flatMap(each -> models.get(each).members().stream().map(Mlp::sha256))
            .toList();
    assertEquals(digests, model.members().stream().map(Mlp::sha256).toList());
    return model;
  }
}
