package dev.lanewise.table;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.CodePoints;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.internal.WatchedColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The role of each column of a table, which options or the schema of a model choose. */
final class ColumnRoles {
  // a text has this many rows on average, unless it is the only one
  private static final int ROWS_OF_A_TEXT = 10;

  private static final int NONE = -1;

  final int[] targets; // positions; empty if rows have no target
  final int weight; // position, or -1
  final Set<Integer> ignored = new HashSet<>();
  final Set<Integer> categorical = new HashSet<>();
  final Set<Integer> numeric = new HashSet<>();
  final int[] features; // position of each column of a schema; null without schema
  private int order = NONE; // position of the column in whose order rows are divided
  final List<String> unknown = new ArrayList<>(); // columns that are not in the schema

  ColumnRoles(int[] targets, int weight, int[] features) {
    this.targets = targets;
    this.weight = weight;
    this.features = features;
  }

  /** Chooses columns for training as the options name them. */
  static ColumnRoles chosen(ColumnStore table, ReadOptions options) throws FormatException {
    int weight = options.weight.isEmpty() ? NONE : table.place(options.weight.get());
    Set<Integer> ignored = new HashSet<>();
    for (String name : options.ignored) {
      ignored.add(table.place(name));
    }
    int[] targets = targets(table, options, weight, ignored);
    ColumnRoles columns = new ColumnRoles(targets, weight, null);
    columns.ignored.addAll(ignored);
    for (String name : options.categorical) {
      columns.categorical.add(table.place(name));
    }
    for (String name : options.numeric) {
      columns.numeric.add(table.place(name));
    }
    columns.requireOneUse(table);
    return columns;
  }

  /** Returns the target columns in the options, or else the last column without another use. */
  private static int[] targets(
      ColumnStore table, ReadOptions options, int weight, Set<Integer> ignored)
      throws FormatException {
    if (options.target.isEmpty()) {
      if (!table.hasLast()) {
        throw DataErrors.wrong(
            "rows of maps whose keys have no order, expected a target (ReadOptions.withTarget) or"
                + " LinkedHashMap");
      }
      int last = table.columns().size() - 1;
      while (last > 0 && (last == weight || ignored.contains(last))) {
        last--;
      }
      return new int[] {last};
    }
    String all = options.target.get();
    String[] wanted = table.columns().contains(all) ? new String[] {all} : all.split(",", -1);
    int[] targets = new int[wanted.length];
    for (int k = 0; k < targets.length; k++) {
      targets[k] = table.place(wanted[k].strip());
    }
    return targets;
  }

  /** Says which column has the order of the rows, which may be ignored as a feature. */
  void orderBy(int place) {
    order = place;
  }

  /** Returns whether numbers and dates of a column are read. */
  boolean areRead(int place) {
    return place == order || !ignored.contains(place) && !categorical.contains(place);
  }

  private void requireOneUse(ColumnStore table) throws FormatException {
    Set<Integer> taken = new HashSet<>();
    for (int target : targets) {
      if (!taken.add(target)) {
        throw wrong(table, target, "is the target twice", "other target columns");
      }
    }
    for (int place : ignored) {
      if (taken.contains(place) || place == weight) {
        String use = place == weight ? "weight" : "target";
        throw wrong(table, place, "is to be ignored and the " + use, "one of them");
      }
    }
    for (int place : categorical) {
      if (taken.contains(place) || place == weight || ignored.contains(place)) {
        throw wrong(table, place, "is categorical and no feature", "one of them");
      }
    }
    for (int place : numeric) {
      if (taken.contains(place) || place == weight || !areRead(place)) {
        throw wrong(table, place, "is numeric and has another use", "one of them");
      }
    }
    if (weight >= 0 && !taken.add(weight)) {
      throw wrong(table, weight, "is for both target and weight", "one for each");
    }
    taken.addAll(ignored);
    if (taken.size() == table.columns().size()) {
      throw new FormatException(
          table.file(),
          "%s column%s and no features, expected at least one beside target, weight and ignored"
              + " ones (%s if the columns were not found%s)",
          taken.size(),
          taken.size() == 1 ? "" : "s",
          Remedy.SEPARATOR.with(),
          taken.size() == 1 && table.columns().get(0).contains(" ")
              ? "; if blanks are between them, tr -s ' ' , turns them into commas"
              : "");
    }
  }

  static FormatException wrong(ColumnStore table, int place, String found, String expected) {
    return new FormatException(
        table.file(), "column %s %s, expected %s", table.columns().get(place), found, expected);
  }

  /** Throws if the options name other columns than those the model was trained on. */
  static void requireSame(ColumnStore table, ReadOptions options, Schema schema)
      throws FormatException {
    if (options.target.isPresent()) {
      String all = options.target.get();
      List<String> wanted = new ArrayList<>();
      for (String one : table.columns().contains(all) ? new String[] {all} : all.split(",", -1)) {
        wanted.add(table.columns().get(table.place(one.strip())));
      }
      if (!wanted.equals(schema.targets())) {
        throw new FormatException(
            table.file(),
            "target %s, expected %s, which the model predicts (leave %s out)",
            wanted,
            schema.targets(),
            Remedy.TARGET.with());
      }
    }
    if (options.weight.isPresent()) {
      int place = table.place(options.weight.get());
      if (!schema.weight().equals(Optional.of(table.columns().get(place)))) {
        throw wrong(
            table,
            place,
            "is for the weights",
            schema.weight().map(name -> "column " + name).orElse("none") + " as the model has");
      }
    }
    requireKind(table, options.ignored, schema, "", "is to be ignored");
    requireKind(table, options.categorical, schema, "category", "is to be categorical");
    requireKind(table, options.numeric, schema, "number", "is to be numeric");
  }

  /** Throws if a column of the model among some is of another kind. */
  private static void requireKind(
      ColumnStore table, List<String> names, Schema schema, String kind, String found)
      throws FormatException {
    for (String name : names) {
      int place = table.place(name);
      for (Column column : schema.columns()) {
        if (column.name().equals(table.columns().get(place)) && !column.kind().equals(kind)) {
          throw wrong(table, place, found, "a " + column.kind() + " as in the model");
        }
      }
    }
  }

  /** Finds the columns that a model was trained on, by name or, without names, by position. */
  static ColumnRoles known(ColumnStore table, Schema schema) throws FormatException {
    List<String> names = table.columns();
    String file = table.file();
    if (!schema.header()) {
      return byPlace(names, file, schema);
    }
    if (!table.hasHeader()) {
      throw new FormatException(
          file,
          "no header in the first line, expected a header that names the columns of the model: %s"
              + " (%s: it is one)",
          schema.columnNames(),
          Remedy.HEADER.with("yes"));
    }
    int[] features = schema.columnNames().stream().mapToInt(names::indexOf).toArray();
    Set<String> lacking = new LinkedHashSet<>(schema.columnNames());
    lacking.removeAll(names);
    if (!lacking.isEmpty()) {
      throw new FormatException(
          file,
          "no column %s, expected the columns of the model: found %s%s",
          lacking,
          names,
          names.size() > 1
              ? ""
              : Message.of(
                  " as one column (%s or %s, if they are not as in training)",
                  Remedy.SEPARATOR.with(), Remedy.DECIMAL.with("MARK", "")));
    }
    int weight = schema.weight().map(names::indexOf).orElse(NONE);
    ColumnRoles columns = new ColumnRoles(targets(names, schema), weight, features);
    Set<String> known = new HashSet<>(schema.ignored());
    known.addAll(schema.columnNames());
    known.addAll(schema.targets());
    schema.weight().ifPresent(known::add);
    columns.unknown.addAll(names);
    columns.unknown.removeAll(known);
    return columns;
  }

  /** Returns hints on rows that are not examples; none for a table that is larger than memory. */
  List<Message> oddRows(ColumnStore table) {
    Map<String, TableColumn> cells = new LinkedHashMap<>();
    for (int place = 0; place < table.columns().size() && table.isInMemory(); place++) {
      cells.put(table.columns().get(place), table.column(place));
    }
    return OddRows.hints(cells, table.rows(), table::at);
  }

  void noteUnknown(List<Message> notes) {
    if (!unknown.isEmpty()) {
      notes.add(Message.of("Columns passed over, as the model does not know them: %s", unknown));
    }
  }

  /** Infers the kind of the column at a position; empty if the column is ignored. */
  interface Inference {
    Optional<Column> of(int place) throws FormatException;
  }

  Schema schema(ColumnStore table, TableOptions how, Inference inference) throws FormatException {
    List<Column> columns = new ArrayList<>();
    List<String> without = new ArrayList<>();
    Map<String, Integer> places = new HashMap<>();
    List<String> names = table.columns();
    List<Integer> others = new ArrayList<>(Arrays.stream(targets).boxed().toList());
    List<String> targetNames = others.stream().map(names::get).toList();
    others.add(weight);
    for (int place = 0; place < names.size(); place++) {
      places.put(names.get(place), place);
      if (others.contains(place)) {
        continue;
      }
      Optional<Column> column = ignored.contains(place) ? Optional.empty() : inference.of(place);
      column.ifPresent(columns::add);
      if (column.isEmpty()) {
        without.add(names.get(place));
      }
    }
    return new Schema(
        columns,
        targetNames,
        weight < 0 ? Optional.empty() : Optional.of(names.get(weight)),
        without,
        places,
        table.hasHeader(),
        how.missing(),
        how.format().decimal(),
        notations(table, columns));
  }

  /** Returns the notations of the columns that have a use. */
  private Map<String, Notation> notations(ColumnStore table, List<Column> columns) {
    Map<String, Notation> notations = new HashMap<>(table.given().notations());
    Set<String> used = new HashSet<>();
    columns.forEach(column -> used.add(column.name()));
    Arrays.stream(targets).mapToObj(table.columns()::get).forEach(used::add);
    if (weight >= 0) {
      used.add(table.columns().get(weight));
    }
    notations.keySet().retainAll(used);
    return notations;
  }

  /**
   * Makes the schema of a table for a model without one: numbers without missing values, in the
   * columns that the options choose; throws if these are not as many as the inputs.
   */
  static Schema schemaOfNumbers(ColumnStore table, ReadOptions options, int inputs)
      throws FormatException {
    if (!options.categorical.isEmpty()) {
      int place = table.place(options.categorical.get(0));
      throw wrong(table, place, "is to be categorical", "numbers, as the model takes");
    }
    ColumnRoles chosen = chosen(table, options);
    int others = chosen.targets.length + (chosen.weight < 0 ? 0 : 1) + chosen.ignored.size();
    List<String> names = table.columns();
    int features = names.size() - others;
    if (features != inputs) {
      throw new FormatException(
          table.file(), "rows of %s features, expected %s as the model takes", features, inputs);
    }
    return chosen.schema(
        table,
        options.table(),
        place -> Optional.of(new NumberColumn(names.get(place), place, Double.NaN, false)));
  }

  private static int[] targets(List<String> names, Schema schema) {
    int[] targets = schema.targets().stream().mapToInt(names::indexOf).toArray();
    return Arrays.stream(targets).anyMatch(place -> place < 0) ? new int[0] : targets;
  }

  private static ColumnRoles byPlace(List<String> names, String file, Schema schema)
      throws FormatException {
    int all = schema.places().size();
    List<Integer> targets = schema.targets().stream().map(schema.places()::get).toList();
    boolean without = names.size() == all - targets.size() && !targets.isEmpty();
    if (names.size() != all && !without) {
      throw new FormatException(
          file,
          "%s columns, expected %s as the training file had, or %s without the target",
          names.size(),
          all,
          all - targets.size());
    }
    List<Integer> missing = without ? targets : List.of();
    int[] features =
        schema.columnNames().stream().mapToInt(name -> place(name, schema, missing)).toArray();
    int[] places = without ? new int[0] : targets.stream().mapToInt(place -> place).toArray();
    int weight = schema.weight().map(name -> place(name, schema, missing)).orElse(NONE);
    return new ColumnRoles(places, weight, features);
  }

  /** Returns the position of a column if some columns before it are missing. */
  private static int place(String name, Schema schema, List<Integer> missing) {
    int place = schema.places().get(name);
    return place - (int) missing.stream().filter(other -> other < place).count();
  }

  /**
   * Returns the ignored columns that have few texts in the training rows, with their counts; others
   * may name the rows.
   *
   * @param rows the rows of the table, those for training first
   * @param count number of rows for training
   */
  static List<WatchedColumn> watched(ColumnStore table, Schema schema, int[] rows, int count) {
    List<WatchedColumn> watched = new ArrayList<>();
    int[] train = TableRows.inOrder(Arrays.copyOf(rows, count)); // fastest to read
    int most = Math.max(1, Math.min(WatchedColumn.MOST, count / ROWS_OF_A_TEXT));
    for (String name : schema.ignored()) {
      int place = table.columns().indexOf(name);
      if (place < 0) {
        continue; // column of another file than that of the schema
      }
      ColumnStatistics found = new ColumnStatistics(table.column(place), train);
      Map<String, Integer> counts = new TreeMap<>(CodePoints.ORDER);
      counts.putAll(found.texts(false, most));
      if (counts.size() <= most) {
        int[] all =
            Arrays.copyOf(counts.values().stream().mapToInt(n -> n).toArray(), counts.size() + 1);
        all[counts.size()] = found.missing;
        watched.add(new WatchedColumn(name, List.copyOf(counts.keySet()), all));
      }
    }
    return watched;
  }
}
