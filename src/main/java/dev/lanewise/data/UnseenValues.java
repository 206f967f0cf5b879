package dev.lanewise.data;

import dev.lanewise.format.FormatException;
import dev.lanewise.nn.CategoryColumn;
import dev.lanewise.nn.Column;
import dev.lanewise.nn.DateColumn;
import dev.lanewise.nn.NumberColumn;
import dev.lanewise.nn.Schema;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts what a model has not met in training: categories that it does not know, which often are
 * only spelled in another way, and gaps where there was none. Both have no input of their own, and
 * predictions go on without what they say.
 */
final class UnseenValues {
  private static final int BLOCK = 1 << 12; // rows

  private final Column[] columns;
  private final int[] places; // of the columns in the tables
  private final long[] values; // of each column
  private final long[] unseen; // of the values
  private final String[] least; // the first of the unseen values by its code points
  private final long[] gaps; // of each column that had none in training
  private long rows;

  UnseenValues(Schema schema, int[] places) {
    this.places = places;
    columns = schema.columns().toArray(new Column[0]);
    values = new long[columns.length];
    unseen = new long[columns.length];
    least = new String[columns.length];
    gaps = new long[columns.length];
  }

  /** Looks at some rows of a table, all columns of some rows at a time, as files have them. */
  void count(Table table, int[] order) {
    rows += order.length;
    TableColumn[] cells = new TableColumn[columns.length];
    int[][] found = new int[columns.length][];
    for (int c = 0; c < columns.length; c++) {
      cells[c] = table.column(places[c]);
      found[c] = new int[cells[c].words() + 2];
    }
    for (int from = 0; from < order.length; from += BLOCK) {
      for (int c = 0; c < columns.length; c++) {
        cells[c].count(order, from, Math.min(order.length, from + BLOCK), found[c]);
      }
    }
    for (int c = 0; c < columns.length; c++) {
      gaps[c] += hasGaps(columns[c]) ? 0 : found[c][0];
      if (columns[c] instanceof CategoryColumn category) {
        values[c] += order.length - found[c][0];
        for (int code = 1; code <= cells[c].words(); code++) {
          countUnseen(c, category, cells[c].entry(code), found[c][code + 1]);
        }
        for (int i = 0; i < order.length && found[c][1] > 0; i++) {
          if (cells[c].code(order[i]) == 0) {
            countUnseen(c, category, cells[c].text(order[i]), 1);
          }
        }
      }
    }
  }

  private void countUnseen(int c, CategoryColumn category, String value, int count) {
    if (count > 0 && !category.isKnown(value)) {
      unseen[c] += count;
      boolean isFirst = least[c] == null || CodePoints.ORDER.compare(value, least[c]) < 0;
      least[c] = isFirst ? value : least[c];
    }
  }

  /** Whether training rows had gaps in a column. */
  private static boolean hasGaps(Column column) {
    if (column instanceof CategoryColumn category) {
      return category.gaps();
    }
    return (column instanceof DateColumn date ? date.days() : (NumberColumn) column).gaps();
  }

  /**
   * A sentence for each column with something unseen. Where training had rare categories, unknown
   * ones are to be expected, and a sentence says so only if there is no other value.
   */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (int c = 0; c < columns.length; c++) {
      if (unseen[c] > 0
          && columns[c] instanceof CategoryColumn category
          && (unseen[c] == values[c] || !category.other())) {
        notes.add(
            FormatException.message(
                "Column %s: %s of %s values are unknown to the model, such as \"%s\" (it knows %s)",
                category.name(), unseen[c], values[c], least[c], category.categories()));
      }
      if (gaps[c] > 0) {
        boolean isCategory = columns[c] instanceof CategoryColumn;
        notes.add(
            FormatException.message(
                "Column %s: %s of %s rows have no value, where all training rows had one (%s)",
                columns[c].name(),
                gaps[c],
                rows,
                isCategory
                    ? "it is taken for an unknown one"
                    : "the median of the training rows takes its place"));
      }
    }
    return notes;
  }
}
