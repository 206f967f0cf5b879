package dev.lanewise.cli;

import dev.lanewise.cli.GradientCheckResult.Parameter;
import dev.lanewise.data.Dataset;
import dev.lanewise.files.DataSource;
import dev.lanewise.files.ModelSource;
import dev.lanewise.files.RunDirectory;
import dev.lanewise.files.Subject;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.ScaleOptions;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.DataOptions;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Table;
import dev.lanewise.terminal.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code check}: compares the gradients of training with numerical gradients of the loss. */
final class CheckCommand implements Command {
  /** The tolerance of numpy's assert_almost_equal for three decimals, which the course uses. */
  private static final double THREE_DECIMALS = 1.5e-3;

  private static final String HALF_SQUARES = "half-squares";

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    if (arguments.has("model")) {
      arguments.refuse("not together with --model, which has its layers", "hidden");
    }
    GradientCheck check = GradientCheck.ofSeed(arguments.seed());
    if (!arguments.text("loss").equals(HALF_SQUARES)) {
      check = check.withLoss(arguments.loss(HALF_SQUARES));
    }
    GradientCheckResult result = result(check, arguments, output);
    Table.of(result.parameters())
        .text("name", Parameter::name)
        .column("elements", array -> array.elements().size())
        .column("max_abs", array -> (float) array.maxDifference())
        .column("max_rel", array -> (float) array.relativeDifference())
        .column(
            "three_decimals", array -> array.maxDifference() < THREE_DECIMALS ? "equal" : "differ")
        .column("passed", Parameter::passed)
        .print(output)
        .events(output, "parameter");
    List<String> failed =
        result.parameters().stream().filter(array -> !array.passed()).map(Parameter::name).toList();
    if (!failed.isEmpty()) {
      throw Problem.failure(
          "check: gradients of %s not confirmed, expected differences of at most 1e-3 of"
              + " the largest gradient",
          String.join(", ", failed));
    }
    output.result("Gradient check passed");
  }

  /** Returns the layers of a network, or refuses too many parameters. */
  private static Architecture network(
      Arguments arguments, Architecture ends, List<Integer> hidden) {
    List<Activation> activations = arguments.activations(hidden.size());
    try {
      return new Architecture(ends.inputs(), hidden, ends.outputs(), activations);
    } catch (IllegalArgumentException e) {
      throw Problem.usage("--hidden: " + Words.of(e));
    }
  }

  private static GradientCheckResult result(GradientCheck check, Arguments arguments, Output output)
      throws IOException {
    String sizes = arguments.text("hidden");
    List<Integer> hidden =
        arguments.checked("hidden", () -> Recipe.COURSE.with("hidden", sizes).hiddenSizes());
    Path file = arguments.has("model") ? RunDirectory.modelFile(arguments) : null;
    Model read = file == null ? null : ModelSource.load(arguments, file, output).model;
    Mlp model = file == null ? null : ModelSource.single(read, file);
    Dataset data = null;
    Architecture architecture = GradientCheck.COURSE;
    if (arguments.has("data")) {
      Path dataFile = arguments.path("data");
      data =
          DataSource.load(
              arguments, read, false, DivisionOptions.defaults(), ScaleOptions.defaults());
      output.note(DataSource.describe(dataFile, data, DataSource.splits(data)));
      if (model != null) {
        data = Subject.fitted(read, file, data, dataFile);
      }
      architecture = Architecture.relu(data.features(), List.of(), data.classes());
    } else {
      DataOptions.refuseOfTables(arguments);
    }
    architecture = model == null ? network(arguments, architecture, hidden) : model.architecture();
    output.note(
        "Network %s%s%s",
        architecture,
        model == null ? ", random weights" : " of " + file,
        data == null ? ", random rows" : "");
    output.kernelHint();
    if (data == null) {
      return model == null ? check.check(architecture) : check.check(model);
    }
    return check.check(
        model == null
            ? Mlp.initial(architecture, Initializer.HE, arguments.seed()).withLoss(data.loss())
            : model,
        data.train());
  }
}
