package dev.lanewise.rows.internal;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.UnseenValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Encodes the values of a row as inputs of a network. Rows of files, of requests, of programs and
 * of Spark all pass through this class, so the same values give the same inputs everywhere.
 *
 * <p>A row is set column by column and then scaled. It stays until the next row is set; {@link
 * #clear} only marks its columns as not set. Setting numbers and scaling allocate nothing.
 */
public final class RowEncoder {
  private final Schema schema;
  private final Scaling scaling;
  private final Column[] columns;
  private final int[] first; // the first input of each column
  private final Map<String, Integer> places = new HashMap<>();
  private final double[] missing; // numbers that the schema lists as missing values
  private final double[] raw; // [inputs]
  private final double[] numbers; // [columns], NaN for a string or a missing value
  private final String[] strings; // [columns], as in Cell
  private final boolean[] set; // [columns]

  /**
   * Makes an encoder without a row.
   *
   * @param schema the columns
   * @param scaling the scaling of the inputs
   */
  public RowEncoder(Schema schema, Scaling scaling) {
    this.schema = schema;
    this.scaling = scaling;
    columns = schema.columns().toArray(new Column[0]);
    first = new int[columns.length];
    int at = 0;
    for (int c = 0; c < columns.length; c++) {
      places.put(columns[c].name(), c);
      first[c] = at;
      at += columns[c].inputs();
    }
    missing = Cell.missingNumbers(schema.missing());
    raw = new double[at];
    numbers = new double[columns.length];
    strings = new String[columns.length];
    set = new boolean[columns.length];
  }

  /** {@return the number of inputs that a row makes} */
  public int inputs() {
    return raw.length;
  }

  /** {@return the number of columns of a row} */
  public int columns() {
    return columns.length;
  }

  /**
   * {@return a column of the schema}
   *
   * @param column the index of the column
   */
  public Column column(int column) {
    return columns[column];
  }

  /**
   * Finds a column by its name.
   *
   * @param name the name in the header of the training file
   * @return its index, or -1 if there is no such column
   */
  public int place(String name) {
    return places.getOrDefault(name, -1);
  }

  /**
   * Encodes a value of any row. Several threads may do so at the same time.
   *
   * @param column the index of its column
   * @param number the number, or NaN
   * @param string the string as in {@link Cell}, or null
   * @param out receives the inputs of the column, not scaled; [rows][inputs]
   * @param row the row in {@code out}
   * @throws IllegalArgumentException if the column does not accept the value; the message begins
   *     with the column
   */
  public void encode(int column, double number, String string, double[] out, int row) {
    columns[column].encode(number, string, out, row * raw.length + first[column]);
  }

  /**
   * {@return the position of a column's first input, from 0}
   *
   * @param column the index of the column
   */
  public int first(int column) {
    return first[column];
  }

  /**
   * Finds the column of an input.
   *
   * @param input the first input of a column
   * @return its index
   */
  public int columnOf(int input) {
    int column = Arrays.binarySearch(first, input);
    while (column + 1 < first.length && first[column + 1] == input) {
      column++; // passes over columns without inputs
    }
    return column;
  }

  /**
   * Sets a column of the row to the value of a cell.
   *
   * @param column the index of the column
   * @param number the number, or NaN; a number that the schema lists as missing is a missing value
   * @param string the string as in {@link Cell}, or null
   * @throws IllegalArgumentException as in {@link #encode}
   */
  public void set(int column, double number, String string) {
    set(column, number, string, false);
  }

  /**
   * Sets a column of the row to a double.
   *
   * @param column the index of the column
   * @param number as for {@link #set(int, double, String)}
   * @throws IllegalArgumentException as in {@link #encode}, or if the column compares digits and
   *     the number is large, as it can be the nearest double to several integers
   */
  public void set(int column, double number) {
    set(column, number, null, true);
  }

  /**
   * Sets a column of the row to an object.
   *
   * @param column the index of the column
   * @param value any object that {@link Schema#cell} accepts
   * @throws IllegalArgumentException as in {@link #set(int, double)}
   */
  public void set(int column, Object value) {
    Cell cell = Cell.of(schema, columns[column].name(), value);
    set(column, cell.number(), cell.string(), !(value instanceof CharSequence));
  }

  private void set(int column, double number, String string, boolean isNumber) {
    boolean isMissing = false;
    for (double none : missing) {
      isMissing |= number == none;
    }
    numbers[column] = isMissing ? Double.NaN : number;
    strings[column] = isMissing ? null : string;
    if (columns[column] instanceof DateColumn && !Double.isNaN(numbers[column])) {
      Cell cell = Cell.of(schema, columns[column].name(), Cell.text(number)); // 20240531
      numbers[column] = cell.number();
      strings[column] = cell.string();
    }
    if (isNumber
        && strings[column] == null
        && Cell.isLarge(numbers[column])
        && columns[column] instanceof CategoryColumn category
        && category.byDigits()) {
      throw new ArgumentException(
          "column %s is the double %s, expected a long or a string: its categories differ in digits that a double does not hold",
          category.name(), Cell.text(number));
    }
    encode(column, numbers[column], strings[column], raw, 0);
    set[column] = true;
  }

  /**
   * Sets all columns of the row; none is set if that fails.
   *
   * @param values a value for each column, as in {@link #set(int, Object)}; others are ignored
   * @param what who asks, in messages
   * @throws IllegalArgumentException if a column has no value, or as in {@link #set(int, Object)}
   */
  public void setAll(Map<?, ?> values, String what) {
    clear();
    for (Column column : columns) {
      if (!values.containsKey(column.name())) {
        throw new ArgumentException(
            "%s: no column %s in a row with %s, expected a value for each column of the model",
            what, column.name(), values.keySet());
      }
    }
    try {
      for (int c = 0; c < columns.length; c++) {
        set(c, values.get(columns[c].name()));
      }
    } catch (RuntimeException e) { // also what the value's toString throws
      clear();
      throw e;
    }
  }

  /** Marks all columns as not set. */
  public void clear() {
    Arrays.fill(set, false);
  }

  /**
   * Tells if a column is set.
   *
   * @param column the index of the column
   * @return true if it was set after the last {@link #clear}
   */
  public boolean isSet(int column) {
    return set[column];
  }

  /** {@return the names of the columns that are not set} */
  public List<String> unset() {
    List<String> names = List.of();
    for (int c = 0; c < columns.length; c++) {
      if (!set[c]) {
        names = names.isEmpty() ? new ArrayList<>() : names;
        names.add(columns[c].name());
      }
    }
    return names;
  }

  /** {@return the inputs of the row before scaling, [inputs]; a copy} */
  public double[] raw() {
    return raw.clone();
  }

  /**
   * Scales the row.
   *
   * @param out receives the inputs
   * @param at the position of the first one
   * @throws IllegalArgumentException if an input is not a finite float after scaling; the message
   *     begins with its column
   */
  public void scale(float[] out, int at) {
    for (int i = 0; i < raw.length; i++) {
      float value = scaling.scale(raw[i], i);
      if (!Float.isFinite(value)) {
        throw new ArgumentException(
            "column %s is %s, expected a smaller number: after scaling (%s) it is not a finite float",
            schema.inputNames().get(i), raw[i], scaling.name());
      }
      out[at + i] = value;
    }
  }

  /**
   * Counts the values of the row that training did not see.
   *
   * @param unseen a count for the same schema
   */
  public void count(UnseenValues unseen) {
    for (int c = 0; c < columns.length; c++) {
      unseen.count(c, numbers[c], strings[c]);
    }
  }
}
