package dev.lanewise.train;

import dev.lanewise.data.Split;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;

/**
 * A measure of the network of an epoch, which {@link BestEpoch#by} takes. It is a function of the
 * network and the validation rows alone, so that a resumed run chooses the same epoch.
 */
public interface EpochMeasure {
  /**
   * {@return the name, such as {@code AUC}} A checkpoint keeps it, and a run resumes only with a
   * measure of the same name, so another measure needs another name.
   */
  String name();

  /**
   * Returns whether networks with a loss have this measure; {@link Trainer#fit} refuses others.
   *
   * @param loss the loss of the network
   * @return whether it has
   */
  boolean suits(Loss loss);

  /**
   * Measures a network.
   *
   * @param network the network after the epoch, valid until this method returns
   * @param validation the validation rows, whose weights include those of their classes if the
   *     training has such weights
   * @param threads number of threads of the training
   * @return the value, which is smallest in the best epoch; an epoch with a NaN is never the best
   * @throws ArithmeticException if a result is not finite, in place of a NaN
   */
  double value(Mlp network, Split validation, int threads);
}
