package dev.lanewise.selection;

import dev.lanewise.metrics.Score;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.Recipe;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Trains what a recipe describes, and measures it on rows that it was not trained on: by one
 * validation split ({@link ValidationScoring}), or in another way such as folds.
 */
@FunctionalInterface
public interface TrialScoring {
  /**
   * The result of a training.
   *
   * @param score on the rows that were not trained on; not finite if the training diverged
   * @param epochs the number of epochs that the training was to take
   * @param bestEpoch the epoch whose weights the network has; -1 for those of the last step
   * @param network the trained network; empty if the score is of several networks
   */
  record Result(Score score, int epochs, int bestEpoch, Optional<Mlp> network) {}

  /**
   * Trains and measures on the calling thread. The result depends on the first two arguments alone.
   * Several threads may call this at the same time.
   *
   * @param recipe the options of the training
   * @param divisor by which the number of epochs is divided, rounded down but at least 1; schedules
   *     then have the smaller number of epochs, too
   * @param goesOn is asked after each step; if it returns false, the training stops
   * @return the result; empty if the training was stopped
   */
  Optional<Result> train(Recipe recipe, int divisor, BooleanSupplier goesOn);
}
