package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictor;
import dev.lanewise.nn.WarmUp;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.StepResult;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Kernels may be exchanged between any two calls: no bit of a result tells. */
class TieredKernelsTest {
  @BeforeEach
  void vectorModule() {
    assumeTrue(Kernels.active() instanceof TieredKernels);
  }

  /** Puts every kernel of the JVM into a tier that is drawn. */
  private static void shuffle(Random random) {
    TieredKernels kernels = (TieredKernels) Kernels.active();
    for (Rehearsals.Kind kind : Rehearsals.Kind.values()) {
      kernels.rehearsals().get(kind).setReady(random.nextBoolean());
    }
    kernels.setLongJob(random.nextInt(3) == 0);
  }

  @Test
  void trainingEndsWithTheSameBitsWhicheverKernelsServeItsSteps() throws IOException {
    Dataset data = Dataset.load(Path.of("data", "digits.npz"));
    Mlp initial = Mlp.initial(Architecture.relu(64, List.of(16, 80), 10), Initializer.COURSE, 0);
    Random random = new Random(7);
    TrainingListener switching =
        new TrainingListener() {
          @Override
          public boolean onStep(StepResult result) {
            shuffle(random);
            return true;
          }

          @Override
          public boolean onEpoch(EpochResult result) {
            return true;
          }
        };
    Mlp model = Trainer.builder().epochs(20).listener(switching).build().fit(initial, data).model();
    // The golden digest of ExactnessTest.
    assertEquals(
        "a4196b5ee475bfa304d2c0b69cdce739f1f42b2632b57cecac919d8493c4c0d5", model.sha256());
  }

  @Test
  void packedWeightsServeAllTiers() {
    Random random = new Random(11);
    for (int n : new int[] {1, 7, 10, 16, 33, 80, 96, 129, 300}) {
      int k = 1 + random.nextInt(90);
      int ldb = n + random.nextInt(3);
      float[] b = new float[k * ldb + 3];
      for (int i = 0; i < b.length; i++) {
        b[i] = random.nextFloat() - 0.5f;
      }
      Kernels vectors = new VectorKernels();
      float[] expected = new float[5 + (int) vectors.packedLength(n, k)];
      vectors.pack(n, k, b, 3, ldb, expected, 5);
      float[] packed = new float[expected.length];
      new TieredKernels().pack(n, k, b, 3, ldb, packed, 5);
      for (int j = 0; j < n; j++) {
        int at = 5 + PackedPanels.offset(n, k, j);
        int step = PackedPanels.step(n, k, j);
        for (int p = 0; p < k; p++) {
          assertEquals(b[3 + p * ldb + j], packed[at + p * step]);
          assertEquals(b[3 + p * ldb + j], expected[at + p * step]);
        }
      }
    }
  }

  @Test
  void aPredictorGivesTheSameBitsInEveryTier() {
    Random random = new Random(13);
    for (List<Integer> hidden : List.of(List.of(16, 80), List.of(5), List.of(130, 3))) {
      Mlp net = Mlp.initial(Architecture.relu(20, hidden, 7), Initializer.HE, 1);
      for (int rows : new int[] {1, 3, 9, 50}) {
        float[] features = new float[rows * 20];
        for (int i = 0; i < features.length; i++) {
          features[i] = random.nextFloat();
        }
        Predictor predictor = net.predictor(rows);
        float[] first = new float[rows * 7];
        predictor.predict(features, first);
        for (int i = 0; i < 20; i++) {
          shuffle(random);
          float[] again = new float[first.length];
          predictor.predict(features, again);
          assertArrayEquals(first, again);
        }
      }
    }
  }

  @Test
  void softmaxIsTheSameInEveryTier() {
    int rows = 40;
    int columns = 7;
    Random random = new Random(17);
    float[] logits = new float[rows * columns];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = random.nextFloat() * 20 - 10;
    }
    int[] labels = random.ints(rows, 0, columns).toArray();
    float[] scratch = new float[Kernels.rowScratch(columns)];
    float[][] expected = softmax(new ScalarKernels(), rows, columns, logits, labels, scratch);
    for (int i = 0; i < 30; i++) {
      shuffle(random);
      float[][] actual = softmax(Kernels.active(), rows, columns, logits, labels, scratch);
      for (int j = 0; j < expected.length; j++) {
        assertArrayEquals(expected[j], actual[j]);
      }
    }
  }

  /** Gradient, losses, predicted classes and probabilities. */
  private static float[][] softmax(
      Kernels kernels, int rows, int columns, float[] logits, int[] labels, float[] scratch) {
    float[] gradient = new float[logits.length];
    float[] losses = new float[rows];
    float[] probabilities = new float[logits.length];
    int[] predicted = new int[rows];
    kernels.softmaxCrossEntropy(
        rows, columns, logits, 0, columns, labels, 0, rows, gradient, 0, columns, losses, 0,
        predicted, 0, scratch);
    kernels.softmax(rows, columns, logits, 0, columns, probabilities, 0, columns, scratch);
    float[] classes = new float[rows];
    for (int i = 0; i < rows; i++) {
      classes[i] = predicted[i];
    }
    return new float[][] {gradient, losses, classes, probabilities};
  }

  @Test
  void everyKernelIsRehearsedWithinItsArrays() {
    Rehearsals rehearsals = new Rehearsals(new VectorKernels());
    for (Rehearsals.Kind kind : Rehearsals.Kind.values()) {
      Rehearsal rehearsal = rehearsals.get(kind);
      // Calls of every size are among so many steps.
      for (int i = 0; i < 8; i++) {
        assertDoesNotThrow(rehearsal::step, kind::toString);
      }
    }
  }

  /** In halves on the scalar kernels, until the narrow tile is compiled. */
  @Test
  void aLargeProductIsTheSameInPieces() {
    int m = 101;
    int n = 300;
    int k = 700;
    Random random = new Random(19);
    float[] a = values(random, m * k + 1);
    float[] b = values(random, n * k + 2);
    float[] bias = values(random, n + 3);
    float[] mask = values(random, m * n + 4);
    Kernels scalar = new ScalarKernels();
    for (Orientation orientation : Orientation.values()) {
      int lda = orientation == Orientation.TN ? m : k;
      int ldb = orientation == Orientation.NT ? k : n;
      boolean masks = orientation == Orientation.NT;
      boolean gradient = orientation == Orientation.TN;
      Epilogue epilogue = masks ? Epilogue.RELU_MASK : gradient ? Epilogue.NONE : Epilogue.RELU;
      Initial initial = gradient ? Initial.ZERO : Initial.BIAS;
      float[] expected = new float[m * n + 5];
      scalar.gemm(
          orientation,
          m,
          n,
          k,
          a,
          1,
          lda,
          b,
          2,
          ldb,
          expected,
          5,
          n,
          initial,
          bias,
          3,
          epilogue,
          mask,
          4,
          n,
          new float[scalar.gemmWorkspace(orientation, m, n, k)]);
      TieredKernels kernels = new TieredKernels();
      float[] c = new float[expected.length];
      kernels.gemm(
          orientation,
          m,
          n,
          k,
          a,
          1,
          lda,
          b,
          2,
          ldb,
          c,
          5,
          n,
          initial,
          bias,
          3,
          epilogue,
          mask,
          4,
          n,
          new float[kernels.gemmWorkspace(orientation, m, n, k)]);
      assertArrayEquals(expected, c, orientation.toString());
    }
  }

  private static float[] values(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  /** Else layers of thousands of units, with few products, would wait for many epochs. */
  @Test
  void aLargeProductLendsManySteps() {
    TieredKernels kernels = new TieredKernels();
    Rehearsal rehearsal = kernels.rehearsals().get(Rehearsals.Kind.NARROW_ROWS);
    int n = 1024;
    float[] x = new float[n * n];
    float[] workspace = new float[kernels.gemmWorkspace(Orientation.NN, n, n, n)];
    for (int m : new int[] {16, n}) {
      kernels.gemm(
          Orientation.NN,
          m,
          n,
          n,
          x,
          0,
          n,
          x,
          0,
          n,
          new float[m * n],
          0,
          n,
          Initial.ZERO,
          null,
          0,
          Epilogue.NONE,
          null,
          0,
          0,
          workspace);
      assertEquals(m == n, rehearsal.isWaiting() || rehearsal.isReady());
    }
  }

  @Test
  void warmingUpEndsOnceTheCommonKernelsAreCompiled() {
    boolean[] cut = new boolean[1];
    long start = System.nanoTime();
    Rehearsals rehearsals = new Rehearsals(new VectorKernels());
    rehearsals.run(
        false,
        () -> {
          cut[0] = System.nanoTime() - start > 10_000_000_000L; // a machine busy with other things
          return !cut[0];
        });
    assertTrue(cut[0] || rehearsals.get(Rehearsals.Kind.NARROW_ROWS).isReady());
  }

  @Test
  void warmingUpEndsThoughAnotherThreadStays() throws InterruptedException {
    boolean[] goOn = {true};
    Thread staying = new Thread(() -> WarmUp.stay(() -> goOn[0] && !Thread.interrupted()));
    staying.start();
    WarmUp.run(() -> false);
    staying.interrupt();
    goOn[0] = false;
    staying.join();
  }
}
