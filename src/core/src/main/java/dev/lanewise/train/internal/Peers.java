package dev.lanewise.train.internal;

import dev.lanewise.train.EpochResult;
import dev.lanewise.train.TrainingListener;

/**
 * A listener that connects a training in shards with the trainings of other processes. All of them
 * take the same steps and keep all parameters. Each has the rows of some consecutive shards, in the
 * order of all rows, and computes the gradients of these. All have all validation rows.
 */
public interface Peers extends TrainingListener {
  /** Returns the first shard of this process. */
  int firstShard();

  /** Returns the shard after the last one of this process. */
  int endShard();

  /** Returns the number of training rows of all processes. */
  int rows();

  /** Returns a text that identifies the rows of all processes, for checkpoints. */
  String data();

  /**
   * Exchanges the sums of a step with the other processes.
   *
   * @param subtrees the gradient of each {@link Subtree} of this process, in the layout of the
   *     parameters; the first array is overwritten by the gradient of all shards
   * @param length the number of parameters
   * @param tallies sums of losses of the shards of this process, one after the other
   * @return the same of all shards
   */
  double[] exchange(float[][] subtrees, int length, double[] tallies);

  /** Lets the training go on. */
  @Override
  default boolean onEpoch(EpochResult result) {
    return true;
  }

  /** Returns whether a value is true in all processes. */
  boolean all(boolean own);
}
