package dev.lanewise.selection;

import dev.lanewise.model.Model;
import dev.lanewise.recipe.Recipe;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * The result of a {@link Search}.
 *
 * @param trials all results in their order, which does not depend on threads
 * @param winner the result with the smallest validation loss; empty if there is none
 * @param candidates the models of trials with the smallest validation losses, the best first, by
 *     their results, at most {@link Search#CANDIDATES}. Where the first trial has the values of the
 *     recipe, its model is always among them. They are what a {@link GreedyEnsemble} selects from,
 *     also of a search that was ended; empty if the scoring keeps no models. Models of an earlier
 *     search are missing if their repeated training was ended, too
 * @param wasEnded whether a listener or an interrupt ended the search before its last trial
 */
public record SearchRun(
    List<Trial> trials, Optional<Trial> winner, Map<Trial, Model> candidates, boolean wasEnded) {

  /** {@return the candidate with the values of the recipe; empty if no trial has them} */
  public Optional<Trial> usual() {
    return candidates.keySet().stream().filter(trial -> trial.options().isEmpty()).findFirst();
  }

  /**
   * {@return the options of a selection by their names in {@link Recipe}: those of the only trial,
   * or {@code configurations} with a group for each trial, which train its networks again}
   *
   * @param selected a selection of the models of {@link #candidates}
   */
  public Map<String, String> options(GreedyEnsemble selected) {
    List<Trial> from = List.copyOf(candidates.keySet());
    List<Trial> chosen = selected.members().stream().map(from::get).toList();
    if (chosen.size() == 1) {
      return chosen.get(0).options();
    }
    StringJoiner groups = new StringJoiner("; ");
    for (int i = 0; i < chosen.size(); i++) {
      StringJoiner group = new StringJoiner(" ").add(selected.weights().get(i).toString());
      chosen.get(i).options().forEach((option, value) -> group.add(option + "=" + value));
      groups.add(group.toString());
    }
    return Map.of("configurations", groups.toString());
  }

  /** {@return the number of trials, which as the number of another search repeats this one} */
  public int count() {
    return trials.size();
  }
}
