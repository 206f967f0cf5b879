package dev.lanewise.data;

import dev.lanewise.format.FormatException;
import dev.lanewise.kernel.CounterRandom;
import dev.lanewise.nn.Column;
import dev.lanewise.nn.DateColumn;
import dev.lanewise.nn.Division;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.RowSample;
import dev.lanewise.nn.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Makes a data set of a table: finds the targets and what they are for, divides the rows, infers
 * the schema from the training rows and encodes all by it. For a model all of this is as the model
 * has it: the rows of its training file are divided as they were, those of another are one split.
 */
final class TableLoader {
  private static final List<Double> USUAL_SIZES = List.of(0.8, 0.1, 0.1);

  /** From this share on rows are said to be those of the training. */
  private static final double SUSPICIOUS = 0.5;

  private static final int PERCENT = 100;

  private final Table table;
  private final LoadOptions options;
  private final Optional<Mlp> model;
  private final List<String> notes = new ArrayList<>();
  private Schema schema;

  TableLoader(Table table, LoadOptions options) {
    this.options = how(table, options);
    this.table = table.as(this.options.table());
    this.model = options.model();
  }

  /** A table that was read in a way of its own says so, unless the options say more. */
  private static LoadOptions how(Table table, LoadOptions options) {
    boolean knowsNone = options.model().flatMap(Mlp::schema).isEmpty();
    boolean usual = options.table().equals(TableOptions.defaults());
    return knowsNone && usual ? table.how().map(options::withTable).orElse(options) : options;
  }

  /** Loads a file, or several that follow each other. */
  static Dataset load(Path file, LoadOptions options) throws IOException {
    return new TableLoader(read(file, options), options).load();
  }

  /** Reads a file whose columns the options, or the model, may name. */
  static Table read(Path file, LoadOptions options) throws IOException {
    Set<String> known = new HashSet<>(options.ignored());
    known.addAll(options.categorical());
    options.weight().ifPresent(known::add);
    options.target().ifPresent(all -> known.addAll(List.of(all.strip().split("\\s*,\\s*", -1))));
    options.target().ifPresent(known::add);
    known.removeIf(name -> name.matches("-?[0-9]{1,9}"));
    return read(file, options, known);
  }

  private static Table read(Path file, LoadOptions options, Set<String> known) throws IOException {
    Optional<Schema> schema = options.model().flatMap(Mlp::schema);
    Set<String> names = new HashSet<>(known);
    if (schema.isPresent() && schema.get().header()) {
      schema.get().columns().forEach(column -> names.add(column.name()));
    }
    return Table.read(NamedFiles.named(file), options.table(), names);
  }

  Dataset load() throws IOException {
    try {
      return model.isPresent() ? forModel(model.get()) : forTraining();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private Dataset forTraining() throws IOException {
    TableColumns columns = TableColumns.chosen(table, options);
    TableTargets targets = new TableTargets(table, columns.targets);
    targets.infer(options.loss());
    int[] rows = targets.rows().clone();
    int[] parts = divide(rows, targets, asAsked());
    schema = infer(rows, parts[0], columns);
    columns = TableColumns.known(table.columns(), table.hasHeader(), table.file(), schema);
    Division division = division(columns, targets, rows, parts[0], asAsked());
    return assembled(columns, targets, rows, parts, division);
  }

  /** How the options divide the rows, of which no digest is known yet. */
  private Division asAsked() {
    return new Division(
        "",
        options.seed().orElse(0),
        sizes(),
        options.validFraction(),
        options.stratified(),
        RowSample.NONE);
  }

  /** A division with what tells the file and its training rows. */
  private Division division(
      TableColumns columns, TableTargets targets, int[] rows, int trainRows, Division how) {
    int[] inOrder = targets.rows();
    long[] hashes = hashes(table, columns, inOrder);
    int[] training = Arrays.copyOf(rows, trainRows);
    Arrays.sort(training);
    long[] some = new long[trainRows];
    for (int i = 0, at = 0; i < trainRows; i++, at++) {
      while (inOrder[at] != training[i]) {
        at++;
      }
      some[i] = hashes[at];
    }
    return new Division(
        RowHashes.digest(hashes),
        how.seed(),
        how.sizes(),
        how.validFraction(),
        how.stratified(),
        RowSample.of(some));
  }

  private Dataset assembled(
      TableColumns columns, TableTargets targets, int[] rows, int[] parts, Division division)
      throws IOException {
    noteMissing(targets);
    Labels labels = targets.labels(rows, columns.weight);
    Loss loss = targets.loss();
    LoadOptions known = options.withLoss(loss);
    if (loss.isRegression() && options.targetScale().isEmpty()) {
      known = known.withTargetScale(ScaleChoice.standard());
    }
    Assembly assembly = new Assembly(table.file(), known);
    assembly.take(
        new EncodedTable(table, rows, schema, columns.features, labels), parts[1], parts[2]);
    if (options.validData().isPresent()) {
      assembly.takeValidation(others(options.validData().get(), targets, division));
    }
    if (options.testData().isPresent()) {
      assembly.test(others(options.testData().get(), targets, division));
    }
    if (model.isEmpty()) {
      notes.add(
          0,
          "Target %s: %s (loss %s)"
              .formatted(String.join(", ", schema.targets()), targets.reason(), loss.label()));
    }
    return assembly
        .build(targets.names(), new int[0])
        .withOrigin(
            new Origin(
                Optional.of(loss),
                Optional.of(schema),
                Optional.of(division),
                new int[][] {
                  Arrays.copyOf(rows, parts[0]),
                  Arrays.copyOfRange(rows, parts[0], parts[0] + parts[1]),
                  Arrays.copyOfRange(rows, parts[0] + parts[1], rows.length)
                },
                schema.inputNames(),
                notes));
  }

  private void noteMissing(TableTargets targets) {
    int missing = table.rows() - targets.rows().length;
    if (missing > 0) {
      notes.add("%s of %s rows have no target and are left out".formatted(missing, table.rows()));
    }
  }

  /** The shares of the file's own rows. */
  private List<Double> sizes() {
    List<Double> sizes = options.splitSizes().orElse(USUAL_SIZES);
    double train = sizes.get(0);
    double valid = sizes.size() > 1 ? sizes.get(1) : 0;
    double test = sizes.size() > 2 ? sizes.get(2) : 0;
    boolean given = options.splitSizes().isPresent();
    requireNone(given && valid > 0 && options.validData().isPresent(), "validation");
    requireNone(given && test > 0 && options.testData().isPresent(), "test");
    if (options.validFraction().isPresent() && options.validData().isPresent()) {
      throw Split.wrong(
          "validation rows from a file and a share of the training rows, expected one");
    }
    if (given || options.validData().isEmpty() && options.testData().isEmpty()) {
      return sizes;
    }
    boolean keepsValid = options.validData().isEmpty();
    boolean keepsTest = options.testData().isEmpty();
    if (keepsValid) {
      return List.of(1 - valid, valid, 0.0);
    }
    return keepsTest ? List.of(train + valid, 0.0, test) : List.of(1.0, 0.0, 0.0);
  }

  private static void requireNone(boolean both, String part) {
    if (both) {
      throw Split.wrong(
          "%s rows from a file and by the split sizes, expected one (a size of 0)", part);
    }
  }

  /**
   * Shuffles rows, and puts those for training first, then those for validation; returns how many
   * are for training, validation and test.
   */
  private int[] divide(int[] rows, TableTargets targets, Division how) throws FormatException {
    int count = rows.length;
    int[] order = new int[count];
    CounterRandom.permutation(CounterRandom.key(how.seed(), CounterRandom.SPLIT, 0), order);
    arrange(rows, order);
    // Rounded at the boundaries, so that every row is in one split.
    List<Double> sizes = how.sizes();
    int train = (int) Math.round(count * sizes.get(0));
    double two = sizes.get(0) + (sizes.size() > 1 ? sizes.get(1) : 0);
    int both = (int) Math.min(count, Math.round(count * two));
    if (how.validFraction().isPresent()) {
      train = both - LoadOptions.share(how.validFraction().getAsDouble(), both);
    }
    if (train == 0) {
      throw new FormatException(
          table.file(),
          "%s rows, of which split sizes %s leave none for training, expected at least one",
          count,
          sizes);
    }
    if (how.stratified()) {
      arrange(rows, stratified(rows, targets, both - train, count - both));
    }
    return new int[] {train, both - train, count - both};
  }

  private int[] stratified(int[] rows, TableTargets targets, int validation, int test)
      throws FormatException {
    int[] classes = targets.labels(rows, -1).values;
    if (classes == null) {
      throw new FormatException(
          table.file(), "targets that are numbers, expected classes to stratify by");
    }
    if (validation + test == 0) {
      throw new FormatException(
          table.file(),
          "%s rows for training and nothing to stratify, expected a share for validation",
          rows.length);
    }
    return Stratification.order(classes, validation, test);
  }

  private static void arrange(int[] rows, int[] order) {
    int[] before = rows.clone();
    for (int i = 0; i < rows.length; i++) {
      rows[i] = before[order[i]];
    }
  }

  private Schema infer(int[] rows, int trainRows, TableColumns columns) throws FormatException {
    SchemaInference inference = new SchemaInference(table, rows, trainRows, options.minCount());
    List<Column> features = new ArrayList<>();
    List<String> ignored = new ArrayList<>();
    List<String> targets = new ArrayList<>();
    Map<String, Integer> places = new HashMap<>();
    Set<Integer> targetPlaces = new HashSet<>();
    for (int target : columns.targets) {
      targets.add(table.columns().get(target));
      targetPlaces.add(target);
    }
    for (int place = 0; place < table.columns().size(); place++) {
      String name = table.columns().get(place);
      places.put(name, place);
      if (targetPlaces.contains(place) || place == columns.weight) {
        continue;
      }
      Optional<Column> column =
          columns.ignored.contains(place)
              ? Optional.empty()
              : inference.infer(place, columns.categorical.contains(place));
      column.ifPresent(features::add);
      if (column.isEmpty()) {
        ignored.add(name);
      }
    }
    notes.addAll(inference.notes());
    if (features.isEmpty()) {
      throw new FormatException(
          table.file(),
          "no column that says anything: %s, expected at least one feature",
          inference.notes());
    }
    return new Schema(
        features,
        targets,
        columns.weight < 0 ? Optional.empty() : Optional.of(table.columns().get(columns.weight)),
        ignored,
        places,
        table.hasHeader(),
        options.table().missing(),
        options.table().format().decimal());
  }

  /** The rows of another file, read as those of the training were. */
  private EncodedTable others(Path file, TableTargets training, Division division)
      throws IOException {
    TableOptions how =
        schema.header() ? options.table() : options.table().withHeader(TableOptions.Header.NO);
    Set<String> names = new HashSet<>();
    if (schema.header()) {
      schema.columns().forEach(column -> names.add(column.name()));
    }
    Table other = Table.read(NamedFiles.named(file), how, names);
    TableColumns columns =
        TableColumns.known(other.columns(), other.hasHeader(), other.file(), schema);
    TableTargets targets = targetsOf(other, columns);
    targets.take(training.loss(), training.names(), training.outputs());
    int missing = other.rows() - targets.rows().length;
    if (missing > 0) {
      notes.add(
          "%s: %s of %s rows have no target and are left out"
              .formatted(other.file(), missing, other.rows()));
    }
    warn(other.file(), hashes(other, columns, targets.rows()), division);
    Labels labels = targets.labels(targets.rows(), columns.weight);
    return new EncodedTable(other, targets.rows(), schema, columns.features, labels);
  }

  private TableTargets targetsOf(Table other, TableColumns columns) throws FormatException {
    if (columns.targets.length == 0) {
      throw new FormatException(
          other.file(),
          "no target column %s, expected it, as predictions are to be compared with it",
          schema.targets());
    }
    return new TableTargets(other, columns.targets);
  }

  /** Data for a model: its training file, divided as it was, or another. */
  private Dataset forModel(Mlp known) throws IOException {
    schema = known.schema().orElse(null);
    TableColumns columns;
    if (schema == null) {
      columns = columnsOfNumbers(known);
    } else {
      columns = TableColumns.known(table.columns(), table.hasHeader(), table.file(), schema);
      TableColumns.requireSame(table, options, schema);
      requireSameGaps();
    }
    if (!columns.unknown.isEmpty()) {
      notes.add(
          FormatException.message(
              "Columns passed over, as the model does not know them: %s", columns.unknown));
    }
    TableTargets targets = targetsOf(table, columns);
    targets.take(known.loss(), known.classNames(), known.architecture().outputs());
    int[] rows = targets.rows().clone();
    Optional<Division> before = known.division();
    String digest = RowHashes.digest(hashes(table, columns, rows));
    Division how = whole(digest);
    boolean isOther = before.isPresent() && !before.get().digest().equals(digest);
    if (before.isPresent() && !isOther) {
      options.requireSame(before.get(), table.file());
      how = before.get();
    } else if (options.trains() || dividesAnyway()) {
      how = asAsked();
    }
    if (isOther) {
      if (how.digest().equals(digest)) {
        notes.add("Not the file that the model was trained on: all its rows are one split");
      }
      warn(table.file(), hashes(table, columns, rows), before.get());
    }
    int[] parts =
        how.sizes().isEmpty() ? new int[] {rows.length, 0, 0} : divide(rows, targets, how);
    if (how.digest().isEmpty()) {
      how = division(columns, targets, rows, parts[0], how);
      how = before.map(how::with).orElse(how);
    }
    return assembled(columns, targets, rows, parts, how);
  }

  /** A model that is trained further has one idea of what stands for no value. */
  private void requireSameGaps() throws FormatException {
    List<String> words = options.table().missing();
    if (options.trains() && !Set.copyOf(words).equals(Set.copyOf(schema.missing()))) {
      throw new FormatException(
          table.file(),
          "%s for no value, expected %s as the model has (leave --missing out)",
          String.join(",", words),
          String.join(",", schema.missing()));
    }
  }

  /** All rows as one split, in their order. */
  private static Division whole(String digest) {
    return new Division(digest, 0, List.of(), OptionalDouble.empty(), false, RowSample.NONE);
  }

  /** Of a model that was not trained on a table: its inputs are numbers, in order. */
  private TableColumns columnsOfNumbers(Mlp known) throws FormatException {
    schema = SchemaOfNumbers.of(table, options, known.architecture().inputs());
    return TableColumns.known(table.columns(), table.hasHeader(), table.file(), schema);
  }

  private boolean dividesAnyway() {
    return options.seed().isPresent()
        || options.splitSizes().isPresent()
        || options.validFraction().isPresent()
        || options.stratified();
  }

  /** Says so if many rows are training rows, or many training rows are among them. */
  private void warn(String file, long[] hashes, Division division) {
    double share = division.sample().share(hashes);
    boolean holdsMost = division.sample().found(hashes) >= SUSPICIOUS;
    if (share >= SUSPICIOUS || holdsMost) {
      notes.add(
          "Warning: about %s%% of the rows of %s are equal to training rows%s: where it is the"
                  .formatted(
                      Math.round(share * PERCENT), file, holdsMost ? ", most of which it has" : "")
              + " training file in another order, or with rows added or removed, scores are too"
              + " good");
    }
  }

  /**
   * A hash of each of some rows: of features and targets, in the order of the schema, but not of
   * weights, with others of which a row is still the same. Dates count by what becomes of them,
   * however they are written.
   */
  private long[] hashes(Table some, TableColumns columns, int[] rows) {
    long[] hashes = new long[rows.length];
    for (int c = 0; c < columns.features.length; c++) {
      boolean isDate = schema.columns().get(c) instanceof DateColumn;
      addTo(hashes, some.column(columns.features[c]), rows, isDate);
    }
    for (int place : columns.targets) {
      addTo(hashes, some.column(place), rows, false);
    }
    return hashes;
  }

  private static void addTo(long[] hashes, TableColumn column, int[] rows, boolean isDate) {
    String[] dates = new String[isDate ? column.words() + 1 : 0]; // by their codes
    for (int i = 0; i < rows.length; i++) {
      int code = column.code(rows[i]);
      if (code > 0) {
        String word = column.entry(code);
        if (isDate) {
          dates[code] = dates[code] == null ? DateColumn.canonical(word) : dates[code];
          word = dates[code];
        }
        hashes[i] = RowHashes.add(hashes[i], word);
      } else { // 0 and -0 are one number
        hashes[i] = RowHashes.add(hashes[i], Double.doubleToLongBits(column.number(rows[i]) + 0.0));
      }
    }
  }
}
