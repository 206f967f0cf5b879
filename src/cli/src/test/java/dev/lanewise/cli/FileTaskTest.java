package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class FileTaskTest {
  @Test
  void whatIsWrittenIsThereWhenItWasAwaitedAndNotBefore() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicBoolean written = new AtomicBoolean();
    FileTask task = task(goOn, written);
    assertFalse(written.get());
    goOn.countDown();
    task.await();
    assertTrue(written.get());
  }

  private static FileTask task(CountDownLatch goOn, AtomicBoolean written) {
    return new FileTask(
        () -> {
          try {
            goOn.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          written.set(true);
          return null;
        });
  }

  @Test
  void whatGoesWrongIsSaidToWhoWaits() {
    IOException full = new IOException("no room");
    IllegalStateException state = new IllegalStateException();
    OutOfMemoryError memory = new OutOfMemoryError("of a test");
    for (Throwable problem : new Throwable[] {full, state, memory}) {
      FileTask task =
          new FileTask(
              () -> {
                if (problem instanceof IOException e) {
                  throw e;
                } else if (problem instanceof Error e) {
                  throw e;
                }
                throw (RuntimeException) problem;
              });
      assertSame(problem, assertThrows(problem.getClass(), task::await));
    }
  }

  @Test
  void anInterruptedThreadWaitsAndStaysInterrupted() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicBoolean written = new AtomicBoolean();
    FileTask task = task(goOn, written);
    Thread waiting = Thread.currentThread();
    waiting.interrupt();
    try {
      Thread helper =
          new Thread(
              () -> {
                while (waiting.isInterrupted()) { // until await has noticed the interrupt
                  LockSupport.parkNanos(100_000);
                }
                goOn.countDown();
              });
      helper.setDaemon(true);
      helper.start();
      task.await();
      assertTrue(written.get());
      assertTrue(Thread.currentThread().isInterrupted());
    } finally {
      Thread.interrupted();
    }
  }
}
