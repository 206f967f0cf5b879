package dev.lanewise.cli.training;

import dev.lanewise.cli.inputs.ModelSource;
import dev.lanewise.cli.inputs.Preset;
import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.print.Json;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.print.Words;
import dev.lanewise.cli.runs.RunDirectory;
import dev.lanewise.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The run that a training goes on with.
 *
 * @param networks what is left of each; none for a new run
 */
record EarlierRun(List<Network> networks) {
  /** The earlier run of a new one. */
  static final EarlierRun NONE = new EarlierRun(List.of());

  /** Beginning of the notes of a checkpoint that hold a digest of weights. */
  static final String WEIGHTS = "sha256 ";

  /**
   * What is left of a network.
   *
   * @param file the file with its checkpoint; null for a new run
   * @param checkpoint null for a network that begins anew
   */
  record Network(Path file, Checkpoint checkpoint) {}

  /** Reads the checkpoints of a run, and restores its options. */
  static EarlierRun read(RunDirectory files, Arguments arguments, Output output)
      throws IOException {
    Network first = read(0, files, arguments, output);
    List<String> options = new ArrayList<>(first.checkpoint.notes());
    options.removeIf(EarlierRun::isDigest);
    if (options.contains("preset=table-best")
        && options.stream().noneMatch(option -> option.startsWith("configurations="))) {
      throw Problem.failure(
          "%s: preset table-best of another version of Lanewise, which had other networks, expected"
              + " a checkpoint of this version (train again)",
          first.file);
    }
    arguments.restore(first.file, options);
    List<Network> networks = new ArrayList<>(List.of(first));
    for (int m = 1; m < new Preset(arguments).recipe().members(); m++) {
      networks.add(read(m, files, arguments, output));
    }
    return new EarlierRun(networks);
  }

  /** Returns whether a note of a checkpoint is not an option. */
  static boolean isDigest(String note) {
    return note.startsWith(WEIGHTS) && note.split(" ").length > 2;
  }

  /**
   * Reads the checkpoint of a network. A network without a checkpoint begins anew; the first must
   * have one.
   */
  private static Network read(int m, RunDirectory files, Arguments arguments, Output output)
      throws IOException {
    Path file = files.checkpoint(m);
    if (m > 0 && Files.notExists(file)) {
      return new Network(file, null);
    }
    try {
      return new Network(file, ModelSource.checkpoint(arguments, file, output));
    } catch (IOException e) {
      Path previous = files.previousCheckpoint(m);
      if (previous == null) {
        throw e;
      }
      output.error(Words.of(e) + "; going on from " + previous);
      return new Network(previous, ModelSource.checkpoint(arguments, previous, output));
    }
  }

  boolean isNone() {
    return networks.isEmpty();
  }

  /** Returns what is left of a network, from 0. */
  Network network(int member) {
    return isNone() ? new Network(null, null) : networks.get(member);
  }

  /** Returns the place at which the first network goes on; null for a new run. */
  Json place() {
    Checkpoint from = network(0).checkpoint;
    return from == null ? null : new Json().put("epoch", from.epoch()).put("step", from.step());
  }
}
