package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.nn.Loss;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.ScaleOptions;
import java.io.IOException;

/** The data that the options describe for new trainings: of train, search and cross-validate. */
final class TrainingData {
  private TrainingData() {}

  /** Checks options of data, and returns the loss that is given, or null. */
  static Loss checkedLoss(Arguments arguments) {
    arguments.choice("scale", "auto", "none", "255", "standard", "minmax", "robust");
    if (arguments.has("scale-targets")) {
      arguments.choice("scale-targets", "none", "standard");
    }
    if (arguments.has("stratified")) {
      arguments.refuse("not together with --stratified, expected one of them", "no-stratified");
    }
    return arguments.has("loss") ? NetworkOptions.loss(arguments) : null;
  }

  /** Reads the data of a new training whose loss is given, or null. */
  static Dataset load(Arguments arguments, Recipe recipe, Loss loss) throws IOException {
    ScaleOptions scaling = scaling(arguments, loss, Loss.SOFTMAX);
    return DataSource.load(arguments, null, false, division(recipe), scaling);
  }

  /** Prints what was read, and what was found in it. */
  static void describe(Arguments arguments, Dataset data, Output output) {
    output.note(DataSource.describe(arguments.path("data"), data));
    data.messages().forEach(note -> output.note(Words.of(note)));
  }

  /** Returns the division of rows where the user gives no option. */
  static DivisionOptions division(Recipe recipe) {
    return DivisionOptions.defaults().withUsualDivision(recipe.shares(), recipe.isStratified());
  }

  static ScaleOptions scaling(Arguments arguments, Loss loss, Loss usual) throws IOException {
    ScaleOptions options = ScaleOptions.defaults();
    options = loss == null ? options : options.withLoss(loss);
    if (loss != null || !DataSource.isTable(DataSource.file(arguments))) {
      DataSource.checkLoss(arguments, loss == null ? usual : loss);
    }
    return arguments.has("scale")
        ? options.withScale(ScaleChoice.named(arguments.text("scale")))
        : options;
  }
}
