package app;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Model;
import dev.lanewise.nn.TablePredictor;
import dev.lanewise.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Trains a model that predicts whether two numbers have the same sign, and predicts a row of a
 * table by the names of its columns.
 */
final class App {
  private App() {}

  /**
   * Prints the class of a new row, and the digest of the model.
   *
   * @param args the file to save the model in, then a table's model and a row as NAME=VALUE...
   */
  public static void main(String[] args) throws IOException {
    double[][] rows = {{1, 1}, {2, 1}, {1, 3}, {-1, -2}, {-3, -1}, {1, -1}, {2, -3}, {-1, 1}};
    String[] classes = {"same", "same", "same", "same", "same", "other", "other", "other"};
    Dataset data = Dataset.of(Split.of(rows, classes));
    Mlp initial = Mlp.initial(Architecture.relu(2, List.of(16), 2), Initializer.HE, 0);
    Mlp model = Trainer.builder().epochs(500).learningRate(0.1).build().fit(initial, data).model();
    model.save(Path.of(args[0]));
    Mlp loaded = Mlp.load(Path.of(args[0]));
    String predicted = loaded.predictor(1).predict(-2, 2).className(0);
    System.out.println(predicted + " " + loaded.sha256());
    if (args.length > 1) {
      TablePredictor row = Model.load(Path.of(args[1])).tablePredictor();
      for (String value : List.of(args).subList(2, args.length)) {
        String[] parts = value.split("=");
        row.set(parts[0], parts[1]);
      }
      System.out.println(row.predict().className(0));
    }
  }
}
