package dev.lanewise.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Writes files on another thread. Files take half of the time at the end of a short training, so
 * that it ends sooner on two processors.
 */
final class Saving {
  private final FutureTask<Void> task;

  /**
   * Starts a task, which throws no checked exception but {@link IOException}, on its own thread.
   */
  Saving(Callable<Void> files) {
    task = new FutureTask<>(files);
    new Thread(task, "lanewise-files").start();
  }

  /**
   * Waits for the files.
   *
   * @throws IOException if one could not be written
   */
  void await() throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          task.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true; // the results are saved nevertheless
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException problem) {
        throw problem;
      } else if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
