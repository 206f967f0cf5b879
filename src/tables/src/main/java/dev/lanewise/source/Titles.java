package dev.lanewise.source;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds lines of titles above a table: the first records have one field with text at most, or fewer
 * fields than all after them. They are plain if the first of them has one text at most and a line
 * of names follows. If Excel padded them with empty fields, a column of numbers must follow, too.
 */
final class Titles {
  /** Number of records to examine. */
  static final int LOOK = 30;

  /** Maximum number of titles. */
  private static final int MOST = 10;

  private static final Pattern NUMBER = Pattern.compile("[-+(]?\\p{Sc}?\\h?[-+]?[.,]?[0-9].*");

  private final List<List<String>> records;
  private final int width; // width of the table below

  /**
   * Number of first records that seem to be titles; 0 if the records after them differ in width.
   */
  final int count;

  Titles(List<List<String>> records) {
    this.records = records;
    width = records.isEmpty() ? 0 : records.get(records.size() - 1).size();
    int found = 0;
    while (found < records.size() && isTitle(records.get(found))) {
      found++;
    }
    boolean areFew = found > 0 && found <= MOST && found + 1 < records.size();
    boolean areAbove = records.stream().skip(found).allMatch(fields -> fields.size() == width);
    count = areFew && areAbove ? found : 0;
  }

  private boolean isTitle(List<String> fields) {
    return fields.size() < width || fields.size() == width && width > 1 && texts(fields) < 2;
  }

  /** Returns whether there are titles beyond doubt. */
  boolean arePlain() {
    if (count == 0 || texts(records.get(0)) > 1 || isNumber(records.get(0))) {
      return false;
    }
    List<String> names = records.get(count);
    boolean arePadded = records.subList(0, count).stream().anyMatch(one -> one.size() == width);
    boolean areNames = !isNumber(names);
    return areNames && (!arePadded || texts(names) == width && hasNumbers());
  }

  /** Returns whether all records after the names have numbers in one column, or nothing there. */
  private boolean hasNumbers() {
    boolean found = false;
    for (int c = 0; c < width; c++) {
      boolean areNumbers = true;
      boolean any = false;
      for (List<String> row : records.subList(count + 1, records.size())) {
        any |= isNumber(row.subList(c, c + 1));
        areNumbers &= row.get(c).isEmpty() || isNumber(row.subList(c, c + 1));
      }
      found |= any && areNumbers;
    }
    return found;
  }

  private static boolean isNumber(List<String> fields) {
    return fields.stream().anyMatch(field -> NUMBER.matcher(field).matches());
  }

  private static long texts(List<String> fields) {
    return fields.stream().filter(field -> !field.isEmpty()).count();
  }
}
