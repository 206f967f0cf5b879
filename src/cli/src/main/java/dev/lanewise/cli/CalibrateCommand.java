package dev.lanewise.cli;

import dev.lanewise.cli.inputs.DataSource;
import dev.lanewise.cli.inputs.Subject;
import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.Interruption;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.print.Result;
import dev.lanewise.cli.print.Result.Decided;
import dev.lanewise.cli.print.Words;
import dev.lanewise.cli.results.AddedFact;
import dev.lanewise.cli.results.CalibrationTable;
import dev.lanewise.model.DecisionRule;
import dev.lanewise.model.Model;
import dev.lanewise.nn.internal.FactName;
import dev.lanewise.trust.CalibrationFit;
import dev.lanewise.trust.Calibrator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** {@code calibrate}: makes probabilities agree with how often they come true. */
final class CalibrateCommand implements Command {
  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    Path out = AddedFact.out(arguments, "calibrate");
    Result result = new Result("calibrated", output).put("file", out);
    Model calibrated;
    Subject fitted = null; // whose rows decide
    if (arguments.has("remove")) {
      Model model =
          AddedFact.having(arguments, output, "calibration", Model::calibration, "data", "split");
      sayTakenOut(model, output);
      calibrated = model.withCalibration(Optional.empty());
    } else {
      Subject subject = Subject.loadToFit(arguments, output);
      fitted = subject;
      AddedFact.refuseKnown(subject, arguments, output, "calibration");
      boolean isGained;
      CalibrationFit fit;
      try {
        fit = Calibrator.fit(subject.model, subject.split, arguments.threads());
      } catch (IllegalArgumentException e) {
        throw Problem.failure("%s: %s", DataSource.file(arguments), Words.of(e));
      }
      calibrated = subject.model;
      isGained = fit.calibration().isPresent();
      if (isGained && !fit.calibration().equals(calibrated.calibration())) {
        sayTakenOut(calibrated, output);
        calibrated = calibrated.withCalibration(fit.calibration());
      }
      result
          .on(subject.measuredOn(Decided.TEMPERATURE))
          .put("calibrated", fit.calibration().isPresent())
          .put("split", subject.splitName)
          .note("Fitted to the {rows} rows of split {split}", "rows", subject.split.rows());
      CalibrationTable.add(fit, result);
      if (!isGained) {
        calibrated
            .calibration()
            .ifPresent(known -> result.say("The model keeps its {kept}", "kept", known.toString()));
        AddedFact.save(calibrated, out, result, interruption);
        return;
      }
    }
    AddedFact.save(calibrated, FactName.CALIBRATION, fitted, out, result, interruption);
  }

  private static void sayTakenOut(Model model, Output output) {
    String why = "The %s of the model is removed, because it was fitted to other probabilities";
    if (model.rule().filter(DecisionRule::isThreshold).isPresent()) {
      output.hint(why, "threshold");
    }
    if (model.coverage().isPresent()) {
      output.hint(why, "coverage");
    }
  }
}
