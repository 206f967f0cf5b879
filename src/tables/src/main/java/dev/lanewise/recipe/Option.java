package dev.lanewise.recipe;

import java.util.List;
import java.util.Locale;

/**
 * An option of a network and its training. Recipes, the command line, searches and Spark take
 * everything that they know of it from here. Its range is that of the method of {@link
 * dev.lanewise.train.TrainerBuilder} that it sets.
 *
 * @param name in recipes and Spark
 * @param flag name on the command line, without hyphens
 * @param type the type of its values
 * @param scale the scale of its numbers in a search
 * @param course its value in the course
 * @param explanation what it does
 * @param choices the words that it takes; none if it takes any number or text
 * @param words the same words on the command line, where several can be one
 * @param selector the option that decides whether this one is of use; empty if it always is
 * @param users the values of the selector with which it is of use
 */
public record Option(
    String name,
    String flag,
    Type type,
    Scale scale,
    String course,
    String explanation,
    List<String> choices,
    List<String> words,
    String selector,
    List<String> users) {

  /** Largest number of networks of a training. */
  public static final int MOST_MEMBERS = 100;

  private static final String NUMBER = "[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?";

  /** The type of an option's values. */
  public enum Type {
    /** Sizes from 1 with commas between them, or none. */
    SIZES,
    /** A text. */
    TEXT,
    /** One of a list of words. */
    WORD,
    /** True or false. */
    TRUTH,
    /** A whole number. */
    WHOLE,
    /** A whole number of 64 bits. */
    LONG,
    /** A decimal number. */
    NUMBER
  }

  /** How a search draws the values of an option. */
  public enum Scale {
    /** Not at all: all trials share one value, so that networks and scores are comparable. */
    SHARED,
    /** From single values. */
    VALUES,
    /** From single values and ranges, in which it is uniform. */
    UNIFORM,
    /** Draws from single values, and from ranges uniformly in the logarithm. */
    LOGARITHMIC
  }

  /** Returns the option of the columns of a line of the table of {@link Options}. */
  static Option of(String[] part) {
    List<String> names = words(part[0]);
    String flag = names.get(names.size() - 1).replaceAll("([A-Z])", "-$1");
    List<String> kind = words(part[1].toUpperCase(Locale.ROOT));
    List<String> words = words(part[4]);
    return new Option(
        names.get(0),
        flag.toLowerCase(Locale.ROOT),
        Type.valueOf(kind.get(0)),
        Scale.valueOf(kind.get(1)),
        part[2],
        part[3],
        words.stream().map(word -> word.split("=")[0]).toList(),
        words.stream().map(word -> word.substring(word.indexOf('=') + 1)).toList(),
        part[5],
        words(part[6]).stream().map(word -> word.replace('_', ' ')).toList());
  }

  /** {@return whether all networks of a training have the same value, also those of groups} */
  public boolean isOfTraining() {
    return scale == Scale.SHARED || name.equals("epochs") || name.equals("patience");
  }

  /**
   * {@return a decimal number, or for other texts NaN, which every option refuses; also for forms
   * that only Java accepts}
   *
   * @param text the value of an option
   */
  public static double number(String text) {
    return text.matches(NUMBER) ? Double.parseDouble(text) : Double.NaN;
  }

  /**
   * {@return a whole number, or for other texts the least int, which every option refuses}
   *
   * @param text the value of an option
   */
  public static int whole(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return Integer.MIN_VALUE;
    }
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }

  /**
   * {@return a value as the command line has it}
   *
   * @param value as recipes have it
   */
  public String word(String value) {
    return choices.contains(value) ? words.get(choices.indexOf(value)) : value;
  }

  /**
   * {@return a value as recipes have it; if one word of the command line stands for several values,
   * the first of them}
   *
   * @param word as the command line has it
   */
  public String value(String word) {
    return words.contains(word) ? choices.get(words.indexOf(word)) : word;
  }
}
