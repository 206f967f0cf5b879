package dev.lanewise.files;

import dev.lanewise.format.FormatException;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Mlp;
import dev.lanewise.terminal.Output;
import dev.lanewise.train.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the run of a model left beside its file: the record and the statistics. */
public final class RunOfModel {
  private RunOfModel() {}

  /** Returns the record next to a model file; null if there is none, or it is of another model. */
  public static RunRecord record(Path modelFile, Output output) throws IOException {
    Path directory = modelFile.toAbsolutePath().getParent();
    if (Files.notExists(directory.resolve(RunFiles.RECORD)) || Files.notExists(modelFile)) {
      return null;
    }
    RunRecord record = RunRecord.of(directory);
    String sha256 = FileDigest.one("", modelFile).sha256();
    if (sha256.equals(record.text("files", RunFiles.MODEL))) {
      return record;
    }
    output.hint(record.file() + " is of another model: its run is left out");
    return null;
  }

  /**
   * Returns the record next to a model file whose run trained these networks, perhaps without what
   * was added to them later, such as a calibration; null if there is none.
   */
  public static RunRecord ofWeights(Path modelFile, Output output) throws IOException {
    Path directory = modelFile.toAbsolutePath().getParent();
    boolean isBeside =
        Files.exists(directory.resolve(RunFiles.RECORD))
            && Files.exists(modelFile)
            && !modelFile.endsWith(RunFiles.MODEL);
    RunRecord beside = isBeside ? RunRecord.of(directory) : null;
    return isBeside && haveWeights(beside, modelFile) ? beside : record(modelFile, output);
  }

  private static boolean haveWeights(RunRecord record, Path modelFile) throws IOException {
    try {
      List<String> found = Model.load(modelFile).members().stream().map(Mlp::sha256).toList();
      List<String> recorded = new ArrayList<>();
      for (RunRecord network : record.networks(found.size())) {
        recorded.add(network.text("weights", "final"));
      }
      return found.equals(recorded);
    } catch (FormatException | NoSuchFileException e) {
      return false; // as who reads it next says
    }
  }

  /**
   * Returns the statistics beside a model if they belong to its run, else null.
   *
   * @param record the record of the run, or null
   */
  public static History history(Path modelFile, RunRecord record, Output output)
      throws IOException {
    Path file = modelFile.toAbsolutePath().resolveSibling(RunFiles.STATISTICS);
    boolean isOfOther = record == null && Files.exists(file.resolveSibling(RunFiles.RECORD));
    if (isOfOther || Files.notExists(file)) {
      return null;
    }
    if (record != null
        && !FileDigest.one("", file).sha256().equals(record.text("files", RunFiles.STATISTICS))) {
      output.hint(file + " is of another run: its curves are left out of the report");
      return null;
    }
    return History.load(file);
  }
}
