package dev.lanewise.selection;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.data.internal.DataParts;
import dev.lanewise.format.internal.ArgumentException;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Model;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.recipe.RecipeRun;
import dev.lanewise.train.Score;
import dev.lanewise.train.TrainingRun.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Measures each trial on the same rows, on which it was not trained: the validation rows of the
 * data, or where a recipe makes folds of the training rows ({@link dev.lanewise.model.Folds}) each
 * network on its own fold. Test rows are dropped before anything is trained.
 *
 * <p>The best epoch of a training is chosen by the same rows, and so is the best of many trials.
 * The score of the best trial is therefore better than what it will reach on other rows.
 */
public final class ValidationScoring implements TrialScoring {
  private static final String EPOCHS = "epochs";

  private final Dataset known; // all rows but those for the test
  // training and validation rows of each network of a trial
  private final List<Dataset> rows = new ArrayList<>();

  private ValidationScoring(Dataset known) {
    this.known = known;
  }

  /**
   * {@return the scoring by the validation rows of a data set, or by the folds of a recipe}
   *
   * @param recipe decides how many networks a trial has, and by its seed which rows a fold has
   * @param data the rows; those for the test are not used
   * @throws IllegalArgumentException if there are no validation rows, and the recipe makes no folds
   */
  public static ValidationScoring of(Recipe recipe, Dataset data) {
    Objects.requireNonNull(recipe, "recipe");
    Objects.requireNonNull(data, "data");
    Split validation = data.validation().orElse(null);
    ValidationScoring scoring =
        new ValidationScoring(DataParts.access().with(data, data.train(), validation, null));
    for (int m = 0; m < recipe.members(); m++) {
      scoring.rows.add(recipe.rows(scoring.known, m));
    }
    if (scoring.rows.get(0).validation().isEmpty()) {
      throw new ArgumentException(
          "no validation rows, expected validation rows to compare trials (such as %s)",
          Remedy.VALIDATION.with());
    }
    return scoring;
  }

  /** {@return the rows on which each network of a trial is measured} */
  List<Split> validation() {
    return rows.stream().map(part -> part.validation().orElseThrow()).toList();
  }

  /** {@return the number of rows on which a trial is measured} */
  public int validationRows() {
    return validation().stream().distinct().mapToInt(Split::rows).sum();
  }

  /** {@return the number of rows on which a network of a trial is trained} */
  public int trainingRows() {
    return rows.get(0).train().rows();
  }

  @Override
  public Optional<Result> train(Recipe recipe, int divisor) {
    Recipe own = recipe.forRows(rows.get(0).train());
    int epochs = Integer.parseInt(own.value(EPOCHS, known.loss(), true));
    if (divisor > 1) {
      epochs = Math.max(1, epochs / divisor);
      own = own.with(EPOCHS, epochs);
    }
    RecipeRun run = own.fit(known);
    if (run.outcome() == Outcome.STOPPED) {
      return Optional.empty();
    } else if (run.outcome() == Outcome.DIVERGED) {
      Score none = new Score(Double.NaN, Double.NaN);
      return Optional.of(new Result(none, epochs, -1, Optional.empty()));
    }
    Model plain = run.model().withCalibration(Optional.empty()); // whose rows these are
    Score score =
        known
            .validation()
            .map(split -> Evaluator.score(plain, split, 1))
            .or(() -> Evaluator.validation(run.model().members(), rows, 1))
            .orElseThrow();
    return Optional.of(new Result(score, epochs, run.bestEpoch(), Optional.of(run.model())));
  }

  /**
   * {@return the greedy selection of trained models, by the predictions of each network on rows
   * that it was not trained on}
   *
   * @param models the models of trials of this scoring
   * @param most largest number of selections
   * @throws IllegalArgumentException as {@link GreedyEnsemble#of}
   */
  public GreedyEnsemble select(List<Model> models, int most) {
    return GreedyEnsemble.of(models, validation(), most);
  }
}
