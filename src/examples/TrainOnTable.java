import dev.lanewise.nn.Model;
import dev.lanewise.table.Table;
import dev.lanewise.train.Recipe;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Trains on a table whose last column is the target, and saves the model, whose weights are those
 * of {@code lanewise train --data titanic.csv}.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp lanewise.jar TrainOnTable.java titanic.csv model.npz
 * </pre>
 */
final class TrainOnTable {
  private TrainOnTable() {}

  /** Trains on the table args[0], and saves the model in args[1]. */
  public static void main(String[] args) throws IOException {
    Table table = Table.read(Path.of(args[0]));
    Model model = Recipe.TABLE.fit(table).model();
    model.save(Path.of(args[1]));
  }
}
