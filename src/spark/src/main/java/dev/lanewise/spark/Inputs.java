package dev.lanewise.spark;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.UnseenValues;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.rows.internal.RowEncoder;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * The location of a model's inputs in a row: a vector, columns of numbers, or the columns of its
 * schema.
 *
 * @param isVector whether one column has all inputs
 * @param names the names of the columns
 * @param places the indices of the columns in a row
 */
record Inputs(boolean isVector, String[] names, int[] places) implements Serializable {
  /** Returns the inputs of a model: named columns, its schema's columns, or a vector. */
  static Inputs of(Model model, StructType schema, String vector, String[] columns) {
    List<String> known = model.schema().map(Schema::columnNames).orElse(null);
    if (columns == null && (known == null || vector != null)) {
      String name = vector == null ? "features" : vector;
      int place = Cells.placeOfVectors(schema, name, "features (inputCols takes single columns)");
      return new Inputs(true, new String[] {name}, new int[] {place});
    }
    int expected = known == null ? model.inputs() : known.size();
    String[] names = columns == null ? known.toArray(new String[0]) : columns;
    if (names.length != expected) {
      throw new IllegalArgumentException(
          "inputCols has %s columns, expected %s for this model%s"
              .formatted(names.length, expected, known == null ? "" : ": " + known));
    }
    int[] places = new int[names.length];
    for (int i = 0; i < places.length; i++) {
      places[i] =
          known == null
              ? Cells.placeOfNumbers(schema, names[i], "an input of the model")
              : Cells.placeOfValues(schema, names[i], "an input of the model");
    }
    return new Inputs(false, names, places);
  }

  /** Returns a reader of rows, which passes values that training did not have to {@code unseen}. */
  Reader reader(Model model, Unseen unseen) {
    return new Reader(this, model, unseen);
  }

  /** Reads rows in a task. */
  static final class Reader {
    private final Inputs inputs;
    private final Unseen unseen;
    private final int count; // number of the model's inputs
    private final Schema schema; // null if the columns are numbers
    private final RowEncoder encoder; // null if the columns are numbers
    private final UnseenValues ofRow; // null if the columns are numbers

    Reader(Inputs inputs, Model model, Unseen unseen) {
      this.inputs = inputs;
      this.unseen = unseen;
      count = model.inputs();
      schema = inputs.isVector ? null : model.schema().orElse(null);
      encoder = schema == null ? null : new RowEncoder(schema, Scaling.none());
      ofRow = schema == null ? null : new UnseenValues(schema);
    }

    /**
     * Returns the unscaled inputs of a row.
     *
     * @throws IllegalArgumentException if the row does not have them; the message begins with the
     *     column
     */
    double[] read(Row row) {
      if (inputs.isVector) {
        return Cells.numbers(row, inputs.places[0], inputs.names[0], count);
      }
      double[] raw = schema == null ? new double[count] : null;
      for (int i = 0; i < inputs.places.length; i++) {
        if (schema == null) {
          raw[i] = Cells.number(row, inputs.places[i], inputs.names[i]);
        } else {
          // The columns of rows may have other names than those of the model.
          String name = encoder.column(i).name();
          Object found = row.get(inputs.places[i]);
          Object value = Cells.value(found);
          // A timestamp is not a text in a notation. As a time of day it is refused, since Spark
          // gives a time without a date the date of today.
          boolean isDate = value instanceof String && !(found instanceof String);
          boolean hasDates = encoder.column(i) instanceof DateColumn date && !date.isTimeOfDay();
          Cell cell =
              isDate && hasDates ? Cell.of(value, schema.missing()) : Cell.of(schema, name, value);
          encoder.set(i, cell.number(), cell.string());
        }
      }
      if (schema == null) {
        return raw;
      }
      ofRow.clear();
      encoder.count(ofRow);
      unseen.take(ofRow);
      return encoder.raw();
    }
  }
}
