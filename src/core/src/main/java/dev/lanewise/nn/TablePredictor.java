package dev.lanewise.nn;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.Message;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Predicts rows of a table from values that are set by column name; each thread needs its own.
 * Results are the same, bit for bit, as for the same row in a file.
 *
 * <pre>{@code
 * TablePredictor p = Mlp.load(Path.of("nn_model.npz")).tablePredictor();
 * float[] probabilities = new float[p.outputs()];
 * p.set("age", 42).set("sex", "male").predict(probabilities);
 * }</pre>
 *
 * <p>Every column of the schema must be set before each prediction; {@link #setMissing} sets a
 * missing value. A prediction clears all columns, and so does every call that fails, so that no
 * value of a failed row becomes part of the next row. With numeric values and column indices (see
 * {@link #column}), setting and predicting a row allocate nothing.
 */
public final class TablePredictor {
  private final Mlp model;
  private final Schema schema;
  private final Column[] columns;
  private final int[] first; // the first input of each column
  private final Map<String, Integer> indices = new HashMap<>();
  private final Scaling scaling;
  private final Predictor predictor;
  private final double[] raw; // [inputs]
  private final float[] scaled; // [inputs]
  private final boolean[] set; // [columns]
  private final double[] numbers; // [columns], the values as they were set
  private final String[] words; // [columns]
  private final double[] missing; // numbers that the schema lists as missing
  private final int[] labels; // of the last predicted row, [outputs] or fewer
  private boolean isPredicted; // false before a prediction and after a column is set
  private float[] results; // [outputs], for predictClass

  TablePredictor(Mlp model) {
    this.model = model;
    schema = model.schema().orElseThrow();
    columns = schema.columns().toArray(new Column[0]);
    first = new int[columns.length];
    int at = 0;
    for (int c = 0; c < columns.length; c++) {
      indices.put(columns[c].name(), c);
      first[c] = at;
      at += columns[c].inputs();
    }
    scaling = model.scaling().orElse(Scaling.none());
    predictor = model.predictor(1);
    raw = new double[at];
    scaled = new float[at];
    set = new boolean[columns.length];
    numbers = new double[columns.length];
    words = new String[columns.length];
    missing = Cell.missingNumbers(schema.missing());
    labels = new int[outputs()];
  }

  /** {@return the names of the columns that a prediction needs, in the order of their indices} */
  public List<String> columns() {
    return schema.columnNames();
  }

  /** {@return the number of results of a prediction: classes or outputs} */
  public int outputs() {
    return model.architecture().outputs();
  }

  /**
   * Returns the index of a column.
   *
   * @param name its name in the header of the training file
   * @return from 0
   * @throws IllegalArgumentException if the model has no such column
   */
  public int column(String name) {
    Integer index = indices.get(name);
    if (index == null) {
      throw new ArgumentException("no column %s in the model, expected one of %s", name, columns());
    }
    return index;
  }

  /**
   * Sets a column to a number.
   *
   * @param name the column
   * @param number its value in this row; NaN and the numbers that the schema lists as missing are
   *     missing values
   * @return this
   * @throws IllegalArgumentException if there is no such column or it is not numeric
   */
  public TablePredictor set(String name, double number) {
    return set(place(name), number);
  }

  /**
   * Sets a column to a number.
   *
   * @param column its index
   * @param number as for {@link #set(String, double)}
   * @return this
   * @throws IllegalArgumentException if the column is not numeric
   */
  public TablePredictor set(int column, double number) {
    double known = number;
    for (double none : missing) {
      known = known == none ? Double.NaN : known;
    }
    return encode(column, known, null);
  }

  /**
   * Sets a column to an integer. All digits are compared if the column has integers as categories.
   *
   * @param name the column
   * @param number its value in this row; numbers that the schema lists as missing are missing
   *     values
   * @return this
   * @throws IllegalArgumentException if there is no such column or it is not numeric
   */
  public TablePredictor set(String name, long number) {
    return set(place(name), number);
  }

  /**
   * Sets a column to an integer. All digits are compared if the column has integers as categories.
   *
   * @param column its index
   * @param number as for {@link #set(String, long)}
   * @return this
   * @throws IllegalArgumentException if the column is not numeric
   */
  public TablePredictor set(int column, long number) {
    return Cell.isLarge(number) ? set(column, schema.cell(number)) : set(column, (double) number);
  }

  /**
   * Sets a column to a text: a category, a date, or a number in the notation of the training file.
   *
   * @param name the column
   * @param text its value in this row; null, an empty text and a missing-value mark are missing
   *     values
   * @return this
   * @throws IllegalArgumentException if there is no such column or it refuses the value
   */
  public TablePredictor set(String name, String text) {
    return set(place(name), text);
  }

  /**
   * Sets a column to a text.
   *
   * @param column its index
   * @param text as for {@link #set(String, String)}
   * @return this
   * @throws IllegalArgumentException if the column refuses the value
   */
  public TablePredictor set(int column, String text) {
    return set(column, schema.cell(text));
  }

  /**
   * Sets a column to a text of one character.
   *
   * @param name the column
   * @param text as for {@link #set(String, String)}
   * @return this
   * @throws IllegalArgumentException if there is no such column or it refuses the value
   */
  public TablePredictor set(String name, char text) {
    return set(place(name), text);
  }

  /**
   * Sets a column to a text of one character.
   *
   * @param column its index
   * @param text as for {@link #set(String, String)}
   * @return this
   * @throws IllegalArgumentException if the column refuses the value
   */
  public TablePredictor set(int column, char text) {
    return set(column, schema.cell(text));
  }

  /**
   * Sets a column to the word true or false.
   *
   * @param name the column
   * @param value its value in this row
   * @return this
   * @throws IllegalArgumentException if there is no such column or it refuses the value
   */
  public TablePredictor set(String name, boolean value) {
    return set(place(name), value);
  }

  /**
   * Sets a column to the word true or false.
   *
   * @param column its index
   * @param value its value in this row
   * @return this
   * @throws IllegalArgumentException if the column refuses the value
   */
  public TablePredictor set(int column, boolean value) {
    return set(column, schema.cell(value));
  }

  private TablePredictor set(int column, Cell cell) {
    return encode(column, cell.number(), cell.word());
  }

  private TablePredictor encode(int column, double number, String word) {
    isPredicted = false;
    boolean takesIt = false;
    try {
      Objects.checkIndex(column, columns.length);
      if (Cell.isLarge(number) && word == null) {
        requireAllDigits(columns[column], number);
      }
      columns[column].encode(number, word, raw, first[column]);
      numbers[column] = number;
      words[column] = word;
      set[column] = true;
      takesIt = true;
      return this;
    } finally {
      if (!takesIt) {
        forget();
      }
    }
  }

  /** Refuses a large double as a category: it may be the nearest double to several. */
  private static void requireAllDigits(Column column, double number) {
    if (column instanceof CategoryColumn category && category.byDigits()) {
      throw new IllegalArgumentException(
          "column %s is the double %s, expected a long or a string: its categories differ in digits that a double does not hold"
              .formatted(column.name(), Cell.text(number)));
    }
  }

  /** Clears all columns, so that no value of a failed row becomes part of the next row. */
  private void forget() {
    Arrays.fill(set, false);
    isPredicted = false;
  }

  /** Returns the index of a column that is to be set; clears all columns if there is none. */
  private int place(String name) {
    try {
      return column(name);
    } catch (IllegalArgumentException e) {
      forget();
      throw e;
    }
  }

  /**
   * Sets a column to an object, such as a value of a map.
   *
   * @param name the column
   * @param value any object that {@link Cell#of(Object, List)} accepts
   * @return this
   * @throws IllegalArgumentException if there is no such column or it refuses the value
   */
  public TablePredictor setValue(String name, Object value) {
    return setValue(place(name), value);
  }

  private TablePredictor setValue(int column, Object value) {
    Cell cell;
    try {
      cell = schema.cell(value);
    } catch (RuntimeException e) { // thrown by the value's toString
      forget();
      throw e;
    }
    return set(column, cell);
  }

  /**
   * Sets a column to a missing value.
   *
   * @param name the column
   * @return this
   */
  public TablePredictor setMissing(String name) {
    return set(place(name), Cell.MISSING);
  }

  /**
   * Predicts the row whose columns were set.
   *
   * @param results [outputs] or longer, overwritten as by {@link Predictor#predict(float[],
   *     float[])}
   * @throws IllegalStateException if a column was not set, or the model has a target scaling, whose
   *     results are doubles
   * @throws IllegalArgumentException if the array is too short, or a value is not a finite float
   *     after scaling
   */
  public void predict(float[] results) {
    predictor.begin();
    try {
      run(results, null);
    } finally {
      predictor.end();
    }
  }

  /**
   * Predicts the row whose columns were set, with any model.
   *
   * @param results [outputs] or longer, overwritten as by {@link Predictor#predict(float[], int,
   *     double[])}
   * @throws IllegalStateException if a column was not set
   * @throws IllegalArgumentException as for {@link #predict(float[])}
   */
  public void predict(double[] results) {
    predictor.begin();
    try {
      run(null, results);
    } finally {
      predictor.end();
    }
  }

  /** Predicts the row and always clears its columns; results go to floats if doubles are null. */
  private void run(float[] floats, double[] doubles) {
    isPredicted = false;
    try {
      for (int c = 0; c < set.length; c++) {
        if (!set[c]) {
          throw new IllegalStateException(
              "predict: column %s was not set, expected a value for each column (setMissing for none)"
                  .formatted(columns[c].name()));
        }
      }
      for (int i = 0; i < raw.length; i++) {
        scaled[i] = scaling.scale(raw[i], i);
        if (!Float.isFinite(scaled[i])) {
          throw new IllegalArgumentException(
              "predict: input %s is %s, expected less: scaled (%s) it is not a finite float"
                  .formatted(schema.inputNames().get(i), raw[i], scaling.name()));
        }
      }
      if (doubles == null) {
        predictor.run(scaled, floats, labels);
      } else {
        predictor.run(scaled, doubles, labels);
      }
      isPredicted = true;
    } finally {
      Arrays.fill(set, false);
    }
  }

  /**
   * Predicts a row from a map. Keys that are not columns of the model are ignored, and columns that
   * were set before are cleared.
   *
   * @param row a value for each column, as {@link Cell#of(Object, List)} accepts it
   * @param results as for {@link #predict(float[])}
   * @throws IllegalArgumentException if a column has no key or refuses its value
   * @throws IllegalStateException if another thread is predicting
   */
  public void predict(Map<String, ?> row, float[] results) {
    predictor.begin();
    try {
      run(row, results, null);
    } finally {
      predictor.end();
    }
  }

  /**
   * Predicts a row from a map, with any model.
   *
   * @param row as for {@link #predict(Map, float[])}
   * @param results as for {@link #predict(double[])}
   * @throws IllegalArgumentException if a column has no key or refuses its value
   * @throws IllegalStateException if another thread is predicting
   */
  public void predict(Map<String, ?> row, double[] results) {
    predictor.begin();
    try {
      run(row, null, results);
    } finally {
      predictor.end();
    }
  }

  private void run(Map<String, ?> row, float[] floats, double[] doubles) {
    forget();
    Objects.requireNonNull(row, "row");
    for (Column column : columns) {
      if (!row.containsKey(column.name())) {
        throw new ArgumentException(
            "predict: no column %s among %s, expected a value of each column of the model",
            column.name(), row.keySet());
      }
    }
    for (int c = 0; c < columns.length; c++) {
      setValue(c, row.get(columns[c].name()));
    }
    run(floats, doubles);
  }

  /**
   * Predicts a row from the components of a record; components that are not columns of the model
   * are ignored.
   *
   * @param row a record whose class is accessible from this module
   * @param results as for {@link #predict(float[])}
   * @throws IllegalArgumentException if a column has no component or refuses its value
   */
  public void predict(Record row, float[] results) {
    forget();
    predict(Cell.components(Objects.requireNonNull(row, "row")), results);
  }

  /**
   * Predicts a row from the components of a record, with any model.
   *
   * @param row as for {@link #predict(Record, float[])}
   * @param results as for {@link #predict(double[])}
   * @throws IllegalArgumentException if a column has no component or refuses its value
   */
  public void predict(Record row, double[] results) {
    forget();
    predict(Cell.components(Objects.requireNonNull(row, "row")), results);
  }

  /**
   * Returns the class of the last predicted row.
   *
   * @return the number of the most likely class, from 0; the lowest number if several are equally
   *     likely
   * @throws IllegalStateException if no row was predicted, the last call failed, or the model has
   *     no classes
   */
  public int label() {
    requireClasses();
    requirePredicted();
    return labels[0];
  }

  /**
   * Tells if an output's label applies to the last predicted row, for the sigmoid loss.
   *
   * @param output from 0
   * @return true if its probability before rounding is above 1/2
   * @throws IllegalStateException if no row was predicted, the last call failed, or the model has
   *     another loss
   */
  public boolean holds(int output) {
    Objects.checkIndex(output, labels.length);
    if (model.loss() != Loss.SIGMOID) {
      throw new IllegalStateException(
          "predict: outputs of loss %s are no labels that hold, expected sigmoid"
              .formatted(model.loss().label()));
    }
    requirePredicted();
    return labels[output] > 0;
  }

  /**
   * Returns notes on values of the last predicted row that were not in the training rows: one
   * sentence per unknown category, and one per missing value in a column without missing values in
   * training. The command {@code predict} prints the same sentences for a file of this row.
   *
   * @return the sentences; none if all values were known in training
   * @throws IllegalStateException if no row was predicted, a column was set after the prediction,
   *     or the last call failed
   */
  public List<String> notes() {
    UnseenValues unseen = new UnseenValues(schema);
    countUnseen(unseen);
    return unseen.notes();
  }

  /**
   * Counts unseen values of the last predicted row, for {@link #notes} on many rows together.
   *
   * @param unseen a count for the schema of this model
   * @throws IllegalStateException as for {@link #notes}
   */
  public void countUnseen(UnseenValues unseen) {
    requirePredicted();
    for (int c = 0; c < columns.length; c++) {
      unseen.count(c, numbers[c], words[c]);
    }
  }

  private void requirePredicted() {
    if (!isPredicted) {
      throw new IllegalStateException(
          "predict: no row was predicted since a column was set or a call failed, expected one");
    }
  }

  private void requireClasses() {
    if (!model.loss().takesClasses()) {
      throw new IllegalStateException(
          "predict: a model of loss %s has no classes, expected softmax"
              .formatted(model.loss().label()));
    }
  }

  /**
   * Predicts the class of the row whose columns were set.
   *
   * @return the name of the most likely class, or its number if the classes have no names
   * @throws IllegalStateException if a column was not set, or the model has no classes
   */
  public String predictClass() {
    if (!model.loss().takesClasses()) {
      forget();
    }
    requireClasses();
    if (results == null) {
      results = new float[outputs()];
    }
    predict(results);
    return model.className(label());
  }

  /**
   * Describes the predictor for people.
   *
   * @return such as {@code TablePredictor[age, sex -> 2 classes]}
   */
  @Override
  public String toString() {
    return Message.of(
            "TablePredictor[%s -> %s %s]",
            columns(), outputs(), model.loss().takesClasses() ? "classes" : "outputs")
        .toString();
  }
}
