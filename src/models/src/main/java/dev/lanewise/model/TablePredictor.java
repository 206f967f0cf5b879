package dev.lanewise.model;

import dev.lanewise.engine.internal.Network;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.nn.Predictions;
import dev.lanewise.nn.Predictor;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.internal.PredictorAccess;
import dev.lanewise.nn.internal.RowPass;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.UnseenValues;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.rows.internal.RowEncoder;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Predicts rows of a table from values that are set by column name; each thread needs its own.
 * Results are the same, bit for bit, as for the same row in a file. {@link Model#predict(Map)}
 * needs no predictor of the caller and works in any thread, but takes longer and has no {@link
 * #notes}.
 *
 * <pre>{@code
 * TablePredictor p = Model.load(Path.of("nn_model.npz")).tablePredictor();
 * String answer = p.set("age", 42).set("sex", "male").predict().className(0);
 * }</pre>
 *
 * <p>Every column of the schema must be set before each prediction; null is a missing value. A
 * prediction clears all columns, and so does every call that fails, so that no value of a failed
 * row becomes part of the next row. With numeric values and column indices (see {@link #column}),
 * setting a row and predicting it to an array allocate nothing.
 */
public final class TablePredictor {
  private final Model model;
  private final Schema schema;
  private final RowEncoder encoder;
  private final PredictorAccess predictor;
  private final float[] scaled; // [inputs]
  private boolean isPredicted; // false before a prediction and after a column is set
  private UnseenValues ofRows; // values of the last predicted list; null after a single row

  TablePredictor(Model model) {
    this.model = model;
    schema =
        model
            .schema()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "table predictor: the model has no schema, expected a model that was"
                            + " trained on a table (predictor() takes arrays)"));
    encoder = new RowEncoder(schema, model.scaling().orElse(Scaling.none()));
    predictor = PredictorAccess.HOOK.of(model.predictor(1));
    scaled = new float[encoder.inputs()];
  }

  /** {@return the names of the columns that a prediction needs, in the order of their indices} */
  public List<String> columns() {
    return schema.columnNames();
  }

  /** {@return the number of results of a prediction: classes or outputs} */
  public int outputs() {
    return model.outputs();
  }

  /**
   * {@return the index of a column, from 0}
   *
   * @param name its name in the header of the training file
   * @throws IllegalArgumentException if the model has no such column
   */
  public int column(String name) {
    int index = encoder.place(name);
    if (index < 0) {
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
   * @param column the index of the column
   * @param number as for {@link #set(String, double)}
   * @return this
   * @throws IllegalArgumentException if the column is not numeric
   */
  public TablePredictor set(int column, double number) {
    begin(column);
    try {
      encoder.set(column, number);
    } catch (IllegalArgumentException e) {
      throw forgotten(e);
    }
    return this;
  }

  /**
   * Sets a column to an integer. All digits are compared if the column has integers as categories.
   *
   * @param name the column
   * @param number as for {@link #set(String, double)}
   * @return this
   * @throws IllegalArgumentException if there is no such column or it is not numeric
   */
  public TablePredictor set(String name, long number) {
    return set(place(name), number);
  }

  /**
   * Sets a column to an integer. All digits are compared if the column has integers as categories.
   *
   * @param column the index of the column
   * @param number as for {@link #set(String, double)}
   * @return this
   * @throws IllegalArgumentException if the column is not numeric
   */
  public TablePredictor set(int column, long number) {
    return Cell.isLarge(number) ? set(column, (Object) number) : set(column, (double) number);
  }

  /**
   * Sets a column to a text of one character.
   *
   * @param name the column
   * @param text as for {@link #set(String, Object)}
   * @return this
   * @throws IllegalArgumentException if there is no such column or it refuses the value
   */
  public TablePredictor set(String name, char text) {
    return set(name, (Object) text); // without this method, the character would become a number
  }

  /**
   * Sets a column to a text of one character.
   *
   * @param column the index of the column
   * @param text as for {@link #set(String, Object)}
   * @return this
   * @throws IllegalArgumentException if the column refuses the value
   */
  public TablePredictor set(int column, char text) {
    return set(column, (Object) text);
  }

  /**
   * Sets a column to an object: a text (a category, a date, or a number in the notation of the
   * training file), a truth value, a date, a number or any other object.
   *
   * @param name the column
   * @param value a number, a Boolean, an enum constant, a date or time, or a text that is read as
   *     in a file; null, an empty Optional, an empty text and the strings that the schema lists as
   *     missing are missing values
   * @return this
   * @throws IllegalArgumentException if there is no such column or it refuses the value
   */
  public TablePredictor set(String name, Object value) {
    return set(place(name), value);
  }

  /**
   * Sets a column to an object.
   *
   * @param column the index of the column
   * @param value as for {@link #set(String, Object)}
   * @return this
   * @throws IllegalArgumentException if the column refuses the value
   */
  public TablePredictor set(int column, Object value) {
    begin(column);
    try {
      encoder.set(column, value);
    } catch (RuntimeException e) { // also what the value's toString throws
      throw forgotten(e);
    }
    return this;
  }

  private void begin(int column) {
    isPredicted = false;
    if (column < 0 || column >= encoder.columns()) {
      encoder.clear();
      Objects.checkIndex(column, encoder.columns());
    }
  }

  /** Clears all columns, so that no value of a failed row becomes part of the next row. */
  private RuntimeException forgotten(RuntimeException problem) {
    encoder.clear();
    isPredicted = false;
    return problem;
  }

  /** Returns the index of a column that is to be set; clears all columns if there is none. */
  private int place(String name) {
    try {
      return column(name);
    } catch (IllegalArgumentException e) {
      throw forgotten(e);
    }
  }

  /**
   * Predicts the row whose columns were set, with any model.
   *
   * @return the predictions for this row alone
   * @throws IllegalStateException if a column was not set
   * @throws IllegalArgumentException if a value is not a finite float after scaling
   */
  public Predictions predict() {
    predictor.begin().run();
    try {
      return predicted();
    } finally {
      predictor.end().run();
    }
  }

  private Predictions predicted() {
    scale();
    Predictions predictions = predictor.all().apply(scaled, 1);
    isPredicted = true;
    return predictions;
  }

  /**
   * Predicts the row whose columns were set, without allocating.
   *
   * @param results [outputs] or longer, overwritten as by {@link Predictor#predict(float[],
   *     float[])}
   * @throws IllegalStateException if a column was not set, or the model has a target scaling, whose
   *     results are doubles
   * @throws IllegalArgumentException if the array is too short, or a value is not a finite float
   *     after scaling
   */
  public void predict(float[] results) {
    run(Objects.requireNonNull(results, "results"), null);
  }

  /**
   * Predicts the row whose columns were set, with any model and without allocating.
   *
   * @param results [outputs] or longer, overwritten as by {@link Predictor#predict(float[], int,
   *     double[], int[])}
   * @throws IllegalStateException if a column was not set
   * @throws IllegalArgumentException as for {@link #predict(float[])}
   */
  public void predict(double[] results) {
    run(null, Objects.requireNonNull(results, "results"));
  }

  private void run(float[] floats, double[] doubles) {
    predictor.begin().run();
    try {
      scale();
      if (doubles == null) {
        predictor.floats().accept(scaled, floats);
      } else {
        predictor.doubles().accept(scaled, doubles);
      }
      isPredicted = true;
    } finally {
      predictor.end().run();
    }
  }

  /** Scales the row and always clears its columns. */
  private void scale() {
    isPredicted = false;
    ofRows = null;
    List<String> unset = encoder.unset();
    encoder.clear();
    if (!unset.isEmpty()) {
      throw new IllegalStateException(
          ("predict: column %s was not set, expected a value for each column (null for a missing"
                  + " value)")
              .formatted(unset.get(0)));
    }
    encoder.scale(scaled, 0);
  }

  /**
   * Predicts a row from a map. Keys that are not columns of the model are ignored, and columns that
   * were set before are cleared.
   *
   * @param row a value for each column, as {@link #set(String, Object)} accepts it
   * @return the predictions for this row alone
   * @throws IllegalArgumentException if a column has no key or refuses its value
   * @throws IllegalStateException if another thread is predicting
   */
  public Predictions predict(Map<String, ?> row) {
    predictor.begin().run();
    try {
      isPredicted = false;
      encoder.clear();
      encoder.setAll(Objects.requireNonNull(row, "row"), "predict");
      return predicted();
    } finally {
      predictor.end().run();
    }
  }

  /**
   * Predicts a row from the components of a record; components that are not columns of the model
   * are ignored.
   *
   * @param row a record whose class is accessible from this module
   * @return as {@link #predict(Map)}
   * @throws IllegalArgumentException if a column has no component or refuses its value
   */
  public Predictions predict(Record row) {
    encoder.clear();
    isPredicted = false;
    return predict(Cell.components(Objects.requireNonNull(row, "row")));
  }

  /**
   * Predicts several rows at a time, which is faster than one by one. Afterwards, {@link #notes} is
   * about all of them.
   *
   * @param rows maps as for {@link #predict(Map)}, or records as for {@link #predict(Record)}
   * @return the predictions in the order of the rows
   * @throws IllegalArgumentException if a row is refused; the message begins with its index
   * @throws IllegalStateException if another thread is predicting
   */
  public Predictions predict(List<?> rows) {
    predictor.begin().run();
    try {
      encoder.clear();
      isPredicted = false;
      Object[] all = Objects.requireNonNull(rows, "rows").toArray();
      float[] inputs = new float[Network.size(all.length, scaled.length)];
      UnseenValues unseen = new UnseenValues(schema);
      for (int i = 0; i < all.length; i++) {
        try {
          Object row = all[i] instanceof Record record ? Cell.components(record) : all[i];
          if (!(row instanceof Map<?, ?> values)) {
            throw new ArgumentException("predict: %s, expected a map or a record", row);
          }
          encoder.setAll(values, "predict");
          encoder.scale(inputs, i * scaled.length);
        } catch (IllegalArgumentException e) {
          throw new ArgumentException(Message.of("row %s: %s", i, Message.of(e)), e);
        } finally {
          encoder.clear();
        }
        encoder.count(unseen);
      }
      Predictor many = model.predictor(Math.max(1, Math.min(RowPass.BATCH, all.length)));
      Predictions predictions = PredictorAccess.HOOK.of(many).all().apply(inputs, all.length);
      ofRows = unseen;
      isPredicted = true;
      return predictions;
    } finally {
      predictor.end().run();
    }
  }

  /**
   * Returns notes on values of the last predicted row or list of rows that were not in the training
   * rows: one sentence per unknown category, and one per missing value in a column without missing
   * values in training. The command {@code predict} prints the same sentences for a file of this
   * row.
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
   * Counts unseen values of what was predicted last, for {@link #notes} on many rows together.
   *
   * @param unseen a count for the schema of this model
   * @throws IllegalStateException as for {@link #notes}
   */
  public void countUnseen(UnseenValues unseen) {
    requirePredicted();
    if (ofRows == null) {
      encoder.count(unseen);
    } else {
      unseen.add(ofRows);
    }
  }

  private void requirePredicted() {
    if (!isPredicted) {
      throw new IllegalStateException(
          "predict: no row was predicted since a column was set or a call failed, expected a"
              + " prediction first");
    }
  }

  /** {@return such as {@code TablePredictor[age, sex -> 2 classes]}} */
  @Override
  public String toString() {
    return Message.of(
            "TablePredictor[%s -> %s %s]", columns(), outputs(), model.loss().task().outputs())
        .toString();
  }
}
