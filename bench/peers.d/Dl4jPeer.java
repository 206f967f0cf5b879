import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Times Deeplearning4j: an epoch of both trainings without validation, and a prediction. */
public class Dl4jPeer {
  public static void main(String[] args) {
    MultiLayerNetwork course = training("course", new Sgd(0.01), 100, 3374, 45, 2304, 16, 80, 7);
    INDArray row = Nd4j.rand(1, 2304);
    double[] calls = new double[60];
    for (int c = 0; c < calls.length; c++) {
      long start = System.nanoTime();
      for (int i = 0; i < 200; i++) {
        course.output(row);
      }
      calls[c] = (System.nanoTime() - start) * 1e-3 / 200;
    }
    System.out.println("row " + median(calls));
    training("wide", new Adam(0.001), 128, 10000, 6, 784, 512, 512, 10);
  }

  private static MultiLayerNetwork training(
      String name, IUpdater updater, int batch, int rows, int epochs, int... sizes) {
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder().seed(1).updater(updater).list();
    int last = sizes.length - 2;
    for (int l = 0; l < last; l++) {
      layers.layer(
          new DenseLayer.Builder()
              .nIn(sizes[l])
              .nOut(sizes[l + 1])
              .activation(Activation.RELU)
              .build());
    }
    layers.layer(
        new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
            .nIn(sizes[last])
            .nOut(sizes[last + 1])
            .activation(Activation.SOFTMAX)
            .build());
    MultiLayerNetwork net = new MultiLayerNetwork(layers.build());
    net.init();
    INDArray x = Nd4j.rand(rows, sizes[0]);
    INDArray t = Nd4j.zeros(rows, sizes[last + 1]);
    Random random = new Random(0);
    for (int i = 0; i < rows; i++) {
      t.putScalar(i, random.nextInt(sizes[last + 1]), 1);
    }
    DataSet data = new DataSet(x, t);
    double[] times = new double[epochs];
    for (int e = 0; e < epochs; e++) {
      long start = System.nanoTime();
      data.shuffle(e);
      for (int first = 0; first < rows; first += batch) { // views, because batchBy copies
        INDArrayIndex chosen = NDArrayIndex.interval(first, Math.min(rows, first + batch));
        net.fit(data.getFeatures().get(chosen), data.getLabels().get(chosen));
      }
      times[e] = (System.nanoTime() - start) * 1e-6;
    }
    System.out.println(name + " " + median(times));
    return net;
  }

  /** Returns the median of the values after the first third. */
  private static double median(double[] times) {
    double[] warm = Arrays.copyOfRange(times, times.length / 3, times.length);
    Arrays.sort(warm);
    return warm[warm.length / 2];
  }
}
