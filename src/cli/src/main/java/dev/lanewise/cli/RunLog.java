package dev.lanewise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lanewise.train.EpochResult;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the epochs of a training as they come, for those who watch it, into a file that the log
 * replaces at the end. Lines reach the file after two seconds and then at most twice a second; of a
 * single network that is faster, the file lacks epochs, but not the best one. A training that ends
 * sooner writes no line, because texts of numbers would take a twentieth of its time. On a full
 * disk the training goes on.
 */
final class RunLog implements Closeable {
  private static final long FIRST = 2_000_000_000; // nanoseconds
  private static final long EVERY = 500_000_000;
  static final int MOST = 1000; // lines in that time, which take some milliseconds

  private final Path file;
  private final int members;
  private final PrintStream out;
  private final List<Json> lines = new ArrayList<>(); // that have not been written
  long due = System.nanoTime() + FIRST;
  private int epochs; // since lines were written
  private EpochResult last; // of a single network
  private EpochResult best; // with the smallest validation loss
  int most = Integer.MAX_VALUE; // lines in that time, until the earlier epochs are written

  RunLog(Path directory, Json start, int members) throws IOException {
    this.members = members;
    file = directory.resolve(RunFiles.GROWING);
    out = new PrintStream(new BufferedOutputStream(Files.newOutputStream(file)), false, UTF_8);
    out.print(start + "\n");
    out.flush();
  }

  /** Adds an epoch of a network, from 0, whose recorder has norms after some epochs. */
  synchronized boolean add(int member, EpochResult result, RunRecorder recorder) {
    double[] norms = recorder.norms.get(result.epoch() + 1);
    last = result;
    best = best == null || result.validLoss() < best.validLoss() ? result : best;
    int shown = members == 1 ? -1 : member;
    if (members > 1 || norms != null || epochs++ < most) { // means need each epoch
      Json event = TrainingMonitor.event(result, shown);
      lines.add(norms == null ? event : event.put("norms", norms));
    }
    if (System.nanoTime() - due > 0) {
      if (epochs > most) {
        List.of(best, last).forEach(each -> lines.add(TrainingMonitor.event(each, -1)));
      }
      lines.forEach(line -> out.print(line + "\n"));
      out.flush();
      lines.clear();
      epochs = 0;
      due = System.nanoTime() + EVERY;
    }
    return true;
  }

  /** Removes the file, because the log is complete or there will be none. */
  @Override
  public void close() throws IOException {
    out.close();
    Files.deleteIfExists(file);
  }
}
