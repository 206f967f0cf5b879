package dev.lanewise.train;

import static dev.lanewise.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.train.TrainingRun.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is interrupted, saved and resumed ends like one that was not interrupted. */
class CheckpointTest {
  private static final int EPOCHS = 5;

  @TempDir Path directory;

  private static TrainerBuilder trainer(Optimizer optimizer) {
    return Trainer.builder()
        .epochs(EPOCHS)
        .batchSize(200)
        .seed(3)
        .optimizer(optimizer)
        .learningRate(0.01)
        .checkpointEvery(1e-9);
  }

  /** Keeps the last checkpoint, and stops after a given step of a given epoch. */
  private static final class Stopper implements TrainingListener {
    private final int epoch;
    private final int step;
    private Checkpoint last;
    private int taken;

    Stopper(int epoch, int step) {
      this.epoch = epoch;
      this.step = step;
    }

    @Override
    public boolean onStep(StepResult result) {
      return result.epoch() != epoch || result.step() != step;
    }

    @Override
    public void onCheckpoint(Checkpoint checkpoint) {
      last = checkpoint.copy();
      taken++;
    }

    @Override
    public boolean onEpoch(EpochResult result) {
      return true;
    }
  }

  private Checkpoint throughFile(Checkpoint checkpoint) throws IOException {
    Path file = directory.resolve("checkpoint.npz");
    checkpoint.withNotes(List.of("a=b", "c")).save(file);
    Checkpoint loaded = Checkpoint.load(file);
    assertEquals(List.of("a=b", "c"), loaded.notes());
    return loaded;
  }

  static Stream<Optimizer> optimizers() {
    return Stream.of(
        Optimizer.sgd(),
        Optimizer.nesterov(0.9),
        Optimizer.rmsProp(0.99, 1e-8),
        Optimizer.adam(0.9, 0.999, 1e-8));
  }

  /**
   * An epoch has 7 steps; the run is stopped after the first, after a middle one and after the
   * last. After the last one the epoch ends first, because listeners of epochs see the gradients of
   * its last step, which a checkpoint does not hold.
   */
  @ParameterizedTest
  @MethodSource("optimizers")
  void sameBitsWhereverARunIsCutOff(Optimizer optimizer) throws IOException {
    TrainingRun whole = trainer(optimizer).build().fit(Digits.network(1), Digits.DATA);
    for (int step : new int[] {0, 3, 6}) {
      int epoch = step == 0 ? 0 : step == 3 ? 2 : EPOCHS - 2;
      Stopper stopper = new Stopper(epoch, step);
      TrainingRun cut =
          trainer(optimizer).listener(stopper).build().fit(Digits.network(1), Digits.DATA);
      assertEquals(Outcome.STOPPED, cut.outcome());
      Checkpoint checkpoint = throughFile(stopper.last);
      assertEquals(step == 6 ? epoch + 1 : epoch, checkpoint.epoch());
      assertEquals(step == 6 ? 0 : step + 1, checkpoint.step());
      assertEquals(cut.model().sha256(), checkpoint.model().sha256());
      TrainingRun resumed = trainer(optimizer).threads(2).build().resume(checkpoint, Digits.DATA);
      assertSame(whole, resumed);
    }
  }

  private static void assertSame(TrainingRun expected, TrainingRun actual) {
    assertEquals(Outcome.COMPLETED, actual.outcome());
    assertEquals(expected.model().sha256(), actual.model().sha256());
    assertEquals(results(expected), results(actual));
    assertEquals(EPOCHS, actual.history().epochs());
    for (EpochResult result : actual.history().results()) {
      assertTrue(result.seconds() > 0, "epochs before the run was stopped also have seconds");
    }
  }

  /** Returns the results of all epochs in words, without times and the number of epochs. */
  private static String results(TrainingRun run) {
    return run.history().results().toString().replaceAll("(seconds|epochs)=[^,]+", "");
  }

  @Test
  void checkpointsAreTakenAtTheEndsOfEpochs() throws IOException {
    Stopper never = new Stopper(-1, 0);
    Trainer adam = trainer(Optimizer.adam(0.9, 0.999, 1e-8)).epochs(2).listener(never).build();
    adam.fit(Digits.network(1), Digits.DATA);
    assertEquals(2, never.taken);
    assertEquals(2, never.last.epoch());
    assertEquals(0, never.last.step());
    // A run of more epochs can continue from the end of a complete run.
    TrainingRun longer =
        trainer(Optimizer.adam(0.9, 0.999, 1e-8))
            .build()
            .resume(throughFile(never.last), Digits.DATA);
    assertSame(
        trainer(Optimizer.adam(0.9, 0.999, 1e-8)).build().fit(Digits.network(1), Digits.DATA),
        longer);
  }

  /** Earlier histories had nine columns, which nine rows must not be taken for. */
  @Test
  void nineEpochsAreRead() throws IOException {
    Stopper never = new Stopper(-1, 0);
    trainer(Optimizer.sgd()).epochs(9).listener(never).build().fit(Digits.network(1), Digits.DATA);
    assertEquals(9, throughFile(never.last).epoch());
  }

  @Test
  void noneUnlessAskedForAndNoneOfWeightsThatDiverged() {
    for (Consumer<TrainerBuilder> option :
        List.<Consumer<TrainerBuilder>>of(
            b -> b.checkpointEvery(0), b -> b.checkpointEvery(1e9), b -> b.learningRate(1e30))) {
      Stopper never = new Stopper(-1, 0);
      TrainerBuilder builder = trainer(Optimizer.sgd()).listener(never);
      option.accept(builder);
      builder.build().fit(Digits.network(1), Digits.DATA);
      assertEquals(0, never.taken);
    }
    // The last loss of this run is finite, but its weights are not.
    Stopper never = new Stopper(-1, 0);
    TrainerTest.lastStepDiverges()
        .checkpointEvery(1e-9)
        .listener(never)
        .build()
        .fit(Digits.network(1), Digits.DATA);
    assertEquals(0, never.taken);
    for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      refusal(() -> Trainer.builder().checkpointEvery(wrong));
    }
  }

  private static Checkpoint some() {
    Stopper stopper = new Stopper(1, 2);
    trainer(Optimizer.sgd()).listener(stopper).build().fit(Digits.network(1), Digits.DATA);
    return stopper.last;
  }

  /** The message names any option that differs and on which the bits depend. */
  @Test
  void otherOptionsAndOtherDataAreRefused() {
    Checkpoint checkpoint = some();
    Map<String, Consumer<TrainerBuilder>> others = new LinkedHashMap<>();
    others.put("batch size=200, expected batch size=100", b -> b.batchSize(100));
    others.put("learning rate=0.01, expected learning rate=0.1", b -> b.learningRate(0.1));
    others.put("seed=3, expected seed=4", b -> b.seed(4));
    others.put(
        "sampling=SHUFFLED, expected sampling=SEQUENTIAL", b -> b.sampling(Sampling.SEQUENTIAL));
    others.put(
        "schedule=constant, expected schedule=step 2.0 0.5",
        b -> b.schedule(Schedule.step(2, 0.5)));
    others.put("weight decay=l2 0.0,", b -> b.weightDecay(WeightDecay.l2(0.1)));
    others.put("clip norm=0.0, expected clip norm=1.0", b -> b.clipNorm(1));
    others.put("dropout=0.0, expected dropout=0.5", b -> b.dropout(0.5));
    others.put("patience=0, expected patience=7", b -> b.patience(7));
    others.put("label smoothing=0.0,", b -> b.labelSmoothing(0.1));
    others.put(
        "class weights=given, expected class weights=balanced", b -> b.balancedClassWeights());
    others.put(
        "optimizer=sgd, expected optimizer=momentum 0.9",
        b -> b.optimizer(Optimizer.momentum(0.9)));
    others.put("2 epochs, expected at most the requested 1", b -> b.epochs(1));
    others.forEach(
        (expected, other) -> {
          TrainerBuilder builder = trainer(Optimizer.sgd());
          other.accept(builder);
          assertRefused("a checkpoint of " + expected, builder, checkpoint, Digits.DATA);
        });
    Dataset less = Dataset.of(Digits.DATA.train(), Digits.DATA.test(), Digits.DATA.test());
    assertRefused("a checkpoint of data=1257 rows", trainer(Optimizer.sgd()), checkpoint, less);
  }

  private static void assertRefused(
      String expected, TrainerBuilder builder, Checkpoint checkpoint, Dataset data) {
    String message = refusal(() -> builder.build().resume(checkpoint, data));
    assertTrue(message.startsWith(expected), message);
  }

  /**
   * Whichever byte is damaged, loading fails with the name of the file or gives the same
   * checkpoint.
   */
  @Test
  void damagedFilesAreRefused() throws IOException {
    Path file = directory.resolve("checkpoint.npz");
    some().save(file);
    byte[] sound = Files.readAllBytes(file);
    Path damaged = directory.resolve("damaged.npz");
    String sha256 = Checkpoint.load(file).model().sha256();
    for (int length : new int[] {0, 1, 100, sound.length / 2, sound.length - 1}) {
      Files.write(damaged, Arrays.copyOf(sound, length));
      assertBad(damaged);
    }
    for (int at = 0; at < sound.length; at += 97) {
      byte[] bytes = sound.clone();
      bytes[at] ^= 0x10;
      Files.write(damaged, bytes);
      try {
        assertEquals(sha256, Checkpoint.load(damaged).model().sha256());
      } catch (IOException e) {
        assertTrue(e.getMessage().startsWith(damaged.toString()), e.getMessage());
      }
    }
  }

  private static void assertBad(Path file) {
    Class<? extends IOException> type =
        Files.exists(file) ? FormatException.class : NoSuchFileException.class;
    String message = assertThrows(type, () -> Checkpoint.load(file)).getMessage();
    assertTrue(message.startsWith(file.toString()), message);
    assertTrue(message.contains("expected"), message);
  }

  @Test
  void missingAndForeignFilesAreRefused() throws IOException {
    assertBad(directory.resolve("missing.npz"));
    Path file = directory.resolve("model.npz");
    Digits.network(1).save(file);
    assertBad(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"position", "sums", "history", "optimizer_1", "settings", "notes", "W2"})
  void arraysOfAnotherShapeAreRefused(String name) throws IOException {
    Stopper stopper = new Stopper(1, 2);
    trainer(Optimizer.momentum(0.9)).listener(stopper).build().fit(Digits.network(1), Digits.DATA);
    Path file = directory.resolve("checkpoint.npz");
    stopper.last.withNotes(List.of("x")).save(file);
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    try (Npz npz = Npz.open(file)) {
      for (String each : npz.names()) {
        arrays.put(each, npz.read(each));
      }
    }
    assertTrue(arrays.containsKey(name));
    for (NdArray wrong :
        List.of(
            NdArray.of(new double[] {1, 2}, 2),
            NdArray.of(new long[] {-1, 0, 0, 0, 0, 0}, 6),
            NdArray.of(new float[0], 0))) {
      arrays.put(name, wrong);
      Npz.write(file, arrays);
      assertBad(file);
    }
  }

  /** Arrays are only copied on request, and a checkpoint never shows those of a later step. */
  @Test
  void oneOfATrainingEndsWithItsNextStep() throws IOException {
    Path file = directory.resolve("checkpoint.npz");
    List<Checkpoint> lent = new ArrayList<>();
    List<Checkpoint> kept = new ArrayList<>();
    List<Mlp> models = new ArrayList<>();
    TrainingListener listener =
        new Listening()
            .checkpoints(
                checkpoint -> {
                  lent.add(checkpoint);
                  lent.add(checkpoint.withNotes(List.of("a note")));
                  kept.add(checkpoint.copy());
                  models.add(checkpoint.model());
                });
    TrainingRun run =
        trainer(Optimizer.adam(0.9, 0.999, 1e-8))
            .checkpointEvery(1e-9)
            .listener(listener)
            .build()
            .fit(Digits.network(1), Digits.DATA);
    for (Checkpoint ended : lent.subList(0, 2)) {
      for (Executable use :
          List.<Executable>of(
              ended::model,
              ended::network,
              ended::copy,
              ended::epoch,
              ended::step,
              ended::history,
              () -> ended.withNotes(List.of()),
              () -> ended.save(file),
              () -> trainer(Optimizer.sgd()).build().resume(ended, Digits.DATA))) {
        var e = assertThrows(IllegalStateException.class, use);
        assertTrue(e.getMessage().contains("copy()"), e.getMessage());
      }
    }
    assertFalse(Files.exists(file));
    assertEquals(models.get(0).sha256(), kept.get(0).model().sha256());
    assertNotEquals(run.model().sha256(), models.get(0).sha256());
    Checkpoint last = lent.get(lent.size() - 1); // no step followed
    assertEquals(run.model().sha256(), last.model().sha256());
    assertEquals(List.of("a note"), last.notes());
  }

  /** The run continues in the arrays of the checkpoint, so the checkpoint can no longer be used. */
  @Test
  void oneThatIsResumedEndsWithTheNextStep() throws IOException {
    Trainer trainer = trainer(Optimizer.adam(0.9, 0.999, 1e-8)).build();
    TrainingRun whole = trainer.fit(Digits.network(1), Digits.DATA);
    Stopper stopper = new Stopper(2, 3);
    trainer(Optimizer.adam(0.9, 0.999, 1e-8))
        .listener(stopper)
        .build()
        .fit(Digits.network(1), Digits.DATA);
    Checkpoint loaded = throughFile(stopper.last);
    Checkpoint copy = loaded.copy();
    Mlp model = loaded.model();
    Mlp seen = loaded.network();
    String sha256 = model.sha256();
    assertEquals(sha256, seen.sha256());

    Trainer other = trainer(Optimizer.sgd()).build();
    refusal(() -> other.resume(loaded, Digits.DATA));
    assertEquals(2, loaded.epoch()); // a refusal does not change it
    assertSame(whole, trainer.resume(loaded, Digits.DATA));

    assertThrows(IllegalStateException.class, loaded::model);
    assertThrows(IllegalStateException.class, loaded::network);
    assertEquals(whole.model().sha256(), seen.sha256()); // it shares the parameters of the run
    assertThrows(IllegalStateException.class, () -> trainer.resume(loaded, Digits.DATA));
    assertEquals(sha256, model.sha256());
    assertSame(whole, trainer.resume(copy.copy(), Digits.DATA));
    assertSame(whole, trainer.resume(copy, Digits.DATA)); // each run has its own arrays
  }

  /** Otherwise a second run would continue in the arrays of the first run's model. */
  @Test
  void oneIsResumedOnceEvenIfNothingIsLeftToDo() throws IOException {
    Stopper stopper = new Stopper(-1, 0);
    TrainingRun whole =
        trainer(Optimizer.sgd()).listener(stopper).build().fit(Digits.network(1), Digits.DATA);
    Checkpoint loaded = throughFile(stopper.last);
    TrainingRun run = trainer(Optimizer.sgd()).build().resume(loaded, Digits.DATA);
    assertSame(whole, run);
    assertEquals(whole.model().sha256(), loaded.model().sha256()); // no step has been taken
    Trainer longer = trainer(Optimizer.sgd()).epochs(EPOCHS + 1).build();
    var e = assertThrows(IllegalStateException.class, () -> longer.resume(loaded, Digits.DATA));
    assertTrue(e.getMessage().contains("copy()"), e.getMessage());
    assertEquals(whole.model().sha256(), run.model().sha256());
  }

  /** Two trainings in the same arrays would spoil each other. */
  @Test
  void oneOfATrainingIsResumedAsACopy() throws IOException {
    TrainingRun whole =
        trainer(Optimizer.nesterov(0.9)).build().fit(Digits.network(1), Digits.DATA);
    List<TrainingRun> resumed = new ArrayList<>();
    TrainingListener listener =
        new Listening()
            .checkpoints(
                checkpoint -> {
                  if (checkpoint.epoch() == 1) {
                    Trainer trainer = trainer(Optimizer.nesterov(0.9)).build();
                    assertThrows(
                        IllegalStateException.class, () -> trainer.resume(checkpoint, Digits.DATA));
                    resumed.add(trainer.resume(checkpoint.copy(), Digits.DATA));
                    assertEquals(1, checkpoint.epoch()); // it is still usable
                  }
                });
    Trainer trainer = trainer(Optimizer.nesterov(0.9)).listener(listener).build();
    assertSame(whole, trainer.fit(Digits.network(1), Digits.DATA));
    assertSame(whole, resumed.get(0));
  }

  /** Java 19 changed how it writes decimal numbers, so checkpoints compare hexadecimal ones. */
  @Test
  void settingsAreTheSameInEveryVersionOfJava() {
    TrainingOptions options = new TrainingOptions();
    options.learningRate = 2e-23;
    options.optimizer = Optimizer.adam(0.9, 0.999, 1e-8);
    options.schedule = Schedule.cosine(7, 2e-23).withWarmup(3);
    options.weightDecay = WeightDecay.decoupled(0.1);
    options.classWeights = new double[] {0.5, 2};
    List<String> settings = options.settings(Digits.DATA);
    assertEquals(
        List.of(
            "learning rate=0x1.82db34012b251p-76",
            "optimizer=adam 0x1.ccccccccccccdp-1 0x1.ff7ced916872bp-1 0x1.5798ee2308c3ap-27",
            "schedule=cosine 0x1.cp2 0x1.82db34012b251p-76 behind warm-up 0x1.8p1",
            "weight decay=decoupled 0x1.999999999999ap-4",
            "clip norm=0x0.0p0"),
        settings.subList(3, 8));
    assertEquals("class weights=given 0x1.0p-1 0x1.0p1", settings.get(11));
    assertEquals("weight decay=decoupled 0.1", Settings.readable(settings.get(6)));
  }

  @Test
  void oneOfAnotherVersionSaysSo() throws IOException {
    Path file = directory.resolve("checkpoint.npz");
    some().save(file);
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    try (Npz npz = Npz.open(file)) {
      for (String each : npz.names()) {
        arrays.put(each, npz.read(each));
      }
    }
    arrays.put("settings", NdArray.ofStrings(List.of("data=x", "batch size=100"), 2));
    Npz.write(file, arrays);
    Checkpoint other = Checkpoint.loadTrusted(file);
    assertRefused(
        "a checkpoint of another version of Lanewise",
        trainer(Optimizer.sgd()),
        other,
        Digits.DATA);
  }

  /** A stream has no epochs, so its number of steps has no limit. */
  @Test
  void stepsAreCountedBeyondThirtyOneBits() throws IOException {
    Mlp network = Digits.network(1);
    float[] parameters = network.parameters();
    TrainingState state = new TrainingState(parameters, parameters, new float[0][]);
    state.tally = new double[3];
    state.step = 5_000_000_000L;
    state.steps = 7_000_000_000L;
    Path file = directory.resolve("checkpoint.npz");
    new Checkpoint(MlpState.of(network).on(state.parameters), state, List.of("x"), List.of())
        .save(file);
    Checkpoint loaded = Checkpoint.load(file);
    assertEquals(5_000_000_000L, loaded.step());
    assertEquals(7_000_000_000L, loaded.state().steps);
    assertEquals(5_000_000_000L, loaded.copy().step());
  }

  /**
   * The file of a checkpoint can be loaded as a model, and evaluated while the training continues.
   */
  @Test
  void aCheckpointIsAModel() throws IOException {
    Path file = directory.resolve("checkpoint.npz");
    Checkpoint checkpoint = some();
    checkpoint.save(file);
    Mlp model = Mlp.load(file);
    assertEquals(checkpoint.model().sha256(), model.sha256());
    assertEquals(Digits.DATA.scaling(), model.scaling().orElseThrow());
    List<Integer> epochs = new ArrayList<>();
    checkpoint.history().results().forEach(result -> epochs.add(result.epoch()));
    assertEquals(List.of(0), epochs);
  }
}
