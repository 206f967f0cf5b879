package app;

import dev.lanewise.nn.Model;
import dev.lanewise.nn.Predictions;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Trains on a table with the columns size, colour and kind, and predicts the kind of two rows. */
final class TableApp {
  private TableApp() {}

  /** Trains on the table args[0], and saves the model in args[1]. */
  public static void main(String[] args) throws IOException {
    Table table = Table.read(Path.of(args[0]));
    Model model = Recipe.TABLE.with("epochs", 8).fit(table.withTarget("kind")).model();
    model.save(Path.of(args[1]));
    List<Map<String, ?>> rows =
        List.of(Map.of("size", 6, "colour", "red"), Map.of("size", 1, "colour", "blue"));
    Predictions kinds = model.tablePredictor().predict(rows);
    System.out.println(kinds.className(0) + " " + kinds.className(1) + " " + model.sha256());
  }
}
