package dev.lanewise.table;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.internal.Labels;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Messages;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.parallel.Team;
import dev.lanewise.rows.Division;
import dev.lanewise.rows.RowSample;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.UnseenValues;
import dev.lanewise.rows.internal.TableMetadata;
import dev.lanewise.rows.internal.WatchedColumn;
import dev.lanewise.source.NamedFiles;
import dev.lanewise.table.ReadOptions.Totals;
import dev.lanewise.table.internal.DivisionRule;
import dev.lanewise.table.internal.Problems;
import dev.lanewise.table.internal.Repetition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Makes a data set of a table: chooses the loss, divides the rows, infers the schema from the
 * training rows and encodes all rows with it. If there is a model, loss and schema are the model's.
 * The model's training file is divided as it was for training. Another file is one split by
 * default.
 */
final class TableLoader {
  private static final int PERCENT = 100;

  /** Number of cells from which several threads are faster. */
  private static final int LARGE = 1 << 18;

  /** All rows as one split, in order. */
  private static final Division WHOLE =
      RowDivision.of(0, List.of(), OptionalDouble.empty(), false, DivisionRule.NONE);

  private ColumnStore table;
  private final ResolvedOptions options;
  private final Optional<Model> model;
  private final SpillFile cache;
  private final long memory; // maximum bytes for tables
  private final List<Message> notes = new ArrayList<>();
  private List<WatchedColumn> watched = List.of(); // in a training
  private Schema schema;
  private TableTargets targets; // of the table
  private RowDivision divided;
  private Division division;

  /** Loads a table in memory, whose encoded inputs are also kept in memory. */
  TableLoader(ColumnStore table, ResolvedOptions options) throws IOException {
    this(table, options, new SpillFile(Path.of(table.file()), options), Long.MAX_VALUE >> 3);
  }

  private TableLoader(ColumnStore table, ResolvedOptions options, SpillFile cache, long memory)
      throws IOException {
    this.cache = cache;
    this.memory = memory;
    this.options = how(table, options);
    ColumnStore examples = examples(table, this.options, notes);
    this.table = CsvReader.read(examples, this.options.reading().table(), cache);
    this.model = options.model();
  }

  /** Returns a table without a last row of totals, or refuses it, as the options say. */
  private static ColumnStore examples(
      ColumnStore table, ResolvedOptions options, List<Message> notes) throws FormatException {
    Totals choice = options.reading().totals;
    boolean isTraining = options.model().isEmpty() || options.trains();
    Message wayOut =
        !isTraining
            ? RowStream.AS_ONE
            : Message.of(
                "%s leaves it out, %s takes it as one",
                Remedy.TOTALS.with("skip"), Remedy.TOTALS.with("keep"));
    Message problem = choice == Totals.KEEP ? null : table.totals(wayOut);
    if (problem != null && choice == Totals.REFUSE && isTraining) {
      throw new FormatException(table.file(), problem, null);
    } else if (problem != null && choice == Totals.REFUSE) {
      notes.add(Message.of("%s: %s", table.file(), problem));
    } else if (problem != null) {
      String row = table.at(table.rows() - 1);
      notes.add(Message.of("The row of totals in %s of %s is left out", row, table.file()));
      return table.withoutLast();
    }
    return table;
  }

  /** Returns options that match how the table was read, unless they or the model say otherwise. */
  private static ResolvedOptions how(ColumnStore table, ResolvedOptions options) {
    ReadOptions reading = options.reading();
    return reading.table.isPresent() || table.given() == null
        ? options
        : options.with(reading.withTable(table.given()));
  }

  /** Loads a file, or several files that a wildcard names. */
  public static Dataset load(Path file, ResolvedOptions options) throws IOException {
    SpillFile cache = new SpillFile(file, options);
    return new TableLoader(read(file, options, cache), options, cache, SpillFile.memory()).load();
  }

  /** Reads a file, whose columns the options or the model may name. */
  static ColumnStore read(Path file, ResolvedOptions options, SpillFile cache) throws IOException {
    return read(file, options, options.headerNames(), cache, SpillFile.memory());
  }

  /** Reads a file; if rows of totals are to be left out, it is first read without notations. */
  private static ColumnStore read(
      Path file,
      ResolvedOptions options,
      ResolvedOptions.HeaderNames names,
      SpillFile cache,
      long memory)
      throws IOException {
    TableOptions how = options.reading().table();
    how = options.reading().totals == Totals.SKIP ? how.withNotations(Map.of()) : how;
    return CsvReader.read(NamedFiles.named(file), how, names, cache, memory, CsvReader.ALL);
  }

  public Dataset load() throws IOException {
    try {
      notes.addAll(table.notes());
      return model.isPresent() ? forModel(model.get()) : forTraining();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private Dataset forTraining() throws IOException {
    ColumnRoles columns = ColumnRoles.chosen(table, options.reading());
    Optional<String> order = options.division().rule.order();
    if (order.isPresent()) {
      columns.orderBy(table.place(order.get()));
    }
    Problems problems = new Problems(table.file(), false);
    TableOptions how = options.reading().table();
    table = NotationInference.read(table, columns, how, notes, problems);
    targets = new TableTargets(table, columns.targets);
    int[] all = targets.rows;
    try {
      targets.infer(options.scaling().loss);
    } catch (FormatException e) {
      String target = table.columns().get(columns.targets[0]);
      if (!problems.has(target)) {
        problems.addTarget(target, e);
      }
      infer(columns, all, all.length, problems); // finds the problems of the other columns
      problems.throwAny();
    }
    Division asked = asked();
    divided = RowDivision.of(table, targets, asked, options.division());
    schema = infer(columns, divided.rows, divided.parts[0].length, problems);
    columns = ColumnRoles.known(table, schema);
    new TableRows(table, all, schema, columns.features, null).check(problems);
    problems.throwAny();
    notes.addAll(columns.oddRows(table));
    RowHashes hashes = new RowHashes(table, columns, schema, targets.rows);
    SharedRows shared = new SharedRows(hashes, divided.parts[0]);
    division = asked.of(hashes.digest(asked.rule()), RowSample.of(shared.hashes));
    noteRule(asked);
    String names = String.join(", ", schema.targets());
    Message chosen =
        options.reading().target.isPresent()
            ? Message.of("Target %s", names)
            : Message.of(
                "Target %s is the last column (%s chooses another)", names, Remedy.TARGET.with());
    notes.add(0, Message.of("%s: %s (loss %s)", chosen, targets.reason, targets.loss.label()));
    return assembled(columns, shared);
  }

  /** Returns the division that the options ask for, with the name of its column in the table. */
  private Division asked() throws FormatException {
    DivisionOptions how = options.division();
    if (how.rule.column().isPresent()) {
      int place = table.place(how.rule.column().get());
      how = how.withRule(how.rule.withColumn(table.columns().get(place)));
    }
    return RowDivision.asked(how, targets.loss.task().hasClasses());
  }

  private void noteRule(Division division) {
    DivisionRule rule = DivisionRule.of(division.rule());
    rule.group()
        .ifPresent(
            name ->
                notes.add(
                    Message.of(
                        "Rows of the same %s are all for training, validation or the test, so that"
                            + " column is not a feature",
                        name)));
    rule.order()
        .ifPresent(
            name ->
                notes.add(
                    Message.of(
                        "In the order of %s, the validation rows come after the training rows and"
                            + " the test rows after both",
                        name)));
    rule.note().ifPresent(notes::add);
  }

  /** Infers the schema from the first rows of an order, or throws the problems that it can have. */
  private Schema infer(ColumnRoles columns, int[] rows, int count, Problems problems)
      throws FormatException {
    int minCount = options.reading().minCount;
    SchemaInference inference = new SchemaInference(table, rows, count, minCount);
    Schema inferred =
        columns.schema(
            table, options.reading().table(), place -> inference.infer(place, columns, problems));
    notes.addAll(inference.notes);
    if (inferred.columns().isEmpty()) {
      problems.throwAny();
    }
    if (inferred.columns().isEmpty()) {
      throw new FormatException(
          table.file(),
          "no column can be a feature, as %s, expected at least one feature",
          inference.ignored);
    }
    return inferred;
  }

  private Dataset assembled(ColumnRoles columns, SharedRows shared) throws IOException {
    if (model.isEmpty() || options.trains()) {
      watched = ColumnRoles.watched(table, schema, divided.rows, divided.parts[0].length);
    }
    noteMissing(table, targets, "");
    shared.note("validation", shared.all, divided.parts[1], notes);
    shared.note("test", shared.all, divided.parts[2], notes);
    Labels labels = targets.labels(divided.rows, columns.weight);
    notes.addAll(targets.notes());
    Loss loss = targets.loss;
    ScaleOptions scaling = options.scaling().withLoss(loss);
    if (loss.task().scalesTargets() && scaling.targetScale.isEmpty()) {
      scaling = scaling.withTargetScale(ScaleChoice.standard());
    }
    List<TableRows> all = new ArrayList<>();
    all.add(new TableRows(table, divided.rows, schema, columns.features, labels));
    all.add(others("validation", options.division().validData, shared));
    all.add(others("test", options.division().testRows(), shared));
    List<TableRows> present = all.stream().filter(Objects::nonNull).toList();
    DatasetBuilder builder = new DatasetBuilder(table.file(), options.with(scaling));
    if (present.stream().mapToLong(TableRows::memory).sum() <= memory) {
      try (Team team = team()) {
        present.forEach(one -> one.with(team));
        return put(builder, all);
      }
    }
    present.forEach(one -> one.moveTo(cache));
    if (table.line(0) > 0) { // the caller chose files for maps
      notes.add(cache.note());
    }
    return put(builder, all);
  }

  /** Returns threads for the work on all rows; null if one thread is as fast. */
  private Team team() {
    boolean large = (long) table.rows() * table.columns().size() >= LARGE;
    return options.reading().threads > 1 && large ? new Team(options.reading().threads) : null;
  }

  /** Builds the data set from the rows of this table and of the files for validation and test. */
  private Dataset put(DatasetBuilder builder, List<TableRows> all) throws IOException {
    builder.take(all.get(0), divided.parts[1].length, divided.parts[2].length);
    if (all.get(1) != null) {
      builder.takeValidation(all.get(1));
    }
    if (all.get(2) != null) {
      builder.test(all.get(2));
    }
    Dataset data = builder.build(targets.names(), new int[0]);
    notes.addAll(Messages.of(data.notes()));
    Dataset known = withNotes(data);
    if (model.isEmpty() || options.trains()) {
      notes.addAll(TableHints.of(table, known, false));
      known = withNotes(data);
    }
    return known;
  }

  private Dataset withNotes(Dataset data) {
    return TableMetadata.of(
        data, targets.loss, schema, division, watched, divided.parts, groups(), notes);
  }

  /** Returns the group of each table row by the rule of the division, or else of the model. */
  private int[] groups() {
    return DivisionRule.of(division.rule())
        .group()
        .or(() -> options.known().flatMap(before -> DivisionRule.of(before.rule()).group()))
        .filter(table.columns()::contains)
        .map(name -> RowDivision.groups(table, targets.rows, table.columns().indexOf(name)))
        .orElseGet(() -> new int[0]);
  }

  private void noteMissing(ColumnStore some, TableTargets targets, String where) {
    int missing = some.rows() - targets.rows.length;
    if (missing > 0) {
      notes.add(
          Message.of(
              "%s%s of %s rows have no target and are left out", where, missing, some.rows()));
    }
  }

  private void noteUnseen(TableRows some, String where) {
    UnseenValues unseen = new UnseenValues(schema);
    some.countUnseen(unseen);
    unseen.notes().forEach(note -> notes.add(Message.of(where + note)));
  }

  /** Reads another file with the schema of the training rows; returns null if there is no file. */
  private TableRows others(String split, Optional<Path> file, SharedRows shared)
      throws IOException {
    if (file.isEmpty()) {
      return null;
    }
    TableOptions how = options.reading().table().withNotations(schema.notations());
    how = schema.header() ? how : how.withHeader(TableOptions.Header.NO);
    Set<String> known = schema.header() ? new HashSet<>(schema.columnNames()) : Set.of();
    long usual = SpillFile.memory();
    long left = Math.max(usual / 4, usual - table.memory());
    ResolvedOptions asked = options.with(options.reading().withTable(how));
    ResolvedOptions.HeaderNames names = new ResolvedOptions.HeaderNames(known, false);
    ColumnStore read = read(file.get(), asked, names, cache, left);
    notes.addAll(read.notes());
    ColumnStore other = CsvReader.read(examples(read, options, notes), how, cache);
    ColumnRoles columns = ColumnRoles.known(other, schema);
    TableTargets own = targetsOf(other, columns);
    own.take(targets.loss, targets.names(), targets.outputs());
    own.measured = true;
    noteMissing(other, own, other.file() + ": ");
    RowHashes hashes = new RowHashes(other, columns, schema, own.rows);
    if (!warn(hashes, division, Repetition.of(shared.hashes))) {
      shared.note(split, hashes, own.rows, notes);
    }
    Labels labels = own.labels(own.rows, columns.weight);
    TableRows encoded = new TableRows(other, own.rows, schema, columns.features, labels);
    noteUnseen(encoded, other.file() + ": ");
    own.notes().forEach(note -> notes.add(Message.of("%s: %s", other.file(), note)));
    return encoded;
  }

  private TableTargets targetsOf(ColumnStore other, ColumnRoles columns) throws FormatException {
    if (columns.targets.length == 0) {
      throw new FormatException(
          other.file(),
          "no target column %s, expected this column, as predictions are compared with it",
          schema.targets());
    }
    return new TableTargets(other, columns.targets);
  }

  /** Loads a file for a model: its training file, divided as for training, or another. */
  private Dataset forModel(Model known) throws IOException {
    boolean trained = known.schema().isPresent(); // on a table
    schema =
        trained
            ? known.schema().get()
            : ColumnRoles.schemaOfNumbers(table, options.reading(), known.inputs());
    ColumnRoles columns = ColumnRoles.known(table, schema);
    if (trained) {
      ColumnRoles.requireSame(table, options.reading(), schema);
      requireSameGaps();
    }
    columns.noteUnknown(notes);
    targets = targetsOf(table, columns);
    targets.take(known.loss(), known.classNames(), known.outputs());
    if (!options.trains()) {
      targets.measured = true;
    }
    RowHashes hashes = new RowHashes(table, columns, schema, targets.rows);
    Optional<Division> before = options.known();
    if (before.isPresent() && before.get().digest().equals(hashes.digest(before.get().rule()))) {
      options.requireSame(before.get(), table.file());
      division = before.get();
      divided = RowDivision.of(table, targets, division, options.division());
      SharedRows shared = new SharedRows(hashes, divided.parts[0]);
      return assembled(columns, shared);
    }
    if (before.isPresent()) {
      if (!options.divides()) {
        notes.add(
            Message.of("Not the file that the model was trained on: all its rows are one split"));
      }
      // This file shows how often rows are equal by chance. The training rows may be more.
      warn(hashes, before.get(), Repetition.of(hashes.all).ofLarger());
    }
    TableRows rows = new TableRows(table, targets.rows, schema, columns.features, null);
    Problems problems = new Problems(table.file(), true);
    rows.check(problems);
    problems.throwAny();
    noteUnseen(rows, "");
    Division how = options.divides() ? asked() : WHOLE;
    divided = RowDivision.of(table, targets, how, options.division());
    SharedRows shared = new SharedRows(hashes, divided.parts[0]);
    RowSample sample = RowSample.of(shared.hashes);
    if (before.isPresent()) { // keep the sample of the earlier training rows
      sample = sample.with(before.get().sample());
    }
    division = how.of(hashes.digest(how.rule()), sample);
    return assembled(columns, shared);
  }

  /** Throws if further training has other strings for a missing value than the model. */
  private void requireSameGaps() throws FormatException {
    List<String> strings = options.reading().table().missing();
    if (options.trains() && !Set.copyOf(strings).equals(Set.copyOf(schema.missing()))) {
      throw new FormatException(
          table.file(),
          "%s for missing values, expected %s as the model has (leave %s out)",
          strings,
          schema.missing(),
          Remedy.MISSING.with(String.join(",", strings), ""));
    }
  }

  /**
   * Adds a warning if more rows are training rows than by chance, or if they include more of the
   * training rows than by chance.
   */
  private boolean warn(RowHashes hashes, Division division, Repetition training) {
    double share = division.sample().share(hashes.all);
    Repetition own = Repetition.of(hashes.all);
    boolean holdsMost = own.isExceededBy(division.sample().found(hashes.all), own.distinct());
    boolean isSuspicious = holdsMost || training.isExceededBy(share, hashes.all.length);
    if (isSuspicious) {
      notes.add(
          Message.of(
              "Warning: about %s%% of the rows of %s are equal to training rows%s: if it is the"
                  + " training file in another order, or with rows added or removed, scores are too"
                  + " good",
              Math.round(share * PERCENT),
              hashes.table.file(),
              holdsMost ? ", most of which it has" : ""));
    }
    return isSuspicious;
  }
}
