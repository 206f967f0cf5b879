package dev.lanewise.table;

import dev.lanewise.data.internal.Labels;
import dev.lanewise.data.internal.RawRows;
import dev.lanewise.data.internal.RowSource;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.nn.Scaling;
import dev.lanewise.parallel.Team;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.UnseenValues;
import dev.lanewise.rows.internal.RowEncoder;
import dev.lanewise.table.internal.OddTexts;
import dev.lanewise.table.internal.Problems;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Some rows of a table in a given order, encoded as the inputs of a schema. A cell that does not
 * fit its column ends copying with an {@link UncheckedIOException}.
 */
final class TableRows implements RawRows {
  private final ColumnStore table;
  private final int[] order; // rows of the table
  private final RowEncoder encoder;
  private final TableColumn[] cells; // cells of each column of the schema
  private final double[][] plain; // numbers of columns that are only copied; else null
  private final Schema schema;
  private final Labels labels; // labels in the order of the rows; null without targets
  private SpillFile cache; // for inputs that exceed memory; or null
  private Team team; // null for one thread

  TableRows(ColumnStore table, int[] order, Schema schema, int[] places, Labels labels) {
    this.table = table;
    this.order = order;
    this.schema = schema;
    this.encoder = new RowEncoder(schema, Scaling.none());
    this.cells = new TableColumn[encoder.columns()];
    this.plain = new double[cells.length][];
    for (int c = 0; c < cells.length; c++) {
      cells[c] = table.column(places[c]);
      Column column = encoder.column(c);
      boolean isNumber = column instanceof NumberColumn && column.inputs() == 1;
      plain[c] = isNumber ? cells[c].numbers() : null;
    }
    this.labels = labels;
  }

  /** Returns the bytes of memory for cells and inputs. */
  long memory() {
    return table.memory() + (long) Float.BYTES * features() * order.length;
  }

  /** Keeps the inputs in a file. */
  void moveTo(SpillFile file) {
    cache = file;
  }

  /** Shares the work among threads, unless the cells are in a file. */
  TableRows with(Team threads) {
    team = threads;
    return this;
  }

  @Override
  public Team team() {
    return team;
  }

  @Override
  public RowSource under(Scaling scaling) {
    return cache == null ? null : cache.add(this, scaling);
  }

  @Override
  public int rows() {
    return order.length;
  }

  @Override
  public int features() {
    return encoder.inputs();
  }

  @Override
  public Labels labels() {
    return labels;
  }

  @Override
  public void copyRow(int row, double[] out) {
    copyRows(null, row, 1, out);
  }

  /** Copies column by column, as the arrays of all columns are too many to read at once. */
  @Override
  public void copyRows(int[] rows, int from, int count, double[] out) {
    for (int c = 0; c < cells.length; c++) {
      for (int i = 0; i < count; i++) {
        encode(c, order[rows == null ? from + i : rows[from + i]], out, i);
      }
    }
  }

  private void encode(int c, int row, double[] out, int to) {
    if (plain[c] != null && Math.abs(plain[c][row]) <= Double.MAX_VALUE) {
      out[to * encoder.inputs() + encoder.first(c)] = plain[c][row];
      return;
    }
    try {
      encoder.encode(c, cells[c].number(row), cells[c].spelling(row), out, to);
    } catch (IllegalArgumentException e) {
      throw new UncheckedIOException(wrong(c, row, Message.of(e)));
    }
  }

  /** Adds the first cell of each column that does not fit it. */
  void check(Problems problems) throws FormatException {
    int[] rows = inOrder(order);
    for (int c = 0; c < cells.length; c++) {
      int column = c;
      TableColumn some = cells[c];
      if (some.codesOfStrings().anyMatch(code -> isOdd(column, some.entry(code).string()))) {
        OptionalInt odd =
            Arrays.stream(rows).filter(row -> isOdd(column, some.string(row))).findFirst();
        try {
          odd.ifPresent(row -> encode(column, row, new double[features()], 0));
        } catch (UncheckedIOException e) {
          problems.add(encoder.column(c).name(), (FormatException) e.getCause());
        }
      }
    }
  }

  /** Returns whether a string, or null, is neither a number nor a date in a column of these. */
  private boolean isOdd(int c, String string) {
    Column column = encoder.column(c);
    boolean isDate =
        string != null && column instanceof DateColumn && !Double.isNaN(DateColumn.days(string));
    return string != null && !isDate && !(column instanceof CategoryColumn);
  }

  private FormatException wrong(int c, int row, Message problem) {
    String string = cells[c].string(row);
    if (string == null) {
      return new FormatException(table.file(row), "%s, %s", table.at(row), problem);
    }
    String column = encoder.column(c).name();
    OddTexts odd =
        OddTexts.of(
            string,
            order.length,
            i -> isOdd(c, cells[c].string(order[i])) ? cells[c].string(order[i]) : null,
            i -> table.at(order[i]));
    Message more = table.remedies(row, string, column, odd.remedy(column));
    return new FormatException(
        table.file(row), "%s, %s%s%s", table.at(row), problem, odd.others(), more);
  }

  @Override
  public void copyPresent(int row, double[] out) {
    copyRow(row, out);
    for (int c = 0; c < cells.length; c++) {
      if (!(encoder.column(c) instanceof CategoryColumn) && cells[c].isMissing(order[row])) {
        out[encoder.first(c)] = Double.NaN;
      }
    }
  }

  /** Copies column by column in table order, as the table is far larger than a cache. */
  @Override
  public boolean copyColumns(int[] features, int count, double[][] out, int[] present) {
    int[] rows = inOrder(Arrays.copyOf(order, count));
    for (int f = 0; f < features.length; f++) {
      int c = encoder.columnOf(features[f]); // a number is its column's first input
      boolean dates = encoder.column(c) instanceof DateColumn;
      int n = 0;
      for (int row : rows) {
        double number = dates ? cells[c].value(row) : cells[c].number(row);
        out[f][n] = number;
        n += number == number ? 1 : 0;
      }
      present[f] = n;
    }
    return true;
  }

  /** Counts the values that training did not see. */
  void countUnseen(UnseenValues unseen) {
    for (int c = 0; c < cells.length; c++) {
      int column = c;
      ColumnStatistics found = new ColumnStatistics(cells[c], order);
      unseen.count(c, null, found.missing);
      if (encoder.column(c) instanceof CategoryColumn category) {
        found
            .texts(category.byDigits(), order.length)
            .forEach((text, count) -> unseen.count(column, text, count));
      } else {
        unseen.count(c, "", found.present());
      }
    }
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
    return schema.scaledInputs();
  }

  @Override
  public String feature(int feature) {
    return "column " + schema.inputNames().get(feature);
  }

  @Override
  public String where() {
    return table.file();
  }

  @Override
  public String place(int row, int feature) {
    return table.at(order[row]) + ", " + feature(feature);
  }
}
