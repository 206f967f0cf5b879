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
      CalibrationFit fit;
      try {
        fit = Calibrator.fit(subject.model, subject.split, arguments.threads());
      } catch (IllegalArgumentException e) {
        throw Problem.failure("%s: %s", DataSource.file(arguments), Words.of(e));
      }
      boolean isGained = fit.calibration().isPresent();
      if (isGained) {
        sayTakenOut(subject.model, output);
      }
      calibrated = subject.model.withCalibration(fit.calibration());
      result
          .on(subject.measuredOn(Decided.TEMPERATURE))
          .put("calibrated", isGained)
          .put("split", subject.splitName)
          .note("Fitted to the {rows} rows of split {split}", "rows", subject.split.rows());
      CalibrationTable.add(fit, result);
      if (!isGained) {
        String kept = subject.model.calibration().map(Object::toString).orElse(null);
        String stays = kept == null ? "stays as it is" : "keeps its {kept}";
        result.say("The model " + stays + ", and {file} is not written", "kept", kept);
        result.put("file", null).end();
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
