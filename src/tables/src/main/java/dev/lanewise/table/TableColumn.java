package dev.lanewise.table;

import dev.lanewise.nn.CategoryColumn;
import dev.lanewise.nn.Cell;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The cells of a column, row by row: numbers as they are, words as numbers of a dictionary. */
final class TableColumn {
  private static final int NUMBER = 0;
  private static final int MISSING = -1;
  private static final int DIGITS = -2; // and below

  /** So many words are worth keeping for the rows that follow. */
  private static final int MOST_KEPT = 1000;

  /** The upper half of a NaN that no number has; what a cell is stands in the lower. */
  private static final int CODED = 0x7ffc0000;

  private double[] numbers = new double[16]; // NaN where there is none
  private int[] words; // 0: a number, -1: missing, else a place in the dictionary plus 1, or below
  private final List<String> dictionary = new ArrayList<>();
  private final Map<String, Integer> places = new HashMap<>();
  private final List<String> digits = new ArrayList<>(); // of numbers with -2 - place in words
  private final Map<String, Integer> placesOfDigits = new HashMap<>();
  private int rows;
  private CellFile file; // that has all cells, as numbers has none then; or null
  private int place; // in it

  void add(double number) {
    grow();
    numbers[rows++] = number;
  }

  /** Adds a number, or no value if it stands for none. */
  void add(double number, double[] missing) {
    for (double none : missing) {
      if (number == none) {
        addMissing();
        return;
      }
    }
    add(number);
  }

  /** Adds a number of which the digits are to be kept; the same without them if they are null. */
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

  /** Adds a text that is no number. */
  void addWord(String text) {
    Integer place = places.get(text);
    if (place == null) {
      String word = Cell.word(text);
      place = places.get(word);
      if (place == null) {
        dictionary.add(word);
        place = dictionary.size();
        places.put(word, place);
      }
      places.put(text, place);
    }
    addCode(place);
  }

  void addMissing() {
    addCode(MISSING);
  }

  void add(Cell cell) {
    if (cell.isMissing()) {
      addMissing();
    } else if (!Double.isNaN(cell.number())) {
      add(cell.number(), cell.word());
    } else {
      addWord(cell.word());
    }
  }

  /** This column, or one in which some words and numbers stand for no value. */
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
    TableColumn column = new TableColumn();
    for (int row = 0; row < rows; row++) {
      int code = code(row);
      if (code == NUMBER) {
        column.add(numbers[row], missingNumbers);
        column.keepDigits(digits(row));
      } else if (code == MISSING || isMissing[code]) {
        column.addMissing();
      } else {
        column.addWord(entry(code));
      }
    }
    return column;
  }

  /** Keeps the digits of the number that was added last, if that stood for a value. */
  void keepDigits(String text) {
    if (text != null && code(rows - 1) == NUMBER) {
      add(numbers[--rows], text);
    }
  }

  private void addCode(int code) {
    grow();
    if (words == null) { // most columns are numbers without a gap
      words = new int[numbers.length];
    }
    words[rows] = code;
    numbers[rows++] = Double.NaN;
  }

  /** Forgets all rows, and words if there are many; what the rows took is used again. */
  void clear() {
    rows = 0;
    if (words != null) {
      Arrays.fill(words, NUMBER);
    }
    if (digits.size() > MOST_KEPT) {
      digits.clear();
      placesOfDigits.clear();
    }
    if (dictionary.size() > MOST_KEPT) {
      dictionary.clear();
      places.clear();
    }
  }

  private void grow() {
    if (rows == numbers.length) {
      reserve(2 * rows);
    }
  }

  /** Makes room for so many rows altogether. */
  void reserve(int most) {
    if (most > numbers.length) {
      numbers = Arrays.copyOf(numbers, most);
      words = words == null ? null : Arrays.copyOf(words, most);
    }
  }

  /** Adds rows of another column, for which there must be room. */
  void append(TableColumn other, int from, int count) {
    System.arraycopy(other.numbers, from, numbers, rows, count);
    int end = rows + count;
    if (other.words == null) {
      rows = end; // if this has words, 0 stands there
      return;
    }
    int[] codes = new int[other.dictionary.size() + 1]; // here, by those of the other
    for (int i = from; rows < end; i++) {
      int code = other.words[i];
      if (code > 0 && codes[code] == 0) {
        addWord(other.entry(code));
        codes[code] = words[rows - 1];
      } else if (code <= DIGITS) {
        add(other.numbers[i], other.digits.get(DIGITS - code));
      } else if (code != NUMBER) {
        addCode(code > 0 ? codes[code] : code);
      } else {
        rows++;
      }
    }
  }

  /** Puts some cells as bits: a number, or a NaN that holds the code of what is there. */
  void put(int from, int count, LongBuffer out) {
    for (int row = from; row < from + count; row++) {
      int code = words == null ? NUMBER : words[row];
      out.put(
          code == NUMBER
              ? Double.doubleToRawLongBits(numbers[row])
              : (long) CODED << Integer.SIZE | code & 0xffffffffL);
    }
  }

  /** Keeps the last of the rows only, and room for so many. */
  void keepFrom(int first, int room) {
    numbers = Arrays.copyOfRange(numbers, first, first + room);
    words = words == null ? null : Arrays.copyOfRange(words, first, first + room);
    rows -= first;
  }

  /** Finds all cells in a file, as the column at a place of it. */
  void moveTo(CellFile other, int column) {
    file = other;
    place = column;
    numbers = null;
    words = null;
  }

  /** The number in a row; NaN if there is none. */
  double number(int row) {
    if (numbers != null) {
      return numbers[row];
    }
    String text = digits(row);
    return text != null ? Double.parseDouble(text) : Double.longBitsToDouble(file.bits(row, place));
  }

  /**
   * The numbers in all rows, not copied; null if there are words or gaps, or they are in a file.
   */
  double[] numbers() {
    return words == null ? numbers : null;
  }

  /** What is in a row: 0 for a number, -1 for no value, else that of a word in {@link #entry}. */
  int code(int row) {
    int code = coded(row);
    return code <= DIGITS ? NUMBER : code;
  }

  /** The same, but of a number of which the digits are kept their place below -1. */
  private int coded(int row) {
    if (file != null) {
      long bits = file.bits(row, place);
      return (int) (bits >>> Integer.SIZE) == CODED ? (int) bits : NUMBER;
    }
    return words == null ? NUMBER : words[row];
  }

  /** Whether there may be numbers of which the digits are kept. */
  boolean hasDigits() {
    return !digits.isEmpty();
  }

  /** The digits of the number in a row, if they are kept; else null. */
  String digits(int row) {
    int code = digits.isEmpty() ? NUMBER : coded(row);
    return code <= DIGITS ? digits.get(DIGITS - code) : null;
  }

  /**
   * Counts what there is in the rows of a part of an order.
   *
   * @param found how often there is no value, a number, and each word in the order of the codes
   */
  void count(int[] order, int from, int to, int[] found) {
    if (file == null && words == null) {
      found[1] += to - from;
      return;
    }
    for (int i = from; i < to; i++) {
      found[code(order[i]) + 1]++;
    }
  }

  /** How many different words there are. */
  int words() {
    return dictionary.size();
  }

  /** A word by its code, from 1. */
  String entry(int code) {
    return dictionary.get(code - 1);
  }

  /** The word in a row; null if there is none. */
  String word(int row) {
    int code = code(row);
    return code > 0 ? dictionary.get(code - 1) : null;
  }

  /** The category that the value of a row is in a column of a schema; null if there is none. */
  String text(int row, CategoryColumn column) {
    int code = code(row);
    return code > 0 ? entry(code) : column.text(number(row), digits(row));
  }

  boolean isMissing(int row) {
    return code(row) == MISSING;
  }

  /** The value of a row as the name of a category; null if there is none. */
  String text(int row) {
    int code = code(row);
    return code == MISSING ? null : code > 0 ? dictionary.get(code - 1) : Cell.text(number(row));
  }

  Cell cell(int row) {
    String digits = digits(row);
    return isMissing(row)
        ? Cell.MISSING
        : new Cell(number(row), digits != null ? digits : word(row));
  }
}
