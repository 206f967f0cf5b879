package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.StepResult;
import dev.lanewise.train.TrainingListener;

/** Tells the user how the training goes, and the training that the user wants it to stop. */
final class TrainingMonitor implements TrainingListener {
  private final TrainingPlan plan;
  private final boolean validation;
  private final Output output;
  private final Interruption interruption;
  private final ProgressBar bar;
  private StepResult last;

  TrainingMonitor(TrainingPlan plan, Dataset data, Output output, Interruption interruption) {
    this.plan = plan;
    this.validation = data.validation().isPresent();
    this.output = output;
    this.interruption = interruption;
    int rows = data.train().rows();
    boolean lines = plan.verbose() || output.quiet();
    bar =
        ProgressBar.isWanted(plan.progress(), lines)
            ? new ProgressBar(output.err(), plan.epochs(), rows, plan.batchRows(rows))
            : null;
  }

  @Override
  public boolean onStep(StepResult result) {
    last = result;
    if (plan.verbose()) {
      output.result(
          "Epoch %s Step %s Train CE %s Train Acc %s"
              .formatted(
                  PythonFormat.integer(result.epoch(), 3),
                  PythonFormat.integer(result.step(), 2),
                  PythonFormat.fixed5(result.loss()),
                  PythonFormat.fixed5(result.accuracy())));
    }
    if (bar != null) {
      bar.show(result);
    }
    return !interruption.requested();
  }

  @Override
  public boolean onEpoch(EpochResult result) {
    if (plan.verbose()) {
      output.result(
          "Epoch %s Validation CE %s Validation Acc %s"
              .formatted(
                  PythonFormat.integer(result.epoch(), 3),
                  validation ? PythonFormat.fixed5(result.validLoss()) : "-",
                  validation ? PythonFormat.fixed5(result.validAccuracy()) : "-"));
    }
    output.event(epochEvent(result));
    return !interruption.requested();
  }

  static Json epochEvent(EpochResult result) {
    return Json.event("epoch")
        .put("epoch", result.epoch())
        .put("train_ce", result.trainLoss())
        .put("train_acc", result.trainAccuracy())
        .put("train_ce_mean", result.trainLossMean())
        .put("train_acc_mean", result.trainAccuracyMean())
        .put("valid_ce", result.validLoss())
        .put("valid_acc", result.validAccuracy())
        .put("seconds", result.seconds());
  }

  /** Where the training is. */
  String place() {
    return last == null ? "epoch 0" : "epoch " + last.epoch() + ", step " + last.step();
  }

  Json addPlace(Json event) {
    return event
        .put("epoch", last == null ? null : last.epoch())
        .put("step", last == null ? null : last.step());
  }

  /** The error of a training whose numbers left the range of floats. */
  Problem diverged(String eta) {
    boolean finite = last == null || Double.isFinite(last.loss());
    return Problem.failure(
        "training diverged in %s: %s, expected finite numbers; try a smaller --eta than %s"
            .formatted(
                place(),
                finite
                    ? "weights are not finite"
                    : "the loss is " + PythonFormat.fixed5(last.loss()),
                eta));
  }

  /** Leaves the line of the bar. */
  void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
