package dev.lanewise.data.internal;

import dev.lanewise.format.Message;
import dev.lanewise.nn.Division;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The origin of the rows of a data set, and what was decided when they were read.
 *
 * @param loss the loss for the targets; empty if only their kind determines it
 * @param schema how the columns of a table became inputs
 * @param division how the rows of the file were divided
 * @param rows the table rows of the training, validation and test rows; empty for arrays without
 *     folds, and for rows from another file
 * @param featureNames one per feature, or none
 * @param notes decisions, one sentence each
 */
public record Origin(
    Optional<Loss> loss,
    Optional<Schema> schema,
    Optional<Division> division,
    int[][] rows,
    List<String> featureNames,
    List<Message> notes) {
  /** The origin of rows about which nothing is known. */
  public static final Origin UNKNOWN =
      new Origin(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          new int[3][0],
          List.of(),
          List.of());

  /** Returns the origin of arrays whose targets are for a loss; the division may be null. */
  public static Origin of(Loss loss, Division division, int[][] rows, List<Message> notes) {
    return new Origin(
        Optional.of(loss), Optional.empty(), Optional.ofNullable(division), rows, List.of(), notes);
  }

  public Origin withFeatureNames(List<String> names) {
    return new Origin(loss, schema, division, rows, names, notes);
  }

  /** Returns the origin of rows of which a fold is for validation. */
  public Origin withFolds(long seed, int[][] others) {
    Optional<Division> folded = division.map(d -> d.withFolds(OptionalLong.of(seed)));
    return new Origin(loss, schema, folded, others, featureNames, notes);
  }

  public Origin withNote(Message note) {
    List<Message> more = new ArrayList<>(notes);
    more.add(note);
    return new Origin(loss, schema, division, rows, featureNames, more);
  }

  public Origin {
    featureNames = List.copyOf(featureNames);
    notes = List.copyOf(notes);
  }
}
