package dev.lanewise.selection;

import dev.lanewise.format.internal.ArgumentException;
import dev.lanewise.model.Model;
import dev.lanewise.recipe.Recipe;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of a {@link Search}.
 *
 * @param trials all results in their order, which does not depend on threads
 * @param winner the result with the smallest validation loss among those of all epochs; empty if
 *     there is none
 * @param candidates the models with the smallest validation losses, the best first, by their
 *     results: of any number of epochs, at most {@link Search#CANDIDATES}. They are what a {@link
 *     GreedyEnsemble} selects from; empty if the scoring keeps no models, or the search was ended
 * @param wasEnded whether a listener or an interrupt ended the search before its last trial
 */
public record SearchRun(
    List<Trial> trials, Optional<Trial> winner, Map<Trial, Model> candidates, boolean wasEnded) {

  /**
   * {@return the recipe with the options of the winner}
   *
   * @param recipe the recipe that the search changed
   * @throws IllegalArgumentException if there is no winner
   */
  public Recipe winningRecipe(Recipe recipe) {
    Trial best =
        winner.orElseThrow(
            () -> new ArgumentException("a search without a winner, expected a finite loss"));
    return SearchSpace.with(recipe, best.options());
  }

  /** {@return the number of trials, which as the number of another search repeats this one} */
  public int count() {
    return trials.stream().mapToInt(Trial::number).max().orElse(0);
  }
}
