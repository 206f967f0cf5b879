package dev.lanewise.cli;

import dev.lanewise.cli.inputs.DataSource;
import dev.lanewise.cli.inputs.ModelSource;
import dev.lanewise.cli.inputs.RowsToPredict;
import dev.lanewise.cli.inputs.RunData;
import dev.lanewise.cli.inputs.Subject;
import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.Interruption;
import dev.lanewise.cli.options.Nearest;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.print.ProgressBar;
import dev.lanewise.cli.print.PythonFormat;
import dev.lanewise.cli.print.Result;
import dev.lanewise.cli.results.ExplainedRows;
import dev.lanewise.cli.results.Explanations;
import dev.lanewise.cli.runs.RunDirectory;
import dev.lanewise.data.Split;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Messages;
import dev.lanewise.model.Model;
import dev.lanewise.report.ExplainPage;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.LoadOptions;
import dev.lanewise.table.RowStream;
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

  private static final long REDRAW_NANOS = 100_000_000;

  private Arguments arguments;
  private Output output;
  private Interruption interruption;
  private Set<Long> chosen; // null: all rows
  // numbers of the chosen rows that were not found yet
  private final Set<Long> missing = new TreeSet<>();
  private Model model;
  private ModelSource source;
  private long lastDraw = System.nanoTime();
  private boolean isDrawn;
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
    arguments.integer("background-rows", 1, 1 << 24);
    chosen = arguments.has("rows") ? numbers() : null;
    missing.addAll(chosen == null ? Set.of() : chosen);
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

  private Set<Long> numbers() {
    Set<Long> numbers = new TreeSet<>();
    for (String word : arguments.text("rows").split(",", -1)) {
      if (!word.matches("[0-9]{1,18}")) {
        throw arguments.wrong("rows", "numbers of rows from 0, separated by commas");
      }
      numbers.add(Long.parseLong(word));
    }
    return numbers;
  }

  private void explain(AtomicFile.IoConsumer<String> csv) throws IOException {
    Path file = DataSource.file(arguments);
    if (!RowsToPredict.streams(arguments, file)) {
      Subject subject = Subject.load(arguments, output, false);
      model = subject.model;
      source = ModelSource.load(arguments, output);
      explain(ExplainedRows.of(subject.split, model, this::isChosen), csv);
      return;
    }
    source = ModelSource.load(arguments, output);
    Path apart = RowsToPredict.fileOfSplit(arguments);
    boolean[] ofSplit =
        arguments.has("split") && apart == null
            ? RowsToPredict.rowsOfSplit(arguments, output)
            : null;
    LongPredicate wanted =
        row -> isChosen(row) && (ofSplit == null || row < ofSplit.length && ofSplit[(int) row]);
    Path read = apart == null ? file : apart;
    try (RowStream rows =
        RowStream.open(read, source.model, true, RowsToPredict.options(arguments, source))) {
      model = source.with(rows.scaling(), arguments, output);
      List<Message> before = Messages.of(rows.notes());
      before.forEach(output::hint);
      output.kernelHint();
      explain(ExplainedRows.of(rows, model, wanted), csv);
      Messages.of(rows.notes()).stream().skip(before.size()).forEach(output::hint);
    }
  }

  private boolean isChosen(long row) {
    return chosen == null || chosen.contains(row);
  }

  private void explain(ExplainedRows rows, AtomicFile.IoConsumer<String> csv) throws IOException {
    Explainer explainer = explainer();
    page = new ExplainPage(arguments.text("data"), explainer.columns(), model);
    Explanations explanations = new Explanations(model, explainer.columns(), output, csv);
    boolean isText = csv == null && !output.json;
    boolean isShown =
        (!isText || arguments.has("page"))
            && ProgressBar.isWanted(arguments.text("progress"), output.quiet);
    boolean isLimited = isText && chosen == null;
    int limit = !isLimited ? Integer.MAX_VALUE : arguments.has("page") ? RANKED : SHOWN;
    boolean hasMore = false;
    float[] features = rows.next();
    while (features.length > 0 && !interruption.requested() && !hasMore) {
      int count = features.length / model.inputs();
      int most = Math.min(count, limit - done);
      hasMore = most < count || output.hasFailed();
      float[] used = Arrays.copyOf(features, most * model.inputs());
      int earlier = done;
      List<Explanation> found =
          explainer.explain(
              used,
              part -> {
                if (isShown) {
                  progress(earlier + part);
                }
                return !interruption.requested();
              });
      for (int i = 0; i < found.size(); i++) {
        int row = i;
        Explanation why = found.get(i);
        List<String> values =
            IntStream.range(0, why.contributions().size())
                .mapToObj(c -> rows.value(row, c))
                .toList();
        if (!isLimited || done < SHOWN) {
          explanations.write(rows.number(i), why, values);
        }
        if (arguments.has("page")) {
          float[] own = Arrays.copyOfRange(used, i * model.inputs(), (i + 1) * model.inputs());
          page.add(rows.number(i), values, own, why);
        }
        incomplete += why.isComplete() ? 0 : 1;
        largest = Math.max(largest, why.isComplete() ? 0 : Math.abs(why.remainder()));
        missing.remove(rows.number(i));
        done++;
      }
      features = hasMore ? features : rows.next();
    }
    if (isDrawn) {
      output.err.print("\rExplained " + done + " rows\n");
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

  private void progress(int rows) {
    long now = System.nanoTime();
    if (now - lastDraw >= REDRAW_NANOS) {
      output.err.print("\rExplained " + rows + " rows");
      output.err.flush();
      lastDraw = now;
      isDrawn = true;
    }
  }

  private Explainer explainer() throws IOException {
    Explainer made = Explainer.of(model).withThreads(arguments.threads());
    OptionalInt rarer =
        arguments.has("page")
            ? Profile.of(model).map(Profile::rarerClass).orElse(OptionalInt.empty())
            : OptionalInt.empty();
    if (arguments.has("class")) {
      made = made.withOutput(output());
    } else if (rarer.isPresent()) {
      made = made.withOutput(rarer.getAsInt());
    } else if (model.loss().task().hasNumbers() && model.outputs() > 1) {
      throw Problem.usage(
          "explain: the model predicts %s numbers, expected --class with one of %s",
          model.outputs(), names());
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

  private List<String> names() {
    return IntStream.range(0, model.outputs()).mapToObj(model::className).toList();
  }

  private int output() {
    List<String> names = names();
    int place = names.indexOf(arguments.text("class"));
    if (place < 0) {
      String suggestion = Nearest.suggestion(arguments.text("class"), names);
      throw arguments.wrong("class", "one of " + String.join(", ", names) + suggestion);
    }
    return place;
  }

  /** Draws background rows; of a file with splits, these are training rows. */
  private float[] background() throws IOException {
    Path file = arguments.path("background");
    int most = Arguments.integer(arguments.text("background-rows"));
    LoadOptions[] options = RowsToPredict.options(arguments, source);
    float[] drawn;
    if (RowsToPredict.streams(arguments, file)) {
      try (RowStream rows = RowStream.open(file, model, false, options)) {
        drawn = ExplainedRows.of(rows, model, row -> true).draw(most);
      }
    } else {
      Split training = Datasets.load(file, model, options).train();
      drawn = ExplainedRows.of(training, model, row -> true).draw(most);
    }
    if (drawn.length == 0) {
      throw Problem.failure("%s: no rows, expected rows to compare with", file);
    }
    return drawn;
  }
}
