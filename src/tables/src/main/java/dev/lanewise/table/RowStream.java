package dev.lanewise.table;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.Preprocessor;
import dev.lanewise.data.internal.RawRows;
import dev.lanewise.data.internal.RowSource;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npy;
import dev.lanewise.format.Npz;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Messages;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.UnseenValues;
import dev.lanewise.rows.internal.TwiceScaled;
import dev.lanewise.source.FileKind;
import dev.lanewise.source.Idx;
import dev.lanewise.source.MappedNpy;
import dev.lanewise.source.NamedFiles;
import dev.lanewise.table.internal.ArrayRows;
import dev.lanewise.table.internal.Problems;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads the rows of a file in order, some at a time, as inputs of a model. This serves predictions,
 * which need no targets, also from files larger than memory.
 *
 * <pre>{@code
 * try (RowStream rows = RowStream.open(file, model, false)) {
 *   float[] inputs = new float[1000 * model.inputs()];
 *   for (int count = rows.next(inputs); count > 0; count = rows.next(inputs)) {
 *     predictor.predictScaled(inputs, count, results, labels);
 *   }
 * }
 * }</pre>
 */
public final class RowStream implements Closeable {
  /** What is done with a last row of totals where a model is used. */
  static final Message AS_ONE = Message.of("it is taken as one");

  private static final int LOOK = 1 << 20; // rows whose problems are found together

  private final CsvReader reader; // null for arrays
  private final ColumnRoles columns; // null for arrays
  private final TableBuilder builder; // reuses its arrays for each read; null for arrays
  private final CategoryColumn classes; // rule for comparing classes; null for arrays
  private final Schema schema; // without columns for arrays
  private final UnseenValues unseen;
  private final Scaling scaling;
  private final TwiceScaled scaled;
  private final int width; // inputs per row
  private final List<Message> notes = new ArrayList<>();
  private ColumnStore table; // rows of the last read; null for arrays
  private RawRows rows; // rows of the last read, or of the whole array
  private RowSource mapped; // the rows of an array in a file; else null
  private int first; // first row of the last read in these
  private int next;
  private List<Message> ofText = List.of(); // notes on how the table was read
  private Message totals; // what is wrong with the last row that was read, or null
  private boolean isClosed;
  private boolean isBroken; // true after a failed read, so that no rows are skipped silently

  private RowStream(RawRows rows, ResolvedOptions options) throws FormatException {
    options.requireInputs(rows);
    this.rows = rows;
    reader = null;
    columns = null;
    builder = null;
    classes = null;
    schema = Schema.ofNumbers(0, 0);
    unseen = new UnseenValues(schema);
    scaling = Preprocessor.choose(options.scaling().scale(), rows, null, rows.rows());
    scaled = new TwiceScaled(scaling);
    width = rows.features();
    mapped = rows.under(scaling);
  }

  private RowStream(CsvReader reader, ResolvedOptions options) throws IOException {
    this.reader = reader;
    Model model = options.model().orElseThrow();
    try {
      schema = schema(reader, options, model);
      columns = ColumnRoles.known(reader.head(), schema);
      columns.noteUnknown(notes);
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
    builder = reader.builder();
    classes = TableTargets.rule(model.classNames());
    unseen = new UnseenValues(schema);
    scaling = Optional.ofNullable(options.scaling().scale().fixed()).orElse(Scaling.none());
    scaled = new TwiceScaled(scaling);
    width = schema.inputs();
  }

  /**
   * Opens a file.
   *
   * @param file a table as text, whose columns are found by the names in the model; an .npz file
   *     with {@code inputs}, {@code x}, {@code inputs_test} or {@code x_test}; an .npy file of
   *     rows; or IDX images
   * @param model the model, which determines how the rows are read and scaled
   * @param keepsTexts whether {@link #texts} will be called
   * @param options for what the model leaves open
   * @return the rows, to be closed by the caller
   * @throws FormatException if the file is malformed, or lacks a column of the model
   * @throws IOException if reading fails
   */
  public static RowStream open(Path file, Model model, boolean keepsTexts, LoadOptions... options)
      throws IOException {
    Objects.requireNonNull(file, "file");
    ResolvedOptions how = ResolvedOptions.of(model, false, options);
    List<Path> files = NamedFiles.named(file);
    FileKind kind = FileKind.of(files.get(0));
    if (kind != FileKind.CSV) {
      return new RowStream(rows(file, kind), how);
    }
    ReadOptions reading = how.reading();
    CsvReader reader = new CsvReader(files, reading.table(), how.headerNames(), keepsTexts);
    return new RowStream(reader.with(reading.threads), how);
  }

  /**
   * Opens a stream of text.
   *
   * @param in a table, which is closed together with the rows
   * @param name the name of the stream in messages
   * @param model the model, which determines how the rows are read and scaled
   * @param keepsTexts whether {@link #texts} will be called
   * @param options for what the model leaves open
   * @return the rows, to be closed by the caller
   * @throws FormatException as for {@link #open(Path, Model, boolean, LoadOptions...)}
   * @throws IOException if reading fails
   */
  public static RowStream open(
      InputStream in, String name, Model model, boolean keepsTexts, LoadOptions... options)
      throws IOException {
    Objects.requireNonNull(in, "in");
    Objects.requireNonNull(name, "name");
    ResolvedOptions how = ResolvedOptions.of(model, false, options);
    TableOptions reading = how.reading().table();
    return new RowStream(
        new CsvReader(List.of(), in, name, reading, how.headerNames(), keepsTexts), how);
  }

  /**
   * Returns whether a file contains inputs without targets.
   *
   * @param file an .npz file or IDX images
   * @return true for an .npz file without arrays of targets, and for images without a file of
   *     labels in the same folder
   * @throws IOException if the file cannot be read
   */
  public static boolean hasNoTargets(Path file) throws IOException {
    Objects.requireNonNull(file, "file");
    FileKind kind = FileKind.of(file);
    if (kind == FileKind.NPZ) {
      try (Npz npz = Npz.open(file)) {
        return npz.names().stream().noneMatch(name -> name.matches("(target|y)(_.*)?"));
      }
    }
    return (kind == FileKind.IDX || kind == FileKind.GZIP) && !IdxLoader.hasLabels(file);
  }

  private static RawRows rows(Path file, FileKind kind) throws IOException {
    if (kind == FileKind.NPY) {
      return npy(file);
    } else if (kind == FileKind.IDX || kind == FileKind.GZIP) {
      return ArrayRows.of(Idx.read(file), file.toString());
    } else if (kind == FileKind.NPZ) {
      try (Npz npz = Npz.open(file)) {
        List<String> found = new ArrayList<>(List.of("inputs", "x", "inputs_test", "x_test"));
        found.removeIf(name -> !npz.contains(name));
        if (found.size() != 1) {
          throw new FormatException(
              file.toString(),
              "arrays %s, expected one of inputs, x, inputs_test, x_test to predict",
              npz.names());
        }
        NdArray array = npz.read(found.get(0));
        return ArrayRows.of(array, file + ": " + found.get(0));
      }
    }
    throw new FormatException(
        file.toString(), "an unknown kind of file, expected .npz, .npy, IDX or a table");
  }

  /** Maps the file so that it may have any size, or reads it if its type cannot be mapped. */
  private static RawRows npy(Path file) throws IOException {
    try {
      return ArrayRows.of(MappedNpy.open(file), file.toString());
    } catch (FormatException e) {
      return ArrayRows.of(Npy.read(file), file.toString()); // throws if the file is malformed
    }
  }

  private static Schema schema(CsvReader reader, ResolvedOptions options, Model model)
      throws FormatException {
    if (model.schema().isPresent()) {
      ColumnRoles.requireSame(reader.head(), options.reading(), model.schema().get());
      return model.schema().get();
    }
    return options.reading().namesColumns()
        ? ColumnRoles.schemaOfNumbers(reader.head(), options.reading(), model.inputs())
        : ofNumbers(reader, model);
  }

  /** Makes the schema for a model trained on arrays: its inputs, then possibly a target. */
  private static Schema ofNumbers(CsvReader reader, Model model) throws FormatException {
    int inputs = model.inputs();
    int more = reader.columns().size() - inputs;
    int targets = model.loss().task().hasClasses() ? 1 : model.outputs();
    if (more != 0 && more != targets) {
      throw new FormatException(
          reader.file(),
          "%s columns, expected %s, a column per input of the model, optionally followed by %s of"
              + " the target",
          reader.columns().size(),
          inputs,
          targets);
    }
    return Schema.ofNumbers(inputs, targets);
  }

  /**
   * Reads and scales the next rows.
   *
   * @param inputs receives as many whole rows as fit, as [rows][inputs], for {@link
   *     dev.lanewise.nn.Predictor#predictScaled(float[], int, double[], int[])}
   * @return the number of rows, 0 at the end
   * @throws FormatException if a row does not fit the model; the message names its position
   * @throws IllegalArgumentException if the array is too small for one row
   * @throws IllegalStateException if the rows are closed, or an earlier call failed
   * @throws IOException if reading fails
   */
  public int next(float[] inputs) throws IOException {
    if (isClosed) {
      throw new IllegalStateException("data: next after close");
    } else if (isBroken) {
      throw new IllegalStateException(
          "data: next after an error, expected no further call, as rows would be missing (correct"
              + " the file and open it again)");
    } else if (inputs.length < width) {
      throw DataErrors.wrong(
          "room for %s inputs, expected room for the %s inputs of a row", inputs.length, width);
    }
    isBroken = true;
    try {
      read(Math.max(1, inputs.length / width));
      if (mapped != null) {
        mapped.copy(first, next - first, inputs, 0);
      } else if (next > first) {
        Preprocessor.scale(rows, null, first, next, scaling, inputs, first);
      }
    } catch (FormatException | UncheckedIOException e) {
      throwAll();
      throw e instanceof UncheckedIOException wrapped ? wrapped.getCause() : (IOException) e;
    }
    isBroken = false;
    scaled.look(inputs, (next - first) * width);
    return next - first;
  }

  private void read(int most) throws IOException {
    if (reader == null) {
      first = next;
      next += Math.min(most, rows.rows() - next);
      return;
    }
    table = reader.next(builder, most);
    next = table == null ? 0 : table.rows();
    if (table != null) {
      ofText = table.notes();
      totals = table.totals(AS_ONE);
      TableRows encoded = encoded(table);
      encoded.countUnseen(unseen);
      rows = encoded.with(reader.team());
    }
  }

  /** Throws all that does not fit in the rows of files, which are read again; not of a stream. */
  private void throwAll() throws IOException {
    if (reader == null) {
      return;
    }
    Problems problems = new Problems(reader.file(), true);
    try (CsvReader again = reader.again()) {
      if (again == null) {
        return;
      }
      TableBuilder some = again.builder();
      some.problems = problems;
      for (ColumnStore rows; (rows = again.next(some, LOOK)) != null; ) {
        encoded(rows).check(problems);
      }
    }
    problems.throwAny();
  }

  private TableRows encoded(ColumnStore rows) {
    int[] order = IntStream.range(0, rows.rows()).toArray();
    return new TableRows(rows, order, schema, columns.features, null);
  }

  /** {@return the scaling of the model, or of the options if the model stores none} */
  public Scaling scaling() {
    return scaling;
  }

  /** {@return the names of a table's columns in the order of the file; empty for arrays} */
  public List<String> columns() {
    return reader == null ? List.of() : reader.columns();
  }

  /**
   * Returns the texts of a row as they are in the file.
   *
   * @param row the index among the rows of the last read
   * @return one text per column; empty if texts are not kept
   */
  public List<String> texts(int row) {
    return reader == null ? List.of() : table().texts().get(row);
  }

  /**
   * Returns where a row of a table begins.
   *
   * @param row the index among the rows of the last read
   * @return the number of its first line in the file, from 1; 0 for arrays
   */
  public long line(int row) {
    return reader == null ? 0 : table().line(row);
  }

  /**
   * {@return the positions in {@link #columns} and {@link #texts} of the columns of the model's
   * schema, in its order; empty for arrays}
   */
  public int[] positions() {
    return columns == null ? new int[0] : columns.features.clone();
  }

  /**
   * Returns the numbers of a row as they are in the file, neither scaled nor rounded.
   *
   * @param row the index among the rows of the last read
   * @return one number per input; empty for a table, which has {@link #texts}
   */
  public double[] numbers(int row) {
    double[] numbers = new double[reader == null ? width : 0];
    if (reader == null) {
      rows.copyRow(first + row, numbers);
    }
    return numbers;
  }

  /**
   * {@return how a spreadsheet reads the text of the file: the separator, the decimal mark of its
   * numbers, and a third character, U+FEFF, if it begins with a byte order mark or is in
   * Windows-1252, of a stream as far as it was read; empty if it is no text}
   *
   * @throws IOException if reading fails
   */
  public String marks() throws IOException {
    boolean hasComma = schema.notations().values().stream().anyMatch(Notation::hasComma);
    return reader == null ? "" : reader.marks(hasComma ? ',' : schema.decimal());
  }

  /** {@return the number of target columns in the file: all of the model's, or 0} */
  public int targets() {
    return columns == null ? 0 : columns.targets.length;
  }

  /**
   * Returns a target as it is in the file.
   *
   * @param row the index among the rows of the last read
   * @param target the target, from 0, below {@link #targets}
   * @return a number or the name of a class; empty if the row has none
   */
  public String target(int row, int target) {
    String text =
        reader == null ? null : table().column(columns.targets[target]).text(row, classes);
    return text == null ? "" : text;
  }

  private ColumnStore table() {
    if (table == null) {
      throw new IllegalStateException("data: no row was read, expected a call of next first");
    }
    return table;
  }

  /**
   * Returns notes on the file, such as which columns are ignored. After the last row they also say
   * which columns have values that the model does not know, and whether the inputs seem to be
   * scaled already.
   *
   * @return one sentence per note
   */
  public List<String> notes() {
    List<Message> all = new ArrayList<>(notes);
    all.addAll(ofText);
    String where = reader == null ? rows.where() : reader.file();
    if (totals != null) {
      all.add(Message.of("%s: %s", where, totals));
    }
    unseen.notes().forEach(note -> all.add(Message.of(note)));
    if (scaled.isLikely()) {
      all.add(TwiceScaled.note(where));
    }
    return new Messages(all);
  }

  /**
   * {@return the number of values so far that training did not see: unknown categories, and missing
   * values in columns that had none}
   */
  public long unseen() {
    return unseen.total();
  }

  @Override
  public void close() throws IOException {
    isClosed = true;
    if (reader != null) {
      reader.close();
    }
  }
}
