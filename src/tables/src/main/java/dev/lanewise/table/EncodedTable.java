package dev.lanewise.table;

import dev.lanewise.data.internal.Labels;
import dev.lanewise.data.internal.RawRows;
import dev.lanewise.data.internal.RowSource;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.Message;
import dev.lanewise.format.Remedy;
import dev.lanewise.nn.CategoryColumn;
import dev.lanewise.nn.Column;
import dev.lanewise.nn.DateColumn;
import dev.lanewise.nn.NumberColumn;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.Schema;
import dev.lanewise.parallel.Team;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/**
 * Some rows of a table in a given order, encoded as the inputs of a schema. A cell that does not
 * fit its column ends copying with an {@link UncheckedIOException}.
 */
final class EncodedTable implements RawRows {
  private final Table table;
  private final int[] order; // rows of the table
  private final Column[] columns;
  private final TableColumn[] cells; // of each column of the schema
  private final int[] first; // first input of each column
  private final double[][] plain; // numbers of columns that are only copied; else null
  private final int inputs;
  private final boolean[] scaled;
  private final List<String> names;
  private final Labels labels; // in order; null without targets
  private TableCache cache; // for inputs that exceed memory; or null
  private Team team; // null for one thread

  EncodedTable(Table table, int[] order, Schema schema, int[] places, Labels labels) {
    this.table = table;
    this.order = order;
    this.columns = schema.columns().toArray(new Column[0]);
    this.cells = new TableColumn[columns.length];
    this.first = new int[columns.length];
    this.plain = new double[columns.length][];
    int at = 0;
    for (int c = 0; c < columns.length; c++) {
      cells[c] = table.column(places[c]);
      first[c] = at;
      at += columns[c].inputs();
      boolean isNumber = columns[c] instanceof NumberColumn && columns[c].inputs() == 1;
      plain[c] = isNumber ? cells[c].numbers() : null;
    }
    this.inputs = at;
    this.scaled = schema.scaledInputs();
    this.names = schema.inputNames();
    this.labels = labels;
  }

  /** Returns the bytes of memory for cells and inputs. */
  long memory() {
    return table.memory() + (long) Float.BYTES * inputs * order.length;
  }

  /** Keeps the inputs in a file. */
  void moveTo(TableCache file) {
    cache = file;
  }

  /** Shares the work among threads, unless the cells are in a file. */
  EncodedTable with(Team threads) {
    team = threads;
    return this;
  }

  @Override
  public Team team() {
    return team;
  }

  @Override
  public RowSource mapped(Scaling scaling) {
    try {
      return cache == null ? null : cache.add(this, scaling);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int rows() {
    return order.length;
  }

  @Override
  public int features() {
    return inputs;
  }

  @Override
  public Labels labels() {
    return labels;
  }

  @Override
  public void copyRow(int row, double[] out) {
    for (int c = 0; c < columns.length; c++) {
      encode(c, order[row], out, first[c]);
    }
  }

  /** Copies column by column, as the arrays of all columns are too many to read at once. */
  @Override
  public void copyRows(int[] rows, int from, int count, double[] out) {
    for (int c = 0; c < columns.length; c++) {
      for (int i = 0; i < count; i++) {
        encode(c, order[rows == null ? from + i : rows[from + i]], out, i * inputs + first[c]);
      }
    }
  }

  private void encode(int c, int row, double[] out, int at) {
    if (plain[c] != null && Math.abs(plain[c][row]) <= Double.MAX_VALUE) {
      out[at] = plain[c][row];
      return;
    }
    try {
      if (columns[c] instanceof CategoryColumn category) {
        category.encode(cells[c].text(row, category), out, at);
      } else {
        columns[c].encode(cells[c].number(row), cells[c].word(row), out, at);
      }
    } catch (IllegalArgumentException e) {
      throw wrong(row, e, cells[c].word(row), columns[c].name());
    }
  }

  private UncheckedIOException wrong(
      int row, IllegalArgumentException problem, String word, String column) {
    Message missing = Message.of("%s if it stands for no value", Remedy.MISSING.with(word, column));
    Object remedies = word == null ? "" : table.remedies(row, word, column, missing);
    return new UncheckedIOException(
        new FormatException(
            table.file(row), "%s, %s%s", table.at(row), Message.of(problem), remedies));
  }

  @Override
  public void copyPresent(int row, double[] out) {
    copyRow(row, out);
    for (int c = 0; c < columns.length; c++) {
      boolean number = columns[c] instanceof NumberColumn || columns[c] instanceof DateColumn;
      if (number && cells[c].isMissing(order[row])) {
        out[first[c]] = Double.NaN;
      }
    }
  }

  /** Copies column by column in table order, as the table is far larger than a cache. */
  @Override
  public boolean copyColumns(int[] features, int count, double[][] out, int[] present) {
    int[] rows = inOrder(Arrays.copyOf(order, count));
    for (int f = 0; f < features.length; f++) {
      int c = Arrays.binarySearch(first, features[f]); // a number is its column's first input
      boolean dates = columns[c] instanceof DateColumn;
      int n = 0;
      for (int row : rows) {
        String word = cells[c].word(row);
        double number = word == null || !dates ? cells[c].number(row) : DateColumn.days(word);
        out[f][n] = number;
        n += number == number ? 1 : 0;
      }
      present[f] = n;
    }
    return true;
  }

  @Override
  public int[] readingOrder() {
    return TableHints.byGroup(order);
  }

  /** Returns the rows in ascending order. */
  static int[] inOrder(int[] rows) {
    return Arrays.stream(TableHints.byGroup(rows)).map(place -> rows[place]).toArray();
  }

  @Override
  public boolean isTable() {
    return true;
  }

  @Override
  public boolean[] scaledFeatures() {
    return scaled;
  }

  @Override
  public String feature(int feature) {
    return "column " + names.get(feature);
  }

  @Override
  public String where() {
    return table.file();
  }

  @Override
  public String place(int row, int feature) {
    return table.at(order[row]) + ", column " + names.get(feature);
  }
}
