package dev.lanewise.table;

import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.source.MarkedNumber;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The cells of a column, in memory or in a file: each is a number, or a NaN that contains a code.
 * The code is that of a missing value or of an entry in a dictionary, which has the strings, and
 * the numbers whose spelling matters. While the notation of the column is not known, numbers with
 * marks are {@link MarkedNumber}s, so that any notation can be applied without the text.
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

  /** Numbers that stand for all without marks. */
  private static final String[] PLAIN = {"0", "-0", "1", "0.5"};

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

  /** The first row of a file that the notation of this column did not read; or -1. */
  int odd = -1;

  private double[] cells = new double[16]; // null if they are in a file
  private final List<Entry> entries = new ArrayList<>(); // at index code - 1
  private final Map<String, Integer> strings = new HashMap<>(); // codes
  private final Map<String, Integer> numbers = new HashMap<>(); // codes by text or digits
  private final Map<String, Integer> dates = new HashMap<>(); // codes by texts in a notation
  private int rows; // in memory, or all if they are in a file
  private CellFile own; // gets the rows of a column that is made of one in a file; or null
  private long open; // the last number whose mark may separate thousands, or NONE
  private boolean hasDecimals; // whether a mark in a number is certainly the decimal mark
  private boolean hasMarkedWords; // whether texts with marks are no numbers with the file's mark
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

  static boolean isAmong(double number, double[] some) {
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

  /** Adds a number with marks. */
  void addMarked(long bits) {
    boolean isNumber = MarkedNumber.isNumber(bits);
    boolean isOpen = isNumber && MarkedNumber.isOpen(bits);
    open = isOpen ? bits : open;
    hasDecimals |= isNumber && !isOpen;
    hasMarkedWords |= !isNumber;
    add(Double.longBitsToDouble(bits));
  }

  /** Adds a number whose mark is certainly the decimal one, perhaps with its text. */
  void addDecimal(Cell number, String text) {
    hasDecimals = true;
    add(number, text);
  }

  /** Returns a number if the marks of all may separate thousands, or null. */
  String thousands() {
    return open == MarkedNumber.NONE || hasDecimals ? null : MarkedNumber.text(open);
  }

  /** Returns whether a mark in a number is certainly the decimal mark. */
  boolean hasDecimals() {
    return hasDecimals;
  }

  /** Returns whether there may be texts that are no numbers. */
  boolean mayHaveWords() {
    return hasMarkedWords || !strings.isEmpty();
  }

  /** Forgets how numbers were written, if no other notation can read all of them. */
  void settle() {
    boolean areNumbers = hasDecimals && cells != null && !mayHaveWords();
    for (int row = 0; row < rows && areNumbers; row++) {
      cells[row] = isMissing(row) || spelling(row) != null ? cells[row] : number(row);
    }
  }

  /** Returns this column with an entry for each text with marks that is no number. */
  TableColumn withEntries() {
    return hasMarkedWords ? in(null, List.of()) : this;
  }

  /** Returns a column of objects as if its texts were read so. */
  TableColumn in(Notation notation, List<String> missing) {
    return in(notation, TableOptions.defaults().withMissing(missing), rows, false);
  }

  /**
   * Returns this column as if its texts were read in a notation, unless that is null, and with
   * further strings and numbers for missing values. Numbers such as 20240531 are read as dates.
   *
   * @param count number of rows
   * @param isOfFile whether plain numbers are texts, too; others stay what they are, and their
   *     texts in another notation are strings
   */
  TableColumn in(Notation notation, TableOptions options, int count, boolean isOfFile) {
    double[] none = Cell.missingNumbers(options.missing());
    boolean[] isMissing = new boolean[entries.size() + 1];
    boolean any = notation != null || none.length > 0 || hasMarkedWords;
    for (int code = 1; code < isMissing.length; code++) {
      isMissing[code] = isString(code) && options.missing().contains(textOf(code));
      any |= isMissing[code];
    }
    if (!any) {
      return this;
    }
    TableColumn column = new TableColumn();
    column.own = file == null ? null : file.ofOneColumn();
    column.cells = new double[file == null ? count : column.own.rows()];
    byte[] ways = new byte[MarkedNumber.KINDS + PLAIN.length];
    for (int row = 0; row < count; row++) {
      int code = code(row);
      boolean isPlain = notation != null && notation.isNumber() && textOf(code) == null;
      boolean isRead = true;
      if (code == MISSING || code > 0 && isMissing[code] || isAmong(number(row), none)) {
        column.addMissing();
      } else if (notation == null && isMarkedNumber(raw(row))) {
        column.addMarked(marked(row));
      } else if (isPlain && isOfFile) {
        double number = number(row, notation, options.decimal(), ways);
        isRead = number == number;
        column.add(number, null, none);
      } else if (notation == null) {
        column.add(cell(row), written(row));
      } else {
        String text = written(row);
        String read = text == null && !isPlain ? Cell.text(number(row)) : text; // perhaps a date
        isRead = read != null && column.add(read, notation, none);
        if (!isRead) {
          column.add(text == null ? cell(row) : new Cell(Double.NaN, text), text);
        }
      }
      column.odd = isOfFile && !isRead && column.odd < 0 ? row : column.odd;
    }
    column.hasDecimals = notation == null && hasDecimals;
    if (column.own != null) {
      column.own.write(column.cells, 0, column.rows);
      column.own.map();
      column.moveTo(column.own, 0, count);
    }
    return column;
  }

  /**
   * Returns the number in a row in a notation of numbers, NaN if that does not read it.
   *
   * @param ways 0 for each kind of text until one was read, then 1 if it is not read, 2 if all
   *     marks separate thousands, 3 if the last is the decimal mark, and 4 for -0 with a unit
   */
  private double number(int row, Notation notation, char decimal, byte[] ways) {
    long bits = marked(row);
    boolean isMarked = bits != MarkedNumber.NONE;
    double number = isMarked ? MarkedNumber.whole(bits) : number(row);
    int plain = number != Math.rint(number) ? 3 : number != 0 ? 2 : 1 / number < 0 ? 1 : 0;
    int kind = isMarked ? MarkedNumber.kind(bits) : MarkedNumber.KINDS + plain;
    if (ways[kind] == 0) {
      String text = isMarked ? MarkedNumber.text(bits) : PLAIN[plain].replace('.', decimal);
      Cell read = Cell.read(notation, text);
      boolean isSame =
          read == null || plain > 1 && !isMarked || Double.compare(read.number(), number) == 0;
      ways[kind] = (byte) (read == null ? 1 : isSame ? 2 : read.number() != 0 ? 3 : 4);
    }
    return switch (ways[kind]) {
      case 1 -> Double.NaN;
      case 2 -> number;
      case 3 -> MarkedNumber.decimal(bits);
      default -> 0;
    };
  }

  /** Removes all rows, and the dictionary if it is large. The memory is used again. */
  void clear() {
    rows = 0;
    open = MarkedNumber.NONE;
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
    open = other.open == MarkedNumber.NONE ? open : other.open;
    hasDecimals |= other.hasDecimals;
    hasMarkedWords |= other.hasMarkedWords;
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

  private double raw(int row) {
    return cells != null ? cells[row] : file.cell(row, place);
  }

  private static boolean isMarkedNumber(double cell) {
    long bits = Double.doubleToRawLongBits(cell);
    return MarkedNumber.is(bits) && MarkedNumber.isNumber(bits);
  }

  /** Returns the bits of a number with marks, or NONE. */
  long marked(int row) {
    long bits = Double.doubleToRawLongBits(raw(row));
    return MarkedNumber.is(bits) ? bits : MarkedNumber.NONE;
  }

  /** Returns the code of a cell. */
  int code(int row) {
    return code(raw(row));
  }

  /** Returns the number in a row; NaN if there is none. */
  double number(int row) {
    double cell = raw(row);
    if (cell == cell) {
      return cell;
    }
    int code = code(cell);
    return code > 0
        ? entry(code).number()
        : isMarkedNumber(cell)
            ? MarkedNumber.decimal(Double.doubleToRawLongBits(cell))
            : Double.NaN;
  }

  /** Returns the string in a row, or null if there is none. */
  String string(int row) {
    return Double.isNaN(number(row)) ? spelling(row) : null;
  }

  /** Returns the string or the kept digits of the number in a row, or null if there are none. */
  String spelling(int row) {
    int code = code(row);
    long bits = marked(row);
    return code > 0
        ? entry(code).string()
        : bits == MarkedNumber.NONE || MarkedNumber.isNumber(bits) ? null : MarkedNumber.text(bits);
  }

  /** Returns the number in a row, or the days of its date; else NaN. */
  double value(int row) {
    String string = string(row);
    return string == null ? number(row) : DateColumn.days(string);
  }

  /** Returns the string in a row, or the text of its number if that is known, or null. */
  String written(int row) {
    long bits = marked(row);
    return bits == MarkedNumber.NONE ? textOf(code(row)) : MarkedNumber.text(bits);
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
    return code > 0
        ? entry(code)
        : code == MISSING ? Cell.MISSING : new Cell(number(row), spelling(row));
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

  /**
   * Counts the cells of some rows.
   *
   * @return missing values at 0, numbers at 1, then each entry at its code plus 1
   */
  int[] counts(int[] some) {
    int[] found = new int[entries.size() + 2];
    for (int row : some) {
      found[code(row) + 1]++;
    }
    return found;
  }
}
