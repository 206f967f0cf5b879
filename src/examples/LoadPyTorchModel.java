import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Loss;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Predicts with the weights of a PyTorch {@code nn.Sequential} of linear layers and ReLU, which
 * Python has saved with {@code safetensors.torch.save_file(net.state_dict(), "net.safetensors")}.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp lanewise.jar LoadPyTorchModel.java net.safetensors
 * </pre>
 */
final class LoadPyTorchModel {
  private LoadPyTorchModel() {}

  /** Predicts with the model in the file args[0]. */
  public static void main(String[] args) throws IOException {
    Model model = Model.load(Path.of(args[0]), Activation.RELU).withLoss(Loss.SOFTMAX);
    System.out.println(model.sizes());
    float[] features = new float[model.inputs()];
    Arrays.fill(features, 1);
    float[] probabilities = new float[model.outputs()];
    model.predictor(1).predict(features, probabilities);
    System.out.println(Arrays.toString(probabilities));
  }
}
