package dev.lanewise.cli;

import dev.lanewise.files.DataSource;
import dev.lanewise.files.RunData;
import dev.lanewise.files.RunDirectory;
import dev.lanewise.files.RunFiles;
import dev.lanewise.files.RunOfModel;
import dev.lanewise.files.RunRecord;
import dev.lanewise.files.Subject;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.report.Report;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Result;
import dev.lanewise.train.History;
import dev.lanewise.train.Score;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code report}: an HTML page about a model. */
final class ReportCommand implements Command {
  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    Path modelFile = RunDirectory.modelFile(arguments);
    RunRecord record = RunOfModel.record(modelFile, output);
    if (record != null && !arguments.has("data")) {
      RunData.take(record, arguments);
    }
    Path file = out(arguments, modelFile);
    Subject subject = Subject.load(arguments, output, true);
    Evaluation evaluation = subject.evaluate(arguments);
    int threads = arguments.threads();
    Optional<Score> outOfFold = RunReport.outOfFold(subject, modelFile, threads);
    Report report = RunReport.of(arguments, subject, evaluation, outOfFold);
    History history = RunOfModel.history(modelFile, record, output);
    if (history != null && record == null) {
      report.history(history, List.of(RunReport.UNKNOWN));
    }
    if (record != null) {
      RunReport.add(report, record, history);
    } else if (!subject.model.training().isEmpty()) {
      report.settings(subject.model.training());
    }
    subject.chosenHere().ifPresent(note -> report.fact("Measured on", note));
    subject.chosenHere().ifPresent(output::hint);
    interruption.hold();
    RunDirectory.write(file, report.html());
    Result result =
        new Result("report", output)
            .note("Saved in {file}", "file", file)
            .put("split", subject.splitName)
            .put("rows", evaluation.rows())
            .put("loss", evaluation.loss())
            .put("accuracy", evaluation.accuracy())
            .put(evaluation.figures());
    new ScoreIntervals(subject, evaluation).addTo(result);
    result.put("sha256", subject.model.sha256()).end();
  }

  /** Returns the file of the page, which must not replace a file that is read. */
  private static Path out(Arguments arguments, Path modelFile) throws IOException {
    Path file = DataSource.out(arguments, "out");
    for (String name : List.of(RunFiles.RECORD, RunFiles.STATISTICS)) {
      Path read = modelFile.toAbsolutePath().resolveSibling(name);
      DataSource.requireOther(arguments, "out", read, "the run's " + name);
    }
    return file;
  }
}
