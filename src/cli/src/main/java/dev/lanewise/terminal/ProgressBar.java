package dev.lanewise.terminal;

import dev.lanewise.train.EpochResult;
import dev.lanewise.train.StepResult;
import java.io.Console;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;

/**
 * A line on stderr that is redrawn in place. It uses carriage returns and spaces but no other
 * control characters, so it works on every terminal.
 */
public final class ProgressBar implements AutoCloseable {
  private static final int CELLS = 20;

  private static final int COLUMNS = 79;

  private static final long REDRAW_NANOS = 100_000_000;

  private final PrintStream err;
  private final int epochs;
  private final int rows;
  private final int batch;
  private final long start = System.nanoTime();
  private long lastDraw = start - REDRAW_NANOS;
  private long lastSamples;
  private final StepResult[] steps; // the last one of each network
  private final EpochResult[] epochsDone; // likewise
  private double rate; // samples a second, smoothed
  private int width;
  private StepResult latest;
  // for a single network: the first epoch with the largest validation score
  private EpochResult best;

  /** Makes a bar for networks that are trained side by side. */
  public ProgressBar(PrintStream err, int epochs, int rows, int batch, int members) {
    steps = new StepResult[members];
    epochsDone = new EpochResult[members];
    this.err = err;
    this.epochs = epochs;
    this.rows = rows;
    this.batch = batch;
  }

  /** Returns whether to draw a bar: if asked for, or if there is a terminal and no other output. */
  public static boolean isWanted(String wish, boolean otherLines) {
    return switch (wish) {
      case "on" -> true;
      case "off" -> false;
      default -> !otherLines && !"dumb".equals(System.getenv("TERM")) && isTerminal();
    };
  }

  /**
   * Returns whether there is a terminal. From JDK 22 on, there is a console even without a
   * terminal.
   */
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  /** Draws the state after a step of a network if the last drawing is old enough. */
  public synchronized void show(StepResult step, int member) {
    if (steps[member] == null) { // a resumed run does not begin at 0
      lastSamples += (long) step.epoch() * rows + step.step() * batch;
    }
    steps[member] = step;
    latest = step;
    long now = System.nanoTime();
    if (now - lastDraw >= REDRAW_NANOS) {
      draw(now);
    }
  }

  /** Takes the results of an epoch, which the next drawing shows. */
  public synchronized void show(EpochResult result, int member) {
    epochsDone[member] = result;
    double before = best == null ? Double.NaN : best.validScore();
    if (Double.isNaN(before) || result.validScore() > before) {
      best = result;
    }
  }

  private void draw(long now) {
    long perEpoch = rows;
    long samples = 0;
    for (StepResult step : steps) {
      if (step != null) {
        samples += step.epoch() * perEpoch + Math.min(perEpoch, (step.step() + 1L) * batch);
      }
    }
    double recent =
        (samples - lastSamples) / Math.max(1e-9, (now - Math.max(lastDraw, start)) * 1e-9);
    rate = rate == 0 ? recent : 0.8 * rate + 0.2 * recent;
    lastDraw = now;
    lastSamples = samples;
    print(line(samples, epochs * perEpoch * steps.length));
  }

  /** Draws the bar in the space that the numbers leave. */
  private String line(long samples, long all) {
    String epoch = "Epoch %s/%s ".formatted(latest.epoch() + 1, epochs);
    String numbers = " loss " + PythonFormat.fixed(latest.loss(), 4) + score();
    String left = rate > 0 ? " " + time((all - samples) / rate) + " left" : "";
    int cells = Math.min(CELLS, COLUMNS - 2 - epoch.length() - numbers.length() - left.length());
    if (cells < 1) {
      return epoch.strip() + numbers + left;
    }
    int filled = (int) (cells * samples / Math.max(1, all));
    return epoch + "[" + "#".repeat(filled) + ".".repeat(cells - filled) + "]" + numbers + left;
  }

  /**
   * Returns the score of the validation rows and the best score so far. For several networks, it is
   * the mean of the known scores; if no score is known, it is the score of the last mini-batch.
   */
  private String score() {
    DoubleSummaryStatistics known =
        Arrays.stream(epochsDone)
            .mapToDouble(result -> result == null ? Double.NaN : result.validScore())
            .filter(Double::isFinite)
            .summaryStatistics();
    if (known.getCount() == 0) {
      return " train %s %s rows/s"
          .formatted(PythonFormat.fixed(latest.score(), 4), Math.round(rate));
    }
    String valid = " valid " + PythonFormat.fixed(known.getAverage(), 4);
    return steps.length > 1
        ? valid + " (mean of " + known.getCount() + ")"
        : valid
            + " best %s in %s".formatted(PythonFormat.fixed(best.validScore(), 4), best.epoch());
  }

  /** Formats a time with hours only if needed: 1:02:03, 2:03. */
  public static String time(double seconds) {
    long s = (long) Math.min(Math.max(0, seconds), 359_999_999);
    String tail = two(s / 60 % 60) + ":" + two(s % 60);
    return s >= 3600 ? s / 3600 + ":" + tail : tail.replaceFirst("^0", "");
  }

  private static String two(long number) {
    return number < 10 ? "0" + number : Long.toString(number);
  }

  private void print(String line) {
    String cut = line.substring(0, Math.min(line.length(), COLUMNS));
    err.print("\r" + cut + " ".repeat(Math.max(0, width - cut.length())));
    err.flush();
    width = cut.length();
  }

  /** Draws the last state and goes to the next line. */
  @Override
  public void close() {
    if (latest != null) {
      draw(System.nanoTime());
      err.print("\n");
      err.flush();
    }
  }
}
