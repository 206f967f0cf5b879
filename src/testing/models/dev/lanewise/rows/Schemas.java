package dev.lanewise.rows;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Schemas for tests. */
public final class Schemas {
  private Schemas() {}

  /** Returns a schema whose target is y, where NA and ? are missing values. */
  public static Schema of(Column... columns) {
    return of(List.of("NA", "?"), '.', columns);
  }

  /** Returns a schema whose target is y, with words for a missing value. */
  public static Schema of(List<String> missing, char decimal, Column... columns) {
    Map<String, Integer> places = new HashMap<>(Map.of("y", columns.length));
    for (Column column : columns) {
      places.put(column.name(), column.position());
    }
    return new Schema(
        List.of(columns),
        List.of("y"),
        Optional.empty(),
        List.of(),
        places,
        true,
        missing,
        decimal,
        Map.of());
  }
}
