package dev.lanewise.spark;

import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictions;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
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
 * The columns that predictions make, of which those without a name are left out.
 *
 * @param raw logarithms of the probabilities
 * @param probability of each class, or of each output of a sigmoid
 * @param prediction the class, or the number
 * @param label the name of the class
 * @param loss of the model, which says what it predicts
 * @param outputs of the model
 */
record Outputs(
    String raw, String probability, String prediction, String label, Loss loss, int outputs)
    implements Serializable {

  /** What stands for the logarithm of a probability that no float holds. */
  private static final double LEAST = Float.MIN_VALUE;

  Outputs {
    if (loss.isRegression()) {
      raw = "";
      probability = "";
    }
    if (!loss.takesClasses()) {
      label = "";
    }
  }

  /** The same columns for a model. */
  Outputs of(Mlp model) {
    int results = model.architecture().outputs();
    return new Outputs(raw, probability, prediction, label, model.loss(), results);
  }

  /** Whether the prediction is more than one number. */
  private boolean isVector() {
    return outputs > 1 && !loss.takesClasses();
  }

  /** The columns, in order. */
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

  /** A table with these columns behind its own. */
  StructType appendedTo(StructType schema) {
    List<StructField> fields = new ArrayList<>(Arrays.asList(schema.fields()));
    for (StructField field : fields()) {
      if (schema.getFieldIndex(field.name()).isDefined()) {
        throw new IllegalArgumentException(
            "column %s is there already, expected no such column (another name, or none: \"\")"
                .formatted(field.name()));
      }
      fields.add(field);
    }
    return new StructType(fields.toArray(new StructField[0]));
  }

  /** A table with all that is known of its columns, which a function of rows does not keep. */
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
   * The numbers that stand for the classes: their names, if all of these are numbers, else 0, 1, 2
   * and so on.
   */
  static double[] classNumbers(Mlp model) {
    double[] numbers = new double[model.architecture().outputs()];
    boolean allNumbers = model.loss().takesClasses();
    for (int c = 0; c < numbers.length && allNumbers; c++) {
      allNumbers = model.className(c).matches("-?[0-9]{1,15}");
    }
    for (int c = 0; c < numbers.length; c++) {
      numbers[c] = allNumbers ? Double.parseDouble(model.className(c)) : c;
    }
    return numbers;
  }

  /** Puts the values of a row to their places, and returns the place behind them. */
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

  /** Probabilities, of both answers where a sigmoid gives that of one. */
  private Vector vector(Predictions from, int row) {
    if (outputs == 1 && loss == Loss.SIGMOID) {
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
    if (loss.takesClasses()) {
      return classNumbers[from.label(row)];
    }
    double[] numbers = new double[outputs];
    for (int i = 0; i < outputs; i++) {
      numbers[i] = loss.isRegression() ? from.value(row, i) : from.holds(row, i) ? 1 : 0;
    }
    return isVector() ? Vectors.dense(numbers) : (Object) numbers[0];
  }
}
