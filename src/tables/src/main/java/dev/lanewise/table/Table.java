package dev.lanewise.table;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Divisible;
import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.Message;
import dev.lanewise.format.Remedy;
import dev.lanewise.nn.Cell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Rows of named columns in memory: numbers, words and gaps, as a file, a database or objects have
 * them. {@link #dataset} makes of it the data that a network is trained on.
 *
 * <pre>{@code
 * Table table = Table.read(Path.of("titanic.csv"));
 * Dataset data = Dataset.of(table, LoadOptions.defaults().withTarget("survived"));
 * }</pre>
 */
public final class Table implements Divisible {
  /** What is read at once: all of it. */
  private static final int ALL = Integer.MAX_VALUE - 8;

  private final List<String> names;
  private final boolean header;
  private final TableColumn[] columns; // and one of the lines of the rows
  private final List<String> files;
  private final List<Integer> firstRows;
  private final int rows;
  private final List<List<String>> texts; // of each row, if they were kept
  private final TableOptions how; // the text was read; null of objects
  private final boolean hasLast; // column, by the will of who made the rows

  Table(
      List<String> names,
      boolean header,
      TableColumn[] columns,
      List<String> files,
      List<Integer> firstRows,
      int rows,
      List<List<String>> texts,
      TableOptions how,
      boolean hasLast) {
    this.names = List.copyOf(names);
    this.header = header;
    this.columns = columns;
    this.files = files;
    this.firstRows = firstRows;
    this.rows = rows;
    this.texts = texts;
    this.how = how;
    this.hasLast = hasLast;
  }

  /**
   * Reads a file.
   *
   * @param file a table as text, perhaps compressed by gzip; or several, in order of their names,
   *     if the name has a {@code *}
   * @return the table
   * @throws FormatException if the file is not what it should be
   * @throws IOException if reading fails
   */
  public static Table read(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    return read(file, TableOptions.defaults());
  }

  /**
   * Reads a file.
   *
   * @param file as for {@link #read(Path)}
   * @param options how its text is to be read
   * @return the table
   * @throws FormatException if the file is not what it should be
   * @throws IOException if reading fails
   */
  public static Table read(Path file, TableOptions options) throws IOException {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(options, "options");
    TableCache beside = new TableCache(file, LoadOptions.defaults(), false);
    return read(NamedFiles.named(file), options, HeaderNames.ANY, beside, TableCache.memory());
  }

  /**
   * Reads a file as {@link Datasets#load(Path, LoadOptions)} does: names of columns among the
   * options help to tell the header, and a table for a model is read as that of its training was.
   *
   * @param file as for {@link #read(Path)}
   * @param options how its text is to be read, and what its columns are for
   * @return the table
   * @throws FormatException if the file is not what it should be
   * @throws IOException if reading fails
   */
  public static Table read(Path file, LoadOptions options) throws IOException {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(options, "options");
    return TableLoader.read(file, options);
  }

  /** Reads files. */
  static Table read(
      List<Path> files, TableOptions options, HeaderNames names, TableCache cache, long memory)
      throws IOException {
    TableBuilder builder = null;
    try (TableReader reader = new TableReader(files, options, names, false).with(cache.threads())) {
      builder = reader.builder().spilling(cache, memory);
      Table table = reader.next(builder, ALL);
      if (table == null) {
        boolean one = reader.columns().size() == 1;
        throw new FormatException(
            reader.file(),
            one
                ? "one line of one column, expected rows of columns with , ; tab or | between them"
                : "a header without rows, expected at least one");
      }
      return table;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      if (builder != null) {
        builder.close();
      }
    }
  }

  /**
   * The rows of a database's answer, from the one behind the cursor on.
   *
   * @param result is read to its end, and not closed
   * @return the table; columns have the labels of the query
   * @throws SQLException if reading fails
   * @throws IllegalArgumentException if there are no rows, or a value is neither a number nor a
   *     text, a truth value, a date or a time
   */
  public static Table of(ResultSet result) throws SQLException {
    Objects.requireNonNull(result, "result");
    return ObjectTables.of(result);
  }

  /**
   * Rows that are maps.
   *
   * @param rows a value for each column, as {@link Cell#of(Object, List)} takes it; columns are the
   *     keys of the first, in its order if it has one, and each other has the same keys. Words such
   *     as NA come to stand for no value when a data set is made of the table, as its options say
   * @return the table
   * @throws IllegalArgumentException if there are no rows, or one has other keys
   */
  public static Table of(Iterable<? extends Map<String, ?>> rows) {
    Objects.requireNonNull(rows, "rows");
    return ObjectTables.ofMaps(rows);
  }

  /**
   * Rows that are records.
   *
   * @param rows records of one class, whose components are the columns
   * @return the table
   * @throws IllegalArgumentException if there are no rows, or the components cannot be read
   */
  public static Table of(List<? extends Record> rows) {
    Objects.requireNonNull(rows, "rows");
    return ObjectTables.ofRecords(rows);
  }

  /**
   * The number of rows.
   *
   * @return at least 1
   */
  public int rows() {
    return rows;
  }

  /**
   * The names of the columns.
   *
   * @return in order; {@code #0} and so on where a file has no names
   */
  public List<String> columns() {
    return names;
  }

  /**
   * Whether the columns have names of their own.
   *
   * @return false if the first line of a file was a row
   */
  public boolean hasHeader() {
    return header;
  }

  /**
   * A value.
   *
   * @param row from 0
   * @param column its place, from 0
   * @return the value
   */
  public Cell cell(int row, int column) {
    java.util.Objects.checkIndex(row, rows);
    return columns[Objects.checkIndex(column, names.size())].cell(row);
  }

  @Override
  public Dataset divide(List<Double> shares, boolean stratified, long seed) throws IOException {
    return with(LoadOptions.defaults()).divide(shares, stratified, seed);
  }

  /**
   * Returns the rows of this table with what its columns are for and how they are divided.
   *
   * @param options such as {@code LoadOptions.defaults().withTarget("survived")}
   * @return rows that a recipe can train on
   */
  public Divisible with(LoadOptions options) {
    Objects.requireNonNull(options, "options");
    return (shares, stratified, seed) -> {
      LoadOptions divided = options.withUsualDivision(shares, stratified);
      return dataset(options.seed.isPresent() ? divided : divided.withSeed(seed));
    };
  }

  /** The bytes of memory that the cells take. */
  long memory() {
    boolean inFile = columns[columns.length - 1].numbers() == null;
    return inFile ? TableCache.IN_FILE : (long) Double.BYTES * rows * columns.length;
  }

  TableColumn column(int place) {
    return columns[place];
  }

  /** Whether the last column is the target where nothing else is said. */
  boolean hasLast() {
    return hasLast;
  }

  /** How the text was read; empty of objects. */
  Optional<TableOptions> how() {
    return Optional.ofNullable(how);
  }

  /**
   * This table as options read it: in one of objects the words for no value are still to be found.
   *
   * @throws IllegalArgumentException if the text was read in another way
   */
  Table as(TableOptions options) {
    if (how == null) {
      TableColumn[] found = columns.clone();
      for (int c = 0; c < names.size(); c++) {
        found[c] = columns[c].withMissing(options.missing());
      }
      return new Table(names, header, found, files, firstRows, rows, texts, options, hasLast);
    }
    boolean same =
        Set.copyOf(how.missing()).equals(Set.copyOf(options.missing()))
            && how.format().decimal() == options.format().decimal();
    if (!same) {
      throw DataErrors.wrong(
          "%s was read with the decimal mark %s and the words %s for no value, expected %s and %s"
              + " (Table.read with these TableOptions; of a model: TableOptions.of(its schema))",
          file(),
          how.format().decimal(),
          how.missing(),
          options.format().decimal(),
          options.missing());
    }
    return this;
  }

  /** The texts of a row as the file has them, if they were kept. */
  List<String> texts(int row) {
    return texts.get(row);
  }

  /** Where a row stands: its line in its file, of objects its number from 0. */
  String at(int row) {
    return line(row) == 0 ? "row " + row : "line " + line(row);
  }

  private long line(int row) {
    return (long) columns[columns.length - 1].number(row);
  }

  /** Returns the remedies for a wrong text in a row, in brackets; nothing if there are none. */
  Message remedies(int row, String text, String column, Message... more) {
    List<Message> all = new ArrayList<>();
    if (line(row) == 1 && !header) {
      all.add(Message.of("%s if this line names the columns", Remedy.HEADER.with("yes")));
    }
    all.addAll(List.of(more));
    all.add(ColumnContents.remedy("", text, column));
    all.remove(Message.of(""));
    return all.isEmpty() ? Message.of("") : Message.of(" (%s)", all);
  }

  /** The file of a row. */
  String file(int row) {
    int i = files.size() - 1;
    while (firstRows.get(i) > row) {
      i--;
    }
    return files.get(i);
  }

  /** The file, or the first of several. */
  String file() {
    return files.get(0);
  }

  /**
   * The place of a column that a caller names, by its name or its number from 0 or from the end.
   */
  int place(String wanted) throws FormatException {
    int place = names.indexOf(wanted);
    boolean isNumber = wanted.matches("-?[0-9]{1,9}");
    if (place >= 0) {
      return place;
    }
    if (!isNumber) {
      throw new FormatException(
          file(),
          header
              ? "no column %s, expected one of %s"
              : "no column %s, as the file has no header, expected a number from 0 of %3$s columns"
                  + " (%4$s: the first line names them)",
          wanted,
          names,
          names.size(),
          Remedy.HEADER.with("yes"));
    }
    int index = Integer.parseInt(wanted);
    if (index < -names.size() || index >= names.size()) {
      throw new FormatException(
          file(),
          "%s columns, expected one of number %s (the first is 0, the last %s)",
          names.size(),
          index,
          names.size() - 1);
    }
    return Math.floorMod(index, names.size());
  }

  /**
   * What this is, in a line.
   *
   * @return for people, such as {@code Table[891 rows of age, sex, port]}
   */
  @Override
  public String toString() {
    return Message.of("Table[%s rows of %s]", rows, columns()).toString();
  }

  /**
   * Makes a data set: the target says what the loss is, and the training rows say what the other
   * columns are and how they become features.
   *
   * @param options which columns are for what, and how rows are divided
   * @return the data
   * @throws FormatException if the table does not have what the options name, or a cell is none of
   *     its column
   * @throws IOException if a file with validation or test rows cannot be read
   */
  public Dataset dataset(LoadOptions options) throws IOException {
    Objects.requireNonNull(options, "options");
    return new TableLoader(this, options).load();
  }

  /**
   * What in a table is likely to mislead who trains on it: a class of nearly all rows, a column
   * that gives the target away.
   *
   * @param data what {@link #dataset} made of this table
   * @return one sentence per hint
   */
  public List<Message> hints(Dataset data) {
    if (data.schema().isEmpty()) {
      throw DataErrors.wrong(
          "hints on data that do not come from a table, expected data of table.dataset(options)");
    }
    return TableHints.of(this, data);
  }
}
