package dev.lanewise.files;

import dev.lanewise.metrics.EpochMetric;
import dev.lanewise.nn.Loss;
import dev.lanewise.recipe.Option;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.selection.SearchSpace;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Problem;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The search space and the recipe that the options of {@code search} describe. */
public final class SearchOptions {
  private static final String HIDDEN = "hidden";
  private static final String BEST = "best";
  private static final String NONE = "none";

  /** The options that all trials share, and what the space does not have. */
  public final Recipe recipe;

  public final SearchSpace space;

  /**
   * Reads the options, and takes those that are searched from the arguments.
   *
   * @throws Problem if a value is wrong, or nothing is searched
   * @throws IOException if nothing is searched because the data cannot be read
   */
  public SearchOptions(Arguments arguments) throws IOException {
    Map<String, String> searched = new LinkedHashMap<>();
    SearchSpace given = SearchSpace.EMPTY;
    for (Option option : Recipe.options().values()) {
      String flag = option.flag();
      boolean isSearched =
          arguments.has(flag)
              && (isSeveral(option, arguments.text(flag))
                  || searched.containsKey(option.selector()));
      if (isSearched) {
        String items = items(option, arguments.text(flag));
        SearchSpace before = given;
        given = arguments.checked(flag, () -> before.with(option.name(), items));
        searched.put(option.name(), arguments.take(flag));
      }
    }
    Preset preset = new Preset(arguments);
    if (preset.hasPortfolio()) {
      throw arguments.wrong(
          "preset", "a preset without groups of networks such as table, as search selects groups");
    }
    Recipe shared = preset.recipe();
    if (arguments.has(BEST)) {
      String best = arguments.word(BEST);
      boolean takesLast = // as train, where a patience takes the first of equal epochs
          "last".equals(arguments.text("best-of-equals")) && !searched.containsKey("patience");
      shared = shared.with(BEST, takesLast && !best.equals(NONE) ? "last-" + best : best);
    }
    if (Arrays.stream(arguments.text("class-weights").split(","))
        .anyMatch(weight -> Arguments.number(weight) == 0)) {
      throw arguments.wrong(
          "class-weights", "weights above 0, as rows of all classes compare trials");
    }
    recipe = shared;
    space = completed(arguments, given);
    if (space.options().contains("batchSize") && arguments.has("shards")) {
      arguments.refuse("not together with several values of --batch-size", "shards");
    }
    if (space.options().stream().allMatch(space::isFixed)) {
      // Refuses a file that cannot be read, of which the preset, and so the usual space, is
      // unknown.
      DataSource.isTable(DataSource.file(arguments));
      throw Problem.usage(
          "search: one value for each option, expected several values for at least one option, such"
              + " as --eta 1e-3..1e-1");
    }
  }

  private static boolean isSeveral(Option option, String text) {
    return text.indexOf(';') >= 0
        || option.type() != Option.Type.SIZES && (text.contains("..") || text.indexOf(',') >= 0);
  }

  /** Returns items in the words of the library. */
  private static String items(Option option, String text) {
    return Arrays.stream(text.split("(?<=[,;])|(?=[,;])"))
        .map(part -> option.value(part.strip()))
        .collect(Collectors.joining());
  }

  /**
   * Adds the usual items of options that are not given, and that other options do not make useless.
   */
  private SearchSpace completed(Arguments arguments, SearchSpace given) {
    Set<String> left = new HashSet<>();
    boolean hasBins = arguments.has("bins") || given.options().contains("bins");
    for (String option : Recipe.options().keySet()) {
      String selector = Recipe.option(option).selector();
      boolean isFixed = !recipe.uses(option) && arguments.has(Recipe.option(selector).flag());
      boolean isOfLayers = option.startsWith("dropout") || option.equals("activation");
      if (arguments.has(Recipe.option(option).flag())
          || isFixed
          || isOfLayers && NONE.equals(arguments.text(HIDDEN))
          || option.equals("binnedMembers") && hasBins) {
        left.add(option);
      }
    }
    return given.and(SearchSpace.usual(recipe).without(left));
  }

  /** Refuses options that the loss or the network cannot use. */
  public void check(Arguments arguments, Loss loss) {
    DataSource.checkLoss(arguments, loss);
    boolean smooths =
        arguments.has("label-smoothing") || space.options().contains("labelSmoothing");
    if (smooths && !loss.task().hasClasses()) {
      throw Problem.usage("--label-smoothing: works with --loss softmax only");
    }
    String best = arguments.text(BEST);
    boolean lacks =
        Stream.of(EpochMetric.values())
            .anyMatch(metric -> metric.name().equalsIgnoreCase(best) && !metric.suits(loss));
    if (lacks) {
      throw Problem.usage("--best: '%s', expected a measure that loss %s has", best, loss.label());
    }
    boolean drops = arguments.has("dropout") || space.options().contains("dropout");
    if (drops && NONE.equals(arguments.text(HIDDEN)) && !space.options().contains(HIDDEN)) {
      throw Problem.usage("--dropout: works with hidden layers only, expected --hidden N,N,...");
    }
  }

  /** Returns the words of {@code train} for options of a trial. */
  public static List<String> words(Map<String, String> options) {
    return Preset.words(options).entrySet().stream()
        .map(option -> "--" + option.getKey() + "=" + option.getValue())
        .toList();
  }
}
