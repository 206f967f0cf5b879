package dev.lanewise.selection;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.train.Score;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Order, choice and interruption of trials, whose trainings are played by a formula. */
class SearchTest {
  private static final SearchSpace SPACE =
      SearchSpace.EMPTY.with("learningRate", "1e-3..1").with("dropout", "0..0.5");

  /** Gives a loss by the options and the epochs at once, or after some time. */
  private static final class Formula implements TrialScoring {
    private final AtomicInteger trained = new AtomicInteger();
    private final int delay; // largest, in microseconds

    Formula(int delay) {
      this.delay = delay;
    }

    @Override
    public Optional<Result> train(Recipe recipe) {
      trained.incrementAndGet();
      long end =
          System.nanoTime() + (delay == 0 ? 0 : 1000L * ThreadLocalRandom.current().nextInt(delay));
      do {
        if (Thread.currentThread().isInterrupted()) {
          return Optional.empty();
        }
      } while (System.nanoTime() < end);
      double rate = Double.parseDouble(recipe.value("learningRate", Loss.SOFTMAX, true));
      double dropout = Double.parseDouble(recipe.value("dropout", Loss.SOFTMAX, true));
      double loss = rate > 0.7 ? Double.NaN : Math.rint(9 * dropout + 5 * rate);
      Architecture layers = Architecture.relu(2, List.of(2), 2);
      long seed = Double.doubleToLongBits(rate);
      Model network = Model.of(Mlp.initial(layers, Initializer.COURSE, seed));
      return Optional.of(new Result(new Score(loss, -loss), 90, 1, Optional.of(network)));
    }
  }

  private static Search search(int trials) {
    return Search.of(Recipe.COURSE, SPACE).trials(trials).seed(5);
  }

  private static String text(SearchRun run) {
    return run.trials() + "\n" + run.winner() + "\n" + run.candidates().keySet();
  }

  @Property(tries = 30)
  void resultsDoNotDependOnThreadsOrTime(
      @ForAll @IntRange(min = 1, max = 40) int trials,
      @ForAll @IntRange(min = 2, max = 8) int threads) {
    String expected = text(search(trials).run(new Formula(0)));
    List<Trial> heard = Collections.synchronizedList(new ArrayList<>());
    SearchRun run = search(trials).threads(threads).listener(heard::add).run(new Formula(300));
    assertEquals(expected, text(run));
    assertEquals(run.trials(), heard);
    assertEquals(trials, run.count());
  }

  @Property(tries = 30)
  void aContinuedSearchEndsWithTheSameResults(
      @ForAll @IntRange(min = 1, max = 30) int trials,
      @ForAll @IntRange(min = 1, max = 3) int threads,
      @ForAll @IntRange(min = 0, max = 1000) int share) {
    SearchRun whole = search(trials).run(new Formula(0));
    List<Trial> known = whole.trials().subList(0, whole.trials().size() * share / 1000);
    Formula formula = new Formula(0);
    SearchRun run = search(trials).threads(threads).continued(known).run(formula);
    assertEquals(text(whole), text(run));
    assertEquals(
        whole.candidates().values().stream().map(Model::sha256).toList(),
        run.candidates().values().stream().map(Model::sha256).toList());
    // Only networks that may be needed are trained again.
    int again = formula.trained.get() - (whole.trials().size() - known.size());
    assertTrue(again <= Math.min(known.size(), Search.CANDIDATES), again + " of " + known.size());
  }

  /** The ensemble is compared with the recipe, whose trial is therefore kept, however bad it is. */
  @Test
  void theTrialOfTheRecipeIsACandidate() {
    String own = Recipe.TABLE.value("learningRate", Loss.SOFTMAX, true);
    Model network = Model.of(Mlp.initial(Architecture.relu(2, List.of(2), 2), Initializer.HE, 0));
    TrialScoring worstIsOwn =
        recipe -> {
          String rate = recipe.value("learningRate", Loss.SOFTMAX, true);
          Score score = new Score(rate.equals(own) ? 9 : Double.parseDouble(rate), 0);
          return Optional.of(new TrialScoring.Result(score, 90, 1, Optional.of(network)));
        };
    Search search = Search.of(Recipe.TABLE, SearchSpace.usual(Recipe.TABLE)).trials(40);
    List<Trial> kept = List.copyOf(search.run(worstIsOwn).candidates().keySet());
    assertEquals(Search.CANDIDATES, kept.size());
    assertEquals(1, kept.get(kept.size() - 1).number());
  }

  @Test
  void aTimeEndsASearchWhoseCountRepeatsIt() {
    SearchRun run = search(1).time(Duration.ofMillis(30)).threads(3).run(new Formula(3000));
    assertEquals(text(search(run.count()).run(new Formula(0))), text(run));
    SearchRun none = search(1).time(Duration.ZERO).run(new Formula(0));
    assertEquals(1, none.count());
  }

  @Test
  void trialsThatDivergeComeLast() {
    SearchRun run = search(40).run(new Formula(0));
    List<Trial> diverged = run.trials().stream().filter(trial -> !trial.isMeasured()).toList();
    assertTrue(diverged.size() > 1);
    diverged.forEach(trial -> assertEquals("", trial.sha256()));
    assertTrue(run.candidates().keySet().stream().allMatch(Trial::isMeasured));
    assertEquals(Search.CANDIDATES, run.candidates().size());
    assertEquals(
        run.trials().stream().sorted(Trial.BEST_FIRST).limit(Search.CANDIDATES).toList(),
        List.copyOf(run.candidates().keySet()));
    SearchSpace wild = SearchSpace.EMPTY.with("learningRate", "0.8..1");
    SearchRun nothing = Search.of(Recipe.COURSE, wild).trials(9).run(new Formula(0));
    assertTrue(nothing.winner().isEmpty());
    assertEquals(9, nothing.trials().size());
  }

  @Test
  void aListenerAndAnInterruptEndASearch() {
    int most = 100_000; // more than other threads train while the first one waits for a processor
    for (int threads = 1; threads <= 3; threads++) {
      List<Trial> heard = new ArrayList<>();
      SearchListener five = trial -> heard.add(trial) && heard.size() < 5;
      SearchRun run = search(most).threads(threads).listener(five).run(new Formula(50));
      assertTrue(run.wasEnded());
      assertEquals(heard, run.trials());
      assertTrue(run.trials().size() >= 5 && run.trials().size() < most);
      List<Trial> best = heard.stream().filter(Trial::isMeasured).sorted(Trial.BEST_FIRST).toList();
      assertEquals(
          best.subList(0, Math.min(best.size(), Search.CANDIDATES)),
          List.copyOf(run.candidates().keySet()));
    }
    SearchListener none =
        new SearchListener() {
          @Override
          public boolean onTrial(Trial trial) {
            return true;
          }

          @Override
          public boolean goesOn() {
            return false;
          }
        };
    assertTrue(search(1000).threads(2).listener(none).run(new Formula(5000)).wasEnded());
    Thread.currentThread().interrupt();
    SearchRun run = search(1000).threads(2).run(new Formula(5000));
    assertTrue(Thread.interrupted());
    assertTrue(run.wasEnded() && run.count() < 1000);
  }

  /** An interrupt reaches the threads, which would else end their trainings first. */
  @Test
  void anInterruptEndsTrainingsAtWork() {
    Thread caller = Thread.currentThread();
    AtomicInteger interrupted = new AtomicInteger();
    TrialScoring endless =
        recipe -> {
          caller.interrupt();
          try {
            new CountDownLatch(1).await(20, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            interrupted.incrementAndGet();
          }
          return Optional.empty();
        };
    SearchRun run = search(9).threads(2).run(endless);
    assertTrue(Thread.interrupted());
    assertTrue(interrupted.get() > 0);
    assertTrue(run.wasEnded());
    assertEquals(List.of(), run.trials());
  }

  /** A continued search that is ended has the models of all its best results. */
  @Test
  void modelsOfAnEndedSearchAreTrainedAgain() {
    List<Trial> known = search(8).run(new Formula(0)).trials();
    SearchListener two = trial -> trial.number() < 10;
    SearchRun run = search(99).continued(known).listener(two).run(new Formula(0));
    assertTrue(run.wasEnded());
    SearchRun whole = search(10).run(new Formula(0));
    assertEquals(text(whole), text(run));
    assertEquals(
        whole.candidates().values().stream().map(Model::sha256).toList(),
        run.candidates().values().stream().map(Model::sha256).toList());
  }

  @Test
  void theFirstFailureIsThrown() {
    IllegalStateException failure = new IllegalStateException("seven");
    SearchListener listener =
        trial -> {
          if (trial.number() == 7) {
            throw failure;
          }
          return true;
        };
    Search search = search(30).threads(3).listener(listener);
    assertSame(
        failure, assertThrows(IllegalStateException.class, () -> search.run(new Formula(50))));
  }

  @Test
  void resultsOfAnotherSearchAreRefused() {
    List<Trial> known = search(9).run(new Formula(0)).trials();
    for (Search other :
        List.of(
            search(12).seed(6).continued(known),
            search(3).continued(search(4).run(new Formula(0)).trials()),
            search(8).continued(known))) {
      rejects(() -> other.run(new Formula(0)), "a result of trial ");
    }
    Trial last = known.stream().filter(Trial::isMeasured).reduce((a, b) -> b).orElseThrow();
    List<Trial> changed = new ArrayList<>(known);
    changed.set(
        last.number() - 1,
        new Trial(
            last.number(), last.epochs(), last.options(), 1, last.loss(), last.score(), "0f"));
    rejects(
        () -> search(9).continued(changed).run(new Formula(0)),
        "trial " + last.number() + " now gives Trial[");
  }

  @Test
  void wrongOptionsAreRefused() {
    rejects(() -> Search.of(Recipe.COURSE, SearchSpace.EMPTY));
    rejects(() -> search(0));
    rejects(() -> search(1).threads(0));
  }

  /** Whether a mini-batch has rows for shards must not show after hours of trials. */
  @Test
  void sizesOfBatchesAreNotSearchedWithShards() {
    SearchSpace sizes = SearchSpace.EMPTY.with("batchSize", "32,256");
    Recipe shards = Recipe.TABLE.with("shards", 4);
    rejects(() -> Search.of(shards, sizes), "a search of batchSize with 4 shards");
    Search.of(shards, SearchSpace.EMPTY.with("dropout", "0,0.1"));
    Search.of(Recipe.TABLE, sizes);
  }

  /** A scoring may throw exceptions that it does not declare, as Scala's methods do. */
  @Test
  void noFailureIsLost() {
    IOException failure = new IOException("lost");
    TrialScoring scoring =
        recipe -> {
          throw SearchTest.<RuntimeException>undeclared(failure);
        };
    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> search(3).run(scoring));
    assertEquals(failure, thrown.getCause());
  }

  @SuppressWarnings("unchecked")
  private static <E extends Exception> E undeclared(Exception e) throws E {
    throw (E) e;
  }
}
