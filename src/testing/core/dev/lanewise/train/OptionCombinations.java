package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Trains with every option alone and with some combinations, and computes digests. As a program, it
 * prints the digests, so that they can be compared with those of other kernels.
 */
final class OptionCombinations {
  private static final int DRAWN = 6;

  /** A network so wide that threads share a step. */
  private static final Mlp INITIAL =
      Mlp.initial(Architecture.relu(144, List.of(110, 67), 5), Initializer.GLOROT, 3);

  private interface Option {
    TrainerBuilder on(TrainerBuilder builder);
  }

  /** Groups of options that exclude each other. */
  private static final Option[][] GROUPS = {
    {
      b -> b.optimizer(Optimizer.momentum(0.8)),
      b -> b.optimizer(Optimizer.nesterov(0.9)),
      b -> b.optimizer(Optimizer.rmsProp(0.9, 1e-6)).learningRate(1e-3),
      b -> b.optimizer(Optimizer.adam(0.9, 0.99, 1e-8)).learningRate(1e-3),
      b ->
          b.optimizer(Optimizer.adam(0.8, 0.999, 1e-7))
              .weightDecay(WeightDecay.decoupled(0.1))
              .learningRate(1e-3)
    },
    {
      b -> b.schedule(Schedule.step(2, 0.5)),
      b -> b.schedule(Schedule.exponential(0.7)),
      b -> b.schedule(Schedule.inverse(0.5)),
      b -> b.schedule(Schedule.cosine(3, 1e-4)),
      b -> b.schedule(Schedule.plateau(0, 0.3, 0)),
      b -> b.schedule(Schedule.constant().withWarmup(2)),
      b -> b.schedule(Schedule.cosine(2, 0).withWarmup(2)),
      b -> b.schedule(Schedule.cosineLog(4)),
      b -> b.schedule(Schedule.cosineLog(3).withWarmup(1))
    },
    {b -> b.weightDecay(WeightDecay.l2(0.05)), b -> b.weightDecay(WeightDecay.decoupled(0.3))},
    {b -> b.clipNorm(0.3), b -> b.clipNorm(1e-3)},
    {b -> b.dropout(0.2), b -> b.dropout(0.5), b -> b.dropout(0.4).flatCosineDropout(4)},
    {b -> b.patience(1)},
    {
      b -> b.best(BestEpoch.LOSS),
      b -> b.best(BestEpoch.LAST_LOSS),
      b -> b.best(BestEpoch.ERROR),
      b -> b.best(BestEpoch.LAST_ERROR)
    },
    {b -> b.biasRate(0.1), b -> b.biasRate(0)},
    {b -> b.ratesByInputs(true)},
    {b -> b.inputRate(6), b -> b.inputRate(0.3)},
    {b -> b.dropShortBatch(true)},
    {b -> b.batchSize(-1), b -> b.batchSize(50)},
    {b -> b.sampling(Sampling.SEQUENTIAL), b -> b.sampling(Sampling.BALANCED)},
    {b -> b.labelSmoothing(0.1)},
    {b -> b.classWeights(1, 2, 0.5, 3, 1), b -> b.balancedClassWeights()},
    {b -> b.seed(-8)}
  };

  private OptionCombinations() {}

  /** Returns the trainings by names that say which options were chosen. */
  static Map<String, TrainerBuilder> all() {
    Map<String, TrainerBuilder> all = new LinkedHashMap<>();
    all.put("none", plain());
    for (int g = 0; g < GROUPS.length; g++) {
      for (int o = 0; o < GROUPS[g].length; o++) {
        all.put("only " + g + "." + o, GROUPS[g][o].on(plain()));
      }
    }
    Random random = new Random(1);
    for (int i = 0; i < DRAWN; i++) {
      TrainerBuilder builder = plain();
      StringBuilder name = new StringBuilder("drawn");
      for (int g = 0; g < GROUPS.length; g++) {
        int o = random.nextInt(GROUPS[g].length + 1);
        if (o < GROUPS[g].length) {
          GROUPS[g][o].on(builder);
          name.append(' ').append(g).append('.').append(o);
        }
      }
      all.put(name.toString(), builder);
    }
    return all;
  }

  private static TrainerBuilder plain() {
    return Trainer.builder().epochs(4).batchSize(64).learningRate(0.1);
  }

  static final Dataset DATA = ArrayData.load(Resources.file("reference_data.npz"));

  /** Returns a digest of the weights, and all losses. */
  static String digest(TrainingRun run) {
    StringBuilder digest = new StringBuilder(run.model().sha256());
    for (EpochResult result : run.history().results()) {
      digest.append(' ').append(Double.toHexString(result.trainLossMean()));
      digest.append(' ').append(Double.toHexString(result.validLoss()));
    }
    return digest.toString();
  }

  static TrainingRun run(TrainerBuilder builder, int threads) {
    return builder.threads(threads).build().fit(INITIAL, DATA);
  }

  public static void main(String[] args) {
    for (TrainerBuilder builder : all().values()) {
      System.out.println(digest(run(builder, 1)));
    }
  }
}
