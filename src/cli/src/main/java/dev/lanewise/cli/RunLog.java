package dev.lanewise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lanewise.train.EpochResult;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the epochs of a training as they come, for those who watch it, into a file that the log
 * replaces at the end. At most twice a second, lines reach the file; of a single network that is
 * faster than so many lines, it lacks epochs. On a full disk the training goes on.
 */
final class RunLog implements Closeable {
  private static final long EVERY = 500_000_000; // nanoseconds
  private static final int MOST = 1000; // lines in that time, which take some milliseconds

  private final Path file;
  private final int members;
  private final PrintStream out;
  private long written = System.nanoTime();
  private int lines; // since then

  RunLog(Path directory, Json start, int members) throws IOException {
    this.members = members;
    file = directory.resolve(RunFiles.GROWING);
    out = new PrintStream(new BufferedOutputStream(Files.newOutputStream(file)), false, UTF_8);
    end(start);
  }

  /** Adds an epoch of a network, from 0, whose recorder has norms after some epochs. */
  synchronized boolean add(int member, EpochResult result, RunRecorder recorder) {
    double[] norms = recorder.norms.get(result.epoch() + 1);
    if (members > 1 || norms != null || lines++ < MOST) { // means need each epoch
      Json event = TrainingMonitor.event(result, members == 1 ? -1 : member);
      out.print((norms == null ? event : event.put("norms", norms)) + "\n");
    }
    if (System.nanoTime() - written > EVERY) {
      out.flush();
      written = System.nanoTime();
      lines = 0;
    }
    return true;
  }

  /** Writes the last event. */
  void end(Json event) {
    out.print(event + "\n");
    out.flush();
  }

  /** Removes the file. */
  @Override
  public void close() throws IOException {
    out.close();
    Files.deleteIfExists(file);
  }
}
