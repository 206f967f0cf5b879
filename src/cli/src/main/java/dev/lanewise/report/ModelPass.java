package dev.lanewise.report;

import dev.lanewise.data.Split;
import dev.lanewise.engine.Inference;
import dev.lanewise.engine.ModelAccess;
import dev.lanewise.engine.Network;
import dev.lanewise.kernel.gemm.PackedMatrix;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.nn.Mlp;
import java.util.Arrays;

/**
 * Computes rows through a model and gives access to its layers and logits. The probabilities of a
 * predictor would not do, because different logits may give the same probability.
 */
final class ModelPass {
  /** Rows per batch: enough for an efficient matrix product. */
  static final int ROWS = 128;

  private final Network network;
  private final float[] parameters;
  private final PackedMatrix[] packed;

  ModelPass(Mlp model) {
    network = ModelAccess.of(model).network();
    parameters = ModelAccess.parameters(model);
    packed = Inference.pack(network, parameters);
  }

  /** Makes a workspace for one thread and {@link #ROWS} rows per batch. */
  Inference workspace() {
    return new Inference(network, parameters, packed, ROWS);
  }

  /**
   * Draws rows of positive weight: at most a given number, the first of a shuffle.
   *
   * @return their numbers, ascending
   */
  static int[] draw(Split rows, int most, long seed) {
    int[] order = new int[rows.rows()];
    CounterRandom.permutation(CounterRandom.key(seed, CounterRandom.PERMUTATION, 0), order);
    int[] drawn = Arrays.stream(order).filter(row -> rows.weight(row) > 0).limit(most).toArray();
    Arrays.sort(drawn);
    return drawn;
  }
}
