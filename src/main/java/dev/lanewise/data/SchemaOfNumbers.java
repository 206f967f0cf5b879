package dev.lanewise.data;

import dev.lanewise.format.FormatException;
import dev.lanewise.nn.Column;
import dev.lanewise.nn.NumberColumn;
import dev.lanewise.nn.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The schema of a table for a model without one: numbers, without gaps. */
final class SchemaOfNumbers {
  private SchemaOfNumbers() {}

  /** The schema of the columns that options choose, refused if they are not as many as inputs. */
  static Schema of(Table table, LoadOptions options, int inputs) throws FormatException {
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
    return of(table, chosen);
  }

  private static Schema of(Table table, TableColumns chosen) {
    List<Column> columns = new ArrayList<>();
    List<String> ignored = new ArrayList<>();
    List<String> targets = new ArrayList<>();
    Map<String, Integer> places = new HashMap<>();
    Set<Integer> taken = new HashSet<>();
    for (int target : chosen.targets) {
      targets.add(table.columns().get(target));
      taken.add(target);
    }
    for (int place = 0; place < table.columns().size(); place++) {
      String name = table.columns().get(place);
      places.put(name, place);
      if (chosen.ignored.contains(place)) {
        ignored.add(name);
      } else if (!taken.contains(place) && place != chosen.weight) {
        columns.add(new NumberColumn(name, place, Double.NaN, false));
      }
    }
    Optional<String> weight =
        chosen.weight < 0 ? Optional.empty() : Optional.of(table.columns().get(chosen.weight));
    return new Schema(columns, targets, weight, ignored, places, table.hasHeader(), List.of(), '.');
  }
}
