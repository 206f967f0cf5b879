package dev.lanewise.spark;

import dev.lanewise.nn.Cell;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.Schema;
import dev.lanewise.nn.UnseenValues;
import dev.lanewise.nn.internal.RowEncoder;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Where a model finds its inputs in a row: in a vector, in columns of numbers, or in columns of
 * whatever its schema takes.
 *
 * @param isVector whether one column has them all
 * @param names of the columns
 * @param places of the columns in a row
 */
record Inputs(boolean isVector, String[] names, int[] places) implements Serializable {
  /** The inputs of a model: its schema's columns, unless a vector or other columns are named. */
  static Inputs of(Mlp model, StructType schema, String vector, String[] columns) {
    List<String> known = model.schema().map(Schema::columnNames).orElse(null);
    if (columns == null && (known == null || vector != null)) {
      String name = vector == null ? "features" : vector;
      int place = Cells.placeOfVectors(schema, name, "features (inputCols takes single columns)");
      return new Inputs(true, new String[] {name}, new int[] {place});
    }
    int expected = known == null ? model.architecture().inputs() : known.size();
    String[] names = columns == null ? known.toArray(new String[0]) : columns;
    if (names.length != expected) {
      throw new IllegalArgumentException(
          "inputCols has %s columns, expected %s as the model takes%s"
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

  /** Reads rows for a model, and hands over what it has not met in training. */
  Reader reader(Mlp model, Unseen unseen) {
    return new Reader(this, model, unseen);
  }

  /** What reads rows in a task. */
  static final class Reader {
    private final Inputs inputs;
    private final Unseen unseen;
    private final int count; // of the model's inputs
    private final Schema schema; // null if the columns are numbers
    private final RowEncoder encoder; // null if the columns are numbers
    private final UnseenValues ofRow; // null if the columns are numbers

    Reader(Inputs inputs, Mlp model, Unseen unseen) {
      this.inputs = inputs;
      this.unseen = unseen;
      count = model.architecture().inputs();
      schema = inputs.isVector ? null : model.schema().orElse(null);
      encoder = schema == null ? null : new RowEncoder(schema, Scaling.none());
      ofRow = schema == null ? null : new UnseenValues(schema);
    }

    /**
     * The raw inputs of a row.
     *
     * @return [inputs], not yet scaled
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
          Cell cell = schema.cell(Cells.value(row.get(inputs.places[i])));
          encoder.set(i, cell.number(), cell.word());
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
