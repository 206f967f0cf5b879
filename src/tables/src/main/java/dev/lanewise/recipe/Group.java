package dev.lanewise.recipe;

import dev.lanewise.format.ArgumentException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A group of the networks of a recipe, whose options may differ from those of other groups.
 *
 * @param weight of each of its networks in the average
 * @param options the values that its networks have in place of those of the recipe
 */
record Group(int weight, Map<String, String> options) {
  static final String OPTION = "configurations";
  static final String NONE = "none";

  /** With this largest weight of a hundred networks, the sum of their weights is a model's. */
  private static final int MOST = 10_000;

  private static final String EXPECTED =
      "groups such as 2 hidden=512,512 dropout=0.1; 1, each with a weight from 1 to"
          + " 10000 and options of its own";

  /**
   * Returns the groups of the option {@code configurations}.
   *
   * @param known returns an option by its name, or throws if there is none
   */
  static List<Group> parsed(String text, Function<String, Option> known) {
    if (text.equals(NONE)) {
      return List.of(new Group(1, Map.of()));
    }
    List<Group> groups = new ArrayList<>();
    for (String group : text.split(";", -1)) {
      String[] words = group.strip().split(" +");
      int weight = Option.whole(words[0]);
      require(weight >= 1 && weight <= MOST, text, EXPECTED);
      Map<String, String> options = new LinkedHashMap<>();
      for (int w = 1; w < words.length; w++) {
        int at = words[w].indexOf('=');
        require(at > 0, text, EXPECTED);
        String option = words[w].substring(0, at);
        String value = words[w].substring(at + 1);
        Option own = known.apply(option);
        List<String> choices = own.choices();
        String expected = "";
        if (own.isOfTraining()) {
          expected = option + " for all networks, not for a group";
        } else if (!choices.isEmpty() && !choices.contains(value)) {
          expected = option + " to be one of " + String.join(", ", choices);
        } else if (options.put(option, value) != null) {
          expected = option + " once in a group";
        }
        require(expected.isEmpty(), text, expected);
      }
      groups.add(new Group(weight, options));
    }
    return groups;
  }

  /** Returns the group as the option has it. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder().append(weight);
    options.forEach((option, value) -> text.append(' ').append(option).append('=').append(value));
    return text.toString();
  }

  private static void require(boolean isRight, String text, String expected) {
    if (!isRight) {
      throw ArgumentException.of(OPTION, text, expected);
    }
  }
}
