package dev.lanewise.cli.training;

import dev.lanewise.cli.options.Interruption;
import dev.lanewise.cli.print.Json;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.ProgressBar;
import dev.lanewise.cli.print.PythonFormat;
import dev.lanewise.cli.results.Scores;
import dev.lanewise.cli.runs.RunLog;
import dev.lanewise.format.Message;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.StepResult;
import dev.lanewise.train.TrainingListener;

/** Shows the progress of a training to the user, and stops it when the user wants that. */
final class TrainingMonitor implements TrainingListener {
  private final String lossName;
  private final String accuracyName;
  private final boolean verbose;
  private final Output output;
  private final Interruption interruption;
  private final ProgressBar bar;
  private final int member; // -1 for the only network
  private StepResult last;

  /**
   * Makes a monitor.
   *
   * @param loss decides the names of the numbers
   * @param bar the progress bar, or null
   * @param member the number of the network, from 0; -1 for the only one
   */
  TrainingMonitor(
      Loss loss,
      Scaling ofTargets,
      boolean verbose,
      Output output,
      Interruption interruption,
      ProgressBar bar,
      int member) {
    this.member = member;
    lossName = " " + Scores.lossName(loss, ofTargets) + " ";
    accuracyName = " " + Scores.accuracyName(loss) + " ";
    this.verbose = verbose;
    this.output = output;
    this.interruption = interruption;
    this.bar = bar;
  }

  @Override
  public boolean onStep(StepResult result) {
    last = result;
    if (verbose) {
      String step = " Step " + PythonFormat.integer(result.step(), 2);
      line(result.epoch(), step + " Train", result.loss(), result.score());
    }
    if (bar != null) {
      bar.show(result, Math.max(member, 0));
    }
    return !interruption.requested();
  }

  @Override
  public boolean onEpoch(EpochResult result) {
    if (bar != null) {
      bar.show(result, Math.max(member, 0));
    }
    if (verbose) {
      line(result.epoch(), " Validation", result.validLoss(), result.validScore());
    }
    if (output.json) { // otherwise no object is made for perhaps millions of epochs
      output.event(RunLog.event(result, member));
    }
    return !interruption.requested();
  }

  @Override
  public void onWarning(Message message) {
    output.hint(message);
  }

  /** Prints a line of the course, unless there is no validation split. */
  private void line(int epoch, String what, double loss, double accuracy) {
    boolean measured = !Double.isNaN(accuracy);
    String name = what.substring(what.lastIndexOf(' '));
    output.result(
        (member < 0 ? "" : "Member " + (member + 1) + " ")
            + "Epoch "
            + PythonFormat.integer(epoch, 3)
            + what
            + lossName
            + (measured ? PythonFormat.fixed5(loss) : "-")
            + name
            + accuracyName
            + (measured ? PythonFormat.fixed5(accuracy) : "-"));
  }

  /** Returns an event with the position of the training. */
  Json event(String name) {
    Long step = last == null ? null : last.step();
    return Json.event(name).put("epoch", last == null ? 0 : last.epoch()).put("step", step);
  }

  String place() {
    String network = member < 0 ? "" : "member " + (member + 1) + ", ";
    return network + (last == null ? "epoch 0" : "epoch " + last.epoch() + ", step " + last.step());
  }

  /** Describes how a training diverged. */
  String divergence() {
    boolean finite = last == null || Double.isFinite(last.loss());
    return finite
        ? "its weights give no finite loss"
        : "the loss is " + PythonFormat.fixed5(last.loss());
  }
}
