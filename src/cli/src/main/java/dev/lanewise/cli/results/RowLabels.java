package dev.lanewise.cli.results;

import dev.lanewise.cli.inputs.DataSource;
import dev.lanewise.cli.inputs.Subject;
import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.DataOptions;
import dev.lanewise.report.RowNames;
import dev.lanewise.rows.Schema;
import dev.lanewise.table.RowStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Names rows of a table by the first ignored column that has another value in each row of the file,
 * or without such a column by their lines in the file.
 */
final class RowLabels {
  /** Rows of a file that are read for this: more would take long. */
  private static final int MOST_ROWS = 200_000;

  private static final int MOST_CHARACTERS = 40;
  private static final int ROWS = 256; // that are read at once

  /** An ignored column that has had no value twice. */
  private static final class Candidate {
    final Set<String> values = new HashSet<>();
    final Map<Integer, String> names = new HashMap<>(); // of the wanted rows
  }

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
    BitSet wanted = new BitSet();
    Arrays.stream(rows).forEach(wanted::set);
    Map<Integer, String> lines = new HashMap<>();
    Map<Integer, Candidate> candidates = new LinkedHashMap<>(); // by their places in the file
    float[] inputs = new float[ROWS * subject.model.inputs()];
    try (RowStream stream =
        RowStream.open(file, subject.model, true, DataOptions.reading(arguments, subject.model))) {
      List<String> ignored = subject.model.schema().map(Schema::ignored).orElse(List.of());
      for (String name : ignored) {
        candidates.put(stream.columns().indexOf(name), new Candidate());
      }
      candidates.remove(-1);
      int before = 0;
      for (int count = stream.next(inputs); count > 0; count = stream.next(inputs)) {
        for (int i = 0; i < count; i++) {
          int number = before + i;
          List<String> texts = stream.texts(i);
          candidates
              .entrySet()
              .removeIf(each -> !isOther(texts.get(each.getKey()), each.getValue()));
          if (wanted.get(number)) {
            lines.put(number, Long.toString(stream.line(i)));
            candidates.forEach((place, each) -> each.names.put(number, brief(texts.get(place))));
          }
        }
        before += count;
      }
      for (Map.Entry<Integer, Candidate> id : candidates.entrySet()) {
        return new RowNames(stream.columns().get(id.getKey()), id.getValue().names);
      }
    }
    return new RowNames("line of the file", lines);
  }

  private static boolean isOther(String text, Candidate candidate) {
    return !text.isEmpty() && candidate.values.add(text);
  }

  private static String brief(String text) {
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "...";
  }
}
