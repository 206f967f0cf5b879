package app;

import dev.lanewise.nn.Mlp;
import dev.lanewise.table.Table;
import dev.lanewise.train.Recipe;
import java.io.IOException;
import java.nio.file.Path;

/** Trains on a table whose last column is the target. */
final class TableApp {
  private TableApp() {}

  /** The arguments are the table and the file of the model. */
  public static void main(String[] args) throws IOException {
    Table table = Table.read(Path.of(args[0]));
    Mlp model = Recipe.TABLE.with("epochs", 8).fit(table).model();
    model.save(Path.of(args[1]));
    System.out.println(model.sha256());
  }
}
