package dev.lanewise.nn;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.SealedNpz;
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
 * What the columns of a table are and how they become inputs of a network. It is inferred from
 * training rows and stored with the model, so that new rows are read as those were.
 *
 * @param columns those of which inputs are made, in the order of the inputs
 * @param targets the names of the target columns
 * @param weight the column with the weights of the rows, if there is one
 * @param ignored other columns of the training file, of which nothing is made
 * @param places where each named column stood in the training file, from 0
 * @param header whether that file named its columns; if not, names are {@code #0} and so on
 * @param missing the words that stand for no value, beside an empty text
 * @param decimal the decimal mark of that file, . or ,
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
    char decimal)
    implements Serializable {

  /**
   * Copies the lists and checks that no name stands for two columns.
   *
   * @param columns those of which inputs are made, in the order of the inputs
   * @param targets the names of the target columns
   * @param weight the column of weights, or empty
   * @param ignored other columns
   * @param places where each column stood
   * @param header whether the columns were named
   * @param missing the words that stand for no value
   * @param decimal . or ,
   * @throws IllegalArgumentException if a name is there twice or has no place, or is not as {@link
   *     NdArray#checkNames} has it
   */
  public Schema {
    columns = List.copyOf(columns);
    targets = List.copyOf(targets);
    Objects.requireNonNull(weight, "weight");
    ignored = List.copyOf(ignored);
    places = Map.copyOf(places);
    missing = List.copyOf(missing);
    NdArray.checkNames("columns", places.keySet());
    NdArray.checkNames("words for no value", new HashSet<>(missing));
    Map<String, String> uses = new HashMap<>();
    for (Column column : columns) {
      use(uses, column.name(), "a feature");
    }
    for (String target : targets) {
      use(uses, target, "the target");
    }
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
      throw new IllegalArgumentException(
          "schema: column %s is %s and %s, expected one of them".formatted(name, before, use));
    }
  }

  /**
   * The schema of bare numbers, such as those of a model that was not trained on a table: columns
   * in order, no names, no gaps.
   *
   * @param inputs how many
   * @param targets how many target columns stand behind them where there are any
   * @return the schema
   * @throws IllegalArgumentException if a number is below 0, or they are 2^31 or more together
   */
  public static Schema ofNumbers(int inputs, int targets) {
    if (inputs < 0 || targets < 0 || inputs > Integer.MAX_VALUE - targets) {
      throw new IllegalArgumentException(
          "schema: %s inputs and %s targets, expected numbers from 0 and less than 2^31 together"
              .formatted(inputs, targets));
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
        columns, names, Optional.empty(), List.of(), places, false, Cell.MISSING_WORDS, '.');
  }

  /**
   * What a column without a name is called.
   *
   * @param position from 0
   * @return such as {@code #3}
   */
  public static String unnamed(int position) {
    return "#" + position;
  }

  private Object writeReplace() {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    SchemaArrays.put(arrays, this);
    return new Serialised(ModelFile.bytes(arrays), true);
  }

  /**
   * What an object of a program is in this table.
   *
   * @param value as {@link Cell#of(Object, List)} takes it, but that a text is what the same text
   *     is in the training file, whose decimal mark may be another
   * @return the cell
   */
  public Cell cell(Object value) {
    return Cell.of(value, missing, decimal);
  }

  /**
   * The digest by which two schemas are told apart.
   *
   * @return the checksum of a file of it, as {@link SealedNpz} defines it: a SHA-256 in hexadecimal
   */
  public String digest() {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    SchemaArrays.put(arrays, this);
    return SealedNpz.sha256(arrays);
  }

  /**
   * The names of the columns of which inputs are made.
   *
   * @return in the order of the inputs
   */
  public List<String> columnNames() {
    return columns.stream().map(Column::name).toList();
  }

  /**
   * How many inputs all columns make together.
   *
   * @return the number of a network's inputs
   */
  public int inputs() {
    int inputs = 0;
    for (Column column : columns) {
      inputs += column.inputs();
    }
    return inputs;
  }

  /**
   * Which inputs are made of which column.
   *
   * @return by the name of the column, in their order, the numbers of its inputs; columns of which
   *     no input is made are left out
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

  /**
   * What the inputs are, for people.
   *
   * @return a name each
   */
  public List<String> inputNames() {
    List<String> names = new ArrayList<>();
    for (Column column : columns) {
      names.addAll(column.inputNames());
    }
    return names;
  }

  /**
   * Which inputs are numbers, which are scaled; others are taken as they are.
   *
   * @return [inputs]
   */
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
