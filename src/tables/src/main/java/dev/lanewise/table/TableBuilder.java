package dev.lanewise.table;

import dev.lanewise.parallel.Team;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** A table that is being read, row by row. */
final class TableBuilder {
  private final List<String> names;
  private final boolean header;
  private final TableOptions how; // null of objects
  private final TableColumn[] columns; // the last has the lines of the rows
  private TableCache cache; // near which there may be a file of cells; null if they stay in memory
  private long memory; // that they may take
  private CellFile cells; // once they have taken it
  private int moved; // rows that are in it

  /** Whether one of the columns is the last by the will of who made the rows. */
  boolean hasLast = true;

  /** Takes rows of other tables together; or null. */
  Team team;

  private final List<String> files = new ArrayList<>(); // in order, without repetition
  private final List<Integer> firstRows = new ArrayList<>(); // of each file
  private int room = 16; // for rows, before the columns have to grow
  private int rows;
  private final List<List<String>> texts = new ArrayList<>(); // of each row, if they are kept

  /** A table of objects has no options: it was not read from text. */
  TableBuilder(List<String> names, boolean header, TableOptions how) {
    this.how = how;
    this.names = names;
    this.header = header;
    columns = new TableColumn[names.size() + 1];
    for (int c = 0; c < columns.length; c++) {
      columns[c] = new TableColumn();
    }
  }

  /** Lets cells that would take more than some memory stand in a file. */
  TableBuilder spilling(TableCache beside, long bytes) {
    cache = beside;
    memory = bytes;
    return this;
  }

  /** Forgets all rows, and takes the place of those of the table that was built of them. */
  void clear() {
    rows = 0;
    files.clear();
    firstRows.clear();
    texts.clear();
    for (TableColumn column : columns) {
      column.clear();
    }
  }

  /** Begins a row, of which every column is to get a cell. */
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

  /** Adds rows of another table of these columns, whose lines are counted from another on. */
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

  /** Whether there is no room for so many rows more. */
  boolean lacks(int more) {
    return more > room - (rows - moved);
  }

  /** Makes room for rows; if more are expected altogether, up to four times as many as needed. */
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

  /** Does something with the first columns; who has a team shares them. */
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

  /** Moves whole blocks of rows to the file, and keeps room for one. */
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

  /** Gives up a file that is not read. */
  void close() {
    if (cells != null) {
      cells.close();
    }
  }

  TableColumn column(int c) {
    return columns[c];
  }

  /** Keeps the texts of the row. */
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
