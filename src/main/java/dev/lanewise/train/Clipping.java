package dev.lanewise.train;

import dev.lanewise.kernel.math.GradientNorm;

/**
 * Clipping by global norm (Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent
 * neural networks", 2013), as PyTorch's clip_grad_norm_: with n the Euclidean norm of all gradients
 * they are multiplied by {@code limit / (n + 1e-6)} if that is below 1.
 *
 * <p>The squares are summed over fixed blocks and the blocks in order, whoever sums a block. So the
 * threads must wait for each other twice: until all gradients are there, and until all blocks are.
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

  /** Sums a member's blocks. */
  void measure(int member, int members) {
    int to = Batches.share(blocks.length, member + 1, members);
    for (int b = Batches.share(blocks.length, member, members); b < to; b++) {
      int from = b * BLOCK;
      blocks[b] = GradientNorm.squares(gradient, from, Math.min(BLOCK, gradient.length - from));
    }
  }

  /** What gradients are to be multiplied by, when all blocks are summed. */
  float factor() {
    double sum = 0;
    for (double block : blocks) {
      sum += block;
    }
    // A norm that is not a number leaves the gradients as they are, which diverge by themselves.
    double factor = limit / (Math.sqrt(sum) + EPSILON);
    return factor < 1 ? (float) factor : 1;
  }
}
