package dev.lanewise.exchange;

import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.internal.Cell;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Describes the inputs of exported models for callers, who must compute them. */
final class Descriptions {
  private Descriptions() {}

  /** Describes the inputs of the graph of a table. */
  static String of(Schema schema, List<Onnx.Value> inputs) {
    Map<String, String> texts = new HashMap<>();
    for (Column column : schema.columns()) {
      String notation = notation(schema, column);
      String table = notation.isEmpty() ? "" : "; the table" + notation;
      if (column instanceof DateColumn date) {
        for (DateInput input : DateInput.values()) {
          texts.put(input.of(date), "; NaN is a missing value; " + input.text);
        }
        texts.merge(DateInput.DAYS.of(date), table, String::concat);
      } else {
        texts.put(
            column.name(),
            column instanceof CategoryColumn category
                ? (", spelled as here: %s; an empty text is a missing value, any other text is a"
                        + " value that training never saw")
                    .formatted(String.join(", ", category.categories()))
                : "; NaN is a missing value" + table);
      }
    }
    StringBuilder doc = new StringBuilder("Inputs are N x 1, a column of the table each.");
    for (Onnx.Value input : inputs) {
      String type = input.type() == Onnx.STRING ? "strings" : input.typeName();
      String text = texts.get(input.name());
      text = input.type() == Onnx.INT64 ? text.replace("; NaN is a missing value", "") : text;
      doc.append("\n%s: %s%s".formatted(input.name(), type, text));
    }
    return doc.toString();
  }

  private static String notation(Schema schema, Column column) {
    Notation notation = schema.notations().get(column.name());
    if (notation == null) {
      return "";
    }
    String value = Cell.read(notation, notation.example()).text();
    String years =
        notation.firstYear().stream()
            .mapToObj(" and the years from %s on"::formatted)
            .findFirst()
            .orElse("");
    return " has %s for %s%s".formatted(notation, value, years);
  }
}
