package dev.lanewise.selection;

import dev.lanewise.model.Model;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.train.Score;
import java.util.Optional;

/**
 * Trains what a recipe describes, and measures it on rows that it was not trained on: by one
 * validation split or the folds of a recipe ({@link ValidationScoring}), or in another way.
 */
@FunctionalInterface
public interface TrialScoring {
  /**
   * The result of a training.
   *
   * @param score on rows that were not trained on; not finite if the training diverged
   * @param epochs the number of epochs that the training was to take
   * @param bestEpoch the epoch whose weights the only network has; -1 for the weights of the last
   *     step, or for several networks
   * @param model the trained model; empty if the scoring keeps none
   */
  record Result(Score score, int epochs, int bestEpoch, Optional<Model> model) {}

  /**
   * Trains and measures. The result depends on the arguments alone. Several threads may call this
   * at the same time. An interrupt of the calling thread stops the training.
   *
   * @param recipe the options of the training
   * @return the result; empty if the training was stopped
   */
  Optional<Result> train(Recipe recipe);
}
