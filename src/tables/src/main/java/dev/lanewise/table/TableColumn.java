package dev.lanewise.table;

import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.table.internal.OddRows;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The cells of a column: numbers, and for strings their indexes in a dictionary. */
final class TableColumn implements OddRows.Cells {
  private static final int NUMBER = 0;
  private static final int MISSING = -1;
  private static final int DIGITS = -2; // codes of numbers with digits are this value and below

  /** Maximum number of strings to keep in the dictionary for later rows. */
  private static final int MOST_KEPT = 1000;

  /** Upper half of a NaN that arithmetic does not produce; the lower half is the code of a cell. */
  private static final int CODED = 0x7ffc0000;

  private static final Pattern THOUSANDS = Pattern.compile("[-+]?[1-9][0-9]{0,2}[.,][0-9]{3}");

  private double[] numbers = new double[16]; // NaN if the cell is not a number
  private int[] strings; // codes: 0 number, -1 missing, >= 1 string, <= -2 number with digits
  private final List<String> dictionary = new ArrayList<>();
  private final Map<String, Integer> places = new HashMap<>();
  private final List<String> digits = new ArrayList<>(); // digits of numbers, at index -2 - code
  private final Map<String, Integer> placesOfDigits = new HashMap<>();
  // places of dates in a notation
  private final Map<String, Integer> placesOfTexts = new HashMap<>();
  // texts of numbers that objects gave, by row
  private final Map<Integer, String> texts = new HashMap<>();
  private int rows; // in memory, or all if they are in a file
  private int moved; // rows that were moved to a file before these
  private CellFile own; // gets the rows of a column that is made of one in a file; or null
  private String thousands; // a number whose mark may separate thousands, as all do; or null
  private boolean hasDecimals; // whether a mark in a number is certainly the decimal mark
  private CellFile file; // holds all cells in place of numbers and strings; or null
  private int place; // place of the column in the file

  void add(double number) {
    grow();
    numbers[rows++] = number;
  }

  /** Adds a number, or a missing value if the number stands for one. */
  void add(double number, double[] missing) {
    for (double none : missing) {
      if (number == none) {
        addMissing();
        return;
      }
    }
    add(number);
  }

  /** Adds a number and keeps its digits, unless they are null. */
  void add(double number, String text) {
    if (text == null) {
      add(number);
      return;
    }
    Integer known = placesOfDigits.putIfAbsent(text, digits.size());
    if (known == null) {
      known = digits.size();
      digits.add(text);
    }
    addCode(DIGITS - known);
    numbers[rows - 1] = number;
  }

  void addWord(String text) {
    Integer place = places.get(text);
    if (place == null) {
      String string = Cell.string(text);
      place = places.get(string);
      if (place == null) {
        dictionary.add(string);
        place = dictionary.size();
        places.put(string, place);
      }
      places.put(text, place);
    }
    addCode(place);
  }

  void addMissing() {
    addCode(MISSING);
  }

  /**
   * Adds a text that a notation reads.
   *
   * @param missing numbers that stand for a missing value
   * @return false if the text is in another notation, and nothing was added
   */
  boolean add(String text, Notation notation, double[] missing) {
    Integer known = placesOfTexts.get(text);
    if (known != null) {
      addCode(known);
      return true;
    }
    Cell cell = Cell.read(notation, text);
    if (cell == null) {
      return false;
    } else if (cell.string() == null) {
      add(cell.number(), missing);
    } else {
      addWord(cell.string());
      placesOfTexts.put(text, strings[rows - 1]);
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

  /** Keeps how the number that was just added is written; for tables of objects. */
  void keepText(String text) {
    texts.put(moved + rows - 1, text);
  }

  /**
   * Returns this column of a table of objects with its texts read in a notation. Numbers and dates
   * that were objects stay as they are, but for numbers such as 20240531 among dates, and texts in
   * another notation are strings.
   */
  TableColumn in(Notation notation, double[] missing) {
    TableColumn column = blank();
    for (int row = 0; row < rows; row++) {
      String written = written(row);
      boolean mayBeDate = written == null && !isMissing(row) && !notation.isNumber();
      String text = mayBeDate ? Cell.text(number(row)) : written;
      boolean isRead = text != null && column.add(text, notation, missing);
      if (!isRead && written == null) {
        column.add(cell(row));
      } else if (!isRead) {
        column.addWord(text);
      }
    }
    return column.completed();
  }

  /** Returns an empty column, whose cells go to a file if those of this column are in one. */
  private TableColumn blank() {
    TableColumn column = new TableColumn();
    if (file != null) {
      column.own = file.ofOneColumn();
      column.keepFrom(0, column.own.rows());
    }
    return column;
  }

  /** Maps the file of a column that has one of its own. */
  private TableColumn completed() {
    if (own != null) {
      own.write(to -> put(0, rows, to));
      own.map();
      moveTo(own, 0);
    }
    return this;
  }

  /** Returns the string in a row, or the text of a number that {@link #keepText} kept, or null. */
  String written(int row) {
    return texts.getOrDefault(row, string(row));
  }

  /** Returns the texts of numbers that {@link #keepText} kept. */
  Collection<String> texts() {
    return texts.values();
  }

  void add(Cell cell) {
    if (cell.isMissing()) {
      addMissing();
    } else if (!Double.isNaN(cell.number())) {
      add(cell.number(), cell.string());
    } else {
      addWord(cell.string());
    }
  }

  /** Returns this column with some strings and numbers turned into missing values. */
  TableColumn withMissing(List<String> missing) {
    boolean[] isMissing = new boolean[dictionary.size() + 1];
    boolean any = false;
    for (int code = 1; code < isMissing.length; code++) {
      isMissing[code] = missing.contains(entry(code));
      any |= isMissing[code];
    }
    double[] missingNumbers = Cell.missingNumbers(missing);
    if (!any && missingNumbers.length == 0) {
      return this;
    }
    TableColumn column = blank();
    for (int row = 0; row < rows; row++) {
      int code = code(row);
      if (code == NUMBER) {
        column.add(number(row), missingNumbers);
        column.keepDigits(digits(row));
        if (texts.containsKey(row) && !column.isMissing(column.rows - 1)) {
          column.keepText(texts.get(row));
        }
      } else if (code == MISSING || isMissing[code]) {
        column.addMissing();
      } else {
        column.addWord(entry(code));
      }
    }
    return column.completed();
  }

  /** Keeps the digits of the number that was just added, unless it stands for a missing value. */
  void keepDigits(String text) {
    if (text != null && code(rows - 1) == NUMBER) {
      add(numbers[--rows], text);
    }
  }

  private void addCode(int code) {
    grow();
    if (strings == null) { // most columns have only numbers
      strings = new int[numbers.length];
    }
    strings[rows] = code;
    numbers[rows++] = Double.NaN;
  }

  /** Removes all rows, and the strings if there are many. The memory is used again. */
  void clear() {
    rows = 0;
    if (strings != null) {
      Arrays.fill(strings, NUMBER);
    }
    if (digits.size() > MOST_KEPT) {
      digits.clear();
      placesOfDigits.clear();
    }
    if (dictionary.size() > MOST_KEPT) {
      dictionary.clear();
      places.clear();
      placesOfTexts.clear();
    }
  }

  private void grow() {
    if (rows == numbers.length && own != null) {
      own.write(to -> put(0, rows, to));
      keepFrom(rows, rows);
    } else if (rows == numbers.length) {
      reserve(2 * rows);
    }
  }

  void reserve(int most) {
    if (most > numbers.length) {
      numbers = Arrays.copyOf(numbers, most);
      strings = strings == null ? null : Arrays.copyOf(strings, most);
    }
  }

  /** Adds rows of another column. There must be room for them. */
  void append(TableColumn other, int from, int count) {
    hasDecimals |= other.hasDecimals;
    thousands = hasDecimals ? null : thousands == null ? other.thousands : thousands;
    System.arraycopy(other.numbers, from, numbers, rows, count);
    int end = rows + count;
    if (other.strings == null) {
      rows = end; // strings has 0 there, if it exists
      return;
    }
    int[] codes = new int[other.dictionary.size() + 1]; // own codes by those of the other
    for (int i = from; rows < end; i++) {
      int code = other.strings[i];
      if (code > 0 && codes[code] == 0) {
        addWord(other.entry(code));
        codes[code] = strings[rows - 1];
      } else if (code <= DIGITS) {
        add(other.numbers[i], other.digits.get(DIGITS - code));
      } else if (code != NUMBER) {
        addCode(code > 0 ? codes[code] : code);
      } else {
        rows++;
      }
    }
  }

  /** Writes cells as bits: a number, or a NaN that contains the code. */
  void put(int from, int count, LongBuffer out) {
    for (int row = from; row < from + count; row++) {
      int code = strings == null ? NUMBER : strings[row];
      out.put(
          code == NUMBER
              ? Double.doubleToRawLongBits(numbers[row])
              : (long) CODED << Integer.SIZE | code & 0xffffffffL);
    }
  }

  /** Removes the rows before one, and keeps room for a number of rows. */
  void keepFrom(int first, int room) {
    numbers = Arrays.copyOfRange(numbers, first, first + room);
    strings = strings == null ? null : Arrays.copyOfRange(strings, first, first + room);
    rows -= first;
    moved += first;
  }

  /** Reads all cells from a file from now on. */
  void moveTo(CellFile other, int column) {
    file = other;
    place = column;
    rows += moved;
    numbers = null;
    strings = null;
  }

  /** Returns the number in a row; NaN if there is none. */
  @Override
  public double number(int row) {
    if (numbers != null) {
      return numbers[row];
    }
    String text = digits(row);
    return text != null ? Double.parseDouble(text) : Double.longBitsToDouble(file.bits(row, place));
  }

  /** Returns the numbers without a copy; null if a cell is not a number or cells are in a file. */
  double[] numbers() {
    return strings == null ? numbers : null;
  }

  /** Returns 0 for a number, -1 for a missing value, else the index of the string. */
  int code(int row) {
    int code = coded(row);
    return code <= DIGITS ? NUMBER : code;
  }

  /** Returns the code of a cell, which for a number with digits is below -1. */
  private int coded(int row) {
    if (file != null) {
      long bits = file.bits(row, place);
      return (int) (bits >>> Integer.SIZE) == CODED ? (int) bits : NUMBER;
    }
    return strings == null ? NUMBER : strings[row];
  }

  boolean hasDigits() {
    return !digits.isEmpty();
  }

  /** Returns the digits of the number in a row, or null if they are not kept. */
  String digits(int row) {
    int code = digits.isEmpty() ? NUMBER : coded(row);
    return code <= DIGITS ? digits.get(DIGITS - code) : null;
  }

  /**
   * Counts the cells of the rows {@code order[from]} to {@code order[to - 1]}.
   *
   * @param found is increased: missing values at 0, numbers at 1, then each string at its index
   *     plus 1
   */
  void count(int[] order, int from, int to, int[] found) {
    if (file == null && strings == null) {
      found[1] += to - from;
      return;
    }
    for (int i = from; i < to; i++) {
      found[code(order[i]) + 1]++;
    }
  }

  /**
   * Returns the number of rows of each string by its index, and at 0 the number of rows with a
   * number.
   */
  int[] rowsOfWords(int all) {
    int[] found = new int[dictionary.size() + 1];
    for (int row = 0; row < all; row++) {
      int code = code(row);
      if (code >= 0) {
        found[code]++;
      }
    }
    return found;
  }

  /** Returns the number of different strings. */
  int strings() {
    return dictionary.size();
  }

  String entry(int code) {
    return dictionary.get(code - 1);
  }

  /** Returns the string in a row, or null if there is none. */
  @Override
  public String string(int row) {
    int code = code(row);
    return code > 0 ? dictionary.get(code - 1) : null;
  }

  /** Returns the string or the kept digits of the number in a row, or null if there are none. */
  String spelling(int row) {
    int code = coded(row);
    return code > 0 ? entry(code) : code <= DIGITS ? digits.get(DIGITS - code) : null;
  }

  /** Returns the category of a row in a column of a schema, or null if the value is missing. */
  String text(int row, CategoryColumn column) {
    int code = code(row);
    return code > 0 ? entry(code) : column.text(number(row), digits(row));
  }

  boolean isMissing(int row) {
    return code(row) == MISSING;
  }

  /** Returns the value of a row as the name of a category, or null if it is missing. */
  String text(int row) {
    int code = code(row);
    return code == MISSING ? null : code > 0 ? dictionary.get(code - 1) : Cell.text(number(row));
  }

  Cell cell(int row) {
    return isMissing(row) ? Cell.MISSING : new Cell(number(row), spelling(row));
  }
}
