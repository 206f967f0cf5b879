package dev.lanewise.cli.results;

import dev.lanewise.cli.inputs.DataSource;
import dev.lanewise.cli.inputs.ModelSource;
import dev.lanewise.cli.inputs.Subject;
import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.DataOptions;
import dev.lanewise.cli.options.Interruption;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.print.Result;
import dev.lanewise.cli.print.Result.Decided;
import dev.lanewise.cli.runs.RunDirectory;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.model.Model;
import dev.lanewise.model.internal.ModelAccess;
import dev.lanewise.nn.internal.FactName;
import dev.lanewise.rows.Division;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What commands share that add a fact to a saved model, fitted to rows that training did not see.
 */
public final class AddedFact {
  private AddedFact() {}

  /** Loads the model from which --remove takes a fact, and refuses options that need rows. */
  public static Model having(
      Arguments arguments,
      Output output,
      String what,
      Function<Model, Optional<?>> fact,
      String... others)
      throws IOException {
    arguments.refuse("not together with --remove, which needs no rows", others);
    Path file = RunDirectory.modelFile(arguments);
    Model model = ModelSource.load(arguments, file, output).model;
    if (fact.apply(model).isEmpty()) {
      throw Problem.failure(
          "%s: a model without a %s, expected a model that has one to remove", file, what);
    }
    return model;
  }

  /**
   * Saves the changed model with the rows to which its fact was fitted, and ends the output.
   *
   * @param rows null if the fact was removed
   */
  public static void save(
      Model changed,
      FactName fact,
      Subject rows,
      Path out,
      Result result,
      Interruption interruption)
      throws IOException {
    List<String> lines = new ArrayList<>(ModelAccess.access().table(changed).fitted());
    lines.removeIf(line -> line.startsWith(fact.array() + " "));
    if (rows != null) {
      Division.of(rows.data)
          .ifPresent(of -> lines.add(fact.array() + " " + of.digest() + " " + rows.splitName));
    }
    Model model = ModelAccess.access().withFitted(changed, lines);
    interruption.hold();
    model.save(out);
    result.line().note("Saved {file}").put("sha256", model.sha256()).end();
  }

  /** Returns the file to write. */
  public static Path out(Arguments arguments, String command) throws IOException {
    if (!arguments.has("out")) {
      throw Problem.usage("%s: no file to write, expected --out FILE.npz", command);
    }
    Path out = arguments.path("out");
    if (!DataSource.hasEnding(out, ".npz")) {
      throw Problem.usage(
          "--out: '%s', expected a name that ends in .npz (convert writes other formats)", out);
    }
    AtomicFile.requireWritable(out);
    return out;
  }

  /** Refuses rows that the model was trained on, and says what the other rows were used for. */
  public static void refuseKnown(Subject subject, Arguments arguments, Output output, String what) {
    if (!subject.isOfTraining() || subject.splitName.equals(DataOptions.CALIBRATION)) {
      return;
    }
    Set<Decided> decided = subject.measuredOn().decided();
    if (decided.contains(Decided.WEIGHTS)) {
      throw Problem.failure(
          "%s: the model was trained on these rows and is right about them more often than about"
              + " new ones, expected new rows (--data FILE, or --split test)",
          arguments.text("data"));
    }
    output.hint(
        decided.contains(Decided.EPOCH)
            ? "The best epoch was chosen by the validation rows: rows that training did not use"
                + " would fit the %s better (train --calibration-fraction keeps some)"
            : "The test rows decide about the %s: after this they measure it too kindly (train"
                + " --calibration-fraction keeps rows for it)",
        what);
  }
}
