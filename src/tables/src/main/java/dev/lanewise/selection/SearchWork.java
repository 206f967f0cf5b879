package dev.lanewise.selection;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.model.Model;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A search at work: threads that take trials in turns, and results that are recorded in the order
 * of the trials. All fields are guarded by the monitor of this object, as long as the threads run.
 */
final class SearchWork {
  private final Search search;
  private final TrialScoring scoring;
  private final long end; // of the time for trials
  private final List<Trial> results = new ArrayList<>();

  /** The models of the best results; null for a result of an earlier search. */
  private final TreeMap<Trial, Model> best = new TreeMap<>(Trial.BEST_FIRST);

  /** Results that were not recorded yet, by the numbers of trials, and their models. */
  private final Map<Integer, Trial> early = new HashMap<>();

  private final Map<Integer, Model> fresh = new HashMap<>();

  private final Deque<Trial> repeats = new ArrayDeque<>(); // results to be trained again
  private boolean repeating;
  private int begun; // trials
  private Workers workers = new Workers();

  SearchWork(Search search, TrialScoring scoring) {
    this.search = search;
    this.scoring = scoring;
    end = search.time == null ? 0 : System.nanoTime() + search.time.toNanos();
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
    Optional<Trial> winner = results.stream().filter(Trial::isMeasured).min(Trial.BEST_FIRST);
    return new SearchRun(
        List.copyOf(results), winner, Collections.unmodifiableMap(candidates), wasEnded);
  }

  /** Takes a result of an earlier search in place of a training. */
  private void take(Trial trial) {
    int next = nextTrial();
    Map<String, String> values = next == 0 ? Map.of() : values(next);
    if (next == 0 || next != trial.number() || !values.equals(trial.options())) {
      throw new ArgumentException(
          "a result of trial %s with %s, expected %s as in this search (did it have another number"
              + " of trials?)",
          trial.number(),
          trial.options(),
          next == 0 ? "no more" : "trial %s with %s".formatted(next, values));
    }
    record(trial, null);
  }

  /** Returns the number of the next trial; 0 if no other may begin. */
  private int nextTrial() {
    boolean isOver =
        search.time != null
            && begun >= Math.max(1, search.known.size())
            && System.nanoTime() - end >= 0;
    return begun >= search.trials || isOver ? 0 : ++begun;
  }

  private Map<String, String> values(int trial) {
    return search.space.values(search.recipe, search.seed, trial);
  }

  /** Adds the next result in order, and keeps its network if it is one of the best. */
  private void record(Trial trial, Model network) {
    results.add(trial);
    if (trial.isMeasured()) {
      best.put(trial, network);
      if (best.size() > Search.CANDIDATES) {
        Trial last = best.lastKey();
        // The best are compared with the trial that has the values of the recipe.
        boolean isFirst = last.number() == 1 && search.space.beginsWithRecipe();
        best.remove(isFirst ? best.lowerKey(last) : last);
      }
    }
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
    for (int trial = next(); trial > 0; trial = next()) {
      try {
        end(trial, scoring.train(search.space.draw(search.recipe, search.seed, trial)));
      } catch (Throwable e) { // also what a scoring throws without declaring it
        workers.fail(trial, e);
      }
    }
  }

  /** Returns the number of the trial to be trained next; 0 at the end. */
  private synchronized int next() {
    if (workers.stopped()) {
      return 0;
    } else if (repeating) {
      return repeats.isEmpty() ? 0 : repeats.poll().number();
    }
    return nextTrial();
  }

  /** Records a result, or nothing for a training that was stopped. */
  private synchronized void end(int number, Optional<TrialScoring.Result> result) {
    if (result.isEmpty()) {
      workers.stop();
      return;
    }
    Trial trial = trial(number, result.get());
    Model network = result.get().model().orElse(null);
    if (repeating) {
      keepRepeated(trial, network);
      return;
    }
    early.put(number, trial);
    fresh.put(number, network);
    Trial each = early.remove(results.size() + 1);
    while (each != null) {
      record(each, fresh.remove(each.number()));
      if (!search.listener.onTrial(each)) {
        workers.stop();
      }
      each = early.remove(results.size() + 1);
    }
  }

  private Trial trial(int number, TrialScoring.Result result) {
    double loss = result.score().loss();
    boolean isMeasured = Double.isFinite(loss);
    return new Trial(
        number,
        result.epochs(),
        values(number),
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
          "trial %s now gives %s, expected the earlier result (was the data changed?)",
          trial.number(), trial);
    }
    best.put(earlier, network);
  }
}
