package dev.lanewise.terminal;

import dev.lanewise.data.ScaleChoice;
import dev.lanewise.model.Model;
import dev.lanewise.parallel.Team;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.source.CsvFormat;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.table.ReadOptions.Totals;
import dev.lanewise.table.ScaleOptions;
import dev.lanewise.table.TableOptions;
import dev.lanewise.table.TableOptions.Dates;
import dev.lanewise.table.TableOptions.Header;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** The options that say how data is read. */
public final class DataOptions {
  /** The split of the rows kept for calibration. */
  public static final String CALIBRATION = "calibration";

  private static final String ALL_ROWS = "all-rows";
  private static final Map<String, BiFunction<TableOptions, Arguments, TableOptions>> TABLE =
      new LinkedHashMap<>();
  private static final Map<String, BiFunction<ReadOptions, Arguments, ReadOptions>> READING =
      new LinkedHashMap<>();

  private static final Map<String, BiFunction<DivisionOptions, Arguments, DivisionOptions>>
      DIVISION = new LinkedHashMap<>();
  private static final List<String> OF_TABLES;

  static {
    TABLE.put("separator", DataOptions::separated);
    TABLE.put("decimal", (o, a) -> o.withDecimal(decimal(a)));
    TABLE.put(
        "dates", (o, a) -> o.withDates(Dates.valueOf(a.word("dates").toUpperCase(Locale.ROOT))));
    TABLE.put("century-from", (o, a) -> o.withCentury(a.whole("century-from")));
    TABLE.put(
        "header",
        (o, a) -> o.withHeader(Header.valueOf(a.word("header").toUpperCase(Locale.ROOT))));
    TABLE.put("skip", (o, a) -> o.withSkipped(a.whole("skip")));
    TABLE.put("sheet", (o, a) -> o.withSheet(a.text("sheet")));
    TABLE.put("missing", (o, a) -> o.withMissing(list(a, "missing")));
    TABLE.put("missing-also", (o, a) -> o.withMissingAlso(list(a, "missing-also")));
    READING.put("target", (o, a) -> o.withTarget(a.text("target")));
    READING.put("weight-column", (o, a) -> o.withWeight(a.text("weight-column")));
    READING.put("ignore", (o, a) -> o.withIgnored(list(a, "ignore")));
    READING.put("categorical", (o, a) -> o.withCategorical(list(a, "categorical")));
    READING.put("numeric", (o, a) -> o.withNumeric(list(a, "numeric")));
    READING.put("skip-totals", (o, a) -> o.withTotals(Totals.SKIP));
    READING.put("keep-totals", (o, a) -> o.withTotals(Totals.KEEP));
    READING.put("cache", (o, a) -> o.withCache(a.path("cache")));
    READING.put("min-count", (o, a) -> o.withMinCount(a.whole("min-count")));
    List<String> names = new ArrayList<>(TABLE.keySet());
    names.addAll(READING.keySet());
    names.addAll(List.of("split-sizes", "group", "order", ALL_ROWS));
    OF_TABLES = List.copyOf(names);
    DIVISION.put("stratified", (o, a) -> o.withStratified(true));
    DIVISION.put("no-stratified", (o, a) -> o.withStratified(false));
    DIVISION.put("group", (o, a) -> o.withGroups(a.text("group")));
    DIVISION.put("order", (o, a) -> o.withOrder(a.text("order")));
    DIVISION.put("seed", (o, a) -> o.withSeed(a.seed()));
    DIVISION.put(ALL_ROWS, (o, a) -> o.withSplitSizes(List.of(1.0)));
    DIVISION.put("split-sizes", (o, a) -> o.withSplitSizes(numbers(a)));
    DIVISION.put(
        "valid-fraction",
        (o, a) -> o.withValidFraction(Arguments.number(a.text("valid-fraction"))));
    DIVISION.put(
        "calibration-fraction",
        (o, a) -> o.withCalibrationFraction(Arguments.number(a.text("calibration-fraction"))));
    DIVISION.put("valid-data", (o, a) -> o.withValidData(a.path("valid-data")));
    DIVISION.put("test-data", (o, a) -> o.withTestData(a.path("test-data")));
  }

  private DataOptions() {}

  /** Applies the options that the user gives; the library checks their values. */
  private static <T> T given(
      Arguments arguments, T usual, Map<String, BiFunction<T, Arguments, T>> setters) {
    T options = usual;
    for (Map.Entry<String, BiFunction<T, Arguments, T>> setter : setters.entrySet()) {
      if (arguments.has(setter.getKey())) {
        T before = options;
        options =
            arguments.checked(setter.getKey(), () -> setter.getValue().apply(before, arguments));
      }
    }
    return options;
  }

  /** Returns the user's options for reading files, perhaps for a model, which may be null. */
  public static ReadOptions reading(Arguments arguments, Model model) {
    Optional<Schema> schema = Optional.ofNullable(model).flatMap(Model::schema);
    if (arguments.has("keep-totals")) {
      arguments.refuse("not together with --keep-totals, expected one of the two", "skip-totals");
    }
    TableOptions table =
        schema.isEmpty()
            ? table(arguments)
            : given(arguments, TableOptions.of(schema.get()), TABLE);
    return given(arguments, ReadOptions.defaults().withTable(table), READING)
        .withThreads(Team.most(arguments.threads()));
  }

  /**
   * Returns how the text of tables is read, changed as the user says. The words for a missing value
   * are those that the help lists; the record of a run of an earlier version lists none.
   */
  public static TableOptions table(Arguments arguments) {
    boolean isOfEarlierRun = arguments.text("missing") == null;
    List<String> missing =
        isOfEarlierRun ? Cell.EARLIER_MISSING_STRINGS : list(arguments, "missing");
    return given(arguments, TableOptions.defaults().withMissing(missing), TABLE);
  }

  /** Sets the option to the texts that stand for a missing value in a model. */
  public static void useWords(Arguments arguments, Model model) {
    model
        .schema()
        .ifPresent(schema -> arguments.preset("missing", String.join(",", schema.missing())));
  }

  /** Returns whether the split that a command works on are the rows kept for calibration. */
  public static boolean isCalibration(Arguments arguments) {
    return arguments.has("split") && CALIBRATION.equals(arguments.text("split"));
  }

  /** Returns the options for dividing rows, changed as the user says. */
  public static DivisionOptions division(Arguments arguments, DivisionOptions usual) {
    if (arguments.has(ALL_ROWS)) {
      arguments.refuse("not together with --all-rows, which keeps no test rows", "split-sizes");
      arguments.refuse(
          "not together with --all-rows, expected only one of the two: with test rows in a"
              + " file, all rows of --data are for training",
          "test-data");
    }
    if (arguments.has("group") || arguments.has("order")) {
      String by = arguments.has("group") ? "group" : "order";
      arguments.refuse("not together with --" + by + ", which keeps rows together", "stratified");
      if (by.equals("group")) {
        arguments.refuse("not together with --group, expected only one of the two", "order");
      }
    }
    if (arguments.has("valid-fraction") && arguments.has("split-sizes")) {
      List<Double> sizes = numbers(arguments);
      if (sizes.size() > 1 && sizes.get(1) > 0) {
        throw Problem.usage(
            "--valid-fraction: not together with --split-sizes %s, expected 0 validation rows there",
            arguments.text("split-sizes"));
      }
    }
    DivisionOptions asked = given(arguments, usual, DIVISION);
    boolean isWhole = arguments.has("split") && arguments.text("split").equals("all");
    asked = isWhole ? asked.withWhole() : asked;
    return isCalibration(arguments) ? asked.withCalibrationRows() : asked;
  }

  /** Returns the options for scaling, changed as the user says. */
  public static ScaleOptions scaling(Arguments arguments, ScaleOptions usual) {
    String name = "scale-targets";
    return given(
        arguments,
        usual,
        Map.of(name, (o, a) -> o.withTargetScale(ScaleChoice.named(a.text(name)))));
  }

  /** Refuses options that have no effect on data that is not a table. */
  public static void refuseOfTables(Arguments arguments) {
    arguments.refuse(
        "works with a table such as a CSV file only, expected a table as data",
        OF_TABLES.toArray(String[]::new));
  }

  private static TableOptions separated(TableOptions options, Arguments arguments) {
    try {
      return options.withSeparator(CsvFormat.separator(arguments.text("separator")));
    } catch (IllegalArgumentException e) {
      throw arguments.wrong("separator", "one of , ; tab | or auto");
    }
  }

  private static char decimal(Arguments arguments) {
    if (!arguments.text("decimal").matches("[.,]")) {
      throw arguments.wrong("decimal", "a point or a comma");
    }
    return arguments.text("decimal").charAt(0);
  }

  private static List<Double> numbers(Arguments arguments) {
    String[] texts = arguments.text("split-sizes").split(",", -1);
    return Arrays.stream(texts).map(Arguments::number).toList();
  }

  /** Splits a list at commas and strips blanks. */
  public static List<String> list(Arguments arguments, String option) {
    List<String> words = new ArrayList<>();
    for (String word : arguments.text(option).split(",", -1)) {
      if (word.isBlank()) {
        throw arguments.wrong(option, "words separated by commas such as a,b");
      }
      words.add(word.strip());
    }
    return words;
  }
}
