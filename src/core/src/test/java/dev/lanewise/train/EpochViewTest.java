package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EpochViewTest {
  private final float[][] rows = {{1, 2, -1}, {0, 1, 1}, {-1, 0.5f, 2}, {2, 2, 0}};
  private final Dataset data = Dataset.of(Rows.of(rows, new int[] {0, 1, 1, 0}));
  private final Mlp initial = Mlp.initial(Architecture.relu(3, List.of(4), 2), Initializer.HE, 1);

  /** A step of plain gradient descent moves the weights by the rate times the gradient. */
  @Test
  void normsAreThoseOfTheWeightsAndOfTheLastGradient() {
    List<double[]> norms = new ArrayList<>();
    List<Mlp> networks = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public boolean onEpoch(EpochResult result) {
            return true;
          }

          @Override
          public boolean onEpoch(EpochResult result, EpochView view) {
            norms.add(view.weightNorms());
            norms.add(view.gradientNorms());
            Mlp network = view.network();
            networks.add(network.withParameters(network.parameters()));
            return true;
          }
        };
    double rate = 0.5;
    Trainer.builder()
        .epochs(2)
        .batchSize(-1)
        .learningRate(rate)
        .listener(listener)
        .build()
        .fit(initial, data);
    for (int layer = 0; layer < 2; layer++) {
      float[] before = networks.get(0).weights(layer);
      float[] after = networks.get(1).weights(layer);
      double weights = 0;
      double moved = 0;
      for (int i = 0; i < after.length; i++) {
        weights += (double) after[i] * after[i];
        moved += Math.pow((before[i] - after[i]) / rate, 2);
      }
      assertEquals(Math.sqrt(weights), norms.get(2)[layer], 1e-12);
      assertEquals(Math.sqrt(moved), norms.get(3)[layer], 1e-5);
    }
  }
}
