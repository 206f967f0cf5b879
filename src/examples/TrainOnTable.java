import dev.lanewise.table.Table;
import dev.lanewise.train.Recipe;
import dev.lanewise.train.TrainingRun;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Trains on a table whose last column is the target, with the weights of {@code lanewise train
 * --data titanic.csv}, and saves the model.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp lanewise.jar TrainOnTable.java titanic.csv model.npz
 * </pre>
 */
final class TrainOnTable {
  private TrainOnTable() {}

  /** The arguments are the table and the file of the model. */
  public static void main(String[] args) throws IOException {
    Table table = Table.read(Path.of(args[0]));
    TrainingRun run = Recipe.TABLE.fit(table);
    run.model().save(Path.of(args[1]));
  }
}
