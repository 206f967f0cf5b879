package dev.lanewise.trust;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Rows;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluations;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.metrics.Golden;
import dev.lanewise.model.Calibration;
import dev.lanewise.model.Model;
import dev.lanewise.model.ModelKind;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictions;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CalibratorTest {
  private static final double EXACT = 1e-9;

  private static Npz golden() throws IOException, URISyntaxException {
    return Npz.open(Path.of(CalibratorTest.class.getResource("calibration.npz").toURI()));
  }

  static List<String> cases() throws IOException, URISyntaxException {
    try (Npz npz = golden()) {
      return Golden.names(npz, "/probabilities");
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalsScipysAndScikitLearns(String name) throws IOException, URISyntaxException {
    try (Npz npz = golden()) {
      Evaluation before = Evaluations.golden(npz, name);
      boolean hasBias = before.kind().task().hasLabels() || name.endsWith("biased");
      double[] expected = npz.read(name + "/numbers").toDoubles();
      double[] numbers = Calibrator.numbers(before, hasBias, row -> true, null);
      Calibration found = Calibrator.calibration(before.kind(), hasBias, numbers);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], numbers[i], EXACT * Math.max(1, Math.abs(expected[i])));
      }
      NdArray calibrated = npz.read(name + "/calibrated");
      int columns = before.classes();
      float[][] after = new float[before.rows()][columns];
      for (int row = 0; row < after.length; row++) {
        double[] p = before.values(row);
        found.apply(p, 0, columns);
        for (int k = 0; k < columns; k++) {
          assertEquals(calibrated.doubleAt(row * columns + k), p[k], EXACT);
          after[row][k] = (float) p[k];
        }
      }
      double[] brier = npz.read(name + "/brier").toDoubles();
      assertEquals(brier[0], Brier.of(before, 10).score(), EXACT);
      float[] weights = Golden.weights(npz, name);
      Evaluation changed =
          npz.contains(name + "/labels")
              ? Evaluations.of(Golden.ints(npz.read(name + "/labels")), after, weights)
              : Evaluations.of(
                  Loss.SIGMOID, Golden.rows(npz.read(name + "/targets")), after, weights);
      assertEquals(brier[1], Brier.of(changed, 10).score(), 1e-7); // rounded to floats
    }
  }

  /** Probabilities of two bins, so that nothing varies inside a bin. */
  @Test
  void partsOfTheBrierScoreAddUp() {
    float[][] p = {{0.25f, 0.75f}, {0.25f, 0.75f}, {0.875f, 0.125f}, {0.875f, 0.125f}};
    Brier brier = Brier.of(Evaluations.of(new int[] {1, 0, 0, 0}, p), 10);
    assertEquals(
        brier.score(), brier.reliability() - brier.resolution() + brier.uncertainty(), 1e-15);
    assertEquals((0.25 * 0.25 + 0.125 * 0.125) / 2, brier.reliability(), 1e-15);
    assertEquals((0.0625 + 0.0625) / 2, brier.resolution(), 1e-15);
    assertEquals(0.1875, brier.uncertainty());
  }

  /** Returns rows of which about half have the class that a model predicts. */
  private static Rows rows(Model model, int count) {
    Random random = new Random(3);
    double[][] x = new double[count][3];
    for (double[] row : x) {
      Arrays.setAll(row, j -> random.nextGaussian());
    }
    Predictions predicted = model.predictor(count).predict(x);
    int[] labels = new int[count];
    float[][] features = new float[count][3];
    for (int i = 0; i < count; i++) {
      boolean isRight = random.nextInt(3) == 0 && model.loss().task().hasClasses();
      labels[i] = isRight ? predicted.label(i) : random.nextInt(model.outputs());
      for (int j = 0; j < 3; j++) {
        features[i][j] = (float) x[i][j];
      }
    }
    return Rows.of(features, labels);
  }

  @ParameterizedTest
  @EnumSource
  void theLossOfTheRowsFallsAndNoClassChanges(ModelKind kind) {
    Mlp initial = Mlp.initial(Architecture.relu(3, List.of(8), 4), Initializer.HE, 2);
    float[] larger = initial.parameters();
    for (int i = 0; i < larger.length; i++) {
      larger[i] *= 2; // too sure of itself
    }
    Model model = kind.of(initial.withParameters(larger), 9);
    Rows rows = rows(model, 400);
    Model plain = model.withCalibration(Optional.empty()).withRule(Optional.empty());
    CalibrationFit fit = Calibrator.fit(plain, rows, 2);
    Calibration calibration = fit.calibration().orElseThrow();
    Calibrator.fit(model, rows, 1)
        .calibration()
        .ifPresent(same -> assertEquals(calibration, same, "fitted to the same probabilities"));
    assertTrue(fit.heldOut().loss() < fit.before().loss());
    Model calibrated = plain.withCalibration(Optional.of(calibration));
    assertEquals(plain.sha256(), calibrated.sha256());
    Evaluation before = Evaluator.evaluate(plain, rows, 1);
    Evaluation after = Evaluator.evaluate(calibrated, rows, 1);
    assertTrue(after.loss() < before.loss(), after.loss() + " " + before.loss());
    assertEquals(before.accuracy(), after.accuracy());
    for (int row = 0; row < rows.rows(); row++) {
      assertEquals(before.predicted(row), after.predicted(row));
    }
    assertEquals(Evaluator.score(calibrated, rows, 1), after.score());
    // The least loss and penalty: no other temperature nearby has less.
    double least = penalised(plain, calibration.slopes()[0], rows);
    for (double factor : new double[] {0.99, 1.01}) {
      assertTrue(penalised(plain, calibration.slopes()[0] * factor, rows) > least);
    }
  }

  private static double penalised(Model plain, double temperature, Rows rows) {
    Optional<Calibration> calibration = Optional.of(Calibration.temperature(temperature));
    double t = Math.log(temperature);
    return Evaluator.score(plain.withCalibration(calibration), rows, 1).loss() * rows.rows()
        + 2 * t * t;
  }

  /** Returns a model that gives a row (x) the probabilities of the classes 0 and 1 by x. */
  private static Model ofOdds(double temperature, float... bias) {
    float[] weights = {(float) -temperature / 2, (float) temperature / 2, 0, 0};
    System.arraycopy(bias, 0, weights, 3, bias.length);
    return Model.of(Mlp.of(Architecture.relu(1, List.of(), 2), weights));
  }

  /** Returns rows whose class 1 is as likely as a model of temperature 1 says. */
  private static Rows drawn(Random random, int rows, boolean isAllRight) {
    float[][] x = new float[rows][1];
    int[] labels = new int[rows];
    for (int i = 0; i < rows; i++) {
      x[i][0] = (float) (2 * random.nextGaussian());
      double p = 1 / (1 + Math.exp(-x[i][0]));
      labels[i] = (isAllRight ? 0.5 : random.nextDouble()) < p ? 1 : 0;
    }
    return Rows.of(x, labels);
  }

  /** Few rows that are all right gave the smallest temperature, 1/20, which fresh rows deny. */
  @Test
  void rowsThatAreAllRightDoNotGiveAnExtremeTemperature() {
    Model model = ofOdds(1);
    double[] numbers = numbers(model, drawn(new Random(1), 24, true));
    assertTrue(numbers[0] < 0 && numbers[0] > Math.log(0.4), Math.exp(numbers[0]) + "");
    Rows wrong = Rows.of(new float[24][1], new int[24]); // of probabilities of 1/2
    assertEquals(0, numbers(model, wrong)[0]);
  }

  private static double[] numbers(Model model, Rows rows) {
    return Calibrator.numbers(Evaluator.evaluate(model, rows, 1), false, row -> true, null);
  }

  @Test
  void nothingIsGainedByProbabilitiesThatAreRight() {
    Rows rows = drawn(new Random(2), 500, false);
    Model calibrated = ofOdds(2).withCalibration(Optional.of(Calibration.temperature(2)));
    for (Model model : List.of(ofOdds(1), calibrated)) {
      CalibrationFit fit = Calibrator.fit(model, rows, 1);
      assertEquals(Optional.empty(), fit.calibration());
      assertTrue(fit.heldOut().loss() > fit.before().loss() - 0.01);
      assertEquals(Evaluator.score(model, rows, 1), fit.before().score());
    }
  }

  /** Rows are measured by a calibration of other rows: one row of a fold does not tell of it. */
  @Test
  void heldOutRowsDoNotDecideTheirOwnCalibration() {
    Rows rows = drawn(new Random(3), 60, false);
    Model model = ofOdds(2);
    CalibrationFit fit = Calibrator.fit(model, rows, 1);
    Evaluation before = fit.before();
    int[] others = IntStream.range(0, 60).filter(i -> i % 10 != 4).toArray();
    Calibration own =
        Calibrator.calibration(before.kind(), false, numbers(model, rows.select(others)));
    double[] p = before.values(14);
    own.apply(p, 0, 2);
    assertEquals(p[0], fit.heldOut().value(14, 0), 1e-7);
  }

  /** A model of other shares of classes than the rows: a temperature alone cannot mend it. */
  @Test
  void twoClassesGetABiasWhereHeldOutRowsGain() {
    Model model = ofOdds(1, 1.5f);
    Rows rows = drawn(new Random(5), 300, false);
    CalibrationFit fit = Calibrator.fit(model, rows, 1);
    Calibration found = fit.calibration().orElseThrow();
    assertTrue(found.hasBias(), found.toString());
    assertEquals(-1.5, found.intercepts()[0], 0.3);
    Model calibrated = model.withCalibration(fit.calibration());
    Evaluation after = Evaluator.evaluate(calibrated, drawn(new Random(6), 5000, false), 1);
    Evaluation before = Evaluator.evaluate(model, drawn(new Random(6), 5000, false), 1);
    assertTrue(after.loss() < before.loss() - 0.1, after + " " + before);
    assertTrue(after.accuracy() > before.accuracy(), "classes change");
    for (int row = 0; row < 100; row++) {
      assertEquals(after.value(row, 1) > after.value(row, 0) ? 1 : 0, after.predicted(row));
    }
    assertTrue(Reliability.of(before, 10).classwise() > Reliability.of(after, 10).classwise());
    assertTrue(
        Calibrator.fit(ofOdds(2), rows, 1).calibration().filter(c -> !c.hasBias()).isPresent());
    Model three = Model.of(Mlp.initial(Architecture.relu(1, List.of(), 3), Initializer.HE, 2));
    rejects(
        () -> three.withCalibration(fit.calibration()),
        "calibration by temperature",
        "takes a temperature, and a bias only of two classes");
    rejects(() -> Calibration.biased(1, Double.NaN), "bias NaN, expected a finite number");
  }

  /** Weights count by their ratios: ten times all weights are no more rows. */
  @Test
  void weightsOfAnySizeArePenalisedAlike() {
    Rows rows = drawn(new Random(4), 40, false);
    float[] weights = new float[40];
    Arrays.fill(weights, 0.001f);
    double[] plain = numbers(ofOdds(2), rows);
    assertEquals(plain[0], numbers(ofOdds(2), rows.withRowWeights(weights))[0], 1e-6);
  }

  @Test
  void whatCannotBeCalibratedIsRefused() {
    Model classes = ofOdds(1);
    rejects(
        () -> Calibrator.fit(classes, drawn(new Random(1), 19, false), 1),
        "19 rows",
        "at least 20");
    Model number =
        Model.of(
            Mlp.initial(Architecture.relu(3, List.of(), 1), Initializer.HE, 2).withLoss(Loss.MSE));
    rejects(() -> Calibrator.fit(number, rows(number, 30), 1), "loss mse", "expected softmax");
    Mlp flags =
        Mlp.initial(Architecture.relu(3, List.of(), 2), Initializer.HE, 2).withLoss(Loss.SIGMOID);
    Optional<Calibration> temperature = Optional.of(Calibration.temperature(2));
    rejects(
        () -> Model.of(flags).withCalibration(temperature),
        "loss sigmoid of 2 outputs takes two numbers");
    rejects(() -> number.withCalibration(temperature), "loss mse of 1 outputs takes none");
    rejects(() -> Calibration.temperature(0), "temperature 0.0, expected a finite number above 0");
  }
}
