package dev.lanewise.data;

import dev.lanewise.format.FormatException;
import dev.lanewise.nn.CategoryColumn;
import dev.lanewise.nn.Column;
import dev.lanewise.nn.Schema;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts values of categories that a model does not know: such a value has no input of its own, and
 * predictions go on without what it says. Often it is only spelled in another way.
 */
final class UnseenCategories {
  private final Column[] columns;
  private final int[] places; // of the columns in the tables
  private final long[] unseen; // values, of each column
  private final String[] least; // the first of the unseen values by its code points
  private final long[] values; // of each column, unseen or not

  UnseenCategories(Schema schema, int[] places) {
    this.places = places;
    columns = schema.columns().toArray(new Column[0]);
    unseen = new long[columns.length];
    least = new String[columns.length];
    values = new long[columns.length];
  }

  /** Looks at the first rows of an order. */
  void count(Table table, int[] order, int count) {
    for (int c = 0; c < columns.length; c++) {
      if (columns[c] instanceof CategoryColumn category) {
        count(c, category, table.column(places[c]), order, count);
      }
    }
  }

  private void count(int c, CategoryColumn category, TableColumn cells, int[] order, int count) {
    boolean[] isKnown = new boolean[cells.words() + 1];
    for (int code = 1; code < isKnown.length; code++) {
      isKnown[code] = category.isKnown(cells.entry(code));
    }
    for (int i = 0; i < count; i++) {
      int code = cells.code(order[i]);
      values[c] += code >= 0 ? 1 : 0;
      if (code >= 0 && !isKnown[code] && (code > 0 || !category.isKnown(cells.text(order[i])))) {
        String text = cells.text(order[i]);
        boolean isFirst = least[c] == null || CodePoints.ORDER.compare(text, least[c]) < 0;
        least[c] = isFirst ? text : least[c];
        unseen[c]++;
      }
    }
  }

  /**
   * A sentence for each column with unseen values. Where training had rare ones, some are to be
   * expected, and a sentence says so only if there is no other value.
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
    }
    return notes;
  }
}
