package dev.lanewise.parallel;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Searches for lost wake-ups and stale reads of a {@link Team}. In each round, members meet in a
 * barrier, after waits between a nanosecond and the time that a member spins before it parks. A
 * round that does not end within half a minute shows a lost wake-up; a member that does not see an
 * earlier write has a stale read. The search takes minutes and is not part of the build:
 *
 * <pre>
 * mvn -q test-compile
 * java -cp src/engine/target/classes:src/engine/target/test-classes dev.lanewise.parallel.TeamStress MEMBERS ROUNDS
 * </pre>
 *
 * <p>Run it with {@code 2 10000000}, and with {@code 8 100000} or {@code
 * -XX:ActiveProcessorCount=1} for members that park without spinning.
 *
 * <p>On x86-64, a plain read of a parked member's flag after a volatile store is compiled to the
 * same code as a volatile read, so this mistake shows only on AArch64.
 */
final class TeamStress {
  private static final int LINE = 16; // longs, so that no two members share a cache line
  private static final int MOST_IN_A_RUN = 200; // rounds
  private static final int SPINS = 100;
  private static final int SCALES = 14; // sizes of waits, up to 2^13 steps of about 1.5 ns
  private static final int NEAR = 6; // the scale of every second wait: a move of a cache line
  private static final int RARE = 32; // one in 32 waits is about as long as a member spins
  private static final double STEP = 0.02;
  private static final double SPREAD = 0.1;
  private static final double MOST_STEPS = 1 << 18;
  private static final int LONGEST = 30; // seconds

  private final int members;
  private final Team team;
  private final AtomicInteger here = new AtomicInteger(); // members that have arrived
  private final AtomicInteger meeting = new AtomicInteger(); // number of the next meeting
  private final AtomicLong done = new AtomicLong(); // rounds
  private final long[] written; // what each member wrote in two rounds, not volatile
  private final long[] states; // the states of the members' random numbers
  private final Thread[] threads;
  private final double[] spin; // steps after which each member saw others park
  private volatile String found; // description of an error

  private TeamStress(int members) {
    this.members = members;
    team = new Team(members);
    written = new long[2 * members * LINE];
    states = new long[members * LINE];
    threads = new Thread[members];
    spin = new double[members * LINE];
    Arrays.fill(spin, 1000);
    Arrays.setAll(states, i -> 0x9e3779b97f4a7c15L * (i + 1));
  }

  /**
   * Runs rounds until all are done or an error is found.
   *
   * @param args number of members, at least 2, and number of rounds
   */
  public static void main(String[] args) {
    int members = Integer.parseInt(args[0]);
    long rounds = Long.parseLong(args[1]);
    TeamStress stress = new TeamStress(members);
    long start = System.nanoTime();
    Thread watch = new Thread(() -> stress.watch(start), "watch");
    watch.setDaemon(true);
    watch.start();
    stress.run(rounds);
    stress.team.close();
    System.out.printf(
        "%s members, %s rounds: %.1f s, %s%n",
        members,
        stress.done.get(),
        (System.nanoTime() - start) * 1e-9,
        stress.found == null ? "nothing found" : stress.found);
    if (stress.found != null) {
      System.exit(1);
    }
  }

  private void run(long rounds) {
    long before = 0;
    while (before < rounds && found == null) {
      long first = before;
      int count =
          (int) Math.min(1 + Long.remainderUnsigned(random(0), MOST_IN_A_RUN), rounds - first);
      team.run(
          member -> {
            threads[member] = Thread.currentThread();
            for (int i = 0; i < count; i++) {
              meet();
              meet(); // the first meeting has woken everybody
              work(member);
              barrier(member, first + i);
              if (member == 0) {
                done.lazySet(first + i + 1);
              }
            }
          });
      before += count;
    }
  }

  /** Writes, meets the others in a barrier, and reads what all members have written. */
  private void barrier(int member, long round) {
    int half = (int) (round % 2) * members;
    written[(half + member) * LINE] = round + 1;
    team.barrier(member);
    for (int other = 0; other < members; other++) {
      long read = written[(half + other) * LINE];
      if (read != round + 1) {
        found = "STALE READ after barrier " + round + ": " + read + " of member " + other;
      }
    }
  }

  /**
   * Synchronises all members, so that they begin to wait for each other at nearly the same time.
   */
  private void meet() {
    int now = meeting.get();
    if (here.incrementAndGet() == members) {
      here.set(0);
      meeting.set(now + 1);
    }
    for (int i = 0; meeting.get() == now; i++) {
      if (i < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield(); // the others may need this core
      }
    }
  }

  /**
   * Works for a random time: one of any magnitude with equal probability, one about as long as a
   * cache line takes between cores, or sometimes one as long as the next member takes to park.
   */
  private void work(int member) {
    int choice = (int) Long.remainderUnsigned(random(member), RARE);
    long draw = random(member) >>> 1;
    if (choice > 0) {
      int scale = choice < RARE / 2 ? choice % SCALES : NEAR;
      work(member, draw >>> Long.SIZE - 2 - scale);
      return;
    }
    int place = member * LINE;
    work(member, (long) (spin[place] * (1 - SPREAD * draw / Long.MAX_VALUE)));
    Thread next = threads[(member + 1) % members];
    boolean isParked = next != null && next.getState() == Thread.State.WAITING;
    spin[place] = Math.min(MOST_STEPS, spin[place] * (isParked ? 1 - STEP : 1 + STEP));
  }

  private void work(int member, long steps) {
    long state = states[member * LINE];
    for (long i = 0; i < steps; i++) {
      state = state * 6364136223846793005L + 1442695040888963407L;
    }
    states[member * LINE] = state;
  }

  /** Returns Marsaglia's xorshift of the congruential steps of {@link #work(int)}. */
  private long random(int member) {
    long x = states[member * LINE] | 1;
    x ^= x << 13;
    x ^= x >>> 7;
    x ^= x << 17;
    states[member * LINE] = x;
    return x;
  }

  /** Ends the program if a round does not end. */
  private void watch(long start) {
    long last = -1;
    int seconds = 0; // without progress
    while (seconds < LONGEST) {
      try {
        Thread.sleep(1000);
      } catch (InterruptedException e) {
        return;
      }
      long now = done.get();
      seconds = now == last ? seconds + 1 : 0;
      last = now;
    }
    System.out.printf(
        "LOST WAKE-UP in round %s, after %.1f s%n",
        last, (System.nanoTime() - start) * 1e-9 - LONGEST);
    Runtime.getRuntime().halt(1);
  }
}
