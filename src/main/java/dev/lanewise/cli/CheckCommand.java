package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.GradientCheck;
import dev.lanewise.train.GradientCheckResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** {@code check}: whether the gradients of training are those of the loss. */
final class CheckCommand implements Command {
  /** What numpy's assert_almost_equal, which the course uses, allows for three decimals. */
  private static final double THREE_DECIMALS = 1.5e-3;

  @Override
  public Usage usage() {
    return new Usage(
        "check",
        "",
        "gradient check: analytic against numerical gradients of every parameter array",
        List.of(
            Option.value("model", "FILE", "", "check this model"),
            TrainingPlan.HIDDEN,
            Option.value("data", "FILE", "", "take rows of it (default: random rows)"),
            DataSource.TARGET,
            DataSource.SPLIT_SIZES,
            Option.value("loss", "half-squares|softmax", "half-squares", "the loss"),
            Option.value("seed", "N", "0", "seed of rows, weights and elements")),
        List.of(
            "Without --model a network is drawn: of the size of the course's, 2304 inputs and 7 classes,",
            "or of that of --data. An array passes if no difference is above 1e-3 of its largest",
            "numerical gradient, which is computed in double by code apart from that of training."),
        List.of("check", "check --hidden 5,4,3 --seed 7", "check --model runs/1/nn_model.npz"));
  }

  @Override
  public int run(Arguments arguments, Output output, Interruption interruption) throws IOException {
    if (arguments.has("model") && arguments.has("hidden")) {
      throw Problem.usage("--hidden: not together with --model, which has its layers");
    }
    String loss = arguments.choice("loss", "half-squares", "softmax");
    GradientCheck check =
        GradientCheck.ofSeed(arguments.seed("seed"))
            .withLoss(
                loss.equals("softmax")
                    ? GradientCheck.Loss.SOFTMAX_CROSS_ENTROPY
                    : GradientCheck.Loss.HALF_SQUARES);
    List<Integer> hidden = TrainingPlan.hidden(arguments);
    GradientCheckResult result;
    if (arguments.has("data")) {
      result = onData(check, arguments, hidden, output);
    } else {
      DataSource.refuseCsvOptions(arguments);
      if (arguments.has("model")) {
        result = check.check(load(arguments, output));
      } else {
        Architecture course = GradientCheck.COURSE;
        Architecture architecture =
            TrainingPlan.architecture(course.inputs(), hidden, course.outputs());
        output.note("Network " + architecture + ", random weights and rows");
        result = check.check(architecture);
      }
    }
    output.kernelHint();
    print(result, output);
    if (!result.passed()) {
      throw Problem.failure(
          "check: gradients of %s not confirmed, expected differences of at most 1e-3 of the largest"
              .formatted(
                  String.join(
                      ", ",
                      result.parameters().stream()
                          .filter(array -> !array.passed())
                          .map(GradientCheckResult.Parameter::name)
                          .toList())));
    }
    return ExitCode.DONE;
  }

  private static GradientCheckResult onData(
      GradientCheck check, Arguments arguments, List<Integer> hidden, Output output)
      throws IOException {
    Path dataFile = arguments.path("data");
    Mlp model = arguments.has("model") ? load(arguments, output) : null;
    Dataset data =
        DataSource.load(
            arguments, model == null ? ScaleChoice.auto() : ModelSource.scaleChoice(model));
    output.note(DataSource.describe(dataFile, data));
    if (model != null) {
      data = ModelSource.fitted(model, arguments.path("model"), data, dataFile);
    } else {
      Architecture architecture =
          TrainingPlan.architecture(data.features(), hidden, data.classes());
      output.note("Network " + architecture + ", random weights");
      model = Mlp.initial(architecture, Initializer.HE, arguments.seed("seed"));
    }
    return check.check(model, data.train());
  }

  private static Mlp load(Arguments arguments, Output output) throws IOException {
    Mlp model = Mlp.load(arguments.path("model"));
    output.note("Model " + arguments.path("model") + ": network " + model.architecture());
    return model;
  }

  private static void print(GradientCheckResult result, Output output) {
    TextTable table = new TextTable(1);
    table.add("array", "elements", "largest difference", "of largest", "3 decimals", "passed");
    for (GradientCheckResult.Parameter array : result.parameters()) {
      table.add(
          array.name(),
          array.elements().size(),
          scientific(array.maxDifference()),
          scientific(array.relativeDifference()),
          array.maxDifference() < THREE_DECIMALS ? "equal" : "differ",
          array.passed() ? "yes" : "NO");
      output.event(
          Json.event("parameter")
              .put("name", array.name())
              .put("elements", array.elements().size())
              .put("max_abs", array.maxDifference())
              .put("max_rel", array.relativeDifference())
              .put("passed", array.passed()));
    }
    table.lines().forEach(output::result);
    output.result(result.passed() ? "Gradient check passed" : "Gradient check not passed");
  }

  /** Two digits of a number that may be of any size. */
  private static String scientific(double value) {
    return Double.isFinite(value)
        ? String.format(Locale.ROOT, "%.1e", value)
        : PythonFormat.fixed5(value);
  }
}
