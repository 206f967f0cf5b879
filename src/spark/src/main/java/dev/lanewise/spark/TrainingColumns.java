package dev.lanewise.spark;

import dev.lanewise.rows.internal.Cell;
import java.io.Serializable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * The indices of the columns that training reads, and the conversion of rows to bytes in the
 * canonical order.
 *
 * @param features column of vectors; -1 if single columns have the inputs
 * @param inputs single columns; empty if inputs are vectors
 * @param label column of targets
 * @param classes whether targets are classes
 * @param weight column of weights, or -1
 * @param order column for the order of rows, or -1
 * @param validation column of the validation indicator, or -1
 * @param schema schema of the rows
 */
record TrainingColumns(
    int features,
    int[] inputs,
    int label,
    boolean classes,
    int weight,
    int order,
    int validation,
    StructType schema)
    implements Serializable {

  /**
   * Limit for labels; a larger one is a mistake, and its output layer would not fit into memory.
   */
  private static final int MAX_CLASSES = 1 << 16;

  private static final byte BAD = 0; // sorts bad rows before all others
  private static final byte GOOD = 1;

  /** Returns the columns that an estimator uses in a table. */
  static TrainingColumns of(LanewiseEstimator<?> estimator, StructType schema) {
    String[] named = estimator.namedInputs();
    int features =
        named != null
            ? -1
            : Cells.placeOfVectors(
                schema,
                estimator.getOrDefault(estimator.columns.featuresCol),
                "features (inputCols takes single columns)");
    int[] inputs = new int[named == null ? 0 : named.length];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = Cells.placeOfValues(schema, named[i], "an input");
    }
    boolean classes = estimator.lossOfTraining().task().hasClasses();
    String label = estimator.getOrDefault(estimator.labelCol);
    String weight = estimator.nameIn(estimator.weightCol);
    String order = estimator.nameIn(estimator.orderCol);
    String validation = estimator.nameIn(estimator.validationIndicatorCol);
    checkUses(estimator, label, weight, validation);
    return new TrainingColumns(
        features,
        inputs,
        classes
            ? Cells.placeOfValues(schema, label, "the label")
            : Cells.placeOfNumbers(schema, label, "the label"),
        classes,
        weight == null ? -1 : Cells.placeOfNumbers(schema, weight, "the weight"),
        order == null ? -1 : Cells.placeOfValues(schema, order, "the order"),
        validation == null ? -1 : Cells.placeOfFlags(schema, validation, "validation"),
        schema);
  }

  /** Refuses settings of which one would be silently ignored. */
  private static void checkUses(
      LanewiseEstimator<?> estimator, String label, String weight, String validation) {
    String[] named = estimator.namedInputs();
    Map<String, String> uses = new HashMap<>();
    use(uses, label, "the label");
    if (weight != null) {
      use(uses, weight, "the weight");
    }
    for (String input : named == null ? new String[0] : named) {
      use(uses, input, "an input");
    }
    for (String categorical : estimator.getOrDefault(estimator.categoricalCols)) {
      if (!"an input".equals(uses.get(categorical))) {
        throw new IllegalArgumentException(
            "column %s of categoricalCols is not an input, expected one of inputCols"
                .formatted(categorical));
      }
    }
    double share = estimator.valueOf(estimator.validationFraction);
    if (validation != null && share > 0) {
      throw new IllegalArgumentException(
          "validationIndicatorCol %s and validationFraction %s, expected only one of the two"
              .formatted(validation, share));
    }
  }

  private static void use(Map<String, String> uses, String name, String use) {
    String before = uses.put(name, use);
    if (before != null) {
      throw new IllegalArgumentException(
          "column %s is %s and %s, expected only one of the two".formatted(name, before, use));
    }
  }

  String name(int place) {
    return schema.fields()[place].name();
  }

  private DataType type(int place) {
    return schema.fields()[place].dataType();
  }

  private boolean isOrderWhole() {
    DataType type = type(order);
    return type instanceof LongType
        || type instanceof IntegerType
        || type instanceof ShortType
        || type instanceof ByteType;
  }

  boolean isVector() {
    return features >= 0;
  }

  /** Returns the names of the columns that training reads, {@code orderCol} first. */
  List<String> read() {
    Set<String> read = new LinkedHashSet<>();
    for (int place : new int[] {order, label, weight, validation, features}) {
      if (place >= 0) {
        read.add(name(place));
      }
    }
    for (int place : inputs) {
      read.add(name(place));
    }
    return List.copyOf(read);
  }

  /**
   * Returns a row as bytes, or as the text of its problem if it cannot be used for training. The
   * task that trains reports the problem once, whereas an exception would make Spark try the rows
   * again.
   */
  byte[] toBytes(Row row, RowBytes out) {
    out.clear();
    try {
      out.put(GOOD);
      write(row, out);
    } catch (IllegalArgumentException e) {
      out.clear();
      out.put(BAD);
      out.putValue("%s, in the row with %s".formatted(e.getMessage(), describe(row)));
    }
    return out.toBytes();
  }

  static boolean isBad(byte[] bytes) {
    return bytes[0] == BAD;
  }

  /** Returns the problem of a bad row. */
  static String problem(byte[] bytes) {
    RowBytes in = new RowBytes(bytes);
    in.get();
    return (String) in.getValue();
  }

  static boolean isValidation(byte[] bytes) {
    return bytes[bytes.length - 1] == 1;
  }

  private void write(Row row, RowBytes out) {
    if (order >= 0) {
      if (isOrderWhole() && !row.isNullAt(order)) {
        out.putWhole(((Number) row.get(order)).longValue());
      } else {
        out.putValue(value(row, order));
      }
    }
    if (isVector()) {
      out.putNumbers(vector(row));
    }
    for (int place : inputs) {
      out.putValue(input(row, place));
    }
    out.putValue(target(row));
    out.putNumber(weight < 0 ? 1 : weight(row));
    out.put(validation >= 0 && !row.isNullAt(validation) && row.getBoolean(validation) ? 1 : 0);
  }

  private static Object value(Row row, int place) {
    return row.isNullAt(place) ? null : Cells.value(row.get(place));
  }

  private double[] vector(Row row) {
    double[] numbers = Cells.numbers(row, features, name(features), -1);
    if (numbers.length == 0) {
      throw new IllegalArgumentException(
          "column %s has no numbers, expected at least one number".formatted(name(features)));
    }
    for (int i = 0; i < numbers.length; i++) {
      if (!Float.isFinite((float) numbers[i])) {
        throw new IllegalArgumentException(
            "column %s: number %s of the vector is %s, expected a float, up to 3.4e38"
                .formatted(name(features), i, numbers[i]));
      }
    }
    return numbers;
  }

  private Object input(Row row, int place) {
    Object value = value(row, place);
    if (value instanceof Double number && number.isInfinite()) {
      throw new IllegalArgumentException(
          "column %s is %s, expected a finite number or null".formatted(name(place), number));
    }
    return value;
  }

  private Object target(Row row) {
    Object value = value(row, label);
    if (value == null) {
      boolean isNaN = !row.isNullAt(label);
      throw new IllegalArgumentException(
          "column %s %s, expected a label in every row (leave out the others: where(\"%s\"))"
              .formatted(name(label), isNaN ? "is NaN" : "has no value", withLabel()));
    } else if (value instanceof Number number) {
      check(number.doubleValue());
      return classes ? value : (Double) number.doubleValue();
    } else if (Cell.parse((String) value, noLabels()).isMissing()) {
      throw new IllegalArgumentException(
          ("column %s is \"%s\", which stands for a missing value, expected a label in every row"
                  + " (another name if it is a class; or leave out the others: where(\"%s\"))")
              .formatted(name(label), value, withLabel()));
    }
    return value;
  }

  /** Returns the words that mark a missing label, besides an empty text. */
  private List<String> noLabels() {
    return isVector() ? List.of() : Cell.MISSING_STRINGS;
  }

  /** Returns the SQL condition that a row has a label. */
  private String withLabel() {
    String name = Fitting.quoted(name(label));
    if (type(label) instanceof StringType) {
      String others = String.join("", noLabels().stream().map(", '%s'"::formatted).toList());
      return "trim(%s) NOT IN (''%s)".formatted(name, others);
    }
    boolean hasNaN = type(label) instanceof DoubleType || type(label) instanceof FloatType;
    return name + " IS NOT NULL" + (hasNaN ? " AND NOT isnan(" + name + ")" : "");
  }

  private void check(double target) {
    boolean isSound =
        classes
            ? target == Math.rint(target) && (!isVector() || target >= 0 && target < MAX_CLASSES)
            : true;
    if (!isSound || Double.isInfinite(target)) {
      String expected =
          isVector()
              ? "a class from 0 to %s, or texts as names of classes".formatted(MAX_CLASSES - 1)
              : "a whole number, or texts as names of classes";
      throw new IllegalArgumentException(
          "column %s has the label %s, expected %s"
              .formatted(name(label), target, classes ? expected : "a finite number"));
    }
  }

  private double weight(Row row) {
    double number = Cells.number(row, weight, name(weight));
    if (number < 0 || !Float.isFinite((float) number)) {
      throw new IllegalArgumentException(
          "column %s is %s, expected the weight of the row, a float from 0"
              .formatted(name(weight), number));
    }
    return number;
  }

  /** Returns the values of a row by which a user finds it. */
  String describe(Row row) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String name : read()) {
      values.put(name, row.get(row.fieldIndex(name)));
    }
    return RowText.of(values);
  }

  /** Returns the values of a row given as bytes. */
  String describe(byte[] bytes) {
    RowBytes in = new RowBytes(bytes);
    in.get();
    Map<String, Object> values = new LinkedHashMap<>();
    if (order >= 0) {
      values.put(name(order), order(in));
    }
    Learned row = read(bytes);
    values.put(name(label), row.target);
    if (weight >= 0) {
      values.put(name(weight), row.weight);
    }
    if (isVector()) {
      values.put(name(features), row.vector);
    }
    for (int i = 0; i < inputs.length; i++) {
      values.put(name(inputs[i]), row.values[i]);
    }
    return RowText.of(values);
  }

  private Object order(RowBytes in) {
    return isOrderWhole() ? in.getWhole() : in.getValue();
  }

  /** The values of a row that training reads. */
  record Learned(double[] vector, Object[] values, Object target, float weight, boolean valid) {}

  Learned read(byte[] bytes) {
    RowBytes in = new RowBytes(bytes);
    in.get();
    if (order >= 0) {
      order(in);
    }
    double[] vector = isVector() ? in.getNumbers() : null;
    Object[] values = new Object[inputs.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.getValue();
    }
    return new Learned(vector, values, in.getValue(), (float) in.getNumber(), in.get() == 1);
  }
}
