package dev.lanewise.rows.internal;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Allowed;
import dev.lanewise.format.internal.CodePoints;
import dev.lanewise.format.internal.Fields;
import dev.lanewise.nn.internal.MetadataName;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A schema as the content of its arrays; those about columns have equal lengths. */
final class SchemaArrays {
  private static final String COLUMNS = MetadataName.SCHEMA.array();
  private static final String KINDS = "schema_kinds";
  private static final String PLACES = "schema_places";
  private static final String MEDIANS = "schema_medians"; // NaN for categories
  private static final String ROUNDINGS = "schema_roundings"; // NaN for categories
  private static final String GAPS = "schema_gaps"; // 1 if training had missing values
  private static final String CATEGORIES = "schema_categories"; // one list after another
  private static final String COUNTS = "schema_category_counts"; // the length of each list
  private static final String OTHER = "schema_other"; // 1 if a list has an input for others
  private static final String WEIGHT = "schema_weight"; // one name, or none
  private static final String HEADER = "schema_header"; // 1 if columns were named
  private static final String DECIMAL = "schema_decimal"; // . or ,
  private static final String NOTATIONS = "schema_notations"; // names
  private static final String NOTATION_COLUMNS = "schema_notation_columns";

  /** A separate kind, so that versions that compare all numbers by value refuse the model. */
  private static final String BY_DIGITS = "category by digits";

  private List<String> names = new ArrayList<>();
  private List<String> kinds = new ArrayList<>();
  private long[] places;
  private double[] medians;
  private double[] roundings;
  private long[] hasMissing;
  private List<String> categories = new ArrayList<>();
  private long[] counts = {};
  private long[] others = {};
  private List<String> targets;
  private long[] targetPlaces;
  private List<String> weight;
  private long[] weightPlace;
  private List<String> ignored;
  private long[] ignoredPlaces;
  private List<String> missing;
  private long[] header;
  private List<String> decimal;
  private List<String> notationColumns;
  private List<String> notations;
  private int list; // next list of categories, while columns are made
  private int at; // position in the categories of all lists

  /** Visits a schema, which is null while reading. */
  static Schema visit(Schema schema, Fields fields) throws IOException {
    SchemaArrays arrays = new SchemaArrays();
    if (schema != null) {
      arrays.take(schema);
    }
    arrays.visitAll(schema, fields);
    return schema == null ? arrays.schema() : schema;
  }

  private void visitAll(Schema schema, Fields fields) throws IOException {
    Fields some = fields.optional();
    names = fields.texts(COLUMNS, () -> names);
    kinds = fields.texts(KINDS, () -> kinds);
    places = fields.longs(PLACES, () -> places(names, schema));
    medians = fields.doubles(MEDIANS, Allowed.FINITE_OR_NAN, () -> medians);
    roundings = some.doubles(ROUNDINGS, Allowed.FROM_ZERO_OR_NAN, () -> roundings);
    hasMissing = fields.longs(GAPS, () -> hasMissing);
    categories = some.texts(CATEGORIES, () -> categories);
    counts = some.longs(COUNTS, () -> counts);
    others = some.longs(OTHER, () -> others);
    targets = some.texts("schema_targets", () -> schema.targets());
    targetPlaces = some.longs("schema_target_places", () -> places(targets, schema));
    weight = some.texts(WEIGHT, () -> schema.weight().stream().toList());
    weightPlace = some.longs("schema_weight_place", () -> places(weight, schema));
    ignored = some.texts("schema_ignored", () -> schema.ignored());
    ignoredPlaces = some.longs("schema_ignored_places", () -> places(ignored, schema));
    missing = some.texts("schema_missing", () -> schema.missing());
    header = fields.longs(HEADER, () -> new long[] {flag(schema.header())});
    decimal = fields.texts(DECIMAL, () -> List.of("" + schema.decimal()));
    notationColumns = some.texts(NOTATION_COLUMNS, () -> notationColumns);
    notations = some.texts(NOTATIONS, () -> notations);
  }

  private void take(Schema schema) {
    medians = new double[schema.columns().size()];
    roundings = new double[medians.length];
    hasMissing = new long[medians.length];
    List<CategoryColumn> lists = new ArrayList<>();
    for (int i = 0; i < medians.length; i++) {
      Column column = schema.columns().get(i);
      NumberColumn number =
          column instanceof NumberColumn n ? n : column instanceof DateColumn d ? d.days() : null;
      names.add(column.name());
      boolean byDigits = column instanceof CategoryColumn category && category.byDigits();
      kinds.add(byDigits ? BY_DIGITS : column.kind());
      medians[i] = number == null ? Double.NaN : number.median();
      roundings[i] = number == null ? Double.NaN : number.rounding();
      if (column instanceof CategoryColumn category) {
        lists.add(category);
      } else if (column instanceof DateColumn date) {
        lists.addAll(date.lists());
      }
      hasMissing[i] =
          flag(number == null ? ((CategoryColumn) column).hasMissing() : number.hasMissing());
    }
    if (Arrays.stream(roundings).allMatch(Double::isNaN)) {
      roundings = new double[0]; // older files do not have them
    }
    lists.forEach(each -> categories.addAll(each.categories()));
    counts = lists.stream().mapToLong(each -> each.categories().size()).toArray();
    others = lists.stream().mapToLong(each -> flag(each.other())).toArray();
    Map<String, Notation> sorted = new TreeMap<>(CodePoints.ORDER);
    sorted.putAll(schema.notations());
    notationColumns = List.copyOf(sorted.keySet());
    notations = sorted.values().stream().map(Notation::name).toList();
  }

  private static long flag(boolean value) {
    return value ? 1 : 0;
  }

  private static long[] places(List<String> columns, Schema schema) {
    return columns.stream().mapToLong(c -> schema.places().get(c)).toArray();
  }

  /** Throws IllegalArgumentException if the arrays do not fit together. */
  private Schema schema() {
    Map<String, Integer> placeOf = new HashMap<>();
    List<Column> columns = columns(placeOf);
    addPlaces(placeOf, "schema_target_places", targets, targetPlaces);
    require(weight.size() <= 1, WEIGHT, weight.size(), 1);
    addPlaces(placeOf, "schema_weight_place", weight, weightPlace);
    addPlaces(placeOf, "schema_ignored_places", ignored, ignoredPlaces);
    requireFlags(HEADER, header);
    String mark = String.join("", decimal);
    if (header.length != 1 || !mark.equals(".") && !mark.equals(",")) {
      throw new ArgumentException(
          "%s of %s and %s '%s', expected one number and a decimal mark . or ,",
          HEADER, header.length, DECIMAL, mark);
    }
    NdArray.checkNames(NOTATION_COLUMNS, notationColumns);
    require(
        notations.size() == notationColumns.size(),
        NOTATIONS,
        notations.size(),
        notationColumns.size());
    Map<String, Notation> notationOf = new HashMap<>();
    for (int i = 0; i < notations.size(); i++) {
      notationOf.put(notationColumns.get(i), Notation.of(notations.get(i)));
    }
    return new Schema(
        columns,
        targets,
        weight.stream().findFirst(),
        ignored,
        placeOf,
        header[0] != 0,
        missing,
        mark.charAt(0),
        notationOf);
  }

  /** Returns the columns, and collects their positions in the table. */
  private List<Column> columns(Map<String, Integer> placeOf) {
    int count = names.size();
    if (roundings.length == 0) {
      roundings = new double[count];
      Arrays.fill(roundings, Double.NaN);
    }
    require(kinds.size() == count, KINDS, kinds.size(), count);
    require(medians.length == count, MEDIANS, medians.length, count);
    require(roundings.length == count, ROUNDINGS, roundings.length, count);
    require(hasMissing.length == count, GAPS, hasMissing.length, count);
    requireFlags(GAPS, hasMissing);
    addPlaces(placeOf, PLACES, names, places);
    requireFlags(OTHER, others);
    require(others.length == counts.length, OTHER, others.length, counts.length);
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      columns.add(column(i, names.get(i), placeOf.get(names.get(i)), hasMissing[i] != 0));
    }
    require(list == counts.length, COUNTS, counts.length, list);
    require(at == categories.size(), CATEGORIES, categories.size(), at);
    return columns;
  }

  private Column column(int i, String name, int place, boolean hasMissing) {
    return switch (kinds.get(i)) {
      case "number" -> new NumberColumn(name, place, medians[i], hasMissing, roundings[i]);
      case "category" -> next(name, place, hasMissing);
      case BY_DIGITS -> next(name, place, hasMissing).withDigits();
      case "date", DateColumn.WITH_HOURS ->
          new DateColumn(
              new NumberColumn(name, place, medians[i], hasMissing),
              next(name + " month", place, hasMissing),
              next(name + " weekday", place, hasMissing),
              kinds.get(i).equals(DateColumn.WITH_HOURS)
                  ? Optional.of(next(name + " hour", place, hasMissing))
                  : Optional.empty());
      default ->
          throw new ArgumentException(
              "%s has '%s', expected number, category, category by digits, date or date with hours",
              KINDS, kinds.get(i));
    };
  }

  /** Takes the next list of categories. */
  private CategoryColumn next(String name, int place, boolean hasMissing) {
    if (list == counts.length || counts[list] < 0 || counts[list] > categories.size() - at) {
      throw new ArgumentException(
          "%s ends at column %s, expected a list for each column of categories", COUNTS, name);
    }
    int from = at;
    at += (int) counts[list];
    return new CategoryColumn(
        name, place, categories.subList(from, at), others[list++] != 0, hasMissing);
  }

  private static void requireFlags(String name, long... flags) {
    Allowed.FROM_ZERO_TO_ONE.in(name, Arrays.stream(flags).asDoubleStream().toArray());
  }

  static void require(boolean right, String name, int found, int expected) {
    if (!right) {
      throw new ArgumentException("%s has %s elements, expected %s", name, found, expected);
    }
  }

  private static void addPlaces(
      Map<String, Integer> places, String name, List<String> columns, long[] found) {
    require(found.length == columns.size(), name, found.length, columns.size());
    Set<Integer> used = new HashSet<>(places.values());
    for (int i = 0; i < found.length; i++) {
      if (found[i] < 0 || found[i] > Integer.MAX_VALUE || !used.add((int) found[i])) {
        throw new ArgumentException(
            "%s has %s, expected different numbers of columns from 0", name, found[i]);
      }
      places.put(columns.get(i), (int) found[i]);
    }
  }
}
