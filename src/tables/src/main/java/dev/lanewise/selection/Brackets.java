package dev.lanewise.selection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The trainings of a search in their order: synchronous successive halving (Jamieson and Talwalkar,
 * "Non-stochastic best arm identification and hyperparameter optimization", 2016). The trials of a
 * bracket do a part of their work, the best third of them three times as much, and so on until they
 * are trained as a whole. A rung begins when the one before it is complete, so which trials are the
 * best does not depend on time. Without halving, a bracket is a single trial at full length.
 *
 * <p>Brackets do not depend on each other: while one waits for its last training, others are at
 * work. Not thread-safe.
 */
final class Brackets {
  /** Share of the trials of a rung that goes on, and factor of the work. */
  static final int FACTOR = 3;

  /** Rungs with halving: a ninth of the work, a third, and all. */
  static final int RUNGS = 3;

  /** A training: of a trial, on a rung from 1. */
  record Training(int trial, int rung) {}

  private final int rungs;
  private final int size; // trials of a bracket
  private final int most; // trials
  private final boolean keepsFirst; // whether the first trial climbs whatever its loss
  private final IntPredicate begins; // whether the bracket of a first trial may begin
  private final List<Bracket> open = new ArrayList<>(); // brackets with results that were not taken
  private int begun; // trials
  private boolean isFull;

  /**
   * Begins without trainings.
   *
   * @param most largest number of trials
   * @param keepsFirst whether the first trial is trained as a whole, even if it is not among the
   *     best third of its bracket
   * @param begins is asked for the number of trials so far before a bracket begins
   */
  Brackets(boolean halving, int most, boolean keepsFirst, IntPredicate begins) {
    rungs = halving ? RUNGS : 1;
    size = halving ? (int) StrictMath.pow(FACTOR, RUNGS - 1) : 1;
    this.most = most;
    this.keepsFirst = keepsFirst;
    this.begins = begins;
  }

  /** Returns the divisor of the work on a rung, from 1. */
  int divisor(int rung) {
    return (int) StrictMath.pow(FACTOR, rungs - rung);
  }

  /** Returns whether a result is one of a trial that was trained as a whole. */
  boolean isWhole(Trial trial) {
    return trial.rung() == rungs;
  }

  /** Returns the next training; null if there is none before a result is added, or at all. */
  Training next() {
    for (Bracket bracket : open) {
      if (bracket.given < bracket.rung.size()) {
        return bracket.give();
      }
    }
    isFull |= begun >= most || !begins.test(begun);
    if (isFull) {
      return null;
    }
    int count = Math.min(size, most - begun);
    open.add(new Bracket(IntStream.rangeClosed(begun + 1, begun + count).boxed().toList()));
    begun += count;
    return open.get(open.size() - 1).give();
  }

  /** Adds a result, and returns all results that are next in order. */
  List<Trial> add(Trial result) {
    Bracket own = open.stream().filter(bracket -> bracket.has(result)).findFirst().orElseThrow();
    own.add(result);
    List<Trial> taken = new ArrayList<>();
    while (!open.isEmpty()) {
      Bracket first = open.get(0);
      first.takeInto(taken);
      if (!first.isOver()) {
        break;
      }
      open.remove(0);
    }
    return taken;
  }

  /** Some trials, of which the best are trained again. */
  private final class Bracket {
    private List<Integer> rung; // numbers of trials, ascending
    private int number = 1; // number of the rung
    private int best; // how many trials are on the rung for their loss
    private int given; // trainings of the rung
    // results of the rung, in the order of their numbers
    private final List<Trial> results = new ArrayList<>();
    private int known; // results that follow each other from the first trial of the rung
    private final List<Trial> ordered = new ArrayList<>(); // results to be taken, in order

    Bracket(List<Integer> trials) {
      rung = trials;
      best = trials.size();
    }

    Training give() {
      return new Training(rung.get(given++), number);
    }

    boolean has(Trial result) {
      return number == result.rung() && rung.contains(result.number());
    }

    boolean isOver() {
      return rung.isEmpty() && ordered.isEmpty();
    }

    void add(Trial result) {
      results.add(result);
      results.sort(Comparator.comparingInt(Trial::number));
      while (known < results.size() && results.get(known).number() == rung.get(known)) {
        ordered.add(results.get(known++));
      }
      if (known == rung.size()) {
        climb();
      }
    }

    /** Begins the next rung with the best third of the trials. */
    private void climb() {
      best = number == rungs ? 0 : (best + FACTOR - 1) / FACTOR;
      List<Trial> measured =
          results.stream().filter(Trial::isMeasured).sorted(Trial.BEST_FIRST).toList();
      rung =
          measured.stream()
              .filter(each -> measured.indexOf(each) < best || isKept(each))
              .map(Trial::number)
              .sorted()
              .toList();
      results.clear();
      known = 0;
      given = 0;
      number++;
    }

    private boolean isKept(Trial trial) {
      return keepsFirst && trial.number() == 1 && number < rungs;
    }

    void takeInto(List<Trial> all) {
      all.addAll(ordered);
      ordered.clear();
    }
  }
}
