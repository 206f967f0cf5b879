package app;

import dev.lanewise.data.Dataset;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.Trainer;
import java.util.List;

/** Learns whether two numbers have the same sign. */
final class App {
  private App() {}

  /** Prints the class of a new row, and what tells this model from any other. */
  public static void main(String[] args) {
    double[][] rows = {{1, 1}, {2, 1}, {1, 3}, {-1, -2}, {-3, -1}, {1, -1}, {2, -3}, {-1, 1}};
    String[] classes = {"same", "same", "same", "same", "same", "other", "other", "other"};
    Dataset data = Dataset.of(rows, classes);
    Mlp initial = Mlp.initial(Architecture.relu(2, List.of(16), 2), Initializer.HE, 0);
    Mlp model = Trainer.builder().epochs(500).learningRate(0.1).build().fit(initial, data).model();
    int predicted = model.predictor(1).predictClass(-2, 2);
    System.out.println(model.className(predicted) + " " + model.sha256());
  }
}
