package dev.lanewise.files;

import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds the files of a training for commands that name a model but no data. The files must have the
 * digests in the record of the run.
 */
public final class RunData {
  private RunData() {}

  /** Uses the data files of the model's run, if it has a record and --data is not given. */
  public static void take(Arguments arguments, Output output) throws IOException {
    if (!arguments.has("data")) {
      RunRecord record = RunOfModel.ofWeights(RunDirectory.modelFile(arguments), output);
      if (record != null) {
        take(record, arguments);
      }
    }
  }

  /** Sets the options of a run that name its files, and where a table begins in them. */
  public static void take(RunRecord record, Arguments arguments) throws IOException {
    for (String option : List.of("sheet", "skip", "separator")) {
      if (record.object("given").containsKey(option)) {
        arguments.give(option, record.text("given", option));
      }
    }
    for (RunRecord read : record.read()) {
      String option = read.text("option");
      if (Role.of("train", option) != Role.DATA || arguments.has(option)) {
        continue;
      }
      String name = read.text("file");
      Path file = Path.of(name);
      if (Files.notExists(file) && name.indexOf('*') < 0) {
        throw Problem.failure(
            name + ": no such file, expected what the run was trained on, or --data FILE");
      }
      record.requireSame(
          name, FileDigest.of(file).sha256(), read.text("sha256"), "--data FILE names other rows");
      arguments.give(option, name);
    }
  }
}
