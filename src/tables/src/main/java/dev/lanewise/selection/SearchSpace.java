package dev.lanewise.selection;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.nn.Loss;
import dev.lanewise.recipe.Option;
import dev.lanewise.recipe.Option.Scale;
import dev.lanewise.recipe.Recipe;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The values among which a {@link Search} draws the options of its trials. Each option has one or
 * more items: a value, or a range {@code low..high} of numbers. An item is drawn with equal
 * probability, and then a number from its range. Immutable.
 *
 * <pre>{@code
 * SearchSpace space = SearchSpace.EMPTY
 *     .with("learningRate", "1e-3..1e-1")
 *     .with("hidden", "128,128;256,256")
 *     .with("dropout", "0,0.1..0.5");
 * }</pre>
 *
 * <p>Numbers of options with the scale {@link Scale#LOGARITHMIC} are uniform in the logarithm,
 * others uniform. They are rounded to four digits, or to whole numbers where an option takes these.
 * The draw of a trial depends on the seed, the number of the trial and the space alone, and the
 * draw of one option does not depend on the other options.
 */
public final class SearchSpace {
  /** A space without options. */
  public static final SearchSpace EMPTY = new SearchSpace(Map.of());

  private static final String HIDDEN = "hidden";
  private static final String BINS = "bins";
  private static final String BINNED = "binnedMembers";
  private static final String RANGE = "..";
  private static final String TABLE = "table";
  private static final String SEPARATOR = ";";
  private static final long STREAM = 0x536561726368L; // "Search", no other use of a seed has it
  private static final MathContext DIGITS = new MathContext(4);

  private final Map<String, Choice> options; // in the order of Recipe.options

  private SearchSpace(Map<String, Choice> given) {
    Map<String, Choice> ordered = new LinkedHashMap<>(Recipe.options().size());
    for (String option : Recipe.options().keySet()) {
      if (given.containsKey(option)) {
        ordered.put(option, given.get(option));
      }
    }
    options = Collections.unmodifiableMap(ordered);
  }

  /** The items of an option, and whether the first trial has the value of its recipe instead. */
  private record Choice(List<Item> items, boolean isUsual) {}

  /** A value, or the ends of a range; the second is null for a value. */
  private record Item(String low, String high) {
    @Override
    public String toString() {
      return high == null ? low : low + RANGE + high;
    }
  }

  /**
   * {@return a space that suits a recipe: for tables two to four layers of 128 to 512, activation,
   * learning rate, dropout, weight decay, and how many networks see bins; for other recipes {@link
   * #EMPTY}} The first trial has the values of the recipe, so that a search does not miss them by
   * chance.
   *
   * @param recipe the recipe that a search changes
   */
  public static SearchSpace usual(Recipe recipe) {
    if (!recipe.name().startsWith(TABLE)) {
      return EMPTY;
    }
    String layers =
        "128,128;256,256;512,512;128,128,128;256,256,256;512,512,512;"
            + "128,128,128,128;256,256,256,256;512,512,512,512";
    SearchSpace space =
        EMPTY
            .with(HIDDEN, layers)
            .with("activation", "selu,mish,silu,relu")
            .with(BINNED, binned(recipe))
            .with("learningRate", "0.01..0.15")
            .with("weightDecay", "0,1e-6..1e-3")
            .with("dropout", "0,0..0.5")
            .with("dropoutSchedule", "constant,flat-cosine");
    Map<String, Choice> usual = new HashMap<>();
    space.options.forEach((option, choice) -> usual.put(option, new Choice(choice.items, true)));
    return new SearchSpace(usual);
  }

  /** Returns as numbers of networks that see bins: none, as many as in the recipe, and all. */
  private static String binned(Recipe recipe) {
    String own = recipe.value(BINNED, Loss.SOFTMAX, true);
    return Stream.of("0", own, Integer.toString(recipe.members()))
        .distinct()
        .collect(Collectors.joining(","));
  }

  /**
   * {@return this space with the options of another that it lacks}
   *
   * @param other the other space
   */
  public SearchSpace and(SearchSpace other) {
    Map<String, Choice> all = new HashMap<>(other.options);
    all.putAll(options);
    return new SearchSpace(all);
  }

  /**
   * {@return this space without the given options}
   *
   * @param others their names
   */
  public SearchSpace without(Set<String> others) {
    Map<String, Choice> fewer = new HashMap<>(options);
    fewer.keySet().removeAll(others);
    return new SearchSpace(fewer);
  }

  /**
   * {@return this space with the items of an option, in place of others that it had}
   *
   * @param option a name of {@link Recipe#options}, except those that all trials share: the seed,
   *     the number of members and the measure of the best epoch
   * @param items such as {@code 0,0.1..0.5}. They are separated by semicolons if there is one, else
   *     by commas; but sizes of hidden layers contain commas, so that only semicolons separate them
   * @throws IllegalArgumentException if the option cannot be searched, or does not take an item
   */
  public SearchSpace with(String option, String items) {
    Objects.requireNonNull(items, "items");
    if (scale(option) == Scale.SHARED) {
      throw ArgumentException.of(option, items, "one value for all trials of a search");
    }
    String separator = items.contains(SEPARATOR) || option.equals(HIDDEN) ? SEPARATOR : ",";
    List<Item> parsed = new ArrayList<>();
    for (String text : items.split(separator, -1)) {
      parsed.add(item(option, items, text.strip()));
    }
    if (option.equals(BINS) && parsed.stream().filter(item -> !item.low.equals("0")).count() > 1) {
      throw ArgumentException.of(option, items, "0 and one other number, which all networks share");
    } else if (option.equals("activation") && items.contains(SEPARATOR) && items.contains(",")) {
      throw ArgumentException.of(option, items, "one activation for all hidden layers");
    }
    Map<String, Choice> changed = new HashMap<>(options);
    changed.put(option, new Choice(List.copyOf(parsed), false));
    return new SearchSpace(changed);
  }

  private static Item item(String option, String items, String text) {
    int at = text.indexOf(RANGE);
    Item item =
        at < 0 ? new Item(text, null) : new Item(text.substring(0, at), text.substring(at + 2));
    try {
      // with so many networks, any number of them may see bins
      Recipe any = Recipe.COURSE.with("members", Option.MOST_MEMBERS);
      any.with(option, item.low);
      if (at >= 0) {
        any.with(option, item.high);
      }
    } catch (ArgumentException e) {
      throw ArgumentException.of(option, items, e.expected());
    }
    if (at >= 0) {
      Scale scale = scale(option);
      boolean isRange = scale != Scale.VALUES;
      double least = scale == Scale.LOGARITHMIC ? Double.MIN_VALUE : Double.NEGATIVE_INFINITY;
      if (!isRange
          || !(Option.number(item.low) >= least)
          || !(Option.number(item.low) < Option.number(item.high))) {
        throw ArgumentException.of(
            option,
            items,
            isRange
                ? "a range from a smaller to a larger number"
                    + (least > 0 ? " above 0, as its logarithm is uniform" : "")
                : "single values");
      }
    }
    return item;
  }

  private static Scale scale(String option) {
    return Recipe.option(option).scale();
  }

  /** Returns whether the first trial has values of the recipe in place of drawn ones. */
  boolean beginsWithRecipe() {
    return options.values().stream().anyMatch(Choice::isUsual);
  }

  /** Returns a recipe with the options that are drawn for a trial, as {@link #values} has them. */
  Recipe draw(Recipe recipe, long seed, int trial) {
    return recipe.with(values(recipe, seed, trial));
  }

  /**
   * {@return the drawn values of a trial by the names of options, without those that others make
   * useless, such as a schedule of no dropout, and for the first trial without those of the
   * {@linkplain #usual usual} space}
   *
   * @param recipe the recipe that a search changes
   * @param seed the seed of the draws
   * @param trial number of the trial, from 1
   */
  public Map<String, String> values(Recipe recipe, long seed, int trial) {
    long key = CounterRandom.key(seed, STREAM, trial);
    Map<String, String> values = new LinkedHashMap<>();
    Recipe drawn = recipe;
    // index of the option among all options, so that a draw does not depend on the other options
    int place = 0;
    for (String option : Recipe.options().keySet()) {
      Choice choice = options.get(option);
      if (choice != null && !(trial == 1 && choice.isUsual) && drawn.uses(option)) {
        Item item = choice.items.get(CounterRandom.below(key, place, choice.items.size()));
        String value =
            item.high == null
                ? item.low
                : inside(option, item, CounterRandom.uniform(key, place + 1));
        drawn = drawn.with(option, value);
        values.put(option, value);
      }
      place += 2;
    }
    return values;
  }

  private static String inside(String option, Item range, double uniform) {
    double low = Option.number(range.low);
    double high = Option.number(range.high);
    boolean isWhole = Recipe.option(option).type() == Option.Type.WHOLE;
    boolean isLogarithmic = scale(option) == Scale.LOGARITHMIC;
    double to = isWhole && !isLogarithmic ? high + 1 : high;
    double value =
        isLogarithmic
            ? StrictMath.exp(
                StrictMath.log(low) + uniform * (StrictMath.log(to) - StrictMath.log(low)))
            : low + uniform * (to - low);
    if (isWhole) {
      double whole = isLogarithmic ? Math.rint(value) : Math.floor(value);
      return Long.toString((long) Math.min(whole, high));
    }
    BigDecimal rounded = new BigDecimal(value).round(DIGITS);
    return rounded.doubleValue() < low
        ? range.low
        : rounded.doubleValue() > high ? range.high : rounded.stripTrailingZeros().toPlainString();
  }

  /** {@return the names of the options of this space, in the order of {@link Recipe#options}} */
  public List<String> options() {
    return List.copyOf(options.keySet());
  }

  /**
   * {@return whether an option has one value only}
   *
   * @param option one of {@link #options}
   */
  public boolean isFixed(String option) {
    Choice choice = options.get(option);
    return choice != null && choice.items.size() == 1 && choice.items.get(0).high == null;
  }

  /**
   * {@return the items of an option, as {@link #with} takes them}
   *
   * @param option one of {@link #options}
   */
  public String items(String option) {
    String separator = option.equals(HIDDEN) ? SEPARATOR : ",";
    return options.get(option).items.stream()
        .map(Item::toString)
        .collect(Collectors.joining(separator));
  }

  @Override
  public String toString() {
    return options().stream()
        .map(option -> option + " " + items(option))
        .collect(Collectors.joining("; ", "SearchSpace[", "]"));
  }
}
