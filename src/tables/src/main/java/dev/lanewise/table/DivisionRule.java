package dev.lanewise.table;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.format.ArgumentException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What decides the division of rows beside the seed and the shares: the fold whose rows are for the
 * test, and a column whose groups stay together or whose order is kept.
 *
 * @param fold from 0
 * @param folds number of folds; 0 if there are none
 * @param repeat number of the division into folds, from 0
 * @param group a column; rows of the same value are in the same part
 * @param order a column; validation rows come after training rows in it, and test rows after both
 */
record DivisionRule(
    int fold, int folds, int repeat, Optional<String> group, Optional<String> order) {
  /** Divides by the seed and the shares alone. */
  static final DivisionRule NONE = new DivisionRule(0, 0, 0, Optional.empty(), Optional.empty());

  private static final Pattern TEXT =
      Pattern.compile(
          "(?:fold (\\d{1,9}) of (\\d{1,9}), repeat (\\d{1,9})(?:, |$))?"
              + "(?:(groups|order) of (.+))?",
          Pattern.DOTALL);

  DivisionRule {
    if (folds != 0 && (folds < 2 || fold < 0 || fold >= folds || repeat < 0)) {
      throw DataErrors.wrong(
          "fold %s of %s and repeat %s, expected a fold from 0, of two or more, and a repeat from 0",
          fold, folds, repeat);
    } else if (group.isPresent() && order.isPresent()) {
      throw DataErrors.wrong(
          "groups of %s and order of %s, expected one of them", group.get(), order.get());
    } else if (order.isPresent() && repeat > 0) {
      throw DataErrors.wrong(
          "repeat %s of folds in order of %s, expected none, as the order is always the same",
          repeat, order.get());
    }
  }

  /** Returns the rule that a text describes, as {@link #toString} writes it. */
  static DivisionRule of(String text) {
    Matcher found = TEXT.matcher(text);
    if (!found.matches()) {
      throw ArgumentException.of(
          "division", text, "a rule such as groups of patient (written by a later version?)");
    }
    Optional<String> column = Optional.ofNullable(found.group(5));
    boolean isGroup = "groups".equals(found.group(4));
    boolean hasFolds = found.group(1) != null;
    return new DivisionRule(
        hasFolds ? Integer.parseInt(found.group(1)) - 1 : 0,
        hasFolds ? Integer.parseInt(found.group(2)) : 0,
        hasFolds ? Integer.parseInt(found.group(3)) - 1 : 0,
        column.filter(name -> isGroup),
        column.filter(name -> !isGroup));
  }

  /** Returns the column of groups or of an order. */
  Optional<String> column() {
    return group.or(() -> order);
  }

  /** Returns this rule with another name of its column. */
  DivisionRule withColumn(String name) {
    return new DivisionRule(fold, folds, repeat, group.map(g -> name), order.map(o -> name));
  }

  /** Describes the rule, with numbers from 1; the empty text if there is none. */
  @Override
  public String toString() {
    String folded =
        folds == 0 ? "" : "fold %s of %s, repeat %s".formatted(fold + 1, folds, repeat + 1);
    String by = group.isPresent() ? "groups of " : order.isPresent() ? "order of " : "";
    String column = column().orElse("");
    return folded + (folded.isEmpty() || by.isEmpty() ? "" : ", ") + by + column;
  }
}
