package dev.lanewise.cli;

import dev.lanewise.data.Rows;
import dev.lanewise.files.DataSource;
import dev.lanewise.files.ModelSource;
import dev.lanewise.files.RowsToPredict;
import dev.lanewise.files.RunData;
import dev.lanewise.files.RunDirectory;
import dev.lanewise.files.Subject;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Messages;
import dev.lanewise.model.Model;
import dev.lanewise.report.ExplainPage;
import dev.lanewise.serve.Explanations;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.LoadOptions;
import dev.lanewise.table.RowStream;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Nearest;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.ProgressBar;
import dev.lanewise.terminal.PythonFormat;
import dev.lanewise.terminal.Result;
import dev.lanewise.trust.Explainer;
import dev.lanewise.trust.Explanation;
import dev.lanewise.trust.Profile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/** {@code explain}: says how much each column of a row moves its prediction. */
final class ExplainCommand implements Command {
  /** Rows that are shown in a terminal if the user names none. */
  private static final int SHOWN = 5;

  /** Number of rows over which a page ranks the columns if the user names no rows. */
  private static final int RANKED = 500;

  private Arguments arguments;
  private Output output;
  private Interruption interruption;
  private final Set<Long> chosen = new TreeSet<>(); // none for all rows
  private Set<Long> missing; // numbers of the chosen rows that were not found yet
  private Model model;
  private ModelSource source;
  private float[] compared = new float[0]; // background rows
  private ExplainPage page;
  private int done; // rows
  private int incomplete; // rows whose contributions do not add up
  private double largest; // remainder of these

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    this.arguments = arguments;
    this.output = output;
    this.interruption = interruption;
    arguments.whole("background-rows");
    if (arguments.has("rows")) {
      for (String word : arguments.text("rows").split(",", -1)) {
        if (!word.matches("[0-9]{1,18}")) {
          throw arguments.wrong("rows", "numbers of rows from 0, separated by commas");
        }
        chosen.add(Long.parseLong(word));
      }
    }
    missing = new TreeSet<>(chosen);
    checkEnding("out", ".csv");
    checkEnding("page", ".html");
    RunData.take(arguments, output);
    Path file = file("out");
    Path page = file("page");
    interruption.hold();
    if (file == null) {
      explain(null);
    } else {
      AtomicFile.write(
          file, out -> explain(text -> out.write(text.getBytes(StandardCharsets.UTF_8))));
      new Result("saved", output)
          .note("Saved the explanations of {rows} rows in {file}", "file", file, "rows", done)
          .end();
    }
    if (page != null) {
      RunDirectory.write(page, this.page.html(compared));
      new Result("saved", output).note("Saved the page {file}", "file", page).end();
    }
  }

  /** Refuses another kind of file before anything is loaded. */
  private void checkEnding(String option, String ending) {
    if (arguments.has(option) && !DataSource.hasEnding(arguments.path(option), ending)) {
      throw arguments.wrong(option, "a name that ends in " + ending);
    }
  }

  /** Returns the file that an option names; null without the option. */
  private Path file(String option) throws IOException {
    return arguments.has(option) ? DataSource.out(arguments, option) : null;
  }

  private void explain(AtomicFile.IoConsumer<String> csv) throws IOException {
    LongPredicate isChosen = row -> chosen.isEmpty() || chosen.contains(row);
    if (!RowsToPredict.streams(arguments, DataSource.file(arguments))) {
      Subject subject = Subject.load(arguments, output, false);
      model = subject.model;
      source = ModelSource.load(arguments, output);
      explain(ExplainedRows.of(subject.split, model, isChosen), csv);
      return;
    }
    source = ModelSource.load(arguments, output);
    Path file = RowsToPredict.file(arguments);
    LongPredicate wanted = RowsToPredict.rows(arguments, output).and(isChosen);
    try (RowStream rows =
        RowStream.open(file, source.model, true, RowsToPredict.options(arguments, source))) {
      model = source.with(rows.scaling(), arguments, output);
      List<Message> before = Messages.of(rows.notes());
      before.forEach(output::hint);
      output.kernelHint();
      explain(ExplainedRows.of(rows, model, wanted), csv);
      Messages.of(rows.notes()).stream().skip(before.size()).forEach(output::hint);
    }
  }

  private void explain(ExplainedRows rows, AtomicFile.IoConsumer<String> csv) throws IOException {
    Explainer explainer = explainer();
    boolean hasPage = arguments.has("page");
    page = hasPage ? new ExplainPage(arguments.text("data"), explainer.columns(), model) : null;
    Explanations explanations = new Explanations(model, explainer.columns(), output, csv);
    boolean isText = csv == null && !output.json;
    boolean isDrawn =
        (!isText || hasPage) && ProgressBar.isWanted(arguments.text("progress"), output.quiet);
    boolean isLimited = isText && chosen.isEmpty();
    int limit = !isLimited ? Integer.MAX_VALUE : hasPage ? RANKED : SHOWN;
    boolean hasMore = false;
    float[] features = rows.next();
    while (features.length > 0 && !interruption.requested() && !hasMore) {
      int most = Math.min(features.length / model.inputs(), limit - done);
      float[] used = Arrays.copyOf(features, most * model.inputs());
      hasMore = used.length < features.length || output.hasFailed();
      int earlier = done;
      List<Explanation> found =
          explainer.explain(
              used,
              part -> {
                if (isDrawn) {
                  output.err.print("\rExplained " + (earlier + part) + " rows");
                  output.err.flush();
                }
                return !interruption.requested();
              });
      for (int i = 0; i < found.size(); i++) {
        Explanation why = found.get(i);
        List<String> values = rows.values(i);
        if (!isLimited || done < SHOWN) {
          explanations.write(rows.number(i), why, values);
        }
        if (hasPage) {
          float[] own = Arrays.copyOfRange(used, i * model.inputs(), (i + 1) * model.inputs());
          page.add(rows.number(i), own, why, explanations.largest(why, values).cells());
        }
        incomplete += why.isComplete() ? 0 : 1;
        largest = Math.max(largest, why.isComplete() ? 0 : Math.abs(why.remainder()));
        missing.remove(rows.number(i));
        done++;
      }
      features = hasMore ? features : rows.next();
    }
    if (isDrawn && done > 0) {
      output.err.println();
    }
    say(rows, isLimited && (hasMore || done > SHOWN));
  }

  /** Says what the explanations leave out. */
  private void say(ExplainedRows rows, boolean hasMore) {
    if (incomplete > 0) {
      output.hint(
          "%s of %s rows have contributions that do not add up to their predictions: the largest"
              + " remainder is %s (the output jumps on the way from the base value to these rows)",
          incomplete, done, PythonFormat.measure(largest));
    }
    if (interruption.requested()) {
      output.hint("interrupted after %s rows", done);
    } else if (!missing.isEmpty()) {
      throw Problem.failure(
          "%s: no row %s%s, expected --rows with numbers from 0 of the %s rows of the file",
          arguments.text("data"),
          missing.iterator().next(),
          arguments.has("split") ? " in split " + arguments.text("split") : "",
          rows.rows());
    } else if (hasMore && !output.hasFailed()) {
      output.note("");
      output.note(
          "These are the first %s rows; --rows names other rows, --out FILE.csv takes all",
          Math.min(done, SHOWN));
    }
  }

  private Explainer explainer() throws IOException {
    Explainer made = Explainer.of(model).withThreads(arguments.threads());
    OptionalInt rarer =
        arguments.has("page")
            ? Profile.of(model).map(Profile::rarerClass).orElse(OptionalInt.empty())
            : OptionalInt.empty();
    List<String> names = IntStream.range(0, model.outputs()).mapToObj(model::className).toList();
    if (arguments.has("class")) {
      String name = arguments.text("class");
      if (!names.contains(name)) {
        throw arguments.wrong(
            "class", "one of " + String.join(", ", names) + Nearest.suggestion(name, names));
      }
      made = made.withOutput(names.indexOf(name));
    } else if (rarer.isPresent()) {
      made = made.withOutput(rarer.getAsInt());
    } else if (model.loss().task().hasNumbers() && model.outputs() > 1) {
      throw Problem.usage(
          "explain: the model predicts %s numbers, expected --class with one of %s",
          model.outputs(), names);
    }
    if (arguments.has("background")) {
      compared = background();
      made = made.withBackground(compared);
    } else if (!made.isReady()) {
      throw Problem.failure(
          "%s: keeps no training rows, expected --background FILE with rows to compare"
              + " with, such as those of the training",
          RunDirectory.modelFile(arguments));
    }
    return made;
  }

  /** Draws background rows; of a file with splits, these are training rows. */
  private float[] background() throws IOException {
    Path file = arguments.path("background");
    int most = arguments.whole("background-rows");
    LoadOptions[] options = RowsToPredict.options(arguments, source);
    float[] drawn;
    if (RowsToPredict.streams(arguments, file)) {
      try (RowStream rows = RowStream.open(file, model, false, options)) {
        drawn = ExplainedRows.of(rows, model, row -> true).draw(most);
      }
    } else {
      Rows training = Datasets.load(file, model, options).train();
      drawn = ExplainedRows.of(training, model, row -> true).draw(most);
    }
    if (drawn.length == 0) {
      throw Problem.failure("%s: no rows, expected rows to compare with", file);
    }
    return drawn;
  }
}
