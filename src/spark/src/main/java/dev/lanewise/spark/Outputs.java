package dev.lanewise.spark;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Predictions;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The names of the columns of predictions; a column with an empty name is left out.
 *
 * @param raw column of the logarithms of the probabilities
 * @param probability column of the probabilities of classes, or of sigmoid outputs
 * @param prediction column of the class index or the number
 * @param label column of the class name
 * @param loss the model's loss, which determines the kind of prediction
 * @param outputs number of the model's outputs
 */
record Outputs(
    String raw, String probability, String prediction, String label, Loss loss, int outputs)
    implements Serializable {

  /** Lower limit of a probability, so that its logarithm is finite. */
  private static final double LEAST = Float.MIN_VALUE;

  Outputs {
    if (loss.task().hasNumbers()) {
      raw = "";
      probability = "";
    }
    if (!loss.task().hasClasses()) {
      label = "";
    }
  }

  /** Returns the same columns for a model. */
  Outputs of(Model model) {
    int results = model.outputs();
    return new Outputs(raw, probability, prediction, label, model.loss(), results);
  }

  /** Returns whether the prediction is a vector. */
  private boolean isVector() {
    return outputs > 1 && !loss.task().hasClasses();
  }

  /** Returns the columns in order. */
  List<StructField> fields() {
    List<StructField> fields = new ArrayList<>();
    add(fields, raw, SQLDataTypes.VectorType());
    add(fields, probability, SQLDataTypes.VectorType());
    add(fields, prediction, isVector() ? SQLDataTypes.VectorType() : DataTypes.DoubleType);
    add(fields, label, DataTypes.StringType);
    return fields;
  }

  private static void add(List<StructField> fields, String name, DataType type) {
    if (!name.isEmpty()) {
      fields.add(new StructField(name, type, true, Metadata.empty()));
    }
  }

  /** Returns a schema with these columns after its own. */
  StructType appendedTo(StructType schema) {
    return appended(schema, fields());
  }

  /** Returns a schema with further columns after its own. */
  static StructType appended(StructType schema, List<StructField> further) {
    StructType all = schema;
    for (StructField field : further) {
      if (all.getFieldIndex(field.name()).isDefined()) {
        throw new IllegalArgumentException(
            "column %s exists already, expected a new name (or \"\" to leave the column out)"
                .formatted(field.name()));
      }
      all = all.add(field);
    }
    return all;
  }

  /** Returns the rows with the schema's metadata, which a function of rows loses. */
  static Dataset<Row> described(Dataset<Row> rows, StructType schema) {
    boolean some = false;
    Column[] columns = new Column[schema.length()];
    for (int c = 0; c < columns.length; c++) {
      StructField field = schema.fields()[c];
      boolean none = field.metadata().equals(Metadata.empty());
      some |= !none;
      Column column = functions.col(Fitting.quoted(field.name()));
      columns[c] = none ? column : column.as(field.name(), field.metadata());
    }
    return some ? rows.select(columns) : rows;
  }

  /**
   * Returns the numbers of the classes: their names if all names are whole numbers, otherwise 0, 1,
   * 2 and so on.
   */
  static double[] classNumbers(Model model) {
    double[] numbers = new double[model.outputs()];
    boolean allNumbers = model.loss().task().hasClasses();
    for (int c = 0; c < numbers.length && allNumbers; c++) {
      allNumbers = model.className(c).matches("-?[0-9]{1,15}");
    }
    for (int c = 0; c < numbers.length; c++) {
      numbers[c] = allNumbers ? Double.parseDouble(model.className(c)) : c;
    }
    return numbers;
  }

  /** Stores the values of a row from an index on, and returns the index after the last one. */
  int put(Predictions from, int row, double[] classNumbers, Object[] values, int first) {
    int at = first;
    if (!raw.isEmpty() || !probability.isEmpty()) {
      Vector probabilities = vector(from, row);
      if (!raw.isEmpty()) {
        double[] logs = probabilities.toArray().clone();
        for (int i = 0; i < logs.length; i++) {
          logs[i] = StrictMath.log(Math.max(logs[i], LEAST));
        }
        values[at++] = Vectors.dense(logs);
      }
      if (!probability.isEmpty()) {
        values[at++] = probabilities;
      }
    }
    if (!prediction.isEmpty()) {
      values[at++] = prediction(from, row, classNumbers);
    }
    if (!label.isEmpty()) {
      values[at++] = from.className(row);
    }
    return at;
  }

  /** Returns the probabilities; a single sigmoid output gives the probabilities of both answers. */
  private Vector vector(Predictions from, int row) {
    if (outputs == 1 && loss.task().hasLabels()) {
      double yes = from.value(row, 0);
      return Vectors.dense(new double[] {1 - yes, yes});
    }
    double[] numbers = new double[outputs];
    for (int i = 0; i < outputs; i++) {
      numbers[i] = from.value(row, i);
    }
    return Vectors.dense(numbers);
  }

  private Object prediction(Predictions from, int row, double[] classNumbers) {
    if (loss.task().hasClasses()) {
      return classNumbers[from.label(row)];
    }
    double[] numbers = new double[outputs];
    for (int i = 0; i < outputs; i++) {
      numbers[i] = loss.task().hasNumbers() ? from.value(row, i) : from.isPredicted(row, i) ? 1 : 0;
    }
    return isVector() ? Vectors.dense(numbers) : (Object) numbers[0];
  }
}
