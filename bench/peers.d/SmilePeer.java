import java.util.Arrays;
import java.util.Random;
import smile.base.mlp.Layer;
import smile.base.mlp.OutputFunction;
import smile.classification.MLP;
import smile.math.TimeFunction;

/** Times Smile: an epoch of the course's training in file order, and a prediction. */
public class SmilePeer {
  public static void main(String[] args) {
    int rows = 3374;
    int batch = 100;
    Random random = new Random(0);
    double[][] x = new double[rows][];
    Arrays.setAll(x, i -> random.doubles(2304).toArray());
    int[] t = random.ints(rows, 0, 7).toArray();
    MLP net =
        new MLP(
            Layer.input(2304),
            Layer.rectifier(16),
            Layer.rectifier(80),
            Layer.mle(7, OutputFunction.SOFTMAX));
    net.setLearningRate(TimeFunction.constant(0.01));
    double[] epochs = new double[9];
    for (int e = 0; e < epochs.length; e++) {
      long start = System.nanoTime();
      for (int first = 0; first < rows; first += batch) {
        int end = Math.min(rows, first + batch);
        net.update(Arrays.copyOfRange(x, first, end), Arrays.copyOfRange(t, first, end));
      }
      epochs[e] = (System.nanoTime() - start) * 1e-6;
    }
    double[] calls = new double[90];
    for (int c = 0; c < calls.length; c++) {
      long start = System.nanoTime();
      for (int i = 0; i < 200; i++) {
        net.predict(x[i]);
      }
      calls[c] = (System.nanoTime() - start) * 1e-3 / 200;
    }
    System.out.println("course " + median(epochs));
    System.out.println("row " + median(calls));
  }

  /** Returns the median of the values after the first third. */
  private static double median(double[] times) {
    double[] warm = Arrays.copyOfRange(times, times.length / 3, times.length);
    Arrays.sort(warm);
    return warm[warm.length / 2];
  }
}
