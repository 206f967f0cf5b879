package dev.lanewise.selection;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Threads that do the same work side by side, until nothing is left or one of them stops all. The
 * first failure in the order of the work, not in time, is the one that is thrown.
 */
final class Workers {
  private static final long POLL_MILLIS = 100;

  private volatile boolean stopped;
  private int failed = Integer.MAX_VALUE; // place of the work whose failure is known
  private Throwable failure;

  /** Returns whether the work is to end. */
  boolean stopped() {
    return stopped;
  }

  /** Lets the work end. */
  void stop() {
    stopped = true;
  }

  /** Lets the work end, and keeps what failed, unless work at a smaller place failed, too. */
  synchronized void fail(int place, Throwable e) {
    stopped = true;
    if (place < failed) {
      failed = place;
      failure = e;
    }
  }

  /**
   * Starts threads, and returns when all have ended. An interrupt of the calling thread interrupts
   * them and stops the work, or lets none begin if it came before, and the thread stays
   * interrupted.
   *
   * @param name the name of the threads, followed by a number from 1
   * @param work the work of each thread
   * @param goesOn is asked now and then; if it is false, the threads are stopped and interrupted
   */
  void run(int count, String name, Runnable work, BooleanSupplier goesOn) {
    stopped |= Thread.currentThread().isInterrupted();
    List<Thread> threads = new ArrayList<>();
    for (int t = 1; t <= count; t++) {
      Thread thread = new Thread(work, name + t);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join(POLL_MILLIS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
        if (interrupted || !goesOn.getAsBoolean()) {
          stopped = true;
          threads.forEach(Thread::interrupt);
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    } else if (failure instanceof Error e) {
      throw e;
    } else if (failure != null) {
      throw new IllegalStateException(failure);
    }
  }
}
