package dev.lanewise.data.internal;

import dev.lanewise.format.internal.Message;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.internal.Fact;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The origin of the rows of a data set, and what was decided when they were read.
 *
 * @param loss the loss for the targets; empty if only their kind determines it
 * @param facts what a network that is trained on the rows keeps of their origin
 * @param scaledFeatures for each feature, whether it is numeric and thus scaled; null: all are
 * @param rows the table rows of the training, validation and test rows; empty for arrays without
 *     folds, and for rows from another file
 * @param groups the number of the group of each table row; none if rows have no groups
 * @param featureNames one per feature, or none
 * @param notes decisions, one sentence each
 */
public record Origin(
    Optional<Loss> loss,
    Map<Fact<Object>, Object> facts,
    boolean[] scaledFeatures,
    int[][] rows,
    int[] groups,
    List<String> featureNames,
    List<Message> notes) {
  /** The origin of rows about which nothing is known. */
  public static final Origin UNKNOWN =
      new Origin(Optional.empty(), Map.of(), null, new int[3][0], new int[0], List.of(), List.of());

  /** Returns the origin of arrays whose targets are for a loss. */
  public static Origin of(Loss loss, int[][] rows, List<Message> notes) {
    return new Origin(Optional.of(loss), Map.of(), null, rows, new int[0], List.of(), notes);
  }

  public Origin {
    featureNames = List.copyOf(featureNames);
    notes = List.copyOf(notes);
  }

  /** Returns a fact of the data; empty without it. */
  @SuppressWarnings("unchecked") // the value of a fact has its type, because only with adds values
  public <T> Optional<T> find(Fact<T> fact) {
    return Optional.ofNullable((T) facts.get(fact));
  }

  /** Returns the origin with one more fact. */
  @SuppressWarnings("unchecked") // as in find
  public <T> Origin with(Fact<T> fact, T value) {
    Map<Fact<Object>, Object> more = new LinkedHashMap<>(facts);
    more.put((Fact<Object>) fact, value);
    return new Origin(loss, more, scaledFeatures, rows, groups, featureNames, notes);
  }

  public Origin withRows(int[][] others) {
    return new Origin(loss, facts, scaledFeatures, others, groups, featureNames, notes);
  }

  public Origin withFeatureNames(List<String> names) {
    return new Origin(loss, facts, scaledFeatures, rows, groups, names, notes);
  }

  public Origin withNote(Message note) {
    List<Message> more = new ArrayList<>(notes);
    more.add(note);
    return new Origin(loss, facts, scaledFeatures, rows, groups, featureNames, more);
  }
}
