package dev.lanewise.trust;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Split;
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
      Calibration found = Calibrator.fit(before);
      double[] expected =
          npz.read(name + (found.isTemperature() ? "/temperature" : "/platt")).toDoubles();
      double[] numbers = Arrays.copyOf(found.slopes(), expected.length);
      System.arraycopy(
          found.intercepts(), 0, numbers, found.slopes().length, found.intercepts().length);
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
  private static Split rows(Model model, int count) {
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
    return Split.of(features, labels);
  }

  @ParameterizedTest
  @EnumSource
  void theLossOfTheRowsFallsAndNoClassChanges(ModelKind kind) {
    Mlp one = Mlp.initial(Architecture.relu(3, List.of(8), 4), Initializer.HE, 2);
    Model model = kind.of(one, 9);
    Split rows = rows(model, 400);
    Calibration calibration = Calibrator.fit(model, rows, 2);
    Model plain = model.withCalibration(Optional.empty()).withRule(Optional.empty());
    assertEquals(calibration, Calibrator.fit(plain, rows, 1));
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
    // The least loss: no other temperature nearby has a smaller one.
    for (double factor : new double[] {0.99, 1.01}) {
      Calibration other = Calibration.temperature(calibration.slopes()[0] * factor);
      assertTrue(
          Evaluator.evaluate(plain.withCalibration(Optional.of(other)), rows, 1).loss()
              > after.loss());
    }
  }

  @Test
  void rowsThatAreAllRightHaveTheSmallestTemperature() {
    float[][] p = new float[30][];
    Arrays.setAll(p, i -> new float[] {0.6f, 0.4f});
    assertEquals(0.05, Calibrator.fit(Evaluations.of(new int[30], p)).slopes()[0]);
    int[] wrong = new int[30];
    Arrays.fill(wrong, 1);
    assertEquals(20, Calibrator.fit(Evaluations.of(wrong, p)).slopes()[0]);
  }

  @Test
  void whatCannotBeCalibratedIsRefused() {
    float[][] p = new float[19][2];
    rejects(() -> Calibrator.fit(Evaluations.of(new int[19], p)), "19 rows", "at least 20");
    Model number =
        Model.of(
            Mlp.initial(Architecture.relu(3, List.of(), 1), Initializer.HE, 2).withLoss(Loss.MSE));
    rejects(() -> Calibrator.fit(number, rows(number, 30), 1), "loss mse", "expected softmax");
    float[][] falling = new float[40][1];
    float[][] targets = new float[40][1];
    for (int i = 0; i < 40; i++) {
      targets[i][0] = i % 2;
      falling[i][0] = 0.7f - 0.4f * (i % 2) + 0.001f * i;
    }
    Evaluation worse = Evaluations.of(Loss.SIGMOID, targets, falling);
    rejects(() -> Calibrator.fit(worse), "output 0: probabilities that do not rise");
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
