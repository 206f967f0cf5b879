package dev.lanewise.cli;

import dev.lanewise.data.Rows;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Calibration;
import dev.lanewise.model.Model;
import dev.lanewise.selection.Interval;
import dev.lanewise.selection.Intervals;
import dev.lanewise.selection.PairedComparison;
import dev.lanewise.terminal.Result;
import dev.lanewise.terminal.Table;
import dev.lanewise.trust.Brier;
import dev.lanewise.trust.CalibrationFit;
import dev.lanewise.trust.Reliability;
import java.util.Optional;

/** What a calibration changes: figures of the same rows before and after. */
public final class CalibrationTable {
  private static final int BINS = 10;

  /** A temperature nearer to 1 prints as 1. */
  private static final double NEAR = 5e-6;

  private CalibrationTable() {}

  /** Measures a calibrated model with and without its calibration, and adds both to a result. */
  public static void add(Model model, Rows rows, int threads, Result result) {
    // both models predict the class of the largest probability
    Model calibrated = model.withRule(Optional.empty());
    Model plain = calibrated.withCalibration(Optional.empty());
    Result part = result.part("calibration").line();
    say(model.calibration().orElseThrow(), part);
    part.table(
        "measures",
        measures(
            "uncalibrated",
            Evaluator.evaluate(plain, rows, threads),
            Evaluator.evaluate(calibrated, rows, threads)));
  }

  /** Adds what a calibration gains on rows that it was not fitted to. */
  public static void add(CalibrationFit fit, Result result) {
    Result part = result.part("calibration").line();
    fit.calibration()
        .ifPresentOrElse(
            calibration -> say(calibration, part),
            () ->
                part.say(
                    "No calibration: the loss of held-out rows does not fall by more than its"
                        + " standard error"));
    part.note(
        "Before is the model as it predicts; then each tenth of the rows is measured with the"
            + " calibration of the other rows; low and high are the ends of 95% intervals");
    part.table("measures", measures("before", fit.before(), fit.heldOut())).line();
    PairedComparison change = PairedComparison.of(fit.heldOut(), fit.before(), "loss");
    Table.Cells losses = new Table.Cells(1, "log_loss", "value", "low", "high");
    add("before", fit.before().loss(), Intervals.of(fit.before()).get("loss"), losses);
    add("calibrated", fit.heldOut().loss(), Intervals.of(fit.heldOut()).get("loss"), losses);
    add("change", change.difference(), change.interval(), losses);
    part.table("losses", losses);
  }

  private static void add(String name, double loss, Interval interval, Table.Cells losses) {
    boolean isKnown = interval != null;
    losses.add(name, loss, isKnown ? interval.low() : null, isKnown ? interval.high() : null);
  }

  private static void say(Calibration calibration, Result part) {
    double[] slopes = calibration.slopes();
    if (calibration.isTemperature()) {
      String words =
          Math.abs(slopes[0] - 1) < NEAR
              ? "as sure of themselves as they should be"
              : slopes[0] > 1 ? "too sure of themselves" : "not sure enough";
      part.put("temperature", slopes[0]);
      if (calibration.hasBias()) {
        part.put("bias", calibration.intercepts()[0]);
      }
      part.say(
          "Probabilities are calibrated by a temperature of {temperature}"
              + (calibration.hasBias()
                  ? " and a bias of {bias} of the second class, which may change classes"
                  : "")
              + ": the networks are "
              + words);
    } else {
      part.put("slopes", slopes).put("intercepts", calibration.intercepts());
      part.say("Probabilities are calibrated by two numbers per output");
    }
  }

  private static Table<?> measures(String name, Evaluation before, Evaluation after) {
    Brier first = Brier.of(before, BINS);
    Brier second = Brier.of(after, BINS);
    Reliability bins = Reliability.of(before, BINS);
    Reliability other = Reliability.of(after, BINS);
    Table.Cells table = new Table.Cells(1, "measure", name, "calibrated");
    table.add("log loss", before.loss(), after.loss());
    table.add("Brier score", first.score(), second.score());
    table.add("resolution (more is better)", first.resolution(), second.resolution());
    table.add("uncertainty of the rows", first.uncertainty(), second.uncertainty());
    table.add("reliability (0 is best)", first.reliability(), second.reliability());
    table.add("expected calibration error", bins.error(), other.error());
    table.add("calibration error by class", bins.classwise(), other.classwise());
    return table;
  }
}
