package dev.lanewise.table;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.parallel.Team;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.source.Csv;
import dev.lanewise.source.MarkedNumber;
import dev.lanewise.table.internal.Problems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;

/** Builds a table row by row. */
final class TableBuilder {
  /** Above this, some integers are not doubles. */
  private static final double EXACT = 1L << 53;

  /** Spare room, as later rows may be shorter. */
  private static final double MARGIN = 1.02;

  private final List<String> names;
  private final boolean header;
  private final TableOptions how; // null for Java objects
  private final boolean keepsTexts;
  private final Set<String> missingWords;
  private final double[] missingNumbers;
  private final Notation[] notations; // [columns], null for plain cells
  private final boolean wordsHaveDigits; // whether numbers with marks may be missing values
  private final TableColumn[] columns; // the last one holds line numbers
  private SpillFile cache; // makes the file of cells; null to stay in memory
  private long memory; // maximum bytes
  private CellFile cells; // null until memory is used up
  private int moved; // number of rows in cells

  /** Gets what is wrong with lines, and texts in other notations; null: the first is thrown. */
  Problems problems;

  boolean hasLast = true;
  List<Message> notes = List.of(); // notes on how the text is read

  /** Threads that append rows of other tables; or null. */
  Team team;

  private final List<String> files = new ArrayList<>(); // distinct files, in their order
  private final List<Integer> firstRows = new ArrayList<>(); // first row of each file
  private int room = 16; // rows that fit in the columns
  private Message textNote; // what is unusual about the text of a file; or null
  private int rows;
  private final List<List<String>> texts = new ArrayList<>(); // texts of each row, if they are kept

  /** Makes a builder of a table of Java objects. */
  TableBuilder(List<String> names) {
    this(names, true, null, false);
  }

  /** Makes a builder of a table of texts. */
  TableBuilder(List<String> names, boolean header, TableOptions how, boolean keepsTexts) {
    this.how = how;
    this.names = List.copyOf(names);
    this.header = header;
    this.keepsTexts = keepsTexts;
    List<String> missing = how == null ? List.of() : how.missing();
    missingWords = Set.copyOf(missing);
    missingNumbers = Cell.missingNumbers(missing);
    notations = new Notation[names.size()];
    Arrays.setAll(notations, i -> how == null ? null : how.notation(names.get(i), i));
    wordsHaveDigits = missing.stream().anyMatch(word -> word.chars().anyMatch(Character::isDigit));
    columns = new TableColumn[names.size() + 1];
    Arrays.setAll(columns, c -> new TableColumn());
  }

  /** Moves cells to a file if they exceed a limit of memory. */
  TableBuilder spilling(SpillFile beside, long bytes) {
    cache = beside;
    memory = bytes;
    return this;
  }

  /** Keeps all cells in a file. */
  TableBuilder inFile(SpillFile beside) {
    spilling(beside, SpillFile.memory()).spill();
    return this;
  }

  /** Removes all rows, and invalidates a table built of them. */
  void clear() {
    rows = 0;
    files.clear();
    firstRows.clear();
    texts.clear();
    Arrays.stream(columns).forEach(TableColumn::clear);
  }

  /** Begins a row; each column must then get a cell. */
  void begin(String file, long line) {
    if (files.isEmpty() || !files.get(files.size() - 1).equals(file)) {
      files.add(file);
      firstRows.add(rows);
    }
    makeRoom(1, 1, 0);
    columns[columns.length - 1].add(line);
    rows++;
  }

  /** Adds the current record of a reader as a row after checking its number of cells. */
  void add(String file, Csv csv) throws FormatException {
    textNote = textNote == null ? csv.textNote() : textNote;
    if (csv.fields() != names.size()) {
      FormatException wrong =
          new FormatException(
              file,
              "line %s has %s column%s, expected %s as in the lines before%s",
              csv.line(),
              csv.fields(),
              csv.fields() == 1 ? "" : "s",
              names.size(),
              csv.line() <= csv.linesBefore() + 1
                  ? Message.of(" (%s if titles are there)", Remedy.SKIP.with(csv.linesBefore()))
                  : "");
      found("line " + csv.line(), wrong);
      return;
    }
    begin(file, csv.line());
    for (int i = 0; i < csv.fields(); i++) {
      if (notations[i] == null) {
        add(columns[i], csv, i);
      } else {
        addIn(notations[i], file, csv, i);
      }
    }
    if (keepsTexts) {
      texts.add(csv.texts());
    }
  }

  private void found(String key, FormatException problem) throws FormatException {
    if (problems == null) {
      throw problem;
    }
    problems.add(key, problem);
  }

  private void addIn(Notation notation, String file, Csv csv, int field) throws FormatException {
    TableColumn column = columns[field];
    String text = csv.text(field);
    if (text.isEmpty() || missingWords.contains(text)) {
      column.addMissing();
    } else if (!column.add(text, notation, missingNumbers)) {
      String name = names.get(field);
      found(
          ColumnStore.isWord(text) ? name + text : name,
          ColumnStore.otherNotation(file, "line " + csv.line(), name, text, notation));
      column.addMissing();
    }
  }

  private void add(TableColumn column, Csv csv, int field) {
    double number = csv.number(field);
    if (!Double.isNaN(number)) {
      addNumber(column, number, csv, field);
    } else if (csv.isEmpty(field)) {
      column.addMissing();
    } else {
      long marked = wordsHaveDigits ? MarkedNumber.OTHER : csv.marked(field);
      String text = MarkedNumber.is(marked) ? null : csv.text(field);
      if (text == null) {
        column.addMarked(marked);
      } else if (missingWords.contains(text)) {
        column.addMissing();
      } else {
        column.addWord(text);
      }
    }
  }

  private void addNumber(TableColumn column, double number, Csv csv, int field) {
    long marked = csv.isWorkbook() ? MarkedNumber.NONE : csv.marked(field);
    boolean hasDigits = Math.abs(number) >= EXACT || csv.beginsWithZero(field);
    String digits = hasDigits ? Cell.digits(csv.text(field)) : null;
    if (marked == MarkedNumber.NONE || TableColumn.isAmong(number, missingNumbers)) {
      column.add(number, digits, missingNumbers);
    } else if (marked == MarkedNumber.OTHER) {
      boolean isWhole = number == Math.rint(number); // others have a certain decimal mark
      column.addDecimal(new Cell(number, digits), isWhole ? csv.text(field) : null);
    } else {
      column.addMarked(marked);
    }
  }

  /** Adds rows of another builder with the same columns, and an offset to their line numbers. */
  void append(TableBuilder other, int from, int count, long linesBefore) {
    textNote = textNote == null ? other.textNote : textNote;
    int last = columns.length - 1;
    for (int done = 0, some = 0; done < count; done += some) {
      makeRoom(1, 1, 0);
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

  /** Makes room for more rows: for all that the file seems to contain, unless they are too many. */
  void makeRoom(int more, long position, long size) {
    if (more > room - (rows - moved)) {
      grow(more, (long) (MARGIN * rows / position * size));
    }
  }

  /** Makes room for more rows: for all expected ones, if they are at most four times as many. */
  private void grow(int more, long expected) {
    long needed = (long) rows + more;
    long most = cache == null ? Long.MAX_VALUE : memory / (SpillFile.CELL * columns.length);
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
    IntConsumer share =
        first -> {
          for (int c = first; c < count; c += step) {
            task.accept(c);
          }
        };
    if (team == null) {
      share.accept(0);
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
      write(from, block);
    }
    moved += from;
    room = block;
    for (TableColumn column : columns) {
      column.keepFrom(from, block);
    }
  }

  /** Writes a block: rows of the columns from one on, fewer in the last block. */
  private void write(int from, int count) {
    for (TableColumn column : columns) {
      column.write(from, count, cells);
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

  /** Forgets how numbers were written where no notation can change them. */
  void settle() {
    each(columns.length, c -> columns[c].settle());
  }

  int rows() {
    return rows;
  }

  ColumnStore build() {
    return build(false);
  }

  ColumnStore build(boolean isWorkbook) {
    if (cells != null) {
      write(0, rows - moved);
      cells.map();
      for (int c = 0; c < columns.length; c++) {
        columns[c].moveTo(cells, c, rows);
      }
    }
    List<Message> all = new ArrayList<>(notes);
    if (textNote != null) {
      all.add(0, textNote);
    }
    TableColumn[] own = columns.clone();
    return new ColumnStore(
        names, header, own, files, firstRows, rows, texts, how, isWorkbook, hasLast, all);
  }
}
