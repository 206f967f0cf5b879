package dev.lanewise.cli.runs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lanewise.cli.print.Json;
import dev.lanewise.train.EpochResult;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes the epochs of a training as they come, for those who watch it, into a file that the log
 * replaces at the end. At most twice a second, lines reach the file; of a single network that is
 * faster, the file lacks epochs, but not the best one. On a full disk the training goes on.
 */
public final class RunLog implements Closeable {
  private static final long EVERY = 500_000_000; // nanoseconds
  public static final int MOST = 1000; // lines in that time; writing them takes some milliseconds

  private final Path file;
  private final int members;
  private final PrintStream out;
  private long written = System.nanoTime();
  private int lines; // lines since the last writing
  private EpochResult last; // last epoch of a single network
  private EpochResult best; // epoch with the smallest validation loss
  public int most = Integer.MAX_VALUE; // lines in that time, until the earlier epochs are written

  public RunLog(Path directory, Json start, int members) throws IOException {
    this.members = members;
    file = directory.resolve(RunFiles.GROWING);
    out = new PrintStream(new BufferedOutputStream(Files.newOutputStream(file)), false, UTF_8);
    end(start);
  }

  /**
   * Adds an epoch of a network, from 0.
   *
   * @param norms the norms of the weights after this epoch; null if they were not taken
   */
  public synchronized boolean add(int member, EpochResult result, double[] norms) {
    last = result;
    best = best == null || result.validLoss() < best.validLoss() ? result : best;
    if (members > 1 || norms != null || lines++ < most) { // means need each epoch
      Json event = event(result, members == 1 ? -1 : member);
      out.print((norms == null ? event : event.put("norms", norms)) + "\n");
    }
    if (System.nanoTime() - written > EVERY) {
      flush();
      written = System.nanoTime();
      lines = 0;
    }
    return true;
  }

  /** Returns the event of an epoch of a network, from 0, or of the only one, -1. */
  public static Json event(EpochResult result, int member) {
    Json event = Json.event("epoch");
    if (member >= 0) {
      event.put("member", member + 1);
    }
    return event
        .put("epoch", result.epoch())
        .put("train_ce", result.trainLoss())
        .put("train_acc", result.trainScore())
        .put("train_ce_mean", result.trainLossMean())
        .put("train_acc_mean", result.trainScoreMean())
        .put("valid_ce", result.validLoss())
        .put("valid_acc", result.validScore())
        .put("eta", result.learningRate())
        .put("seconds", result.seconds());
  }

  private void flush() {
    for (EpochResult each : lines > most ? List.of(best, last) : List.<EpochResult>of()) {
      out.print(event(each, -1) + "\n");
    }
    out.flush();
  }

  /** Writes the last event. */
  public void end(Json event) {
    flush();
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
