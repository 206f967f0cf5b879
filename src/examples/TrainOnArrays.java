import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.Split;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictions;
import dev.lanewise.train.Optimizer;
import dev.lanewise.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * Trains on arrays in memory, saves the model, and predicts with the saved model.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp lanewise.jar TrainOnArrays.java rents.npz
 * </pre>
 */
final class TrainOnArrays {
  private TrainOnArrays() {}

  /** Saves the model in the file args[0]. */
  public static void main(String[] args) throws IOException {
    Random random = new Random(1);
    double[][] rooms = new double[500][2]; // square metres, storey
    double[] rents = new double[rooms.length];
    for (int i = 0; i < rooms.length; i++) {
      rooms[i][0] = random.nextDouble(8, 80);
      rooms[i][1] = random.nextInt(6);
      rents[i] = 200 + 14 * rooms[i][0] + 25 * rooms[i][1];
    }

    Dataset data =
        Dataset.of(Split.of(rooms, rents))
            .withScaling(ScaleChoice.standard())
            .withTargetScaling(ScaleChoice.standard());
    Mlp initial =
        Mlp.initial(Architecture.relu(2, List.of(32), 1), Initializer.HE, 0).withLoss(Loss.MSE);
    Trainer trainer =
        Trainer.builder().epochs(200).optimizer(Optimizer.adam()).learningRate(0.01).build();
    trainer.fit(initial, data).model().save(Path.of(args[0]));

    Mlp model = Mlp.load(Path.of(args[0])); // contains both scalings
    Predictions rent = model.predictor(2).predict(new double[][] {{30, 2}, {60, 0}});
    System.out.printf("%.0f %.0f%n", rent.value(0, 0), rent.value(1, 0));
  }
}
