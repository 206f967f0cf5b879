package dev.lanewise.table;

import dev.lanewise.nn.CategoryColumn;
import dev.lanewise.nn.Column;
import dev.lanewise.nn.Schema;
import dev.lanewise.nn.UnseenValues;
import java.util.List;

/** Counts the values in tables that training did not see. */
final class UnseenCells {
  private static final int BLOCK = 1 << 12; // rows

  private final Column[] columns;
  private final int[] places; // positions of the columns in the tables
  private final UnseenValues unseen;

  UnseenCells(Schema schema, int[] places) {
    this.places = places;
    columns = schema.columns().toArray(new Column[0]);
    unseen = new UnseenValues(schema);
  }

  /** Examines some rows of a table, block by block, as files store them. */
  void count(Table table, int[] order) {
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
      unseen.count(c, null, found[c][0]);
      if (!(columns[c] instanceof CategoryColumn category)) {
        unseen.count(c, "", order.length - found[c][0]);
        continue;
      }
      for (int code = 1; code <= cells[c].words(); code++) {
        unseen.count(c, cells[c].entry(code), found[c][code + 1]);
      }
      for (int i = 0; i < order.length && found[c][1] > 0; i++) {
        if (cells[c].code(order[i]) == 0) {
          unseen.count(c, cells[c].text(order[i], category), 1);
        }
      }
    }
  }

  long total() {
    return unseen.total();
  }

  List<String> notes() {
    return unseen.notes();
  }
}
