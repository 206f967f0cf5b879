package dev.lanewise.terminal;

import dev.lanewise.source.CsvFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A block of a result: rows with a cell in each column. It is printed as aligned columns for
 * people, as one object per row for programs, and as CSV. In text, a double has five decimals, a
 * float two digits, a shape is written as 8x8, a list with commas, and null and NaN as a hyphen.
 *
 * @param <T> what a row is about
 */
public sealed class Table<T> implements Supplier<List<Json>> permits Table.Cells {
  /** A cell without a member in the object of its row. */
  public static final Object ABSENT = new Object();

  private final List<T> rows;
  private final List<Column<T>> columns = new ArrayList<>();

  /**
   * A column.
   *
   * @param head its title for people; null if they do not see it
   * @param name its name for programs; null if they do not see it
   * @param isText whether it is aligned to the left
   */
  private record Column<T>(String head, String name, boolean isText, Function<T, ?> cell) {}

  /** A table whose rows are lists of their cells. */
  public static final class Cells extends Table<Object[]> {
    private final List<Object[]> rows;

    /** Makes an empty table, whose first columns are text. */
    public Cells(int texts, String... names) {
      this(new ArrayList<>(), texts, names);
    }

    private Cells(List<Object[]> rows, int texts, String... names) {
      super(rows);
      this.rows = rows;
      for (int i = 0; i < names.length; i++) {
        int place = i;
        super.add(names[i], names[i], i < texts, row -> row[place]);
      }
    }

    public void add(Object... cells) {
      rows.add(cells);
    }
  }

  private Table(List<T> rows) {
    this.rows = rows;
  }

  /** Returns a table of rows without columns. */
  public static <T> Table<T> of(List<T> rows) {
    return new Table<>(rows);
  }

  /** Returns a table of the rows 0, 1, ... without columns. */
  public static Table<Integer> of(int rows) {
    return of(IntStream.range(0, rows).boxed().toList());
  }

  private Table<T> add(String head, String name, boolean isText, Function<T, ?> cell) {
    columns.add(new Column<>(head, name, isText, cell));
    return this;
  }

  /** Adds a column of names or sentences, which is aligned to the left. */
  public Table<T> text(String name, Function<T, ?> cell) {
    return add(name, name, true, cell);
  }

  /** Adds a column of figures. */
  public Table<T> column(String name, Function<T, ?> cell) {
    return add(name, name, false, cell);
  }

  /** Adds a column of figures with a title for people. */
  public Table<T> column(String head, String name, Function<T, ?> cell) {
    return add(head, name, false, cell);
  }

  /** Adds a column of numbers in the units of the data. */
  public Table<T> measure(String name, ToDoubleFunction<T> cell) {
    return column(name, row -> TextValue.measure(cell.applyAsDouble(row)));
  }

  /** Adds a column that only people see, aligned to the left. */
  public Table<T> forPeople(String head, Function<T, ?> cell) {
    return add(head, null, true, cell);
  }

  /** Adds a column that only programs see. */
  public Table<T> forPrograms(String name, Function<T, ?> cell) {
    return add(null, name, false, cell);
  }

  /** Adds the columns of another table with such rows. */
  public Table<T> withColumnsOf(Table<T> other) {
    columns.addAll(other.columns);
    return this;
  }

  public int size() {
    return rows.size();
  }

  /** Returns a table of the same columns with other rows, such as the largest ones. */
  public Table<T> with(List<T> others) {
    return of(others).withColumnsOf(this);
  }

  @Override
  public List<Json> get() {
    return rows.stream().map(row -> putInto(new Json(), row)).toList();
  }

  private Json putInto(Json object, T row) {
    for (Column<T> column : columns) {
      Object cell = column.name == null ? ABSENT : column.cell.apply(row);
      if (cell != ABSENT) {
        object.put(column.name, cell);
      }
    }
    return object;
  }

  /** Sends programs an event for each row. */
  public void events(Output output, String event) {
    if (output.json) {
      rows.forEach(row -> output.event(putInto(Json.event(event), row)));
    }
  }

  /** Prints the table for people. */
  public Table<T> print(Output output) {
    if (!output.json) {
      lines().forEach(output::result);
    }
    return this;
  }

  /** Returns the titles and the rows that people see, as text. */
  public List<List<String>> cells() {
    List<Column<T>> shown = shown();
    List<List<String>> lines = new ArrayList<>();
    lines.add(shown.stream().map(column -> Output.shown(column.head)).toList());
    for (T row : rows) {
      lines.add(
          shown.stream()
              .map(column -> Output.shown(TextValue.text(column.cell.apply(row))))
              .toList());
    }
    return lines;
  }

  private List<Column<T>> shown() {
    return columns.stream().filter(column -> column.head != null).toList();
  }

  /** Returns the rows as lines with aligned columns, after the titles. */
  public List<String> lines() {
    List<Column<T>> shown = shown();
    List<List<String>> cells = cells();
    List<StringBuilder> lines = Stream.generate(StringBuilder::new).limit(cells.size()).toList();
    for (int c = 0; c < shown.size(); c++) {
      int column = c;
      int width =
          cells.stream().mapToInt(row -> DisplayWidth.of(row.get(column))).max().orElseThrow();
      for (int i = 0; i < lines.size(); i++) {
        String cell = cells.get(i).get(c);
        String gap = " ".repeat(width - DisplayWidth.of(cell));
        StringBuilder line = lines.get(i).append(c == 0 ? "" : "  ");
        line.append(shown.get(c).isText ? cell + gap : gap + cell);
      }
    }
    return lines.stream().map(line -> line.toString().stripTrailing()).toList();
  }

  /** Returns the rows as CSV with the columns that programs see, after their names. */
  public String csv() {
    List<Column<T>> named = columns.stream().filter(column -> column.name != null).toList();
    StringBuilder text = new StringBuilder(line(named.stream().map(Column::name)));
    for (T row : rows) {
      text.append(line(named.stream().map(column -> TextValue.value(column.cell.apply(row)))));
    }
    return text.toString();
  }

  private static String line(Stream<?> cells) {
    return cells.map(cell -> CsvFormat.quoted("" + cell)).collect(Collectors.joining(",")) + "\n";
  }
}
