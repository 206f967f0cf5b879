package dev.lanewise.selection;

import dev.lanewise.format.internal.ArgumentException;
import dev.lanewise.model.Model;
import dev.lanewise.selection.Brackets.Training;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A search at work: threads that take trainings in turns, and results that are recorded in the
 * order of {@link Brackets}. All fields are guarded by the monitor of this object, as long as the
 * threads run.
 */
final class SearchWork {
  private final Search search;
  private final TrialScoring scoring;
  private final Brackets brackets;
  private final List<Trial> results = new ArrayList<>();

  /** The models of the best results; null for a result of an earlier search. */
  private final TreeMap<Trial, Model> best = new TreeMap<>(Trial.BEST_FIRST);

  /** Models of results that were not recorded yet. */
  private final Map<Training, Model> fresh = new LinkedHashMap<>();

  private final Deque<Trial> repeats = new ArrayDeque<>(); // results to be trained again
  private boolean repeating;
  private int working; // threads with a training
  private Workers workers = new Workers();

  SearchWork(Search search, TrialScoring scoring) {
    this.search = search;
    this.scoring = scoring;
    int known = search.known.stream().mapToInt(Trial::number).max().orElse(0);
    long end = search.time == null ? 0 : System.nanoTime() + search.time.toNanos();
    brackets =
        new Brackets(
            search.halving,
            search.trials,
            search.space.beginsWithRecipe(),
            begun ->
                search.time == null || begun == 0 || begun < known || System.nanoTime() - end < 0);
  }

  SearchRun run() {
    search.known.forEach(this::take);
    work();
    best.entrySet().stream()
        .filter(each -> each.getValue() == null && !each.getKey().sha256().isEmpty())
        .forEach(each -> repeats.add(each.getKey()));
    boolean wasEnded = workers.stopped();
    if (!repeats.isEmpty()) {
      repeating = true;
      workers = new Workers();
      work();
      wasEnded |= workers.stopped();
    }
    Map<Trial, Model> candidates = new LinkedHashMap<>(best);
    candidates.values().removeIf(Objects::isNull);
    Optional<Trial> winner =
        results.stream().filter(brackets::isWhole).filter(Trial::isMeasured).min(Trial.BEST_FIRST);
    return new SearchRun(
        List.copyOf(results), winner, Collections.unmodifiableMap(candidates), wasEnded);
  }

  /** Takes a result of an earlier search in place of a training. */
  private void take(Trial trial) {
    Training next = brackets.next();
    Map<String, String> values = next == null ? Map.of() : values(next);
    if (next == null || !next.equals(trainingOf(trial)) || !values.equals(trial.options())) {
      throw new ArgumentException(
          "a result of trial %s, rung %s, with %s, expected %s as in this search (did it have"
              + " another number of trials?)",
          trial.number(),
          trial.rung(),
          trial.options(),
          next == null
              ? "no more"
              : "trial %s, rung %s, with %s".formatted(next.trial(), next.rung(), values));
    }
    for (Trial each : brackets.add(trial)) {
      record(each, null);
    }
  }

  private static Training trainingOf(Trial trial) {
    return new Training(trial.number(), trial.rung());
  }

  private Map<String, String> values(Training training) {
    return search.space.values(search.recipe, search.seed, training.trial());
  }

  /** Adds the next result in order, and keeps its network if it is one of the best. */
  private void record(Trial trial, Model network) {
    results.add(trial);
    if (trial.isMeasured() && brackets.isWhole(trial)) {
      best.put(trial, network);
      if (best.size() > Search.CANDIDATES) {
        Trial last = best.lastKey();
        best.remove(isFirst(last) ? best.lowerKey(last) : last);
      }
    }
  }

  /** Returns whether a trial has the values of the recipe, with which the best are compared. */
  private boolean isFirst(Trial trial) {
    return trial.number() == 1 && search.space.beginsWithRecipe();
  }

  /** Lets threads train until nothing is left. */
  private void work() {
    workers.run(
        search.threads,
        "lanewise-trial-",
        this::train,
        () -> !workers.stopped() && search.listener.goesOn());
  }

  private void train() {
    Training training = next();
    while (training != null) {
      try {
        end(
            training,
            scoring.train(
                search.space.draw(search.recipe, search.seed, training.trial()),
                brackets.divisor(training.rung())));
      } catch (Throwable e) { // also what a scoring throws without declaring it
        workers.fail(training.trial() * Brackets.RUNGS + training.rung(), e);
      } finally {
        leave();
      }
      training = next();
    }
  }

  /** Returns the next training; waits while there may be another; returns null at the end. */
  private synchronized Training next() {
    while (!workers.stopped()) {
      Training next = repeating ? repeat() : brackets.next();
      if (next != null) {
        working++;
        return next;
      } else if (working == 0) {
        break;
      }
      try {
        wait();
      } catch (InterruptedException e) { // the search has ended
        workers.stop();
      }
    }
    notifyAll();
    return null;
  }

  private Training repeat() {
    return repeats.isEmpty() ? null : trainingOf(repeats.poll());
  }

  private synchronized void leave() {
    working--;
    notifyAll();
  }

  /** Records a result, or nothing for a training that was stopped. */
  private synchronized void end(Training training, Optional<TrialScoring.Result> result) {
    if (result.isEmpty()) {
      workers.stop();
      return;
    }
    Trial trial = trial(training, result.get());
    Model network = result.get().model().orElse(null);
    if (repeating) {
      keepRepeated(trial, network);
      return;
    }
    fresh.put(training, network);
    for (Trial each : brackets.add(trial)) {
      record(each, fresh.remove(trainingOf(each)));
      if (!search.listener.onTrial(each)) {
        workers.stop();
      }
    }
  }

  private Trial trial(Training training, TrialScoring.Result result) {
    double loss = result.score().loss();
    boolean isMeasured = Double.isFinite(loss);
    return new Trial(
        training.trial(),
        training.rung(),
        result.epochs(),
        values(training),
        isMeasured ? result.bestEpoch() : -1,
        isMeasured ? loss : Double.NaN,
        isMeasured ? result.score().accuracy() : Double.NaN,
        isMeasured ? result.model().map(Model::sha256).orElse("") : "");
  }

  /** Keeps the network of an earlier result, which must be the same. */
  private void keepRepeated(Trial trial, Model network) {
    Trial earlier = best.floorKey(trial);
    if (!trial.equals(earlier)) {
      throw new ArgumentException(
          "trial %s, rung %s, now gives %s, expected the earlier result (was the data changed?)",
          trial.number(), trial.rung(), trial);
    }
    best.put(earlier, network);
  }
}
