package dev.lanewise.parallel;

import java.util.Arrays;

/**
 * Chooses the number of threads that share the steps of a run: the fastest so far. No result
 * depends on this number, so a clock may decide.
 *
 * <p>The candidates are powers of two and the largest allowed number. A run begins on one thread,
 * because the JVM needs the other cores to compile its code. At intervals a comparison times some
 * steps with the chosen number and with its two neighbours, alternately and several times. If a
 * neighbour is faster, it is chosen, and compared with its own next neighbour. The first
 * comparisons follow at short intervals, because times change while code is being compiled.
 *
 * <p>A comparison is short, so it misses delays that occur in few steps, such as those of a thread
 * that waits for another one on a busy core. So a candidate that took longer between comparisons
 * than in them counts as slower by this factor, which later comparisons forget little by little.
 *
 * <p>The caller measures the times of steps.
 */
public final class ThreadChoice {
  /** Rounds per candidate in a comparison, which takes their median: an odd number. */
  private static final int ROUNDS = 3;

  /** Minimum steps of a round: the first step wakes threads and fills their caches. */
  private static final int STEPS = 2;

  /** Minimum nanoseconds of a round: ten times what it takes to wake a thread. */
  private static final long ROUND = 500_000;

  /**
   * Ratio of the steps between comparisons to those within one; limits the time lost to slow ones.
   */
  private static final int SHARE = 10;

  /** Nanoseconds of steps before the first comparison: until then code is mostly interpreted. */
  private static final long FIRST_PAUSE = 250_000_000;

  /** Nanoseconds of steps between comparisons, after a change of the choice. */
  private static final long SHORTEST_PAUSE = 50_000_000;

  /** Nanoseconds of steps between comparisons, after many of them changed nothing. */
  private static final long LONGEST_PAUSE = 1_000_000_000;

  /** Largest time of a faster candidate relative to the choice, so that noise changes nothing. */
  private static final double LESS = 0.97;

  /** Factor of its expected time that a step counts at most: a longer one is a rare accident. */
  private static final int LONGEST_STEP = 12;

  /** Part of a candidate's excess time that is still remembered after another comparison. */
  private static final double MEMORY = 0.9;

  private final int[] numbers;
  private final long[] taken; // [numbers], steps of each
  private final double[][] times; // [numbers][ROUNDS], nanoseconds per row in this comparison
  private final double[] factors; // [numbers], of the time between comparisons, at least 1

  private int chosen; // an index in numbers
  private int tried; // an index in numbers
  private int direction; // direction of the last changes of chosen, or 0

  private boolean compares;
  private boolean isFirst = true; // whether no comparison is over yet
  private int round;
  private int steps; // steps of the round, or since the last comparison
  private long elapsed; // nanoseconds, likewise
  private double least; // nanoseconds per row in the fastest step of the round
  private int comparedSteps;
  private double expected; // nanoseconds per row of the choice in the last comparison, or 0
  private double spent; // nanoseconds since then
  private long spentRows;
  private long pause = FIRST_PAUSE;

  /** Chooses among some numbers, of which the first is chosen at first. */
  public ThreadChoice(int... numbers) {
    this.numbers = numbers;
    taken = new long[numbers.length];
    times = new double[numbers.length][ROUNDS];
    factors = new double[numbers.length];
    Arrays.fill(factors, 1);
    begin(0);
  }

  /** Chooses a number of threads up to this one, or takes this number if it is fixed. */
  public static ThreadChoice upTo(int threads) {
    int most = Team.most(threads);
    if (Team.isFixed()) {
      return new ThreadChoice(most);
    }
    int powers = 32 - Integer.numberOfLeadingZeros(most - 1); // below the most
    int[] numbers = new int[powers + 1];
    Arrays.setAll(numbers, i -> i < powers ? 1 << i : most);
    return new ThreadChoice(numbers);
  }

  /** Returns the largest of the numbers. */
  public int most() {
    return Arrays.stream(numbers).max().getAsInt();
  }

  /** Returns the chosen number. */
  public int chosen() {
    return numbers[chosen];
  }

  /** Returns the number of threads for the next step: the choice, or another to compare. */
  public int next() {
    return numbers[tried];
  }

  /** Returns the number of threads that most steps used; in a tie, the one chosen last. */
  public int usual() {
    int usual = chosen;
    for (int i = 0; i < numbers.length; i++) {
      usual = taken[i] > taken[usual] ? i : usual;
    }
    return numbers[usual];
  }

  /** Records the time of a step of some rows on {@link #next} threads. */
  public void took(int rows, long nanoseconds) {
    taken[tried]++;
    steps++;
    elapsed += nanoseconds;
    least = Math.min(least, (double) nanoseconds / rows);
    if (compares) {
      comparedSteps++;
      if (steps >= STEPS && elapsed >= ROUND) {
        endRound();
      }
      return;
    }
    spent += Math.min(nanoseconds, LONGEST_STEP * expected * rows);
    spentRows += rows;
    if (steps >= comparedSteps * SHARE && elapsed >= pause && numbers.length > 1) {
      compare();
    }
  }

  private void compare() {
    compares = true;
    comparedSteps = 0;
    round = 0;
    begin(lowest());
  }

  private void begin(int place) {
    tried = place;
    steps = 0;
    elapsed = 0;
    least = Double.MAX_VALUE;
  }

  private int lowest() {
    return Math.max(0, chosen - 1);
  }

  private int highest() {
    return Math.min(numbers.length - 1, chosen + 1);
  }

  private void endRound() {
    times[tried][round] = least;
    if (tried < highest()) {
      begin(tried + 1);
    } else if (++round < ROUNDS) {
      begin(lowest());
    } else {
      decide();
    }
  }

  private void decide() {
    for (int i = 0; i < factors.length; i++) {
      factors[i] = 1 + MEMORY * (factors[i] - 1);
    }
    if (expected > 0 && spentRows > 0) {
      factors[chosen] = Math.max(1, spent / spentRows / expected);
    }
    int quickest = chosen;
    double limit = LESS * factors[chosen] * median(chosen);
    for (int i = lowest(); i <= highest(); i++) {
      double time = factors[i] * median(i);
      if (i != chosen && time < limit) {
        quickest = i;
        limit = time;
      }
    }
    int moved = quickest - chosen;
    boolean goesOn = moved != 0 && moved * direction >= 0;
    chosen = quickest;
    expected = median(chosen);
    spent = 0;
    spentRows = 0;
    direction = moved;
    if (goesOn && chosen > 0 && chosen < numbers.length - 1) {
      compare();
      return;
    }
    direction = 0;
    pause = moved != 0 || isFirst ? SHORTEST_PAUSE : Math.min(2 * pause, LONGEST_PAUSE);
    isFirst = false;
    compares = false;
    begin(chosen);
  }

  private double median(int place) {
    Arrays.sort(times[place]);
    return times[place][ROUNDS / 2];
  }
}
