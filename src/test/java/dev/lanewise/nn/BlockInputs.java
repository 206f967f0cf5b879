package dev.lanewise.nn;

/** Lets tests decide what the kernels decide when they are compiled. */
public final class BlockInputs {
  private BlockInputs() {}

  /** Has the inputs of a network stand in blocks, or in rows. */
  public static void arrange(Backpropagation network, boolean blocks) {
    network.arrangeInputs(blocks);
  }
}
