package dev.lanewise.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Reads or writes files on another thread. Files take half of the time at the end of a short
 * training, so that it ends sooner on two processors.
 */
public final class FileTask {
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  /** Starts a task, whose only checked exception is {@link IOException}. */
  public FileTask(Callable<Void> files) {
    Runnable task =
        () -> {
          try {
            end.complete(files.call());
          } catch (Throwable e) {
            end.completeExceptionally(e);
          }
        };
    new Thread(task, "lanewise-files").start();
  }

  /** Waits for the files, even if this thread is interrupted; throws what their task threw. */
  public void await() throws IOException {
    try {
      end.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException problem) {
        throw problem;
      } else if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause();
    }
  }
}
