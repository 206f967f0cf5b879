package app;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.format.FormatException;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Trains a network that predicts whether two numbers have the same sign, with the core alone. */
final class App {
  private App() {}

  /**
   * Prints the class of a new row and the digest of the network, then what it reads of other files.
   *
   * @param args the file to save the network in, then further files of models
   */
  public static void main(String[] args) throws IOException {
    double[][] rows = {{1, 1}, {2, 1}, {1, 3}, {-1, -2}, {-3, -1}, {1, -1}, {2, -3}, {-1, 1}};
    String[] classes = {"same", "same", "same", "same", "same", "other", "other", "other"};
    Dataset data = Dataset.of(Rows.of(rows, classes));
    Mlp initial = Mlp.initial(Architecture.relu(2, List.of(16), 2), Initializer.HE, 0);
    Mlp model = Trainer.builder().epochs(500).learningRate(0.1).build().fit(initial, data).model();
    model.save(Path.of(args[0]));
    Mlp loaded = Mlp.load(Path.of(args[0]));
    String predicted = loaded.predictor(1).predict(-2, 2).className(0);
    System.out.println(predicted + " " + loaded.sha256());
    for (String other : List.of(args).subList(1, args.length)) {
      try {
        System.out.println(Mlp.load(Path.of(other)));
      } catch (FormatException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
