package app;

import dev.lanewise.model.Calibration;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictions;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Trains on a table with the columns size, colour and kind, and predicts the kind of two rows. */
final class TableApp {
  private TableApp() {}

  /**
   * Saves a model of several networks, one of one network, and the network of App, calibrated.
   *
   * @param args the table, the files of the three models, and the file of App
   */
  public static void main(String[] args) throws IOException {
    Table table = Table.read(Path.of(args[0]));
    Model model = Recipe.TABLE.with("epochs", 8).fit(table.withTarget("kind")).model();
    model.save(Path.of(args[1]));
    Recipe.TABLE_FAST.fit(table.withTarget("kind")).model().save(Path.of(args[2]));
    Model.of(Mlp.load(Path.of(args[4])))
        .withCalibration(Optional.of(Calibration.temperature(2)))
        .save(Path.of(args[3]));
    List<Map<String, ?>> rows =
        List.of(Map.of("size", 6, "colour", "red"), Map.of("size", 1, "colour", "blue"));
    Predictions kinds = model.tablePredictor().predict(rows);
    System.out.println(kinds.className(0) + " " + kinds.className(1) + " " + model.sha256());
  }
}
