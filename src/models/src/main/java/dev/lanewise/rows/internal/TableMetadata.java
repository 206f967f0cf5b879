package dev.lanewise.rows.internal;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.internal.DatasetOrigin;
import dev.lanewise.data.internal.DatasetState;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Allowed;
import dev.lanewise.format.internal.Fields;
import dev.lanewise.format.internal.Message;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.internal.MetadataName;
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

/**
 * What a model knows of the table that it was trained on.
 *
 * @param schema how the columns of the table become inputs; null if it is not known
 * @param division how its rows were divided; null if it is not known
 * @param fitted the rows to which facts about results were fitted: for each the name of the fact,
 *     the digest of the data and the name of the split, with blanks between them
 * @param watched its columns that are not inputs and have few texts
 */
public record TableMetadata(
    Schema schema, Division division, List<String> fitted, List<WatchedColumn> watched) {
  private static final String FITTED = MetadataName.FITTED.array();
  private static final String WATCHED = MetadataName.WATCHED.array();
  private static final String SAMPLE = "division_sample"; // of a table
  private static final String FOLDS = "division_folds"; // the seed, if there are folds
  private static final int MOST_NETWORKS = 1 << 20; // of a group
  private static final String DIVISION = MetadataName.DIVISION.array();
  private static final int WORDS = 4; // digest, seed, stratified or not, share for validation

  public static final TableMetadata NONE = new TableMetadata(null, null, List.of(), List.of());

  /** Writes these facts, or reads those that are there. */
  public TableMetadata visit(Fields fields) throws IOException {
    List<WatchedColumn> own = watched.isEmpty() ? null : watched;
    return new TableMetadata(
        fields.has(MetadataName.SCHEMA.array(), schema) ? SchemaArrays.visit(schema, fields) : null,
        fields.has(DIVISION, division) ? division(division, fields) : null,
        fields.optional().texts(FITTED, () -> fitted),
        fields.has(WATCHED, own) ? WatchedColumn.visit(WATCHED, own, fields) : List.of());
  }

  /** {@return the facts that a data set has} */
  public static TableMetadata of(Dataset data) {
    try {
      return NONE.visit(Fields.of("data", DatasetState.of(data).origin().facts()));
    } catch (IOException e) {
      throw new AssertionError("arrays of facts", e);
    }
  }

  /** {@return the arrays of facts, of which some are null or empty} */
  public static Map<String, NdArray> arrays(
      Schema schema, Division division, List<String> fitted, List<WatchedColumn> watched) {
    return Fields.written(new TableMetadata(schema, division, fitted, watched)::visit);
  }

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
    DatasetOrigin origin =
        new DatasetOrigin(
            Optional.of(loss),
            arrays(schema, division, List.of(), watched),
            schema.scaledInputs(),
            rows,
            groups,
            schema.inputNames(),
            notes);
    return DatasetState.of(data).with(origin);
  }

  private static List<String> strings(Division division) {
    OptionalDouble valid = division.validFraction();
    return List.of(
        division.digest(),
        "seed " + division.seed(),
        division.stratified() ? "stratified" : "not stratified",
        valid.isPresent() ? "valid " + valid.getAsDouble() : "valid by default");
  }

  private static Division division(Division own, Fields fields) throws IOException {
    Fields some = fields.optional();
    List<String> strings = fields.texts(DIVISION, () -> strings(own));
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
    SchemaArrays.require(strings.size() == WORDS, DIVISION, strings.size(), WORDS);
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
          "%s has %s, expected a seed and a share for validation".formatted(DIVISION, strings), e);
    }
  }

  private static long[] folds(Division own) {
    LongStream seed = own.folds().stream();
    return own.round() == 0
        ? seed.toArray()
        : LongStream.concat(seed, LongStream.of(own.round())).toArray();
  }
}
