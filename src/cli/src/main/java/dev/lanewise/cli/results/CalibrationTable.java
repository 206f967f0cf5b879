package dev.lanewise.cli.results;

import dev.lanewise.cli.print.Result;
import dev.lanewise.cli.print.Table;
import dev.lanewise.data.Split;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Calibration;
import dev.lanewise.model.Model;
import dev.lanewise.trust.Brier;
import dev.lanewise.trust.Reliability;
import java.util.Optional;

/** What a calibration changes: figures of the same rows before and after. */
public final class CalibrationTable {
  private static final int BINS = 10;

  private CalibrationTable() {}

  /** Measures a calibrated model with and without its calibration, and adds both to a result. */
  public static void add(Model model, Split rows, int threads, Result result) {
    Calibration calibration = model.calibration().orElseThrow();
    Model calibrated = model.withRule(Optional.empty()); // both by the largest probability
    Model plain = calibrated.withCalibration(Optional.empty());
    Evaluation before = Evaluator.evaluate(plain, rows, threads);
    Evaluation after = Evaluator.evaluate(calibrated, rows, threads);
    Brier first = Brier.of(before, BINS);
    Brier second = Brier.of(after, BINS);
    Table.Cells table = new Table.Cells(1, "measure", "before", "calibrated");
    table.add("log loss", before.loss(), after.loss());
    table.add("Brier score", first.score(), second.score());
    table.add("reliability (0 is best)", first.reliability(), second.reliability());
    table.add("resolution (more is better)", first.resolution(), second.resolution());
    table.add("uncertainty of the rows", first.uncertainty(), second.uncertainty());
    table.add(
        "expected calibration error",
        Reliability.of(before, BINS).error(),
        Reliability.of(after, BINS).error());
    Result part = result.part("calibration").line();
    double[] slopes = calibration.slopes();
    if (calibration.isTemperature()) {
      part.say(
          slopes[0] > 1
              ? "Probabilities are calibrated by a temperature of {temperature}: the networks are"
                  + " too sure of themselves"
              : "Probabilities are calibrated by a temperature of {temperature}: the networks are"
                  + " not sure enough",
          "temperature",
          slopes[0]);
    } else {
      part.put("slopes", slopes).put("intercepts", calibration.intercepts());
      part.say("Probabilities are calibrated by two numbers per output");
    }
    part.table("measures", table);
  }
}
