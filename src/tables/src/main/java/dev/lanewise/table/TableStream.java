package dev.lanewise.table;

import dev.lanewise.data.internal.Preprocessor;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.UnseenValues;
import dev.lanewise.source.NamedFiles;
import dev.lanewise.table.internal.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reads the rows of a table like those that the model was trained on. */
final class TableStream extends RowStream {
  /** What is done with a last row of totals where a model is used. */
  static final Message AS_ONE = Message.of("it is taken as one");

  private static final int LOOK = 1 << 20; // rows whose problems are found together

  private final TableReader reader;
  private final TableColumns columns;
  private final Schema schema;
  private final Scaling scaling;
  private final CategoryColumn classes; // rule for comparing classes
  private final int width; // inputs per row
  private final List<Message> notes = new ArrayList<>();
  private final UnseenValues unseen;
  private final TableBuilder builder; // reuses its arrays for each table
  private TableContent table; // rows of the last read
  private Message totals; // what is wrong with the last row that was read, or null
  private List<Message> ofText = List.of(); // notes on how it was read

  TableStream(Path file, ResolvedOptions options, boolean keepsTexts) throws IOException {
    this(
        new TableReader(
                NamedFiles.named(file),
                options.reading().table(),
                options.headerNames(),
                keepsTexts)
            .with(options.reading().threads),
        options);
  }

  TableStream(InputStream in, String name, ResolvedOptions options, boolean keepsTexts)
      throws IOException {
    this(
        new TableReader(in, name, options.reading().table(), options.headerNames(), keepsTexts),
        options);
  }

  private TableStream(TableReader reader, ResolvedOptions options) throws IOException {
    this.reader = reader;
    Model model = options.model().orElseThrow();
    try {
      schema = schema(reader, options, model);
      columns = TableColumns.known(reader.head(), schema);
      scaling = Optional.ofNullable(options.scaling().scale().fixed()).orElse(Scaling.none());
      width = schema.inputs();
      classes = TableTargets.rule(model.classNames());
      builder = reader.builder();
      columns.noteUnknown(notes);
      unseen = new UnseenValues(schema);
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  private static Schema schema(TableReader reader, ResolvedOptions options, Model model)
      throws FormatException {
    if (model.schema().isPresent()) {
      TableColumns.requireSame(reader.head(), options.reading(), model.schema().get());
      return model.schema().get();
    }
    return options.reading().namesColumns()
        ? TableColumns.schemaOfNumbers(reader.head(), options.reading(), model.inputs())
        : ofNumbers(reader, model);
  }

  /** Makes the schema for a model trained on arrays: its inputs, then possibly a target. */
  private static Schema ofNumbers(TableReader reader, Model model) throws FormatException {
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

  @Override
  public Scaling scaling() {
    return scaling;
  }

  @Override
  int width() {
    return width;
  }

  @Override
  int read(float[] inputs) throws IOException {
    try {
      return readRows(inputs);
    } catch (FormatException | UncheckedIOException first) {
      throwAll();
      throw first;
    }
  }

  /** Throws all that does not fit in the rows of files, which are read again; not of a stream. */
  private void throwAll() throws IOException {
    Problems problems = new Problems(reader.file(), true);
    try (TableReader again = reader.again()) {
      if (again == null) {
        return;
      }
      TableBuilder some = again.builder();
      some.problems = problems;
      for (TableContent rows; (rows = again.next(some, LOOK)) != null; ) {
        encoded(rows).check(problems);
      }
    }
    problems.throwAny();
  }

  private TableRows encoded(TableContent rows) {
    int[] order = IntStream.range(0, rows.rows()).toArray();
    return new TableRows(rows, order, schema, columns.features, null);
  }

  private int readRows(float[] inputs) throws IOException {
    table = reader.next(builder, Math.max(1, inputs.length / width));
    if (table == null) {
      return 0;
    }
    ofText = table.notes();
    totals = table.totals(AS_ONE);
    TableRows encoded = encoded(table);
    encoded.countUnseen(unseen);
    Preprocessor.scale(encoded.with(reader.team()), null, 0, table.rows(), scaling, inputs, 0);
    return table.rows();
  }

  @Override
  public List<String> columns() {
    return reader.columns();
  }

  @Override
  public List<String> texts(int row) {
    return rows().texts().get(row);
  }

  @Override
  public long line(int row) {
    return rows().line(row);
  }

  @Override
  public int[] positions() {
    return columns.features.clone();
  }

  @Override
  public String marks() throws IOException {
    boolean hasComma = schema.notations().values().stream().anyMatch(Notation::hasComma);
    return reader.marks(hasComma ? ',' : schema.decimal());
  }

  @Override
  public int targets() {
    return columns.targets.length;
  }

  @Override
  public String target(int row, int target) {
    String text = rows().column(columns.targets[target]).text(row, classes);
    return text == null ? "" : text;
  }

  private TableContent rows() {
    if (table == null) {
      throw new IllegalStateException("data: no row was read, expected a call of next first");
    }
    return table;
  }

  @Override
  String where() {
    return reader.file();
  }

  @Override
  public long unseen() {
    return unseen.total();
  }

  @Override
  List<Message> notesOfColumns() {
    List<Message> all = new ArrayList<>(notes);
    all.addAll(ofText);
    if (totals != null) {
      all.add(Message.of("%s: %s", reader.file(), totals));
    }
    unseen.notes().forEach(note -> all.add(Message.of(note)));
    return all;
  }

  @Override
  public void close() throws IOException {
    super.close();
    reader.close();
  }
}
