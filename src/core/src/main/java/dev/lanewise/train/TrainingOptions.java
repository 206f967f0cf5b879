package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.engine.internal.Dropout;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.parallel.ThreadChoice;
import dev.lanewise.train.internal.Peers;
import java.util.Arrays;
import java.util.List;

/**
 * The options of a training. A {@link TrainerBuilder} checks and changes them, and a {@link
 * Trainer} has a copy that does not change. Elements of arrays are never written, so copies share
 * arrays.
 */
final class TrainingOptions implements Cloneable {
  /** Version of the list of settings; a checkpoint with another version is refused. */
  static final String FORMAT = "settings=5";

  int epochs = 1000;
  int batchSize = 100;
  double learningRate = 0.01;
  Optimizer optimizer = Optimizer.sgd();
  Schedule schedule = Schedule.constant();
  WeightDecay weightDecay = WeightDecay.l2(0);
  double clipNorm;
  double dropout;
  // dropout falls to 0 in the second half of these epochs; 0 for constant dropout
  int dropoutEpochs;
  int patience;
  BestEpoch best = BestEpoch.NONE;
  double biasRate = 1;
  boolean ratesByInputs;
  double inputRate; // factor of eta for trained factors of the inputs; 0 for none
  boolean dropsShortBatch;
  double labelSmoothing;
  boolean balancedClasses;
  double[] classWeights = {}; // one per class, or none
  long seed;
  Sampling sampling = Sampling.SHUFFLED;
  int shards = 1;
  int threads = 1;
  double checkpointSeconds;
  TrainingListener[] listeners = {};
  boolean hearsWarnings; // whether any of them can receive warnings

  /** Returns the same options, which later changes to these do not affect. */
  TrainingOptions copy() {
    try {
      return (TrainingOptions) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /** Adds a listener after the others. */
  void add(TrainingListener listener) {
    listeners = Arrays.copyOf(listeners, listeners.length + 1);
    listeners[listeners.length - 1] = listener;
  }

  /** Returns the connection to the other processes of the training, or null. */
  Peers peers() {
    for (TrainingListener listener : listeners) {
      if (listener instanceof Peers peers) {
        return peers;
      }
    }
    return null;
  }

  /** Returns the measure of the best epoch, which a patience always has. */
  BestEpoch best() {
    return patience > 0 && best == BestEpoch.NONE ? BestEpoch.LOSS : best;
  }

  /**
   * Returns everything that the bits of a run and its results depend on, except initial weights and
   * number of epochs: name=value.
   */
  List<String> settings(Dataset data) {
    return List.of(
        FORMAT,
        "data=" + (peers() == null ? Fingerprint.of(data) : peers().data()),
        "batch size=" + batchSize + (shards == 1 ? "" : " in " + shards + " shards"),
        "learning rate=" + Double.toHexString(learningRate),
        "optimizer=" + optimizer.setting(),
        "schedule=" + schedule.setting(),
        "weight decay=" + weightDecay.setting(),
        "clip norm=" + Double.toHexString(clipNorm),
        "dropout="
            + Double.toHexString(dropout)
            + (dropoutEpochs == 0 ? "" : ", flat-cosine over " + dropoutEpochs + " epochs"),
        "patience=" + patience,
        "label smoothing=" + Double.toHexString(labelSmoothing),
        "class weights=" + (balancedClasses ? "balanced" : Settings.of("given", classWeights)),
        "seed=" + seed,
        "sampling=" + sampling.name(),
        "best epoch=" + best(),
        "bias rate=" + Double.toHexString(biasRate),
        "rates by inputs=" + ratesByInputs,
        "input rate=" + Double.toHexString(inputRate),
        "short batch=" + (dropsShortBatch ? "dropped" : "kept"));
  }

  /**
   * Returns the share of the probability of dropout that a step has: 1 in the first half of the
   * schedule's epochs, half a cosine wave down to 0 in the second half, and 0 after them.
   *
   * @param steps the number of steps of an epoch
   */
  double dropoutShare(int epoch, long step, int steps) {
    double t = ((double) epoch * steps + step) / ((double) dropoutEpochs * steps);
    if (dropoutEpochs == 0 || t < 0.5) {
      return 1;
    }
    return t < 1 ? (1 + StrictMath.cos(Math.PI * (2 * t - 1))) / 2 : 0;
  }

  /** Makes the state before the first step. The array of parameters is not copied. */
  TrainingState begin(Mlp initial, float[] parameters) {
    float[] trained =
        inputRate == 0
            ? parameters
            : InputFactors.trained(parameters, initial.architecture().inputs());
    return new TrainingState(
        parameters, trained, new float[optimizer.rule.arrays()][trained.length]);
  }

  /** Makes the workspace of a training with these options. */
  Backpropagation buffers(
      Mlp network, int rows, boolean weighted, Dropout masks, ThreadChoice choice) {
    Backpropagation buffers = MlpState.backpropagation(network, rows, choice.most());
    buffers.smoothLabels(labelSmoothing);
    if (weighted) {
      buffers.weighRows();
    }
    if (masks != null) {
      buffers.setDropout(masks);
    }
    return buffers;
  }
}
