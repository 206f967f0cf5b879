package dev.lanewise.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Files that are written while their process does something else, until they have to be there. Of
 * the end of a short training, files are half: on two processors 1000 epochs of the digits end
 * sooner for it.
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
          interrupted = true; // what was worked for is saved all the same
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
