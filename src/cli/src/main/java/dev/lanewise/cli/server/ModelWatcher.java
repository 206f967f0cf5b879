package dev.lanewise.cli.server;

import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.print.Result;
import dev.lanewise.cli.print.Shown;
import dev.lanewise.cli.runs.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Checks whether the file of a served model was replaced, and then serves the new model. Requests
 * that have begun keep the old model. A file that cannot be taken up is said once, and the old
 * model stays.
 */
public final class ModelWatcher {
  private final ModelSlot slot;
  private final Path given; // a file or a run
  private final ModelLoader loader;
  private final Output output;
  private Object known; // the file that was taken up or refused
  private Object seen; // state of the file at the last look

  /**
   * Begins to watch a model.
   *
   * @param given its file or run
   * @param known the identity of the file before it was loaded
   */
  public ModelWatcher(ModelSlot slot, Path given, Object known, ModelLoader loader, Output output) {
    this.slot = slot;
    this.given = given;
    this.known = known;
    this.loader = loader;
    this.output = output;
  }

  /** Returns an object that differs when the file is replaced; a text if there is no file. */
  public static Object identity(Path given) {
    try {
      Path file = RunFiles.model(given);
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
  public void look() {
    Object now = identity(given);
    boolean isSettled = now.equals(seen);
    seen = now;
    if (now.equals(known) || !isSettled) {
      return;
    }
    known = now; // if it changes while it is loaded, the next look sees that
    Path file = RunFiles.model(given);
    ServedModel old = slot.model();
    try {
      ServedModel model = loader.load(old.isNamed ? old.name : null, given);
      slot.take(model);
      String was = old.card.inputs;
      String is = model.card.inputs;
      String others = ", which has other inputs: " + is + " (before: " + was + ")";
      new Result("reloaded", output)
          .put("name", slot.name)
          .put("model", new Shown(file, file + (is.equals(was) ? "" : others)))
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
