package dev.lanewise.rows;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Fields;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.nn.internal.SerialisedFile;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.rows.internal.TableMetadata;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The columns of a table and how they become the inputs of a network. A schema is inferred from
 * training rows and stored with the model, so that new rows are encoded in the same way.
 *
 * @param columns the columns that become inputs, in the order of the inputs
 * @param targets the names of the target columns
 * @param weight the column with the row weights, if there is one
 * @param ignored other columns of the training file, which do not become inputs
 * @param places the position of each named column in the training file, from 0
 * @param header whether the training file named its columns; if not, names are {@code #0} and so on
 * @param missing the strings for a missing value, besides an empty text
 * @param decimal the decimal mark of the training file, . or ,
 * @param notations the notation of each column whose texts were not plain numbers or ISO dates
 * @serial exclude
 */
public record Schema(
    List<Column> columns,
    List<String> targets,
    Optional<String> weight,
    List<String> ignored,
    Map<String, Integer> places,
    boolean header,
    List<String> missing,
    char decimal,
    Map<String, Notation> notations)
    implements Serializable {

  /**
   * Copies the lists and checks that no name is used for two columns.
   *
   * @param columns the columns that become inputs, in the order of the inputs
   * @param targets the names of the target columns
   * @param weight the column with the row weights, or empty
   * @param ignored other columns
   * @param places the position of each column
   * @param header whether the columns were named
   * @param missing the strings for a missing value
   * @param decimal . or ,
   * @param notations by the name of a feature, the target or the weight
   * @throws IllegalArgumentException if a name is used twice or has no position, or {@link
   *     NdArray#checkNames} refuses it
   */
  public Schema {
    columns = List.copyOf(columns);
    targets = List.copyOf(targets);
    Objects.requireNonNull(weight, "weight");
    ignored = List.copyOf(ignored);
    places = Map.copyOf(places);
    missing = List.copyOf(missing);
    notations = Map.copyOf(notations);
    NdArray.checkNames("columns", places.keySet());
    NdArray.checkNames("words for no value", new HashSet<>(missing));
    Map<String, String> uses = new HashMap<>();
    columns.forEach(column -> use(uses, column.name(), "a feature"));
    targets.forEach(target -> use(uses, target, "the target"));
    weight.ifPresent(name -> use(uses, name, "the weight"));
    for (String name : uses.keySet()) {
      if (!places.containsKey(name)) {
        throw new IllegalArgumentException(
            "schema: column " + name + " has no place, expected its number in the training file");
      }
    }
  }

  private static void use(Map<String, String> uses, String name, String use) {
    String before = uses.put(name, use);
    if (before != null) {
      throw new ArgumentException(
          "schema: column %s is %s and %s, expected only one of the two", name, before, use);
    }
  }

  /**
   * {@return the schema of a table of numbers without column names and missing values, such as for
   * a model that was not trained on a table}
   *
   * @param inputs the number of columns that become inputs
   * @param targets the number of target columns after the inputs, in files that have targets
   * @throws IllegalArgumentException if a number is below 0, or their sum is 2^31 or more
   */
  public static Schema ofNumbers(int inputs, int targets) {
    if (inputs < 0 || targets < 0 || inputs > Integer.MAX_VALUE - targets) {
      throw new ArgumentException(
          "schema: %s inputs and %s targets, expected numbers from 0 and less than 2^31 together",
          inputs, targets);
    }
    List<Column> columns = new ArrayList<>();
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < inputs; i++) {
      columns.add(new NumberColumn(unnamed(i), i, Double.NaN, false));
      places.put(unnamed(i), i);
    }
    List<String> names = new ArrayList<>();
    for (int i = inputs; i < inputs + targets; i++) {
      names.add(unnamed(i));
      places.put(unnamed(i), i);
    }
    return new Schema(
        columns,
        names,
        Optional.empty(),
        List.of(),
        places,
        false,
        Cell.MISSING_STRINGS,
        '.',
        Map.of());
  }

  /**
   * {@return the name of a column in a file without a header, such as {@code #3}}
   *
   * @param position from 0
   */
  public static String unnamed(int position) {
    return "#" + position;
  }

  /**
   * {@return the schema of the table that data was read from; empty for data without one}
   *
   * @param data the data
   */
  public static Optional<Schema> of(Dataset data) {
    return Optional.ofNullable(TableMetadata.of(data).schema());
  }

  private Map<String, NdArray> arrays() {
    return TableMetadata.arrays(this, null, List.of(), List.of());
  }

  private Object writeReplace() {
    return new Serialised(arrays());
  }

  /** The bytes of its arrays. */
  private static final class Serialised extends SerialisedFile {
    private static final long serialVersionUID = 1L;

    Serialised(Map<String, NdArray> arrays) {
      super(arrays);
    }

    @Override
    protected Schema read(SealedNpz file) throws IOException {
      Schema schema = TableMetadata.NONE.visit(Fields.of(file)).schema();
      file.verify();
      return schema;
    }
  }

  /** {@return the SHA-256 in hexadecimal that is the checksum in a file with this schema alone} */
  public String digest() {
    return SealedNpz.sha256(arrays());
  }

  /** {@return such as {@code Schema[age, sex -> survived]}} */
  @Override
  public String toString() {
    return Message.of("Schema[%s -> %s]", columnNames(), targets).toString();
  }

  /** {@return the names of the columns that become inputs, in the order of the inputs} */
  public List<String> columnNames() {
    return columns.stream().map(Column::name).toList();
  }

  /** {@return the number of inputs that all columns make together} */
  public int inputs() {
    return columns.stream().mapToInt(Column::inputs).sum();
  }

  /**
   * {@return the indices of the inputs that each column makes, by column name, in the order of the
   * columns; columns without inputs are left out}
   */
  public Map<String, int[]> inputsOfColumns() {
    Map<String, int[]> inputs = new LinkedHashMap<>();
    int first = 0;
    for (Column column : columns) {
      int next = first + column.inputs();
      if (next > first) {
        inputs.put(column.name(), IntStream.range(first, next).toArray());
      }
      first = next;
    }
    return inputs;
  }

  /** {@return one name per input, for people} */
  public List<String> inputNames() {
    return columns.stream().flatMap(column -> column.inputNames().stream()).toList();
  }

  /** {@return for each input, true if it is numeric and thus scaled; [inputs]} */
  public boolean[] scaledInputs() {
    boolean[] scaled = new boolean[inputs()];
    int at = 0;
    for (Column column : columns) {
      for (int i = 0; i < column.inputs(); i++) {
        scaled[at++] = column.isScaled(i);
      }
    }
    return scaled;
  }
}
