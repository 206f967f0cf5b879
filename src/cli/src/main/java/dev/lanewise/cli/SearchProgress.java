package dev.lanewise.cli;

import dev.lanewise.files.Preset;
import dev.lanewise.files.SearchOptions;
import dev.lanewise.selection.SearchListener;
import dev.lanewise.selection.Trial;
import dev.lanewise.selection.ValidationScoring;
import dev.lanewise.selection.internal.TrialFile;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.ProgressBar;
import dev.lanewise.terminal.PythonFormat;
import dev.lanewise.terminal.TextValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes each result of a search to its file, and shows a line about all of them. */
public final class SearchProgress implements SearchListener, AutoCloseable {
  private static final int USUAL = 30; // trials, as of a new search

  private final TrialFile file;
  private final Output output;
  private final Interruption interruption;
  private final ValidationScoring scoring;
  private final boolean isShown;
  private final int trials; // 0 for a time
  private final double seconds; // the given time
  private final int known; // trials of an earlier search
  private final long start = System.nanoTime();
  private int done;
  private Trial best;
  private int width;

  /**
   * Begins.
   *
   * @param scoring knows the intervals of the results
   * @param earlier the results of an earlier search that goes on
   */
  public SearchProgress(
      TrialFile file,
      Arguments arguments,
      Output output,
      Interruption interruption,
      ValidationScoring scoring,
      List<Trial> earlier) {
    this.file = file;
    this.output = output;
    this.interruption = interruption;
    this.scoring = scoring;
    isShown = ProgressBar.isWanted(arguments.text("progress"), output.quiet);
    boolean hasTime = arguments.has("time");
    seconds = hasTime ? Training.time(arguments) : 0;
    trials =
        hasTime ? 0 : arguments.has("trials") ? Arguments.integer(arguments.text("trials")) : USUAL;
    earlier.forEach(this::count);
    known = done;
  }

  private void count(Trial trial) {
    done = Math.max(done, trial.number());
    if (best == null || Trial.BEST_FIRST.compare(trial, best) < 0) {
      best = trial;
    }
  }

  @Override
  public synchronized boolean onTrial(Trial trial) {
    try {
      file.append(trial);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    count(trial);
    TextValue interval = ScoreIntervals.shown(scoring.interval(trial).orElse(null));
    output.event(Json.event("trial").put(json(trial)).put("interval", interval));
    draw();
    return !interruption.take();
  }

  @Override
  public boolean goesOn() {
    draw();
    return !interruption.take();
  }

  /** Returns a result as JSON. */
  static Json json(Trial trial) {
    Json options = new Json().put(Preset.words(trial.options()));
    String given = String.join(" ", SearchOptions.words(trial.options()));
    return new Json()
        .put("trial", trial.number())
        .put("rung", 1)
        .put("epochs", trial.epochs())
        .put(
            "options", new TextValue(options, given.isEmpty() ? "the preset's own options" : given))
        .put("best_epoch", trial.bestEpoch() < 0 ? null : trial.bestEpoch())
        .put("validation_loss", TextValue.measure(trial.loss()))
        .put("validation_score", trial.score())
        .put("sha256", trial.sha256().isEmpty() ? null : trial.sha256());
  }

  private synchronized void draw() {
    if (!isShown) {
      return;
    }
    double passed = (System.nanoTime() - start) * 1e-9;
    int now = done - known;
    double left = trials == 0 ? seconds - passed : passed * (trials - done) / now;
    String line =
        "Trial %s%s%s%s"
            .formatted(
                done,
                trials == 0 ? "" : " of " + trials,
                best == null || !best.isMeasured()
                    ? ""
                    : ", best loss %s%s of trial %s"
                        .formatted(PythonFormat.fixed5(best.loss()), interval(), best.number()),
                now == 0 && trials > 0 ? "" : ", " + ProgressBar.time(left) + " left");
    output.err.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
    output.err.flush();
    width = line.length();
  }

  /** Returns the interval of the best loss in parentheses, or nothing. */
  private String interval() {
    return scoring
        .interval(best)
        .map(
            i ->
                " (%s to %s)"
                    .formatted(PythonFormat.fixed5(i.low()), PythonFormat.fixed5(i.high())))
        .orElse("");
  }

  @Override
  public synchronized void close() {
    if (isShown) {
      draw();
      output.err.print("\n");
      output.err.flush();
    }
  }
}
