package dev.lanewise.trust;

import dev.lanewise.model.Bins;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Mlp;
import dev.lanewise.rows.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The columns of a model's rows and the features of each. A column of a table may have several
 * features, such as one per category; without a schema, each feature is a column.
 *
 * @param names the names of the columns, in the order of the features
 * @param features [columns], the features of each
 */
record ColumnFeatures(List<String> names, int[][] features) {

  static ColumnFeatures of(Model model) {
    Optional<Map<String, int[]>> ofTable = model.schema().map(Schema::inputsOfColumns);
    if (ofTable.isPresent()) {
      return new ColumnFeatures(
          List.copyOf(ofTable.get().keySet()), ofTable.get().values().toArray(new int[0][]));
    }
    int[][] features = new int[model.inputs()][];
    List<String> names = new ArrayList<>();
    for (int j = 0; j < features.length; j++) {
      features[j] = new int[] {j};
      names.add(Schema.unnamed(j));
    }
    return new ColumnFeatures(List.copyOf(names), features);
  }

  /** Returns the column of each input of a network; the bins of a feature are of its column. */
  int[] ofInputs(Mlp network) {
    int[] columns = new int[network.architecture().inputs()];
    for (int c = 0; c < features.length; c++) {
      for (int feature : features[c]) {
        columns[feature] = c;
      }
    }
    Bins bins = Model.of(network).bins().orElse(null);
    int at = network.inputs();
    for (int j = 0; bins != null && j < bins.features(); j++) {
      int next = at + Math.max(0, bins.edges(j).length - 1);
      int column = columns[j];
      IntStream.range(at, next).forEach(input -> columns[input] = column);
      at = next;
    }
    return columns;
  }
}
