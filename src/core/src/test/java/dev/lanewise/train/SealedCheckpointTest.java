package dev.lanewise.train;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A damaged, changed or made-up file is refused or loads as the same checkpoint. */
class SealedCheckpointTest {
  @TempDir Path directory;

  static final Checkpoint CHECKPOINT = checkpoint();

  /** Returns a checkpoint within an epoch, with the state of an optimizer and best weights. */
  private static Checkpoint checkpoint() {
    Rows rows = Rows.of(new float[][] {{0, 1}, {1, 0}, {1, 1}}, new int[] {0, 1, 1});
    Dataset data = Dataset.of(rows, Optional.of(rows), Optional.empty());
    List<Checkpoint> taken = new ArrayList<>();
    Trainer.builder()
        .epochs(3)
        .batchSize(2)
        .optimizer(Optimizer.momentum(0.5))
        .patience(2)
        .checkpointEvery(1e-9)
        .listener(
            new Listening()
                .steps(result -> result.epoch() != 1)
                .checkpoints(checkpoint -> taken.add(checkpoint.copy().withNotes(List.of("a=b")))))
        .build()
        .fit(Mlp.initial(Architecture.relu(2, List.of(1), 2), Initializer.HE, 1), data);
    return taken.get(taken.size() - 1);
  }

  private static Checkpoint load(byte[] bytes) throws IOException {
    try (SealedNpz npz = SealedNpz.open(new ByteArrayInputStream(bytes), "flipped", false)) {
      return Checkpoint.load(npz);
    }
  }

  static void assertSame(Checkpoint expected, Checkpoint actual, String where) {
    TrainingState a = expected.state();
    TrainingState b = actual.state();
    assertEquals(expected.network(), actual.network(), where);
    assertEquals(expected.settings(), actual.settings(), where);
    assertEquals(expected.notes(), actual.notes(), where);
    assertArrayEquals(a.parameters, b.parameters, where);
    assertArrayEquals(a.optimizer, b.optimizer, where);
    assertArrayEquals(a.best, b.best, where);
    assertEquals(a.results, b.results, where);
    assertEquals(a.epoch, b.epoch, where);
    assertEquals(a.step, b.step, where);
    assertEquals(a.steps, b.steps, where);
    assertArrayEquals(a.tally, b.tally, where);
    assertEquals(a.lastLoss, b.lastLoss, where);
    assertEquals(a.lastScore, b.lastScore, where);
  }

  @Test
  void aFlippedBitOfAnyByteIsRefusedOrHarmless() throws IOException {
    Path file = directory.resolve("checkpoint.npz");
    assertEquals(1, CHECKPOINT.epoch());
    assertEquals(1, CHECKPOINT.state().optimizer.length);
    assertNotNull(CHECKPOINT.state().best);
    CHECKPOINT.save(file);
    byte[] bytes = Files.readAllBytes(file);
    assertSame(CHECKPOINT, load(bytes), "sound");
    int harmless = 0;
    for (int at = 0; at < bytes.length; at += 3) {
      int mask = 1 << at % 8;
      bytes[at] ^= (byte) mask;
      try {
        assertSame(CHECKPOINT, load(bytes), "byte " + at);
        harmless++;
      } catch (FormatException e) {
        assertTrue(e.getMessage().startsWith("flipped: "), e.getMessage());
        assertTrue(e.getMessage().contains("expected"), e.getMessage());
      } catch (RuntimeException e) {
        fail("byte " + at, e);
      }
      bytes[at] ^= (byte) mask;
    }
    assertSame(CHECKPOINT, load(bytes), "sound");
    assertTrue(harmless > 0 && harmless < bytes.length / 12, harmless + " bits are harmless");
  }

  private Map<String, NdArray> arrays(Path file) throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    CHECKPOINT.save(file);
    try (Npz npz = Npz.open(file)) {
      for (String name : npz.names()) {
        arrays.put(name, npz.read(name));
      }
    }
    return arrays;
  }

  static Stream<Arguments> changes() {
    float[] values = new float[7];
    return Stream.of(
        change("changed since", a -> a.put("notes", NdArray.ofStrings(List.of("a=c"), 1))),
        change("changed since", a -> a.put("best", NdArray.of(values, 7))),
        change("changed since", a -> a.put("optimizer_1", NdArray.of(values, 7))),
        change("changed since", a -> a.put("b1", NdArray.of(new float[] {3}, 1))),
        change("array optimizer_2 was added", a -> a.put("optimizer_2", NdArray.of(values, 7))),
        change("no array best, which it was", a -> a.remove("best")),
        change("no array notes, which it was", a -> a.remove("notes")));
  }

  private static Arguments change(String message, Consumer<Map<String, NdArray>> change) {
    return Arguments.of(message, change);
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("changes")
  void whatWasChangedIsRefusedUnlessItIsTrusted(
      String expected, Consumer<Map<String, NdArray>> change) throws IOException {
    Path file = directory.resolve("checkpoint.npz");
    Map<String, NdArray> arrays = arrays(file);
    change.accept(arrays);
    Npz.write(file, arrays);
    for (boolean asModel : new boolean[] {false, true}) {
      if (asModel && expected.contains("added")) { // a model ignores this array
        Mlp.load(file);
        continue;
      }
      unreadable(
          () -> {
            if (asModel) {
              Mlp.load(file);
            } else {
              Checkpoint.load(file);
            }
          },
          file + ": " + expected,
          "loadTrusted");
    }
    assertEquals(1, Checkpoint.loadTrusted(file).epoch());
  }

  private static void put(Map<String, NdArray> arrays, String name, int at, double value) {
    NdArray old = arrays.get(name);
    double[] numbers = old.toDoubles();
    numbers[at] = value;
    NdArray doubles = NdArray.of(numbers, old.shape());
    long[] longs = Arrays.stream(numbers).mapToLong(number -> (long) number).toArray();
    boolean isInteger = old.type() == ElementType.INT64;
    arrays.put(name, isInteger ? NdArray.of(longs, old.shape()) : doubles);
  }

  static Stream<Arguments> nonsense() {
    float[] some = {0, 0, Float.NaN, 0, 0, 0, 0};
    float[] huge = {0, Float.NEGATIVE_INFINITY, 0, 0, 0, 0, 0};
    return Stream.of(
        change("best: NaN at element 2, expected finite", a -> a.put("best", NdArray.of(some, 7))),
        change("best: -Infinity at element 1,", a -> a.put("best", NdArray.of(huge, 7))),
        change("best: 6 numbers, expected 7", a -> a.put("best", NdArray.of(new float[6], 6))),
        change("optimizer_1: NaN at element 2", a -> a.put("optimizer_1", NdArray.of(some, 7))),
        change(
            "sums: NaN at element 2, expected finite numbers",
            a -> a.put("sums", NdArray.of(new double[] {1, 1, Double.NaN, 1, 1}, 5))),
        change("sums: Infinity at element 0", a -> put(a, "sums", 0, Double.POSITIVE_INFINITY)),
        change("sums: -1.0 at element 3", a -> put(a, "sums", 3, -1)),
        change("sums: 6 numbers, expected 5", a -> a.put("sums", NdArray.of(new double[6], 6))),
        change("history: NaN at element 1", a -> put(a, "history", 1, Double.NaN)),
        change("history: 1.5 at element 2", a -> put(a, "history", 2, 1.5)),
        change(
            "history: Infinity at element 3", a -> put(a, "history", 3, Double.POSITIVE_INFINITY)),
        change(
            "history: -Infinity at element 5", a -> put(a, "history", 5, Double.NEGATIVE_INFINITY)),
        change("history: -1.0 at element 7", a -> put(a, "history", 7, -1)),
        change("history: -0.1 at element 8", a -> put(a, "history", 8, -0.1)),
        change("history: epoch 1.0 in row 0", a -> put(a, "history", 0, 1)),
        change(
            "optimizer_3: an array without the one",
            a -> a.put("optimizer_3", NdArray.of(new float[7], 7))),
        change(
            "first_weights: an array without the one",
            a -> a.put("first_weights", NdArray.of(new float[2], 2, 1))),
        change(
            "first_weights: the product with input_factors is not W1, expected it",
            a -> {
              a.put("first_weights", a.get("W1"));
              a.put("input_factors", NdArray.of(new float[] {1, 2}, 2));
              a.put("optimizer_1", NdArray.of(new float[9], 9));
            }),
        change(
            "choice: [1.0, 0.5, 0.0]",
            a -> a.put("choice", NdArray.of(new double[] {1, 0.5, 0}, 3))),
        change("W1 has NaN at", a -> a.put("W1", NdArray.of(new float[] {0, Float.NaN}, 2, 1))));
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("nonsense")
  void nonsenseIsRefusedWhoeverTrustsIt(String expected, Consumer<Map<String, NdArray>> change)
      throws IOException {
    Path file = directory.resolve("checkpoint.npz");
    Map<String, NdArray> arrays = arrays(file);
    change.accept(arrays);
    Npz.write(file, arrays);
    var trusted = assertThrows(FormatException.class, () -> Checkpoint.loadTrusted(file));
    assertTrue(trusted.getMessage().startsWith(file + ": " + expected), trusted.getMessage());
    arrays.remove("lanewise");
    Npz.write(file, arrays);
    var bare = assertThrows(FormatException.class, () -> Checkpoint.loadTrusted(file));
    assertEquals(trusted.getMessage(), bare.getMessage());
  }

  /** A perfect accuracy of two labels a row, whose weights have no common unit of a double. */
  @Test
  void anAccuracyThatIsRoundedAboveOneIsHonest() throws IOException {
    Rows rows =
        Rows.of(new float[][] {{1}, {2}, {3}, {4}}, new float[][] {{1, 1}, {1, 1}, {1, 1}, {1, 1}});
    Random random = new Random(1);
    Mlp network =
        Mlp.of(Architecture.relu(1, List.of(), 2), new float[] {9, 9, 9, 9}).withLoss(Loss.SIGMOID);
    Path file = directory.resolve("checkpoint.npz");
    double largest = 0;
    for (int i = 0; i < 50; i++) {
      float[] weights = new float[4];
      for (int w = 0; w < weights.length; w++) {
        weights[w] = (float) Math.exp(10 * random.nextGaussian());
      }
      Dataset data = Dataset.of(rows, Optional.of(rows.withRowWeights(weights)), Optional.empty());
      Trainer trainer =
          Trainer.builder()
              .epochs(1)
              .checkpointEvery(1e-9)
              .listener(
                  new TrainingListener() {
                    @Override
                    public boolean onEpoch(EpochResult result) {
                      return true;
                    }

                    @Override
                    public void onCheckpoint(Checkpoint checkpoint) {
                      try {
                        checkpoint.save(file);
                      } catch (IOException e) {
                        throw new UncheckedIOException(e);
                      }
                    }
                  })
              .build();
      trainer.fit(network, data);
      EpochResult found = Checkpoint.load(file).history().results().get(0);
      largest = Math.max(largest, found.validScore());
    }
    assertTrue(largest > 1 && largest < 1 + 1e-12, "" + largest);
  }

  /** A checkpoint may be valid by itself, but impossible in a run with these options. */
  @Test
  void whatNoRunCanLeaveIsRefused() throws IOException {
    Rows rows = Rows.of(new float[][] {{0, 1}, {1, 0}, {1, 1}}, new int[] {0, 1, 1});
    Dataset data = Dataset.of(rows, Optional.of(rows), Optional.empty());
    Mlp network = Mlp.initial(Architecture.relu(2, List.of(1), 2), Initializer.HE, 1);
    for (Optimizer optimizer : List.of(Optimizer.adam(), Optimizer.rmsProp(0.9, 1e-8))) {
      List<Checkpoint> taken = new ArrayList<>();
      TrainerBuilder options =
          Trainer.builder().epochs(2).batchSize(2).optimizer(optimizer).patience(9);
      Trainer trainer = options.checkpointEvery(1e-9).build();
      Trainer listening =
          options
              .listener(
                  new Listening()
                      .steps(result -> result.epoch() == 0)
                      .checkpoints(checkpoint -> taken.add(checkpoint.copy())))
              .build();
      listening.fit(network, data);
      Checkpoint sound = taken.get(taken.size() - 1); // after 1 of 2 steps of epoch 1
      assertEquals(3, sound.state().steps);
      trainer.resume(sound.copy(), data);
      String steps =
          "a checkpoint of %s steps, %s of them in epoch 1, expected %s as an epoch has 2";
      refused(steps.formatted(3, 2, 4), trainer, sound, data, s -> s.step = 2);
      refused(steps.formatted(5, 3, 5), trainer, sound, data, s -> s.step = (s.steps = 5) - 2);
      int most = Integer.MAX_VALUE;
      refused(steps.formatted(most, 1, 3), trainer, sound, data, s -> s.steps = most);
      refused(
          "a checkpoint with best weights alone or a best epoch alone, expected both or neither",
          trainer,
          sound,
          data,
          s -> s.best = null);
      int last = sound.state().optimizer.length;
      refused(
          "a checkpoint with -1.0E-9, expected means of squares",
          trainer,
          sound,
          data,
          s -> s.optimizer[last - 1][4] = -1e-9f);
    }
  }

  private static void refused(
      String expected,
      Trainer trainer,
      Checkpoint sound,
      Dataset data,
      Consumer<TrainingState> change) {
    Checkpoint copy = sound.copy();
    TrainingState state = copy.state();
    Mlp network = copy.network();
    change.accept(state);
    Checkpoint changed =
        new Checkpoint(network, state, copy.settings(), List.of()); // valid for the new step count
    var e =
        assertThrows(IllegalArgumentException.class, () -> trainer.resume(changed, data), expected);
    assertEquals(expected, e.getMessage());
  }

  /** Otherwise a changed checkpoint would load if its checksum was just removed. */
  @Test
  void withoutAChecksumItIsRefusedUnlessItIsTrusted() throws IOException {
    Path file = directory.resolve("checkpoint.npz");
    Map<String, NdArray> arrays = arrays(file);
    arrays.remove("lanewise");
    Npz.write(file, arrays);
    unreadable(
        () -> Checkpoint.load(file),
        file + ": no checksum (array lanewise), expected",
        "loadTrusted");
    assertSame(CHECKPOINT, Checkpoint.loadTrusted(file), "without a checksum");
  }

  /** Memory may have room for only one copy of each array of a large network. */
  @Test
  void arraysAreNotCopied() throws IOException {
    Mlp large = Mlp.initial(Architecture.relu(1000, List.of(300), 2), Initializer.HE, 1);
    float[] parameters = large.parameters();
    TrainingState state =
        new TrainingState(parameters, parameters, new float[2][large.parameterCount()]);
    state.best = large.parameters();
    state.tally = new double[3];
    Checkpoint checkpoint = new Checkpoint(large, state, List.of("none"), List.of());
    Path file = directory.resolve("large.npz");
    checkpoint.save(file); // the first call also loads classes
    Checkpoint.load(file);
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long array = (long) Float.BYTES * large.parameterCount();
    long start = bean.getCurrentThreadAllocatedBytes();
    checkpoint.save(file);
    long saved = bean.getCurrentThreadAllocatedBytes();
    Checkpoint.load(file);
    long loaded = bean.getCurrentThreadAllocatedBytes();
    Mlp.load(file);
    long asModel = bean.getCurrentThreadAllocatedBytes();
    assertTrue(saved - start < array, saved - start + " bytes to save");
    assertTrue(loaded - saved < 5 * array, loaded - saved + " bytes to load four arrays");
    assertTrue(asModel - loaded < 2 * array, asModel - loaded + " bytes to load the model");
  }
}
