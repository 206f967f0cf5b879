package dev.lanewise.cli.runs;

import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.format.FormatException;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.source.Csv;
import dev.lanewise.source.CsvFormat;
import dev.lanewise.table.TableOptions;
import dev.lanewise.table.TableOptions.Header;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of a table by which equal rows are found in other tables. Rows are equal if they have
 * the same values in all columns of this table: numbers are compared by value, as training does,
 * and other texts by their characters.
 */
public final class RequestedRows {
  /** Above this, some integers are not doubles, and are compared by their digits. */
  private static final double EXACT = 1L << 53;

  /** Text cannot contain it. */
  private static final char BETWEEN = '\0';

  private final Path file;
  private final TableOptions how;
  private final double[] missingNumbers;
  private final List<String> columns;
  private final Map<String, Found> rows = new LinkedHashMap<>();

  /** The line of a requested row, and the number of rows that are equal to it. */
  private static final class Found {
    private final long line;
    private int count;

    private Found(long line) {
      this.line = line;
    }
  }

  /**
   * Reads a table.
   *
   * @param how how it is written, with the decision about the header
   */
  public RequestedRows(Path file, TableOptions how) throws IOException {
    this.file = file;
    this.how = how;
    missingNumbers = Cell.missingNumbers(how.missing());
    try (Csv csv = Csv.open(file, new CsvFormat(how.separator(), how.decimal(), how.skip()))) {
      boolean isRow = csv.next();
      columns = names(csv, how);
      if (new HashSet<>(columns).size() < columns.size()) {
        throw new FormatException(
            file.toString(), "two columns of one name in %s, expected each name once", columns);
      }
      int[] places = places(columns, file);
      isRow = how.header() == Header.YES ? csv.next() : isRow;
      while (isRow) {
        requireWidth(csv, columns.size(), file);
        rows.putIfAbsent(key(csv, places), new Found(csv.line()));
        isRow = csv.next();
      }
    }
    if (rows.isEmpty()) {
      throw new FormatException(file.toString(), "no rows, expected the rows to forget");
    }
  }

  /** Returns the names of the columns of a file whose first line was read. */
  static List<String> names(Csv csv, TableOptions how) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < csv.fields(); i++) {
      boolean isNamed = how.header() == Header.YES && !csv.isEmpty(i);
      names.add(isNamed ? csv.text(i) : Schema.unnamed(i));
    }
    return names;
  }

  static void requireWidth(Csv csv, int columns, Path file) throws FormatException {
    if (csv.fields() != columns) {
      throw new FormatException(
          file.toString(),
          "line %s has %s columns, expected %s as in the lines before",
          csv.line(),
          csv.fields(),
          columns);
    }
  }

  /**
   * Returns the places that the columns of this table have in another table.
   *
   * @throws FormatException if one of them is not there; without names, all columns must be there
   */
  int[] places(List<String> names, Path other) throws FormatException {
    if (how.header() != Header.YES && names.size() != columns.size()) {
      throw new FormatException(
          file.toString(),
          "%s columns, expected %s as %s has, which has no names of columns",
          columns.size(),
          names.size(),
          other);
    }
    int[] places = new int[columns.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = names.indexOf(columns.get(i));
      if (places[i] < 0) {
        throw new FormatException(
            file.toString(), "column %s, expected one of %s: %s", columns.get(i), other, names);
      }
    }
    return places;
  }

  /** Returns whether the current record of a reader is a requested row, and counts it. */
  boolean takes(Csv csv, int[] places) {
    Found found = rows.get(key(csv, places));
    if (found != null) {
      found.count++;
    }
    return found != null;
  }

  private String key(Csv csv, int[] places) {
    StringBuilder key = new StringBuilder();
    for (int place : places) {
      key.append(value(csv, place)).append(BETWEEN);
    }
    return key.toString();
  }

  /** Returns a text that is the same for equal values; empty for a missing one. */
  private String value(Csv csv, int field) {
    String text = csv.text(field);
    double number = csv.number(field) + 0.0; // without the sign of 0
    if (how.missing().contains(text)) {
      return "";
    } else if (!(Math.abs(number) < EXACT) || csv.beginsWithZero(field)) {
      return text;
    }
    for (double missing : missingNumbers) {
      if (number == missing) {
        return "";
      }
    }
    return Double.toString(number);
  }

  /** Refuses rows that are nowhere, and prints which rows have several equal ones. */
  public void report(String files, Output output) {
    List<Found> missed = rows.values().stream().filter(found -> found.count == 0).toList();
    if (!missed.isEmpty()) {
      throw Problem.failure(
          "%s: line %s%s: no such row in %s, expected a row with the same values in %s",
          file,
          missed.get(0).line,
          missed.size() == 1 ? "" : " (and " + (missed.size() - 1) + " more)",
          files,
          String.join(", ", columns));
    }
    for (Found found : rows.values()) {
      if (found.count > 1) {
        output.note("%s, line %s: %s rows have these values", file, found.line, found.count);
      }
    }
  }
}
