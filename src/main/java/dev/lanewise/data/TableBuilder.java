package dev.lanewise.data;

import dev.lanewise.parallel.Team;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/** A table that is being read, row by row. */
final class TableBuilder {
  private final List<String> names;
  private final boolean header;
  private final TableOptions how; // null of objects
  private final TableColumn[] columns;

  /** Whether one of the columns is the last by the will of who made the rows. */
  boolean hasLast = true;

  /** Takes rows of other tables together; or null. */
  Team team;

  private final List<String> files = new ArrayList<>(); // in order, without repetition
  private final List<Integer> firstRows = new ArrayList<>(); // of each file
  private long[] lines = new long[16]; // of each row
  private int rows;
  private final List<List<String>> texts = new ArrayList<>(); // of each row, if they are kept

  /** A table of objects has no options: it was not read from text. */
  TableBuilder(List<String> names, boolean header, TableOptions how) {
    this.how = how;
    this.names = names;
    this.header = header;
    columns = new TableColumn[names.size()];
    for (int c = 0; c < columns.length; c++) {
      columns[c] = new TableColumn();
    }
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
    lines[rows++] = line;
  }

  /** Adds rows of another table of these columns, whose lines are counted from another on. */
  void append(TableBuilder other, int from, int count, long linesBefore) {
    for (int i = from; i < from + count; i++) {
      begin(other.files.get(0), linesBefore + other.lines[i]);
    }
    each(c -> columns[c].append(other.columns[c], from, count));
    if (!other.texts.isEmpty()) {
      texts.addAll(other.texts.subList(from, from + count));
    }
  }

  /** Whether there is no room for so many rows more. */
  boolean lacks(int more) {
    return more > lines.length - rows;
  }

  /** Makes room for rows; if more are expected altogether, up to four times as many as needed. */
  void grow(int more, long expected) {
    long needed = (long) rows + more;
    long length = Math.max(Math.max(2L * rows, needed), Math.min(4 * needed, expected));
    lines = Arrays.copyOf(lines, (int) Math.min(length, Integer.MAX_VALUE - 8));
    each(c -> columns[c].reserve(lines.length));
  }

  /** Does something with every column; who has a team shares the columns. */
  private void each(IntConsumer task) {
    int step = team == null ? 1 : team.size();
    Team.Task share =
        first -> {
          for (int c = first; c < columns.length; c += step) {
            task.accept(c);
          }
        };
    if (team == null) {
      share.run(0);
    } else {
      team.run(share);
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
    return new Table(names, header, columns, files, firstRows, lines, rows, texts, how, hasLast);
  }
}
