package dev.lanewise.cli.training;

import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.print.Words;
import dev.lanewise.cli.runs.RunDirectory;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.EpochView;
import dev.lanewise.train.TrainingListener;
import java.io.IOException;

/** Keeps the state of a network after every so many epochs, from which spot checks begin. */
public final class StateKeeper implements TrainingListener {
  public static final String KEEP = "keep-checkpoints";

  /** Bytes of the history per epoch, and of everything but arrays in an ordinary state. */
  private static final int PER_EPOCH = 72;

  private static final int REST = 16384;

  private final RunDirectory files;
  private final Output output;
  private final int member;
  private final int every; // epochs; 0: never

  /** Makes the keeper of a network, from 0. */
  StateKeeper(RunDirectory files, int every, int member, Output output) {
    this.files = files;
    this.every = every;
    this.member = member;
    this.output = output;
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

  /** Tells how many bytes the states take, and refuses a disk that lacks them. */
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
  public boolean onEpoch(EpochResult result) {
    return true;
  }

  /** Goes on if the state cannot be kept, as a full disk should not end a training. */
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
}
