package dev.lanewise.train;

import dev.lanewise.engine.internal.Step;
import dev.lanewise.kernel.math.GradientNorm;

/**
 * Clips gradients by their global norm (Pascanu, Mikolov and Bengio, "On the difficulty of training
 * recurrent neural networks", 2013), as PyTorch's clip_grad_norm_ does: if n is the Euclidean norm
 * of all gradients, they are multiplied by {@code limit / (n + 1e-6)} where that is below 1.
 *
 * <p>Squares are summed in fixed blocks, and the sums of blocks are added in order, so the result
 * does not depend on the threads. Threads wait for each other twice: until all gradients are
 * computed, and until all blocks are summed.
 */
final class Clipping {
  private static final int BLOCK = 4096;
  private static final double EPSILON = 1e-6; // PyTorch's

  private final double limit;
  private final float[] gradient;
  private final double[] blocks;

  Clipping(double limit, float[] gradient) {
    this.limit = limit;
    this.gradient = gradient;
    this.blocks = new double[(gradient.length - 1) / BLOCK + 1];
  }

  /** Sums the squares in a member's blocks. */
  void measure(int member, int members) {
    int to = Step.share(blocks.length, member + 1, members);
    for (int b = Step.share(blocks.length, member, members); b < to; b++) {
      blocks[b] = GradientNorm.squares(gradient, b * BLOCK, length(b));
    }
  }

  /** Returns the factor for the gradients, after all blocks are summed. */
  float factor() {
    double sum = 0;
    for (double block : blocks) {
      sum += block;
    }
    // If the norm is NaN, the gradients stay as they are, and the training diverges.
    double factor = limit / (Math.sqrt(sum) + EPSILON);
    return factor < 1 ? (float) factor : 1;
  }

  /** Multiplies the gradients in a member's blocks, after all blocks are summed. */
  void scale(int member, int members) {
    float factor = factor();
    int to = Step.share(blocks.length, member + 1, members);
    for (int b = Step.share(blocks.length, member, members); factor < 1 && b < to; b++) {
      GradientNorm.scale(factor, gradient, b * BLOCK, length(b));
    }
  }

  private int length(int block) {
    return Math.min(BLOCK, gradient.length - block * BLOCK);
  }
}
