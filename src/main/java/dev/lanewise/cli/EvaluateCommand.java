package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code evaluate}: how well a model does. */
final class EvaluateCommand implements Command {
  @Override
  public Usage usage() {
    return new Usage(
        "evaluate",
        "",
        "loss and accuracy of a model",
        List.of(
            ModelSource.MODEL,
            DataSource.DATA,
            DataSource.TARGET,
            DataSource.SPLIT_SIZES,
            DataSource.SEED),
        List.of("Data is scaled as the model says."),
        List.of("evaluate", "evaluate --model runs/2/nn_model.npz --data toronto_face.npz"));
  }

  @Override
  public int run(Arguments arguments, Output output, Interruption interruption) throws IOException {
    Path modelFile = ModelSource.file(arguments);
    Mlp model = Mlp.load(modelFile);
    Dataset data = DataSource.load(arguments, ModelSource.scaleChoice(model));
    ModelSource.checkFits(model, modelFile, data, arguments.path("data"));
    output.kernelHint();
    output.note("Model " + modelFile + ": network " + model.architecture());
    output.note(DataSource.describe(arguments.path("data"), data));
    new Scores(model, data, arguments.threads()).print(output, model);
    return ExitCode.DONE;
  }
}
