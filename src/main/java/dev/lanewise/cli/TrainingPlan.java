package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the options of {@code train} ask for; all of them are checked at once. */
final class TrainingPlan {
  static final Option HIDDEN =
      Option.value("hidden", "N,N,...", "16,80", "sizes of the hidden layers, or none");

  private final Arguments arguments;
  private final int epochs;
  private final int batchSize;
  private final double eta;
  private final Initializer init;
  private final long seed;
  private final List<Integer> hidden;
  private final ScaleChoice scale;

  TrainingPlan(Arguments arguments) {
    this.arguments = arguments;
    epochs = arguments.integer("epochs", 0, Integer.MAX_VALUE);
    batchSize = batchSize(arguments.text("batch-size"));
    eta = eta(arguments.text("eta"));
    init = Initializer.of(arguments.choice("init", "course", "he", "glorot"));
    seed = arguments.seed("seed");
    hidden = hidden(arguments);
    scale = ScaleChoice.named(arguments.choice("scale", "auto", "none", "255", "standard"));
    if (arguments.has("init") && arguments.has("initial-model")) {
      throw Problem.usage("--init: not together with --initial-model, whose weights are the start");
    }
    if (arguments.has("out")) {
      RunDirectory.check(arguments.path("out"), arguments.has("force"));
    } else if (arguments.has("force")) {
      throw Problem.usage("--force: nothing to replace, expected --out DIR");
    }
  }

  private static int batchSize(String text) {
    return Arguments.integer(text)
        .filter(size -> size >= 1 || size == -1)
        .orElseThrow(
            () ->
                Arguments.wrong(
                    "batch-size", text, "a whole number from 1, or -1 for all rows at once"));
  }

  private static double eta(String text) {
    double eta = Arguments.number(text);
    if (!((float) eta > 0 && (float) eta < Float.POSITIVE_INFINITY)) {
      throw Arguments.wrong(
          "eta", text, "a number above 0, as float32 has them (1.4e-45 to 3.4e38)");
    }
    return eta;
  }

  /** The sizes of the hidden layers. */
  static List<Integer> hidden(Arguments arguments) {
    String text = arguments.text("hidden");
    List<Integer> sizes = new ArrayList<>();
    if (!text.equals("none")) {
      for (String size : text.split(",", -1)) {
        sizes.add(
            Arguments.integer(size)
                .filter(n -> n >= 1)
                .orElseThrow(
                    () ->
                        Arguments.wrong(
                            "hidden",
                            text,
                            "sizes from 1 such as 16,80 (without spaces), or none")));
      }
    }
    return sizes;
  }

  /** The model to start from, or null if weights are to be drawn. */
  Mlp loadInitial() throws IOException {
    if (!arguments.has("initial-model")) {
      return null;
    }
    Path file = arguments.path("initial-model");
    Mlp model = Mlp.load(file);
    List<Integer> layers = model.architecture().hidden();
    if (arguments.has("hidden") && !layers.equals(hidden)) {
      throw Problem.failure(
          "%s: hidden layers %s, expected %s as --hidden says".formatted(file, layers, hidden));
    }
    return model;
  }

  /** The data; a model to start from has its scaling already, unless the user wants another. */
  Dataset loadData(Mlp given) throws IOException {
    boolean keep = given != null && !arguments.has("scale");
    Dataset data = DataSource.load(arguments, keep ? ModelSource.scaleChoice(given) : scale);
    return given == null
        ? data
        : ModelSource.fitted(given, arguments.path("initial-model"), data, dataFile());
  }

  /** The network before training. */
  Mlp initial(Mlp given, Dataset data) {
    if (given == null) {
      return Mlp.initial(architecture(data.features(), hidden, data.classes()), init, seed);
    }
    if (given.architecture().outputs() != data.classes()) {
      throw Problem.failure(
          "%s: network %s, expected %s outputs as %s has classes"
              .formatted(
                  arguments.path("initial-model"),
                  given.architecture(),
                  data.classes(),
                  dataFile()));
    }
    return given;
  }

  /** The sizes of a network, refused if there would be too many parameters. */
  static Architecture architecture(int inputs, List<Integer> hidden, int outputs) {
    try {
      return Architecture.relu(inputs, hidden, outputs);
    } catch (IllegalArgumentException e) {
      throw Problem.usage("--hidden: " + e.getMessage());
    }
  }

  Trainer trainer(TrainingListener listener) {
    return Trainer.builder()
        .epochs(epochs)
        .batchSize(batchSize)
        .learningRate(eta)
        .seed(seed)
        .shuffle(!arguments.has("no-shuffle"))
        .threads(threads())
        .listener(listener)
        .build();
  }

  /** Says what will be done. */
  void describe(Output output, Dataset data, Mlp initial) {
    output.note(DataSource.describe(dataFile(), data));
    output.note(
        "Network %s, %s parameters; %s epochs, batch size %s, eta %s, seed %s"
            .formatted(
                initial.architecture(),
                initial.parameterCount(),
                epochs,
                arguments.text("batch-size"),
                arguments.text("eta"),
                seed));
  }

  /** The same for programs. */
  Json startEvent(Dataset data, Mlp initial) {
    Json options =
        new Json()
            .put("epochs", epochs)
            .put("batch_size", batchSize)
            .put("eta", eta)
            .put("init", arguments.has("initial-model") ? null : init.label())
            .put(
                "initial_model",
                arguments.has("initial-model") ? arguments.path("initial-model") : null)
            .put("seed", seed)
            .put("shuffle", !arguments.has("no-shuffle"))
            .put("threads", threads());
    Json model =
        new Json()
            .put("inputs", data.features())
            .put("hidden", initial.architecture().hidden())
            .put("classes", data.classes())
            .put("parameters", initial.parameterCount());
    return Json.event("start")
        .put("options", options)
        .put("data", DataSource.json(dataFile(), data))
        .put("model", model)
        .put("kernels", KernelChoice.current().describe());
  }

  Path createDirectory() throws IOException {
    return arguments.has("out")
        ? RunDirectory.create(arguments.path("out"))
        : RunDirectory.createNext();
  }

  Path dataFile() {
    return arguments.path("data");
  }

  int epochs() {
    return epochs;
  }

  /** Rows of a full mini-batch. */
  int batchRows(int rows) {
    return batchSize == -1 ? rows : Math.min(batchSize, rows);
  }

  String eta() {
    return arguments.text("eta");
  }

  boolean verbose() {
    return arguments.has("verbose");
  }

  String progress() {
    return arguments.text("progress");
  }

  int threads() {
    return arguments.threads();
  }
}
