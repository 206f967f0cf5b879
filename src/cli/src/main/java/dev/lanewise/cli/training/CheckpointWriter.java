package dev.lanewise.cli.training;

import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Words;
import dev.lanewise.cli.runs.RunDirectory;
import dev.lanewise.train.Checkpoint;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.StepResult;
import dev.lanewise.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the checkpoints of a network with the options of its training. A training goes on if they
 * cannot be written, because a full disk should not end it.
 */
final class CheckpointWriter implements TrainingListener {
  private final RunDirectory files;
  private final Output output;
  private final List<String> options;
  private final RunRecorder recorder;
  private final int member;
  private boolean begun;

  /** Makes the writer of a network, from 0, with its recorder. */
  CheckpointWriter(
      RunDirectory files, Training training, RunRecorder recorder, int member, Output output) {
    this.member = member;
    this.files = files;
    this.output = output;
    this.recorder = recorder;
    options = training.kept();
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
