package dev.lanewise.cli;

import dev.lanewise.exchange.Comparison;
import dev.lanewise.exchange.OnnxFormat;
import dev.lanewise.export.OnnxExport;
import dev.lanewise.files.DataSource;
import dev.lanewise.files.ModelSource;
import dev.lanewise.files.RunFiles;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.format.internal.Message;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.table.RowStream;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.DataOptions;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Result;
import dev.lanewise.terminal.TextValue;
import dev.lanewise.terminal.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code convert}: writes a model in another format, and checks that the files agree with it. */
final class ConvertCommand implements Command {
  private static final List<String> WRITTEN = List.of(".npz", ".safetensors", ".onnx");

  private Arguments arguments;
  private Output output;
  private Result result;

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    this.arguments = arguments;
    this.output = output;
    Path in = RunFiles.model(arguments.file(0));
    Path out = arguments.file(1);
    if (WRITTEN.stream().noneMatch(ending -> DataSource.hasEnding(out, ending))) {
      throw Problem.usage(
          "OUT: '%s', expected a name that ends in .npz, .safetensors or .onnx", out);
    }
    if (Files.exists(in) && Files.exists(out) && Files.isSameFile(in, out)) {
      throw Problem.usage("OUT: '%s', expected another file than IN", out);
    }
    List<String> order =
        arguments.has("map") ? List.of(arguments.text("map").split(",", -1)) : List.of();
    if (DataSource.hasEnding(in, ".onnx")) {
      arguments.refuse("works with .npz and .safetensors only, as a graph has an order", "map");
    } else if (arguments.has("trust")) {
      arguments.refuse("not together with --trust, which is for Lanewise's own models", "map");
    }
    if (!DataSource.hasEnding(out, ".onnx")) {
      arguments.refuse("works with an .onnx OUT only", "labels", "int64");
    }
    Model model = completed(in, ModelSource.read(arguments, in, order, output));
    result =
        new Result("converted", output).put("file", out).put("parameters", model.parameterCount());
    output.note("Model " + in + ": network " + model.sizes());
    ModelSource.sayTaken(in, model, output);
    if (DataSource.hasEnding(in, ".onnx")) {
      compare(in, in, model, "read");
    }
    interruption.hold();
    write(model, out);
    output.note("Saved " + out + " (" + Files.size(out) + " bytes)");
    if (DataSource.hasEnding(out, ".safetensors")) {
      hint(
          out,
          "scale the inputs",
          model.scaling().map(Scaling::name).filter(n -> !n.equals("none")));
      hint(out, "undo the weights of classes", model.weighting());
      hint(out, "calibrate the probabilities", model.calibration());
      hint(out, "choose the class", model.rule());
    }
    if (!DataSource.hasEnding(out, ".npz") && model.coverage().isPresent()) {
      output.hint("%s: without the coverage of the model, which only .npz has", out);
    }
    result.end();
  }

  /**
   * Writes a file elsewhere, compares it with the model, and puts it in its place if they agree.
   */
  private void write(Model model, Path out) throws IOException {
    AtomicFile.requireWritable(out);
    Path directory = Files.createTempDirectory("lanewise");
    Path made = directory.resolve(out.getFileName());
    try {
      if (DataSource.hasEnding(out, ".onnx")) {
        boolean isNamed = arguments.word("labels").equals("names");
        List<String> int64 =
            arguments.has("int64") ? DataOptions.list(arguments, "int64") : List.of();
        new OnnxExport(isNamed, Set.copyOf(int64)).save(model, made);
        sayTypes(made);
      } else {
        model.save(made);
      }
      compare(made, out, model, "written");
      if (!Model.load(made).equals(model)) {
        throw Problem.failure(
            out + ": it gives another model when it is read again, expected" + " the same model");
      }
      AtomicFile.write(out, stream -> Files.copy(made, stream));
    } catch (ArgumentException e) { // an exception about the option says what the option accepts
      throw e.expected().isEmpty() ? e : arguments.wrong("int64", e);
    } catch (FormatException e) {
      throw Problem.failure(out + ": " + Words.of(Message.problem(e)));
    } finally {
      Files.deleteIfExists(made);
      Files.delete(directory);
    }
  }

  /** Prints the inputs and outputs of a graph with their types. */
  private void sayTypes(Path file) throws IOException {
    List<List<String>> types = OnnxFormat.types(file);
    result.say(
        "{file} takes {inputs}, gives {outputs}", "inputs", types.get(0), "outputs", types.get(1));
  }

  /** Says what a file of weights leaves to the programs that read it. */
  private void hint(Path out, String what, Optional<?> fact) {
    fact.ifPresent(
        found ->
            output.hint(
                "%s: programs other than Lanewise must %s themselves (%s)", out, what, found));
  }

  /** Returns the model with what options say and its file does not. */
  private Model completed(Path in, Model read) {
    Model model = read;
    requireStored(in, model, "activation", "activations");
    if (ModelSource.stores(model, "loss") && arguments.has("loss")) {
      throw refused(in, "loss", "its loss");
    } else if (arguments.has("loss")) {
      Loss loss = arguments.loss();
      model = ModelSource.each(model, member -> member.withLoss(loss));
    }
    requireStored(in, model, "loss", "loss");
    if (arguments.has("scale")) {
      if (model.scaling().isPresent()) {
        throw refused(in, "scale", "a scaling");
      }
      boolean none = arguments.word("scale").equals("none");
      model = model.withScaling(none ? Scaling.none() : Scaling.divide(255));
    }
    return model;
  }

  private static void requireStored(Path in, Model model, String option, String what) {
    if (!ModelSource.stores(model, what)) {
      throw Problem.usage(
          "--%s: not given, but needed, as %s does not store the %s", option, in, what);
    }
  }

  private static Problem refused(Path in, String option, String what) {
    return Problem.usage(
        "--%s: works with a model that does not store it, %s stores %s", option, in, what);
  }

  /** Prints how far a file agrees with the model, and refuses a file that does not. */
  private void compare(Path file, Path called, Model model, String name) throws IOException {
    boolean given = arguments.has("data");
    Comparison found = given ? onGiven(file, model) : Comparison.onDrawn(file, model);
    String of = given ? "given" : "drawn";
    Json figures = json(found);
    output.result(called + " on " + summary(figures, found, of, model));
    result.put(name, figures);
    if (!found.agrees()) {
      throw Problem.failure(
          "%s: results of %s %s rows differ from the model's by more than %s of the largest of the"
              + " row and by more than rounding does, expected no such rows: nothing is written",
          called, found.beyond(), of, Comparison.TOLERANCE);
    }
  }

  private static String summary(Json found, Comparison c, String of, Model model) {
    String size =
        c.largest() == 0 ? " (the same bits)" : " ({ulps} ulp, largest result {largest_result})";
    String changed = model.loss().task().hasClasses() ? ", {changed} other classes" : "";
    return found.in("{rows} " + of + " rows: largest difference {largest}" + size + changed);
  }

  private static Json json(Comparison c) {
    return new Json()
        .put("rows", c.rows())
        .put(
            "largest",
            new TextValue(c.largest(), c.largest() == 0 ? "0" : number("%.2g", c.largest())))
        .put("ulps", new TextValue(c.ulps(), number("%.1f", c.ulps())))
        .put("largest_result", new TextValue(c.largestResult(), number("%.3g", c.largestResult())))
        .put("changed", c.changed())
        .put("beyond", c.beyond());
  }

  private static String number(String words, double number) {
    return String.format(Locale.ROOT, words, number);
  }

  private Comparison onGiven(Path file, Model model) throws IOException {
    boolean table = model.schema().isPresent();
    // Without a scaling, rows are read as they are.
    Model unscaled = model.withScaling(Scaling.none());
    ReadOptions reading = DataOptions.reading(arguments, model);
    int width = model.inputs();
    int most = Comparison.rows(model);
    try (RowStream rows = RowStream.open(DataSource.file(arguments), unscaled, table, reading)) {
      int count = rows.next(new float[Math.multiplyExact(most, width)]);
      if (!table) {
        double[] features = new double[count * width];
        for (int row = 0; row < count; row++) {
          System.arraycopy(rows.numbers(row), 0, features, row * width, width);
        }
        return Comparison.of(file, model, features);
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
