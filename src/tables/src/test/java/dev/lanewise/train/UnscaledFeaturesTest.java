package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npy;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.ScaleOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests when training warns about unscaled features, and who gets the warning. */
class UnscaledFeaturesTest {
  private static Dataset data(float[]... rows) {
    int[] labels = IntStream.range(0, rows.length).map(row -> row % 2).toArray();
    return Dataset.of(Rows.of(rows, labels));
  }

  private static String warning(Dataset data) {
    return UnscaledFeatures.warning(data).map(Message::toString).orElse("none");
  }

  @Test
  void rangesOfOneHundredTimesEachOther() {
    assertEquals("none", warning(data(new float[] {0, 0}, new float[] {1, 100})));
    assertEquals(
        "features are unscaled and of mixed scale: feature 0 goes from 0.0 to 0.5, feature 1 from 0.0 to 60.0; they are learned better with "
            + Remedy.SCALE.with("standard"),
        warning(data(new float[] {0, 0}, new float[] {0.5f, 60})));
    assertEquals("none", warning(data(new float[] {0, 7}, new float[] {0.1f, 7})), "constant");
    assertEquals("none", warning(data(new float[] {3})));
    // A category that only one row in a thousand has is treated like any input.
    float[][] rare = new float[1000][2];
    for (int i = 0; i < rare.length; i++) {
      rare[i][0] = i == 600 ? 1 : 0;
      rare[i][1] = i % 60;
    }
    assertEquals("none", warning(data(rare)));
  }

  @Test
  void numbersBeyondOneHundred() {
    assertEquals(
        "features are unscaled and large: feature 1 (mass) goes from -101.0 to -100.5; they are learned better with "
            + Remedy.SCALE.with("standard"),
        warning(
            data(new float[] {2, -101}, new float[] {3, -100.5f})
                .withFeatureNames(List.of("age", "mass"))));
    assertEquals("none", warning(data(new float[] {-100, 100}, new float[] {99, 1})));
  }

  @Test
  void pixels() {
    String pixels =
        "features are unscaled whole numbers from 0 to 255, and learned better from 0 to 1: "
            + Remedy.SCALE.with("255");
    Dataset image = data(new float[] {0, 1}, new float[] {255, 0});
    assertEquals(pixels, warning(image));
    assertEquals("none", warning(image.withScaling(ScaleChoice.named("255"))));
    assertTrue(warning(data(new float[] {0, 1}, new float[] {256, 0})).contains("mixed scale"));
    assertTrue(warning(data(new float[] {0, 1}, new float[] {255, 0.5f})).contains("mixed scale"));
    assertTrue(warning(data(new float[] {-1, 1}, new float[] {255, 0})).contains("mixed scale"));
    assertEquals("none", warning(data(new float[] {0, 1}, new float[] {99, 0})));
  }

  /**
   * Of many rows, only some at even distances are read: not the last, but others far from the
   * start.
   */
  @Test
  void rowsAtEvenDistances() {
    float[][] rows = new float[25_000][1];
    for (int i = 20_000; i < 20_005; i++) {
      rows[i][0] = 1000;
    }
    assertTrue(warning(data(rows)).contains("large"));
    rows = new float[25_000][1];
    rows[24_999][0] = 1000;
    assertEquals("none", warning(data(rows)));
  }

  private static final Dataset MIXED = data(new float[] {0, 0}, new float[] {0.5f, 60});
  private static final Mlp INITIAL =
      Mlp.initial(Architecture.relu(2, List.of(), 2), Initializer.HE, 0);

  private static final class Hearing implements TrainingListener {
    private final List<String> warnings = new ArrayList<>();
    private int before = -1; // most warnings at the end of an epoch, or -1

    @Override
    public boolean onEpoch(EpochResult result) {
      before = Math.max(before, warnings.size());
      return true;
    }

    @Override
    public void onWarning(String warning) {
      warnings.add(warning);
    }
  }

  @Test
  void everyListenerHearsItOnceBeforeTheFirstEpoch() {
    Hearing one = new Hearing();
    Hearing two = new Hearing();
    List<String> logged =
        logged(
            () ->
                Trainer.builder()
                    .epochs(3)
                    .listener(one)
                    .onEpoch(result -> {})
                    .listener(two)
                    .build()
                    .fit(INITIAL, MIXED));
    assertEquals(List.of(warning(MIXED)), one.warnings);
    assertEquals(one.warnings, two.warnings);
    assertEquals(1, one.before);
    assertEquals(List.of(), logged);
    Hearing scaled = new Hearing();
    Trainer trainer = Trainer.builder().epochs(1).listener(scaled).build();
    trainer.fit(INITIAL, MIXED.withScaling(ScaleChoice.standard()));
    trainer.fit(INITIAL.withScaling(Scaling.divide(60)), MIXED);
    assertEquals(List.of(), scaled.warnings);
    trainer.fit(INITIAL.withScaling(Scaling.none()), MIXED);
    assertEquals(one.warnings, scaled.warnings);
  }

  @Test
  void withoutAListenerItIsLogged() {
    Trainer trainer = Trainer.builder().epochs(1).build();
    assertEquals(List.of(warning(MIXED)), logged(() -> trainer.fit(INITIAL, MIXED)));
    Trainer watched = Trainer.builder().epochs(1).onEpoch(result -> {}).build();
    assertEquals(List.of(warning(MIXED)), logged(() -> watched.fit(INITIAL, MIXED)));
  }

  /** Without names, nobody knows whether the rows have all classes. */
  @Test
  void classesWithoutRowsAreNamed() {
    Dataset data = data(new float[] {0, 0}, new float[] {1, 1});
    Mlp four = Mlp.initial(Architecture.relu(2, List.of(), 4), Initializer.HE, 0);
    String found =
        "no training row has class %s, which network %s has: it learns only that there"
            + " are no such rows, and a weight of the class counts for nothing";
    TrainerBuilder trainer = Trainer.builder().epochs(1);
    assertEquals(
        List.of(found.formatted("2, 3", "2-4")), logged(() -> trainer.build().fit(four, data)));
    Dataset named = data.withClassNames(List.of("a", "b", "c"));
    Mlp three = Mlp.initial(Architecture.relu(2, List.of(), 3), Initializer.HE, 0);
    assertEquals(List.of(), logged(() -> trainer.build().fit(three, named)));
    Trainer weighted = trainer.classWeights(1, 1, 5).build();
    assertEquals(List.of(found.formatted("c", "2-3")), logged(() -> weighted.fit(three, named)));
  }

  private static List<String> logged(Runnable training) {
    List<String> lines = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            assertEquals(Level.WARNING, entry.getLevel());
            lines.add(entry.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("dev.lanewise.train");
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
    try {
      training.run();
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
    return lines;
  }

  @Test
  void aFileIsNotReadForIt(@TempDir Path directory) throws IOException {
    Path x = directory.resolve("x.npy");
    Path t = directory.resolve("t.npy");
    AtomicFile.write(x, out -> Npy.write(out, NdArray.of(new double[] {0, 0, 0.5, 60}, 2, 2)));
    AtomicFile.write(t, out -> Npy.write(out, NdArray.of(new int[2], 2)));
    ScaleOptions none = ScaleOptions.defaults().withScale(ScaleChoice.named("none"));
    Dataset mapped = Datasets.mapped(x, t, none);
    assertEquals("none", warning(mapped));
    Rows read = Rows.of(new float[][] {{0, 0}, {0.5f, 60}}, new int[2]);
    assertTrue(warning(Dataset.of(read)).contains("mixed scale"));
  }
}
