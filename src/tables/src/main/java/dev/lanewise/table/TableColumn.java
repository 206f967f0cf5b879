package dev.lanewise.table;

import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.internal.Cell;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The cells of a column, in memory or in a file: each is a number, or a NaN that contains a code.
 * The code is that of a missing value or of an entry in a dictionary, which has the strings, and
 * the numbers whose spelling matters.
 */
final class TableColumn {
  /** The code of a number that is no entry. */
  static final int NUMBER = 0;

  /** The code of a missing value; entries have the codes from 1 on. */
  static final int MISSING = -1;

  /** Maximum number of entries to keep in the dictionary for later rows. */
  private static final int MOST_KEPT = 1000;

  /** Upper half of a NaN that arithmetic does not produce; the lower half is the code of a cell. */
  private static final int CODED = 0x7ffc0000;

  private static final double NONE = coded(MISSING);

  private static final Pattern THOUSANDS = Pattern.compile("[-+]?[1-9][0-9]{0,2}[.,][0-9]{3}");

  /**
   * A string or a number.
   *
   * @param cell what it is read as
   * @param text the string, or how an object writes its number; null if that does not matter
   */
  record Entry(Cell cell, String text) {
    boolean isString() {
      return Double.isNaN(cell.number());
    }
  }

  private double[] cells = new double[16]; // null if they are in a file
  private final List<Entry> entries = new ArrayList<>(); // at index code - 1
  private final Map<String, Integer> strings = new HashMap<>(); // codes
  private final Map<String, Integer> numbers = new HashMap<>(); // codes by text or digits
  private final Map<String, Integer> dates = new HashMap<>(); // codes by texts in a notation
  private int rows; // in memory, or all if they are in a file
  private CellFile own; // gets the rows of a column that is made of one in a file; or null
  private String thousands; // a number whose mark may separate thousands, as all do; or null
  private boolean hasDecimals; // whether a mark in a number is certainly the decimal mark
  private CellFile file; // has all cells; or null
  private int place; // place of the column in the file

  /** Returns the rule that names values as categories, and perhaps compares numbers by digits. */
  static CategoryColumn rule(boolean byDigits) {
    return new CategoryColumn("", 0, List.of(), false, false, byDigits);
  }

  private static double coded(int code) {
    return Double.longBitsToDouble((long) CODED << Integer.SIZE | code & 0xffffffffL);
  }

  private static int code(double cell) {
    long bits = Double.doubleToRawLongBits(cell);
    return cell != cell && (int) (bits >>> Integer.SIZE) == CODED ? (int) bits : NUMBER;
  }

  void add(double number) {
    if (rows == cells.length && own != null) {
      own.write(cells, 0, rows);
      rows = 0;
    } else if (rows == cells.length) {
      reserve(2 * rows);
    }
    cells[rows++] = number;
  }

  void addMissing() {
    add(NONE);
  }

  /**
   * Adds a number, or a missing value if the number stands for one.
   *
   * @param digits what {@link Cell#digits} returns
   */
  void add(double number, String digits, double[] missing) {
    if (isAmong(number, missing)) {
      addMissing();
    } else if (digits == null) {
      add(number);
    } else {
      add(new Cell(number, digits), null);
    }
  }

  private static boolean isAmong(double number, double[] some) {
    for (double one : some) {
      if (number == one) {
        return true;
      }
    }
    return false;
  }

  void addWord(String text) {
    Integer code = strings.get(text);
    if (code == null) {
      String string = Cell.string(text);
      code = code(strings, string, new Cell(Double.NaN, string), string);
      strings.put(text, code);
    }
    add(coded(code));
  }

  /** Adds a cell and how an object writes its number, or null. */
  void add(Cell cell, String text) {
    if (cell.isMissing()) {
      addMissing();
    } else if (Double.isNaN(cell.number())) {
      addWord(cell.string());
    } else if (text == null && cell.string() == null) {
      add(cell.number());
    } else {
      add(coded(code(numbers, text == null ? cell.string() : text, cell, text)));
    }
  }

  private int code(Map<String, Integer> known, String key, Cell cell, String text) {
    Integer code = known.get(key);
    if (code == null) {
      entries.add(new Entry(cell, text));
      code = entries.size();
      known.put(key, code);
    }
    return code;
  }

  /**
   * Adds a text that a notation reads.
   *
   * @param missing numbers that stand for a missing value
   * @return false if the text is in another notation, and nothing was added
   */
  boolean add(String text, Notation notation, double[] missing) {
    Integer known = dates.get(text);
    if (known != null) {
      add(coded(known));
      return true;
    }
    Cell cell = Cell.read(notation, text);
    if (cell == null) {
      return false;
    } else if (cell.string() == null) {
      add(cell.number(), null, missing);
    } else {
      addWord(cell.string());
      dates.put(text, strings.get(cell.string()));
    }
    return true;
  }

  /** Examines the mark in a number: before three digits, it may separate thousands. */
  void look(String text) {
    int mark = Math.max(text.indexOf('.'), text.indexOf(','));
    if (mark >= 0 && !hasDecimals) {
      hasDecimals = !THOUSANDS.matcher(text).matches();
      thousands = hasDecimals ? null : text;
    }
  }

  /** Returns a number of the first rows if the marks of all may separate thousands, or null. */
  String thousands() {
    return thousands;
  }

  /** Returns whether a mark in a number of the first rows is certainly the decimal mark. */
  boolean hasDecimals() {
    return hasDecimals;
  }

  /**
   * Returns this column of a table of objects as if its texts were read: some strings and numbers
   * are missing values, and a notation, unless it is null, reads texts. Numbers and dates that were
   * objects stay as they are, but for numbers such as 20240531 among dates, and texts in another
   * notation are strings.
   */
  TableColumn in(Notation notation, List<String> missing) {
    double[] none = Cell.missingNumbers(missing);
    boolean[] isMissing = new boolean[entries.size() + 1];
    boolean any = notation != null || none.length > 0;
    for (int code = 1; code < isMissing.length; code++) {
      isMissing[code] = isString(code) && missing.contains(textOf(code));
      any |= isMissing[code];
    }
    if (!any) {
      return this;
    }
    TableColumn column = new TableColumn();
    if (file != null) {
      column.own = file.ofOneColumn();
      column.cells = new double[column.own.rows()];
    }
    for (int row = 0; row < rows; row++) {
      int code = code(row);
      Cell cell = cell(row);
      String text = textOf(code);
      boolean mayBeDate =
          notation != null && !notation.isNumber() && text == null && code != MISSING;
      String read = notation == null ? null : mayBeDate ? Cell.text(cell.number()) : text;
      if (code == MISSING || code > 0 && isMissing[code] || isAmong(cell.number(), none)) {
        column.addMissing();
      } else if (read == null || !column.add(read, notation, none)) {
        column.add(notation == null || text == null ? cell : new Cell(Double.NaN, text), text);
      }
    }
    if (column.own != null) {
      column.own.write(column.cells, 0, column.rows);
      column.own.map();
      column.moveTo(column.own, 0, rows);
    }
    return column;
  }

  /** Removes all rows, and the dictionary if it is large. The memory is used again. */
  void clear() {
    rows = 0;
    if (entries.size() > MOST_KEPT) {
      entries.clear();
      List.of(strings, numbers, dates).forEach(Map::clear);
    }
  }

  void reserve(int most) {
    if (most > cells.length) {
      cells = Arrays.copyOf(cells, most);
    }
  }

  /** Adds rows of another column. There must be room for them. */
  void append(TableColumn other, int from, int count) {
    hasDecimals |= other.hasDecimals;
    thousands = hasDecimals ? null : thousands == null ? other.thousands : thousands;
    int end = rows + count;
    System.arraycopy(other.cells, from, cells, rows, count);
    if (other.entries.isEmpty()) {
      rows = end;
      return;
    }
    int[] codes = new int[other.entries.size() + 1]; // own codes by those of the other
    while (rows < end) {
      int code = code(cells[rows]);
      if (code <= 0) {
        rows++;
      } else if (codes[code] > 0) {
        cells[rows++] = coded(codes[code]);
      } else {
        Entry entry = other.entries.get(code - 1);
        add(entry.cell, entry.text);
        codes[code] = code(cells[rows - 1]);
      }
    }
  }

  /** Writes the cells of some rows to a file. */
  void write(int from, int count, CellFile to) {
    to.write(cells, from, count);
  }

  /** Removes the rows before one, and keeps room for a number of rows. */
  void keepFrom(int first, int room) {
    cells = Arrays.copyOfRange(cells, first, first + room);
    rows -= first;
  }

  /** Reads all cells from a file from now on. */
  void moveTo(CellFile other, int column, int all) {
    file = other;
    place = column;
    rows = all;
    cells = null;
  }

  /** Returns the numbers without a copy, NaN in other rows; null if the cells are in a file. */
  double[] numbers() {
    return cells;
  }

  /** Returns the code of a cell. */
  int code(int row) {
    return code(cells != null ? cells[row] : file.cell(row, place));
  }

  /** Returns the number in a row; NaN if there is none. */
  double number(int row) {
    double cell = cells != null ? cells[row] : file.cell(row, place);
    if (cell == cell) {
      return cell;
    }
    int code = code(cell);
    return code > 0 ? entry(code).number() : Double.NaN;
  }

  /** Returns the string in a row, or null if there is none. */
  String string(int row) {
    int code = code(row);
    return code > 0 && isString(code) ? entry(code).string() : null;
  }

  /** Returns the string or the kept digits of the number in a row, or null if there are none. */
  String spelling(int row) {
    int code = code(row);
    return code > 0 ? entry(code).string() : null;
  }

  /** Returns whether a row has a number with digits that a double does not keep. */
  boolean hasDigits(int row) {
    int code = code(row);
    return code > 0 && !isString(code) && entry(code).string() != null;
  }

  /** Returns the number in a row, or the days of its date; else NaN. */
  double value(int row) {
    String string = string(row);
    return string == null ? number(row) : DateColumn.days(string);
  }

  /** Returns the string in a row, or the text of the number of an object, or null. */
  String written(int row) {
    return textOf(code(row));
  }

  /** Returns the string of an entry, or the text of the number of an object, or null. */
  String textOf(int code) {
    return code > 0 ? entries.get(code - 1).text : null;
  }

  /** Returns the category of a row in a column of a schema, or null if the value is missing. */
  String text(int row, CategoryColumn column) {
    return column.text(number(row), spelling(row));
  }

  boolean isMissing(int row) {
    return code(row) == MISSING;
  }

  Cell cell(int row) {
    int code = code(row);
    return code > 0 ? entry(code) : code == MISSING ? Cell.MISSING : new Cell(number(row), null);
  }

  /** Returns the number of entries, which have the codes from 1 on. */
  int entries() {
    return entries.size();
  }

  Cell entry(int code) {
    return entries.get(code - 1).cell;
  }

  boolean isString(int code) {
    return entries.get(code - 1).isString();
  }

  /** Returns the codes of the strings, in the order in which they were first added. */
  IntStream codesOfStrings() {
    return IntStream.rangeClosed(1, entries.size()).filter(this::isString);
  }

  /** Returns the codes of the strings, and then of the numbers of objects that have a text. */
  IntStream codesOfTexts() {
    IntStream numbers =
        IntStream.rangeClosed(1, entries.size())
            .filter(code -> !isString(code) && textOf(code) != null);
    return IntStream.concat(codesOfStrings(), numbers);
  }

  /** Returns the number of different strings. */
  int strings() {
    return (int) codesOfStrings().count();
  }

  /**
   * Counts the cells of the rows {@code order[from]} to {@code order[to - 1]}.
   *
   * @param order rows; null for all in their order
   * @return missing values at 0, numbers at 1, then each entry at its code plus 1
   */
  int[] counts(int[] order, int from, int to) {
    int[] found = new int[entries.size() + 2];
    for (int i = from; i < to; i++) {
      found[code(order == null ? i : order[i]) + 1]++;
    }
    return found;
  }
}
