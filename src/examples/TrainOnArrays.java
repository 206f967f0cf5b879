import dev.lanewise.data.*;
import dev.lanewise.nn.*;
import dev.lanewise.train.*;
import java.nio.file.Path;
import java.util.List;

class TrainOnArrays {
  public static void main(String[] args) throws Exception {
    double[][] rows = {{1021, 40}, {1003, 85}, {1015, 55}, {998, 90}}; // hPa, % humidity
    String[] weather = {"dry", "rain", "dry", "rain"};
    Dataset data = Dataset.of(Rows.of(rows, weather)).withScaling(ScaleChoice.standard());
    Mlp initial = Mlp.initial(Architecture.relu(2, List.of(32), 2), Initializer.HE, 0);
    Trainer trainer = Trainer.builder().epochs(200).optimizer(Optimizer.adam()).build();
    trainer.fit(initial, data).model().save(Path.of(args[0])); // for numpy, too
    Mlp model = Mlp.load(Path.of(args[0]));
    System.out.println(model.predict(1001, 88).className(0)); // rain
  }
}
