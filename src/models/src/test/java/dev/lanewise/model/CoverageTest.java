package dev.lanewise.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Refusals;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.internal.StoredModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Tests limits, sets and intervals, and that models keep them as long as they are right. */
class CoverageTest {
  private static final Model CLASSES =
      Model.of(Mlp.initial(Architecture.relu(2, List.of(3), 3), Initializer.HE, 1));
  private static final Model NUMBERS = CLASSES.withLoss(Loss.HUBER);
  private static final Coverage SETS = Coverage.ofClasses(0.9, 0.5, 0.75);
  private static final Coverage BY_CLASS = Coverage.byClass(new double[][] {{0.5}, {}, {1, 0.25}});
  private static final Coverage INTERVALS =
      Coverage.ofNumbers(new double[][] {{3, 0}, {1, 1}, {2, 5}});

  @TempDir Path directory;

  private static void rejects(String message, Executable call) {
    Refusals.rejects(call, message);
  }

  private static double[] upTo(int rows) {
    double[] scores = new double[rows];
    for (int i = 0; i < rows; i++) {
      scores[i] = rows - i; // 1 to rows, the largest first
    }
    return scores;
  }

  @Test
  void theLimitIsTheScoreAtItsPlaceInDecimals() {
    assertEquals(9, Coverage.ofClasses(upTo(9)).at(0.9).limit(0));
    assertEquals(Double.POSITIVE_INFINITY, Coverage.ofClasses(upTo(8)).at(0.9).limit(0));
    assertEquals(91, Coverage.ofClasses(upTo(100)).at(0.9).limit(0));
    assertEquals(7, Coverage.ofClasses(upTo(99)).at(0.07).limit(0)); // 7.000000000000001 in binary
    assertEquals(96, Coverage.ofClasses(upTo(100)).at(0.95).limit(0));
    double[] limits = {
      BY_CLASS.at(0.5).limit(0), BY_CLASS.at(0.5).limit(1), BY_CLASS.at(0.5).limit(2)
    };
    assertArrayEquals(new double[] {0.5, Double.POSITIVE_INFINITY, 1}, limits);
    for (double wrong : new double[] {0, 1, -0.5, 90, Double.NaN}) {
      rejects(
          "coverage " + wrong + ", expected a number above 0 and below 1", () -> SETS.at(wrong));
    }
  }

  @Test
  void scoresAreSumsOfLargerProbabilities() {
    double[] p = {0.25, 0.125, 0.5, 0.125};
    assertArrayEquals(new double[] {0.5, 0.75, 0, 0.875}, Coverage.scores(p));
    assertArrayEquals(new boolean[] {true, true, true, false}, SETS.at(0.5).set(p)); // up to 0.75
    assertArrayEquals(new boolean[] {true, true, true, true}, SETS.at(0.8).set(p));
    assertArrayEquals(new boolean[] {false, true, false}, SETS.at(0.1).set(0, 1, 0), "never empty");
    assertArrayEquals(
        new boolean[] {false, true, true}, BY_CLASS.at(0.5).set(0.3, 0.1, 0.6), "by class");
    // Probabilities count as floats, in doubles as well.
    double third = 1 / 3.0;
    assertArrayEquals(Coverage.scores((float) third, (float) third), Coverage.scores(third, third));
  }

  @Test
  void intervalsHaveTheLimitsOfTheirOutput() {
    Coverage.Level level = INTERVALS.at(0.5);
    assertEquals(7, level.low(0, 10), 1e-12);
    assertEquals(13, level.high(0, 10), 1e-12);
    assertEquals(15, level.high(2, 10), 1e-12);
    assertTrue(level.low(1, 10) <= 9 && level.high(1, 10) >= 11);
    assertEquals(Double.NEGATIVE_INFINITY, INTERVALS.at(0.9).low(0, 10));
    assertEquals(Double.POSITIVE_INFINITY, INTERVALS.at(0.9).high(0, 10));
  }

  @Test
  void filesKeepIt() throws IOException {
    Mlp network = NUMBERS.members().get(0);
    Model several = Model.of(List.of(network, network.withParameters(new float[21])));
    for (Model model :
        List.of(
            CLASSES.withCoverage(Optional.of(SETS)),
            CLASSES.withCoverage(Optional.of(BY_CLASS)),
            several.withCoverage(Optional.of(INTERVALS)))) {
      Path file = directory.resolve("model.npz");
      model.save(file);
      Model read = Model.load(file);
      assertEquals(model, read);
      assertEquals(model.coverage(), read.coverage());
      assertEquals(model.coverage().hashCode(), read.coverage().hashCode());
      assertEquals(model.checksum(), read.checksum());
      Model without = model.withCoverage(Optional.empty());
      assertNotEquals(without, model);
      assertNotEquals(without.checksum(), model.checksum());
      assertEquals(without.sha256(), model.sha256());
      assertTrue(without.coverage().isEmpty());
      assertEquals(model.coverage(), model.withTraining(List.of("a=1")).coverage());
      assertEquals(model.coverage(), model.withFurtherFacts(Map.of()).coverage());
    }
    assertEquals("sets of classes by 3 rows", SETS.toString());
    assertEquals("sets of classes by 3 rows, class by class", BY_CLASS.toString());
    assertEquals("intervals by 2 rows", INTERVALS.toString());
    assertNotEquals(SETS, Coverage.ofClasses(0.9, 0.5));
    assertEquals(SETS, Coverage.ofClasses(0.5, 0.75, 0.9));
  }

  @Test
  void otherResultsHaveNone() {
    Model sets = CLASSES.withCoverage(Optional.of(SETS));
    Optional<DecisionRule> rule = Optional.of(DecisionRule.costs(new double[3][3]));
    assertEquals(sets.coverage(), sets.withRule(rule).coverage(), "a decision changes no set");
    assertEquals(sets.coverage(), sets.withClassNames(List.of("a", "b", "c")).coverage());
    Optional<Calibration> calibration = Optional.of(Calibration.temperature(2));
    Model calibrated = sets.withCalibration(calibration);
    assertTrue(calibrated.coverage().isEmpty());
    assertFalse(calibrated.withCoverage(Optional.of(SETS)).coverage().isEmpty());
    assertTrue(Model.of(sets.members()).coverage().isEmpty());
    assertTrue(sets.withLoss(Loss.SIGMOID).coverage().isEmpty());
    assertTrue(sets.withScaling(Scaling.divide(2)).coverage().isEmpty());
    Model numbers = NUMBERS.withCoverage(Optional.of(INTERVALS));
    assertTrue(numbers.withTargetScaling(Scaling.divide(2)).coverage().isEmpty());
    Model several =
        Model.of(Collections.nCopies(2, CLASSES.members().get(0))).withCoverage(Optional.of(SETS));
    assertEquals(several.coverage(), several.withRule(rule).coverage());
    assertTrue(several.withCalibration(calibration).coverage().isEmpty());
    assertTrue(several.withScaling(Scaling.divide(2)).coverage().isEmpty());
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    rejects(
        "coverage of intervals by 2 rows: loss softmax of 3 outputs takes sets of its classes",
        () -> CLASSES.withCoverage(Optional.of(INTERVALS)));
    rejects(
        "loss huber of 3 outputs takes intervals of its outputs",
        () -> NUMBERS.withCoverage(Optional.of(SETS)));
    Coverage two = Coverage.byClass(new double[][] {{1}, {1}});
    rejects("takes sets of its classes", () -> CLASSES.withCoverage(Optional.of(two)));
    for (Loss loss : List.of(Loss.SIGMOID, Loss.pinball(0.9))) {
      Model other = CLASSES.withLoss(loss);
      rejects("3 outputs takes none", () -> other.withCoverage(Optional.of(INTERVALS)));
    }
    rejects("coverage by 0 scores", Coverage::ofClasses);
    rejects("coverage by 1 scores", () -> Coverage.ofClasses(Double.NaN));
    rejects("coverage by 2 scores", () -> Coverage.ofClasses(-1, 1));
    rejects("coverage by 3 scores", () -> Coverage.ofNumbers(new double[][] {{1, 2}, {1}}));
    Model own = CLASSES.withCoverage(Optional.of(SETS));
    Mlp carrying = new StoredModel(own.members(), own.facts).network();
    rejects("members with calibrations, decisions", () -> Model.of(List.of(carrying, carrying)));
  }

  @Test
  void brokenFilesAreRefused() throws IOException {
    assertUnreadable("coverage x, expected classes", "coverage", NdArray.ofStrings(List.of("x")));
    assertUnreadable(
        "coverage_counts is int32 [1], expected the counts of 3 scores",
        "coverage_counts",
        NdArray.of(new int[] {4}, 1));
    assertUnreadable(
        "coverage_scores is float64 [3], expected 2 scores",
        "coverage_counts",
        NdArray.of(new int[] {2}, 1));
    assertUnreadable(
        "coverage_scores has -1.0 at element 2, expected finite numbers from 0",
        "coverage_scores",
        NdArray.of(new double[] {1, 2, -1}, 3));
    assertUnreadable("no array coverage_scores", "coverage_scores", null);
    assertUnreadable("coverage_counts without coverage", "coverage", null);
    assertUnreadable("coverage_more", "coverage_more", NdArray.of(new int[1], 1));
  }

  /** Replaces an array in a good file, or takes it out. */
  private void assertUnreadable(String message, String name, NdArray array) throws IOException {
    Path file = directory.resolve("broken.npz");
    CLASSES.withCoverage(Optional.of(SETS)).save(file);
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    try (Npz npz = Npz.open(file)) {
      for (String each : npz.names()) {
        arrays.put(each, npz.read(each));
      }
    }
    Consumer<Map<String, NdArray>> change =
        all -> {
          all.keySet().removeIf(each -> each.equals(name) || each.startsWith("lanewise"));
          if (array != null) {
            all.put(name, array);
          }
        };
    change.accept(arrays);
    SealedNpz.write(file, arrays);
    Refusals.unreadable(() -> Model.load(file), message);
  }
}
