package dev.lanewise.cli;

import dev.lanewise.data.Split;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Calibration;
import dev.lanewise.model.Model;
import dev.lanewise.trust.Brier;
import dev.lanewise.trust.Reliability;
import java.util.Optional;

/** What a calibration changes: figures of the same rows before and after. */
final class CalibrationTable {
  private static final int BINS = 10;

  private final Calibration calibration;
  private final Table table = new Table(1, "measure", "before", "calibrated");
  private final Json json = new Json();

  /** Measures a calibrated model with and without its calibration. */
  CalibrationTable(Model model, Split rows, int threads) {
    calibration = model.calibration().orElseThrow();
    Model calibrated = model.withRule(Optional.empty()); // both by the largest probability
    Model plain = calibrated.withCalibration(Optional.empty());
    Evaluation before = Evaluator.evaluate(plain, rows, threads);
    Evaluation after = Evaluator.evaluate(calibrated, rows, threads);
    Brier first = Brier.of(before, BINS);
    Brier second = Brier.of(after, BINS);
    if (calibration.isTemperature()) {
      json.put("temperature", calibration.slopes()[0]);
    } else {
      json.put("slopes", calibration.slopes()).put("intercepts", calibration.intercepts());
    }
    table.add("log loss", before.loss(), after.loss());
    table.add("Brier score", first.score(), second.score());
    table.add("reliability (0 is best)", first.reliability(), second.reliability());
    table.add("resolution (more is better)", first.resolution(), second.resolution());
    table.add("uncertainty of the rows", first.uncertainty(), second.uncertainty());
    table.add(
        "expected calibration error",
        Reliability.of(before, BINS).error(),
        Reliability.of(after, BINS).error());
  }

  /** Prints the calibration and the figures. */
  void print(Output output) {
    output.result("");
    output.result("Probabilities are calibrated by %s", words());
    table.print(output);
  }

  private String words() {
    if (!calibration.isTemperature()) {
      return "two numbers per output";
    }
    double temperature = calibration.slopes()[0];
    return "a temperature of %s: the networks are %s"
        .formatted(
            PythonFormat.fixed5(temperature),
            temperature > 1 ? "too sure of themselves" : "not sure enough");
  }

  /** Returns the calibration and the figures. */
  Json json() {
    return json.put("measures", table.objects);
  }
}
