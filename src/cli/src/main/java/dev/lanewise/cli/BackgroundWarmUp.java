package dev.lanewise.cli;

import dev.lanewise.files.RunDirectory;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.WarmUp;
import dev.lanewise.train.EpochResult;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Compiles the kernels while the data is read, and lets a long training wait for them. */
public final class BackgroundWarmUp implements Runnable, AutoCloseable {
  /**
   * Multiply-adds of a training that waits: half a second on the scalar kernels, or 0.1 seconds
   * after compilation.
   */
  private static final double WORTH_WAITING = 1 << 28;

  /**
   * Maximum milliseconds of waiting, usually 50 to 150. The compiler is quicker without the scalar
   * kernels in its queue, so even a short training gains more time than it waits.
   */
  private static final long LONGEST_WAIT = 400;

  /**
   * Nanoseconds at the start of a training in which only kernels are warmed up, because the first
   * steps need one processor to run and one to compile.
   */
  private static final long FIRST_STEPS = 300_000_000;

  /** Number of log lines after which the code that writes them is compiled. */
  private static final int LINES = 300;

  private final CountDownLatch ready = new CountDownLatch(1);
  private volatile boolean closed;

  public BackgroundWarmUp() {
    Thread thread = new Thread(this, "lanewise-warm-up");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    WarmUp.run(() -> !closed);
    ready.countDown();
    long start = System.nanoTime();
    WarmUp.stay(() -> !closed && System.nanoTime() - start < FIRST_STEPS);
    if (!closed) {
      warmUpEnding();
    }
    WarmUp.stay(() -> !closed);
  }

  /** Runs the code for the end of a training once, because its first run takes 50 ms. */
  private static void warmUpEnding() {
    Model model = Model.of(Mlp.initial(Architecture.relu(1, List.of(), 2), Initializer.COURSE, 0));
    model.sha256();
    EpochResult result = new EpochResult(0, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1, 0.5);
    for (int i = 0; i < LINES; i++) {
      RunDirectory.event(result, -1).toString();
    }
  }

  /** Waits if the training has so many multiply-adds that waiting saves time. */
  void awaitFor(double work) {
    if (work >= WORTH_WAITING) {
      try {
        ready.await(LONGEST_WAIT, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
