package dev.lanewise.cli;

import dev.lanewise.files.DataSource;
import dev.lanewise.files.ModelSource;
import dev.lanewise.files.RunDirectory;
import dev.lanewise.files.Subject;
import dev.lanewise.files.Subject.Decided;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.model.Model;
import dev.lanewise.model.internal.ModelAccess;
import dev.lanewise.nn.internal.MetadataName;
import dev.lanewise.rows.Division;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.DataOptions;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A command that adds a fact to a saved model, fitted to rows that training did not see. */
abstract class FactCommand implements Command {
  Arguments arguments;
  Output output;
  Result result;
  Subject subject; // the model and the rows that decide
  private final MetadataName fact;
  private final String command;
  private final Function<Model, Optional<?>> known;
  private final String[] others; // the options that need rows

  FactCommand(
      String command, MetadataName fact, Function<Model, Optional<?>> known, String... others) {
    this.command = command;
    this.fact = fact;
    this.known = known;
    this.others = others;
  }

  /** Refuses options that contradict each other. */
  void check() {}

  /** Returns a model without its fact. */
  abstract Model without(Model model);

  /** Returns the model with the fact of the rows, and says what it is; null for no other model. */
  abstract Model fit() throws IOException;

  @Override
  public void run(Arguments given, Output to, Interruption interruption) throws IOException {
    arguments = given;
    output = to;
    Path out = out();
    result = new Result(command.replaceFirst("e?$", "ed"), output).put("file", out);
    check();
    Model changed;
    if (arguments.has("remove")) {
      arguments.refuse("not together with --remove, which needs no rows", others);
      Path file = RunDirectory.modelFile(arguments);
      Model model = ModelSource.load(arguments, file, output).model;
      if (known.apply(model).isEmpty()) {
        throw Problem.failure(
            "%s: a model without a %s, expected a model that has one to remove",
            file, fact.array());
      }
      changed = without(model);
    } else {
      subject = Subject.loadToFit(arguments, output);
      refuseKnown();
      changed = fit();
      if (changed == null) {
        result.put("file", null).end();
        return;
      }
    }
    List<String> lines = new ArrayList<>(ModelAccess.access().table(changed).fitted());
    lines.removeIf(line -> line.startsWith(fact.array() + " "));
    if (subject != null) {
      Division.of(subject.data)
          .ifPresent(
              rows -> lines.add(fact.array() + " " + rows.digest() + " " + subject.splitName));
    }
    Model model = ModelAccess.access().withFitted(changed, lines);
    interruption.hold();
    model.save(out);
    result.line().note("Saved {file}").put("sha256", model.sha256()).end();
  }

  /** Returns the file to write. */
  private Path out() throws IOException {
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
  private void refuseKnown() {
    if (!subject.isOfTraining() || subject.splitName.equals(DataOptions.CALIBRATION)) {
      return;
    }
    Set<Decided> decided = subject.decided();
    if (decided.contains(Decided.WEIGHTS)) {
      throw Problem.failure(
          "%s: the model was trained on these rows and is right about them more often than about"
              + " new ones, expected new rows (--data FILE, or --split test)",
          arguments.text("data"));
    }
    boolean areOfValidation = decided.contains(Decided.EPOCH);
    if (areOfValidation && fact == MetadataName.COVERAGE) {
      throw Problem.failure(
          "%s: the best epoch was chosen by these rows, expected rows that training did not"
              + " use (--data FILE, or train --calibration-fraction)",
          arguments.text("data"));
    }
    output.hint(
        areOfValidation
            ? "The best epoch was chosen by the validation rows: rows that training did not use"
                + " would fit the %s better (train --calibration-fraction keeps some)"
            : "The test rows decide about the %s: after this they measure it too kindly (train"
                + " --calibration-fraction keeps rows for it)",
        fact.array());
  }
}
