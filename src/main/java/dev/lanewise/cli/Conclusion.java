package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.train.Evaluation;
import dev.lanewise.train.LeastCertain;
import dev.lanewise.train.TrainingRun;
import dev.lanewise.train.TrainingRun.Outcome;
import java.io.IOException;

/** The end of a training: saves what there is, and says how good it is. */
final class Conclusion {
  private final TrainingPlan plan;
  private final Dataset data;
  private final TrainingRun run;
  private final TrainingMonitor monitor;
  private final RunFiles files;
  private final Output output;

  Conclusion(
      TrainingPlan plan,
      Dataset data,
      TrainingRun run,
      TrainingMonitor monitor,
      RunFiles files,
      Output output) {
    this.plan = plan;
    this.data = data;
    this.run = run;
    this.monitor = monitor;
    this.files = files;
    this.output = output;
  }

  /** Saves all but the model of a run that diverged, and returns the exit code. */
  int save(Json start) throws IOException {
    if (run.outcome() == Outcome.DIVERGED) {
      saveHistory();
      end(start, monitor.addPlace(Json.event("diverged")));
      throw monitor.diverged(plan.eta());
    }
    files.model(run.model()); // first, as it is what was worked for
    saveHistory();
    String sha256 = run.model().sha256();
    if (run.outcome() == Outcome.STOPPED) {
      // Without the closing lines: who interrupts does not want to wait for them.
      output.result("Interrupted in " + monitor.place());
      output.result("Weights sha256 " + sha256);
      end(start, monitor.addPlace(Json.event("interrupted")).put("sha256", sha256));
      return ExitCode.INTERRUPTED;
    }
    Scores scores = new Scores(run.model(), data, plan.threads());
    scores.print(output, run.model());
    uncertain(scores);
    end(start, scores.addTo(Json.event("done")).put("sha256", sha256));
    return ExitCode.DONE;
  }

  private void saveHistory() throws IOException {
    files.statistics(run.history());
    files.curves(run.history());
  }

  private void uncertain(Scores scores) throws IOException {
    if (data.test().isPresent()) {
      Subject subject = new Subject(run.model(), data, "test", data.test().get(), plan.threads());
      Evaluation evaluation = scores.of("test");
      int[] rows = LeastCertain.rows(evaluation, UncertainCommand.COUNT);
      files.uncertain(UncertainCommand.picture(subject, evaluation, rows));
    }
  }

  private void end(Json start, Json event) throws IOException {
    files.log(start, run.history(), event);
    output.note(files.describe());
    output.event(event);
  }
}
