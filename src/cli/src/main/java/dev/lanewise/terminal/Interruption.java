package dev.lanewise.terminal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Handles Ctrl-C and SIGTERM by a shutdown hook. Work that must not be cut off is finished first,
 * and a training can ask whether it should stop. A second signal ends the program at once.
 *
 * <p>The hook itself ends the JVM with the exit code of an interrupt. The JVM's own code for
 * SIGTERM differs, and {@code System.exit} would wait for ever during a shutdown.
 */
public final class Interruption implements Runnable {
  /** The exit code that shells report for a program that SIGINT ended. */
  public static final int EXIT_CODE = 130;

  private static final long POLL_MILLIS = 50;

  private final ReentrantLock work = new ReentrantLock();
  private final Output output;
  private final Thread hook = new Thread(this, "lanewise-interruption");
  private volatile boolean requested; // and not taken
  private volatile boolean wasRequested;
  private volatile int exitCode = EXIT_CODE;

  /** Listens to signals until it is closed. */
  public Interruption(Output output) {
    this.output = output;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  public boolean requested() {
    return requested;
  }

  /** Returns whether the end was ever asked for. */
  public boolean wasRequested() {
    return wasRequested;
  }

  /** Asks for the end as a signal does. */
  public synchronized void request() {
    wasRequested = true;
    requested = true;
  }

  /**
   * Forgets that the user asked to end, so that what comes next is not ended, too.
   *
   * @return whether there was one
   */
  public synchronized boolean take() {
    boolean taken = requested;
    requested = false;
    return taken;
  }

  /** Makes signals wait until {@link #close}, so that no results are lost. */
  public void hold() {
    if (!work.isHeldByCurrentThread()) {
      work.lock();
    }
  }

  /** Makes a signal the usual end of the command, with exit code 0. */
  public void isUsual() {
    exitCode = 0;
  }

  public int exitCode() {
    return exitCode;
  }

  /** Runs when the JVM shuts down. */
  @Override
  public void run() {
    request();
    boolean isDone = work.tryLock();
    try {
      if (!isDone) {
        output.hint("interrupted: finishing what was begun; interrupt again to lose it");
      }
      while (!isDone && signals() < 2) {
        isDone = work.tryLock(POLL_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      // Only happens while the JVM shuts down.
    }
    Runtime.getRuntime().halt(isDone ? exitCode : EXIT_CODE);
  }

  /**
   * Counts the signals received. The JVM starts a thread for each signal, which waits for the
   * hooks; there is no standard API that reports a second signal. If a later JVM names these
   * threads differently, a second Ctrl-C has no effect.
   */
  private static int signals() {
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    while (root.getParent() != null) {
      root = root.getParent();
    }
    Thread[] threads = new Thread[root.activeCount() + 16];
    int signals = 0;
    for (int i = root.enumerate(threads) - 1; i >= 0; i--) {
      signals += threads[i].getName().matches("SIG[A-Z0-9]+ handler") ? 1 : 0;
    }
    return signals;
  }

  /** Stops listening; if a signal has come, the hook ends the JVM. */
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      request(); // the shutdown has begun
    }
    if (work.isHeldByCurrentThread()) {
      work.unlock();
    }
  }
}
