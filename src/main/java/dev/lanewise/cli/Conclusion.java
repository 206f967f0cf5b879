package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.nn.Mlp;
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
  int save() throws IOException {
    if (run.outcome() == Outcome.DIVERGED) {
      saveHistory();
      output.note(files.describe());
      output.event(monitor.addPlace(Json.event("diverged")).put("files", files.paths()));
      throw monitor.diverged(plan.eta());
    }
    files.model(run.model()); // first, as it is what was worked for
    saveHistory();
    return run.outcome() == Outcome.STOPPED ? interrupted() : completed();
  }

  private void saveHistory() throws IOException {
    files.statistics(run.history());
    files.curves(run.history());
  }

  /** Without the closing lines: who interrupts does not want to wait for them. */
  private int interrupted() {
    Mlp model = run.model();
    output.result("Interrupted in " + monitor.place());
    output.result("Weights sha256 " + model.sha256());
    output.note(files.describe());
    output.event(
        monitor
            .addPlace(Json.event("interrupted"))
            .put("sha256", model.sha256())
            .put("files", files.paths()));
    return ExitCode.INTERRUPTED;
  }

  private int completed() {
    Mlp model = run.model();
    Scores scores = new Scores(model, data, plan.threads());
    scores.print(output, model);
    output.note(files.describe());
    output.event(
        scores.addTo(Json.event("done")).put("sha256", model.sha256()).put("files", files.paths()));
    return ExitCode.DONE;
  }
}
