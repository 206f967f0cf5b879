package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.Mutant;
import dev.lanewise.OwnJvm;
import dev.lanewise.kernel.gemm.Gemm;
import dev.lanewise.kernel.gemm.Orientation;
import dev.lanewise.kernel.gemm.Workspace;
import dev.lanewise.kernel.math.Nonlinearity;
import dev.lanewise.kernel.math.OutputBatch;
import dev.lanewise.kernel.math.VectorFeatures;
import dev.lanewise.kernel.simd.KernelWarmUps;
import dev.lanewise.kernel.simd.Lanes;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Vector code that is made wrong on purpose never serves, however small its error: its warm-up
 * compares the compiled code with the scalar kernel. Each error is in a source file, which is
 * compiled again for a JVM of its own.
 */
class WrongKernelsTest {
  /** A limit in nanoseconds, far above the time that C2 needs on a busy machine. */
  private static final long LONGEST = 120_000_000_000L;

  /** An error of each kind of vector code, most of them in a single rounding or in a remainder. */
  private static final List<Mutant> ERRORS =
      List.of(
          // The last row of a product, if it is the only row of its tile.
          new Mutant(
              "gemm/MicroKernels",
              "(?s)(tile1x2Rows\\(int k.*?)s0_1\\.intoArray",
              "$1s0_1.neg().intoArray"),
          // The last column of a panel whose last vector is not full.
          new Mutant(
              "gemm/VectorGemm", "copy\\(rows, width, w, cAt", "copy(rows, width - 1, w, cAt"),
          new Mutant(
              "gemm/MicroKernels",
              "(?s)(tile4x1Columns\\(int k.*?)s3_0\\.intoArray",
              "$1s3_0.neg().intoArray"),
          // One of two epilogues, where the mask is 0.
          new Mutant(
              "gemm/EpiloguePass",
              "active\\.compare\\(VectorOperators\\.GT",
              "active.compare(VectorOperators.GE"),
          // A multiply-add that is rounded twice.
          new Mutant(
              "math/VectorActivation",
              "mul\\(o\\.neg\\(\\)\\.fma\\(o, one\\)\\)",
              "mul(one.sub(o.mul(o)))"),
          // The class with index 16 of short rows.
          new Mutant("math/SoftmaxRows", "if \\(j >= GROUP\\)", "if (j > GROUP)"),
          // A quotient that is rounded once less.
          new Mutant(
              "math/VectorSoftmax",
              "\\.div\\(sums\\)\\.div\\(divisors\\)",
              ".div(sums.mul(divisors))"),
          // The last columns, which are summed one vector at a time.
          new Mutant("math/ColumnSums", " s = s\\.add\\(", " s = s.sub("),
          // Bytes from 128 on.
          new Mutant("math/VectorFeatures", "signed\\.and\\(0xFF\\)", "signed.and(0x7F)"));

  @TempDir private Path folder;

  @BeforeEach
  void warmedUp() {
    assumeTrue(KernelChoice.current().vector(), "only vector code is warmed up");
    assumeTrue(!"vector".equals(System.getProperty(KernelChoice.KERNELS_PROPERTY)));
  }

  /**
   * Returns what {@link #main} prints in a JVM with the classes of a folder in place of those of
   * the same names. In few JVMs, C2 makes code of a kernel that stays poor; then a second JVM has
   * to compile it.
   */
  private static String printed(Path classes) throws Exception {
    String found = OwnJvm.runWith(classes, WrongKernelsTest.class);
    boolean isPoor = found.contains("not compiled");
    return isPoor ? OwnJvm.runWith(classes, WrongKernelsTest.class) : found;
  }

  @Test
  void rightKernelsServe() throws Exception {
    assertEquals("", printed(folder)); // which is empty
  }

  @Test
  void wrongKernelsNeverServe() throws Exception {
    Mutant.compile(folder, ERRORS);
    assertEquals(
        """
        TANH
        column sums
        narrow product TN
        quotients of bytes
        relu
        softmax
        softmax of long rows
        softmax with cross entropy
        NN with columns left did not serve
        NN with one row left did not serve
        NT did not serve
        NT with columns left did not serve
        NT with one row left did not serve
        TANH did not serve
        TN with columns left did not serve
        bytes by 3 did not serve
        column sums did not serve
        softmax of 100 did not serve
        softmax of 17 did not serve
        """
            .replaceAll(VectorFeatures.BYTES ? "$^" : ".*bytes.*\n", ""),
        printed(folder) + "\n");
  }

  /** Prints the vector code that was found wrong, and the kernels whose outputs are wrong. */
  public static void main(String[] args) {
    KernelWarmUps warmUps = new KernelWarmUps(true);
    warmUps.spend(1L << 40); // a long job uses register tiles for its shapes
    KernelSet kernels = new VectorKernels(warmUps);
    outputs(kernels); // requests the warm-ups
    long end = System.nanoTime() + LONGEST;
    warmUps.run(false, () -> System.nanoTime() < end);
    warmUps.wrong().stream()
        .map(Object::toString)
        .filter(name -> !name.startsWith("Sample"))
        .sorted()
        .forEach(System.out::println);
    if (System.nanoTime() >= end) {
      System.out.println("not compiled");
    }
    TreeMap<String, float[]> forced = outputs(new VectorKernels(new KernelWarmUps(false)));
    TreeMap<String, float[]> served = outputs(kernels);
    outputs(new ScalarKernels())
        .forEach(
            (name, right) -> {
              if (!Arrays.equals(right, served.get(name))) {
                System.out.println(name + " served");
              } else if (!Arrays.equals(right, forced.get(name))) {
                System.out.println(name + " did not serve");
              }
            });
  }

  /** Returns the outputs of the kernels by name. */
  private static TreeMap<String, float[]> outputs(KernelSet kernels) {
    TreeMap<String, float[]> outputs = new TreeMap<>();
    float[] scratch = new float[KernelSet.rowScratch(7)];
    int vectors = 2 * Lanes.LENGTH;
    for (int[] size : new int[][] {{12, vectors}, {13, vectors}, {12, vectors + 3}}) {
      for (Orientation orientation : Orientation.values()) {
        float[] y = numbers(size[0] * size[1]);
        Gemm gemm = kernels.gemm(orientation, size[0], size[1], 70, new Workspace());
        boolean masked = orientation == Orientation.NT && size[0] * size[1] == 12 * vectors;
        gemm = masked ? gemm.mask(numbers(y.length), 0) : gemm.relu();
        gemm.a(numbers(size[0] * 70), 0, orientation == Orientation.TN ? size[0] : 70);
        gemm.b(numbers(size[1] * 70), 0).bias(numbers(size[1]), 0).c(y, 0).multiply(size[0], 70);
        String rows = size[0] % 2 == 0 ? "" : " with one row left";
        outputs.put(orientation + rows + (size[1] == vectors ? "" : " with columns left"), y);
      }
    }
    for (Nonlinearity function : Nonlinearity.passes()) {
      float[] y = numbers(400);
      kernels.activation(function, 0, 200, y, y, scratch);
      kernels.activationBackward(function, 200, 200, numbers(400), y, scratch);
      outputs.put(function.formula().toString(), y);
    }
    for (int columns : new int[] {7, 17, 100}) {
      float[] y = numbers(4 * 20 * columns);
      kernels.softmax(20, columns, y, 0, y, 20 * columns, scratch);
      OutputBatch batch =
          new OutputBatch(20, columns, numbers(20 * columns), new float[20 * columns], true);
      kernels.softmaxCrossEntropy(batch, 0, 20, 3, scratch);
      System.arraycopy(batch.gradient, 0, y, 0, 20 * columns);
      System.arraycopy(batch.losses, 0, y, 40 * columns, 20);
      outputs.put("softmax of " + columns, y);
    }
    float[] sums = new float[5 * Lanes.LENGTH];
    kernels.columnSums(12, sums.length, numbers(12 * sums.length), 0, sums.length, sums, 0);
    outputs.put("column sums", sums);
    byte[] bytes = new byte[256];
    new Random(2).nextBytes(bytes);
    for (int divisor : new int[] {255, 3}) {
      float[] y = new float[256];
      kernels.bytesToFloats(256, bytes, 0, divisor, y, 0);
      outputs.put("bytes by " + divisor, y);
    }
    float[] y = new float[200];
    double[] moments = new Random(3).doubles(200, 1, 2).toArray();
    kernels.standardise(200, numbers(200), 0, moments, moments, y, 0);
    outputs.put("standardised", y);
    return outputs;
  }

  /** Returns random numbers, some of which are 0. */
  private static float[] numbers(int length) {
    Random random = new Random(length);
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = random.nextInt(8) == 0 ? 0 : 2 * (float) random.nextGaussian();
    }
    return numbers;
  }
}
