package dev.lanewise.cli;

import dev.lanewise.files.DataSource;
import dev.lanewise.model.DecisionRule;
import dev.lanewise.model.Model;
import dev.lanewise.nn.internal.MetadataName;
import dev.lanewise.terminal.Problem;
import dev.lanewise.trust.CalibrationFit;
import dev.lanewise.trust.Calibrator;
import java.util.Optional;

/** {@code calibrate}: makes probabilities agree with how often they come true. */
final class CalibrateCommand extends FactCommand {
  CalibrateCommand() {
    super("calibrate", MetadataName.CALIBRATION, Model::calibration, "data", "split");
  }

  @Override
  Model without(Model model) {
    sayTakenOut(model);
    return model.withCalibration(Optional.empty());
  }

  @Override
  Model fit() {
    Model model = subject.model;
    CalibrationFit fit =
        Problem.about(
            DataSource.file(arguments),
            () -> Calibrator.fit(model, subject.split, arguments.threads()));
    boolean isGained = fit.calibration().isPresent();
    if (isGained) {
      sayTakenOut(model);
    }
    result
        .put("calibrated", isGained)
        .put("split", subject.splitName)
        .note("Fitted to the {rows} rows of split {split}", "rows", subject.split.rows());
    CalibrationTable.add(fit, result);
    if (isGained) {
      return model.withCalibration(fit.calibration());
    }
    String kept = model.calibration().map(Object::toString).orElse(null);
    String stays = kept == null ? "stays as it is" : "keeps its {kept}";
    result.say("The model " + stays + ", and {file} is not written", "kept", kept);
    return null;
  }

  private void sayTakenOut(Model model) {
    String why = "The %s of the model is removed, because it was fitted to other probabilities";
    if (model.rule().filter(DecisionRule::isThreshold).isPresent()) {
      output.hint(why, "threshold");
    }
    if (model.coverage().isPresent()) {
      output.hint(why, "coverage");
    }
  }
}
