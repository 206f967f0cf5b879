package dev.lanewise.spark;

import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StructType;

/**
 * Where training finds what it needs in a row, and the row as bytes in the canonical order.
 *
 * @param features of vectors; -1 if columns have the inputs
 * @param inputs of single columns, or none
 * @param label of the targets
 * @param classes whether targets are classes
 * @param weight or -1
 * @param order or -1
 * @param isOrderWhole whether the order is of whole numbers
 * @param validation or -1
 * @param names of all columns of the rows
 */
record TrainingColumns(
    int features,
    int[] inputs,
    int label,
    boolean classes,
    int weight,
    int order,
    boolean isOrderWhole,
    int validation,
    String[] names)
    implements Serializable {

  /** The columns of an estimator in a table. */
  static TrainingColumns of(LanewiseEstimator<?> estimator, StructType schema) {
    String[] named = estimator.namedInputs();
    int features =
        named != null
            ? -1
            : Cells.placeOfVectors(
                schema,
                estimator.getOrDefault(estimator.featuresCol()),
                "features (inputCols takes single columns)");
    int[] inputs = new int[named == null ? 0 : named.length];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = Cells.placeOfValues(schema, named[i], "an input");
    }
    boolean classes = estimator.lossOfTraining().takesClasses();
    String label = estimator.getOrDefault(estimator.labelCol());
    if (named != null && List.of(named).contains(label)) {
      throw new IllegalArgumentException(
          "column %s is the label and an input, expected one of them".formatted(label));
    }
    int order = -1;
    boolean isOrderWhole = false;
    if (estimator.nameIn(estimator.orderCol()) != null) {
      order = Cells.placeOfValues(schema, estimator.nameIn(estimator.orderCol()), "the order");
      DataType type = schema.fields()[order].dataType();
      isOrderWhole =
          type instanceof LongType
              || type instanceof IntegerType
              || type instanceof ShortType
              || type instanceof ByteType;
    }
    String weight = estimator.nameIn(estimator.weightCol());
    String validation = estimator.nameIn(estimator.validationIndicatorCol());
    return new TrainingColumns(
        features,
        inputs,
        classes
            ? Cells.placeOfValues(schema, label, "the label")
            : Cells.placeOfNumbers(schema, label, "the label"),
        classes,
        weight == null ? -1 : Cells.placeOfNumbers(schema, weight, "the weight"),
        order,
        isOrderWhole,
        validation == null ? -1 : Cells.placeOfFlags(schema, validation, "validation"),
        schema.fieldNames());
  }

  boolean isVector() {
    return features >= 0;
  }

  /** The names of the columns that training reads, each once. */
  List<String> read() {
    Set<String> read = new LinkedHashSet<>();
    for (int place : new int[] {features, label, weight, order, validation}) {
      if (place >= 0) {
        read.add(names[place]);
      }
    }
    for (int place : inputs) {
      read.add(names[place]);
    }
    return List.copyOf(read);
  }

  /**
   * Writes a row.
   *
   * @throws IllegalArgumentException if it cannot be learned from; the message begins with the
   *     column
   */
  void write(Row row, RowBytes out) {
    if (order >= 0) {
      if (isOrderWhole && !row.isNullAt(order)) {
        out.putWhole(((Number) row.get(order)).longValue());
      } else {
        out.putValue(value(row, order));
      }
    }
    if (isVector()) {
      out.putNumbers(Cells.numbers(row, features, names[features], -1));
    }
    for (int place : inputs) {
      out.putValue(value(row, place));
    }
    out.putValue(target(row));
    out.putNumber(weight < 0 ? 1 : weight(row));
    out.put(validation >= 0 && !row.isNullAt(validation) && row.getBoolean(validation) ? 1 : 0);
  }

  private static Object value(Row row, int place) {
    return row.isNullAt(place) ? null : Cells.value(row.get(place));
  }

  private Object target(Row row) {
    Object value = value(row, label);
    if (value == null) {
      throw new IllegalArgumentException(
          "column %s has no value, expected a label in every row (leave out the others: where(\"%s IS NOT NULL\"))"
              .formatted(names[label], Fitting.quoted(names[label])));
    }
    if (value instanceof Double number) {
      boolean isClass = number >= 0 && number == Math.rint(number);
      if (classes && isVector() ? !isClass : !Double.isFinite(number)) {
        throw new IllegalArgumentException(
            "column %s has the label %s, expected %s"
                .formatted(
                    names[label],
                    number,
                    classes ? "a class from 0, or the name of one" : "a finite number"));
      }
    }
    return value;
  }

  private double weight(Row row) {
    double number = Cells.number(row, weight, names[weight]);
    if (number < 0) {
      throw new IllegalArgumentException(
          "column %s is %s, expected the weight of the row, from 0"
              .formatted(names[weight], number));
    }
    return number;
  }

  /** A row that is read again. */
  record Learned(double[] vector, Object[] values, Object target, float weight, boolean valid) {}

  Learned read(RowBytes in) {
    if (order >= 0) {
      in.getValue(); // a whole number is none of these, but as long
    }
    double[] vector = isVector() ? in.getNumbers() : null;
    Object[] values = new Object[inputs.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.getValue();
    }
    return new Learned(vector, values, in.getValue(), (float) in.getNumber(), in.get() == 1);
  }
}
