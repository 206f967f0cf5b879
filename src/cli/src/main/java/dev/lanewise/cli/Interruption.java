package dev.lanewise.cli;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Ctrl-C and SIGTERM, as a shutdown hook sees them: work that may not be torn is finished first,
 * and whoever asks learns that it is time to stop. A second signal ends the program at once.
 *
 * <p>The hook ends the JVM itself, with the exit code of an interrupt: the JVM's own would be
 * another for SIGTERM, and {@code System.exit} waits for ever once a shutdown has begun.
 */
final class Interruption implements Runnable {
  /** The exit code that shells report for a program that SIGINT ended. */
  static final int EXIT_CODE = 130;

  private static final long POLL_MILLIS = 50;

  private final ReentrantLock work = new ReentrantLock();
  private final Output output;
  private final Thread hook = new Thread(this, "lanewise-interruption");
  private volatile boolean requested;
  private volatile int exitCode = EXIT_CODE;

  /** Listens to signals until it is closed. */
  Interruption(Output output) {
    this.output = output;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  boolean requested() {
    return requested;
  }

  /** Makes signals wait until {@link #close}, as there are results to lose. */
  void hold() {
    work.lock();
  }

  /** Makes a signal the usual end of the command, with exit code 0. */
  void isUsual() {
    exitCode = 0;
  }

  int exitCode() {
    return exitCode;
  }

  /** Runs when the JVM shuts down. */
  @Override
  public void run() {
    requested = true;
    boolean isDone = work.tryLock();
    try {
      if (!isDone) {
        output.hint("interrupted: finishing what was begun; interrupt again to lose it");
      }
      while (!isDone && signals() < 2) {
        isDone = work.tryLock(POLL_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      // Only a JVM that is shutting down does that.
    }
    Runtime.getRuntime().halt(isDone ? exitCode : EXIT_CODE);
  }

  /**
   * How many signals have come. The JVM starts a thread for each, which then waits for the hooks:
   * of a second signal it tells nobody, and the API that would is not part of the platform. Should
   * the threads once be called otherwise, a second Ctrl-C does no more than the first.
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
  void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      requested = true; // the shutdown has begun
    }
    if (work.isHeldByCurrentThread()) {
      work.unlock();
    }
  }
}
