package dev.lanewise.cli;

import dev.lanewise.format.AtomicFile;
import dev.lanewise.nn.Mlp;
import dev.lanewise.report.TrainingCurves;
import dev.lanewise.train.History;
import java.io.IOException;
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

  /** The files as a program would open them. */
  List<Path> paths() {
    return names.stream().map(directory::resolve).toList();
  }
}
