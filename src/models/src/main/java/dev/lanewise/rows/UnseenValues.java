package dev.lanewise.rows;

import dev.lanewise.format.internal.CodePoints;
import dev.lanewise.format.internal.Message;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Counts values that a model has not seen in training: unknown categories, which often are only
 * misspelled, and missing values in columns that had none. Neither has its own input, so
 * predictions cannot use these values. Not thread-safe.
 */
public final class UnseenValues implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The columns of the model. */
  private final Schema schema;

  private final transient Column[] columns; // columns of the schema

  /** The number of counted rows per column. */
  private final long[] rows;

  /** The number of rows with a missing value per column. */
  private final long[] empty;

  /** The number of rows with an unknown category per column. */
  private final long[] unseen;

  /** The unknown category with the lowest code points per column; null if there is none. */
  private final String[] least;

  /**
   * Starts with no rows.
   *
   * @param schema the schema of the model
   */
  public UnseenValues(Schema schema) {
    this.schema = schema;
    columns = schema.columns().toArray(new Column[0]);
    rows = new long[columns.length];
    empty = new long[columns.length];
    unseen = new long[columns.length];
    least = new String[columns.length];
  }

  /**
   * Restores the transient columns.
   *
   * @return the same counts
   */
  private Object readResolve() {
    UnseenValues whole = new UnseenValues(schema);
    whole.add(this);
    return whole;
  }

  /**
   * Counts the value of a column in a row.
   *
   * @param column its index in the schema
   * @param number the value if it is a number, else NaN
   * @param string the value if it is a string, else null
   */
  public void count(int column, double number, String string) {
    boolean isEmpty = string == null && Double.isNaN(number);
    boolean isCategory = !isEmpty && columns[column] instanceof CategoryColumn;
    count(
        column,
        isCategory
            ? ((CategoryColumn) columns[column]).text(number, string)
            : isEmpty ? null : String.valueOf(string),
        1);
  }

  /**
   * Counts a value of a column that occurs in several rows.
   *
   * @param column its index in the schema
   * @param text the name of a category, or any text for a number or date; null for a missing value
   * @param times how many rows
   */
  public void count(int column, String text, long times) {
    rows[column] += times;
    if (text == null) {
      empty[column] += times;
    } else if (times > 0
        && columns[column] instanceof CategoryColumn category
        && !category.isKnown(text)) {
      unseen[column] += times;
      setLeast(column, text);
    }
  }

  private void setLeast(int column, String text) {
    if (text != null
        && (least[column] == null || CodePoints.ORDER.compare(text, least[column]) < 0)) {
      least[column] = text;
    }
  }

  /**
   * Adds another count.
   *
   * @param other of the same schema
   */
  public void add(UnseenValues other) {
    for (int c = 0; c < rows.length; c++) {
      rows[c] += other.rows[c];
      empty[c] += other.empty[c];
      unseen[c] += other.unseen[c];
      setLeast(c, other.least[c]);
    }
  }

  /** Forgets all rows. */
  public void clear() {
    for (long[] each : new long[][] {rows, empty, unseen}) {
      Arrays.fill(each, 0);
    }
    Arrays.fill(least, null);
  }

  /**
   * {@return the number of unknown categories, and of missing values in columns that had none in
   * training, in all rows and columns}
   */
  public long total() {
    return IntStream.range(0, rows.length).mapToLong(c -> unseen[c] + hasMissing(c)).sum();
  }

  /** Returns the number of missing values in a column that had none in training. */
  private long hasMissing(int c) {
    boolean hasMissing;
    if (columns[c] instanceof CategoryColumn category) {
      hasMissing = category.hasMissing();
    } else {
      hasMissing =
          (columns[c] instanceof DateColumn date ? date.days() : (NumberColumn) columns[c])
              .hasMissing();
    }
    return hasMissing ? 0 : empty[c];
  }

  /**
   * Returns one sentence per column and kind of unseen value. If training had rare categories,
   * unknown ones are expected, and a sentence reports them only if no value is known.
   *
   * @return the sentences, in the order of the columns
   */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (int c = 0; c < columns.length; c++) {
      long values = rows[c] - empty[c];
      if (unseen[c] > 0
          && columns[c] instanceof CategoryColumn category
          && (unseen[c] == values || !category.other())) {
        notes.add(
            Message.of(
                    "Column %s: %s of %s values are unknown to the model, such as \"%s\" (it knows %s)",
                    category.name(), unseen[c], values, least[c], category.categories())
                .toString());
      }
      long hasMissing = hasMissing(c);
      if (hasMissing > 0) {
        boolean isCategory = columns[c] instanceof CategoryColumn;
        notes.add(
            Message.of(
                    "Column %s: %s of %s rows have no value, where all training rows had one (%s)",
                    columns[c].name(),
                    hasMissing,
                    rows[c],
                    isCategory
                        ? "it counts as an unknown value"
                        : "the median of the training rows replaces it")
                .toString());
      }
    }
    return notes;
  }
}
