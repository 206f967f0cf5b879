package dev.lanewise.nn;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Allowed;
import dev.lanewise.format.internal.CodePoints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/**
 * Stores a schema and a division as arrays that numpy reads; arrays about columns have equal
 * lengths.
 */
final class SchemaArrays {
  private static final String COLUMNS = "schema_columns"; // strings [columns]
  private static final String KINDS = "schema_kinds"; // strings [columns]
  private static final String PLACES = "schema_places"; // int64 [columns]
  private static final String MEDIANS = "schema_medians"; // float64 [columns], NaN for categories
  private static final String ROUNDINGS =
      "schema_roundings"; // float64 [columns], NaN for categories
  private static final String GAPS = "schema_gaps"; // int64 [columns], 1 if training had gaps
  private static final String CATEGORIES = "schema_categories"; // strings, one list after another
  private static final String COUNTS = "schema_category_counts"; // int64, the length of each list
  private static final String OTHER = "schema_other"; // int64, 1 if a list has an input for others
  private static final String TARGETS = "schema_targets"; // strings
  private static final String TARGET_PLACES = "schema_target_places"; // int64
  private static final String WEIGHT = "schema_weight"; // strings [1], if there is one
  private static final String WEIGHT_PLACE = "schema_weight_place"; // int64 [1]
  private static final String IGNORED = "schema_ignored"; // strings, if there are some
  private static final String IGNORED_PLACES = "schema_ignored_places"; // int64
  private static final String MISSING = "schema_missing"; // strings
  private static final String HEADER = "schema_header"; // int64 [1], 1 if columns were named
  private static final String DECIMAL = "schema_decimal"; // strings [1]
  private static final String NOTATIONS =
      "schema_notations"; // strings, examples; if there are some
  private static final String NOTATION_COLUMNS = "schema_notation_columns"; // strings, their names
  private static final String DIVISION = "division"; // strings [digest, seed, stratified, valid]
  private static final String SIZES = "division_sizes"; // float64, of a table
  private static final String SAMPLE = "division_sample"; // int64, of a table
  private static final String FOLDS = "division_folds"; // int64 [1], the seed, if there are folds
  private static final String RULE = "division_rule"; // one string, if there is a rule
  private static final String BITS = "division_bits"; // int64, of a table

  private static final int FACTS = 4; // strings of a division

  /** A separate kind, so that versions that compare all numbers by value refuse the model. */
  private static final String BY_DIGITS = "category by digits";

  /** All names of these arrays. */
  static final String NAMES = "schema_.*|division(?:_.*)?";

  private SchemaArrays() {}

  static void put(Map<String, NdArray> arrays, Schema schema) {
    List<String> names = new ArrayList<>();
    List<String> kinds = new ArrayList<>();
    List<Double> medians = new ArrayList<>();
    List<Double> roundings = new ArrayList<>();
    List<Long> gaps = new ArrayList<>();
    List<String> categories = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    List<Long> others = new ArrayList<>();
    for (Column column : schema.columns()) {
      names.add(column.name());
      boolean byDigits = column instanceof CategoryColumn category && category.byDigits();
      kinds.add(byDigits ? BY_DIGITS : column.kind());
      List<CategoryColumn> lists = List.of();
      NumberColumn number = null;
      if (column instanceof NumberColumn n) {
        number = n;
      } else if (column instanceof CategoryColumn c) {
        lists = List.of(c);
      } else if (column instanceof DateColumn d) {
        number = d.days();
        lists = d.lists();
      }
      medians.add(number == null ? Double.NaN : number.median());
      roundings.add(number == null ? Double.NaN : number.rounding());
      gaps.add(flag(number == null ? lists.get(0).gaps() : number.gaps()));
      for (CategoryColumn list : lists) {
        categories.addAll(list.categories());
        counts.add((long) list.categories().size());
        others.add(flag(list.other()));
      }
    }
    ModelFile.putStrings(arrays, COLUMNS, names);
    ModelFile.putStrings(arrays, KINDS, kinds);
    putPlaces(arrays, PLACES, names, schema);
    putDoubles(arrays, MEDIANS, medians);
    if (!roundings.stream().allMatch(d -> d.isNaN())) { // older files do not have them
      putDoubles(arrays, ROUNDINGS, roundings);
    }
    putLongs(arrays, GAPS, gaps);
    ModelFile.putStrings(arrays, CATEGORIES, categories);
    putLongs(arrays, COUNTS, counts);
    putLongs(arrays, OTHER, others);
    ModelFile.putStrings(arrays, TARGETS, schema.targets());
    putPlaces(arrays, TARGET_PLACES, schema.targets(), schema);
    List<String> weight = schema.weight().stream().toList();
    ModelFile.putStrings(arrays, WEIGHT, weight);
    putPlaces(arrays, WEIGHT_PLACE, weight, schema);
    ModelFile.putStrings(arrays, IGNORED, schema.ignored());
    putPlaces(arrays, IGNORED_PLACES, schema.ignored(), schema);
    ModelFile.putStrings(arrays, MISSING, schema.missing());
    putLongs(arrays, HEADER, List.of(flag(schema.header())));
    ModelFile.putStrings(arrays, DECIMAL, List.of(String.valueOf(schema.decimal())));
    Map<String, Notation> notations = new TreeMap<>(CodePoints.ORDER);
    notations.putAll(schema.notations());
    ModelFile.putStrings(arrays, NOTATION_COLUMNS, List.copyOf(notations.keySet()));
    ModelFile.putStrings(
        arrays, NOTATIONS, notations.values().stream().map(Notation::example).toList());
  }

  static void put(Map<String, NdArray> arrays, Division division) {
    ModelFile.putStrings(
        arrays,
        DIVISION,
        List.of(
            division.digest(),
            "seed " + division.seed(),
            division.stratified() ? "stratified" : "not stratified",
            division.validFraction().isPresent()
                ? "valid " + division.validFraction().getAsDouble()
                : "valid by default"));
    double[] sizes = division.sizes().stream().mapToDouble(d -> d).toArray();
    if (sizes.length > 0) {
      arrays.put(SIZES, NdArray.of(sizes, sizes.length));
    }
    putLongs(arrays, SAMPLE, division.sample().smallest());
    putLongs(arrays, BITS, division.sample().bits());
    putLongs(arrays, FOLDS, division.folds().stream().toArray());
    if (!division.rule().isEmpty()) {
      ModelFile.putStrings(arrays, RULE, List.of(division.rule()));
    }
  }

  private static Long flag(boolean value) {
    return value ? 1L : 0L;
  }

  private static void putLongs(Map<String, NdArray> arrays, String name, List<Long> numbers) {
    putLongs(arrays, name, numbers.stream().mapToLong(n -> n).toArray());
  }

  private static void putLongs(Map<String, NdArray> arrays, String name, long[] values) {
    if (values.length > 0) {
      arrays.put(name, NdArray.of(values, values.length));
    }
  }

  private static void putDoubles(Map<String, NdArray> arrays, String name, List<Double> numbers) {
    double[] values = numbers.stream().mapToDouble(d -> d).toArray();
    arrays.put(name, NdArray.of(values, values.length));
  }

  private static void putPlaces(
      Map<String, NdArray> arrays, String name, List<String> columns, Schema schema) {
    putLongs(arrays, name, columns.stream().map(c -> (long) schema.places().get(c)).toList());
  }

  /** Tells whether a file has a schema. */
  static boolean hasSchema(ModelFile source) {
    return source.contains(COLUMNS);
  }

  /** Reads a schema; throws IllegalArgumentException if its lists do not fit together. */
  static Schema schema(ModelFile source) throws IOException {
    Map<String, Integer> placeOf = new HashMap<>();
    List<Column> columns = columns(source, placeOf);
    List<String> targets = optional(source, TARGETS);
    addPlaces(placeOf, TARGET_PLACES, targets, longs(source, TARGET_PLACES));
    List<String> weight = optional(source, WEIGHT);
    require(weight.size() <= 1, WEIGHT, weight.size(), 1);
    addPlaces(placeOf, WEIGHT_PLACE, weight, longs(source, WEIGHT_PLACE));
    List<String> ignored = optional(source, IGNORED);
    addPlaces(placeOf, IGNORED_PLACES, ignored, longs(source, IGNORED_PLACES));
    long[] header = flags(HEADER, source.longs(HEADER));
    String decimal = String.join("", source.strings(DECIMAL));
    if (header.length != 1 || !decimal.equals(".") && !decimal.equals(",")) {
      throw new IllegalArgumentException(
          "%s of %s and %s '%s', expected one number and . or ,"
              .formatted(HEADER, header.length, DECIMAL, decimal));
    }
    return new Schema(
        columns,
        targets,
        weight.stream().findFirst(),
        ignored,
        placeOf,
        header[0] != 0,
        optional(source, MISSING),
        decimal.charAt(0),
        notations(source));
  }

  private static Map<String, Notation> notations(ModelFile source) throws IOException {
    Map<String, Notation> notations = new HashMap<>();
    List<String> names = optional(source, NOTATION_COLUMNS);
    NdArray.checkNames(NOTATION_COLUMNS, names);
    List<String> examples = exactly(names.size(), NOTATIONS, optional(source, NOTATIONS));
    for (int i = 0; i < names.size(); i++) {
      notations.put(names.get(i), Notation.of(examples.get(i)));
    }
    return notations;
  }

  /** Returns the columns, and collects their positions in the table. */
  private static List<Column> columns(ModelFile source, Map<String, Integer> placeOf)
      throws IOException {
    List<String> names = source.strings(COLUMNS);
    int count = names.size();
    List<String> kinds = exactly(count, KINDS, source.strings(KINDS));
    double[] medians = source.doubles(MEDIANS, Allowed.FINITE_OR_NAN);
    double[] roundings = new double[count];
    Arrays.fill(roundings, Double.NaN);
    if (source.contains(ROUNDINGS)) {
      roundings = source.doubles(ROUNDINGS, Allowed.FROM_ZERO_OR_NAN);
    }
    long[] places = source.longs(PLACES);
    long[] gaps = flags(GAPS, source.longs(GAPS));
    require(medians.length == count, MEDIANS, medians.length, count);
    require(roundings.length == count, ROUNDINGS, roundings.length, count);
    require(gaps.length == count, GAPS, gaps.length, count);
    addPlaces(placeOf, PLACES, names, places);
    Lists lists = new Lists(source);
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = names.get(i);
      int place = placeOf.get(name);
      boolean gap = gaps[i] != 0;
      columns.add(
          switch (kinds.get(i)) {
            case "number" -> new NumberColumn(name, place, medians[i], gap, roundings[i]);
            case "category" -> lists.next(name, place, gap);
            case BY_DIGITS -> lists.next(name, place, gap).withDigits();
            case "date", DateColumn.WITH_HOURS ->
                new DateColumn(
                    new NumberColumn(name, place, medians[i], gap),
                    lists.next(name + " month", place, gap),
                    lists.next(name + " weekday", place, gap),
                    kinds.get(i).equals(DateColumn.WITH_HOURS)
                        ? Optional.of(lists.next(name + " hour", place, gap))
                        : Optional.empty());
            default ->
                throw new IllegalArgumentException(
                    "%s has '%s', expected number, category, category by digits, date or date with hours"
                        .formatted(KINDS, kinds.get(i)));
          });
    }
    lists.end();
    return columns;
  }

  static boolean hasDivision(ModelFile source) {
    return source.contains(DIVISION);
  }

  static Division division(ModelFile source) throws IOException {
    List<String> facts = exactly(FACTS, DIVISION, source.strings(DIVISION));
    List<Double> sizes = new ArrayList<>();
    if (source.contains(SIZES)) {
      for (double size : source.doubles(SIZES, Allowed.FROM_ZERO_TO_ONE)) {
        sizes.add(size);
      }
    }
    long[] smallest = longs(source, SAMPLE);
    Allowed.ascending(SAMPLE, Arrays.stream(smallest).asDoubleStream().toArray());
    RowSample sample = new RowSample(smallest, longs(source, BITS));
    long[] folds = longs(source, FOLDS);
    require(folds.length <= 1, FOLDS, folds.length, 1);
    String valid = facts.get(3).replaceFirst("^valid ", "");
    try {
      return new Division(
          facts.get(0),
          Long.parseLong(facts.get(1).replaceFirst("^seed ", "")),
          sizes,
          valid.equals("by default")
              ? OptionalDouble.empty()
              : OptionalDouble.of(Double.parseDouble(valid)),
          facts.get(2).equals("stratified"),
          sample,
          Arrays.stream(folds).findFirst(),
          String.join("", optional(source, RULE)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s has %s, expected a seed and a share for validation".formatted(DIVISION, facts), e);
    }
  }

  private static List<String> optional(ModelFile source, String name) throws IOException {
    return source.contains(name) ? source.strings(name) : List.of();
  }

  private static long[] longs(ModelFile source, String name) throws IOException {
    return source.contains(name) ? source.longs(name) : new long[0];
  }

  /** Returns an array of flags, which are 0 or 1. */
  private static long[] flags(String name, long... flags) {
    Allowed.FROM_ZERO_TO_ONE.in(name, Arrays.stream(flags).asDoubleStream().toArray());
    return flags;
  }

  private static <T> List<T> exactly(int count, String name, List<T> list) {
    require(list.size() == count, name, list.size(), count);
    return list;
  }

  private static void require(boolean right, String name, int found, int expected) {
    if (!right) {
      throw new IllegalArgumentException(
          "%s has %s elements, expected %s".formatted(name, found, expected));
    }
  }

  private static void addPlaces(
      Map<String, Integer> places, String name, List<String> columns, long[] found) {
    require(found.length == columns.size(), name, found.length, columns.size());
    Set<Integer> used = new HashSet<>(places.values());
    for (int i = 0; i < found.length; i++) {
      if (found[i] < 0 || found[i] > Integer.MAX_VALUE || !used.add((int) found[i])) {
        throw new IllegalArgumentException(
            "%s has %s, expected the number of a column from 0, each another one"
                .formatted(name, found[i]));
      }
      places.put(columns.get(i), (int) found[i]);
    }
  }

  /** Reads the lists of categories one after the other. */
  private static final class Lists {
    private final List<String> all;
    private final long[] counts;
    private final long[] other;
    private int list;
    private int at;

    Lists(ModelFile source) throws IOException {
      all = optional(source, CATEGORIES);
      counts = longs(source, COUNTS);
      other = flags(OTHER, longs(source, OTHER));
      require(other.length == counts.length, OTHER, other.length, counts.length);
    }

    CategoryColumn next(String name, int place, boolean gaps) {
      if (list == counts.length || counts[list] < 0 || counts[list] > all.size() - at) {
        throw new IllegalArgumentException(
            "%s ends at column %s, expected a list for each column of categories"
                .formatted(COUNTS, name));
      }
      int from = at;
      at += (int) counts[list];
      return new CategoryColumn(name, place, all.subList(from, at), other[list++] != 0, gaps);
    }

    void end() {
      require(list == counts.length, COUNTS, counts.length, list);
      require(at == all.size(), CATEGORIES, all.size(), at);
    }
  }
}
