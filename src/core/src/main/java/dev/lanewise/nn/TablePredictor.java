package dev.lanewise.nn;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.Message;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Predictions of one model for rows of a table, whose values are given by the names of the columns:
 * one predictor a thread. Numbers are the same, bit for bit, as for the same row in a file.
 *
 * <pre>{@code
 * TablePredictor p = Mlp.load(Path.of("nn_model.npz")).tablePredictor();
 * float[] probabilities = new float[p.outputs()];
 * p.set("age", 42).set("sex", "male").predict(probabilities);
 * }</pre>
 *
 * <p>Every column of the schema must be set before each prediction, to no value by {@link
 * #setMissing}. A prediction forgets what was set, and so does every call that fails: no column of
 * a row that failed becomes part of the next row. By index ({@link #column}) a number is set and a
 * row predicted without an allocation.
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
  private final double[] missing; // numbers that stand for no value
  private final int[] labels; // [outputs] or less, of the row that was predicted last
  private boolean isPredicted; // whether there is such a row, and no column was set after it
  private float[] results; // [outputs], for what gives a class

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

  /**
   * The columns that a prediction needs.
   *
   * @return their names, in the order of their indices
   */
  public List<String> columns() {
    return schema.columnNames();
  }

  /**
   * How many numbers a prediction gives.
   *
   * @return classes, or outputs
   */
  public int outputs() {
    return model.architecture().outputs();
  }

  /**
   * The index of a column.
   *
   * @param name its name in the header of the training file
   * @return from 0
   * @throws IllegalArgumentException if the model knows no such column
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
   * @param number its value in this row; NaN is no value, as are numbers that stand for none
   * @return this
   * @throws IllegalArgumentException if there is no such column or it takes no numbers
   */
  public TablePredictor set(String name, double number) {
    return set(place(name), number);
  }

  /**
   * Sets a column to a number.
   *
   * @param column its index
   * @param number its value in this row; NaN is no value, as are numbers that stand for none
   * @return this
   * @throws IllegalArgumentException if the column takes no numbers
   */
  public TablePredictor set(int column, double number) {
    double known = number;
    for (double none : missing) {
      known = known == none ? Double.NaN : known;
    }
    return encode(column, known, null);
  }

  /**
   * Sets a column to a whole number, of which all digits count where those of a category do.
   *
   * @param name the column
   * @param number its value in this row; a number that stands for none is no value
   * @return this
   * @throws IllegalArgumentException if there is no such column or it takes no numbers
   */
  public TablePredictor set(String name, long number) {
    return set(place(name), number);
  }

  /**
   * Sets a column to a whole number, of which all digits count where those of a category do.
   *
   * @param column its index
   * @param number its value in this row; a number that stands for none is no value
   * @return this
   * @throws IllegalArgumentException if the column takes no numbers
   */
  public TablePredictor set(int column, long number) {
    return Cell.isLarge(number) ? set(column, schema.cell(number)) : set(column, (double) number);
  }

  /**
   * Sets a column to a text: a category, a date, or a number as a file has it.
   *
   * @param name the column
   * @param text its value in this row; null, an empty one or a mark for missing is no value
   * @return this
   * @throws IllegalArgumentException if there is no such column or it does not take the value
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
   * @throws IllegalArgumentException if the column does not take the value
   */
  public TablePredictor set(int column, String text) {
    return set(column, schema.cell(text));
  }

  /**
   * Sets a column to a text of one character.
   *
   * @param name the column
   * @param text its value in this row, as for {@link #set(String, String)}
   * @return this
   * @throws IllegalArgumentException if there is no such column or it does not take the value
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
   * @throws IllegalArgumentException if the column does not take the value
   */
  public TablePredictor set(int column, char text) {
    return set(column, schema.cell(text));
  }

  /**
   * Sets a column to one of the words true and false.
   *
   * @param name the column
   * @param value its value in this row
   * @return this
   * @throws IllegalArgumentException if there is no such column or it does not take the value
   */
  public TablePredictor set(String name, boolean value) {
    return set(place(name), value);
  }

  /**
   * Sets a column to one of the words true and false.
   *
   * @param column its index
   * @param value its value in this row
   * @return this
   * @throws IllegalArgumentException if the column does not take the value
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

  /** A double may be the nearest to another category's number. */
  private static void requireAllDigits(Column column, double number) {
    if (column instanceof CategoryColumn category && category.byDigits()) {
      throw new IllegalArgumentException(
          "column %s is the double %s, expected a long or a string: its categories differ in digits that a double does not hold"
              .formatted(column.name(), Cell.text(number)));
    }
  }

  /** Forgets what was set: no part of a row that failed may become part of the next. */
  private void forget() {
    Arrays.fill(set, false);
    isPredicted = false;
  }

  /** The index of a column that is to be set. */
  private int place(String name) {
    try {
      return column(name);
    } catch (IllegalArgumentException e) {
      forget();
      throw e;
    }
  }

  /**
   * Sets a column to an object, such as one of a map.
   *
   * @param name the column
   * @param value as {@link Cell#of(Object, List)} takes it
   * @return this
   * @throws IllegalArgumentException if there is no such column or it does not take the value
   */
  public TablePredictor setValue(String name, Object value) {
    return setValue(place(name), value);
  }

  private TablePredictor setValue(int column, Object value) {
    Cell cell;
    try {
      cell = schema.cell(value);
    } catch (RuntimeException e) { // of the value's own toString
      forget();
      throw e;
    }
    return set(column, cell);
  }

  /**
   * Sets a column to no value.
   *
   * @param name the column
   * @return this
   */
  public TablePredictor setMissing(String name) {
    return set(place(name), Cell.MISSING);
  }

  /**
   * Predicts the row that was set.
   *
   * @param results [outputs] or longer, receives what {@link Predictor#predict(float[], float[])}
   *     gives
   * @throws IllegalStateException if a column was not set, or the model has a scaling of targets,
   *     whose numbers go to doubles only
   * @throws IllegalArgumentException if there is no room for the results, or a number is so large
   *     that it is no finite float when it is scaled
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
   * Predicts the row that was set, by any model.
   *
   * @param results [outputs] or longer, receives what {@link Predictor#predict(float[], int,
   *     double[])} gives
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

  /**
   * Predicts the row that was set, and forgets it whatever comes; to floats if doubles are null.
   */
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
   * Predicts a row whose values are in a map; other keys are passed over, and what was set before
   * is forgotten.
   *
   * @param row a value for each column, as {@link Cell#of(Object, List)} takes it
   * @param results as for {@link #predict(float[])}
   * @throws IllegalArgumentException if a column has no key, or does not take its value
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
   * Predicts a row whose values are in a map, by any model.
   *
   * @param row as for {@link #predict(Map, float[])}
   * @param results as for {@link #predict(double[])}
   * @throws IllegalArgumentException if a column has no key, or does not take its value
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
   * Predicts a row whose values are the components of a record; other components are passed over.
   *
   * @param row a record of a class that is accessible here
   * @param results as for {@link #predict(float[])}
   * @throws IllegalArgumentException if a column has no component, or does not take its value
   */
  public void predict(Record row, float[] results) {
    forget();
    predict(Cell.components(Objects.requireNonNull(row, "row")), results);
  }

  /**
   * Predicts a row whose values are the components of a record, by any model.
   *
   * @param row as for {@link #predict(Record, float[])}
   * @param results as for {@link #predict(double[])}
   * @throws IllegalArgumentException if a column has no component, or does not take its value
   */
  public void predict(Record row, double[] results) {
    forget();
    predict(Cell.components(Objects.requireNonNull(row, "row")), results);
  }

  /**
   * The class of the row that was predicted last.
   *
   * @return its number, from 0: of the most likely classes the first
   * @throws IllegalStateException if no row was predicted, the last call failed, or the model has
   *     no classes
   */
  public int label() {
    requireClasses();
    requirePredicted();
    return labels[0];
  }

  /**
   * Whether an output's label is given to the row that was predicted last, of a sigmoid loss.
   *
   * @param output from 0
   * @return true where its probability before rounding is above 1/2
   * @throws IllegalStateException if no row was predicted, the last call failed, or the model's
   *     loss is another
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
   * What the row that was predicted last has that the model has not met in training: a sentence for
   * each category that the model does not know, and for each gap in a column that had a value in
   * all training rows. They are the sentences of {@code predict} for a file of this row. Nothing is
   * looked up before this call.
   *
   * @return the sentences, none if the model knows all of the row
   * @throws IllegalStateException if no row was predicted, a column was set after it, or the last
   *     call failed
   */
  public List<String> notes() {
    UnseenValues unseen = new UnseenValues(schema);
    countUnseen(unseen);
    return unseen.notes();
  }

  /**
   * Adds the row that was predicted last to a count, which can give the {@link #notes} of many rows
   * together.
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
   * Predicts the class of the row that was set.
   *
   * @return the name of the likeliest class, its number where it has none
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
   * What this is, in a line.
   *
   * @return for people, such as {@code TablePredictor[age, sex -> 2 classes]}
   */
  @Override
  public String toString() {
    return Message.of(
            "TablePredictor[%s -> %s %s]",
            columns(), outputs(), model.loss().takesClasses() ? "classes" : "outputs")
        .toString();
  }
}
