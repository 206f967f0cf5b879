package dev.lanewise.cli.training;

import dev.lanewise.cli.options.Interruption;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.print.ProgressBar;
import dev.lanewise.cli.print.PythonFormat;
import dev.lanewise.cli.print.Result;
import dev.lanewise.cli.results.Scores;
import dev.lanewise.cli.runs.RunDirectory;
import dev.lanewise.format.internal.Message;
import dev.lanewise.nn.Loss;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.StepResult;
import dev.lanewise.train.internal.WarningListener;

/** Shows the progress of a training to the user, and stops it when the user wants that. */
final class TrainingMonitor implements WarningListener {
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
   * @param member the number of the network, from 0
   * @param bar the progress bar, or null
   */
  TrainingMonitor(
      Training training, int member, Output output, Interruption interruption, ProgressBar bar) {
    this.member = training.members() == 1 ? -1 : member;
    Loss loss = training.initial(member).loss();
    lossName = " " + Scores.lossName(loss, training.data().targetScaling()) + " ";
    accuracyName = " " + Scores.accuracyName(loss) + " ";
    verbose = training.arguments.has("verbose");
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
      output.event(RunDirectory.event(result, member));
    }
    return !interruption.requested();
  }

  @Override
  public void onWarning(Message message) {
    output.hint(message);
  }

  /** Prints the line that the course's program prints after a step or an epoch. */
  private void line(int epoch, String what, double loss, double accuracy) {
    boolean measured = !Double.isNaN(accuracy);
    String name = what.substring(what.lastIndexOf(' '));
    String network = member < 0 ? "" : "Member " + (member + 1) + " ";
    String number = network + "Epoch " + PythonFormat.integer(epoch, 3);
    String ofLoss = lossName + (measured ? PythonFormat.fixed5(loss) : "-");
    String ofAccuracy = accuracyName + (measured ? PythonFormat.fixed5(accuracy) : "-");
    output.result(number + what + ofLoss + name + ofAccuracy);
  }

  /** Begins the result of a training that has ended here. */
  Result end(String event) {
    return new Result(event, output)
        .put("epoch", last == null ? 0 : last.epoch())
        .put("step", last == null ? null : last.step());
  }

  /** Says in a sentence of that result where the training has ended. */
  String place() {
    String network = member < 0 ? "" : "member " + (member + 1) + ", ";
    return network + (last == null ? "epoch {epoch}" : "epoch {epoch}, step {step}");
  }

  /** Says that the training diverged. */
  Problem divergence(String eta) {
    boolean isFinite = last == null || Double.isFinite(last.loss());
    return Problem.failure(
        "training diverged in %s: %s, expected finite numbers; try a smaller --eta than %s",
        end("").values.in(place()),
        isFinite
            ? "its weights give no finite loss"
            : "the loss is " + PythonFormat.fixed5(last.loss()),
        eta);
  }
}
