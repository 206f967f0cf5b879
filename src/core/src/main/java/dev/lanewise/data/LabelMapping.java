package dev.lanewise.data;

import dev.lanewise.data.internal.DataErrors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Maps the labels of rows from their own class names to the class names of a model or of other
 * rows.
 */
final class LabelMapping {
  private LabelMapping() {}

  /** Renumbers the classes of rows, which must all be among the names. */
  static Split withClassesOf(Split split, List<String> names, String kind) {
    List<String> own = split.classNames();
    if (own.isEmpty() || own.equals(names)) {
      return split;
    }
    int[] places = places(own, names);
    for (int row = 0; row < split.rows(); row++) {
      int label = split.label(row);
      if (places[label] == names.size()) {
        String name = label < own.size() ? own.get(label) : Integer.toString(label);
        throw DataErrors.wrong("%s %s has class '%s', expected one of %s", kind, row, name, names);
      }
    }
    return split.relabelled(places, names);
  }

  /**
   * Renumbers the classes of rows for the evaluation of a model. A class that the model does not
   * have gets the number of classes as its label. Throws only if no row has a class of the model.
   */
  static Split measuredBy(Split split, List<String> names, String kind) {
    List<String> own = split.classNames();
    if (own.isEmpty() || own.equals(names)) {
      return split;
    }
    int[] places = places(own, names);
    boolean isAnyKnown =
        IntStream.range(0, split.rows()).anyMatch(r -> places[split.label(r)] < names.size());
    return isAnyKnown
        ? split.relabelled(places, names)
        : withClassesOf(split, names, kind); // throws an error that names the first row
  }

  /** Returns the position of each class in {@code names}, or their number if it is absent. */
  static int[] places(List<String> own, List<String> names) {
    int[] places = new int[own.size() + 1]; // the last entry: rows whose class is already unknown
    Arrays.fill(places, names.size());
    for (int c = 0; c < own.size(); c++) {
      int place = names.indexOf(own.get(c));
      places[c] = place < 0 ? names.size() : place;
    }
    return places;
  }

  /** Returns the rows with other class names if they have some; more names are allowed. */
  static Split renamed(Split split, List<String> names) {
    int[] places = IntStream.rangeClosed(0, split.classNames().size()).toArray();
    places[places.length - 1] = names.size(); // an unknown class stays unknown
    return split.classNames().isEmpty() ? split : split.relabelled(places, names);
  }
}
