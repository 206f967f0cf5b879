package dev.lanewise.cli;

import dev.lanewise.files.RunFiles;
import dev.lanewise.files.RunOfModel;
import dev.lanewise.files.RunRecord;
import dev.lanewise.files.Subject;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Messages;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Imbalance;
import dev.lanewise.report.RunComparison;
import dev.lanewise.selection.BestModel;
import dev.lanewise.selection.Interval;
import dev.lanewise.selection.PairedComparison;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.PythonFormat;
import dev.lanewise.terminal.TextValue;
import dev.lanewise.terminal.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether the differences between runs are more than chance explains. The models predict their test
 * rows again, and are compared if these are known to be the same rows: of the same files by their
 * digests, divided in the same way, with the same targets.
 */
public final class ChanceComparison {
  private static final Map<String, String> TITLES =
      Map.of("accuracy", "Accuracy", "loss", "Loss", "roc_auc", "ROC AUC", "r2", "R2");

  private final Arguments arguments;
  private final List<RunComparison.Run> runs;
  private final Output output;
  private final Map<String, List<String>> said =
      new LinkedHashMap<>(); // of the rows, for which runs

  /** The results of a run for its test rows. */
  private record Tested(int run, String rows, Evaluation evaluation, int[] groups) {}

  public ChanceComparison(Arguments arguments, List<RunComparison.Run> runs, Output output) {
    this.arguments = arguments;
    this.output = output;
    this.runs = runs;
  }

  /**
   * Compares the runs of a group.
   *
   * @param group their numbers
   * @param models the model files of all runs; null of a run without
   * @param events to which an object is added for each comparison
   * @return what is said about them
   */
  public List<String> of(List<Integer> group, List<Path> models, List<Json> events) {
    List<String> sentences = new ArrayList<>();
    Map<String, List<Tested>> byRows = new LinkedHashMap<>();
    for (int run : group) {
      try {
        test(run, models.get(run), byRows);
      } catch (Problem | IOException | IllegalArgumentException | ArithmeticException e) {
        sentences.add("Chance is not judged for %s: %s.".formatted(number(run), Words.of(e)));
      }
    }
    sentences.addAll(notes());
    for (List<Tested> tested : byRows.values()) {
      if (tested.size() > 1) {
        compare(tested, sentences, events);
      } else if (byRows.size() > 1) {
        sentences.add(
            "Chance is not judged for %s: no other run here was tested on the same rows."
                .formatted(number(tested.get(0).run)));
      }
    }
    return sentences;
  }

  /** Says what was noted about the rows, as for one model, and returns the warnings. */
  private List<String> notes() {
    List<String> warnings = new ArrayList<>();
    said.forEach(
        (note, numbers) -> {
          String line = String.join(", ", numbers) + ": " + note;
          output.hint(line);
          if (note.startsWith("Warning: ")) {
            warnings.add(line + ".");
          }
        });
    said.clear();
    return warnings;
  }

  /** Evaluates a run, and adds it to those that are tested on the same rows. */
  private void test(int run, Path model, Map<String, List<Tested>> byRows) throws IOException {
    if (model == null) {
      throw Problem.failure("it left no model");
    }
    Arguments own = arguments.about(model);
    Output silent = Output.silent();
    RunRecord record = RunOfModel.record(model, silent);
    if (record == null && !own.has("data")) {
      throw Problem.failure(
          "there is no %s, which says what its test rows are, expected --data FILE",
          RunFiles.RECORD);
    }
    Subject subject = Subject.load(own, silent, false);
    if (!subject.isWhole && !subject.splitName.equals("test")) {
      throw Problem.failure(
          "it has no test rows, expected --data FILE with rows that training" + " did not use");
    }
    for (Message message : Messages.of(subject.data.notes())) {
      said.computeIfAbsent(Words.of(message), note -> new ArrayList<>()).add(number(run));
    }
    subject
        .chosenHere()
        .ifPresent(
            note ->
                said.computeIfAbsent("Warning: " + note, k -> new ArrayList<>()).add(number(run)));
    Evaluation evaluation = subject.evaluate(own);
    String key = subject.isWhole ? "" : rows(subject, own.has("data") ? null : record);
    byRows
        .computeIfAbsent(key, k -> new ArrayList<>())
        .add(new Tested(run, subject.isWhole ? "rows" : "test rows", evaluation, subject.groups()));
  }

  /**
   * Returns which rows a run was tested on: the rows of a file for tests, or else the file of all
   * rows and, if it was divided, the numbers of the test rows.
   */
  private static String rows(Subject subject, RunRecord record) throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (RunRecord read : record == null ? List.<RunRecord>of() : record.read()) {
      files.put(read.text("option"), read.text("sha256"));
    }
    if (files.containsKey("test-data")) {
      return files.get("test-data");
    }
    files.keySet().retainAll(List.of("data", "targets"));
    boolean isDivided =
        subject.model.division().filter(division -> !division.sizes().isEmpty()).isPresent();
    return files + (isDivided ? Arrays.toString(subject.tableRows()) : "");
  }

  /** Compares the best run with each of the others. */
  private void compare(List<Tested> tested, List<String> sentences, List<Json> events) {
    List<Evaluation> evaluations = tested.stream().map(Tested::evaluation).toList();
    Evaluation first = evaluations.get(0);
    int[] groups =
        tested.stream()
            .map(Tested::groups)
            .filter(known -> known.length > 0)
            .findFirst()
            .orElse(new int[0]);
    List<String> names = tested.stream().map(each -> number(each.run)).toList();
    int pairs = names.size() * (names.size() - 1) / 2;
    sentences.add(
        "%s on the same %s %s%s (p: how often equal models differ as much%s):"
            .formatted(
                String.join(", ", names),
                first.rows(),
                tested.get(0).rows,
                groups.length == 0
                    ? ""
                    : " in %s groups".formatted(Arrays.stream(groups).distinct().count()),
                pairs > 1 ? ", adjusted by Holm's method for %s pairs".formatted(pairs) : ""));
    for (String figure : figures(first)) {
      BestModel winner;
      try {
        winner = BestModel.of(evaluations, figure, groups);
      } catch (IllegalArgumentException e) {
        sentences.add("Chance is not judged for " + title(figure) + ": " + Words.of(e));
        continue;
      }
      for (int i = 0; i < tested.size(); i++) {
        if (i != winner.best()) {
          Json event = event(figure, tested, winner, i);
          sentences.add(sentence(event, winner.comparisons().get(i)));
          events.add(event);
        }
      }
    }
  }

  private static String title(String figure) {
    return TITLES.getOrDefault(figure, "Average precision");
  }

  private static List<String> figures(Evaluation of) {
    if (of.kind().task().hasNumbers()) {
      return List.of("r2");
    }
    boolean isBinary = of.kind().task().hasClasses() && of.classes() == 2;
    boolean isRare = isBinary && Imbalance.of(of).isPresent();
    List<String> ranked = List.of("roc_auc", "average_precision", "accuracy", "loss");
    List<String> usual = List.of("accuracy", "loss", "roc_auc");
    return isRare ? ranked : usual.subList(0, isBinary ? 3 : 2);
  }

  private static String number(int run) {
    return "#" + (run + 1);
  }

  private static String sentence(Json event, PairedComparison comparison) {
    boolean isKnown = comparison.interval().low() < comparison.interval().high();
    return event.in(
        "{figure}: "
            + (comparison.difference() == 0
                ? "{better} and {worse} are equal"
                : "{better} is better than {worse} by {difference}, {more_than_chance} than chance"
                    + " explains")
            + (isKnown ? " (95% interval {interval}, p {p_adjusted})." : "."));
  }

  /** Returns the interval of a difference with its sign so that above 0 is better. */
  private static Interval gain(PairedComparison comparison) {
    Interval found = comparison.interval();
    return comparison.difference() < 0
        ? new Interval(-found.high(), -found.low(), found.level(), found.method())
        : found;
  }

  private Json event(String figure, List<Tested> tested, BestModel winner, int other) {
    PairedComparison comparison = winner.comparisons().get(other);
    Interval gain = gain(comparison);
    double p = winner.adjusted().get(other);
    boolean isMore = winner.isBetterThan(other);
    String ends = PythonFormat.measure(gain.low()) + " to " + PythonFormat.measure(gain.high());
    return Json.event("comparison")
        .put("figure", new TextValue(figure, title(figure)))
        .put("better", shown(tested.get(winner.best()).run))
        .put("worse", shown(tested.get(other).run))
        .put("difference", TextValue.measure(Math.abs(comparison.difference())))
        .put("interval", new TextValue(ScoreIntervals.shown(gain).value(), ends))
        .put("p", comparison.p())
        .put("p_adjusted", new TextValue(p, p < 1e-4 ? "below 0.0001" : PythonFormat.fixed(p, 4)))
        .put("more_than_chance", new TextValue(isMore, isMore ? "more" : "no more"));
  }

  private TextValue shown(int run) {
    return new TextValue(runs.get(run).name(), number(run));
  }
}
