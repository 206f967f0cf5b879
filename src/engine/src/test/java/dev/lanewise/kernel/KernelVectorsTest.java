package dev.lanewise.kernel;

import dev.lanewise.Vectors;
import dev.lanewise.kernel.gemm.Gemm;
import dev.lanewise.kernel.gemm.Orientation;
import dev.lanewise.kernel.gemm.Workspace;
import dev.lanewise.kernel.math.Elementary;
import dev.lanewise.kernel.math.Nonlinearity;
import dev.lanewise.kernel.math.OutputBatch;
import dev.lanewise.kernel.math.OutputLosses;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The conformance vectors of functions, layers and losses, computed by each kind of kernels. Some
 * inputs were searched: the last bit of a constant changes the result of few floats, and each
 * constant has two of these.
 */
class KernelVectorsTest {
  private static final String OF_EXP =
      "c29bf548 c2819e58 42a86f4c c26fd434 41e0f538 421bc178 42948554 4182a7fc c2919306"
          + " 42a0d25c 4299d4d2 4299ef18 41a4a4c4 c29b8a60 c2b1fb78 41ae8b88 415855c0 4264f288"
          + " c2170abd c1af1bb4 c25c1486 c2172a30 421f8310 42a445e6 c22ffbec c2279014 c29a809f 4290df10 41377b78 c28746d2 41a42650 4109bd88";

  private static final String OF_LOG =
      "3fb09d5d 4025b794 3fc6a1fe 3f2c6d9b 3fa8ef3e 3fd1d5df 404ece11 3fb16c2c 3fa5aecb"
          + " 3fb356d7 3fb64ce7 3f2c1ef0 3f340e64 3f266208 3fadf9e0 3fb0bba0 3f32a4ac 3fac6ec0"
          + " 3fb4b768 3fbac062 4034a88f 3fb59108 40282684 3fb4b7d8 3f33bedd 3fb4fa85 3faf342a"
          + " 3fa89ac6 3fab29f1 3fb01668 4028d19e 3fb0eb08 3f33ca12 4033197a 3fadb61b 3fb17976"
          + " 40110386 405a4d17 3fe20480 3fb9bafa 40631309 3fc8b77f 4007ea68 3fc2d13f";

  private static final String OF_ELU =
      "bdf4c156 be7caa87 be6a4c58 be3ccc2e be95427b be3db44c be801af6 beaf0978 be71231c"
          + " bea2401a be956084 beb08138 bea7adae beafb118 beadd21f be69ae34 be9e8185 bea7304c"
          + " beabd851 be8d299e beb17218";

  /** The order of the operations of exp changes these, whose difference from 1 is exact. */
  private static final String OF_EXP_LESS_1 =
      "bedc6168 bed76896 bee53549 bf254b26 bf2407fc bf233eac bf262fa1 bf0392f7 bf262b6b bec644c4 beb9c2d1 bebc98b2 bf0dccbd bed6301d beb3a0e1";

  private static final String OF_TANH =
      "3e8854c0 beccb512 bf18dfda beef8ffd be9cd5b0 3f115ac6 bf00bf68 beecc762 bf0bce8e"
          + " bf1a4488 bf1ace9f 3f0b7c8e bf1615fc 3f16594e 3f192c88 bf0bffb4 3f0dc090 3f1665fc"
          + " 3eff3bac 3f1ed674 3f200000 3f1fffff";

  private static final String OF_GELU =
      "c086c849 c08dc04e c061060e c0913d22 bfb7f348 c09e5d7e c057538e c000277c bf5943f0"
          + " c099539d 3efc8a80 c01ab414 3ef7b480 c025b5ce bf078038 bfc218e8 3f89820c be03d8e0"
          + " c0ace1d8 c09b4c35 c07d3a7a bdb5f640 3ec94ec0 bf118dc0 3d00fe00 c00e045a bfe292f8"
          + " be71e440 3fbbb058 bf7fc948 bef2f9f0 bf9b006c bed04480 3e12aa80 be9a8d90 3f058370"
          + " bf196380 bf827d54 3e24a040 ba9ff000 bf0e0898 be11c2e0 bf6dd4e0 3ecafec0 c08b8632 c0555a9f c0952bfe c07c33f4";

  private static final String OF_GELU_TANH =
      "3ebd54e0 bfd94b18 bea744c0 3fc8f01c c083feae c07f7552 c0889179 c0a2dfae c0bc92f4 c0a61885 c0bb4159 3fb85c48";

  private static final String OF_SELU =
      "3f475248 3fe3844c 3ff9de28 3f899828 be0ec4f0 c01fe7b3 c031dd14 bfef7482";

  /** Zeros, subnormal and large numbers, infinities, NaN and the ends of ranges. */
  private static final String SPECIAL =
      "00000000 80000000 00000001 807fffff 00800000 3f800000 bf800000 7f7fffff ff7fffff 7f800000"
          + " ff800000 7fc00000 42b17218 42b20000 c2ce8ed0 c2cff1b4 c2d00000 41a00000 41a00001"
          + " 41880000 41680000 41680001 c1680000 c1680001 41800000 41800001 c1800001 33800000 b3800000 3f317218 bf317218 40490fdb";

  static KernelSet[] kernels() {
    return Twins.all().toArray(new KernelSet[0]);
  }

  private static float[] floats(String... hexadecimal) {
    String digits = String.join("", hexadecimal).replace(" ", "");
    float[] x = new float[digits.length() / 8];
    for (int i = 0; i < x.length; i++) {
      x[i] = Float.intBitsToFloat(HexFormat.fromHexDigits(digits, 8 * i, 8 * i + 8));
    }
    return x;
  }

  private static String found(Nonlinearity function) {
    return switch (function.formula()) {
      case ELU -> OF_ELU + OF_EXP_LESS_1;
      case SELU -> OF_ELU + OF_SELU;
      case TANH -> OF_TANH;
      case GELU -> OF_GELU;
      case GELU_TANH -> OF_GELU_TANH;
      default -> "";
    };
  }

  /** Returns floats of several magnitudes, so that the order of their sum matters. */
  private static float[] drawn(Random random, int count) {
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = (float) Math.scalb(random.nextGaussian(), random.nextInt(5) - 3);
    }
    return x;
  }

  private static float[] map(float[] x, UnaryOperator<Float> function) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = function.apply(x[i]);
    }
    return y;
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void functions(KernelSet kernels) {
    Vectors vectors = new Vectors("functions", "exp, log and log1pexp of section 13; activations");
    Random random = new Random(1);
    float[] x = floats(SPECIAL, OF_EXP);
    vectors.add("exp", "x|y", x, map(x, Elementary::exp));
    x = floats(SPECIAL, OF_LOG);
    vectors.add("log", "x|y", x, map(x, Elementary::log));
    x = map(floats(SPECIAL, OF_EXP), v -> -Math.abs(v));
    vectors.add("log1pexp", "x|y", x, map(x, Elementary::log1pExp));
    for (Nonlinearity function : Nonlinearity.passes()) {
      float[] some = floats(SPECIAL, found(function));
      x = Arrays.copyOf(some, some.length + 30);
      for (int i = some.length; i < x.length; i++) {
        x[i] = (float) (4 * random.nextGaussian());
      }
      float[] y = new float[x.length];
      float[] scratch = new float[KernelSet.ACTIVATION_SCRATCH];
      kernels.activation(function, 0, x.length, x.clone(), y, scratch);
      float[] g = drawn(random, x.length);
      float[] back = g.clone();
      kernels.activationBackward(
          function, 0, x.length, (function.keepsPreActivations() ? x : y).clone(), back, scratch);
      String name = function.formula().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
      vectors.add(name, "x|y|g|gradient", x, y, g, back);
    }
    vectors.check();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void layers(KernelSet kernels) {
    Vectors vectors =
        new Vectors(
            "layers",
            "products of a layer of k inputs and m outputs for n rows, row-major: forward with relu,"
                + " gradient of the inputs through relu, gradients of weights and biases");
    Random random = new Random(2);
    for (int[] size : new int[][] {{3, 5, 2}, {7, 19, 21}, {13, 6, 37}}) {
      int n = size[0];
      int k = size[1];
      int m = size[2];
      float[] x = drawn(random, n * k);
      float[] w = drawn(random, k * m);
      float[] b = drawn(random, m);
      float[] y = new float[n * m];
      gemm(kernels, Orientation.NN, n, m, k)
          .a(x, 0, k)
          .b(w, 0)
          .bias(b, 0)
          .c(y, 0)
          .relu()
          .multiply(n, k);
      float[] g = drawn(random, n * m);
      float[] gx = new float[n * k];
      gemm(kernels, Orientation.NT, n, k, m).a(g, 0, m).b(w, 0).c(gx, 0).mask(x, 0).multiply(n, m);
      float[] gw = new float[k * m];
      gemm(kernels, Orientation.TN, k, m, n).a(x, 0, k).b(g, 0).c(gw, 0).multiply(k, n);
      float[] gb = new float[m];
      kernels.columnSums(n, m, g, 0, m, gb, 0);
      vectors.add(
          "layer",
          "n|k|m|x|w|b|y|g|gradient of x|gradient of w|gradient of b",
          n,
          k,
          m,
          x,
          w,
          b,
          y,
          g,
          gx,
          gw,
          gb);
    }
    vectors.check();
  }

  private static Gemm gemm(KernelSet kernels, Orientation orientation, int m, int n, int k) {
    return kernels.gemm(orientation, m, n, k, new Workspace());
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void losses(KernelSet kernels) {
    Vectors vectors =
        new Vectors(
            "losses",
            "losses of n rows with k outputs x, and gradients; softmax also with label smoothing 0.1 and then weights of rows");
    Random random = new Random(3);
    for (int k : new int[] {1, 2, 3, 10, 19, 37}) {
      int n = k == 3 ? 5 : k == 10 || k > 20 ? 3 : 7;
      OutputBatch batch = new OutputBatch(n, k, drawn(random, n * k), new float[n * k], true);
      for (int i = 0; i < n; i++) {
        batch.labels[i] = random.nextInt(k);
        batch.outputs[i * k + random.nextInt(k)] = batch.outputs[i * k]; // ties
      }
      float[] scratch = new float[KernelSet.rowScratch(k)];
      kernels.softmaxCrossEntropy(batch, 0, n, n, scratch);
      float[] loss = batch.losses.clone();
      float[] gradient = batch.gradient.clone();
      OutputLosses.smoothLabels(batch, 0, n, 0.1f, n, scratch);
      float[] smoothLoss = batch.losses.clone();
      float[] smooth = batch.gradient.clone();
      float[] weights = map(drawn(random, n), Math::abs);
      OutputLosses.weigh(batch, 0, n, weights);
      vectors.add(
          "softmax",
          "n|k|x|t|first largest|loss|gradient|smooth loss|smooth gradient|weights|weighted loss|weighted gradient",
          n,
          k,
          batch.outputs,
          batch.labels,
          batch.predicted,
          loss,
          gradient,
          smoothLoss,
          smooth,
          weights,
          batch.losses,
          batch.gradient);
    }
    others(vectors, random);
    vectors.check();
  }

  private static void others(Vectors vectors, Random random) {
    for (int k : new int[] {1, 3, 20}) {
      int n = 4;
      OutputBatch batch = new OutputBatch(n, k, drawn(random, n * k), new float[n * k], false);
      float[] numbers = drawn(random, n * k);
      float[] flags = map(numbers, t -> t > 0 ? 1f : 0f);
      numbers[1] = batch.outputs[1];
      float[] scratch = new float[KernelSet.rowScratch(k)];
      float divisor = n * k;
      for (String loss : new String[] {"sigmoid", "mse", "huber", "mae", "pinball-0.9"}) {
        float[] targets = loss.equals("sigmoid") ? flags : numbers;
        System.arraycopy(targets, 0, batch.targets, 0, n * k);
        switch (loss) {
          case "sigmoid" -> OutputLosses.sigmoidCrossEntropy(batch, 0, n, divisor, scratch);
          case "mse" -> OutputLosses.squaredError(batch, 0, n, divisor, scratch);
          case "huber" -> OutputLosses.huber(batch, 0, n, divisor, scratch);
          case "mae" -> OutputLosses.absoluteError(batch, 0, n, divisor, scratch);
          default -> OutputLosses.pinball(batch, 0, n, 0.9f, divisor, scratch);
        }
        vectors.add(
            loss,
            "n|k|x|t|loss|gradient",
            n,
            k,
            batch.outputs,
            targets,
            batch.losses,
            batch.gradient);
      }
    }
  }
}
