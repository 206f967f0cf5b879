package dev.lanewise.recipe;

import static dev.lanewise.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Model;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.TrainingListener;
import dev.lanewise.train.TrainingRun.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is fitted to validation rows after a training: a temperature, and weights of groups. */
class AfterTrainingTest {
  private static final Recipe SMALL = Recipe.TABLE.with("hidden", "6,6").with("epochs", 20);
  private static final String GROUPS = "1; 1 hidden=3 learningRate=0.2; 1 dropout=0.4";

  private static float[][] inputs() {
    Random random = new Random(5);
    float[][] rows = new float[700][2];
    for (float[] row : rows) {
      row[0] = (float) random.nextGaussian();
      row[1] = (float) random.nextGaussian();
    }
    return rows;
  }

  private static Dataset classes() {
    float[][] rows = inputs();
    int[] labels = new int[rows.length];
    Random random = new Random(6);
    for (int i = 0; i < labels.length; i++) {
      labels[i] = rows[i][0] + 0.3 * random.nextGaussian() > 0 ? rows[i][1] > 0.5 ? 2 : 1 : 0;
    }
    return Dataset.of(Rows.of(rows, labels));
  }

  private static Dataset numbers() {
    float[][] rows = inputs();
    float[][] targets = new float[rows.length][1];
    for (int i = 0; i < rows.length; i++) {
      targets[i][0] = rows[i][0] * rows[i][0] - rows[i][1];
    }
    return Dataset.of(Rows.of(rows, targets));
  }

  /**
   * Returns the probabilities of each row of the first folds by the network that is tested there.
   */
  private static List<Evaluation> outOfFold(Recipe recipe, Dataset data, List<Model> models) {
    List<Evaluation> all = new ArrayList<>();
    for (int m = 0; m < models.size(); m++) {
      Rows rows = recipe.rows(data, m).validation().orElseThrow();
      all.add(Evaluator.evaluate(models.get(m), rows, 1));
    }
    return all;
  }

  private static List<Model> alone(RecipeRun run) {
    return run.members().stream().map(each -> Model.of(each.model())).toList();
  }

  /** Returns the summed log loss of rows by a temperature, with the penalty. */
  private static double loss(List<Evaluation> all, double temperature) {
    double loss = Math.pow(Math.log(temperature), 2) / (2 * 0.5 * 0.5);
    for (Evaluation part : all) {
      for (int row = 0; row < part.rows(); row++) {
        double sum = 0;
        for (int k = 0; k < part.classes(); k++) {
          sum += Math.pow(part.value(row, k), 1 / temperature);
        }
        loss -= Math.log(Math.pow(part.value(row, part.label(row)), 1 / temperature) / sum);
      }
    }
    return loss;
  }

  @Test
  void theTemperatureIsTheBestOneOnTheFolds() {
    RecipeRun run = SMALL.fit(classes());
    double temperature = run.model().calibration().orElseThrow().slopes()[0];
    List<Evaluation> all = outOfFold(SMALL, classes(), alone(run));
    double loss = loss(all, temperature);
    assertTrue(loss < loss(all, temperature - 0.001), "T " + temperature);
    assertTrue(loss < loss(all, temperature + 0.001), "T " + temperature);
    assertTrue(loss < loss(all, 1) - 0.5, "T " + temperature);
    assertEquals(temperature, Math.rint(temperature * 1000) / 1000);
  }

  @Test
  void classesAndWeightsStayThose() {
    RecipeRun run = SMALL.fit(classes());
    RecipeRun without = SMALL.with("temperature", "none").fit(classes());
    assertEquals(Optional.empty(), without.model().calibration());
    assertEquals(without.model().sha256(), run.model().sha256());
    assertEquals(without.validation(), run.validation());
    Evaluation found = Evaluator.evaluate(run.model(), classes().train(), 1);
    Evaluation expected = Evaluator.evaluate(without.model(), classes().train(), 1);
    assertNotEquals(expected.loss(), found.loss());
    for (int row = 0; row < found.rows(); row++) {
      assertEquals(expected.predicted(row), found.predicted(row));
    }
  }

  @Test
  void aTrainingThatWasStoppedHasNone() {
    TrainingListener ends =
        new TrainingListener() {
          @Override
          public boolean onEpoch(EpochResult result) {
            return result.epoch() < 2;
          }
        };
    RecipeRun run = SMALL.fit(classes(), 1, ends);
    assertEquals(Outcome.STOPPED, run.outcome());
    assertEquals(Optional.empty(), run.model().calibration());
  }

  @Test
  void otherLossesAndTheCourseHaveNone() {
    assertEquals(Optional.empty(), SMALL.fit(numbers()).model().calibration());
    Recipe course = Recipe.COURSE.with("epochs", 2);
    assertEquals(Optional.empty(), course.fit(classes()).model().calibration());
    String expected = "temperature validation, expected none without validation rows, and for";
    Recipe asked = SMALL.with("temperature", "validation");
    assertTrue(refusal(() -> asked.fit(numbers())).startsWith(expected));
    Recipe without = course.with("temperature", "validation");
    assertTrue(refusal(() -> without.fit(classes())).startsWith(expected));
  }

  @Test
  void fewRowsHaveNone() {
    int[] some = new int[18]; // fewer than 20 in all folds
    float[][] rows = Arrays.copyOf(inputs(), some.length);
    Arrays.setAll(some, row -> row % 2);
    Dataset few = Dataset.of(Rows.of(rows, some));
    assertEquals(Optional.empty(), SMALL.fit(few).model().calibration());
  }

  /** The weights are those of a selection that is written down here once more. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void weightsOfGroupsFollowFromTheLossOutOfFold(boolean hasClasses) {
    Dataset data = hasClasses ? classes() : numbers();
    Recipe recipe = SMALL.with("configurations", GROUPS).with("groupWeights", "greedy");
    RecipeRun run = recipe.fit(data);
    List<Evaluation> all = outOfFold(recipe, data, alone(run));
    int[] counts = {1, 1, 1};
    int[] best = counts.clone();
    double smallest = mean(all, counts);
    for (int n = 0; n < 4; n++) { // of 420 rows
      int next = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int g = 0; g < counts.length; g++) {
        counts[g]++;
        double loss = mean(all, counts);
        counts[g]--;
        if (loss < least) {
          least = loss;
          next = g;
        }
      }
      counts[next]++;
      if (least < smallest) {
        smallest = least;
        best = counts.clone();
      }
    }
    int[] expected = new int[9];
    for (int m = 0; m < expected.length; m++) {
      expected[m] = best[m / 3];
    }
    assertTrue(Arrays.stream(best).distinct().count() > 1, "weights that differ");
    assertArrayEquals(expected, run.model().memberWeights());
  }

  /** Returns the mean loss of averages of three networks, each with its fold. */
  private static double mean(List<Evaluation> all, int... counts) {
    double loss = 0;
    int rows = 0;
    for (int fold = 0; fold < 3; fold++) {
      Evaluation first = all.get(fold);
      for (int row = 0; row < first.rows(); row++) {
        int k = first.kind().task().hasClasses() ? first.label(row) : 0;
        double value = 0;
        for (int g = 0; g < counts.length; g++) {
          value += counts[g] * all.get(3 * g + fold).value(row, k) / Arrays.stream(counts).sum();
        }
        double error = first.kind().task().hasClasses() ? 0 : value - first.target(row)[0];
        loss += first.kind().task().hasClasses() ? -Math.log(value) : error * error;
      }
      rows += first.rows();
    }
    return loss / rows;
  }

  @ParameterizedTest
  @CsvSource({"none", "1 hidden=3"})
  void oneGroupHasNoWeightsToSelect(String groups) {
    Recipe recipe = SMALL.with("configurations", groups);
    assertTrue(
        refusal(() -> recipe.with("groupWeights", "greedy"))
            .startsWith("groupWeights greedy, expected several groups of networks"));
  }
}
