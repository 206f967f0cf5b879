package dev.lanewise.rows.internal;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.internal.DataParts;
import dev.lanewise.data.internal.Origin;
import dev.lanewise.format.internal.Allowed;
import dev.lanewise.format.internal.Fields;
import dev.lanewise.format.internal.Message;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.internal.Fact;
import dev.lanewise.nn.internal.FactName;
import dev.lanewise.nn.internal.Facts;
import dev.lanewise.nn.internal.NetworkFacts;
import dev.lanewise.nn.internal.Said;
import dev.lanewise.rows.Division;
import dev.lanewise.rows.RowSample;
import dev.lanewise.rows.Schema;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;

/** What a model knows of the table that it was trained on. */
public final class TableFacts {
  /** How the columns of the table become inputs. */
  public static final Fact<Schema> SCHEMA = new OfSchema();

  /** How its rows were divided. */
  public static final Fact<Division> DIVISION = new OfDivision();

  /** Its columns that are not inputs and have few texts; at least one. */
  public static final Fact<List<WatchedColumn>> WATCHED = new OfWatched();

  /**
   * The rows to which facts about results were fitted: for each the name of the fact, the digest of
   * the data and the name of the split, with blanks between them.
   */
  public static final Fact<List<String>> FITTED = new OfFitted();

  private TableFacts() {}

  /**
   * {@return data with what is known of its table}
   *
   * @param rows the table rows of the training, validation and test rows
   * @param groups the group of each table row, or none
   */
  public static Dataset of(
      Dataset data,
      Loss loss,
      Schema schema,
      Division division,
      List<WatchedColumn> watched,
      int[][] rows,
      int[] groups,
      List<Message> notes) {
    Origin origin =
        new Origin(
            Optional.of(loss),
            Map.of(),
            schema.scaledInputs(),
            rows,
            groups,
            schema.inputNames(),
            notes);
    origin = origin.with(SCHEMA, schema).with(DIVISION, division);
    return DataParts.access()
        .withOrigin(data, watched.isEmpty() ? origin : origin.with(WATCHED, watched));
  }

  /** How the columns of the table become inputs. */
  private static final class OfSchema extends Fact<Schema> {
    OfSchema() {
      super(FactName.SCHEMA, null);
    }

    @Override
    public Schema visit(Schema schema, Fields fields, Facts others) throws IOException {
      return SchemaArrays.visit(schema, fields);
    }

    @Override
    public Schema checked(Schema schema, Facts others) {
      NetworkFacts.requireInputs(others, "schema of %s inputs", schema.inputs());
      return schema;
    }
  }

  /** The rows to which facts about results were fitted. */
  private static final class OfFitted extends Fact<List<String>> {
    OfFitted() {
      super(FactName.FITTED, null);
    }

    @Override
    public List<String> visit(List<String> own, Fields fields, Facts others) throws IOException {
      return fields.texts(array(), () -> own);
    }
  }

  /** Its columns that are not inputs. */
  private static final class OfWatched extends Fact<List<WatchedColumn>> {
    OfWatched() {
      super(FactName.WATCHED, null);
    }

    @Override
    public List<WatchedColumn> visit(List<WatchedColumn> own, Fields fields, Facts others)
        throws IOException {
      return WatchedColumn.visit(array(), own, fields);
    }
  }

  /** How its rows were divided. */
  private static final class OfDivision extends Fact<Division> {
    private static final String SAMPLE = "division_sample"; // of a table
    private static final String FOLDS = "division_folds"; // the seed, if there are folds
    private static final int MOST_NETWORKS = 1 << 20; // of a group
    private static final int WORDS = 4; // digest, seed, stratified or not, share for validation

    OfDivision() {
      super(FactName.DIVISION, null);
    }

    private static List<String> strings(Division division) {
      OptionalDouble valid = division.validFraction();
      return List.of(
          division.digest(),
          "seed " + division.seed(),
          division.stratified() ? "stratified" : "not stratified",
          valid.isPresent() ? "valid " + valid.getAsDouble() : "valid by default");
    }

    @Override
    public Division visit(Division own, Fields fields, Facts others) throws IOException {
      Fields some = fields.optional();
      List<String> strings = fields.texts(array(), () -> strings(own));
      double[] sizes =
          some.doubles(
              "division_sizes", // of a table
              Allowed.FROM_ZERO_TO_ONE,
              () -> own.sizes().stream().mapToDouble(d -> d).toArray());
      long[] smallest = some.longs(SAMPLE, () -> own.sample().smallest());
      long[] bits = some.longs("division_bits", () -> own.sample().bits());
      long[] folds = some.longs(FOLDS, () -> folds(own));
      List<String> rule =
          some.texts("division_rule", () -> own.rule().isEmpty() ? List.of() : List.of(own.rule()));
      if (own != null) {
        return own;
      }
      SchemaArrays.require(strings.size() == WORDS, array(), strings.size(), WORDS);
      Allowed.ascending(SAMPLE, Arrays.stream(smallest).asDoubleStream().toArray());
      RowSample sample = new RowSample(smallest, bits);
      boolean hasRound = folds.length == 2 && folds[1] >= 1 && folds[1] <= MOST_NETWORKS;
      SchemaArrays.require(folds.length <= 1 || hasRound, FOLDS, folds.length, 1);
      String valid = strings.get(3).replaceFirst("^valid ", "");
      try {
        return new Division(
            strings.get(0),
            Long.parseLong(strings.get(1).replaceFirst("^seed ", "")),
            Arrays.stream(sizes).boxed().toList(),
            valid.equals("by default")
                ? OptionalDouble.empty()
                : OptionalDouble.of(Double.parseDouble(valid)),
            strings.get(2).equals("stratified"),
            sample,
            Arrays.stream(folds).findFirst(),
            folds.length == 2 ? (int) folds[1] : 0,
            String.join("", rule));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "%s has %s, expected a seed and a share for validation".formatted(array(), strings), e);
      }
    }

    private static long[] folds(Division own) {
      LongStream seed = own.folds().stream();
      return own.round() == 0
          ? seed.toArray()
          : LongStream.concat(seed, LongStream.of(own.round())).toArray();
    }

    @Override
    public Said say(Division division, Facts facts) {
      boolean isOfTable = division != null && facts.get(SCHEMA) != null;
      return isOfTable ? new Said("Rows divided by " + division, null, null) : null;
    }
  }
}
