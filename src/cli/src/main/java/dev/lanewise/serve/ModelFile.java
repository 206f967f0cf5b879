package dev.lanewise.serve;

import dev.lanewise.files.ModelSource;
import dev.lanewise.files.RunDirectory;
import dev.lanewise.files.RunFiles;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Scaling;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.DataOptions;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Result;
import dev.lanewise.terminal.TextValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file of a served model, or its run, which may be replaced while the server goes on. Requests
 * that have begun keep the old model. A file that cannot be taken up is said once, and the old
 * model stays.
 */
public final class ModelFile {
  private static final Pattern NAMED = Pattern.compile("(?![.]+=)([A-Za-z0-9._-]+)=(.+)");

  public final Path path;
  private final String name; // null for the only model, if it has no name
  private final Arguments arguments;
  private final Output output;
  private final int mostBytes; // of the body of a request
  private String known; // the file that was taken up or refused
  private String seen; // state of the file at the last look

  /**
   * Makes a file, which is not read yet.
   *
   * @param name null for the only model, if it has no name
   * @param given a file or a run
   * @param mostBytes maximum length of the body of a request
   */
  public ModelFile(String name, Path given, Arguments arguments, Output output, int mostBytes) {
    path = given;
    this.name = name;
    this.arguments = arguments;
    this.output = output;
    this.mostBytes = mostBytes;
    known = identity();
  }

  /** Returns the files or runs that the options name, in the order of the command line. */
  public static List<ModelFile> given(Arguments arguments, Output output, int mostBytes)
      throws IOException {
    List<ModelFile> given = new ArrayList<>();
    Set<String> names = new HashSet<>();
    List<String> texts = arguments.texts("model");
    for (String text : texts) {
      Matcher parts = NAMED.matcher(text);
      Path path = Arguments.path("--model", text);
      boolean isNamed = parts.matches() && !Files.exists(path); // a path may look like a name
      if (isNamed) {
        path = Arguments.path("--model", parts.group(2));
      }
      String name = isNamed ? parts.group(1) : ServedModel.UNNAMED;
      if (!names.add(name)) {
        throw Problem.usage(
            "--model: two models have the name %s, expected NAME=FILE with a name for each", name);
      }
      name = !isNamed && texts.size() == 1 ? null : name;
      given.add(new ModelFile(name, path, arguments, output, mostBytes));
    }
    if (texts.isEmpty()) {
      Path newest = RunDirectory.newestModel();
      given.add(new ModelFile(null, newest, arguments, output, mostBytes));
    }
    return given;
  }

  /** Loads the model. */
  public ServedModel load() throws IOException {
    try {
      Path file = RunFiles.model(path);
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

  /** Returns a text that differs when the file is replaced. */
  private String identity() {
    try {
      Path file = RunFiles.model(path);
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return now.size() + " " + now.lastModifiedTime().toInstant() + " " + now.fileKey();
    } catch (IOException e) {
      return "none";
    }
  }

  /**
   * Looks at the file. A new one is loaded once it is the same at two looks, as another program may
   * still be writing it.
   */
  public void look(ModelSlot slot) {
    String now = identity();
    boolean isSettled = now.equals(seen);
    seen = now;
    if (now.equals(known) || !isSettled) {
      return;
    }
    known = now; // if it changes while it is loaded, the next look sees that
    Path file = RunFiles.model(path);
    ServedModel old = slot.model();
    try {
      ServedModel model = load();
      slot.take(model);
      String was = old.card.inputs;
      String is = model.card.inputs;
      String others = ", which has other inputs: " + is + " (before: " + was + ")";
      new Result("reloaded", output)
          .put("name", slot.name)
          .put("model", new TextValue(file, file + (is.equals(was) ? "" : others)))
          .note("Model {name}: took up {model}", "sha256", model.card.sha256)
          .end();
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      slot.failures.increment();
      String reason = Problem.of(e, "").getMessage();
      output.error("the old model goes on, as the new file is not taken up: " + reason);
      new Result("reload_failed", output).put("name", slot.name).put("error", reason).end();
    }
  }
}
