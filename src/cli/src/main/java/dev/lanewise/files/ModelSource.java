package dev.lanewise.files;

import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.model.DecisionRule;
import dev.lanewise.model.Model;
import dev.lanewise.model.internal.ModelAccess;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.table.ScaleOptions;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A model that a command reads from a file. A file of another program may lack activations or
 * scaling. Then options can name them; without these options, a hint says what is assumed. Nothing
 * is fitted on the rows that such a model predicts.
 */
public final class ModelSource {
  public final Model model;
  private final Path file;
  private final boolean hasActivations;
  private final boolean hasLoss;

  private ModelSource(Model model, Path file) {
    this.model = model;
    this.file = file;
    hasActivations = stores(model, "activations");
    hasLoss = stores(model, "loss");
  }

  /** Returns whether the file of a model stores something, so that it was not assumed. */
  public static boolean stores(Model model, String what) {
    return model.assumptions().stream()
        .noneMatch(line -> line.startsWith("no " + what + " stored"));
  }

  /** Reads the model that a command uses; if no option names it, a hint does, with its time. */
  public static ModelSource load(Arguments arguments, Output output) throws IOException {
    Path file = RunDirectory.modelFile(arguments);
    ModelSource source = load(arguments, file, output);
    if (!arguments.has("model")) {
      output.hint("Model %s of %s, the newest in runs", file, time(file));
    }
    return source;
  }

  /** Returns the time of the last change of a file, in the time zone of this machine. */
  private static String time(Path file) throws IOException {
    return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm")
        .withZone(ZoneId.systemDefault())
        .format(Files.getLastModifiedTime(file).toInstant());
  }

  /** Reads a model with the threshold of the option. */
  public static ModelSource load(Arguments arguments, Path file, Output output) throws IOException {
    Model read = read(arguments, file, List.of(), output);
    sayTaken(file, read, output);
    return new ModelSource(ruled(read, arguments), file);
  }

  /** Returns a model with the threshold of the option in place of its own decision. */
  private static Model ruled(Model model, Arguments arguments) {
    if (!arguments.has("threshold")) {
      arguments.refuse("works with --threshold P only", "positive");
      return model;
    }
    boolean isTwo = model.loss().task().hasClasses() && model.outputs() == 2;
    if (!isTwo) {
      throw Problem.usage("--threshold: works with a model of two classes only");
    }
    int positive = model.rule().map(DecisionRule::positive).orElse(-1);
    if (arguments.has("positive")) {
      positive = ClassNames.find(model.classNames(), 2, arguments.text("positive"));
    }
    if (positive < 0) {
      String names = ClassNames.list(model.classNames(), 2);
      throw arguments.has("positive")
          ? arguments.wrong("positive", "one of " + names)
          : Problem.usage(
              "--threshold: no class is named, expected --positive with one of %s", names);
    }
    int label = positive;
    double threshold = arguments.number("threshold", given -> DecisionRule.threshold(label, given));
    return model.withRule(Optional.of(DecisionRule.threshold(positive, threshold)));
  }

  /** Returns a model with a change in each of its networks. */
  public static Model each(Model model, UnaryOperator<Mlp> change) {
    return Model.of(model.members().stream().map(change).toList(), model.memberWeights());
  }

  /**
   * Reads a model. If its file states no activations, the model gets those of the option; those
   * that it states must be those of the option.
   *
   * @param layers names of layers in their order, or none
   */
  public static Model read(Arguments arguments, Path file, List<String> layers, Output output)
      throws IOException {
    refuseTrust(arguments, file);
    Activation[] given = arguments.activations();
    try {
      if (isOfOthers(file) || !layers.isEmpty()) {
        return Model.load(file, layers, given);
      }
      try (SealedNpz npz = SealedNpz.open(file, arguments.has("trust"))) {
        ModelAccess access = ModelAccess.access();
        Model model = access.activated(access.read(npz, List.of()), npz.file(), given);
        sayTrust(file, npz.trusted(), output);
        return model;
      }
    } catch (ArgumentException e) {
      throw e.expected().isEmpty() ? e : arguments.wrong("activation", e);
    }
  }

  /**
   * Prints which parts of a file were read as the model, if other parts were possible, and whether
   * probabilities are those of weights of classes.
   */
  public static void sayTaken(Path file, Model model, Output output) {
    for (String line : model.assumptions()) {
      if (line.startsWith("taken: ") || line.startsWith("no class weights ")) {
        output.hint(file + ": " + line);
      }
    }
  }

  /** Refuses --trust for a file that has no checksum. */
  public static void refuseTrust(Arguments arguments, Path file) {
    if (isOfOthers(file)) {
      arguments.refuse("works with an .npz only, as no other model has a checksum", "trust");
    }
  }

  /** Returns whether the name of a file is that of a format of other programs. */
  public static boolean isOfOthers(Path file) {
    return DataSource.hasEnding(file, ".onnx") || DataSource.hasEnding(file, ".safetensors");
  }

  public static Checkpoint checkpoint(Arguments arguments, Path file, Output output)
      throws IOException {
    Checkpoint checkpoint =
        arguments.has("trust") ? Checkpoint.loadTrusted(file) : Checkpoint.load(file);
    sayTrust(file, checkpoint.trusted(), output);
    return checkpoint;
  }

  /** Returns the network of a model, or refuses a model of several. */
  public static Mlp single(Model model, Path file) {
    if (model.members().size() == 1) {
      return model.members().get(0);
    }
    throw Problem.failure(
        "%s: a model of %s networks, expected one network", file, model.members().size());
  }

  private static void sayTrust(Path file, Optional<String> trusted, Output output) {
    trusted.ifPresent(how -> output.hint("trusts " + file + ", " + how));
  }

  /**
   * Returns how raw data becomes inputs of the model.
   *
   * @throws Problem if options contradict the file
   */
  public ScaleOptions scaling(Arguments arguments) {
    return ScaleOptions.defaults().withScale(scale(arguments));
  }

  private ScaleChoice scale(Arguments arguments) {
    if (model.scaling().isPresent()) {
      if (arguments.has("scale")) {
        throw Problem.usage(
            "--scale: works with a model that does not store a scaling, %s does", file);
      }
      return ScaleChoice.fixed(model.scaling().get());
    }
    return arguments.has("scale")
        ? ScaleChoice.named(arguments.word("scale"))
        : ScaleChoice.bytesOrNone();
  }

  /** Returns the model with the scaling of its data, and prints what was assumed. */
  public Model with(Scaling found, Arguments arguments, Output output) {
    List<String> missing = new ArrayList<>();
    List<String> assumed = new ArrayList<>();
    List<String> options = new ArrayList<>();
    if (!hasActivations) {
      missing.add("activations");
      assumed.add("relu");
      options.add("--activation");
    }
    if (model.scaling().isEmpty() && !arguments.has("scale")) {
      missing.add("scaling");
      assumed.add("scaling " + found.name());
      options.add("--scale");
    }
    if (!hasLoss && !missing.isEmpty()) {
      missing.add("loss");
      assumed.add("softmax");
    }
    if (!missing.isEmpty()) {
      output.hint(
          "%s stores no %s: assumed %s (use %s to change this)",
          file,
          String.join(", ", missing),
          String.join(", ", assumed),
          String.join(" and ", options));
    }
    return model.scaling().isPresent() ? model : model.withScaling(found);
  }
}
