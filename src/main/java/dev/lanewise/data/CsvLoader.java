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
 * Data sets in CSV files. The first row is a header if one of its features is no number, if it has
 * the name of the target, or if its target is no number while all others are.
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

  /** Finds the target columns and passes over a header; the first row is the current record. */
  private Table table(Csv csv) throws FormatException {
    int columns = csv.fields();
    if (columns < 2) {
      throw new FormatException(
          file, "line %s has 1 column, expected at least 2, separated by commas", csv.line());
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      names.add(csv.text(i).strip());
    }
    String all = options.target().orElse("-1");
    String[] wanted = names.contains(all) ? new String[] {all} : all.split(",", -1);
    int[] targets = new int[wanted.length];
    boolean[] isTarget = new boolean[columns];
    boolean hasHeader = false;
    for (int k = 0; k < targets.length; k++) {
      targets[k] = index(wanted[k], names);
      hasHeader |= !isIndex(wanted[k]);
      isTarget[targets[k]] = true;
    }
    for (int i = 0; i < columns; i++) {
      hasHeader |= !isTarget[i] && !names.get(i).isEmpty() && Double.isNaN(csv.number(i));
    }
    isTarget = new boolean[columns];
    for (int k = 0; k < targets.length; k++) { // the name of a column comes before its index
      targets[k] = hasHeader && names.contains(wanted[k]) ? names.indexOf(wanted[k]) : targets[k];
      if (isTarget[targets[k]]) {
        throw new FormatException(
            file, "target column %s twice in %s, expected others", wanted[k], all);
      }
      isTarget[targets[k]] = true;
    }
    if (targets.length > 1 && options.loss().takesClasses()) {
      throw new FormatException(
          file,
          "%s target columns %s, expected one of classes (several are for other losses)",
          targets.length,
          all);
    }
    if (targets.length == columns) {
      throw new FormatException(file, "no column but targets %s, expected features", all);
    }
    if (!hasHeader) {
      return new Table(file, targets, Collections.nCopies(columns, ""), options.loss());
    }
    if (!csv.next()) {
      throw new FormatException(file, "a header and no rows, expected at least one");
    }
    return new Table(file, targets, names, options.loss());
  }

  private static boolean isIndex(String wanted) {
    return wanted.matches("-?[0-9]{1,9}");
  }

  private int index(String wanted, List<String> names) throws FormatException {
    int columns = names.size();
    if (isIndex(wanted)) {
      int index = Integer.parseInt(wanted);
      if (index < -columns || index >= columns) {
        throw new FormatException(
            file,
            "%s columns, expected one of number %s (the first is 0, the last %s)",
            columns,
            index,
            columns - 1);
      }
      return Math.floorMod(index, columns);
    }
    if (!names.contains(wanted)) {
      throw new FormatException(
          file, "no column %s, expected one of %s", wanted, String.join(", ", names));
    }
    return names.indexOf(wanted);
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
    int both = (int) Math.min(count, Math.round(count * two));
    if (options.validFraction().isPresent()) {
      trainRows = both - LoadOptions.share(options.validFraction().getAsDouble(), both);
    }
    if (trainRows == 0) {
      throw new FormatException(
          file,
          "%s rows, of which split sizes %s leave none for training, expected at least one",
          count,
          sizes);
    }
    Assembly assembly = new Assembly(file, options);
    assembly.divide(table, both - trainRows, count - both);
    return assembly.build(table.classNames(), new int[0]);
  }
}
