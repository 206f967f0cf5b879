package dev.lanewise.cli;

import dev.lanewise.nn.Loss;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.selection.SearchSpace;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The search space and the recipe that the options of {@code search} describe. */
final class SearchOptions {
  private static final String HIDDEN = "hidden";
  private static final String BEST = "best";
  private static final String NONE = "none";

  /** The options that all trials share, and what the space does not have. */
  final Recipe recipe;

  final SearchSpace space;

  /**
   * Reads the options, and takes those that are searched from the arguments.
   *
   * @throws Problem if a value is wrong, or nothing is searched
   */
  SearchOptions(Arguments arguments) {
    Map<String, String> searched = new LinkedHashMap<>();
    SearchSpace given = SearchSpace.EMPTY;
    for (String option : Recipe.options().keySet()) {
      String name = Preset.name(option);
      String selector = Recipe.condition(option).split(" ")[0];
      boolean isSearched =
          arguments.has(name)
              && (isSeveral(option, arguments.text(name)) || searched.containsKey(selector));
      if (isSearched) {
        String items = items(option, arguments.text(name));
        SearchSpace before = given;
        SearchSpace[] after = new SearchSpace[1];
        arguments.check(name, () -> after[0] = before.with(option, items));
        given = after[0];
        searched.put(option, arguments.take(name));
      }
    }
    Recipe shared = new Preset(arguments).recipe();
    if (arguments.has(BEST)) {
      String best = arguments.choice(BEST, NONE, "loss", "error", "auc", "balanced", "f1", "mae");
      boolean takesLast = // as train, where a patience takes the first of equal epochs
          "last".equals(arguments.text("best-of-equals")) && !searched.containsKey("patience");
      shared = shared.with(BEST, takesLast && !best.equals(NONE) ? "last-" + best : best);
    }
    recipe = shared;
    space = completed(arguments, given);
    if (space.options().stream().allMatch(space::isFixed)) {
      throw Problem.usage(
          "search: one value for each option, expected several for at least one, such as --eta"
              + " 1e-3..1e-1");
    }
  }

  private static boolean isSeveral(String option, String text) {
    return text.indexOf(';') >= 0
        || !option.equals(HIDDEN) && (text.contains("..") || text.indexOf(',') >= 0);
  }

  /** Returns items in the words of the library. */
  private static String items(String option, String text) {
    String items = text;
    for (String choice : Recipe.choices(option)) {
      String word = Preset.word(option, choice);
      items = word.equals(choice) ? items : items.replace(word, choice);
    }
    return items;
  }

  /** Adds the usual items of options that are not given, and that others do not make useless. */
  private SearchSpace completed(Arguments arguments, SearchSpace given) {
    Set<String> left = new HashSet<>();
    boolean hasBins = arguments.has("bins") || given.options().contains("bins");
    for (String option : Recipe.options().keySet()) {
      String selector = Recipe.condition(option).split(" ")[0];
      boolean isFixed = arguments.has(Preset.name(selector)) && !recipe.uses(option);
      boolean isOfLayers = option.startsWith("dropout") || option.equals("activation");
      if (arguments.has(Preset.name(option))
          || isFixed
          || isOfLayers && NONE.equals(arguments.text(HIDDEN))
          || option.equals("binnedMembers") && hasBins) {
        left.add(option);
      }
    }
    return given.and(SearchSpace.usual(recipe).without(left));
  }

  /** Refuses options that the loss or the network cannot use. */
  void check(Arguments arguments, Loss loss) {
    DataSource.checkLoss(arguments, loss);
    String smoothing = "label-smoothing";
    boolean smooths = arguments.has(smoothing) || space.options().contains("labelSmoothing");
    if (smooths && !loss.task().hasClasses()) {
      throw Problem.usage("--%s: works with --loss softmax only", smoothing);
    }
    String best = arguments.text(BEST);
    boolean lacks =
        switch (best == null ? NONE : best) {
          case "mae" -> !loss.task().hasNumbers();
          case "auc" -> loss.task().hasNumbers();
          case "balanced", "f1" -> !loss.task().hasClasses();
          default -> false;
        };
    if (lacks) {
      throw Problem.usage("--best: '%s', expected a measure that loss %s has", best, loss.label());
    }
    boolean drops = arguments.has("dropout") || space.options().contains("dropout");
    if (drops && NONE.equals(arguments.text(HIDDEN)) && !space.options().contains(HIDDEN)) {
      throw Problem.usage("--dropout: works with hidden layers only, expected --hidden N,N,...");
    }
  }

  /** Returns the names of the searched options on the command line, by those of the library. */
  Map<String, String> names() {
    Map<String, String> names = new LinkedHashMap<>();
    space.options().forEach(option -> names.put(option, Preset.name(option)));
    return names;
  }

  /** Returns the words of {@code train} for options of a trial. */
  static List<String> words(Map<String, String> options) {
    return Preset.words(options).entrySet().stream()
        .map(option -> "--" + option.getKey() + "=" + option.getValue())
        .toList();
  }
}
