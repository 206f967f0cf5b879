package dev.lanewise.cli;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.cli.GradientCheckResult.Element;
import dev.lanewise.cli.GradientCheckResult.Parameter;
import dev.lanewise.data.Rows;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.train.Digits;
import dev.lanewise.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GradientCheckTest {
  private static final List<List<Integer>> HIDDEN =
      List.of(List.of(), List.of(6, 20), List.of(5, 4, 3));

  /** The functions that can be checked: half the sum of squares, and losses of training. */
  enum Objective {
    HALF_SQUARES(check -> check),
    SOFTMAX(check -> check.withLoss(Loss.SOFTMAX)),
    SIGMOID(check -> check.withLoss(Loss.SIGMOID)),
    MSE(check -> check.withLoss(Loss.MSE)),
    HUBER(check -> check.withLoss(Loss.HUBER)),
    MAE(check -> check.withLoss(Loss.MAE)),
    PINBALL(check -> check.withLoss(Loss.pinball(0.9)));

    private final UnaryOperator<GradientCheck> choice;

    Objective(UnaryOperator<GradientCheck> choice) {
      this.choice = choice;
    }

    GradientCheck check(long seed) {
      return choice.apply(GradientCheck.ofSeed(seed));
    }
  }

  static List<Arguments> networks() {
    List<Arguments> list = new ArrayList<>();
    for (List<Integer> hidden : HIDDEN) {
      for (Objective objective : Objective.values()) {
        list.add(Arguments.of(hidden, objective));
      }
    }
    return list;
  }

  private static void assertPassed(GradientCheckResult result) {
    assertTrue(result.passed(), () -> describe(result));
  }

  static String describe(GradientCheckResult result) {
    StringBuilder text = new StringBuilder();
    for (Parameter p : result.parameters()) {
      text.append("%s %s of %s; ".formatted(p.name(), p.maxDifference(), p.maxNumerical()));
    }
    return text.toString();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void passesOnTheRealCode(List<Integer> hidden, Objective objective) {
    Architecture architecture = Architecture.relu(64, hidden, 10);
    long seed = objective.ordinal();
    GradientCheck check = objective.check(seed);
    assertPassed(check.check(architecture));
    for (Initializer initializer : Initializer.values()) {
      assertPassed(check.check(Mlp.initial(architecture, initializer, seed)));
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void findsEachFaultyArrayAndNoOther(List<Integer> hidden, Objective objective) {
    Architecture architecture = Architecture.relu(12, hidden, 5);
    GradientCheck check = objective.check(objective.ordinal());
    for (Layer layer : architecture.layers()) {
      int number = architecture.layers().indexOf(layer) + 1;
      int from = layer.weightsOffset();
      int biases = layer.biasesOffset();
      for (float factor : new float[] {1.01f, 0.99f, 0, -1, Float.NaN}) {
        assertOnlyFault("W" + number, check, architecture, from, biases, factor);
        int end = biases + layer.outputs();
        assertOnlyFault("b" + number, check, architecture, biases, end, factor);
      }
    }
  }

  private static void assertOnlyFault(
      String name, GradientCheck check, Architecture architecture, int from, int to, float factor) {
    GradientCheckResult result = check.check(architecture, times(from, to, factor));
    assertFalse(result.passed());
    List<String> failed =
        result.parameters().stream().filter(p -> !p.passed()).map(Parameter::name).toList();
    assertEquals(List.of(name), failed, "times " + factor);
  }

  static UnaryOperator<float[]> times(int from, int to, float factor) {
    return gradient -> {
      for (int i = from; i < to; i++) {
        gradient[i] *= factor;
      }
      return gradient;
    };
  }

  @Test
  void drawsAnotherNetworkIfTheSignsOfErrorsCancel() {
    assertPassed(Objective.MAE.check(-3498792).check(Architecture.relu(1, List.of(), 2)));
  }

  @Test
  void comparesTwentyElementsOfEachArrayFromLastToFirst() {
    GradientCheckResult result =
        GradientCheck.ofSeed(0).check(Architecture.relu(64, List.of(16, 80), 10));
    List<Parameter> parameters = result.parameters();
    assertEquals(
        List.of("W3", "b3", "W2", "b2", "W1", "b1"),
        parameters.stream().map(Parameter::name).toList());
    assertEquals(
        List.of(
            List.of(80, 10),
            List.of(10),
            List.of(16, 80),
            List.of(80),
            List.of(64, 16),
            List.of(16)),
        parameters.stream().map(Parameter::shape).toList());
    assertEquals(
        List.of(20, 10, 20, 20, 20, 16),
        parameters.stream().map(p -> (int) p.elements().stream().distinct().count()).toList());
    assertTrue(parameters.get(0).elements().stream().allMatch(e -> e.index() < 800));
  }

  @Test
  void aSeedGivesTheSameCheckAndAnotherAnother() {
    Architecture architecture = Architecture.relu(8, List.of(6), 4);
    GradientCheckResult result = GradientCheck.ofSeed(5).check(architecture);
    assertEquals(result, GradientCheck.ofSeed(5).check(architecture));
    assertNotEquals(result, GradientCheck.ofSeed(6).check(architecture));
    assertNotEquals(result, GradientCheck.ofSeed(5).withLoss(Loss.SOFTMAX).check(architecture));
  }

  /** Corner pixels of the digits are 0 in every row, and so are the gradients of their weights. */
  @Test
  void elementsWithoutAGradientGiveWayToOthers() {
    Parameter w1 =
        GradientCheck.ofSeed(0).check(Digits.network(0), Digits.DATA.train()).parameters().get(4);
    assertEquals(20, w1.elements().size());
    assertTrue(w1.elements().stream().allMatch(element -> element.numerical() != 0));
  }

  @Test
  void passesOnAModelThatIsSureOfItsData() {
    Trainer trainer = Trainer.builder().epochs(60).learningRate(0.3).build();
    Mlp model = trainer.fit(Digits.network(0), Digits.DATA).model();
    for (Objective objective : Objective.values()) {
      for (long seed = 0; seed < 3; seed++) {
        assertPassed(objective.check(seed).check(model, Digits.DATA.train()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void fewRowsAreEnough(Objective objective) {
    Rows one = Rows.of(new float[][] {{0.3f, -0.2f, 0.5f}}, new int[] {1});
    Mlp model = Mlp.initial(Architecture.relu(3, List.of(6), 2), Initializer.HE, 2);
    assertPassed(objective.check(0).check(model, one));
  }

  @Test
  void rowsAtAKinkAreLeftOut() {
    // The sum 0.01 x1 + 0.01 x2 is far from ReLU's kink for 9 rows and on it for 3.
    float[][] rows = new float[12][2];
    for (int r = 0; r < 9; r++) {
      rows[r] = new float[] {1, 0.1f * r};
    }
    assertPassed(checkSmallWeights(rows));
  }

  @Test
  void rowsNearAKinkGiveWayToThoseFarther() {
    // For 50 of the 60 rows the sum is 4e-8, and even the smallest step takes it across 0.
    float[][] rows = new float[60][];
    for (int r = 0; r < rows.length; r++) {
      rows[r] = r < 50 ? new float[] {1, -1 + 0x1p-18f} : new float[] {1, 0.1f * (r - 50)};
    }
    assertPassed(checkSmallWeights(rows));
  }

  private static GradientCheckResult checkSmallWeights(float[][] rows) {
    Mlp model = Mlp.of(Architecture.relu(2, List.of(1), 1), new float[] {0.01f, 0.01f, 0, 1, 1});
    return GradientCheck.ofSeed(0).check(model, Rows.of(rows, new int[rows.length]));
  }

  /** If p is 0.5 and each label has five rows, the gradient cancels up to rounding. */
  @Test
  void labelsDoNotMakeTheGradientCancel() {
    Mlp model =
        Mlp.of(
            Architecture.relu(2, List.of(), 2),
            new float[] {1e-6f, -2e-6f, 3e-6f, 1e-6f, 1e-6f, 2e-6f});
    for (long seed = 0; seed < 30; seed++) {
      assertPassed(GradientCheck.ofSeed(seed).withLoss(Loss.SOFTMAX).check(model));
    }
  }

  @Test
  void rowsAreScaledByTheModelOrRefused() {
    float[][] x = {{1, 2}, {3, 5}};
    int[] labels = {0, 1};
    Mlp model = Mlp.initial(Architecture.relu(2, List.of(3), 2), Initializer.HE, 2);
    Mlp scaling = model.withScaling(Scaling.divide(2));
    GradientCheck check = GradientCheck.ofSeed(0).withLoss(Loss.SOFTMAX);
    GradientCheckResult result = check.check(scaling, Rows.of(x, labels));
    assertEquals(result, check.check(scaling, Rows.of(x, labels).withScaling(Scaling.divide(2))));
    assertNotEquals(result, check.check(model, Rows.of(x, labels)));
    Mlp wide = Mlp.initial(Architecture.relu(3, List.of(), 2), Initializer.HE, 2);
    rejects(() -> check.check(wide, Rows.of(x, labels)), "rows of 2 features");
    rejects(
        () -> check.check(scaling, Rows.of(x, labels).withScaling(Scaling.divide(3))), "scaled");
  }

  @Test
  void whereAllNumericalGradientsAreZeroTheAnalyticMustBeTooButForRounding() {
    // The hidden unit with bias -9 is inactive for every row.
    Mlp model = Mlp.of(Architecture.relu(1, List.of(1), 1), new float[] {1, -9, 1, 0.5f});
    GradientCheckResult asleep = GradientCheck.ofSeed(0).check(model);
    Parameter w1 = asleep.parameters().get(2);
    assertEquals("W1", w1.name());
    assertEquals(List.of(new Element(0, 0, 0)), w1.elements());
    assertTrue(asleep.passed());
    assertEquals(0, w1.relativeDifference());

    GradientCheckResult faulty =
        GradientCheck.ofSeed(0)
            .check(
                model,
                gradient -> {
                  gradient[0] = 1e-5f;
                  return gradient;
                });
    assertFalse(faulty.parameters().get(2).passed());
    assertEquals(Double.POSITIVE_INFINITY, faulty.parameters().get(2).relativeDifference());
  }

  @ParameterizedTest
  @ValueSource(floats = {9, 12, 15, 17, 30, 40})
  void whatFloat32RoundsOfASaturatedUnitPasses(float bias) {
    Architecture architecture = new Architecture(1, List.of(1), 2, List.of(Activation.SIGMOID));
    Mlp model = Mlp.of(architecture, new float[] {1, bias, 1, -1, 0.5f, 0});
    for (Objective objective : Objective.values()) {
      assertPassed(objective.check(0).check(model));
    }
  }

  @Test
  void aDifferenceOfRoundingIsMeasuredByTheLargestGradientOfAllArrays() {
    Element saturated = new Element(0, 0, 1e-8);
    Element other = new Element(0, 2e-8, 1e-8);
    double rounding = GradientCheckResult.ROUNDING / 32; // 3e-8
    assertTrue(new Parameter("b1", List.of(1), List.of(saturated), rounding).passed());
    assertTrue(new Parameter("b1", List.of(1), List.of(other), rounding).passed());
    assertFalse(new Parameter("b1", List.of(1), List.of(other), rounding / 4).passed());

    Mlp model = Mlp.of(Architecture.relu(1, List.of(1), 1), new float[] {1, -9, 1, 0.5f});
    GradientCheckResult result = GradientCheck.ofSeed(0).check(model);
    double largest = 0;
    for (Parameter array : result.parameters()) {
      largest = Math.max(largest, array.maxNumerical());
    }
    for (Parameter array : result.parameters()) {
      assertEquals(largest * GradientCheckResult.ROUNDING, array.rounding());
    }
  }

  @Test
  void anArrayOfWhichNothingCanBeComparedHasNotPassed() {
    // Every sum of the hidden layer is 0, where ReLU has no derivative.
    Rows zeros = Rows.of(new float[][] {{0, 0}, {0, 0}}, new int[] {0, 1});
    Mlp model = Mlp.initial(Architecture.relu(2, List.of(3), 2), Initializer.HE, 0);
    GradientCheckResult result = GradientCheck.ofSeed(0).check(model, zeros);
    Parameter b1 = result.parameters().get(3);
    assertEquals("b1", b1.name());
    assertEquals(List.of(), b1.elements());
    assertFalse(b1.passed());
    assertFalse(result.passed());
  }

  @Test
  void aThousandthOfTheLargestNumericalGradientPasses() {
    Element large = new Element(0, 2, 2);
    assertTrue(array(large, new Element(1, 0.0019, 0)).passed());
    assertFalse(array(large, new Element(1, 0.0021, 0)).passed());
    assertFalse(array(large, new Element(1, Double.NaN, 0)).passed());
    assertFalse(array(large, new Element(1, 0, Double.NaN)).passed());
    assertFalse(array(large, new Element(1, Double.POSITIVE_INFINITY, 0)).passed());
    assertEquals(0.0005, array(large, new Element(1, 0.001, 0)).relativeDifference());
  }

  private static Parameter array(Element... elements) {
    return new Parameter("b1", List.of(2), List.of(elements), 0);
  }
}
