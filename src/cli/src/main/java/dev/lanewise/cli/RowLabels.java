package dev.lanewise.cli;

import dev.lanewise.files.DataSource;
import dev.lanewise.files.Subject;
import dev.lanewise.report.RowNames;
import dev.lanewise.table.RowStream;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.DataOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Names rows of a table by the first ignored column that has another value in each row of the file,
 * or without such a column by their lines in the file.
 */
final class RowLabels {
  /** Rows of a file that are read for this: more would take time and memory. */
  private static final int MOST_ROWS = 20_000;

  private static final int MOST_CHARACTERS = 40;
  private static final int ROWS = 256; // that are read at once

  private RowLabels() {}

  /** Returns the names of the rows of a split by their numbers; null if they have none. */
  static RowNames of(Arguments arguments, Subject subject) {
    try {
      Path file = arguments.path("data");
      int[] rows = subject.tableRows();
      boolean isSmall = Arrays.stream(rows).max().orElse(MOST_ROWS) < MOST_ROWS;
      return isSmall && subject.model.schema().isPresent() && DataSource.isTable(file)
          ? read(file, arguments, subject, rows)
          : null;
    } catch (IOException | IllegalArgumentException e) {
      return null; // the rows keep their numbers
    }
  }

  private static RowNames read(Path file, Arguments arguments, Subject subject, int[] rows)
      throws IOException {
    Set<Integer> wanted = Arrays.stream(rows).boxed().collect(Collectors.toSet());
    Map<Integer, String> lines = new HashMap<>();
    Map<Integer, List<String>> texts = new HashMap<>();
    // values of the columns that have had no value twice
    Map<Integer, Set<String>> values = new TreeMap<>();
    float[] inputs = new float[ROWS * subject.model.inputs()];
    try (RowStream stream =
        RowStream.open(file, subject.model, true, DataOptions.reading(arguments, subject.model))) {
      for (String name : subject.model.schema().orElseThrow().ignored()) {
        values.put(stream.columns().indexOf(name), new HashSet<>());
      }
      values.remove(-1);
      int before = 0;
      for (int count = stream.next(inputs); count > 0; count = stream.next(inputs)) {
        for (int i = 0; i < count; i++) {
          List<String> row = stream.texts(i);
          values.entrySet().removeIf(each -> !isOther(row.get(each.getKey()), each.getValue()));
          if (wanted.contains(before + i)) {
            lines.put(before + i, Long.toString(stream.line(i)));
            texts.put(before + i, values.isEmpty() ? List.of() : row);
          }
        }
        before += count;
      }
      if (values.isEmpty()) {
        return new RowNames("line of the file", lines);
      }
      int id = values.keySet().iterator().next();
      lines.replaceAll((number, line) -> brief(texts.get(number).get(id)));
      return new RowNames(stream.columns().get(id), lines);
    }
  }

  private static boolean isOther(String text, Set<String> values) {
    return !text.isEmpty() && values.add(text);
  }

  private static String brief(String text) {
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "...";
  }
}
