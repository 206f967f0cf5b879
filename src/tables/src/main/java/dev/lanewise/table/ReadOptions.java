package dev.lanewise.table;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.parallel.Team;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Options for reading files: what the columns of a table are used for, and the like. */
public final class ReadOptions extends LoadOptions {
  private static final ReadOptions DEFAULTS = new ReadOptions();

  Optional<TableOptions> table = Optional.empty();
  Optional<String> target = Optional.empty();
  Optional<String> weight = Optional.empty();
  List<String> ignored = List.of();
  List<String> categorical = List.of();
  List<String> numeric = List.of();
  Totals totals = Totals.REFUSE;
  int minCount = 2;
  int threads = 1;
  Optional<Path> cache = Optional.empty();

  /** What is done with a last row of totals. */
  public enum Totals {
    /** A training refuses the table. */
    REFUSE,
    /** The row is left out. */
    SKIP,
    /** The row is one like the others. */
    KEEP
  }

  private ReadOptions() {}

  /** {@return the default options: for tables the last column as target} */
  public static ReadOptions defaults() {
    return DEFAULTS;
  }

  /**
   * {@return a copy with another way to read the text of a table} By default, a table for a model
   * is read like the training file of the model.
   *
   * @param options the separator, the header and so on
   */
  public ReadOptions withTable(TableOptions options) {
    return with(o -> o.table = Optional.of(given(options)));
  }

  /**
   * {@return a copy with another target column of a table}
   *
   * @param column the name of the column or its number from 0, where negative numbers count from
   *     the end; several columns for numeric targets, separated by commas (a column whose name
   *     contains a comma must be the only one, or be given by its number)
   */
  public ReadOptions withTarget(String column) {
    return with(o -> o.target = Optional.of(given(column)));
  }

  /**
   * {@return a copy with a column that contains the weights of the rows}
   *
   * @param column the name of the column or its number from 0
   */
  public ReadOptions withWeight(String column) {
    return with(o -> o.weight = Optional.of(given(column)));
  }

  /**
   * {@return a copy with columns of a table that are not used}
   *
   * @param columns their names or their numbers from 0
   */
  public ReadOptions withIgnored(List<String> columns) {
    return with(o -> o.ignored = List.copyOf(Objects.requireNonNull(columns, "columns")));
  }

  /**
   * {@return a copy with columns of a table whose numbers denote categories}
   *
   * @param columns their names or their numbers from 0
   */
  public ReadOptions withCategorical(List<String> columns) {
    return with(o -> o.categorical = List.copyOf(Objects.requireNonNull(columns, "columns")));
  }

  /**
   * {@return a copy with columns of a table that are numbers, although all have as many digits and
   * some a leading zero, as codes have, or although they are days such as 20240531}
   *
   * @param columns their names or their numbers from 0
   */
  public ReadOptions withNumeric(List<String> columns) {
    return with(o -> o.numeric = List.copyOf(Objects.requireNonNull(columns, "columns")));
  }

  /**
   * {@return a copy with another choice for a last row of totals} Such a row has a word like Total
   * in its first cell that is not empty, and most other cells are empty, the sum of their column,
   * or texts with digits such as $1,234.50.
   *
   * @param choice what is done with the row
   */
  public ReadOptions withTotals(Totals choice) {
    return with(o -> o.totals = given(choice));
  }

  /**
   * {@return a copy with another limit for rare categories}
   *
   * @param rows the number of training rows that a category needs for an input of its own, at least
   *     1
   */
  public ReadOptions withMinCount(int rows) {
    if (rows < 1) {
      throw ArgumentException.of("data: a minimum of rows per category of", rows, "at least 1");
    }
    return with(o -> o.minCount = rows);
  }

  /**
   * {@return a copy with another number of threads that read large tables} The data does not depend
   * on it.
   *
   * @param count from 1 to 1024; by default only the calling thread reads
   * @throws IllegalArgumentException if the count is out of range
   */
  public ReadOptions withThreads(int count) {
    return with(o -> o.threads = Team.checked(count));
  }

  /**
   * {@return a copy with another folder for the temporary files of tables that are larger than
   * memory} These files contain cells and encoded rows.
   *
   * @param folder the folder, created if it does not exist; by default the folder of the table
   */
  public ReadOptions withCache(Path folder) {
    return with(o -> o.cache = Optional.of(given(folder)));
  }

  TableOptions table() {
    return table.orElse(TableOptions.defaults());
  }

  /** Returns whether the options say what any column is used for. */
  boolean namesColumns() {
    List<List<String>> lists = List.of(ignored, categorical, numeric);
    return target.isPresent() || weight.isPresent() || !lists.stream().allMatch(List::isEmpty);
  }

  /** Throws if options for tables would have no effect, as the file is not a table. */
  void requireNoTable(Path file) {
    if (namesColumns()) {
      throw DataErrors.wrong(
          "%s for %s, expected a table such as a CSV file",
          target.isPresent()
              ? "a target column"
              : weight.isPresent()
                  ? "a column of weights"
                  : ignored.isEmpty() ? "categorical or numeric columns" : "ignored columns",
          file);
    }
  }
}
