package dev.lanewise.train;

import dev.lanewise.kernel.SubnormalUpdates;

/**
 * Which blocks of an optimizer's state hold subnormal numbers. To ask of every number at every step
 * would cost as much as the update, so each block is looked at once in {@value #STEPS} steps: what
 * stands here is a guess, on which time depends and no bit. Threads share it without order.
 */
final class SubnormalState {
  private static final int BLOCK = 1024;
  private static final int STEPS = 64;

  private final float[][] state; // [arrays][parameters]
  private final boolean[] found; // [blocks]

  SubnormalState(float[][] state, int parameters) {
    this.state = state;
    this.found = new boolean[(parameters + BLOCK - 1) / BLOCK];
  }

  /** Whether parameter i is in a block with such numbers. */
  boolean isAt(int i) {
    return found[i / BLOCK];
  }

  /** Where the blocks end that are as that of parameter i, and looks at those whose turn it is. */
  int end(int i, int limit, long step) {
    int block = i / BLOCK;
    look(block, i, limit, step);
    boolean first = found[block];
    int end = Math.min((block + 1) * BLOCK, limit);
    while (end < limit) {
      block++;
      look(block, end, limit, step);
      if (found[block] != first) {
        break;
      }
      end = Math.min((block + 1) * BLOCK, limit);
    }
    return end;
  }

  private void look(int block, int from, int limit, long step) {
    if ((block + step) % STEPS != 0) {
      return;
    }
    int length = Math.min((block + 1) * BLOCK, limit) - from;
    boolean any = false;
    for (float[] array : state) {
      any |= SubnormalUpdates.contains(array, from, length);
    }
    found[block] = any;
  }
}
