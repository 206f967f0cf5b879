package dev.lanewise.data;

import dev.lanewise.format.Csv;
import dev.lanewise.format.FormatException;
import dev.lanewise.kernel.CounterRandom;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Data sets in CSV files. The first row is a header if one of its features or its weight is no
 * number, if it has the name of the target or the weight, or if its target is no number while all
 * others are.
 */
final class CsvLoader {
  private final Path path;
  private final String file;
  private final LoadOptions options;

  CsvLoader(Path path, LoadOptions options) {
    this.path = path;
    this.file = path.toString();
    this.options = options;
  }

  Dataset load() throws IOException {
    Table table;
    try (Csv csv = Csv.open(path)) {
      if (!csv.next()) {
        throw new FormatException(file, "only empty lines, expected rows of numbers and a class");
      }
      table = table(csv);
      do {
        table.add(csv);
      } while (csv.next());
    }
    table.dropHeader();
    return split(table);
  }

  /** Finds the columns and passes over a header; the first row is the current record. */
  private Table table(Csv csv) throws FormatException {
    int columns = csv.fields();
    boolean weighted = options.weight().isPresent();
    int least = weighted ? 3 : 2;
    if (columns < least) {
      throw new FormatException(
          file,
          "line %s has %s column%s, expected at least %s, separated by commas",
          csv.line(),
          columns,
          columns == 1 ? "" : "s",
          least);
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      names.add(csv.text(i).strip());
    }
    String wanted = options.target().orElse("-1");
    String weightWanted = options.weight().orElse("");
    int target = column(wanted, names);
    int weight = weighted ? column(weightWanted, names) : -1;
    boolean anyTarget = options.target().isEmpty(); // the last that is left
    target -= anyTarget && target == weight ? 1 : 0;
    boolean hasHeader = !isIndex(wanted) || weighted && !isIndex(weightWanted);
    for (int i = 0; i < columns; i++) {
      hasHeader |= i != target && !names.get(i).isEmpty() && Double.isNaN(csv.number(i));
    }
    if (hasHeader) { // in which a number may be a name
      target = names.contains(wanted) ? names.indexOf(wanted) : target;
      weight = weighted && names.contains(weightWanted) ? names.indexOf(weightWanted) : weight;
    }
    target -= anyTarget && target == weight ? 1 : 0;
    if (target == weight) {
      throw new FormatException(
          file, "column %s for both target and weight, expected one for each", target);
    }
    if (!hasHeader) {
      names = Collections.nCopies(columns, "");
    } else if (!csv.next()) {
      throw new FormatException(file, "a header and no rows, expected at least one");
    }
    return new Table(file, target, weight, names, options.loss());
  }

  private static boolean isIndex(String wanted) {
    return wanted.matches("-?[0-9]{1,9}");
  }

  /** The column of a number, or of a name if it is none. */
  private int column(String wanted, List<String> names) throws FormatException {
    int columns = names.size();
    int index = isIndex(wanted) ? Integer.parseInt(wanted) : names.indexOf(wanted);
    if (isIndex(wanted) ? index < -columns || index >= columns : index < 0) {
      throw isIndex(wanted)
          ? new FormatException(
              file,
              "%s columns, expected one of number %s (the first is 0, the last %s)",
              columns,
              index,
              columns - 1)
          : new FormatException(
              file, "no column %s, expected one of %s", wanted, String.join(", ", names));
    }
    return Math.floorMod(index, columns);
  }

  private Dataset split(Table table) throws FormatException {
    int count = table.rows();
    int[] order = new int[count];
    CounterRandom.permutation(CounterRandom.key(options.seed(), CounterRandom.SPLIT, 0), order);
    table.arrange(order);
    List<Double> sizes = options.splitSizes();
    // Rounded at the boundaries, so that every row is in one split.
    int trainRows = (int) Math.round(count * sizes.get(0));
    double two = sizes.get(0) + (sizes.size() > 1 ? sizes.get(1) : 0);
    int validationRows = (int) Math.min(count, Math.round(count * two)) - trainRows;
    if (trainRows == 0) {
      throw new FormatException(
          file,
          "%s rows, of which split sizes %s leave none for training, expected at least one",
          count,
          sizes);
    }
    Assembly assembly = new Assembly(file, options);
    assembly.train(table, trainRows, validationRows);
    return assembly.build(table.classNames(), new int[0]);
  }
}
