package dev.lanewise.data;

import dev.lanewise.format.Csv;
import dev.lanewise.format.FormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The target column of a CSV file. Its distinct values are the classes: numbers ascending, or else
 * names in the order of their code points.
 */
final class TableTargets {
  private final String file;
  private final Map<String, Integer> places = new HashMap<>(); // into texts and numbers
  private final List<String> texts = new ArrayList<>(); // the distinct values as met
  private final List<Double> numbers = new ArrayList<>(); // NaN: none
  private final List<Long> lines = new ArrayList<>(); // where each was met first
  private int[] rows = new int[64]; // the place of each row's value
  private int count;
  private int dropped;
  private List<String> names;

  TableTargets(String file) {
    this.file = file;
  }

  /** Adds the target of a record. */
  void add(Csv csv, int column) throws FormatException {
    String text = csv.text(column);
    if (text.isBlank()) {
      throw new FormatException(
          file, "line " + csv.line() + ": the target is empty, expected a class");
    }
    Integer place = places.get(text);
    if (place == null) {
      if (texts.size() > Labels.MAX_CLASSES) {
        throw new FormatException(
            file,
            "more than %s different targets, expected classes (other targets are not supported)"
                .formatted(Labels.MAX_CLASSES));
      }
      place = texts.size();
      places.put(text, place);
      texts.add(text);
      numbers.add(csv.number(column));
      lines.add(csv.line());
    }
    if (count == rows.length) {
      rows = Arrays.copyOf(rows, 2 * count);
    }
    rows[count++] = place;
  }

  /** Whether the first target is no number, all the others are, and it is nowhere else. */
  boolean firstIsHeader() {
    if (count < 2 || !Double.isNaN(numbers.get(0)) || numbers.size() < 2) {
      return false;
    }
    for (int i = 1; i < numbers.size(); i++) {
      if (Double.isNaN(numbers.get(i))) {
        return false;
      }
    }
    for (int row = 1; row < count; row++) {
      if (rows[row] == 0) {
        return false;
      }
    }
    return true;
  }

  /** Takes the first row for a header after all. */
  void dropFirst() {
    dropped = 1;
  }

  /** The class of each row, in the order of the file. */
  int[] classes() throws FormatException {
    List<Double> values = numbers.subList(dropped, numbers.size());
    boolean numeric = values.stream().noneMatch(v -> v.isNaN());
    int[] classOf = numeric ? numbered() : named();
    int[] classes = new int[count - dropped];
    for (int row = 0; row < classes.length; row++) {
      classes[row] = classOf[rows[dropped + row]];
    }
    return classes;
  }

  /** The class of each distinct number; 1 and 1.0 are the same. */
  private int[] numbered() throws FormatException {
    for (int i = dropped; i < numbers.size(); i++) {
      double value = numbers.get(i);
      if (value != Math.rint(value) || Math.abs(value) > 1L << 53) {
        throw new FormatException(
            file,
            "line %s: the target is %s, expected whole numbers or names as classes (other targets"
                    .formatted(lines.get(i), texts.get(i))
                + " are not supported)");
      }
    }
    TreeSet<Long> distinct = new TreeSet<>();
    for (int i = dropped; i < numbers.size(); i++) {
      distinct.add(numbers.get(i).longValue());
    }
    List<Long> ascending = List.copyOf(distinct);
    int[] classOf = new int[numbers.size()];
    Map<Long, Integer> ranks = new HashMap<>();
    ascending.forEach(value -> ranks.put(value, ranks.size()));
    for (int i = dropped; i < classOf.length; i++) {
      classOf[i] = ranks.get(numbers.get(i).longValue());
    }
    boolean counted =
        ascending.get(0) == 0 && ascending.get(ascending.size() - 1) + 1 == ranks.size();
    names = counted ? List.of() : ascending.stream().map(value -> Long.toString(value)).toList();
    return classOf;
  }

  private int[] named() {
    List<String> sorted = new ArrayList<>(texts.subList(dropped, texts.size()));
    sorted.sort((a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray()));
    int[] classOf = new int[texts.size()];
    for (int c = 0; c < sorted.size(); c++) {
      classOf[places.get(sorted.get(c))] = c;
    }
    names = sorted;
    return classOf;
  }

  /** The names of the classes, known after {@link #classes}; none if they are 0, 1, 2, ... */
  List<String> names() {
    return names;
  }
}
