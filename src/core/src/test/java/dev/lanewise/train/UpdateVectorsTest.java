package dev.lanewise.train;

import dev.lanewise.Vectors;
import dev.lanewise.data.Rows;
import dev.lanewise.engine.internal.Descent;
import dev.lanewise.engine.internal.Dropout;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.kernel.math.ScaledRows;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The conformance vectors of random numbers and updates. */
class UpdateVectorsTest {
  private static final long[] SEEDS = {0, 1, -5, 1L << 40};

  /** Keys whose first numbers were searched: a last bit of a constant changes them. */
  private static final String OF_NORMAL =
      "dd949a6a8e557f1e c8190bc38e03bc3f d130f1bcd09b5228 329302632c13a532 fbf2678d701dbce9 77c1862b4f7413db 9a0dd5fb030e695d 170db2ee2c4c67aa"
          + " 3c5a8e2df3a95b6a 739d5ec53fa5a479 3a0dfa28dfb0325d 4cd693fdf28565a1"
          + " 26689f753c9f6f12 0d699034b840d6c2 b58dbd4cccdfffe0 2469898a6cc3ab6d 5f4ee7f0d7f5a4d3 3ad4d7d8d273b6cd ca3f23a7b303059f 70193e749bee6211"
          + " e141e139ae3b575c 50ac619710be54eb 7f2e3f0f7a09f3f9 f9ae7d9327ba551b"
          + " abe5d51278577f0d 4ff9ef2a28667a69 fd73e183cd5f2833 a36ab4fd7bd602d7 481ec5fa5254e955 aada379eb1422b80 33fd613898833f64 3b86a7c7a6bca51b"
          + " 15f0ddeb2a364efa 8754831e39440ed6 911f759046522915 873bbc1835f07596"
          + " 150ce037578cc58e c9a4d77550890780 15fe696c2478c5f3 41564580bc22e770 3a84e40e01dc0430 d56583580bde9b92 dc6b959b1cf3c3cf 7e96c8855bfefd43"
          + " 4d97d67d32ff22c2 e8bc73f5fe596a14 378bfd259643793c b16363b047d9a0c0"
          + " 6e17bdcbcd1f209f e1f0c754ca758bdc be5b76a9006c9514 b3718e0a5faa98e7 95b88b797921716f 49423f068fdc0a25 f23c720447d06c68 fed848a8e5cce5d6"
          + " 721e45ca00a04605 c2c403facc702ac4 45059bd8ccc57399 ecb6b1508dd456b5"
          + " e76b07eed11ddd07 8523e2bc3458e7de 7ec0501f398495c1 5b6f9649f6119950 7426978bde49c814 3a3582d9b254781c 5023a27d96a80ac0 4c2279562f5dbebd"
          + " fcc788114274c0ea d9387e06064256c4 7a90510fb75c27df"
          + " f9e59b399a5a3df4 d937d5837e8be5a4 a0c3090f4baa699b 220c4ea0c4216033 e1ef7215219a59b8 cdf2c6435ca795b8";

  private static double[] results(double[] x, DoubleUnaryOperator function) {
    return Arrays.stream(x).map(function).toArray();
  }

  @Test
  void random() {
    Vectors vectors =
        new Vectors(
            "random", "random numbers of section 4, functions of section 3, initial weights");
    for (long seed : SEEDS) {
      long key = CounterRandom.key(seed, CounterRandom.SHUFFLE, 3);
      long[] bits = LongStream.range(0, 8).map(i -> CounterRandom.bits(key, i)).toArray();
      double[] uniform =
          IntStream.range(0, 4).mapToDouble(i -> CounterRandom.uniform(key, i)).toArray();
      vectors.add(
          "key of stream 2, index 3",
          "seed|key|bits|uniform",
          seed,
          new long[] {key},
          bits,
          uniform);
    }
    long key = CounterRandom.key(7, CounterRandom.INITIAL_WEIGHTS, 0);
    double[] normal =
        IntStream.range(0, 120).mapToDouble(i -> CounterRandom.gaussian(key, i)).toArray();
    vectors.add("gaussian 0, 1, ...", "key|numbers", new long[] {key}, normal);
    long[] keys =
        Arrays.stream(OF_NORMAL.split(" ")).mapToLong(k -> Long.parseUnsignedLong(k, 16)).toArray();
    double[] first = Arrays.stream(keys).mapToDouble(k -> CounterRandom.gaussian(k, 0)).toArray();
    vectors.add("gaussian 0 of each key", "keys|numbers", keys, first);
    dropout(vectors);
    for (int n : new int[] {1, 2, 3, 10, 77}) {
      int[] order = new int[n];
      CounterRandom.permutation(key, order);
      vectors.add("permutation", "key|n|order", new long[] {key}, n, order);
    }
    functions(vectors);
    for (Initializer init : Initializer.values()) {
      for (long seed : new long[] {0, 9}) {
        Mlp network = Mlp.initial(Architecture.relu(3, List.of(4, 3), 2), init, seed);
        vectors.add(
            "initial weights of 3-4-3-2",
            "init|seed|parameters",
            init.label(),
            seed,
            network.parameters());
      }
    }
    vectors.check();
  }

  /** The first bits of these keys are the threshold of 0.3 or just below it. */
  private static void dropout(Vectors vectors) {
    long threshold = 1288490189;
    for (long key :
        new long[] {
          0x72cc66785c3e0567L, 0xc74551f121350606L, 0xc83c63a1088ed144L, 0x1f740b645439d0a1L
        }) {
      float[] kept = new float[9];
      Arrays.fill(kept, 1);
      Dropout.apply(key, threshold, 1, 0, 9, kept.clone(), kept);
      vectors.add(
          "dropout 0.3: which of 9 elements are kept",
          "key|threshold|kept",
          new long[] {key},
          threshold,
          kept);
    }
  }

  private static void functions(Vectors vectors) {
    Random random = new Random(4);
    double[] x = new double[40];
    Arrays.setAll(x, i -> random.nextDouble());
    double[] more = {1, 1.0000001, 0.9999999, 2, 16, 0.7071067811865476, 1e-9, 3};
    System.arraycopy(more, 0, x, 0, more.length);
    vectors.add("log", "x|y", x, results(x, StrictMath::log));
    exp(vectors);
    double[] angle = new double[40];
    Arrays.setAll(angle, i -> 8 * Math.PI * random.nextDouble());
    double[] ends = {
      0, Math.PI / 4, Math.PI / 2, Math.PI, 3 * Math.PI, 8 * Math.PI, 0.3, 0.79, 1e-9
    };
    System.arraycopy(ends, 0, angle, 0, ends.length);
    vectors.add("cos", "x|y", angle, results(angle, StrictMath::cos));
    vectors.add("sin", "x|y", angle, results(angle, StrictMath::sin));
    for (double base : new double[] {0.99, 0.1, 0.5, 0.93, 0.7}) {
      double[] y = IntStream.range(0, 24).mapToDouble(i -> i * i / 2).toArray();
      vectors.add("pow", "x|y|z", new double[] {base}, y, results(y, e -> StrictMath.pow(base, e)));
    }
  }

  /** Ends of ranges, subnormal results, and numbers for which last bits of constants matter. */
  private static void exp(Vectors vectors) {
    Random random = new Random(8);
    String ends =
        "0 -0 -0x1p-30 -0x1p-28 -0x1.ffffep-29 -0.34 -0.3465735 -0.35 -1.0397 -1.04 -103.27893 -0.25030566469181115 -0.3113195608626796 -0.19199274936172395"
            + " -708.39 -708.4 -709.7 -740 -745.13 -745.14 -1e6";
    double[] given = Arrays.stream(ends.split(" ")).mapToDouble(Double::parseDouble).toArray();
    double[] x = Arrays.copyOf(given, 120);
    for (int i = given.length; i < x.length; i++) {
      x[i] = -random.nextDouble() * (i < 60 ? 1.2 : i < 100 ? 40 : 745);
    }
    vectors.add("exp", "x|y", x, results(x, StrictMath::exp));
  }

  @Test
  void updates() {
    Vectors vectors =
        new Vectors("updates", "steps of optimizers, rates, clipping and input factors");
    Map<String, Optimizer> optimizers =
        new TreeMap<>(
            Map.of(
                "sgd", Optimizer.sgd(),
                "momentum momentum=0.9", Optimizer.momentum(0.9),
                "nesterov momentum=0.9", Optimizer.nesterov(0.9),
                "rmsprop beta2=0.99 epsilon=1e-8", Optimizer.rmsProp(0.99, 1e-8),
                "adam beta1=0.9 beta2=0.95 epsilon=1e-8", Optimizer.adam(0.9, 0.95, 1e-8)));
    optimizers.forEach(
        (name, optimizer) -> {
          steps(vectors, name, optimizer, WeightDecay.l2(0), 0);
          steps(vectors, name, optimizer, WeightDecay.l2(0.1), 0);
        });
    String numbers = " beta1=0.9 beta2=0.999 epsilon=1e-8";
    steps(vectors, "adam" + numbers, Optimizer.adam(), WeightDecay.l2(0), 999);
    steps(vectors, "adamw" + numbers, Optimizer.adam(), WeightDecay.decoupled(0.01), 0);
    rates(vectors);
    clipping(vectors);
    factors(vectors);
    vectors.check();
  }

  /** Takes four steps, in the third of which some gradients are 0, and in the first very small. */
  private static void steps(
      Vectors vectors, String name, Optimizer optimizer, WeightDecay decay, long before) {
    int n = 10;
    Random random = new Random(5);
    float[] weights = new float[n];
    float[][] state = new float[optimizer.rule.arrays()][n];
    for (int i = 0; i < n; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    float[] gradient = new float[n];
    TrainingState run = new TrainingState(weights, weights, state);
    run.steps = before;
    float[] initial = weights.clone();
    Descent descent = run.descent(null, optimizer, decay, gradient, 1 / Math.sqrt(5));
    List<float[]> gradients = new ArrayList<>();
    List<float[]> after = new ArrayList<>();
    for (int step = 0; step < 4; step++) {
      for (int i = 0; i < n; i++) {
        double g = random.nextGaussian();
        gradient[i] = (float) (step == 2 && i % 3 == 0 ? 0 : i < 4 ? Math.scalb(g, -30 * i) : g);
      }
      gradients.add(gradient.clone());
      descent.begin(0.03, ++run.steps);
      descent.applyToWeights(0, 0, n, false);
      after.add(weights.clone());
    }
    vectors.add(
        "four steps at the rate 0.03 / sqrt(5)",
        "optimizer|momentum|beta1|beta2|epsilon|weight decay|steps before|weights|gradients|weights after|states",
        name.split(" ")[0],
        number(name, "momentum"),
        number(name, "beta1"),
        number(name, "beta2"),
        number(name, "epsilon"),
        decay.rate,
        before,
        initial,
        gradients,
        after,
        List.of(state));
  }

  /** Returns a number of an optimizer such as "momentum momentum=0.9", or 0. */
  private static double number(String optimizer, String name) {
    Matcher found = Pattern.compile(" " + name + "=(\\S+)").matcher(optimizer);
    return found.find() ? Double.parseDouble(found.group(1)) : 0;
  }

  private static void rates(Vectors vectors) {
    ScheduleTest.SCHEDULES.forEach(
        (name, schedule) -> {
          Schedule.Rates rates = schedule.begin(0.2);
          double[] found = new double[30];
          for (int epoch = 0; epoch < found.length; epoch++) {
            found[epoch] = rates.rate(epoch);
            rates.observe(epoch, epoch < 6 ? 1.0 / (epoch + 1) : 0.16);
          }
          vectors.add(
              "rates of epochs 0, 1, ... with eta 0.2 and validation losses 1 / (e + 1), from e = 6 on 0.16",
              "schedule|rates",
              schedule.toString(),
              found);
        });
    Schedule.Rates waves = Schedule.cosineLog(3).begin(0.04);
    double[] times = IntStream.range(0, 21).mapToDouble(s -> s / 7 + (s % 7 + 0.5) / 7).toArray();
    vectors.add(
        "cosine-log over 3 epochs with eta 0.04",
        "times|rates",
        times,
        results(times, waves::rate));
    TrainingOptions options = new TrainingOptions();
    options.dropoutEpochs = 3;
    double[] shares =
        IntStream.range(0, 24).mapToDouble(s -> options.dropoutShare(s / 7, s % 7, 7)).toArray();
    vectors.add("flat-cosine over 3 epochs of 7 steps", "shares", shares);
  }

  /** With the odd limits, the order of the sum of squares decides the last bit of the factor. */
  private static void clipping(Vectors vectors) {
    double[][] cases = {
      {1, 0.5},
      {13, 0.5},
      {4096, 0.5},
      {4097, 0x1.a00267ca4f84dp3},
      {9001, 0x1.b432521cc6aaep3},
      {9001, 0x1.c235f25b1487fp3}
    };
    for (double[] each : cases) {
      int n = (int) each[0];
      float[] gradient = new float[n];
      for (int i = 0; i < n; i++) {
        gradient[i] = (i * 7919 % 1009 - 504) / 777f;
      }
      Clipping clipping = new Clipping(each[1], gradient);
      clipping.measure(0, 1);
      vectors.add(
          "factor of clipping for g[i] = f32(i * 7919 mod 1009 - 504) / f32(777)",
          "n|clip-norm|factor",
          n,
          new double[] {each[1]},
          new float[] {clipping.factor()});
    }
  }

  private static void factors(Vectors vectors) {
    int rows = 3;
    int columns = 21;
    Random random = new Random(6);
    float[] v = new float[rows * columns + rows];
    float[] gradient = new float[v.length];
    for (int i = 0; i < v.length; i++) {
      v[i] = (float) random.nextGaussian();
      gradient[i] = (float) random.nextGaussian();
    }
    float[] before = Arrays.copyOf(gradient, rows * columns);
    float[] w = new float[rows * columns];
    ScaledRows.scale(0, rows, columns, v, rows * columns, w);
    ScaledRows.gradients(
        0, rows, columns, v, gradient, rows * columns, new float[ScaledRows.SCRATCH]);
    vectors.add("input factors, after the 3 rows of V", "V, f|W|dW|dV, df", v, w, before, gradient);
  }

  /** Returns the scaled features of all rows. */
  static float[] values(Rows split) {
    float[] all = new float[split.rows() * split.features()];
    split.copyRows(null, 0, split.rows(), all, 0);
    return all;
  }
}
