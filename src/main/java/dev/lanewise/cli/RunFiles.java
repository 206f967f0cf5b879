package dev.lanewise.cli;

import dev.lanewise.format.AtomicFile;
import dev.lanewise.nn.Mlp;
import dev.lanewise.report.TrainingCurves;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files that a training run leaves in its directory. */
final class RunFiles {
  private final Path directory;
  private final List<String> names = new ArrayList<>();

  RunFiles(Path directory) {
    this.directory = directory;
  }

  void model(Mlp model) throws IOException {
    model.save(add(RunDirectory.MODEL));
  }

  void statistics(History history) throws IOException {
    history.save(add(RunDirectory.STATISTICS));
  }

  /** Loss and accuracy against epoch: of training, the means over each epoch. */
  void curves(History history) throws IOException {
    double[] epochs = history.numbers();
    text(
        "cross_entropy.svg",
        TrainingCurves.crossEntropySvg(epochs, history.trainLossMean(), history.validLoss()));
    text(
        "accuracy.svg",
        TrainingCurves.accuracySvg(epochs, history.trainAccuracyMean(), history.validAccuracy()));
  }

  void uncertain(String svg) throws IOException {
    text("uncertain.svg", svg);
  }

  /** All that --json prints, whether it was asked for or not; the end also gets the files. */
  void log(Json start, History history, Json end) throws IOException {
    Path log = add("log.jsonl");
    end.put("files", names.stream().map(directory::resolve).toList());
    AtomicFile.write(
        log,
        out -> {
          Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
          writer.write(start + "\n");
          for (EpochResult epoch : history.results()) {
            writer.write(TrainingMonitor.epochEvent(epoch) + "\n");
          }
          writer.write(end + "\n");
          writer.flush();
        });
  }

  private void text(String name, String text) throws IOException {
    AtomicFile.write(add(name), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private Path add(String name) {
    names.add(name);
    return directory.resolve(name);
  }

  /** Removes the directory if a run ended before it had anything to keep. */
  void discardIfEmpty() {
    try {
      Files.delete(directory);
    } catch (IOException e) {
      // Not empty, or not ours to remove.
    }
  }

  String describe() {
    return "Saved in " + directory + ": " + String.join(", ", names);
  }
}
