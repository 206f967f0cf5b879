package dev.lanewise.parallel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed number of threads that run one task together, all of them or the first few. The caller of
 * {@link #run(int, Task)} is member 0; the others wait between runs. Waiting spins for a moment
 * before it parks the thread: the parts of a training step are only tens of microseconds apart,
 * about as long as it takes to park and unpark. A member that has no part in the runs stays parked.
 *
 * <p>One thread at a time may call it. If a member's task throws, the members that wait for others
 * are released, and run throws that exception; if several tasks throw, it throws the first
 * exception, with the others as suppressed ones. An interrupt of the caller does not end a run: the
 * thread is still interrupted when the run returns.
 */
public final class Team implements AutoCloseable {
  /** What every member does; it learns its number, from 0 to size - 1. */
  @FunctionalInterface
  public interface Task {
    /**
     * A member's share of the work.
     *
     * @param member the member's number
     */
    void run(int member);
  }

  private static final String PROPERTY = "lanewise.threads";

  /** No more members: each takes a stack, and a machine of more cores has other tools. */
  public static final int MOST = 1024;

  // What a member can wait for. These are numbers, as lambdas would be allocated in every step.
  private static final int RUN = 0; // a run beyond as many as seen that it has a part in
  private static final int BARRIER = 1; // the end of the phase with the number seen
  private static final int DONE = 2; // that all members have finished the task
  private static final int PROGRESS = 3; // PROGRESS + n: that member n has done as many pieces

  private static final VarHandle PARKED = MethodHandles.arrayElementVarHandle(boolean[].class);

  /**
   * Rounds of spinning before a thread parks. They take about as long as parking and unparking
   * does, so a wait costs at most twice what it would if its length were known in advance (Karlin
   * et al., "Competitive randomized algorithms for nonuniform problems", 1990).
   */
  private static final int SPINS = 3000;

  /** Numbers in a cache line. */
  private static final int LINE = 16;

  private final Thread[] threads; // [size], 0 is whoever calls run
  private final AtomicIntegerArray progress; // of each member, in cache lines of their own
  private final AtomicIntegerArray runs; // that each member has had a part in, likewise
  private final boolean[] parked; // [size], whether a member may be parked; see await
  private final int spins;

  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicInteger working = new AtomicInteger();
  private volatile int phase;
  private volatile Task task;
  private int members; // that run it
  private volatile Throwable failure;
  private volatile boolean closed;

  /**
   * Whether the system property {@code lanewise.threads} is {@code fixed}: a step then has as many
   * threads as was asked for, be they more than is quick. Tests and measurements want this. With
   * {@code auto}, or without the property, a clock chooses.
   *
   * @return true if the number of threads is not to be chosen by a clock
   * @throws IllegalArgumentException if the property is anything else
   */
  public static boolean isFixed() {
    String wish = System.getProperty(PROPERTY, "auto").toLowerCase(Locale.ROOT);
    if (!wish.equals("auto") && !wish.equals("fixed")) {
      throw new IllegalArgumentException("-D" + PROPERTY + "=" + wish + ": must be auto or fixed");
    }
    return wish.equals("fixed");
  }

  /**
   * A number of threads, if it is one.
   *
   * @param threads how many are asked for
   * @return as many
   * @throws IllegalArgumentException if they are below 1 or above {@link #MOST}
   */
  public static int checked(int threads) {
    if (threads < 1 || threads > MOST) {
      throw new IllegalArgumentException(
          "threads " + threads + ": must be a whole number from 1 to " + MOST);
    }
    return threads;
  }

  /**
   * How many threads there is a use for, where a clock may choose: no more than there are cores.
   *
   * @param threads how many are allowed
   * @return at most as many
   * @throws IllegalArgumentException as {@link #checked}
   */
  public static int most(int threads) {
    checked(threads);
    return isFixed() ? threads : Math.min(threads, Runtime.getRuntime().availableProcessors());
  }

  /**
   * Starts the threads of a team, as daemons.
   *
   * @param size number of members, the caller included; as {@link #checked}
   */
  public Team(int size) {
    threads = new Thread[checked(size)];
    parked = new boolean[size];
    progress = new AtomicIntegerArray(size * LINE);
    runs = new AtomicIntegerArray(size * LINE);
    // Where there are fewer cores than members, a spinning member would keep a working one waiting.
    spins = size <= Runtime.getRuntime().availableProcessors() ? SPINS : 0;
    for (int i = 1; i < size; i++) {
      int member = i;
      threads[i] = new Thread(() -> serve(member), "lanewise-" + member);
      threads[i].setDaemon(true);
      threads[i].start();
    }
  }

  /**
   * The number of members.
   *
   * @return at least 1
   */
  public int size() {
    return threads.length;
  }

  /**
   * Runs a task on every member and returns when all are done.
   *
   * @param task the work
   */
  public void run(Task task) {
    run(threads.length, task);
  }

  /**
   * Runs a task on the first members and returns when they are done.
   *
   * @param members how many run it, from 1 to {@link #size}
   * @param task the work
   */
  public void run(int members, Task task) {
    if (closed) {
      throw new IllegalStateException("the team is closed");
    }
    this.members = members;
    if (members == 1) {
      task.run(0);
      return;
    }
    threads[0] = Thread.currentThread();
    failure = null;
    arrived.set(0);
    working.set(members);
    for (int i = 0; i < members; i++) {
      progress.set(i * LINE, 0);
    }
    this.task = task;
    // Each member has a count of its own, so that one without a part cannot mistake a run for its.
    for (int i = 1; i < members; i++) {
      runs.incrementAndGet(i * LINE);
    }
    wake(members);
    perform(0);
    await(0, DONE, 0);
    this.task = null;
    Throwable thrown = failure;
    if (thrown instanceof RuntimeException e) {
      throw e;
    } else if (thrown instanceof Error e) {
      throw e;
    }
  }

  /**
   * Waits, within a task, until every member that runs it is here.
   *
   * @param member the number of the member that calls
   */
  public void barrier(int member) {
    if (members == 1) {
      return;
    }
    int now = phase;
    if (arrived.incrementAndGet() == members) {
      arrived.set(0);
      phase = now + 1;
      wake(members);
    } else {
      await(member, BARRIER, now);
      if (phase == now) {
        throw new Released();
      }
    }
  }

  /**
   * Whether every member can have a core of its own, so that waiting for a piece of another's takes
   * no longer than that piece.
   *
   * @return true if this machine has so many cores
   */
  public boolean hasCores() {
    return spins > 0;
  }

  /**
   * Counts a piece of the task as done, within it, for {@link #awaitProgress}.
   *
   * @param member the number of the member that calls
   */
  public void advance(int member) {
    progress.set(member * LINE, progress.get(member * LINE) + 1);
    wake(members);
  }

  /**
   * Waits, within a task, until a member has done so many pieces of it.
   *
   * @param member the number of the member that calls
   * @param other the number of the member to wait for
   * @param pieces how many times that one has called {@link #advance} in this task
   */
  public void awaitProgress(int member, int other, int pieces) {
    await(member, PROGRESS + other, pieces);
    if (progress.get(other * LINE) < pieces) {
      throw new Released();
    }
  }

  /** Ends the threads of the team. */
  @Override
  public void close() {
    closed = true;
    wake(threads.length);
  }

  private void serve(int member) {
    int served = 0;
    while (true) {
      await(member, RUN, served);
      if (closed) {
        return;
      }
      served++;
      perform(member);
    }
  }

  private void perform(int member) {
    try {
      task.run(member);
    } catch (Released e) {
      // The failure of another member is recorded already.
    } catch (RuntimeException | Error e) {
      fail(e);
    }
    if (working.decrementAndGet() == 0) {
      wake(1);
    }
  }

  /** Records a failure, and wakes the members that wait for what will not happen any more. */
  private void fail(Throwable thrown) {
    synchronized (threads) {
      if (failure == null) {
        failure = thrown;
      } else if (failure != thrown) {
        failure.addSuppressed(thrown);
      }
    }
    wake(members);
  }

  private boolean happened(int member, int event, int seen) {
    if (event == RUN) {
      return runs.get(member * LINE) != seen || closed;
    }
    if (event == DONE) {
      return working.get() == 0;
    }
    boolean goesOn =
        event == BARRIER ? phase != seen : progress.get((event - PROGRESS) * LINE) >= seen;
    return goesOn || failure != null;
  }

  /**
   * Spins, then parks, until something has happened; whoever makes it happen wakes this thread. A
   * thread that is interrupted cannot be parked, so its interrupt is put off until the wait is
   * over.
   */
  private void await(int member, int event, int seen) {
    for (int i = 0; i < spins; i++) {
      if (happened(member, event, seen)) {
        return;
      }
      Thread.onSpinWait();
    }
    boolean interrupted = false;
    while (true) {
      PARKED.setVolatile(parked, member, true);
      // The flag is set before the last look. So either this thread sees what has happened, or
      // whoever makes it happen sees the flag.
      if (happened(member, event, seen)) {
        break;
      }
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    PARKED.setVolatile(parked, member, false);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Wakes the first members, of those that are parked. */
  private void wake(int members) {
    for (int i = 0; i < members; i++) {
      if ((boolean) PARKED.getVolatile(parked, i)) {
        LockSupport.unpark(threads[i]);
      }
    }
  }

  /** Ends the task of a member that waits for one that has failed. */
  private static final class Released extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Released() {
      super("released from a barrier: another member failed", null, false, false);
    }
  }
}
