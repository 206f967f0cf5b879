package dev.lanewise.parallel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * A fixed number of threads, all or the first few of which run one task together. The caller of
 * {@link #run(int, IntConsumer)} is member 0; the others wait between runs. A waiting thread spins
 * for a moment before it parks, because the parts of a training step are only tens of microseconds
 * apart, about as long as it takes to park and unpark. A member that does not take part in the runs
 * stays parked.
 *
 * <p>Only one thread at a time may call a team. If a member's task throws an exception, the members
 * that wait for others are released, and run throws that exception. If several tasks throw, it
 * throws the first exception, with the others as suppressed ones. An interrupt of the caller does
 * not end a run; the thread is still interrupted when the run returns.
 */
public final class Team implements AutoCloseable {
  private static final String PROPERTY = "lanewise.threads";

  /** Largest number of members; each needs a stack. */
  public static final int MOST = 1024;

  // The events that a member can wait for. These are numbers, because lambdas would be allocated in
  // every step.
  private static final int RUN = 0; // a run of this member after those that it has seen
  private static final int BARRIER = 1; // the end of the phase that the member has seen
  private static final int DONE = 2; // the end of the task for all members

  /**
   * Ends the task of a member that waits at a barrier for a member that has failed, whose failure
   * is recorded already.
   */
  private static final RuntimeException RELEASED =
      new RuntimeException("released from a barrier: another member failed");

  private static final VarHandle PARKED = MethodHandles.arrayElementVarHandle(boolean[].class);

  /**
   * Number of spins before a thread parks. They take about as long as parking and unparking, so a
   * wait costs at most twice what it would if its length were known in advance (Karlin et al.,
   * "Competitive randomized algorithms for nonuniform problems", 1990).
   */
  private static final int SPINS = 3000;

  /** Number of ints in a cache line. */
  private static final int LINE = 16;

  private final Thread[] threads; // [size], 0 is the caller of run
  // number of runs that each member takes part in, each in its own cache line
  private final AtomicIntegerArray runs;
  private final boolean[] parked; // [size], whether a member may be parked; see await
  private final int spins;

  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicInteger working = new AtomicInteger();
  private volatile int phase;
  private volatile IntConsumer task;
  private int members; // number of members that run the task
  private volatile Throwable failure;
  private volatile boolean closed;

  /**
   * {@return whether the system property {@code lanewise.threads} is {@code fixed}} A step then
   * uses the requested number of threads, even if fewer are faster, which tests and measurements
   * need. With {@code auto}, or without the property, the number is chosen by measured time.
   *
   * @throws IllegalArgumentException if the property has another value
   */
  public static boolean isFixed() {
    String wish = System.getProperty(PROPERTY, "auto").toLowerCase(Locale.ROOT);
    if (!wish.equals("auto") && !wish.equals("fixed")) {
      throw new IllegalArgumentException("-D" + PROPERTY + "=" + wish + ", expected auto or fixed");
    }
    return wish.equals("fixed");
  }

  /**
   * {@return a number of threads, if it is in the permitted range}
   *
   * @param threads the requested number
   * @throws IllegalArgumentException if the number is below 1 or above {@link #MOST}
   */
  public static int checked(int threads) {
    if (threads < 1 || threads > MOST) {
      throw new IllegalArgumentException(
          "threads " + threads + ", expected a whole number from 1 to " + MOST);
    }
    return threads;
  }

  /**
   * {@return how many threads can be used: at most as many as there are cores, unless the number is
   * {@link #isFixed fixed}}
   *
   * @param threads the permitted number
   * @throws IllegalArgumentException as {@link #checked}
   */
  public static int most(int threads) {
    checked(threads);
    return isFixed() ? threads : Math.min(threads, Runtime.getRuntime().availableProcessors());
  }

  /**
   * Starts the threads of a team, as daemons.
   *
   * @param size number of members including the caller, in the range of {@link #checked}
   */
  public Team(int size) {
    threads = new Thread[checked(size)];
    parked = new boolean[size];
    runs = new AtomicIntegerArray(size * LINE);
    // With fewer cores than members, a spinning member would take the core of a working one.
    spins = size <= Runtime.getRuntime().availableProcessors() ? SPINS : 0;
    for (int i = 1; i < size; i++) {
      int member = i;
      threads[i] = new Thread(() -> serve(member), "lanewise-" + member);
      threads[i].setDaemon(true);
      threads[i].start();
    }
  }

  /** {@return the number of members} */
  public int size() {
    return threads.length;
  }

  /**
   * Runs a task on every member and returns when all have finished.
   *
   * @param task the work of a member, which gets its number, from 0 on
   */
  public void run(IntConsumer task) {
    run(threads.length, task);
  }

  /**
   * Runs a task on the first members and returns when they have finished.
   *
   * @param members number of members that run it, from 1 to {@link #size}
   * @param task the work of a member, which gets its number, from 0 on
   */
  public void run(int members, IntConsumer task) {
    if (closed) {
      throw new IllegalStateException("the team is closed");
    }
    this.members = members;
    if (members == 1) {
      task.accept(0);
      return;
    }
    threads[0] = Thread.currentThread();
    failure = null;
    arrived.set(0);
    working.set(members);
    this.task = task;
    // Each member has its own count, so that a member is not woken by a run without it.
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
   * Waits, within a task, until every member that runs it has called this method.
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
        throw RELEASED;
      }
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
      task.accept(member);
    } catch (RuntimeException | Error e) {
      if (e != RELEASED) {
        fail(e);
      }
    }
    if (working.decrementAndGet() == 0) {
      wake(1);
    }
  }

  /** Records a failure and wakes the members that wait for events that can no longer happen. */
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
    return phase != seen || failure != null; // BARRIER
  }

  /**
   * Spins, then parks, until an event has happened; the thread that causes the event wakes this
   * one. An interrupted thread cannot be parked, so the interrupt is deferred until the wait is
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
      // The flag is set before the last check. So either this thread sees the event, or the thread
      // that causes the event sees the flag.
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

  /** Wakes those of the first members that are parked. */
  private void wake(int members) {
    for (int i = 0; i < members; i++) {
      if ((boolean) PARKED.getVolatile(parked, i)) {
        LockSupport.unpark(threads[i]);
      }
    }
  }
}
