package dev.lanewise.table.internal;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.internal.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What decides the division of rows beside the seed and the shares: the fold whose rows are for the
 * test, a column whose groups stay together or whose order is kept, and the share of rows that no
 * part has, as a calibration needs them.
 *
 * @param fold from 0
 * @param folds number of folds; 0 if there are none
 * @param repeat number of the division into folds, from 0
 * @param group a column; rows of the same value are in the same part
 * @param order a column; validation rows come after training rows in it, and test rows after both
 * @param calibration share of the rows beside the test rows that are kept for calibration, from 0
 *     to below 1
 */
public record DivisionRule(
    int fold,
    int folds,
    int repeat,
    Optional<String> group,
    Optional<String> order,
    double calibration) {
  /** Divides by the seed and the shares alone. */
  public static final DivisionRule NONE =
      new DivisionRule(0, 0, 0, Optional.empty(), Optional.empty(), 0);

  private static final Pattern TEXT =
      Pattern.compile(
          "(?:fold (\\d{1,9}) of (\\d{1,9}), repeat (\\d{1,9})(?:, |$))?"
              + "(?:(0\\.\\d{1,19}|\\d\\.\\d{1,19}E-\\d{1,3}) for calibration(?:, |$))?"
              + "(?:(groups|order) of (.+))?",
          Pattern.DOTALL);

  public DivisionRule {
    if (folds != 0 && (folds < 2 || fold < 0 || fold >= folds || repeat < 0)) {
      throw DataErrors.wrong(
          "fold %s of %s and repeat %s, expected a fold from 0, of two or more, and a repeat from 0",
          fold, folds, repeat);
    } else if (group.isPresent() && order.isPresent()) {
      throw DataErrors.wrong(
          "groups of %s and order of %s, expected only one of the two", group.get(), order.get());
    } else if (order.isPresent() && repeat > 0) {
      throw DataErrors.wrong(
          "repeat %s of folds in order of %s, expected no repeats, as the order is always the same",
          repeat, order.get());
    }
  }

  /** Returns the rule that a text describes, as {@link #toString} writes it. */
  public static DivisionRule of(String text) {
    Matcher found = TEXT.matcher(text);
    if (!found.matches()) {
      throw ArgumentException.of(
          "division", text, "a rule such as groups of patient (written by a later version?)");
    }
    Optional<String> column = Optional.ofNullable(found.group(6));
    boolean isGroup = "groups".equals(found.group(5));
    boolean hasFolds = found.group(1) != null;
    return new DivisionRule(
        hasFolds ? Integer.parseInt(found.group(1)) - 1 : 0,
        hasFolds ? Integer.parseInt(found.group(2)) : 0,
        hasFolds ? Integer.parseInt(found.group(3)) - 1 : 0,
        column.filter(name -> isGroup),
        column.filter(name -> !isGroup),
        found.group(4) == null ? 0 : Double.parseDouble(found.group(4)));
  }

  /** Returns the column of groups or of an order. */
  public Optional<String> column() {
    return group.or(() -> order);
  }

  /** Returns this rule with another name of its column. */
  public DivisionRule withColumn(String name) {
    return with(group.map(g -> name), order.map(o -> name));
  }

  /** Returns this rule with other columns for groups and for the order. */
  public DivisionRule with(Optional<String> otherGroup, Optional<String> otherOrder) {
    return new DivisionRule(fold, folds, repeat, otherGroup, otherOrder, calibration);
  }

  /** Returns this rule with another share of rows for calibration. */
  public DivisionRule withCalibration(double share) {
    return new DivisionRule(fold, folds, repeat, group, order, share);
  }

  /** Returns what the data set says of rows that are in none of its parts. */
  public Optional<Message> note() {
    return calibration == 0
        ? Optional.empty()
        : Optional.of(
            Message.of(
                "%s of the rows beside the test rows are kept for calibration: they are in no other"
                    + " part",
                calibration));
  }

  /** Describes the rule, with numbers from 1; the empty text if there is none. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    if (folds > 0) {
      parts.add("fold %s of %s, repeat %s".formatted(fold + 1, folds, repeat + 1));
    }
    if (calibration > 0) {
      parts.add(calibration + " for calibration");
    }
    group.ifPresent(name -> parts.add("groups of " + name));
    order.ifPresent(name -> parts.add("order of " + name));
    return String.join(", ", parts);
  }
}
