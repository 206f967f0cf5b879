package dev.lanewise.cli.server;

import dev.lanewise.cli.answers.Outputs;
import dev.lanewise.cli.inputs.ModelSource;
import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.DataOptions;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.runs.RunDirectory;
import dev.lanewise.cli.runs.RunFiles;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Scaling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Loads the models of {@code serve}. Its options hold for all of them. */
public final class ModelLoader {
  private static final Pattern NAMED = Pattern.compile("(?![.]+=)([A-Za-z0-9._-]+)=(.+)");

  private final Arguments arguments;
  private final Output output;
  private final int mostBytes;

  /**
   * Makes a loader.
   *
   * @param mostBytes maximum length of the body of a request
   */
  public ModelLoader(Arguments arguments, Output output, int mostBytes) {
    this.arguments = arguments;
    this.output = output;
    this.mostBytes = mostBytes;
  }

  /**
   * Returns the files or runs of all models by their names, in the order of the command line.
   *
   * @return with the key null for the only model, if it has no name
   */
  public Map<String, Path> given() throws IOException {
    Map<String, Path> given = new LinkedHashMap<>();
    List<String> texts = arguments.texts("model");
    for (String text : texts) {
      Matcher parts = NAMED.matcher(text);
      Path path = Arguments.path("--model", text);
      boolean isNamed = parts.matches() && !Files.exists(path); // a path may look like a name
      if (isNamed) {
        path = Arguments.path("--model", parts.group(2));
      }
      String name = isNamed ? parts.group(1) : ServedModel.UNNAMED;
      if (given.put(!isNamed && texts.size() == 1 ? null : name, path) != null) {
        throw Problem.usage(
            "--model: two models have the name %s, expected NAME=FILE with a name for each", name);
      }
    }
    if (texts.isEmpty()) {
      given.put(null, RunDirectory.newestModel());
    }
    return given;
  }

  /**
   * Loads a model.
   *
   * @param name null for the only model, if it has no name
   * @param given its file or run
   */
  public ServedModel load(String name, Path given) throws IOException {
    try {
      Path file = RunFiles.model(given);
      ModelSource source = ModelSource.load(arguments, file, output);
      source.scaling(arguments); // refuses options that contradict the model
      boolean isByte = "255".equals(arguments.text("scale"));
      Model model = source.with(isByte ? Scaling.divide(255) : Scaling.none(), arguments, output);
      Outputs outputs = Outputs.of(model, model.classNames(), arguments, output);
      return new ServedModel(name, outputs, DataOptions.reading(arguments, model), mostBytes);
    } catch (Problem | IOException | IllegalArgumentException | UncheckedIOException e) {
      if (name == null) {
        throw e;
      }
      throw Problem.of(e, "model " + name + ": ");
    }
  }
}
