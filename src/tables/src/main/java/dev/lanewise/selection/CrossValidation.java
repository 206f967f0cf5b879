package dev.lanewise.selection;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.nn.Loss;
import dev.lanewise.parallel.Team;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.recipe.RecipeRun;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.StepResult;
import dev.lanewise.train.TrainingListener;
import dev.lanewise.train.TrainingRun.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Measures a recipe by cross-validation: the rows are divided into folds, and for each fold a model
 * is trained on the other rows and tested on the fold. So every row is predicted by a model that
 * has not seen it, and the folds show how much a score depends on the rows.
 *
 * <p>Everything that is fitted is fitted without the fold: the schema of a table, categories,
 * quantiles, bins, scaling, and the best epoch, for which each training keeps validation rows of
 * its own. Only the kind of the target and its classes come from all rows.
 *
 * <pre>{@code
 * Path file = Path.of("titanic.csv");
 * CrossValidationRun run =
 *     CrossValidation.of(Recipe.TABLE).folds(5).threads(4).run(fold -> Datasets.load(file, fold));
 * double accuracy = run.outOfFold(0).accuracy();
 * }</pre>
 */
public final class CrossValidation {
  private static final int USUAL_FOLDS = 5;

  private final Fitter fitter;
  private int folds = USUAL_FOLDS;
  private int repeats = 1;
  private int threads = 1;
  private DivisionOptions division;
  private CrossValidationListener listener = result -> true;

  private CrossValidation(Fitter fitter, DivisionOptions division) {
    this.fitter = fitter;
    this.division = division;
  }

  /** Loads the rows, divided as it is told. */
  @FunctionalInterface
  public interface Source {
    /**
     * Loads the rows.
     *
     * @param division the fold that is for the test, as in {@code Datasets.load(file, division)}
     * @return the rows
     * @throws IOException if reading fails
     */
    Dataset load(DivisionOptions division) throws IOException;
  }

  /** Trains a model. */
  @FunctionalInterface
  public interface Fitter {
    /**
     * Trains a model on the training and validation rows of a data set. Several threads may call
     * this at the same time.
     *
     * @param data the rows; those for the test must not be used
     * @param threads number of threads that the training may take
     * @param listener follows the training, and may end it
     * @return the trained model
     */
    RecipeRun fit(Dataset data, int threads, TrainingListener listener);
  }

  /**
   * {@return a cross-validation with five folds on one thread, which divides the rows as {@link
   * Recipe#fit} divides a table: with the seed of the recipe, and by its share of validation rows}
   *
   * @param recipe describes each training
   */
  public static CrossValidation of(Recipe recipe) {
    Objects.requireNonNull(recipe, "recipe");
    long seed = Long.parseLong(recipe.value("seed", Loss.SOFTMAX, false));
    DivisionOptions division =
        DivisionOptions.defaults()
            .withSeed(seed)
            .withUsualDivision(recipe.shares(), recipe.isStratified());
    return of(recipe::fit, division);
  }

  /**
   * {@return a cross-validation with five folds on one thread}
   *
   * @param fitter trains each model
   * @param division options of the division, such as groups of rows that stay together, or their
   *     order; without a fold, and without shares of test rows
   */
  public static CrossValidation of(Fitter fitter, DivisionOptions division) {
    Objects.requireNonNull(fitter, "fitter");
    return new CrossValidation(fitter, Objects.requireNonNull(division, "division"));
  }

  /**
   * Sets the number of folds.
   *
   * @param folds at least 2
   * @return this
   */
  public CrossValidation folds(int folds) {
    DivisionOptions.defaults().withFold(0, folds, 0); // throws if it is out of range
    this.folds = folds;
    return this;
  }

  /**
   * Sets how often the rows are divided into folds, each time in another random order.
   *
   * @param repeats at least 1
   * @return this
   */
  public CrossValidation repeats(int repeats) {
    if (repeats < 1) {
      throw ArgumentException.of("repeats", repeats, "at least 1");
    }
    this.repeats = repeats;
    return this;
  }

  /**
   * Keeps the rows of each group on one side, see {@link DivisionOptions#withGroups}.
   *
   * @param column of a table
   * @return this
   */
  public CrossValidation groups(String column) {
    division = division.withGroups(column);
    return this;
  }

  /**
   * Tests each fold on rows that come after its training rows, see {@link
   * DivisionOptions#withOrder}.
   *
   * @param column of a table
   * @return this
   */
  public CrossValidation order(String column) {
    division = division.withOrder(column);
    return this;
  }

  /**
   * Sets how many models are trained at the same time, each on a thread that the run starts. The
   * results do not depend on it.
   *
   * @param threads at least 1
   * @return this
   */
  public CrossValidation threads(int threads) {
    this.threads = Team.checked(threads);
    return this;
  }

  /**
   * Sets who follows the run.
   *
   * @param listener replaces an earlier one
   * @return this
   */
  public CrossValidation listener(CrossValidationListener listener) {
    this.listener = Objects.requireNonNull(listener, "listener");
    return this;
  }

  /**
   * Trains and tests a model for each fold of each repeat. An interrupt of the calling thread ends
   * the run after the current steps, and the thread stays interrupted.
   *
   * @param source loads the rows of each fold; called by one thread at a time
   * @return the results of the folds that were finished
   * @throws IllegalArgumentException if the options do not fit each other or the data, or a
   *     training diverges; the message names the fold
   * @throws IOException if reading fails
   */
  public CrossValidationRun run(Source source) throws IOException {
    Objects.requireNonNull(source, "source");
    DivisionOptions checked = division.withFold(0, folds, repeats - 1);
    return new Work(source, checked).run();
  }

  /** A run: threads that take folds in turns. Fields are guarded by the monitor of this object. */
  private final class Work {
    private final Source source;
    private final DivisionOptions options;
    private final FoldResult[] results = new FoldResult[folds * repeats];
    private int next;
    private int reported;
    private final Workers workers = new Workers();

    Work(Source source, DivisionOptions options) {
      this.source = source;
      this.options = options;
    }

    CrossValidationRun run() throws IOException {
      try {
        int count = Math.min(threads, results.length);
        workers.run(count, "lanewise-fold-", this::work, () -> true);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      List<FoldResult> finished = Arrays.stream(results).filter(Objects::nonNull).toList();
      return new CrossValidationRun(folds, repeats, finished);
    }

    private void work() {
      int at = take();
      while (at >= 0) {
        try {
          FoldResult result = train(at);
          if (result != null) {
            add(at, result);
          }
        } catch (IOException e) {
          workers.fail(at, new UncheckedIOException(e));
        } catch (ArgumentException | ArithmeticException e) {
          String what = "fold " + (at % folds + 1) + " of " + folds;
          what += repeats == 1 ? "" : ", repeat " + (at / folds + 1);
          workers.fail(at, new ArgumentException(Message.of("%s: %s", what, Message.of(e)), e));
        } catch (RuntimeException | Error e) {
          workers.fail(at, e);
        }
        at = take();
      }
    }

    private synchronized int take() {
      return workers.stopped() || next == results.length ? -1 : next++;
    }

    private FoldResult train(int at) throws IOException {
      int repeat = at / folds;
      int fold = at % folds;
      Dataset data;
      synchronized (source) {
        data = source.load(options.withFold(fold, folds, repeat));
      }
      if (data.test().isEmpty()) {
        throw new ArgumentException("no test rows, expected the test rows of the requested fold");
      }
      int each = Math.max(1, threads / results.length);
      RecipeRun run = fitter.fit(data, each, new Brake());
      if (run.outcome() == Outcome.STOPPED) {
        workers.stop();
        return null;
      } else if (run.outcome() == Outcome.DIVERGED) {
        throw new ArgumentException("the training diverged, expected a smaller learning rate");
      }
      Evaluation evaluation = Evaluator.evaluate(run.model(), data.test().get(), each);
      return new FoldResult(
          repeat,
          fold,
          data.train().rows() + data.validation().map(rows -> rows.rows()).orElse(0),
          RowGroups.of(evaluation.rows(), data.groups("test")).count(),
          Arrays.stream(data.tableRows("test")).boxed().toList(),
          evaluation,
          run.history(),
          run.bestEpochs(),
          run.model().sha256());
    }

    /** Adds a result, and reports all results in order that are not followed by a gap. */
    private synchronized void add(int at, FoldResult result) {
      results[at] = result;
      while (reported < results.length && results[reported] != null) {
        if (!listener.onFold(results[reported++])) {
          workers.stop();
        }
      }
    }

    /** Stops a training when the run is to end. */
    private final class Brake implements TrainingListener {
      @Override
      public boolean onStep(StepResult result) {
        if (!listener.onStep()) {
          workers.stop();
        }
        return !workers.stopped();
      }

      @Override
      public boolean onEpoch(EpochResult result) {
        return !workers.stopped();
      }
    }
  }
}
