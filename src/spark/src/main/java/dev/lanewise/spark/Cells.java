package dev.lanewise.spark;

import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import scala.collection.Seq;

/** Converts values in Spark's columns to values of Lanewise. */
final class Cells {
  /** From this number on, some whole numbers are not doubles. */
  private static final double WHOLE = 1L << 53;

  private Cells() {}

  /** Returns the index of a column, which must exist. */
  static int place(StructType schema, String name, String use) {
    scala.Option<Object> place = schema.getFieldIndex(name);
    if (place.isEmpty()) {
      throw new IllegalArgumentException(
          "no column %s for %s, expected one of %s"
              .formatted(name, use, java.util.List.of(schema.fieldNames())));
    }
    return (Integer) place.get();
  }

  /** Returns the index of a column of numbers, texts, truth values or dates. */
  static int placeOfValues(StructType schema, String name, String use) {
    int place = place(schema, name, use);
    DataType type = schema.fields()[place].dataType();
    if (!(isNumber(type)
        || type instanceof StringType
        || type instanceof BooleanType
        || type instanceof DateType
        || type instanceof TimestampType
        || type instanceof TimestampNTZType)) {
      throw wrongType(schema.fields()[place], "a number, a text, a truth value or a date");
    }
    return place;
  }

  /** Returns the index of a column of numbers. */
  static int placeOfNumbers(StructType schema, String name, String use) {
    int place = place(schema, name, use);
    if (!isNumber(schema.fields()[place].dataType())) {
      throw wrongType(schema.fields()[place], "a number");
    }
    return place;
  }

  /** Returns the index of a column of truth values. */
  static int placeOfFlags(StructType schema, String name, String use) {
    int place = place(schema, name, use);
    if (!(schema.fields()[place].dataType() instanceof BooleanType)) {
      throw wrongType(schema.fields()[place], "a truth value");
    }
    return place;
  }

  /** Returns the index of a column of vectors. */
  static int placeOfVectors(StructType schema, String name, String use) {
    int place = place(schema, name, use);
    if (!isVector(schema.fields()[place].dataType())) {
      throw wrongType(schema.fields()[place], "a vector or an array of doubles or floats");
    }
    return place;
  }

  static boolean isVector(DataType type) {
    return type.equals(SQLDataTypes.VectorType())
        || type instanceof ArrayType array
            && (array.elementType() instanceof DoubleType
                || array.elementType() instanceof FloatType);
  }

  static boolean isNumber(DataType type) {
    return type instanceof NumericType;
  }

  private static IllegalArgumentException wrongType(StructField field, String expected) {
    return new IllegalArgumentException(
        "column %s is of type %s, expected %s"
            .formatted(field.name(), field.dataType().simpleString(), expected));
  }

  /**
   * Returns a value as a Double, a String or null. NaN becomes null, truth values become words, and
   * dates and times become texts of ISO 8601. A whole number that is not a double, such as a long
   * id, becomes a BigDecimal.
   */
  static Object value(Object found) {
    if (found == null) {
      return null;
    } else if (found instanceof Number number) {
      double value = number.doubleValue();
      boolean isWhole = number instanceof Long || number instanceof BigDecimal;
      if (isWhole && Math.abs(value) >= WHOLE) {
        BigDecimal exact = new BigDecimal(number.toString());
        return exact.compareTo(new BigDecimal(value)) == 0 || !isWhole(exact)
            ? (Number) value
            : exact;
      }
      return Double.isNaN(value) ? null : (Double) value;
    } else if (found instanceof Timestamp time) {
      return time.toInstant().toString();
    } else if (found instanceof Date date) {
      return date.toLocalDate().toString();
    }
    return found.toString(); // texts, truth values, dates and times of java.time
  }

  private static boolean isWhole(BigDecimal number) {
    return number.stripTrailingZeros().scale() <= 0;
  }

  /**
   * Returns the numbers of a vector, all of which are finite.
   *
   * @param size required length; -1 for any
   * @throws IllegalArgumentException if the value is not such a vector; the message begins with the
   *     column
   */
  static double[] numbers(Row row, int place, String column, int size) {
    return numbers(row.isNullAt(place) ? null : row.get(place), column, size);
  }

  /** Returns the numbers of a value that is not in a row. */
  static double[] numbers(Object found, String column, int size) {
    double[] numbers;
    if (found == null) {
      throw new IllegalArgumentException("column %s is null, expected a vector".formatted(column));
    } else if (found instanceof Vector vector) {
      numbers = vector.toArray();
    } else if (found instanceof Seq<?> array) {
      numbers = new double[array.length()];
      for (int i = 0; i < numbers.length; i++) {
        Object number = array.apply(i);
        numbers[i] = number == null ? Double.NaN : ((Number) number).doubleValue();
      }
    } else {
      throw new IllegalArgumentException(
          "column %s is %s, expected a vector or an array of numbers"
              .formatted(column, found.getClass().getSimpleName()));
    }
    if (size >= 0 && numbers.length != size) {
      throw new IllegalArgumentException(
          "column %s has %s numbers, expected %s for this model"
              .formatted(column, numbers.length, size));
    }
    for (int i = 0; i < numbers.length; i++) {
      if (!Double.isFinite(numbers[i])) {
        throw new IllegalArgumentException(
            "column %s: number %s of the vector is %s, expected a finite number"
                .formatted(column, i, numbers[i]));
      }
    }
    return numbers;
  }

  /**
   * Returns a finite number.
   *
   * @throws IllegalArgumentException if the value is null or not finite; the message begins with
   *     the column
   */
  static double number(Row row, int place, String column) {
    double number = row.isNullAt(place) ? Double.NaN : ((Number) row.get(place)).doubleValue();
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException(
          "column %s is %s, expected a finite number"
              .formatted(column, row.isNullAt(place) ? "null" : number));
    }
    return number;
  }

  /** Returns an exception that adds the values of the row to a message. */
  static IllegalArgumentException wrong(RuntimeException problem, String row) {
    return new IllegalArgumentException(
        "lanewise: %s, in the row with %s".formatted(problem.getMessage(), row), problem);
  }
}
