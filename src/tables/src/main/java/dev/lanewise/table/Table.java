package dev.lanewise.table;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Messages;
import dev.lanewise.model.Model;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.internal.Cell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A table, usually in memory: rows of named columns with numbers, strings and missing values, read
 * from a file, a database or Java objects. {@link #dataset} makes the data set that a network is
 * trained on.
 *
 * <pre>{@code
 * Table table = Table.read(Path.of("titanic.csv"));
 * Model model = Recipe.TABLE.fit(table.withTarget("survived")).model();
 * }</pre>
 */
public final class Table implements UndividedRows {
  final ColumnStore content;
  private final Path folder; // for files of maps; null in memory

  Table(ColumnStore content) {
    this(content, null);
  }

  private Table(ColumnStore content, Path folder) {
    this.content = content;
    this.folder = folder;
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
    ResolvedOptions loading = ResolvedOptions.of(options);
    return new Table(TableLoader.read(file, loading, new SpillFile(file, loading)));
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
    return new Table(ObjectTables.of(result));
  }

  /**
   * Makes a table of maps. Strings for a missing value, such as NA, are recognised later, when
   * {@link #dataset} applies its options.
   *
   * @param rows one map per row from column to value: a number, a Boolean, an enum constant, a date
   *     or time, a text that is read as in a file, or null for a missing value; the keys of the
   *     first map are the columns, in that map's order, and every other map must have the same keys
   * @return the table
   * @throws IllegalArgumentException if there are no rows, or if a map has other keys
   */
  public static Table of(Iterable<? extends Map<String, ?>> rows) {
    Objects.requireNonNull(rows, "rows");
    return new Table(ObjectTables.ofMaps(rows, null));
  }

  /**
   * Makes a table of maps that are too many for memory. Its cells, and the encoded rows of a data
   * set that is made of it, are in temporary files, and results are the same bits as in memory.
   * Different texts of a column, and the targets, stay in memory. The files are removed before the
   * data set is returned, or later on a system that keeps files in use; their space is free after
   * the garbage collection of table and data set.
   *
   * @param rows as for {@link #of(Iterable)}; iterated once
   * @param folder the folder of the files, created if it does not exist
   * @return the table
   * @throws IllegalArgumentException as {@link #of(Iterable)}
   * @throws IOException if writing fails
   */
  public static Table of(Iterable<? extends Map<String, ?>> rows, Path folder) throws IOException {
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(folder, "folder");
    try {
      SpillFile beside = new SpillFile(folder.resolve("maps"), ResolvedOptions.of());
      return new Table(ObjectTables.ofMaps(rows, beside), folder);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
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
    return new Table(ObjectTables.ofRecords(rows));
  }

  /** {@return the number of rows, at least 1} */
  public int rows() {
    return content.rows();
  }

  /** {@return the names of the columns, {@code #0} and so on if the file has no header} */
  public List<String> columns() {
    return content.columns();
  }

  /** {@return whether the columns have names, rather than numbers because line 1 is a row} */
  public boolean hasHeader() {
    return content.hasHeader();
  }

  /**
   * {@return the number in a cell; NaN for a string or a missing value}
   *
   * @param row the row, from 0
   * @param column the position of the column, from 0
   */
  public double number(int row, int column) {
    return cell(row, column).number();
  }

  /**
   * {@return the value of a cell as a text, a number in the fewest digits; null if it is missing}
   *
   * @param row the row, from 0
   * @param column the position of the column, from 0
   */
  public String text(int row, int column) {
    return cell(row, column).text();
  }

  Cell cell(int row, int column) {
    Objects.checkIndex(row, rows());
    return content.column(Objects.checkIndex(column, columns().size())).cell(row);
  }

  @Override
  public Dataset divide(List<Double> shares, boolean stratified, long seed) throws IOException {
    return with().divide(shares, stratified, seed);
  }

  /**
   * {@return rows that a recipe can train on; {@link #with} takes further options}
   *
   * @param column the target, as for {@link ReadOptions#withTarget}
   * @throws IllegalArgumentException if the table has no such column
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
   * @throws IllegalArgumentException if options name columns that the table does not have
   */
  public UndividedRows with(LoadOptions... options) {
    ResolvedOptions given = ResolvedOptions.of(options);
    try {
      ColumnRoles.chosen(content, given.reading());
    } catch (FormatException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return (shares, stratified, seed) -> {
      DivisionOptions division = given.division().withUsualDivision(shares, stratified);
      division = division.seed.isPresent() ? division : division.withSeed(seed);
      return load(given.with(division));
    };
  }

  /**
   * {@return this table with the texts of its columns read in the notations of a schema}
   *
   * @param schema such as that of a data set of this table
   * @throws FormatException if a text is in another notation
   */
  public Table inNotationsOf(Schema schema) throws FormatException {
    return schema.notations().isEmpty()
        ? this
        : new Table(content.in(TableOptions.of(schema)), folder);
  }

  /** {@return a short description such as {@code Table[891 rows of age, sex, port]}} */
  @Override
  public String toString() {
    return Message.of("Table[%s rows of %s]", rows(), columns()).toString();
  }

  /**
   * {@return a data set} The target determines the loss. The training rows determine which kind
   * each other column has and how it is encoded.
   *
   * @param options the uses of the columns, the division of the rows and their scaling
   * @throws FormatException if a column that the options name is missing, or if a cell does not fit
   *     its column; an IllegalArgumentException if the table is not of a file
   * @throws IOException if a file with validation or test rows cannot be read
   */
  public Dataset dataset(LoadOptions... options) throws IOException {
    return load(ResolvedOptions.of(options));
  }

  /**
   * {@return a data set for a model, as {@link Datasets#load(Path, Model, LoadOptions...)} does}
   *
   * @param model determines the columns, their encoding, the scaling and the loss
   * @param options for what the model leaves open
   * @throws FormatException if a column of the model is missing, or if a cell does not fit its
   *     column; an IllegalArgumentException if the table is not of a file
   * @throws IOException if a file with validation or test rows cannot be read
   */
  public Dataset dataset(Model model, LoadOptions... options) throws IOException {
    return load(ResolvedOptions.of(model, false, options));
  }

  private Dataset load(ResolvedOptions how) throws IOException {
    ReadOptions reading = how.reading();
    boolean isFiled = folder != null && reading.cache.isEmpty();
    try {
      return new TableLoader(content, isFiled ? how.with(reading.withCache(folder)) : how).load();
    } catch (FormatException e) {
      boolean isInMemory = content.given() == null;
      if (isInMemory && e.getMessage().startsWith(content.file() + ": ")) {
        throw new ArgumentException(Message.of(e), e);
      }
      throw e; // also for a file with validation or test rows
    }
  }

  /**
   * Finds properties of the table that are likely to mislead its user, such as a class that
   * contains nearly all rows or a column that gives the target away.
   *
   * @param data the data set that {@link #dataset} made of this table
   * @return one sentence per hint
   * @throws UncheckedIOException if a text is in another notation than those of the schema
   */
  public List<String> hints(Dataset data) {
    if (Schema.of(data).isEmpty()) {
      throw DataErrors.wrong(
          "hints on data that do not come from a table, expected data from table.dataset(options)");
    }
    try {
      return new Messages(TableHints.of(content, data, true));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
