import dev.lanewise.engine.*;
import java.util.Arrays;

class EngineAlone {
  public static void main(String[] args) {
    float[] a = {1, 2, 3, 4, 5, 6}; // 2 x 3
    float[] b = {7, 8, 9, 10, 11, 12}; // 3 x 2
    System.out.println(Arrays.toString(Product.of(a, b, 2, 2, 3))); // [58.0, 64.0, 139.0, 154.0]

    float[] x = {0, 0, 0, 1, 1, 0, 1, 1}; // 4 x 2
    int[] xor = {0, 1, 1, 0};
    Layers layers = Layers.of(2, 256, 256, 2); // inputs, ReLUs, outputs
    float[] weights = layers.he(0);
    Training training = new Training(layers, Loss.SOFTMAX, weights).adam(0.001).threads(2);
    training.run(x, xor, 1000, (epoch, loss) -> true);
    float[] shares = Layers.softmax(layers.outputs(weights, x, 4), 2);
    System.out.println(shares[1] + " " + shares[3] + " " + Arrays.hashCode(weights));
  }
}
