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
    String all = options.target().orElse("-1");
    String[] wanted = names.contains(all) ? new String[] {all} : all.split(",", -1);
    boolean hasHeader = weighted && !isIndex(options.weight().get());
    for (String one : wanted) {
      hasHeader |= !isIndex(one);
    }
    int[] targets = targets(wanted, names, hasHeader);
    boolean[] isTarget = new boolean[columns];
    for (int target : targets) {
      isTarget[target] = true;
    }
    for (int i = 0; i < columns; i++) {
      hasHeader |= !isTarget[i] && !names.get(i).isEmpty() && Double.isNaN(csv.number(i));
    }
    targets = targets(wanted, names, hasHeader); // now that it is known what may be a name
    int weight = weight(names, hasHeader);
    isTarget = new boolean[columns];
    for (int k = 0; k < targets.length; k++) {
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
    if (weighted && isTarget[weight]) {
      throw new FormatException(
          file, "column %s for both target and weight, expected one for each", weight);
    }
    if (targets.length + least - 2 == columns) {
      throw new FormatException(
          file,
          "no column but targets %s%s, expected features",
          all,
          weighted ? " and the weight" : "");
    }
    if (!hasHeader) {
      names = Collections.nCopies(columns, "");
    } else if (!csv.next()) {
      throw new FormatException(file, "a header and no rows, expected at least one");
    }
    return new Table(file, targets, weight, names, options.loss());
  }

  /** The target columns: those that are wanted, or the last that is not of weights. */
  private int[] targets(String[] wanted, List<String> names, boolean hasHeader)
      throws FormatException {
    int[] targets = new int[wanted.length];
    for (int k = 0; k < targets.length; k++) {
      targets[k] = column(wanted[k], names, hasHeader);
    }
    targets[0] -= options.target().isEmpty() && targets[0] == weight(names, hasHeader) ? 1 : 0;
    return targets;
  }

  /** The column of weights, or -1. */
  private int weight(List<String> names, boolean hasHeader) throws FormatException {
    return options.weight().isEmpty() ? -1 : column(options.weight().get(), names, hasHeader);
  }

  private static boolean isIndex(String wanted) {
    return wanted.matches("-?[0-9]{1,9}");
  }

  /** The column of a name, which in a header a number may be too, or of an index. */
  private int column(String wanted, List<String> names, boolean hasHeader) throws FormatException {
    int columns = names.size();
    int place = names.indexOf(wanted);
    if (place >= 0 && (hasHeader || !isIndex(wanted))) {
      return place;
    }
    if (!isIndex(wanted)) {
      throw new FormatException(
          file, "no column %s, expected one of %s", wanted, String.join(", ", names));
    }
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
