package dev.lanewise.metrics;

import dev.lanewise.data.Split;
import dev.lanewise.engine.Inference;
import dev.lanewise.engine.ModelAccess;
import dev.lanewise.engine.Network;
import dev.lanewise.kernel.gemm.PackedMatrix;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.nn.Mlp;
import java.util.Arrays;

/**
 * Rows through a model, whose layers can be looked at. A predictor would give probabilities, of
 * which several may be one float where the logits differ.
 */
final class ModelPass {
  /** Rows at a time: as many as make a matrix product worth it. */
  static final int ROWS = 128;

  private final Network network;
  private final float[] parameters;
  private final PackedMatrix[] packed;

  ModelPass(Mlp model) {
    network = ModelAccess.of(model).network();
    parameters = ModelAccess.parameters(model);
    packed = Inference.pack(network, parameters);
  }

  /** A workspace for one thread, for {@link #ROWS} rows at a time. */
  Inference workspace() {
    return new Inference(network, parameters, packed, ROWS);
  }

  /**
   * Rows that weigh something: at most so many, the first of a shuffle.
   *
   * @return their numbers, ascending
   */
  static int[] draw(Split rows, int most, long seed) {
    if (most < 1) {
      throw new IllegalArgumentException("a draw of " + most + " rows: must be at least 1");
    }
    int[] order = new int[rows.rows()];
    CounterRandom.permutation(CounterRandom.key(seed, CounterRandom.PERMUTATION, 0), order);
    int[] drawn = Arrays.stream(order).filter(row -> rows.weight(row) > 0).limit(most).toArray();
    Arrays.sort(drawn);
    return drawn;
  }
}
