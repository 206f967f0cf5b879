package dev.lanewise.train;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npy;
import dev.lanewise.format.Npz;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Folds;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.ScaleOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training on rows that stay in their file gives the bits of training on rows in memory. */
class MappedTrainingTest {
  private static final int ROWS = 300;
  private static final int FEATURES = 144;

  @TempDir Path directory;

  /** A network so wide that threads share a step. */
  private static final Mlp INITIAL =
      Mlp.initial(Architecture.relu(FEATURES, List.of(110, 67), 5), Initializer.GLOROT, 3);

  private static TrainerBuilder trainer(int threads) {
    return Trainer.builder()
        .epochs(3)
        .batchSize(64)
        .learningRate(0.1)
        .dropout(0.1)
        .threads(threads);
  }

  private static float[] numbers() {
    float[] numbers = new float[ROWS * FEATURES];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (i * 37L + i / FEATURES * 11L) % 1009 / 7f - 20;
    }
    return numbers;
  }

  private static NdArray inputs(String type) {
    float[] numbers = numbers();
    if (type.equals("float32")) {
      return NdArray.of(numbers, ROWS, FEATURES);
    }
    byte[] bytes = new byte[numbers.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) numbers[i];
    }
    return NdArray.ofBytes(bytes, ROWS, FEATURES);
  }

  private static NdArray targets() {
    int[] targets = new int[ROWS];
    for (int row = 0; row < ROWS; row++) {
      targets[row] = row * row % 5;
    }
    return NdArray.of(targets, ROWS);
  }

  private Path npy(String name, NdArray array) throws IOException {
    Path file = directory.resolve(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      Npy.write(out, array);
    }
    return file;
  }

  private Dataset mapped(NdArray inputs) throws IOException {
    return Datasets.mapped(npy("x.npy", inputs), npy("t.npy", targets()));
  }

  private Dataset inMemory(NdArray inputs) throws IOException {
    Path file = directory.resolve("data.npz");
    Npz.write(file, Map.of("x_train", inputs, "y_train", targets()));
    return Datasets.load(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"uint8", "float32"})
  void sameBits(String type) throws IOException {
    Dataset read = inMemory(inputs(type));
    Dataset mapped = mapped(inputs(type));
    TrainingRun expected = trainer(1).build().fit(INITIAL, read);
    for (int threads : new int[] {1, 2, 4}) {
      TrainingRun run = trainer(threads).build().fit(INITIAL, mapped);
      assertEquals(expected.model().sha256(), run.model().sha256(), threads + " threads");
      assertArrayEquals(expected.history().numbers(), run.history().numbers());
    }
    Evaluation one = Evaluator.evaluate(expected.model(), read.all().orElseThrow(), 1);
    Evaluation two = Evaluator.evaluate(expected.model(), mapped.all().orElseThrow(), 2);
    assertEquals(one.loss(), two.loss());
    for (int row = 0; row < ROWS; row++) {
      assertArrayEquals(one.probabilities(row), two.probabilities(row));
    }
  }

  /** Folds select rows by their numbers alone, so they need no copy of the file. */
  @ParameterizedTest
  @ValueSource(strings = {"uint8", "float32"})
  void sameBitsOfFolds(String type) throws IOException {
    Folds read = Folds.of(Dataset.of(inMemory(inputs(type)).train()), 2);
    Folds mapped = Folds.of(Dataset.of(mapped(inputs(type)).train()), 2);
    TrainingRun expected = trainer(1).build().fit(INITIAL, read.member(3));
    for (int threads : new int[] {1, 2}) {
      TrainingRun run = trainer(threads).build().fit(INITIAL, mapped.member(3));
      assertEquals(expected.model().sha256(), run.model().sha256(), threads + " threads");
      assertArrayEquals(expected.history().numbers(), run.history().numbers());
    }
  }

  @Test
  void aRunOnEitherGoesOnOnTheOther() throws IOException {
    Dataset read = inMemory(inputs("float32"));
    Dataset mapped = mapped(inputs("float32"));
    Checkpoint[] last = new Checkpoint[1];
    trainer(2)
        .checkpointEvery(1e9)
        .listener(
            new Listening()
                .steps(result -> result.epoch() < 1)
                .checkpoints(checkpoint -> last[0] = checkpoint.copy()))
        .build()
        .fit(INITIAL, mapped);
    assertEquals(
        trainer(1).build().fit(INITIAL, read).model().sha256(),
        trainer(1).build().resume(last[0], read).model().sha256());
  }

  /**
   * With a fixed scaling, no numbers are read before the training, so one of its threads finds the
   * NaN.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aNumberThatIsNotFiniteEndsTheTraining(int threads) throws IOException {
    float[] numbers = numbers();
    Path x = npy("x.npy", NdArray.of(numbers, ROWS, FEATURES));
    Path t = npy("t.npy", targets());
    Dataset sound = Datasets.mapped(x, t);
    numbers[250 * FEATURES + 9] = Float.NaN;
    npy("x.npy", NdArray.of(numbers, ROWS, FEATURES));
    Dataset wrong =
        Datasets.mapped(
            x, t, ScaleOptions.defaults().withScale(ScaleChoice.fixed(sound.scaling())));
    rejects(
        UncheckedIOException.class,
        () -> trainer(threads).build().fit(INITIAL, wrong),
        x + ": row 250, feature 9 is NaN, expected a finite number");
  }
}
