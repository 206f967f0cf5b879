package dev.lanewise.data.internal;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Message;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.internal.MetadataName;
import dev.lanewise.nn.internal.NetworkMetadata;
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
public record DatasetOrigin(
    Optional<Loss> loss,
    Map<String, NdArray> facts,
    boolean[] scaledFeatures,
    int[][] rows,
    int[] groups,
    List<String> featureNames,
    List<Message> notes) {
  /** The origin of rows about which nothing is known. */
  public static final DatasetOrigin UNKNOWN =
      new DatasetOrigin(
          Optional.empty(), Map.of(), null, new int[3][0], new int[0], List.of(), List.of());

  public DatasetOrigin {
    featureNames = List.copyOf(featureNames);
    notes = List.copyOf(notes);
  }

  /** Returns the origin with other arrays of one fact. */
  public DatasetOrigin with(MetadataName fact, Map<String, NdArray> arrays) {
    Map<String, NdArray> more = NetworkMetadata.with(facts, fact, arrays);
    return new DatasetOrigin(loss, more, scaledFeatures, rows, groups, featureNames, notes);
  }

  public DatasetOrigin withRows(int[][] others) {
    return new DatasetOrigin(loss, facts, scaledFeatures, others, groups, featureNames, notes);
  }

  public DatasetOrigin withFeatureNames(List<String> names) {
    return new DatasetOrigin(loss, facts, scaledFeatures, rows, groups, names, notes);
  }

  public DatasetOrigin withNotes(List<Message> more) {
    List<Message> all = Stream.of(notes, more).flatMap(List::stream).toList();
    return new DatasetOrigin(loss, facts, scaledFeatures, rows, groups, featureNames, all);
  }
}
