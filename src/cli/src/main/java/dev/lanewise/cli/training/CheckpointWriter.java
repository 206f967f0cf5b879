package dev.lanewise.cli.training;

import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.print.Words;
import dev.lanewise.cli.runs.RunDirectory;
import dev.lanewise.train.Checkpoint;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.EpochView;
import dev.lanewise.train.StepResult;
import dev.lanewise.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the checkpoints of a network with the options of its training, and keeps its states at
 * intervals of some epochs, from which spot checks begin. A training goes on if they cannot be
 * written, because a full disk should not end it.
 */
public final class CheckpointWriter implements TrainingListener {
  public static final String KEEP = "keep-checkpoints";

  /** Bytes of the history per epoch, and of everything but arrays in an ordinary state. */
  private static final int PER_EPOCH = 72;

  private static final int REST = 16384;

  private final RunDirectory files;
  private final Output output;
  private final List<String> options;
  private final RunRecorder recorder;
  private final int member;
  private final int every; // epochs; 0: never
  private boolean begun;

  /** Makes the writer of a network, from 0, with its recorder. */
  CheckpointWriter(
      RunDirectory files, Training training, RunRecorder recorder, int member, Output output) {
    this.member = member;
    this.files = files;
    this.output = output;
    this.recorder = recorder;
    options = training.kept();
    every = every(training.arguments);
  }

  /** Returns after how many epochs each state is kept; 0 for none. */
  static int every(Arguments arguments) {
    if (!arguments.has(KEEP)) {
      return 0;
    } else if (!arguments.has("provable")) {
      throw Problem.usage(
          "--%s: works with --provable only, whose digests show that a state is right", KEEP);
    }
    return arguments.integer(KEEP, 1, Integer.MAX_VALUE);
  }

  /** Tells how many bytes the kept states take, and refuses a disk that lacks them. */
  static void requireRoom(
      Arguments arguments, Training training, RunDirectory files, Output output) {
    int every = every(arguments);
    if (every == 0) {
      return;
    }
    String optimizer = arguments.text("optimizer");
    int ofOptimizer = optimizer.equals("sgd") ? 0 : optimizer.startsWith("adam") ? 2 : 1;
    int arrays = 1 + ofOptimizer + (arguments.text("best").equals("none") ? 0 : 1);
    long floats = arrays * (training.parameters() / training.members());
    long count = training.epochs() / every * (long) training.members();
    long each = Float.BYTES * floats + (long) PER_EPOCH * training.epochs() + REST;
    output.note("Keeps %s states of about %s bytes, %s in all", count, each, count * each);
    long room = files.path().toFile().getUsableSpace(); // 0 if the file system does not tell
    if (room > 0 && room < count * each) {
      throw Problem.failure(
          "%s: %s bytes are free, the kept states take about %s, expected more room or a larger"
              + " --%s",
          files.path(), room, count * each, KEEP);
    }
  }

  @Override
  public boolean onStep(StepResult result) {
    if (!begun) {
      begun = true;
      try {
        files.begin();
      } catch (IOException e) {
        throw new UncheckedIOException(Words.of(e), e);
      }
    }
    return true;
  }

  @Override
  public boolean onEpoch(EpochResult result) {
    return true;
  }

  @Override
  public boolean onEpoch(EpochResult result, EpochView view) {
    int epochs = result.epoch() + 1;
    if (every > 0 && epochs % every == 0) {
      try {
        files.keep(view.checkpoint(), member);
      } catch (IOException e) {
        output.error(
            "%s; verify will find no state after %s epochs to check from", Words.of(e), epochs);
      }
    }
    return true;
  }

  @Override
  public void onCheckpoint(Checkpoint checkpoint) {
    List<String> notes = new ArrayList<>(options);
    notes.addAll(recorder.notes());
    try {
      files.checkpoint(checkpoint.withNotes(notes), member);
    } catch (IOException e) {
      output.error(Words.of(e) + "; the training goes on without this checkpoint");
    }
  }
}
