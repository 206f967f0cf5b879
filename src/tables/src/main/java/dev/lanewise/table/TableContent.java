package dev.lanewise.table;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.table.internal.OddTexts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/**
 * The rows of a {@link Table} in memory, and where they come from.
 *
 * @param columns the names of the columns
 * @param hasHeader whether the columns have names, rather than numbers because line 1 is a row
 * @param cells the columns; the last one holds the line number of each row
 * @param firstRows the first row of each file
 * @param texts the texts of each row; null unless they are kept
 * @param given how the text was read; null for a table of Java objects
 * @param hasLast whether the last column is the target unless the options name another
 * @param notes on how the text was read
 */
record TableContent(
    List<String> columns,
    boolean hasHeader,
    TableColumn[] cells,
    List<String> files,
    List<Integer> firstRows,
    int rows,
    List<List<String>> texts,
    TableOptions given,
    boolean hasLast,
    List<Message> notes) {
  /** Matches numbers with a decimal mark; as strings, they have another mark than the table. */
  static final Pattern OTHER_MARK = Pattern.compile("[-+]?[0-9]*[.,][0-9]+");

  /** Those among them whose mark may separate thousands. */
  private static final Pattern THOUSANDS = Pattern.compile("[-+]?[0-9]{1,3}[.,][0-9]{3}");

  /** Returns the number of bytes of memory that the cells occupy. */
  long memory() {
    return isInMemory() ? (long) Double.BYTES * rows * cells.length : TableCache.IN_FILE;
  }

  boolean isInMemory() {
    return cells[cells.length - 1].numbers() != null;
  }

  TableColumn column(int place) {
    return cells[place];
  }

  /**
   * Returns Java objects as if they were texts that were read with the given options: their strings
   * for a missing value and their notations are recognised now.
   */
  TableContent in(TableOptions options) {
    TableColumn[] found = cells.clone();
    for (int c = 0; c < columns.size(); c++) {
      found[c] = cells[c].in(options.notation(columns.get(c), c), options.missing());
    }
    return new TableContent(
        columns, hasHeader, found, files, firstRows, rows, texts, options, hasLast, notes);
  }

  /**
   * Returns what is wrong with a last row of totals; null if that row is an example.
   *
   * @param wayOut what is, or can be, done with the row
   */
  Message totals(Message wayOut) {
    return OddRows.endInTotals(List.of(cells).subList(0, columns.size()), rows)
        ? Message.of(
            "%s is a row of totals, expected rows of values alone (%s)", at(rows - 1), wayOut)
        : null;
  }

  /** Returns this table without its last row. */
  TableContent withoutLast() {
    return new TableContent(
        columns, hasHeader, cells, files, firstRows, rows - 1, texts, given, hasLast, notes);
  }

  /** Returns the line of a row in its file, or its index among Java objects, for messages. */
  String at(int row) {
    return line(row) == 0 ? "row " + row : "line " + line(row);
  }

  /** Returns the line of a row in its file; 0 among Java objects. */
  long line(int row) {
    return (long) cells[cells.length - 1].number(row);
  }

  /** Returns the remedies for a wrong text in a row, in brackets; empty if there are none. */
  Message remedies(int row, String text, String column, Message... more) {
    List<Message> all = new ArrayList<>();
    if (line(row) == 1 && !hasHeader) {
      all.add(Message.of("%s if this line names the columns", Remedy.HEADER.with("yes")));
    }
    all.addAll(List.of(more));
    int place = columns.indexOf(column);
    if (place < 0 || !column(place).hasDecimals()) { // no text has both marks
      all.add(remedy(text, column));
    }
    all.removeIf(Message.of("")::equals);
    return all.isEmpty() ? Message.of("") : Message.of(" (%s)", all);
  }

  /** Returns the texts of a column in the rows that a condition finds wrong, a known one first. */
  OddTexts odd(String first, int place, IntPredicate isWrong) {
    TableColumn cells = column(place);
    return OddTexts.of(first, rows, row -> isWrong.test(row) ? text(cells, row) : null, this::at);
  }

  private static String text(TableColumn cells, int row) {
    String written = cells.written(row);
    return written == null ? cells.cell(row).text() : written;
  }

  /** Returns the name of the file that contains a row. */
  String file(int row) {
    int i = files.size() - 1;
    while (firstRows.get(i) > row) {
      i--;
    }
    return files.get(i);
  }

  /** Returns the name of the file, or of the first file if there are several. */
  String file() {
    return files.get(0);
  }

  /**
   * Returns the position of a column that is specified by name or number (negative: from the end).
   */
  int place(String wanted) throws FormatException {
    int place = columns.indexOf(wanted);
    boolean isNumber = wanted.matches("-?[0-9]{1,9}");
    if (place >= 0) {
      return place;
    }
    if (!isNumber) {
      throw new FormatException(
          file(),
          hasHeader
              ? "no column %s, expected one of %s"
              : "no column %s, as the file has no header, expected a number from 0 of %3$s columns"
                  + " (%4$s: the first line names them)",
          wanted,
          columns,
          columns.size(),
          Remedy.HEADER.with("yes"));
    }
    int index = Integer.parseInt(wanted);
    if (index < -columns.size() || index >= columns.size()) {
      throw new FormatException(
          file(),
          "%s columns, expected one of number %s (the first is 0, the last %s)",
          columns.size(),
          index,
          columns.size() - 1);
    }
    return Math.floorMod(index, columns.size());
  }

  /** Returns the remedy for a number with another decimal mark; else nothing. */
  static Message remedy(String text, String column) {
    boolean isComma = text.indexOf(',') >= 0;
    return OTHER_MARK.matcher(text).matches()
        ? Message.of(
            "%s if it is a decimal %s%s",
            Remedy.DECIMAL.with(isComma ? "," : ".", column),
            isComma ? "comma" : "point",
            THOUSANDS.matcher(text).matches() ? " and separates no thousands" : "")
        : Message.of("");
  }
}
