package dev.lanewise.train;

import static dev.lanewise.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.internal.RowPreparation;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npy;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.ScaleOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Training and evaluation scale rows as a model's predictors do, or refuse them. */
class RowPreparationTest {
  private static final int ROWS = 60;
  private static final int FEATURES = 4;
  private static final double[][] X = new double[ROWS][FEATURES];
  private static final String[] NAMES = new String[ROWS];
  private static final double[] Y = new double[ROWS];

  static {
    Random random = new Random(6);
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < FEATURES; j++) {
        X[i][j] = random.nextGaussian(10 * j, j + 1);
      }
      NAMES[i] = X[i][0] > 0 ? "yes" : X[i][1] > 10 ? "perhaps" : "no";
      Y[i] = 1000 + 50 * X[i][0];
    }
  }

  private static final Dataset RAW = Dataset.of(Rows.of(X, NAMES), Rows.of(X, NAMES));
  private static final Dataset STANDARD = RAW.withScaling(ScaleChoice.standard());
  private static final Dataset MIN_MAX = RAW.withScaling(ScaleChoice.minMax());
  private static final Mlp MODEL =
      trainer().build().fit(network(3, Loss.SOFTMAX), STANDARD).model();

  private static Mlp network(int outputs, Loss loss) {
    return Mlp.initial(Architecture.relu(FEATURES, List.of(5), outputs), Initializer.HE, 2)
        .withLoss(loss);
  }

  private static TrainerBuilder trainer() {
    return Trainer.builder().epochs(3).batchSize(16).learningRate(0.05);
  }

  @Test
  void unscaledRowsAreMeasuredAsPredicted() {
    Evaluation scaled = Evaluator.evaluate(MODEL, STANDARD.train(), 1);
    Evaluation raw = Evaluator.evaluate(MODEL, RAW.train(), 1);
    assertEquals(scaled.loss(), raw.loss());
    assertEquals(scaled.score(), Evaluator.score(MODEL, RAW.train(), 2));
    for (int i = 0; i < ROWS; i++) {
      double[][] row = {X[i]};
      assertArrayEquals(MODEL.predictor(1).predict(row).values(0), raw.values(i));
    }
  }

  @Test
  void unscaledRowsAreTrainedOnAsPredicted() {
    TrainingRun expected = trainer().build().fit(MODEL, STANDARD);
    TrainingRun run = trainer().build().fit(MODEL, RAW);
    assertEquals(expected.model().sha256(), run.model().sha256());
    assertArrayEquals(expected.history().validLoss(), run.history().validLoss());
    assertEquals(STANDARD.scaling(), run.model().scaling().orElseThrow());
    Trainer whole = trainer().batchSize(-1).epochs(1).sampling(Sampling.SEQUENTIAL).build();
    String sha256 = whole.fit(MODEL, STANDARD).model().sha256();
    for (Dataset data : List.of(STANDARD, RAW)) {
      try (TrainingStream stream = whole.stream(MODEL)) {
        stream.step(data.train());
        assertEquals(sha256, stream.model().sha256());
      }
    }
  }

  @Test
  void aRunOnUnscaledRowsGoesOnOnThem() {
    Checkpoint[] last = new Checkpoint[1];
    TrainingListener stop =
        new Listening()
            .epochs(result -> result.epoch() < 1)
            .checkpoints(checkpoint -> last[0] = checkpoint.copy());
    trainer().checkpointEvery(1e9).listener(stop).build().fit(MODEL, RAW);
    String expected = trainer().build().fit(MODEL, STANDARD).model().sha256();
    for (Dataset data : List.of(RAW, STANDARD)) {
      assertEquals(expected, trainer().build().resume(last[0].copy(), data).model().sha256());
    }
    // For other data, the comparison of checkpoints says more than a message about scalings.
    String message = refusal(() -> trainer().build().resume(last[0], MIN_MAX));
    assertTrue(message.startsWith("a checkpoint of data="), message);
  }

  @Test
  void rowsThatStayInTheirFileAreScaledToo(@TempDir Path directory) throws IOException {
    double[] flat = new double[ROWS * FEATURES];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = X[i / FEATURES][i % FEATURES];
    }
    Path x = directory.resolve("x.npy");
    Path t = directory.resolve("t.npy");
    AtomicFile.write(x, out -> Npy.write(out, NdArray.of(flat, ROWS, FEATURES)));
    int[] labels = new int[ROWS];
    RAW.train().copyLabels(null, 0, ROWS, labels, 0);
    AtomicFile.write(t, out -> Npy.write(out, NdArray.of(labels, ROWS)));
    ScaleOptions none = ScaleOptions.defaults().withScale(ScaleChoice.named("none"));
    Dataset mapped = Datasets.mapped(x, t, none, DivisionOptions.defaults().withValidFraction(0));
    assertEquals(
        Evaluator.evaluate(MODEL, STANDARD.train(), 1).loss(),
        Evaluator.evaluate(MODEL, mapped.train(), 1).loss());
    assertEquals(
        trainer().build().fit(MODEL, Dataset.of(STANDARD.train())).model().sha256(),
        trainer().build().fit(MODEL, mapped).model().sha256());
  }

  @Test
  void rowsOfOtherFeaturesAreRefused() {
    Rows narrow = Rows.of(new double[ROWS][3], NAMES);
    String expected = "rows of 3 features: network 4-5-3 takes 4";
    assertEquals(expected, refusal(() -> Evaluator.evaluate(MODEL, narrow, 1)));
    assertEquals(expected, refusal(() -> Evaluator.score(MODEL, narrow, 1)));
  }

  @Test
  void anotherScalingIsRefused() {
    String expected =
        " scaled minmax: the model stores scaling standard, expected unscaled %s or that scaling"
            + " (ScaleChoice.fixed(model.scaling().get())), or a model that adopts that of the data"
            + " (model.withScaling(data.scaling()))";
    assertEquals(
        "features" + expected.formatted("features"),
        refusal(() -> trainer().build().fit(MODEL, MIN_MAX)));
    List<Executable> others =
        List.of(
            () -> Evaluator.evaluate(MODEL, MIN_MAX.train(), 1),
            () -> Evaluator.score(MODEL, MIN_MAX.train(), 1),
            () -> {
              try (TrainingStream stream = trainer().build().stream(MODEL)) {
                stream.step(MIN_MAX.train());
              }
            });
    for (Executable other : others) {
      assertEquals("rows" + expected.formatted("rows"), refusal(other));
    }
    Dataset half =
        Dataset.of(STANDARD.train().withRowWeights(new float[ROWS])); // the same statistics
    assertTrue(refusal(() -> Evaluator.score(MODEL, half.train(), 1)).contains("weight 0"));
    Dataset first = Dataset.of(Rows.of(X, NAMES).divide(0.5, false).get(0));
    String message =
        refusal(() -> trainer().build().fit(MODEL, first.withScaling(ScaleChoice.standard())));
    assertTrue(message.contains("stores another scaling standard"), message);
    Mlp unscaled = MODEL.withScaling(Scaling.none());
    message = refusal(() -> trainer().build().fit(unscaled, STANDARD));
    assertTrue(message.startsWith("features scaled standard: the model stores scaling none"));
    // These are the ways out that the message offers.
    Mlp over = MODEL.withScaling(MIN_MAX.scaling());
    assertEquals(
        MIN_MAX.scaling(), trainer().build().fit(over, MIN_MAX).model().scaling().orElseThrow());
    Dataset fixed = first.withScaling(ScaleChoice.fixed(MODEL.scaling().get()));
    assertEquals(
        trainer().build().fit(MODEL, first).model().sha256(),
        trainer().build().fit(MODEL, fixed).model().sha256());
  }

  /** A network that was just initialised or written by numpy has no scaling to disagree with. */
  @Test
  void aModelWithoutAScalingTakesWhatThereIs() {
    Mlp bare = Mlp.of(MODEL.architecture(), MODEL.parameters());
    assertEquals(
        Evaluator.evaluate(MODEL, STANDARD.train(), 1).loss(),
        Evaluator.evaluate(bare, STANDARD.train(), 1).loss());
    assertNotEquals(
        Evaluator.evaluate(MODEL, RAW.train(), 1).loss(),
        Evaluator.evaluate(bare, RAW.train(), 1).loss());
    assertEquals(
        MIN_MAX.scaling(), trainer().build().fit(bare, MIN_MAX).model().scaling().orElseThrow());
  }

  @Test
  void targetsAreScaledAsTheModelSays() {
    Dataset raw = Dataset.of(Rows.of(X, Y)).withScaling(ScaleChoice.standard());
    Dataset scaled = raw.withTargetScaling(ScaleChoice.standard());
    Mlp model = trainer().build().fit(network(1, Loss.MSE), scaled).model();
    TrainingRun run = trainer().build().fit(model, raw);
    assertEquals(trainer().build().fit(model, scaled).model().sha256(), run.model().sha256());
    assertEquals(scaled.targetScaling(), run.model().targetScaling());
    Dataset other = raw.withTargetScaling(ScaleChoice.fixed(Scaling.divide(1000)));
    assertEquals(
        "targets scaled 1000: the model stores scaling standard, expected unscaled targets or that"
            + " scaling (ScaleChoice.fixed(model.targetScaling())), or a model that adopts that of"
            + " the data (model.withTargetScaling(data.targetScaling()))",
        refusal(() -> trainer().build().fit(model, other)));
    Mlp over = model.withTargetScaling(other.targetScaling());
    assertEquals(other.targetScaling(), trainer().build().fit(over, other).model().targetScaling());
    // Targets are kept raw, so an evaluation can always use the model's scaling.
    assertEquals(
        Evaluator.evaluate(model, scaled.train(), 1).loss(),
        Evaluator.evaluate(model, other.train(), 1).loss());
  }

  @Test
  void classesGoByTheirNames() {
    assertEquals(List.of("no", "perhaps", "yes"), MODEL.classNames());
    int[] some = new int[ROWS];
    int count = 0;
    for (int i = 0; i < ROWS; i++) {
      if (!NAMES[i].equals("no")) {
        some[count++] = i;
      }
    }
    double[][] x = new double[count][];
    String[] names = new String[count];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      x[i] = X[some[i]];
      names[i] = NAMES[some[i]];
      labels[i] = MODEL.classNames().indexOf(names[i]);
    }
    Rows named = Rows.of(x, names);
    Rows numbered = Rows.of(x, labels);
    assertNotEquals(numbered.label(0), named.label(0), "numbered among the two names that occur");
    Evaluation evaluation = Evaluator.evaluate(MODEL, named, 1);
    assertEquals(Evaluator.evaluate(MODEL, numbered, 1).loss(), evaluation.loss());
    assertEquals(labels[0], evaluation.label(0));
    TrainingRun run = trainer().build().fit(MODEL, Dataset.of(named));
    assertEquals(
        trainer().build().fit(MODEL, Dataset.of(numbered)).model().sha256(), run.model().sha256());
    assertEquals(MODEL.classNames(), run.model().classNames());

    names[1] = "never";
    Rows more = Rows.of(x, names);
    assertEquals(1, Evaluator.evaluate(MODEL, more, 1).outside());
    assertEquals(
        "class 'never', expected one of no, perhaps, yes as the model has (to rename its outputs: model.withClassNames(names))",
        refusal(() -> trainer().build().fit(MODEL, Dataset.of(more))));
  }

  @Test
  void whatDoesNotFitSaysHowToMendIt() {
    assertEquals(
        "targets that are classes: network 4-5-3 with loss mse takes 3 numbers (model.withLoss(Loss.SOFTMAX) takes classes)",
        refusal(() -> trainer().build().fit(network(3, Loss.MSE), RAW)));
    Dataset numbers = Dataset.of(Rows.of(X, Y));
    assertEquals(
        "targets that are 1 number: network 4-5-1 with loss softmax takes classes (model.withLoss(Loss.MSE) takes numbers)",
        refusal(() -> trainer().build().fit(network(1, Loss.SOFTMAX), numbers)));
    assertEquals(
        "targets that are 1 number: network 4-5-3 with loss huber takes 3 numbers (it needs as many outputs as a target has numbers)",
        refusal(() -> trainer().build().fit(network(3, Loss.HUBER), numbers)));
    assertEquals(
        "row 0 has label 2: network 4-5-2 has classes 0 to 1 (for these rows it needs more outputs)",
        refusal(
            () ->
                trainer()
                    .build()
                    .fit(
                        network(2, Loss.SOFTMAX), Dataset.of(Rows.of(X, fill(new int[ROWS], 2))))));
    String five =
        "data of 3 classes (no, perhaps, yes): network 4-5-5 has 5 outputs, expected as many as there"
            + " are classes, or the name of the class of each output (model.withClassNames(names))";
    Mlp wide = network(5, Loss.SOFTMAX);
    assertEquals(five, refusal(() -> trainer().build().fit(wide, RAW)));
    assertEquals(five, refusal(() -> RowPreparation.measured(wide, RAW)));
    Mlp named = wide.withClassNames(List.of("never", "no", "once", "perhaps", "yes"));
    assertEquals(5, trainer().build().fit(named, RAW).model().classNames().size());
    Dataset some = Dataset.of(Rows.of(X, Collections.nCopies(ROWS, "3").toArray(String[]::new)));
    assertEquals(3, RowPreparation.measured(wide, some).train().label(0));
  }

  /** The numbers of classes come from the model, not from the names that occur in a few rows. */
  @Test
  void classesWithoutNamesAreCalledByTheirNumbers() {
    Mlp plain = network(3, Loss.SOFTMAX).withScaling(Scaling.none());
    double[][] x = Arrays.copyOf(X, 3);
    Rows numbers = Rows.of(x, new String[] {"2", "1", "2"});
    Evaluation evaluation = Evaluator.evaluate(plain, numbers, 1);
    assertEquals(2, evaluation.label(0));
    assertEquals(1, evaluation.label(1));
    Rows two = Rows.of(x, new String[] {"2", "10", "2"});
    assertEquals(1, Evaluator.evaluate(plain, two, 1).outside());
    Rows words = Rows.of(x, new String[] {"no", "no", "no"});
    String expected =
        "data: row 0 has class 'no', expected one of 0, 1, 2 (to rename the classes: model.withClassNames(names))";
    assertEquals(expected, refusal(() -> Evaluator.evaluate(plain, words, 1)));
    try (TrainingStream stream = Trainer.builder().build().stream(plain)) {
      assertEquals(expected, refusal(() -> stream.step(words)));
      stream.step(Rows.of(x, new String[] {"2", "0", "1"}));
    }
  }

  private static int[] fill(int[] labels, int label) {
    Arrays.fill(labels, label);
    return labels;
  }

  /** Validation rows are checked before the first step, not only after an epoch. */
  @Test
  void validationRowsAreCheckedToo() {
    float[][] x = new float[3][2];
    Rows train = Rows.of(x, new int[] {0, 1, 0});
    Mlp network = Mlp.initial(Architecture.relu(2, List.of(), 2), Initializer.HE, 1);
    assertEquals(
        "rows 0 to 2 have weight 0, expected at least one weight above 0",
        refusal(() -> fit(network, train, train.withRowWeights(new float[3]))));
    fit(network, train, Rows.of(x, new int[] {0, 1, 2})); // the last is an unknown class
    Rows other = Rows.of(x, new int[] {2, 3, 2});
    String label = refusal(() -> fit(network, train, other));
    assertTrue(label.startsWith("row 0 has label 2: network 2-2 has classes 0 to 1"), label);
    Rows shares = Rows.of(x, new float[3][2]);
    for (float wrong : new float[] {2, -0.25f}) {
      Rows no = Rows.of(x, new float[][] {{0, 1}, {0, wrong}, {0, 0}});
      String target = refusal(() -> fit(network.withLoss(Loss.SIGMOID), shares, no));
      String expected = "row 1 has target " + wrong + ": loss sigmoid takes 0 to 1";
      assertTrue(target.startsWith(expected), target);
    }
  }

  private static void fit(Mlp network, Rows train, Rows valid) {
    Dataset data = Dataset.of(train, Optional.of(valid), Optional.empty());
    Trainer.builder().epochs(1).build().fit(network, data);
  }
}
