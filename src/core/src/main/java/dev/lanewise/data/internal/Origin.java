package dev.lanewise.data.internal;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Message;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.internal.FactName;
import dev.lanewise.nn.internal.Facts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The origin of the rows of a data set, and what was decided when they were read.
 *
 * @param loss the loss for the targets; empty if only their kind determines it
 * @param facts arrays that a network that is trained on the rows keeps, as in its file
 * @param scaledFeatures for each feature, whether it is numeric and thus scaled; null: all are
 * @param rows the table rows of the training, validation and test rows; empty for arrays without
 *     folds, and for rows from another file
 * @param groups the number of the group of each table row; none if rows have no groups
 * @param featureNames one per feature, or none
 * @param notes decisions, one sentence each
 */
public record Origin(
    Optional<Loss> loss,
    Map<String, NdArray> facts,
    boolean[] scaledFeatures,
    int[][] rows,
    int[] groups,
    List<String> featureNames,
    List<Message> notes) {
  /** The origin of rows about which nothing is known. */
  public static final Origin UNKNOWN =
      new Origin(Optional.empty(), Map.of(), null, new int[3][0], new int[0], List.of(), List.of());

  public Origin {
    featureNames = List.copyOf(featureNames);
    notes = List.copyOf(notes);
  }

  /** Returns the origin with other arrays of one fact. */
  public Origin with(FactName fact, Map<String, NdArray> arrays) {
    Map<String, NdArray> more = Facts.with(facts, fact, arrays);
    return new Origin(loss, more, scaledFeatures, rows, groups, featureNames, notes);
  }

  public Origin withRows(int[][] others) {
    return new Origin(loss, facts, scaledFeatures, others, groups, featureNames, notes);
  }

  public Origin withFeatureNames(List<String> names) {
    return new Origin(loss, facts, scaledFeatures, rows, groups, names, notes);
  }

  public Origin withNotes(List<Message> more) {
    List<Message> all = Stream.of(notes, more).flatMap(List::stream).toList();
    return new Origin(loss, facts, scaledFeatures, rows, groups, featureNames, all);
  }
}
