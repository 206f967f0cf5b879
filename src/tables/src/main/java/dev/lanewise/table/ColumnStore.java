package dev.lanewise.table;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.rows.Notation;
import dev.lanewise.table.internal.OddTexts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/**
 * The columns of a {@link Table}, in memory or in a file, and where their rows come from.
 *
 * @param columns the names of the columns
 * @param hasHeader whether the columns have names, rather than numbers because line 1 is a row
 * @param cells the columns; the last one holds the line number of each row
 * @param firstRows the first row of each file
 * @param texts the texts of each row; null unless they are kept
 * @param given how the text was read; null for a table of Java objects
 * @param isWorkbook whether the text was made of a workbook, whose numbers have a decimal point
 * @param hasLast whether the last column is the target unless the options name another
 * @param notes on how the text was read
 */
record ColumnStore(
    List<String> columns,
    boolean hasHeader,
    TableColumn[] cells,
    List<String> files,
    List<Integer> firstRows,
    int rows,
    List<List<String>> texts,
    TableOptions given,
    boolean isWorkbook,
    boolean hasLast,
    List<Message> notes) {
  /** Matches numbers with a decimal mark; as strings, they have another mark than the table. */
  static final Pattern OTHER_MARK = Pattern.compile("[-+]?[0-9]*[.,][0-9]+");

  /** Those among them whose mark may separate thousands. */
  private static final Pattern THOUSANDS = Pattern.compile("[-+]?[0-9]{1,3}[.,][0-9]{3}");

  /** Returns the number of bytes of memory that the cells occupy. */
  long memory() {
    return isInMemory() ? (long) Double.BYTES * rows * cells.length : SpillFile.IN_FILE;
  }

  boolean isInMemory() {
    return cells[cells.length - 1].numbers() != null;
  }

  /** Returns a column whose texts all have an entry, which is made once. */
  synchronized TableColumn column(int place) {
    cells[place] = cells[place].withEntries();
    return cells[place];
  }

  /** Returns a column whose numbers may still be as they were written. */
  synchronized TableColumn written(int place) {
    return cells[place];
  }

  private ColumnStore with(TableColumn[] some, int n, TableOptions how) {
    return new ColumnStore(
        columns, hasHeader, some, files, firstRows, n, texts, how, isWorkbook, hasLast, notes);
  }

  /**
   * Returns this table as if its text was read with other notations, and that of objects with other
   * words for missing values.
   *
   * @throws FormatException if a text of a file is in another notation
   */
  ColumnStore in(TableOptions options) throws FormatException {
    TableColumn[] found = new TableColumn[cells.length];
    Arrays.setAll(found, this::written);
    boolean isOfFile = given != null && line(0) > 0;
    Map<String, Notation> notations = new HashMap<>(isOfFile ? given.notations() : Map.of());
    for (int c = 0; c < columns.size(); c++) {
      String name = columns.get(c);
      Notation notation = options.notation(name, c);
      if (!isOfFile || notation != null && !notation.equals(given.notation(name, c))) {
        Message problem = refusal(name, notation);
        found[c] = written(c).in(notation, options, rows, isOfFile);
        int odd = found[c].odd;
        if (problem != null) {
          throw new FormatException(file(), problem, null);
        } else if (odd >= 0) {
          throw otherNotation(file(odd), at(odd), name, text(written(c), odd), notation);
        }
      }
    }
    notations.putAll(options.notations());
    return with(found, rows, (isOfFile ? given : options).withNotations(notations));
  }

  /** Returns why a column of a workbook cannot have a notation; null if it can. */
  Message refusal(String column, Notation notation) {
    return isWorkbook && given.decimal() == '.' && notation.hasComma()
        ? Message.of(
            "an Excel workbook, whose numbers have a decimal point, expected a comma as in %s of"
                + " column %s (%s gives them one)",
            notation, column, Remedy.DECIMAL.with(",", column))
        : null;
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
  ColumnStore withoutLast() {
    return with(cells.clone(), rows - 1, given);
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

  /** Returns whether a text may stand for a missing value, as one with digits does not. */
  static boolean isWord(String text) {
    return OddTexts.isPlain(text) && text.chars().noneMatch(Character::isDigit);
  }

  /**
   * Returns the error that a line of a file has a text that is not in the notation of its column.
   */
  static FormatException otherNotation(
      String file, String place, String column, String text, Notation known) {
    String kind = known.isNumber() ? "a number" : "a date or time";
    Message remedy = Message.of(" (%s)", OddTexts.of(text).remedy(column));
    return new FormatException(
        file,
        "%s, column %s is \"%s\", expected %s such as %s%s",
        place,
        column,
        text,
        kind,
        known,
        isWord(text) ? remedy : "");
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
