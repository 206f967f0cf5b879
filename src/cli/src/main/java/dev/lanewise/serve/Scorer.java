package dev.lanewise.serve;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Messages;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Predictor;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.UnseenValues;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.rows.internal.RowEncoder;
import dev.lanewise.rows.internal.TwiceScaled;
import dev.lanewise.source.JsonScanner;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.table.RowStream;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Words;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Predicts the rows of requests, one request at a time. JSON or CSV becomes inputs exactly as a
 * file of rows does. Not for several threads at once.
 */
public final class Scorer {
  /** Rows that are predicted at once, and their features in all. */
  private static final int ROWS = 256;

  private static final int NUMBERS = 1 << 22;

  private static final int MOST_LISTED = 100; // columns that the model does not know
  private static final String BODY = "body";

  private final Model model;
  private final ReadOptions options;
  private final int most; // results of a request
  private final Schema schema;
  private final RowEncoder encoder;
  private final Set<String> others = new LinkedHashSet<>(); // columns that say nothing here
  private final Scaling scaling;
  private final int inputs;
  private final int outputs;
  private final int atOnce; // rows
  private final List<String> found = new ArrayList<>(); // the names in a row
  private final Predictor one;
  private Predictor several; // once there are several rows
  private float[] batch; // [1 or atOnce][inputs], scaled
  private double[] part; // [1 or atOnce][outputs]
  private int[] decided; // [1 or atOnce]; null where the model has no classes

  // Of the request at hand.
  private final Set<String> unknown = new LinkedHashSet<>();
  private final UnseenValues unseen;
  private TwiceScaled scaledBefore;
  private int waiting; // rows of the batch
  private double[] results; // [rows][outputs], and room
  private int[] labels; // [rows], and room; null where the model has no classes
  private int rows;
  private int lines; // lines of the body if each has one row, else 0
  public long unknownValues; // from training
  public long nanos; // time of the model alone

  /**
   * For a model with its scaling.
   *
   * @param options how its tables are read
   * @param most results of a request, rows times outputs
   */
  public Scorer(Outputs answers, ReadOptions options, int most) {
    model = answers.model();
    this.options = options;
    this.most = most;
    schema = model.schema().orElseGet(() -> Schema.ofNumbers(model.inputs(), 0));
    scaling = model.scaling().orElse(Scaling.none());
    encoder = new RowEncoder(schema, scaling);
    others.addAll(schema.ignored());
    others.addAll(schema.targets());
    schema.weight().ifPresent(others::add);
    inputs = encoder.inputs();
    outputs = model.outputs();
    atOnce = Math.max(1, Math.min(ROWS, NUMBERS / Math.max(inputs, outputs)));
    unseen = new UnseenValues(schema);
    one = model.predictor(1);
    batch = new float[inputs];
    part = new double[outputs];
    decided = model.loss().task().hasClasses() ? new int[1] : null;
  }

  /**
   * Predicts the rows of a body.
   *
   * @param lines number of lines if each has one row in JSON, else 0
   * @throws FormatException if it is not what the model takes
   * @throws Problem if there are too many rows
   */
  public Answer score(byte[] body, int length, boolean isCsv, int lines) throws IOException {
    this.lines = lines;
    unknown.clear();
    waiting = 0;
    rows = 0;
    nanos = 0;
    results = new double[outputs];
    labels = decided == null ? null : new int[1];
    List<String> notes = new ArrayList<>();
    if (isCsv) {
      try (RowStream stream =
          RowStream.open(new ByteArrayInputStream(body, 0, length), BODY, model, false, options)) {
        makeRoom();
        for (waiting = stream.next(batch); waiting > 0; waiting = stream.next(batch)) {
          predict();
        }
        Messages.of(stream.notes()).forEach(note -> notes.add(Words.of(note)));
        unknownValues = stream.unseen();
      }
    } else {
      unseen.clear();
      scaledBefore = new TwiceScaled(scaling);
      read(new JsonScanner(body, length, BODY));
      if (!unknown.isEmpty()) {
        notes.add(
            Message.of("Columns passed over, as the model does not know them: %s", unknown)
                .toString());
      }
      unknownValues = unseen.total();
      notes.addAll(unseen.notes());
      if (scaledBefore.isLikely()) {
        notes.add(Words.of(TwiceScaled.note(BODY)));
      }
    }
    return new Answer(results, labels, rows, notes);
  }

  /** Returns the scaled features of the row that was predicted last, if it was the only one. */
  public float[] features() {
    return Arrays.copyOf(batch, inputs);
  }

  private void read(JsonScanner json) throws IOException {
    for (int i = 0; i < lines; i++) {
      row(json);
    }
    if (lines == 0) {
      rows(json);
    }
    json.finish();
    predictScaled();
  }

  private void rows(JsonScanner json) throws IOException {
    char kind;
    try {
      kind = json.kind();
    } catch (FormatException e) {
      throw new FormatException(BODY, "%s (CSV needs Content-Type: text/csv)", Message.problem(e));
    }
    if (kind == '[') {
      json.begin(kind);
      if (!json.more()) {
        throw wrong("no row, expected at least one");
      }
      kind = json.kind();
      if (kind == '[' || kind == '{') {
        do {
          row(json);
        } while (json.more());
      } else {
        values(json);
      }
    } else if (kind == '{') {
      row(json);
    } else {
      throw wrong("neither an object nor an array, expected a row or an array of rows");
    }
  }

  private void predictScaled() throws IOException {
    scaledBefore.look(batch, waiting * inputs);
    predict();
  }

  private void row(JsonScanner json) throws IOException {
    if (json.kind() == '{') {
      members(json);
      return;
    }
    json.begin('[');
    if (!json.more()) {
      throw wrongLength(0);
    }
    values(json);
  }

  /** Reads a row as values in the order of the columns. */
  private void values(JsonScanner json) throws IOException {
    int c = 0;
    do {
      if (c < encoder.columns()) {
        value(json, c);
      } else {
        json.skip();
      }
      c++;
    } while (json.more());
    if (c != encoder.columns()) {
      throw wrongLength(c);
    }
    add();
  }

  private FormatException wrongLength(int found) {
    return wrong(
        "%s has %s value%s, expected %s%s",
        row(),
        found,
        found == 1 ? "" : "s",
        encoder.columns(),
        schema.header()
            ? Message.of(": %s (or an object by these names)", schema.columnNames())
            : "");
  }

  /** Reads a row as an object by the names of the columns. */
  private void members(JsonScanner json) throws IOException {
    if (!schema.header()) {
      throw wrong(
          "%s is an object, expected an array of %s values, as the columns of the model have no"
              + " names",
          row(), encoder.columns());
    }
    encoder.clear();
    found.clear();
    json.begin('{');
    int likely = 0; // most objects have the order of the columns
    while (json.more()) {
      String name = json.member(likely < encoder.columns() ? encoder.column(likely).name() : "");
      int column = encoder.place(name);
      if (column >= 0) {
        likely = column + 1;
        if (encoder.isSet(column)) {
          throw wrong("%s, column %s is there twice, expected each column once", row(), name);
        }
        value(json, column);
      } else {
        json.skip();
        if (unknown.size() < MOST_LISTED && !others.contains(name)) {
          unknown.add(name);
        }
      }
      if (found.size() < MOST_LISTED) {
        found.add(name);
      }
    }
    List<String> lacking = encoder.unset();
    if (!lacking.isEmpty()) {
      throw wrong(
          "%s: no column %s, expected the columns of the model: found %s (null stands for a"
              + " missing value)",
          row(), lacking, found.isEmpty() ? "none" : found);
    }
    add();
  }

  /** Reads the value of a column. */
  private void value(JsonScanner json, int c) throws IOException {
    double number = Double.NaN;
    String string = null;
    switch (json.kind()) {
      case '0' -> {
        number = json.number();
        string = Cell.isLarge(number) ? Cell.digits(json.numberText()) : null;
      }
      case '"' -> {
        try {
          Cell cell = Cell.of(schema, encoder.column(c).name(), json.text());
          number = cell.number();
          string = cell.string();
        } catch (IllegalArgumentException e) {
          throw wrong("%s, %s", row(), Message.of(e));
        }
      }
      case '{', '[' ->
          throw wrong(
              "%s, column %s is a list or an object, expected a number, a text, true, false or"
                  + " null",
              row(), encoder.column(c).name());
      default -> {
        Boolean flag = json.word();
        string = flag == null ? null : flag.toString();
      }
    }
    try {
      encoder.set(c, number, string);
    } catch (IllegalArgumentException e) {
      String none = string == null ? "" : " (null if the value is missing)";
      throw wrong("%s, %s%s", row(), Message.of(e), none);
    }
  }

  private void add() throws IOException {
    if (waiting == 1 || waiting == atOnce) {
      makeRoom();
    }
    try {
      encoder.scale(batch, waiting * inputs);
    } catch (IllegalArgumentException e) {
      throw wrong("%s, %s", row(), Message.of(e));
    }
    encoder.count(unseen);
    waiting++;
  }

  private void makeRoom() throws IOException {
    if (several == null) {
      several = model.predictor(atOnce);
      batch = Arrays.copyOf(batch, atOnce * inputs);
      part = new double[atOnce * outputs];
      decided = decided == null ? null : new int[atOnce];
    }
    if (waiting == atOnce) {
      predictScaled();
    }
  }

  private void predict() throws IOException {
    long size = (long) (rows + waiting) * outputs;
    if (lines == 0 && size > Math.max(most, outputs)) {
      throw Problem.refusal(
          413,
          "%s: more than %s rows, expected at most this number in a request to this model"
              .formatted(BODY, Math.max(1, most / outputs)));
    }
    if (results.length < size) {
      results = Arrays.copyOf(results, (int) Math.max(size, Math.min(2 * size, most)));
      labels = labels == null ? null : Arrays.copyOf(labels, results.length / outputs);
    }
    long begin = System.nanoTime();
    try {
      (waiting == 1 ? one : several).predictScaled(batch, waiting, part, decided);
    } catch (ArithmeticException e) {
      int at = 0;
      while (Double.isFinite(part[at])) {
        at++;
      }
      throw wrong(
          "row %s, output %s is %s, expected a finite number (did the model diverge?)",
          rows + at / outputs, at % outputs, part[at]);
    }
    nanos += System.nanoTime() - begin;
    System.arraycopy(part, 0, results, rows * outputs, waiting * outputs);
    if (decided != null) {
      System.arraycopy(decided, 0, labels, rows, waiting);
    }
    rows += waiting;
    waiting = 0;
  }

  private String row() {
    return lines > 0 ? "line " + (rows + waiting + 1) : "row " + (rows + waiting);
  }

  private static FormatException wrong(String problem, Object... parts) {
    return new FormatException(BODY, problem, parts);
  }
}
