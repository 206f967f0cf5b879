package dev.lanewise.data.internal;

import dev.lanewise.data.Rows;
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
  public static Rows of(Rows split, List<String> names, String kind, boolean measures) {
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
      String name = name(own, split.label(unknown[0]));
      throw DataErrors.wrong(
          "%s %s has class '%s', expected one of %s", kind, unknown[0], name, names);
    }
    return RowRange.of(split).relabelled(places, names);
  }

  /** Returns the position of each class in {@code names}, or their number if it is absent. */
  public static int[] places(List<String> own, List<String> names) {
    return IntStream.rangeClosed(0, own.size()) // the last: rows whose class is already unknown
        .map(c -> c == own.size() ? -1 : names.indexOf(own.get(c)))
        .map(place -> place < 0 ? names.size() : place)
        .toArray();
  }

  /** Returns the name of a class; its number if it has none. */
  static String name(List<String> names, int label) {
    return label < names.size() ? names.get(label) : Integer.toString(label);
  }

  /** Returns the rows with other class names if they have some; more names are allowed. */
  public static Rows renamed(Rows split, List<String> names) {
    int own = split.classNames().size();
    // An unknown class stays unknown.
    int[] places = IntStream.rangeClosed(0, own).map(c -> c < own ? c : names.size()).toArray();
    return own == 0 ? split : RowRange.of(split).relabelled(places, names);
  }
}
