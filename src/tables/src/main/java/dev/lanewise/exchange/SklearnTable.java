package dev.lanewise.exchange;

import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.internal.Cell;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Converts the encoding of scikit-learn's ColumnTransformer to a schema. For each input of the
 * network, the file contains the column, the kind (number, category or missing value) and the
 * category. In the schema, a column of categories has an additional input for values that did not
 * occur in training, whose weights are 0.
 */
final class SklearnTable {
  static final String COLUMNS = "columns_"; // strings [inputs]
  static final String KINDS = "kinds_"; // strings [inputs]
  static final String WORDS = "words_"; // strings [inputs], empty except for categories
  static final String TARGET = "target_"; // a string

  private static final String MISSING = "missing";

  private final List<Column> columns = new ArrayList<>();
  private final Map<String, Integer> places = new HashMap<>();
  private final List<Integer> rows = new ArrayList<>(); // inputs of the file; -1 for zeros

  /** Returns the model with the schema, and its weights and scaling in the order of the schema. */
  static Model of(String file, Map<String, NdArray> arrays, Mlp model) throws FormatException {
    SklearnTable table = new SklearnTable();
    table.read(
        file,
        strings(file, arrays, COLUMNS),
        strings(file, arrays, KINDS),
        strings(file, arrays, WORDS));
    String target = String.join("", strings(file, arrays, TARGET));
    table.places.put(target, table.places.size());
    List<String> missing = new ArrayList<>(Cell.MISSING_STRINGS);
    for (Column column : table.columns) {
      missing.removeAll(column instanceof CategoryColumn c ? c.categories() : List.of());
    }
    boolean isNamed =
        !table.columns.get(0).name().equals(Schema.unnamed(table.columns.get(0).position()));
    Schema schema =
        new Schema(
            table.columns,
            List.of(target),
            Optional.empty(),
            List.of(),
            table.places,
            isNamed,
            missing,
            '.',
            Map.of());
    return Model.of(table.widened(model)).withSchema(schema);
  }

  private static List<String> strings(String file, Map<String, NdArray> arrays, String name)
      throws FormatException {
    NdArray array = arrays.get(name);
    if (array == null || array.type() != ElementType.UNICODE) {
      throw new FormatException(
          file, "no array %s of strings, expected one beside %s", name, COLUMNS);
    }
    List<String> strings = new ArrayList<>();
    for (int i = 0; i < array.length(); i++) {
      strings.add(array.stringAt(i));
    }
    return strings;
  }

  private void read(String file, List<String> names, List<String> kinds, List<String> words)
      throws FormatException {
    if (kinds.size() != names.size() || words.size() != names.size() || names.isEmpty()) {
      throw new FormatException(
          file,
          "%s columns_, %s kinds_ and %s words_, expected one of each per input",
          names.size(),
          kinds.size(),
          words.size());
    }
    Map<String, List<Integer>> inputs = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      inputs.computeIfAbsent(names.get(i), name -> new ArrayList<>()).add(i);
    }
    for (Map.Entry<String, List<Integer>> entry : inputs.entrySet()) {
      String name = entry.getKey();
      int place = name.matches("#\\d{1,9}") ? Integer.parseInt(name.substring(1)) : places.size();
      places.put(name, place);
      List<Integer> own = entry.getValue();
      if (own.size() == 1 && kinds.get(own.get(0)).equals("number")) {
        columns.add(new NumberColumn(name, place, Double.NaN, false));
        rows.add(own.get(0));
        continue;
      }
      List<String> categories = new ArrayList<>();
      int hasMissing = -1;
      for (int i : own) {
        if (kinds.get(i).equals("category")) {
          categories.add(Cell.parse(words.get(i), List.of()).text());
          rows.add(i);
        } else if (kinds.get(i).equals(MISSING) && hasMissing < 0) {
          hasMissing = i;
        } else {
          throw new FormatException(
              file, "column %s is %s, too, expected only one use of a column", name, kinds.get(i));
        }
      }
      rows.add(-1);
      if (hasMissing >= 0) {
        rows.add(hasMissing);
      }
      columns.add(new CategoryColumn(name, place, categories, true, hasMissing >= 0));
    }
  }

  /** Returns the model with weights and scaling in the order of the inputs of the schema. */
  private Mlp widened(Mlp model) {
    Architecture old = model.architecture();
    Architecture wide =
        new Architecture(rows.size(), old.hidden(), old.outputs(), old.activations());
    int columns = wide.layers().get(0).outputs();
    float[] from = MlpState.of(model).parameters();
    float[] to = new float[wide.parameterCount()];
    int rest = from.length - old.inputs() * columns; // all but the weights of the first layer
    System.arraycopy(from, from.length - rest, to, to.length - rest, rest);
    Scaling scaling = model.scaling().orElseThrow();
    double[] mean = new double[rows.size()];
    double[] deviation = new double[rows.size()];
    Arrays.fill(deviation, 1);
    for (int i = 0; i < rows.size(); i++) {
      int row = rows.get(i);
      if (row >= 0) {
        System.arraycopy(from, row * columns, to, i * columns, columns);
        mean[i] = scaling.first()[row];
        deviation[i] = scaling.divisor()[row];
      }
    }
    return MlpState.of(model).with(wide, to).withScaling(Scaling.standardise(mean, deviation));
  }
}
