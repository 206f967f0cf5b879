package dev.lanewise.cli;

import dev.lanewise.data.LoadOptions;
import dev.lanewise.data.RowStream;
import dev.lanewise.nn.Comparison;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code convert}: a model from one format to another, and whether the files agree with it. */
final class ConvertCommand implements Command {
  private static final List<String> WRITTEN = List.of(".npz", ".safetensors", ".onnx", ".java");

  private Arguments arguments;
  private Output output;
  private Json json;

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    this.arguments = arguments;
    this.output = output;
    Path in = RunFiles.model(arguments.file(0));
    Path out = arguments.file(1);
    if (WRITTEN.stream().noneMatch(ending -> ending(out, ending))) {
      throw Problem.usage(
          "OUT: '%s', expected a name that ends in .npz, .safetensors, .onnx or .java"
              .formatted(out));
    }
    if (Files.exists(in) && Files.exists(out) && Files.isSameFile(in, out)) {
      throw Problem.usage("OUT: '%s', expected another file than IN".formatted(out));
    }
    List<String> order =
        arguments.has("map") ? List.of(arguments.text("map").split(",", -1)) : List.of();
    if (!order.isEmpty() && ending(in, ".onnx")) {
      throw Problem.usage("--map: of use with .npz and .safetensors only, as a graph has an order");
    } else if (!order.isEmpty() && arguments.has("trust")) {
      throw Problem.usage("--map: not together with --trust, which is for models of ours");
    }
    ModelSource.refuseTrust(arguments, in);
    Mlp model = arguments.has("trust") ? Mlp.loadTrusted(in) : Mlp.load(in, order);
    model = completed(in, model);
    json = Json.event("converted").put("file", out).put("parameters", model.parameterCount());
    output.note("Model " + in + ": network " + model.architecture());
    if (ending(in, ".onnx")) {
      compare(in, model, "read");
    }
    interruption.hold();
    model.save(out);
    output.note("Saved " + out + " (" + Files.size(out) + " bytes)");
    if (ending(out, ".safetensors") && hasScaling(model)) {
      output.hint(
          out
              + ": others than Lanewise must scale the inputs themselves ("
              + model.scaling().get().name()
              + ")");
    }
    compare(out, model, "written");
    if (!ending(out, ".java") && !Mlp.load(out).equals(model)) {
      throw Problem.failure(out + ": another model when it is read again, expected the same");
    }
    output.event(json);
  }

  static boolean ending(Path file, String ending) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
  }

  private static boolean hasScaling(Mlp model) {
    return model.scaling().isPresent() && !model.scaling().get().name().equals("none");
  }

  /** What the file does not say, options have to. */
  private Mlp completed(Path in, Mlp read) {
    Mlp model = read;
    if (asked(in, model, "activation", "activations")) {
      int layers = model.architecture().hidden().size();
      model = model.withActivations(NetworkOptions.activations(arguments, layers));
    }
    if (asked(in, model, "loss", "loss")) {
      model = model.withLoss(Loss.of(arguments.choice("loss", Loss.labels())));
    }
    if (arguments.has("scale")) {
      if (model.scaling().isPresent()) {
        throw refused(in, "scale", "a scaling");
      }
      boolean none = arguments.choice("scale", "none", "255").equals("none");
      model = model.withScaling(none ? Scaling.none() : Scaling.divide(255));
    }
    return model;
  }

  /** Whether an option is needed, and given. */
  private boolean asked(Path in, Mlp model, String option, String what) {
    boolean missing = !ModelSource.stores(model, what);
    if (!missing && arguments.has(option)) {
      throw refused(in, option, "its " + what);
    } else if (missing && !arguments.has(option)) {
      throw Problem.usage(
          "--%s: not given, expected it as %s stores no %s".formatted(option, in, what));
    }
    return missing;
  }

  private static Problem refused(Path in, String option, String what) {
    return Problem.usage(
        "--%s: of use with a model that does not store it, %s stores %s"
            .formatted(option, in, what));
  }

  /** Says how far a file agrees with the model. */
  private void compare(Path file, Mlp model, String name) throws IOException {
    boolean given = arguments.has("data");
    Optional<Comparison> found = given ? onGiven(file, model) : Comparison.onDrawn(file, model);
    if (found.isEmpty()) {
      output.hint(file + ": not compared with the model, as this runtime has no javac");
      return;
    }
    Comparison c = found.get();
    output.result(
        "%s on %s %s rows: largest difference %s%s%s"
            .formatted(
                file,
                c.rows(),
                given ? "given" : "drawn",
                c.largest() == 0 ? "0" : number("%.2g", c.largest()),
                c.largest() == 0
                    ? " (the same bits)"
                    : number(" (%.1f ulp, ", c.ulps())
                        + number("largest result %.3g)", c.largestResult()),
                model.loss().takesClasses() ? ", " + c.changed() + " other classes" : ""));
    json.put(
        name,
        new Json()
            .put("rows", c.rows())
            .put("largest", c.largest())
            .put("ulps", c.ulps())
            .put("largest_result", c.largestResult())
            .put("changed", c.changed()));
  }

  private static String number(String words, double number) {
    return String.format(Locale.ROOT, words, number);
  }

  private Optional<Comparison> onGiven(Path file, Mlp model) throws IOException {
    boolean table = model.schema().isPresent();
    // Without a scaling rows come as they are.
    LoadOptions options =
        DataSource.asGiven(arguments, LoadOptions.forModel(model.withScaling(Scaling.none())));
    int width = model.architecture().inputs();
    int most = Comparison.rows(model);
    try (RowStream rows = RowStream.open(DataSource.file(arguments), options, table)) {
      float[] features = new float[Math.multiplyExact(most, width)];
      int count = rows.next(features);
      if (!table) {
        return Comparison.of(file, model, Arrays.copyOf(features, count * width));
      }
      List<Map<String, Object>> maps = new ArrayList<>();
      for (int row = 0; row < count; row++) {
        Map<String, Object> map = new LinkedHashMap<>();
        List<String> texts = rows.texts(row);
        for (int k = 0; k < texts.size(); k++) {
          map.put(rows.columns().get(k), texts.get(k));
        }
        maps.add(map);
      }
      return Comparison.of(file, model, maps);
    }
  }
}
