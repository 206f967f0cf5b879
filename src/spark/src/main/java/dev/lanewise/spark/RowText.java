package dev.lanewise.spark;

import dev.lanewise.format.internal.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import scala.collection.Seq;

/** Formats the values of a row for a message, by which a user finds the row in the table. */
final class RowText {
  /** Largest number of columns; more would hide the message. */
  private static final int COLUMNS = 8;

  private static final int NUMBERS = 6; // shown numbers of a vector

  private RowText() {}

  /** Returns the names and values of the first columns: {@code id = 7, town = "Ulm"}. */
  static String of(Map<String, ?> values) {
    List<String> texts = new ArrayList<>();
    values.forEach(
        (name, value) -> {
          if (texts.size() < COLUMNS) {
            boolean isText = value instanceof String;
            String pattern = isText ? "%s = \"%s\"" : "%s = %s";
            texts.add(Message.of(pattern, name, text(value)).toString());
          }
        });
    int left = values.size() - texts.size();
    return String.join(", ", texts) + (left > 0 ? " and " + left + " more columns" : "");
  }

  /** Returns the names and values of the first columns of a row. */
  static String of(Row row) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int c = 0; c < row.size(); c++) {
      String name = row.schema() == null ? "column " + c : row.schema().fieldNames()[c];
      values.put(name, row.get(c));
    }
    return of(values);
  }

  /** Returns the names and values of the argument of a function. */
  static String of(Object argument) {
    return argument instanceof Row row
        ? of(row)
        : of(Collections.singletonMap("features", argument));
  }

  private static String text(Object value) {
    if (value instanceof Vector vector) {
      return numbers(vector.size(), vector::apply);
    } else if (value instanceof double[] numbers) {
      return numbers(numbers.length, i -> numbers[i]);
    } else if (value instanceof Seq<?> array) {
      return numbers(array.length(), array::apply);
    } else if (value instanceof byte[] bytes) {
      return bytes.length + " bytes";
    }
    return String.valueOf(value).replaceAll("\\p{Cntrl}", "?"); // a message is one line
  }

  private static String numbers(int count, java.util.function.IntFunction<Object> number) {
    List<String> first = new ArrayList<>();
    for (int i = 0; i < Math.min(count, NUMBERS); i++) {
      first.add(String.valueOf(number.apply(i)));
    }
    return "["
        + String.join(", ", first)
        + (count > NUMBERS ? ", ... " + count + " numbers]" : "]");
  }
}
