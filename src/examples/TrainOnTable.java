import dev.lanewise.model.Model;
import dev.lanewise.nn.Predictions;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Trains on a table of houses with the columns size, kind and sold, and saves the model, whose
 * weights are those of {@code lanewise train --data houses.csv --target sold}. Then it predicts
 * other houses.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp lanewise.jar TrainOnTable.java houses.csv model.npz
 * </pre>
 */
final class TrainOnTable {
  private record House(double size, String kind) {}

  private TrainOnTable() {}

  /** Trains on the table args[0], and saves the model in args[1]. */
  public static void main(String[] args) throws IOException {
    Table table = Table.read(Path.of(args[0]));
    Model model = Recipe.TABLE.fit(table.withTarget("sold"), 2).model(); // on up to two threads
    model.save(Path.of(args[1]));

    List<House> houses =
        List.of(new House(45, "flat"), new House(3, "house"), new House(3, "flat"));
    Predictions predictions = model.tablePredictor().predict(houses);
    for (int i = 0; i < houses.size(); i++) {
      System.out.println(houses.get(i) + " sold: " + predictions.className(i));
    }
  }
}
