package dev.lanewise.selection;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.nn.Loss;
import dev.lanewise.parallel.Team;
import dev.lanewise.recipe.Recipe;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A random search for the options of a recipe: trains trials with options drawn from a {@link
 * SearchSpace}, and ranks them by their loss on validation rows. Trials, results and winner are the
 * same with any number of threads, on every machine, and after any interruption.
 *
 * <pre>{@code
 * Search search = Search.of(Recipe.TABLE, SearchSpace.usual(Recipe.TABLE)).trials(30).threads(4);
 * ValidationScoring scoring = ValidationScoring.of(Recipe.TABLE, data);
 * SearchRun run = search.run(scoring);
 * Model model = scoring.model(run, scoring.select(run));
 * }</pre>
 *
 * <p>A trial is a training as the recipe describes it: {@link Recipe#fit} gives the same weights
 * with the options of the trial and the same epochs. If the first trial has the values of the
 * recipe ({@link SearchSpace#usual}), the winner has a smaller validation loss than the recipe or
 * equals it.
 */
public final class Search {
  /** How many models a search keeps. */
  public static final int CANDIDATES = 20;

  private static final int USUAL_TRIALS = 30;
  private static final int MOST_TRIALS = 1_000_000;

  final Recipe recipe;
  final SearchSpace space;
  long seed;
  int trials = USUAL_TRIALS;
  Duration time; // null: a number of trials
  int threads = 1;
  SearchListener listener = trial -> true;
  List<Trial> known = List.of();

  private Search(Recipe recipe, SearchSpace space) {
    this.recipe = recipe;
    this.space = space;
  }

  /**
   * {@return a search of 30 trials on one thread}
   *
   * @param recipe the options that the space does not have
   * @param space the options to search, at least one
   * @throws IllegalArgumentException if the space has no options, the recipe has groups of
   *     networks, or it has shards and the space sizes of mini-batches
   */
  public static Search of(Recipe recipe, SearchSpace space) {
    Objects.requireNonNull(recipe, "recipe");
    if (space.options().isEmpty()) {
      throw new ArgumentException(
          "a search without options, expected a range or several values of at least one option");
    } else if (recipe.hasGroups()) {
      throw new ArgumentException(
          "a search of a recipe with groups of networks, expected one without configurations, as a"
              + " search selects groups itself");
    }
    String shards = recipe.value("shards", Loss.SOFTMAX, true);
    if (space.options().contains("batchSize") && !shards.equals("1")) {
      throw new ArgumentException(
          "a search of batchSize with %s shards, expected 1 shard or one batchSize, as small"
              + " mini-batches cannot have shards",
          shards);
    }
    return new Search(recipe, space);
  }

  /**
   * Sets the seed of the draws. The trainings have the seed of the recipe.
   *
   * @param seed any number; 0 is the default
   * @return this
   */
  public Search seed(long seed) {
    this.seed = seed;
    return this;
  }

  /**
   * Sets the number of trials, and no time.
   *
   * @param trials at least 1
   * @return this
   */
  public Search trials(int trials) {
    if (trials < 1 || trials > MOST_TRIALS) {
      throw ArgumentException.of("trials", trials, "a whole number from 1 to " + MOST_TRIALS);
    }
    this.trials = trials;
    time = null;
    return this;
  }

  /**
   * Begins trials until a time is over instead of after a number of trials. What has begun is
   * finished. A search of {@link SearchRun#count} trials repeats this one.
   *
   * @param time from the call of {@link #run}
   * @return this
   */
  public Search time(Duration time) {
    this.time = Objects.requireNonNull(time, "time");
    trials = MOST_TRIALS;
    return this;
  }

  /**
   * Sets the number of trials that are trained at the same time, each on a thread that the search
   * starts. The results do not depend on it.
   *
   * @param threads at least 1
   * @return this
   */
  public Search threads(int threads) {
    this.threads = Team.checked(threads);
    return this;
  }

  /**
   * Sets who follows the search.
   *
   * @param listener replaces an earlier one
   * @return this
   */
  public Search listener(SearchListener listener) {
    this.listener = Objects.requireNonNull(listener, "listener");
    return this;
  }

  /**
   * Continues an earlier search. Its results are not trained again, except those whose networks are
   * among the candidates; the listener is not called for them.
   *
   * @param known the first results of a search with the same data and options, in their order
   * @return this
   */
  public Search continued(List<Trial> known) {
    this.known = List.copyOf(known);
    return this;
  }

  /**
   * Runs the search on threads that have ended when this returns. An interrupt of the calling
   * thread ends the search, and the thread stays interrupted. The results up to then can be
   * continued, and a {@link GreedyEnsemble} be selected from their models.
   *
   * @param scoring trains and measures the trials
   * @return the results
   * @throws IllegalArgumentException if the results to continue are not those of this search, if a
   *     trial's options do not fit the data, or if the weights of a result are not repeated
   */
  public SearchRun run(TrialScoring scoring) {
    return new SearchWork(this, Objects.requireNonNull(scoring, "scoring")).run();
  }
}
