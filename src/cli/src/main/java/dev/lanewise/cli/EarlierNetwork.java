package dev.lanewise.cli;

import dev.lanewise.files.ModelSource;
import dev.lanewise.files.Preset;
import dev.lanewise.files.RunDirectory;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Words;
import dev.lanewise.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is left of a network of a run that a training goes on with.
 *
 * @param file the file with its checkpoint
 * @param checkpoint null for a network that begins anew
 */
record EarlierNetwork(Path file, Checkpoint checkpoint) {
  /** Beginning of the notes of a checkpoint that hold a digest of weights. */
  static final String WEIGHTS = "sha256 ";

  /** Reads the checkpoints of a run, and restores its options. */
  static List<EarlierNetwork> read(RunDirectory files, Arguments arguments, Output output)
      throws IOException {
    EarlierNetwork first = read(0, files, arguments, output);
    List<String> options = new ArrayList<>(first.checkpoint.notes());
    options.removeIf(EarlierNetwork::isDigest);
    if (options.contains("preset=table-best")
        && options.stream().noneMatch(option -> option.startsWith("configurations="))) {
      throw Problem.failure(
          "%s: preset table-best of another version of Lanewise, which had other networks, expected"
              + " a checkpoint of this version (train again)",
          first.file);
    }
    arguments.restore(first.file, options);
    List<EarlierNetwork> networks = new ArrayList<>(List.of(first));
    for (int m = 1; m < new Preset(arguments).recipe().members(); m++) {
      networks.add(read(m, files, arguments, output));
    }
    return networks;
  }

  /** Returns whether a note of a checkpoint is not an option. */
  static boolean isDigest(String note) {
    return note.startsWith(WEIGHTS) && note.split(" ").length > 2;
  }

  /**
   * Reads the checkpoint of a network. A network without a checkpoint begins anew; the first must
   * have one.
   */
  private static EarlierNetwork read(int m, RunDirectory files, Arguments arguments, Output output)
      throws IOException {
    Path file = files.checkpoint(m);
    if (m > 0 && Files.notExists(file)) {
      return new EarlierNetwork(file, null);
    }
    try {
      return new EarlierNetwork(file, ModelSource.checkpoint(arguments, file, output));
    } catch (IOException e) {
      Path previous = files.previousCheckpoint(m);
      if (previous == null) {
        throw e;
      }
      output.error(Words.of(e) + "; going on from " + previous);
      return new EarlierNetwork(previous, ModelSource.checkpoint(arguments, previous, output));
    }
  }
}
