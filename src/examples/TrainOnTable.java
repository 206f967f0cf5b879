import dev.lanewise.model.Model;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.table.Table;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

class TrainOnTable {
  public static void main(String[] args) throws Exception {
    Table table = Table.read(Path.of("data/penguins.csv"));
    Model model = Recipe.TABLE.fit(table.withTarget("sex"), 2).model(); // on two threads
    Map<String, Object> penguin = new HashMap<>();
    table.columns().forEach(name -> penguin.put(name, null)); // missing
    penguin.put("species", "Gentoo");
    penguin.put("body_mass_g", 5400);
    System.out.println(model.predict(penguin).className(0) + " " + model.sha256()); // male ...
  }
}
