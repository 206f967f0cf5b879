package dev.lanewise.table;

import dev.lanewise.parallel.Team;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** Builds a table row by row. */
final class TableBuilder {
  private final List<String> names;
  private final boolean header;
  private final TableOptions how; // null for Java objects
  private final TableColumn[] columns; // the last one holds line numbers
  private TableCache cache; // makes the file of cells; null to stay in memory
  private long memory; // maximum bytes
  private CellFile cells; // null until memory is used up
  private int moved; // number of rows in cells

  boolean hasLast = true;

  /** Threads that append rows of other tables; or null. */
  Team team;

  private final List<String> files = new ArrayList<>(); // in order, distinct
  private final List<Integer> firstRows = new ArrayList<>(); // of each file
  private int room = 16; // rows that fit in the columns
  private int rows;
  private final List<List<String>> texts = new ArrayList<>(); // of each row, if they are kept

  /** Makes a builder; a table of Java objects has no options. */
  TableBuilder(List<String> names, boolean header, TableOptions how) {
    this.how = how;
    this.names = names;
    this.header = header;
    columns = new TableColumn[names.size() + 1];
    for (int c = 0; c < columns.length; c++) {
      columns[c] = new TableColumn();
    }
  }

  /** Moves cells that would exceed some memory to a file. */
  TableBuilder spilling(TableCache beside, long bytes) {
    cache = beside;
    memory = bytes;
    return this;
  }

  /** Removes all rows, and invalidates a table built of them. */
  void clear() {
    rows = 0;
    files.clear();
    firstRows.clear();
    texts.clear();
    for (TableColumn column : columns) {
      column.clear();
    }
  }

  /** Begins a row; each column must then get a cell. */
  void begin(String file, long line) {
    if (files.isEmpty() || !files.get(files.size() - 1).equals(file)) {
      files.add(file);
      firstRows.add(rows);
    }
    if (lacks(1)) {
      grow(1, 0);
    }
    columns[columns.length - 1].add(line);
    rows++;
  }

  /** Adds rows of another builder with the same columns, and an offset to their line numbers. */
  void append(TableBuilder other, int from, int count, long linesBefore) {
    int last = columns.length - 1;
    for (int done = 0, some = 0; done < count; done += some) {
      if (lacks(1)) {
        grow(1, 0);
      }
      some = Math.min(count - done, room - (rows - moved));
      int start = from + done;
      int length = some;
      for (int i = start; i < start + some; i++) {
        begin(other.files.get(0), linesBefore + (long) other.columns[last].number(i));
      }
      each(last, c -> columns[c].append(other.columns[c], start, length));
    }
    if (!other.texts.isEmpty()) {
      texts.addAll(other.texts.subList(from, from + count));
    }
  }

  /** Returns whether there is no room for a number of further rows. */
  boolean lacks(int more) {
    return more > room - (rows - moved);
  }

  /** Makes room for more rows: for all expected ones, if they are at most four times as many. */
  void grow(int more, long expected) {
    long needed = (long) rows + more;
    long most = cache == null ? Long.MAX_VALUE : memory / (TableCache.CELL * columns.length);
    if (cells != null || needed > most) {
      spill();
      return;
    }
    long length = Math.max(Math.max(2L * rows, needed), Math.min(4 * needed, expected));
    room = (int) Math.min(Math.min(length, most), Integer.MAX_VALUE - 8);
    each(columns.length, c -> columns[c].reserve(room));
  }

  /** Processes the first columns, with several threads if there is a team. */
  private void each(int count, IntConsumer task) {
    int step = team == null ? 1 : team.size();
    Team.Task share =
        first -> {
          for (int c = first; c < count; c += step) {
            task.accept(c);
          }
        };
    if (team == null) {
      share.run(0);
    } else {
      team.run(share);
    }
  }

  /** Moves whole blocks of rows to the file, and keeps room for one block. */
  private void spill() {
    cells = cells == null ? new CellFile(cache, columns.length, memory) : cells;
    int block = cells.rows();
    int held = rows - moved;
    int from = 0;
    for (; held - from >= block; from += block) {
      cells.write(columns, from, block);
    }
    moved += from;
    room = block;
    for (TableColumn column : columns) {
      column.keepFrom(from, block);
    }
  }

  void close() {
    if (cells != null) {
      cells.close();
    }
  }

  TableColumn column(int c) {
    return columns[c];
  }

  void keep(List<String> row) {
    texts.add(row);
  }

  int rows() {
    return rows;
  }

  Table build() {
    if (cells != null) {
      cells.write(columns, 0, rows - moved);
      cells.map();
      for (int c = 0; c < columns.length; c++) {
        columns[c].moveTo(cells, c);
      }
    }
    return new Table(names, header, columns, files, firstRows, rows, texts, how, hasLast);
  }
}
