package dev.lanewise.data.internal;

import dev.lanewise.format.Message;
import dev.lanewise.nn.Division;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the rows of a data set come from, and what was found out on the way.
 *
 * @param loss what the targets are for; empty if nothing but their kind tells
 * @param schema how the columns of a table became inputs
 * @param division how the rows of the file were divided
 * @param rows which rows of the table those for training, validation and test are; none of arrays,
 *     and of rows from another file
 * @param featureNames one a feature, or none
 * @param notes what was decided, a sentence each
 */
public record Origin(
    Optional<Loss> loss,
    Optional<Schema> schema,
    Optional<Division> division,
    int[][] rows,
    List<String> featureNames,
    List<Message> notes) {
  /** Of rows of which nothing is known. */
  public static final Origin UNKNOWN =
      new Origin(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          new int[3][0],
          List.of(),
          List.of());

  /** Of rows of arrays whose targets are for a loss; the division may be null. */
  public static Origin of(Loss loss, Division division, List<Message> notes) {
    return new Origin(
        Optional.of(loss),
        Optional.empty(),
        Optional.ofNullable(division),
        new int[3][0],
        List.of(),
        notes);
  }

  public Origin withFeatureNames(List<String> names) {
    return new Origin(loss, schema, division, rows, names, notes);
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
