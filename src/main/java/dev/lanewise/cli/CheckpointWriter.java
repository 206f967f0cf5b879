package dev.lanewise.cli;

import dev.lanewise.train.Checkpoint;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.StepResult;
import dev.lanewise.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Keeps the checkpoints of a training, with the options that it was started with. */
final class CheckpointWriter implements TrainingListener {
  /** Options that may be given with a checkpoint's; other epochs make a longer run of it. */
  static final List<String> FREE = List.of("out", "resume", "epochs", "trust", "cache");

  private final RunDirectory files;
  private final Output output;
  private final List<String> options;
  private final RunRecorder recorder;
  private boolean begun;

  CheckpointWriter(RunDirectory files, List<String> options, RunRecorder recorder, Output output) {
    this.files = files;
    this.output = output;
    this.options = options;
    this.recorder = recorder;
  }

  @Override
  public boolean onStep(StepResult result) {
    if (!begun) {
      begun = true;
      try {
        files.begin();
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }
    return true;
  }

  @Override
  public boolean onEpoch(EpochResult result) {
    return true;
  }

  /** A full disk is no reason to lose a training that goes well. */
  @Override
  public void onCheckpoint(Checkpoint checkpoint) {
    List<String> notes = new ArrayList<>(options);
    notes.addAll(recorder.notes());
    try {
      files.checkpoint(checkpoint.withNotes(notes));
    } catch (IOException e) {
      output.error(e.getMessage() + "; the training goes on without this checkpoint");
    }
  }
}
