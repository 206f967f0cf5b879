package dev.lanewise.table;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.Message;
import dev.lanewise.format.Remedy;
import dev.lanewise.nn.Cell;
import dev.lanewise.nn.Model;
import dev.lanewise.nn.Notation;
import dev.lanewise.nn.Schema;
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
 * A table in memory: rows of named columns with numbers, words and missing values, read from a
 * file, a database or Java objects. {@link #dataset} makes the data set that a network is trained
 * on.
 *
 * <pre>{@code
 * Table table = Table.read(Path.of("titanic.csv"));
 * Model model = Recipe.TABLE.fit(table.withTarget("survived")).model();
 * }</pre>
 */
public final class Table implements UndividedRows {
  private static final int ALL = Integer.MAX_VALUE - 8;

  private final List<String> names;
  private final boolean header;
  private final TableColumn[] columns; // the last one holds the line number of each row
  private final List<String> files;
  private final List<Integer> firstRows;
  private final int rows;
  private final List<List<String>> texts; // texts of each row; null unless they are kept
  private final TableOptions how; // null for a table of Java objects
  private final boolean hasLast; // true if the last column is the target by default

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
   * Reads a table from a text file.
   *
   * @param file the file, which may be compressed by gzip; a name with a {@code *} stands for
   *     several files, which are read in the order of their names
   * @return the table
   * @throws FormatException if the file is malformed
   * @throws IOException if reading fails
   */
  public static Table read(Path file) throws IOException {
    return read(file, ReadOptions.defaults());
  }

  /**
   * Reads a table from a text file.
   *
   * @param file the file, as for {@link #read(Path)}
   * @param options how to read the text, and the columns' uses, whose names help to recognise the
   *     header
   * @return the table
   * @throws FormatException if the file is malformed
   * @throws IOException if reading fails
   */
  public static Table read(Path file, ReadOptions options) throws IOException {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(options, "options");
    Loading loading = Loading.of(options);
    return TableLoader.read(file, loading, new TableCache(file, loading, false));
  }

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
   * Makes a table of the rows after the cursor of a database query's result.
   *
   * @param result the result, which is read to its end and not closed
   * @return the table, whose columns have the labels of the query
   * @throws SQLException if reading fails
   * @throws IllegalArgumentException if there are no rows, or if a value is not a number, text,
   *     truth value, date or time
   */
  public static Table of(ResultSet result) throws SQLException {
    Objects.requireNonNull(result, "result");
    return ObjectTables.of(result);
  }

  /**
   * Makes a table of maps. Words for a missing value, such as NA, are recognised later, when {@link
   * #dataset} applies its options.
   *
   * @param rows one map per row from column to value, where {@link Cell#of(Object, List)} lists the
   *     permitted values; the keys of the first map are the columns, in that map's order, and every
   *     other map must have the same keys
   * @return the table
   * @throws IllegalArgumentException if there are no rows, or if a map has other keys
   */
  public static Table of(Iterable<? extends Map<String, ?>> rows) {
    Objects.requireNonNull(rows, "rows");
    return ObjectTables.ofMaps(rows);
  }

  /**
   * Makes a table of records.
   *
   * @param rows records of one class; their components become the columns
   * @return the table
   * @throws IllegalArgumentException if there are no rows, or if a component cannot be read
   */
  public static Table of(List<? extends Record> rows) {
    Objects.requireNonNull(rows, "rows");
    return ObjectTables.ofRecords(rows);
  }

  /** {@return the number of rows, at least 1} */
  public int rows() {
    return rows;
  }

  /** {@return the names of the columns, {@code #0} and so on if the file has no header} */
  public List<String> columns() {
    return names;
  }

  /** {@return whether the columns have names, rather than numbers because line 1 is a row} */
  public boolean hasHeader() {
    return header;
  }

  /**
   * {@return the value of a cell}
   *
   * @param row the row, from 0
   * @param column the position of the column, from 0
   */
  public Cell cell(int row, int column) {
    java.util.Objects.checkIndex(row, rows);
    return columns[Objects.checkIndex(column, names.size())].cell(row);
  }

  @Override
  public Dataset divide(List<Double> shares, boolean stratified, long seed) throws IOException {
    return with().divide(shares, stratified, seed);
  }

  /**
   * {@return rows that a recipe can train on; {@link #with} takes further options}
   *
   * @param column the target, as for {@link ReadOptions#withTarget}
   */
  public UndividedRows withTarget(String column) {
    return with(ReadOptions.defaults().withTarget(column));
  }

  /**
   * Combines this table with options that say what its columns are used for and how its rows are
   * divided.
   *
   * @param options such as {@code ReadOptions.defaults().withTarget("survived")}, or {@code
   *     DivisionOptions.defaults().withSplitSizes(List.of(1.0))}, which keeps no test rows
   * @return rows that a recipe can train on
   */
  public UndividedRows with(LoadOptions... options) {
    Loading given = Loading.of(options);
    return (shares, stratified, seed) -> {
      DivisionOptions division = given.division().withUsualDivision(shares, stratified);
      division = division.seed.isPresent() ? division : division.withSeed(seed);
      return new TableLoader(this, given.with(division)).load();
    };
  }

  /** Returns the number of bytes of memory that the cells occupy. */
  long memory() {
    boolean inFile = columns[columns.length - 1].numbers() == null;
    return inFile ? TableCache.IN_FILE : (long) Double.BYTES * rows * columns.length;
  }

  TableColumn column(int place) {
    return columns[place];
  }

  /** Returns whether the last column is the target unless the options name another. */
  boolean hasLast() {
    return hasLast;
  }

  /** Returns how the text was read; empty for a table of Java objects. */
  Optional<TableOptions> how() {
    return Optional.ofNullable(how);
  }

  /**
   * {@return this table with the texts of its columns read in the notations of a schema} A file is
   * read again if it was read in other notations.
   *
   * @param schema such as that of a data set of this table
   * @throws FormatException if a text is in another notation
   * @throws IOException if reading fails
   */
  public Table inNotationsOf(Schema schema) throws IOException {
    TableOptions options = TableOptions.of(schema);
    return schema.notations().isEmpty()
        ? this
        : as(options, new TableCache(Path.of(file()), Loading.of(), false));
  }

  /**
   * Returns this table as if its text was read with the given options. In a table of Java objects,
   * their words for a missing value and their notations are recognised now. A file is read again if
   * it was read in other notations.
   *
   * @param cache for cells that exceed memory
   * @throws IllegalArgumentException if the text was read with other marks or words
   */
  Table as(TableOptions options, TableCache cache) throws IOException {
    if (how == null || line(0) == 0) {
      TableColumn[] found = columns.clone();
      double[] missing = Cell.missingNumbers(options.missing());
      for (int c = 0; c < names.size(); c++) {
        found[c] = columns[c].withMissing(options.missing());
        Notation notation = options.notation(names.get(c), c);
        found[c] = notation == null ? found[c] : found[c].in(notation, missing);
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
    if (how.notations().entrySet().containsAll(options.notations().entrySet())) {
      return this;
    }
    List<Path> again = files.stream().map(Path::of).toList();
    TableOptions asked =
        how.withHeader(header ? TableOptions.Header.YES : TableOptions.Header.NO)
            .withNotations(options.notations());
    return read(again, asked, new HeaderNames(Set.of(), false), cache, TableCache.memory());
  }

  /** Returns the texts of a row as they are in the file, if they were kept. */
  List<String> texts(int row) {
    return texts.get(row);
  }

  /** Returns the line of a row in its file, or its index among Java objects, for messages. */
  String at(int row) {
    return line(row) == 0 ? "row " + row : "line " + line(row);
  }

  private long line(int row) {
    return (long) columns[columns.length - 1].number(row);
  }

  /** Returns the remedies for a wrong text in a row, in brackets; empty if there are none. */
  Message remedies(int row, String text, String column, Message... more) {
    List<Message> all = new ArrayList<>();
    if (line(row) == 1 && !header) {
      all.add(Message.of("%s if this line names the columns", Remedy.HEADER.with("yes")));
    }
    all.addAll(List.of(more));
    all.add(ColumnContents.remedy(text, column));
    all.remove(Message.of(""));
    return all.isEmpty() ? Message.of("") : Message.of(" (%s)", all);
  }

  /** Returns the name of the file that contains a row. */
  String file(int row) {
    int i = files.size() - 1;
    while (firstRows.get(i) > row) {
      i--;
    }
    return files.get(i);
  }

  /** Returns the name of the file, or of the first file if there are several. */
  String file() {
    return files.get(0);
  }

  /**
   * Returns the position of a column that is specified by name or number (negative: from the end).
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

  /** {@return a short description such as {@code Table[891 rows of age, sex, port]}} */
  @Override
  public String toString() {
    return Message.of("Table[%s rows of %s]", rows, columns()).toString();
  }

  /**
   * {@return a data set} The target determines the loss. The training rows determine which kind
   * each other column has and how it is encoded.
   *
   * @param options the uses of the columns, the division of the rows and their scaling
   * @throws FormatException if a column that the options name is missing, or if a cell does not fit
   *     its column
   * @throws IOException if a file with validation or test rows cannot be read
   */
  public Dataset dataset(LoadOptions... options) throws IOException {
    return new TableLoader(this, Loading.of(options)).load();
  }

  /**
   * {@return a data set for a model, as {@link Datasets#load(Path, Model, LoadOptions...)} does}
   *
   * @param model determines the columns, their encoding, the scaling and the loss
   * @param options for what the model leaves open
   * @throws FormatException if a column of the model is missing, or if a cell does not fit its
   *     column
   * @throws IOException if a file with validation or test rows cannot be read
   */
  public Dataset dataset(Model model, LoadOptions... options) throws IOException {
    return new TableLoader(this, Loading.of(model, false, options)).load();
  }

  /**
   * Finds properties of the table that are likely to mislead its user, such as a class that
   * contains nearly all rows or a column that gives the target away.
   *
   * @param data the data set that {@link #dataset} made of this table
   * @return one sentence per hint
   * @throws UncheckedIOException if the file is to be read again, in the notations of the schema,
   *     and cannot be
   */
  public List<Message> hints(Dataset data) {
    if (data.schema().isEmpty()) {
      throw DataErrors.wrong(
          "hints on data that do not come from a table, expected data of table.dataset(options)");
    }
    try {
      return TableHints.of(this, data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
