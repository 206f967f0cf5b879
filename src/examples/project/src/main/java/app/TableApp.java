package app;

import dev.lanewise.nn.Model;
import dev.lanewise.table.Table;
import dev.lanewise.train.Recipe;
import java.io.IOException;
import java.nio.file.Path;

/** Trains on a table whose last column is the target. */
final class TableApp {
  private TableApp() {}

  /** Trains on the table args[0], and saves the model in args[1]. */
  public static void main(String[] args) throws IOException {
    Table table = Table.read(Path.of(args[0]));
    Model model = Recipe.TABLE.with("epochs", 8).fit(table).model();
    model.save(Path.of(args[1]));
    System.out.println(model.sha256());
  }
}
