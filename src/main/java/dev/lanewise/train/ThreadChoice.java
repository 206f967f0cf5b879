package dev.lanewise.train;

import dev.lanewise.parallel.Team;
import java.util.Arrays;

/**
 * How many threads share the steps of a run: the number with which they have been quickest. No
 * result depends on it, so a clock may decide.
 *
 * <p>The numbers that are tried are powers of two and the most that is allowed. A run begins on one
 * thread, because the JVM needs the other cores to compile its code. Now and then it looks at the
 * neighbours of its choice: each of them and the choice itself gets some steps, in turn and several
 * times over, and what is quicker becomes the choice, whose neighbour beyond is then looked at. The
 * first looks follow each other closely: while code is being compiled, what they find does not
 * last.
 *
 * <p>It has no clock of its own: who takes the steps says how long they took.
 */
final class ThreadChoice {
  /** Turns of each number in a look, of which the median counts: an odd number. */
  private static final int TURNS = 3;

  /** Steps of a turn, at least: the first has to wake threads and to fill their caches. */
  private static final int STEPS = 2;

  /** Nanoseconds of a turn, at least: ten times what it takes to wake a thread. */
  private static final long TURN = 500_000;

  /** The part of all steps that looks may be: they cost what the slower numbers lose in them. */
  private static final int SHARE = 10;

  /** Nanoseconds of steps to the first look: until then they are mostly interpreted. */
  private static final long FIRST_PAUSE = 250_000_000;

  /** The same from a look to the next: after a change, and when many have changed nothing. */
  private static final long SHORTEST_PAUSE = 50_000_000;

  private static final long LONGEST_PAUSE = 1_000_000_000;

  /** How much less time another number must take: noise alone should not change the choice. */
  private static final double LESS = 0.97;

  private final int[] numbers;
  private final long[] taken; // [numbers], steps of each
  private final double[][] times; // [numbers][TURNS], nanoseconds of a row in the look under way

  private int chosen; // all of these are places in numbers
  private int tried;
  private int direction; // in which the last looks have moved the choice, or 0

  private boolean looks;
  private boolean isFirst = true; // whether no look is over yet
  private int turn;
  private int steps; // of the turn, or since the look
  private long elapsed; // nanoseconds, likewise
  private double least; // nanoseconds of a row, of the turn's steps
  private int lookSteps;
  private long pause = FIRST_PAUSE;

  /**
   * A choice among some numbers.
   *
   * @param numbers to be tried beside each other; the first is the first choice
   */
  ThreadChoice(int... numbers) {
    this.numbers = numbers;
    taken = new long[numbers.length];
    times = new double[numbers.length][TURNS];
    begin(0);
  }

  /** A choice among so many threads, or as there is a use for, unless the number is fixed. */
  static ThreadChoice upTo(int threads) {
    int most = Team.most(threads);
    if (Team.isFixed()) {
      return new ThreadChoice(most);
    }
    int powers = 32 - Integer.numberOfLeadingZeros(most - 1); // below the most
    int[] numbers = new int[powers + 1];
    Arrays.setAll(numbers, i -> i < powers ? 1 << i : most);
    return new ThreadChoice(numbers);
  }

  /** The largest of the numbers. */
  int most() {
    return Arrays.stream(numbers).max().getAsInt();
  }

  /** The choice, which is of use for other work too. */
  int chosen() {
    return numbers[chosen];
  }

  /** How many threads the next step is to have: the choice, or one to be compared with it. */
  int next() {
    return numbers[tried];
  }

  /** The number that most steps had; the last choice, where several had as many. */
  int usual() {
    int usual = chosen;
    for (int i = 0; i < numbers.length; i++) {
      usual = taken[i] > taken[usual] ? i : usual;
    }
    return numbers[usual];
  }

  /** Takes note of a step of some rows on as many threads as {@link #next} said. */
  void took(int rows, long nanoseconds) {
    taken[tried]++;
    steps++;
    elapsed += nanoseconds;
    least = Math.min(least, (double) nanoseconds / rows);
    if (looks) {
      lookSteps++;
      if (steps >= STEPS && elapsed >= TURN) {
        endTurn();
      }
    } else if (steps >= lookSteps * SHARE && elapsed >= pause && numbers.length > 1) {
      look();
    }
  }

  private void look() {
    looks = true;
    lookSteps = 0;
    turn = 0;
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

  private void endTurn() {
    times[tried][turn] = least;
    if (tried < highest()) {
      begin(tried + 1);
    } else if (++turn < TURNS) {
      begin(lowest());
    } else {
      decide();
    }
  }

  private void decide() {
    int quickest = chosen;
    double limit = LESS * median(chosen);
    for (int i = lowest(); i <= highest(); i++) {
      if (i != chosen && median(i) < limit) {
        quickest = i;
        limit = median(i);
      }
    }
    int moved = quickest - chosen;
    boolean goesOn = moved != 0 && moved * direction >= 0;
    chosen = quickest;
    direction = moved;
    if (goesOn && chosen > 0 && chosen < numbers.length - 1) {
      look();
      return;
    }
    direction = 0;
    pause = moved != 0 || isFirst ? SHORTEST_PAUSE : Math.min(2 * pause, LONGEST_PAUSE);
    isFirst = false;
    looks = false;
    begin(chosen);
  }

  private double median(int place) {
    Arrays.sort(times[place]);
    return times[place][TURNS / 2];
  }
}
