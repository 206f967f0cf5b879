package dev.lanewise.nn;

import dev.lanewise.format.Message;
import dev.lanewise.format.internal.CodePoints;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counts the values of some rows that a model has not met in training: categories that it does not
 * know, which often are only spelled in another way, and gaps where the training rows had none.
 * Both have no input of their own, so predictions go on without what they say. For one thread at a
 * time.
 */
public final class UnseenValues implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The columns of the model. */
  private final Schema schema;

  private final transient Column[] columns; // those of the schema

  /** The rows that were counted, for each column. */
  private final long[] rows;

  /** The rows without a value, for each column. */
  private final long[] empty;

  /** The rows with a category that the model does not know, for each column. */
  private final long[] unseen;

  /** The first of these categories by its code points, for each column; null if there is none. */
  private final String[] least;

  /**
   * A count of no rows.
   *
   * @param schema of the model
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
   * Finds the columns of the schema again.
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
   * @param word the value if it is a word, else null
   */
  public void count(int column, double number, String word) {
    boolean isEmpty = word == null && Double.isNaN(number);
    boolean isCategory = !isEmpty && columns[column] instanceof CategoryColumn;
    count(
        column,
        isCategory
            ? ((CategoryColumn) columns[column]).text(number, word)
            : isEmpty ? null : String.valueOf(word),
        1);
  }

  /**
   * Counts a value of a column that several rows have.
   *
   * @param column its index in the schema
   * @param text the name of a category, any text of a number or a date; null for no value
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
   * Adds what another has counted.
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
   * How many values were not met in training.
   *
   * @return the number of unknown categories, and of gaps where the training rows had none, in all
   *     rows and columns
   */
  public long total() {
    long total = 0;
    for (int c = 0; c < rows.length; c++) {
      total += unseen[c] + gaps(c);
    }
    return total;
  }

  /** Rows without a value in a column that had one in all training rows. */
  private long gaps(int c) {
    boolean hasGaps;
    if (columns[c] instanceof CategoryColumn category) {
      hasGaps = category.gaps();
    } else {
      hasGaps =
          (columns[c] instanceof DateColumn date ? date.days() : (NumberColumn) columns[c]).gaps();
    }
    return hasGaps ? 0 : empty[c];
  }

  /**
   * A sentence for each column with something unseen. Where training had rare categories, unknown
   * ones are to be expected, and a sentence says so only if there is no other value.
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
      long gaps = gaps(c);
      if (gaps > 0) {
        boolean isCategory = columns[c] instanceof CategoryColumn;
        notes.add(
            Message.of(
                    "Column %s: %s of %s rows have no value, where all training rows had one (%s)",
                    columns[c].name(),
                    gaps,
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
