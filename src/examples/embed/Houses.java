import dev.lanewise.data.Dataset;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Predictions;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.train.TrainingListener;
import java.nio.file.Path;
import java.util.List;

class Houses {
  record House(double size, String kind) {}

  public static void main(String[] args) throws Exception {
    Dataset data = Datasets.load(Path.of("sales.csv"), ReadOptions.defaults().withTarget("sold"));
    TrainingListener progress =
        e -> {
          System.out.printf("%d of %d: loss %f%n", e.epoch(), e.epochs(), e.validLoss());
          return true; // false stops the training
        };
    Model model = Recipe.TABLE_FAST.fit(data, 2, progress).model();
    List<House> houses = List.of(new House(30, "flat"), new House(110, "house"));
    Predictions all = model.tablePredictor().predict(houses); // records or maps, in one batch
    System.out.println(all.className(0) + " " + all.byName(0).get("soon") + " " + all.byName(1));
  }
}
