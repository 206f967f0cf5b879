package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.files.DataSource;
import dev.lanewise.files.RunDirectory;
import dev.lanewise.files.RunFiles;
import dev.lanewise.files.SearchOptions;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.selection.Search;
import dev.lanewise.selection.SearchRun;
import dev.lanewise.selection.Trial;
import dev.lanewise.selection.ValidationScoring;
import dev.lanewise.selection.internal.TrialFile;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Role;
import dev.lanewise.terminal.Usage;
import dev.lanewise.terminal.Words;
import dev.lanewise.trust.Profile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code search}: searches for options of a training, selects an ensemble of the trials, and trains
 * it.
 */
final class SearchCommand extends TrainingCommand {
  private static final String TRIALS = "trials";
  private static final String TIME = "time";

  private SearchOptions options;
  private Dataset data;
  private ValidationScoring scoring;
  private Json record;

  @Override
  void run() throws IOException {
    if (arguments.has(TIME)) {
      arguments.refuse("not together with --time, expected only one of the two", TRIALS);
    }
    boolean isResumed = arguments.has("resume");
    try (SearchFiles resumed = isResumed ? SearchFiles.resume(arguments) : null) {
      RunCoverage.keepRows(arguments);
      record = SearchFiles.beginning(arguments);
      Loss loss = DataSource.checkedLoss(arguments);
      options = new SearchOptions(arguments);
      Search search = search();
      Map<String, String> first = options.space.values(options.recipe, arguments.seed(), 1);
      Training training = new Training(training(first), output); // checks what train will check
      if (!isResumed) {
        SearchFiles.check(arguments);
      }
      data = DataSource.loadNew(arguments, options.recipe, loss);
      options.check(arguments, data.loss());
      Training taken = new Training(training(first), output);
      scoring =
          Problem.about(
              arguments.path("data"),
              () -> {
                taken.take(data);
                return ValidationScoring.of(options.recipe, data, training::withRows);
              });
      describe();
      interruption.hold();
      try (SearchFiles files = isResumed ? resumed : SearchFiles.create(arguments)) {
        search(search, files);
      }
    }
  }

  /** Returns the search that the options describe. */
  private Search search() {
    Search search = Search.of(options.recipe, options.space).threads(arguments.threads());
    search.seed(arguments.seed());
    if (arguments.has(TIME)) {
      search.time(Duration.ofMillis(Math.round(1000 * Training.time(arguments))));
    } else if (arguments.has(TRIALS)) {
      arguments.checked(TRIALS, () -> search.trials(Arguments.integer(arguments.text(TRIALS))));
    }
    return search;
  }

  private void describe() {
    output.kernelHint();
    DataSource.describe(arguments, data, output);
    int members = options.recipe.withNetworksFor(data).members();
    output.note(
        "Each trial trains %s, each on %s rows, and is measured on %s rows that they do not see",
        members == 1 ? "a network" : members + " networks",
        scoring.trainingRows(),
        scoring.validationRows());
    Json space = new Json();
    for (String option : options.space.options()) {
      space.put(Recipe.option(option).flag(), options.space.items(option));
    }
    space.members.forEach((name, items) -> output.note("Searched: --%s %s", name, items));
    record
        .put("space", space)
        .put("preset", options.recipe.name())
        .put("training_rows", scoring.trainingRows())
        .put("validation_rows", scoring.validationRows());
  }

  private void search(Search search, SearchFiles files) throws IOException {
    long start = System.nanoTime();
    String score = data.loss().task().score().toLowerCase(Locale.ROOT);
    TrialFile file = new TrialFile(files.path(SearchFiles.TRIALS), options.space.options(), score);
    List<Trial> earlier = file.read();
    files.record(record);
    SearchRun run;
    try (SearchProgress progress =
        new SearchProgress(file, arguments, output, interruption, scoring, earlier)) {
      run = search.continued(earlier).listener(progress).run(scoring);
    } catch (IllegalArgumentException e) {
      Path about = earlier.isEmpty() ? arguments.path("data") : file.file();
      throw Problem.failure(about + ": " + Words.of(e));
    }
    if (run.winner().filter(run.candidates()::containsKey).isPresent()) {
      conclude(run, files, start);
    } else if (!run.wasEnded()) {
      throw Problem.failure(
          "%s: all %s trials diverged, expected a finite loss; try a smaller --eta",
          arguments.path("data"), run.count());
    }
    if (run.wasEnded() || interruption.requested()) {
      output.result(
          "Interrupted after trial %s%s; search --resume --out %s goes on",
          run.count(),
          run.winner().isEmpty() ? ", before any was trained as a whole" : "",
          files.directory);
    }
  }

  /** Selects the ensemble, trains it, and writes what was found. */
  private void conclude(SearchRun run, SearchFiles files, long start) throws IOException {
    SearchResults results = new SearchResults(run, data, scoring, arguments.threads(), output);
    double seconds = (System.nanoTime() - start) * 1e-9;
    Profile.keep(results.best, data).save(files.path(SearchFiles.WINNER));
    RunFiles.remove(files.path(SearchFiles.ENSEMBLE)); // of fewer trials
    if (results.isBeside) {
      Profile.keep(results.ensemble, data).save(files.path(SearchFiles.ENSEMBLE));
    }
    output.note("Trains the selected trials as train does with these options:");
    files.close(); // for train, which locks the directory itself
    train(results, files);
    if (interruption.requested()) {
      return; // resumed, it trains the selection again
    }
    results.sayModels(Model.load(files.path(RunFiles.MODEL)), seconds);
    RunDirectory.write(files.path(SearchFiles.PAGE), results.page(arguments.path("data")));
    record.put(results.result.values);
    files.record(record);
    results.result.end();
    output.note("Saved in %s: %s", files.directory, String.join(", ", files.names()));
  }

  /** Returns the options of {@code train} for a trial, with further options. */
  private Arguments training(Map<String, String> trial, String... more) {
    Usage usage = Usage.of("train");
    List<String> words = new ArrayList<>(SearchOptions.words(trial));
    for (String option : arguments.own(role -> role.isGiven() && role != Role.LENGTH)) {
      String name = option.substring(0, option.indexOf('='));
      if (usage.values.containsKey(name)) {
        words.add("--" + (usage.values.get(name).isEmpty() ? name : option));
      }
    }
    words.addAll(List.of(more));
    return new Arguments(usage, words);
  }

  /** Trains a model with the options of a selection, as the command does. */
  private void train(SearchResults results, SearchFiles files) throws IOException {
    List<String> more =
        new ArrayList<>(
            List.of(
                "--out=" + files.directory,
                "--force",
                "--threads=" + arguments.threads(),
                "--progress=" + arguments.text("progress")));
    if (!results.isPreset) {
      more.add("--searched");
    }
    train(training(results.options(), more.toArray(String[]::new)));
  }
}
