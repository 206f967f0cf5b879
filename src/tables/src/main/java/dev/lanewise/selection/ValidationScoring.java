package dev.lanewise.selection;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.internal.DatasetState;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.metrics.internal.HeldOut;
import dev.lanewise.metrics.internal.LossChange;
import dev.lanewise.model.Folds;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Mlp;
import dev.lanewise.recipe.Option;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.recipe.RecipeRun;
import dev.lanewise.train.History;
import dev.lanewise.train.Score;
import dev.lanewise.train.TrainerBuilder;
import dev.lanewise.train.TrainingRun;
import dev.lanewise.train.TrainingRun.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Measures each trial on the same rows, on which it was not trained: the validation rows of the
 * data, or where a recipe makes folds of the training rows ({@link dev.lanewise.model.Folds}) each
 * network on its own fold. Test rows are dropped before anything is trained.
 *
 * <p>The best epoch of a training is chosen by the same rows, and so is the best of many trials.
 * The score of the best trial is therefore better than what it will reach on other rows.
 */
public final class ValidationScoring implements TrialScoring {
  private static final int MOST = 20; // selections
  private static final int BEGINNING = 5; // models that a selection begins with

  private final Recipe recipe;
  private final Dataset known; // all rows but those for the test
  private final int[] groups; // of the validation rows
  private final UnaryOperator<TrainerBuilder> further;
  // training and validation rows of each network of a trial
  private final List<Dataset> rows = new ArrayList<>();
  private final Map<String, Interval> intervals = new ConcurrentHashMap<>(); // by sha256

  private ValidationScoring(
      Recipe recipe, Dataset known, int[] groups, UnaryOperator<TrainerBuilder> further) {
    this.recipe = recipe;
    this.known = known;
    this.groups = groups;
    this.further = further;
  }

  /**
   * {@return the scoring by the validation rows of a data set, or by the folds of a recipe}
   *
   * @param recipe decides how many networks a trial has, and by its seed which rows a fold has
   * @param data the rows; those for the test are not used
   * @throws IllegalArgumentException if there are no validation rows, and the recipe makes no folds
   */
  public static ValidationScoring of(Recipe recipe, Dataset data) {
    return of(recipe, data, UnaryOperator.identity());
  }

  /**
   * {@return the scoring of trials with further options, which recipes do not have, such as weights
   * of classes} A trial is measured by probabilities without these weights.
   *
   * @param recipe as for {@link #of(Recipe, Dataset)}
   * @param data likewise
   * @param further sets these options of the trainer of each network
   * @throws IllegalArgumentException likewise
   */
  public static ValidationScoring of(
      Recipe recipe, Dataset data, UnaryOperator<TrainerBuilder> further) {
    Objects.requireNonNull(recipe, "recipe");
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(further, "further");
    Rows validation = data.validation().orElse(null);
    int[] groups = validation == null ? new int[0] : data.groups("valid");
    Dataset known = DatasetState.of(data).with(data.train(), validation, null);
    ValidationScoring scoring = new ValidationScoring(recipe, known, groups, further);
    Recipe own = recipe.withNetworksFor(known);
    for (int m = 0; m < own.members(); m++) {
      int same = m - Folds.COUNT; // has the same fold, whose rows count once
      scoring.rows.add(same < 0 ? own.rows(scoring.known, m) : scoring.rows.get(same));
    }
    if (scoring.rows.get(0).validation().isEmpty()) {
      throw new ArgumentException(
          "no validation rows, expected validation rows to compare trials (such as %s)",
          Remedy.VALIDATION.with());
    }
    return scoring;
  }

  /** {@return the rows on which each network of a trial is measured} */
  List<Rows> validation() {
    return rows.stream().map(part -> part.validation().orElseThrow()).toList();
  }

  /** {@return the number of rows on which a trial is measured} */
  public int validationRows() {
    return validation().stream().distinct().mapToInt(Rows::rows).sum();
  }

  /** {@return the number of rows on which a network of a trial is trained} */
  public int trainingRows() {
    return rows.get(0).train().rows();
  }

  @Override
  public Optional<Result> train(Recipe recipe) {
    Recipe own = recipe.resolvedFor(rows.get(0).train());
    int epochs = Integer.parseInt(own.value("epochs", known.loss(), true));
    RecipeRun run = own.fit(known, further, 1);
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
    if (Double.isFinite(score.loss())) {
      interval(plain).of(score.loss()).ifPresent(i -> intervals.put(run.model().sha256(), i));
    }
    return Optional.of(new Result(score, epochs, run.bestEpoch(), Optional.of(run.model())));
  }

  private LossInterval interval(Model model) {
    LossInterval interval = new LossInterval();
    if (known.validation().isPresent()) {
      interval.add(model, known.validation().get(), groups);
    } else {
      for (int m = 0; m < model.members().size(); m++) {
        interval.add(model.members().get(m), validation().get(m));
      }
    }
    return interval;
  }

  /**
   * {@return how far another sample of as many validation rows may move the loss of a trial: two
   * standard errors on each side, by groups of rows if there are groups} It does not allow for the
   * choice of the best trial by these rows. It is empty for trials that this scoring did not train,
   * and with fewer than ten rows or groups.
   *
   * @param trial a result of a search with this scoring
   */
  public Optional<Interval> interval(Trial trial) {
    return Optional.ofNullable(intervals.get(trial.sha256()));
  }

  /**
   * {@return what a search keeps, which one training can repeat}
   *
   * @param run a search with this scoring
   * @throws IllegalArgumentException as {@link GreedyEnsemble#of}
   */
  public GreedyEnsemble select(SearchRun run) {
    return choose(run).kept();
  }

  /**
   * {@return the greedy selection of the candidates of a search, and whether it is kept} If an
   * option is searched that all networks of a training share, it is the best trial alone.
   *
   * @param run a search with this scoring
   * @throws IllegalArgumentException as {@link GreedyEnsemble#of}
   */
  public SearchChoice choose(SearchRun run) {
    GreedyEnsemble ensemble = ensemble(run);
    if (run.usual().isEmpty()) {
      return new SearchChoice(ensemble, ensemble, Double.NaN, Double.NaN);
    }
    int own = List.copyOf(run.candidates().keySet()).indexOf(run.usual().get());
    List<List<Mlp>> groups = new ArrayList<>();
    int[] after = new int[ensemble.members().size() + 1];
    for (int i = 0; i < ensemble.members().size(); i++) {
      groups.add(networks(run, ensemble.members().get(i)));
      after[i] = ensemble.weights().get(i);
    }
    groups.add(networks(run, own));
    int[] before = new int[after.length];
    before[after.length - 1] = 1;
    boolean isCalibrated = !recipe.value("temperature", known.loss(), true).equals("none");
    LossChange change = HeldOut.of(groups, validation()).change(before, after, isCalibrated);
    GreedyEnsemble usual = new GreedyEnsemble(List.of(own), List.of(1), run.usual().get().loss());
    return new SearchChoice(
        ensemble, change.isGain() ? ensemble : usual, change.mean(), change.error());
  }

  private static List<Mlp> networks(SearchRun run, int candidate) {
    return List.copyOf(run.candidates().values()).get(candidate).members();
  }

  /**
   * {@return the model of a selection, which has the networks of the trials and is what a training
   * with {@link SearchRun#options} gives}
   *
   * @param run a search with this scoring
   * @param selected from its candidates
   */
  public Model model(SearchRun run, GreedyEnsemble selected) {
    Recipe own = recipe.with(run.options(selected)).withNetworksFor(known);
    List<Dataset> parts = new ArrayList<>();
    List<TrainingRun> runs = new ArrayList<>();
    for (int candidate : selected.members()) {
      for (Mlp network : networks(run, candidate)) {
        parts.add(own.rows(known, parts.size()));
        runs.add(new TrainingRun(network, new History(List.of()), Outcome.COMPLETED, 1, -1));
      }
    }
    return RecipeRun.of(own.resolvedFor(parts.get(0).train()), parts, runs).model();
  }

  private GreedyEnsemble ensemble(SearchRun run) {
    boolean differ =
        run.candidates().keySet().stream()
            .flatMap(trial -> trial.options().keySet().stream())
            .anyMatch(option -> Recipe.option(option).isOfTraining());
    int most = Math.max(1, Math.min(MOST, Option.MOST_MEMBERS / rows.size()));
    return select(List.copyOf(run.candidates().values()), differ ? 1 : most);
  }

  /**
   * {@return the greedy selection of trained models, by the predictions of each network on rows
   * that it was not trained on} It begins with the best models, at most five, which were measured
   * alone, and so hardly depends on chance in few rows. Each hundred rows allow another selection.
   *
   * @param models the models of trials of this scoring, the best first
   * @param most largest number of selections
   * @throws IllegalArgumentException as {@link GreedyEnsemble#of}
   */
  public GreedyEnsemble select(List<Model> models, int most) {
    int first = Math.min(most, Math.min(BEGINNING, models.size()));
    int further = Math.min(most - first, HeldOut.furtherSelections(validationRows()));
    return GreedyEnsemble.of(models, validation(), first, further);
  }
}
