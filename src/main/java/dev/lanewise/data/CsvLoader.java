package dev.lanewise.data;

import dev.lanewise.format.Csv;
import dev.lanewise.format.FormatException;
import dev.lanewise.kernel.CounterRandom;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Data sets in CSV files. The first row is a header if one of its features is no number, if it has
 * the name of the target, or if its target is no number while all others are.
 */
final class CsvLoader {
  private final Path path;
  private final String file;
  private final LoadOptions options;
  private List<String> header = List.of(); // none, or one a column
  private int columns;
  private int target;

  CsvLoader(Path path, LoadOptions options) {
    this.path = path;
    this.file = path.toString();
    this.options = options;
  }

  Dataset load() throws IOException {
    TableRows rows;
    TableTargets targets = new TableTargets(file);
    try (Csv csv = Csv.open(path)) {
      if (!csv.next()) {
        throw new FormatException(file, "only empty lines, expected rows of numbers and a class");
      }
      firstRecord(csv);
      rows = new TableRows(file, columns, target, header);
      if (!header.isEmpty() && !csv.next()) {
        throw new FormatException(file, "a header and no rows, expected at least one");
      }
      do {
        if (csv.fields() != columns) {
          throw new FormatException(
              file,
              "line %s has %s columns, expected %s as in the lines before"
                  .formatted(csv.line(), csv.fields(), columns));
        }
        targets.add(csv, target);
        rows.add(csv);
      } while (csv.next());
    }
    if (targets.firstIsHeader()) {
      targets.dropFirst();
      rows.dropFirst();
    }
    return split(rows, targets);
  }

  /** Finds the target column and whether there is a header. */
  private void firstRecord(Csv csv) throws FormatException {
    columns = csv.fields();
    if (columns < 2) {
      throw new FormatException(
          file,
          "line %s has 1 column, expected at least 2, separated by commas".formatted(csv.line()));
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      names.add(csv.text(i).strip());
    }
    String wanted = options.target().orElse("-1");
    int named = names.indexOf(wanted);
    OptionalInt index = index(wanted);
    if (named < 0 && index.isEmpty()) {
      throw new FormatException(
          file, "no column %s, expected one of %s".formatted(wanted, String.join(", ", names)));
    }
    target = index.orElse(named);
    boolean hasHeader = index.isEmpty();
    for (int i = 0; i < columns; i++) {
      hasHeader |= i != target && !names.get(i).isEmpty() && Double.isNaN(csv.number(i));
    }
    if (hasHeader) {
      header = names;
      target = named >= 0 ? named : target;
    }
  }

  /** The column that a number means, negative from the end, or empty if this is no number. */
  private OptionalInt index(String wanted) throws FormatException {
    if (!wanted.matches("-?[0-9]{1,9}")) {
      return OptionalInt.empty();
    }
    int index = Integer.parseInt(wanted);
    if (index < -columns || index >= columns) {
      throw new FormatException(
          file,
          "%s columns, expected one of number %s (the first is 0, the last %s)"
              .formatted(columns, wanted, columns - 1));
    }
    return OptionalInt.of(Math.floorMod(index, columns));
  }

  private Dataset split(TableRows rows, TableTargets targets) throws FormatException {
    int count = rows.rows();
    int[] order = new int[count];
    CounterRandom.permutation(CounterRandom.key(options.seed(), CounterRandom.SPLIT, 0), order);
    rows.arrange(order);
    List<Double> sizes = options.splitSizes();
    // Rounded at the boundaries, so that every row is in one split.
    int trainRows = (int) Math.round(count * sizes.get(0));
    double two = sizes.get(0) + (sizes.size() > 1 ? sizes.get(1) : 0);
    int validationRows = (int) Math.min(count, Math.round(count * two)) - trainRows;
    if (trainRows == 0) {
      throw new FormatException(
          file,
          "%s rows, of which split sizes %s leave none for training, expected at least one"
              .formatted(count, sizes));
    }
    Assembly assembly = new Assembly(file, options);
    int[] classes = targets.classes();
    int[] arranged = new int[count];
    for (int i = 0; i < count; i++) {
      arranged[i] = classes[order[i]];
    }
    Labels labels = Labels.of(arranged, OptionalInt.empty(), file);
    assembly.allThree(rows, labels, trainRows, validationRows);
    return assembly.build(targets.names(), new int[0]);
  }
}
