package dev.lanewise.table;

import dev.lanewise.format.FormatException;
import dev.lanewise.nn.NumberColumn;
import dev.lanewise.nn.Schema;
import java.util.Optional;

/** Makes the schema of a table for a model without one: numbers without missing values. */
final class SchemaOfNumbers {
  private SchemaOfNumbers() {}

  /** Makes the schema of the chosen columns; throws if they are not as many as the inputs. */
  static Schema of(Table table, ReadOptions options, int inputs) throws FormatException {
    if (!options.categorical.isEmpty()) {
      int place = table.place(options.categorical.get(0));
      throw TableColumns.wrong(table, place, "is to be categorical", "numbers, as the model takes");
    }
    TableColumns chosen = TableColumns.chosen(table, options);
    int features =
        table.columns().size()
            - chosen.targets.length
            - (chosen.weight < 0 ? 0 : 1)
            - chosen.ignored.size();
    if (features != inputs) {
      throw new FormatException(
          table.file(), "rows of %s features, expected %s as the model takes", features, inputs);
    }
    return chosen.schema(
        table,
        options.table(),
        place ->
            Optional.of(new NumberColumn(table.columns().get(place), place, Double.NaN, false)));
  }
}
