package app;

import dev.lanewise.model.Model;
import dev.lanewise.model.TablePredictor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Predicts a row of a table by the names of its columns, with lanewise-core and -models. */
final class ByName {
  private ByName() {}

  /**
   * Prints the class of a row with its probability.
   *
   * @param args the file of a model, and the row as NAME=VALUE or, without a table, as numbers
   */
  public static void main(String[] args) throws IOException {
    Model model = Model.load(Path.of(args[0]));
    List<String> row = List.of(args).subList(1, args.length);
    if (model.schema().isPresent()) {
      TablePredictor predictor = model.tablePredictor();
      for (String value : row) {
        String[] parts = value.split("=");
        predictor.set(parts[0], parts[1]);
      }
      System.out.println(predictor.predict().className(0));
    } else {
      double[] numbers = row.stream().mapToDouble(Double::parseDouble).toArray();
      System.out.println(model.predictor(1).predict(numbers).className(0));
    }
  }
}
