package dev.lanewise.data.internal;

import dev.lanewise.data.Split;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Maps the labels of rows from their own class names to the class names of a model or of other
 * rows.
 */
public final class LabelMapping {
  private LabelMapping() {}

  /**
   * Renumbers the classes of rows, which must all be among the names. For the evaluation of a
   * model, a class that the model does not have gets the number of classes as its label; then it
   * suffices that one row has a class of the model.
   */
  public static Split of(Split split, List<String> names, String kind, boolean measures) {
    List<String> own = split.classNames();
    if (own.isEmpty() || own.equals(names)) {
      return split;
    }
    int[] places = places(own, names);
    int[] unknown =
        IntStream.range(0, split.rows())
            .filter(row -> places[split.label(row)] == names.size())
            .toArray();
    if (unknown.length > 0 && (!measures || unknown.length == split.rows())) {
      int label = split.label(unknown[0]);
      String name = label < own.size() ? own.get(label) : Integer.toString(label);
      throw DataErrors.wrong(
          "%s %s has class '%s', expected one of %s", kind, unknown[0], name, names);
    }
    return SplitRows.of(split).relabelled(places, names);
  }

  /** Returns the position of each class in {@code names}, or their number if it is absent. */
  public static int[] places(List<String> own, List<String> names) {
    int[] places = new int[own.size() + 1]; // the last entry: rows whose class is already unknown
    Arrays.fill(places, names.size());
    for (int c = 0; c < own.size(); c++) {
      int place = names.indexOf(own.get(c));
      places[c] = place < 0 ? names.size() : place;
    }
    return places;
  }

  /** Returns the rows with other class names if they have some; more names are allowed. */
  public static Split renamed(Split split, List<String> names) {
    int[] places = IntStream.rangeClosed(0, split.classNames().size()).toArray();
    places[places.length - 1] = names.size(); // an unknown class stays unknown
    return split.classNames().isEmpty() ? split : SplitRows.of(split).relabelled(places, names);
  }
}
