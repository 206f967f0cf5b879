package dev.lanewise.table;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.parallel.Team;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.source.Csv;
import dev.lanewise.source.CsvFormat;
import dev.lanewise.table.TableOptions.Header;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Reads the text of tables, some rows at a time. Several files are read like one. The first line is
 * a header if none of its cells is a number or a string for a missing value, or if it contains a
 * name that the caller knows. The first cell may be empty, as in files whose first column is a row
 * number.
 */
final class CsvReader implements Closeable {
  /** Maximum number of cells of a line in a message. */
  private static final int SHOWN = 8;

  /** With fewer numbers than these, a row of data may be 0, 1 by chance. */
  private static final int LEAST_COUNTED = 3;

  /** Maximum numbers of rows and cells to examine for the first line. */
  private static final int LOOK = 1000;

  private static final int LOOK_CELLS = 1 << 20;

  /** The number of rows that no table exceeds. */
  static final int ALL = Integer.MAX_VALUE - 8;

  private static final ResolvedOptions.HeaderNames NO_NAMES =
      new ResolvedOptions.HeaderNames(Set.of(), false);

  /** The remedies for an ambiguous first line. */
  private static final Message NAMES_OR_ROW =
      Message.of(
          " (%s: it names the columns, %s: it is a row)",
          Remedy.HEADER.with("yes"), Remedy.HEADER.with("no"));

  private final List<Path> files;
  private final TableOptions options;
  private final ResolvedOptions.HeaderNames expected;
  private int next; // index in files
  private Csv csv;
  private String file;
  private boolean pending; // true if the current record of csv is a row that was not returned yet
  private boolean[] named; // cells that are strings in a first line with numbers; else null
  private TableBuilder ahead; // rows read for deciding about the first line; or null
  private int taken; // number of rows of ahead already returned
  private boolean header;
  private List<String> columns; // null before the first file is opened
  private final boolean keepsTexts;
  private final List<Message> notes = new ArrayList<>(); // notes on the files that were opened
  private int threads = 1; // for reading
  private int piece = 1 << 20; // bytes per thread and step
  private Team team; // null until a large file is opened
  private TablePieces pieces; // pieces of the current file; null if one thread reads it
  private boolean isBegun; // true if reading the current file began
  private long size; // size of the current file in bytes, if it can be read in pieces

  CsvReader(
      List<Path> files,
      TableOptions options,
      ResolvedOptions.HeaderNames expected,
      boolean keepsTexts)
      throws IOException {
    this(files, null, null, options, expected, keepsTexts);
  }

  /** Sets the number of threads for large files, and the bytes that each reads at a time. */
  CsvReader with(int readers, int bytes) {
    threads = readers;
    piece = bytes;
    return this;
  }

  CsvReader with(int readers) {
    return with(readers, piece);
  }

  /** Returns the threads, which may also process the rows; null if there is one thread. */
  Team team() {
    return team;
  }

  /** Reads files, or else a named stream, which is closed with this reader. */
  CsvReader(
      List<Path> files,
      InputStream in,
      String name,
      TableOptions options,
      ResolvedOptions.HeaderNames expected,
      boolean keepsTexts)
      throws IOException {
    this.files = files;
    this.options = options;
    this.expected = expected;
    this.keepsTexts = keepsTexts;
    file = name;
    CsvFormat format = options.format();
    csv = in != null ? Csv.open(in, name, format) : open();
    try {
      begin();
      requireMark();
    } catch (FormatException | RuntimeException e) {
      try {
        csv.close();
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  /** Refuses a workbook, whose numbers have a decimal point, for columns with decimal commas. */
  private void requireMark() throws FormatException {
    for (Map.Entry<String, Notation> column : options.notations().entrySet()) {
      Message problem = head().refusal(column.getKey(), column.getValue());
      if (problem != null) {
        throw new FormatException(file, problem, null);
      }
    }
  }

  private Csv open() throws IOException {
    Path path = files.get(next++);
    file = path.toString();
    Csv opened = Csv.open(path, options.format());
    size = opened.position() + opened.remaining();
    isBegun = false;
    return opened;
  }

  /** Reads the header of the file that was just opened. */
  private void begin() throws IOException {
    boolean isRow = csv.next();
    if (!csv.titles().isEmpty()) {
      notes.add(
          Message.of(
              "%s: the table begins in line %s, after titles such as \"%s\" (%s if they are rows)",
              file, csv.line(), csv.titles().get(0), Remedy.SKIP.with(0)));
    }
    if (!isRow) {
      throw new FormatException(file, "only empty lines, expected rows of a table");
    }
    List<String> first = csv.texts();
    boolean isFirst = columns == null;
    boolean names = namesColumns(first);
    if (!isFirst) {
      if (names != header || names && !columns.equals(named(first))) {
        throw new FormatException(
            file,
            "line %s is %s, expected the header of the files before: %s",
            csv.line(),
            String.join(",", first),
            header ? String.join(",", columns) : "none");
      }
    } else {
      header = names;
      columns = List.copyOf(named(header ? first : Collections.nCopies(first.size(), "")));
      requireDistinct();
    }
    pending = !header;
    if (isFirst && pending && named != null) {
      lookAhead(first, named);
    }
  }

  /** Reads more rows and throws if they show that the first line is probably not a row. */
  private void lookAhead(List<String> first, boolean[] isWord) throws IOException {
    TableBuilder some = builder();
    int most = Math.max(LEAST_COUNTED, Math.min(LOOK, LOOK_CELLS / columns.size()));
    do {
      some.makeRoom(1, csv.position(), size);
      some.add(file, csv);
    } while (some.rows() <= most && csv.next());
    ColumnStore table = some.build(csv.isWorkbook());
    requireRow(table, isWord);
    if (HeaderEvidence.of(table, first) >= HeaderEvidence.ENOUGH) {
      throw new FormatException(
          file,
          "%s (%s) seems to name the columns, for its numbers are unlike those below, expected"
              + " either names of columns or a row of values%s",
          table.at(0),
          first.size() <= SHOWN
              ? String.join(",", first)
              : String.join(",", first.subList(0, SHOWN)) + ",...",
          NAMES_OR_ROW);
    }
    pending = false;
    ahead = some;
  }

  private static List<String> named(List<String> first) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      names.add(first.get(i).isEmpty() ? Schema.unnamed(i) : first.get(i));
    }
    return names;
  }

  private void requireDistinct() throws IOException {
    Set<String> names = new HashSet<>();
    for (String name : columns) {
      if (!names.add(name)) {
        throw new FormatException(
            file,
            "line %s names two columns %s, expected each name once (%s: it is a row)",
            csv.line(),
            name,
            Remedy.HEADER.with("no"));
      }
    }
  }

  private boolean namesColumns(List<String> first) throws IOException {
    if (options.header() != Header.AUTO) {
      return options.header() == Header.YES;
    }
    int numbers = 0;
    int strings = 0;
    boolean[] isWord = new boolean[first.size()];
    for (int i = 0; i < first.size(); i++) {
      boolean number = csv.isNumeric(i) || NotationSearch.isValue(first.get(i));
      isWord[i] =
          !number && !csv.isEmpty(i) && !Cell.isMissingInFirstLine(first.get(i), options.missing());
      numbers += number ? 1 : 0;
      strings += isWord[i] ? 1 : 0;
    }
    boolean allWords = strings == first.size();
    boolean unnamedFirst = csv.isEmpty(0) && strings > 0 && strings == first.size() - 1;
    if (!Collections.disjoint(first, expected.known())) {
      return true;
    }
    if (numbers >= LEAST_COUNTED && isCounted(first.size())) {
      throw new FormatException(
          file,
          "line %s counts its columns from 0, as programs name them, expected either names of"
              + " columns or a row of values%s",
          csv.line(),
          NAMES_OR_ROW);
    }
    named = numbers > 0 && (strings > 0 || expected.mayBeNumbers()) ? isWord : null;
    return allWords || unnamedFirst;
  }

  /** Returns whether all numbers of the line count its columns, perhaps after an empty cell. */
  private boolean isCounted(int cells) {
    int first = csv.isEmpty(0) ? 1 : 0;
    return IntStream.range(first, cells)
        .allMatch(i -> !csv.isNumeric(i) || csv.number(i) == i - first);
  }

  /** Returns the names of the columns, {@code #0} and so on without a header. */
  List<String> columns() {
    return columns;
  }

  String file() {
    return file;
  }

  /** Reads the first rows of the files; cells that exceed memory go to a file. */
  static ColumnStore read(
      List<Path> files,
      TableOptions options,
      ResolvedOptions.HeaderNames names,
      SpillFile cache,
      long memory,
      int most)
      throws IOException {
    TableBuilder builder = null;
    try (CsvReader reader = new CsvReader(files, options, names, false).with(cache.threads())) {
      builder = reader.builder().spilling(cache, memory);
      ColumnStore table = reader.next(builder, most);
      if (table == null) {
        boolean one = reader.columns().size() == 1;
        throw new FormatException(
            reader.file(),
            one
                ? "one line of one column, expected rows of columns with , ; tab or | between them"
                : "a header without rows, expected at least one row");
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
   * Returns a table as if its text was read with the given options. A file is read again for the
   * words for missing values of an earlier model, or if it was read in another notation.
   *
   * @param cache for cells that exceed memory
   * @throws IllegalArgumentException if the text was read with other marks or strings
   */
  static ColumnStore read(ColumnStore table, TableOptions options, SpillFile cache)
      throws IOException {
    TableOptions how = table.given();
    if (how == null || table.line(0) == 0) {
      return table.in(options);
    }
    boolean sameWords = Set.copyOf(how.missing()).equals(Set.copyOf(options.missing()));
    boolean isOfEarlierModel =
        how.missing().equals(Cell.MISSING_STRINGS)
            && options.missing().equals(Cell.EARLIER_MISSING_STRINGS);
    if (!sameWords && !isOfEarlierModel || how.decimal() != options.decimal()) {
      throw DataErrors.wrong(
          "%s was read with the decimal mark %s and the words %s for missing values, expected"
              + " %s and %s"
              + " (Table.read with these TableOptions; of a model: TableOptions.of(its schema))",
          table.file(), how.decimal(), how.missing(), options.decimal(), options.missing());
    }
    boolean isPlain = how.notations().isEmpty();
    boolean sameNotations = how.notations().entrySet().containsAll(options.notations().entrySet());
    if (sameWords && (isPlain || sameNotations)) {
      return table.in(options);
    }
    TableOptions asked =
        how.withHeader(table.hasHeader() ? Header.YES : Header.NO)
            .withMissing(options.missing())
            .withNotations(options.notations());
    List<Path> files = table.files().stream().map(Path::of).toList();
    // as many rows, perhaps without totals
    return read(files, asked, NO_NAMES, cache, SpillFile.memory(), table.rows());
  }

  /** Returns a table with these columns and an empty row, for looking up positions. */
  ColumnStore head() {
    TableBuilder empty = builder();
    empty.begin(file, 0);
    return empty.build(csv.isWorkbook());
  }

  /**
   * Returns the separator, this decimal mark, and a byte order mark if text begins with one or is
   * in Windows-1252; "" of a workbook. Files are read until that is known.
   */
  String marks(char decimal) throws IOException {
    boolean isMarked = csv.isMarked() || csv.textNote() != null;
    for (int i = 0; !isMarked && canRepeat() && i < files.size(); i++) {
      try (Csv whole = Csv.open(files.get(i), options.format())) {
        while (whole.textNote() == null && whole.next()) {
          continue;
        }
        isMarked = whole.textNote() != null;
      }
    }
    return csv.isWorkbook() ? "" : "" + csv.separator() + decimal + (isMarked ? "\ufeff" : "");
  }

  /** Returns whether the text can be read a second time, as that of streams and pipes cannot. */
  private boolean canRepeat() {
    return !files.isEmpty() && files.stream().allMatch(path -> Files.isRegularFile(path));
  }

  /** Opens the files again, at their beginning; null if they cannot be read a second time. */
  CsvReader again() throws IOException {
    return canRepeat() ? new CsvReader(files, options, expected, false) : null;
  }

  TableBuilder builder() {
    TableBuilder builder = new TableBuilder(columns, header, options, keepsTexts);
    builder.notes = notes;
    return builder;
  }

  /**
   * Reads the next rows.
   *
   * @param builder receives the rows; it is cleared first, which invalidates tables built before
   * @param most maximum number of rows
   * @return a table of at least one row, or null at the end
   */
  ColumnStore next(TableBuilder builder, int most) throws IOException {
    builder.clear();
    while (builder.rows() < most) {
      if (takeAhead(builder, most) || takePieces(builder, most)) {
        continue;
      } else if (!nextRecord()) {
        break;
      }
      builder.makeRoom(1, csv.position(), size);
      builder.add(file, csv);
    }
    if (builder.rows() == 0) {
      return null;
    }
    builder.settle();
    return builder.build(csv.isWorkbook());
  }

  /** Adds rows that {@link #lookAhead} read; returns false if none are left. */
  private boolean takeAhead(TableBuilder builder, int most) {
    if (ahead == null) {
      return false;
    }
    int count = Math.min(ahead.rows() - taken, most - builder.rows());
    builder.makeRoom(count, csv.position(), size);
    builder.append(ahead, taken, count, 0);
    taken += count;
    ahead = taken == ahead.rows() ? null : ahead;
    return true;
  }

  /** Adds rows that several threads read; returns false if there are none. */
  private boolean takePieces(TableBuilder builder, int most) throws IOException {
    if (!isBegun && !pending) {
      isBegun = true;
      if (threads > 1 && csv.remaining() > (long) threads * piece) {
        team = team == null ? new Team(threads) : team;
        TableBuilder[] builders = new TableBuilder[threads];
        Arrays.setAll(builders, i -> builder());
        pieces = new TablePieces(builders, file, csv, team, piece);
      }
    }
    if (pieces == null || pieces.give(builder, most)) {
      return pieces != null;
    }
    Csv rest = pieces.rest();
    pieces = null;
    closeFile();
    csv = rest;
    return false;
  }

  /** Moves to the next record that is a row; returns false at the end of the last file. */
  private boolean nextRecord() throws IOException {
    if (pending) {
      pending = false;
      return true;
    }
    while (!csv.next()) {
      if (next == files.size()) {
        return false;
      }
      closeFile();
      csv = open();
      begin();
      if (pending) {
        pending = false;
        break;
      }
    }
    return true;
  }

  /** Throws if the first line has a string in a column that otherwise contains only numbers. */
  private void requireRow(ColumnStore table, boolean[] strings) throws IOException {
    int[] below = IntStream.range(1, table.rows()).toArray();
    for (int c = 0; c < columns.size(); c++) {
      TableColumn column = table.column(c);
      ColumnStatistics found = new ColumnStatistics(column, below);
      if (strings[c] && found.strings == 0 && found.numbers > 0) {
        throw new FormatException(
            file,
            "%s has %s in column %s, above numbers, and numbers in other columns, expected"
                + " either names of columns or a row of values%s",
            table.at(0),
            column.cell(0),
            c,
            NAMES_OR_ROW);
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (team != null) {
      team.close();
    }
    closeFile();
  }

  private void closeFile() throws IOException {
    try {
      csv.close();
    } catch (IOException e) {
      throw new FormatException(file, "cannot be closed (" + e + ")", e);
    }
  }
}
