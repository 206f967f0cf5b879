package dev.lanewise.selection;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.data.internal.DataParts;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.Remedy;
import dev.lanewise.metrics.Score;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.Evaluator;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.StepResult;
import dev.lanewise.train.TrainingListener;
import dev.lanewise.train.TrainingRun;
import dev.lanewise.train.TrainingRun.Outcome;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Measures each trial on the same validation rows: those of the data, or where a recipe makes folds
 * of the training rows ({@link dev.lanewise.data.Folds}) those of its first fold. Test rows are
 * dropped before anything is trained.
 *
 * <p>The best epoch of a training is chosen by the same rows, and so is the best of many trials.
 * The score of the best trial is therefore better than what it will reach on other rows.
 */
public final class ValidationScoring implements TrialScoring {
  private static final String EPOCHS = "epochs";

  private final Dataset all; // rows of all folds, by which bins are computed
  private final Dataset rows;

  private ValidationScoring(Dataset all, Dataset rows) {
    this.all = all;
    this.rows = rows;
  }

  /**
   * {@return the scoring by the validation rows of a data set}
   *
   * @param recipe decides by its seed which rows a fold has
   * @param data the rows; those for the test are not used
   * @throws IllegalArgumentException if there are no validation rows, and the recipe makes no folds
   */
  public static ValidationScoring of(Recipe recipe, Dataset data) {
    Objects.requireNonNull(recipe, "recipe");
    Objects.requireNonNull(data, "data");
    DataParts parts = DataParts.access();
    Dataset known = parts.withOthers(data, data.validation().orElse(null), null);
    Dataset rows = recipe.rows(known, 0);
    if (rows.validation().isEmpty()) {
      throw new ArgumentException(
          "no validation rows, expected some to compare trials (such as %s)",
          Remedy.VALIDATION.with());
    }
    // A network that remembers folds would be measured on a fold by its place in an ensemble, and
    // all networks of a search have the same fold.
    return new ValidationScoring(known, parts.withOrigin(rows, parts.origin(known)));
  }

  /** {@return the rows on which trials are measured} */
  public Split validation() {
    return rows.validation().orElseThrow();
  }

  /** {@return the number of rows on which trials are trained} */
  public int trainingRows() {
    return rows.train().rows();
  }

  @Override
  public Optional<Result> train(Recipe recipe, int divisor, BooleanSupplier goesOn) {
    Recipe own = recipe.forRows(rows.train());
    int epochs = Integer.parseInt(own.value(EPOCHS, all.loss(), true));
    if (divisor > 1) {
      epochs = Math.max(1, epochs / divisor);
      own = own.with(EPOCHS, epochs);
    }
    TrainingRun run =
        own.trainer(all.loss(), true)
            .listener(new Brake(goesOn))
            .threads(1)
            .build()
            .fit(own.network(all), rows);
    if (run.outcome() == Outcome.STOPPED) {
      return Optional.empty();
    }
    Score score = new Score(Double.NaN, Double.NaN);
    Mlp network = run.model();
    if (run.outcome() != Outcome.DIVERGED) {
      score = Evaluator.score(network, validation(), 1);
    }
    return Optional.of(new Result(score, epochs, run.bestEpoch(), Optional.of(network)));
  }

  /** Stops a training when it is asked to. */
  private record Brake(BooleanSupplier goesOn) implements TrainingListener {
    @Override
    public boolean onStep(StepResult result) {
      return goesOn.getAsBoolean();
    }

    @Override
    public boolean onEpoch(EpochResult result) {
      return true;
    }
  }
}
