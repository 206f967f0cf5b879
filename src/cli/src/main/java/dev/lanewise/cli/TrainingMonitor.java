package dev.lanewise.cli;

import dev.lanewise.files.RunDirectory;
import dev.lanewise.format.internal.Message;
import dev.lanewise.nn.Loss;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.ProgressBar;
import dev.lanewise.terminal.PythonFormat;
import dev.lanewise.terminal.Result;
import dev.lanewise.terminal.Words;
import dev.lanewise.train.Checkpoint;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.StepResult;
import dev.lanewise.train.internal.WarningListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Shows the progress of a network's training to the user, stops it when the user wants that, and
 * writes the checkpoints with the options of the training.
 */
final class TrainingMonitor extends NetworkRecorder implements WarningListener {
  private final String lossName;
  private final String accuracyName;
  private final boolean verbose;
  private final List<String> options; // of checkpoints
  private final RunDirectory files;
  private final Output output;
  private final Interruption interruption;
  private final ProgressBar bar;
  private final int network; // from 0
  private final int member; // the same, but -1 for the only network
  private StepResult latest;

  /**
   * Records and shows where the training begins: at a checkpoint, or anew.
   *
   * @param network the number of the network, from 0
   * @param bar the progress bar, or null
   */
  TrainingMonitor(
      Training training,
      int network,
      RunDirectory files,
      Interruption interruption,
      ProgressBar bar) {
    super(null);
    this.network = network;
    member = training.members() == 1 ? -1 : network;
    Loss loss = training.initial(network).loss();
    lossName = " " + Scores.lossName(loss, training.data().targetScaling()) + " ";
    accuracyName = " " + Scores.accuracyName(loss) + " ";
    verbose = training.arguments.has("verbose");
    options = training.kept();
    this.files = files;
    output = training.output;
    this.interruption = interruption;
    this.bar = bar;
    Checkpoint from = training.checkpoint(network);
    if (from == null) {
      begin(training.initial(network));
      return;
    }
    resume(from);
    if (bar != null) {
      from.history().results().forEach(result -> bar.show(result, network));
    }
  }

  @Override
  public boolean onStep(StepResult result) {
    if (latest == null) {
      beginFiles();
    }
    super.onStep(result);
    latest = result;
    if (verbose) {
      String step = " Step " + PythonFormat.integer(result.step(), 2);
      line(result.epoch(), step + " Train", result.loss(), result.score());
    }
    if (bar != null) {
      bar.show(result, network);
    }
    return !interruption.requested();
  }

  private void beginFiles() {
    try {
      files.begin();
    } catch (IOException e) {
      throw new UncheckedIOException(Words.of(e), e);
    }
  }

  @Override
  public boolean onEpoch(EpochResult result) {
    if (bar != null) {
      bar.show(result, network);
    }
    if (verbose) {
      line(result.epoch(), " Validation", result.validLoss(), result.validScore());
    }
    if (output.json) { // otherwise no object is made for perhaps millions of epochs
      output.event(RunDirectory.event(result, member));
    }
    return !interruption.requested();
  }

  /** A training goes on without a checkpoint, because a full disk should not end it. */
  @Override
  public void onCheckpoint(Checkpoint checkpoint) {
    List<String> notes = new ArrayList<>(options);
    notes.addAll(notes());
    try {
      files.checkpoint(checkpoint.withNotes(notes), network);
    } catch (IOException e) {
      output.error(Words.of(e) + "; the training goes on without this checkpoint");
    }
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
        .put("epoch", latest == null ? 0 : latest.epoch())
        .put("step", latest == null ? null : latest.step());
  }

  /** Says in a sentence of that result where the training has ended. */
  String place() {
    String network = member < 0 ? "" : "member " + (member + 1) + ", ";
    return network + (latest == null ? "epoch {epoch}" : "epoch {epoch}, step {step}");
  }

  /** Says that the training diverged. */
  Problem divergence(String eta) {
    boolean isFinite = latest == null || Double.isFinite(latest.loss());
    return Problem.failure(
        "training diverged in %s: %s, expected finite numbers; try a smaller --eta than %s",
        end("").values.in(place()),
        isFinite
            ? "its weights give no finite loss"
            : "the loss is " + PythonFormat.fixed5(latest.loss()),
        eta);
  }
}
