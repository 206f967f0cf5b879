package dev.lanewise.exchange;

import dev.lanewise.exchange.Onnx.Node;
import java.util.List;

/** Says what to change in the code that exports a graph, for operators that are refused. */
final class OnnxAdvice {
  /** A pattern of operators in each line and what to do; the first line of an operator counts. */
  private static final String ADVICE =
      """
      LeakyRelu nn.LeakyReLU() of the slope 0.01
      PRelu nn.LeakyReLU() of the slope 0.01, as slopes for units are not read
      Elu|Celu nn.ELU() of alpha 1
      Clip|Hard.*|Softsign|ThresholdedRelu|Exp|Abs|Sqrt|Pow train with nn.ReLU, nn.ELU or nn.SiLU
      (Log)?Softmax return torch.softmax(x, 1) or x itself as the last step
      Log return torch.softmax(x, 1), torch.sigmoid(x) or x, not its logarithm
      Reshape|Shape|Transpose x.flatten(1) in place of view, reshape or permute
      Arg.*|TopK return torch.softmax(x, 1) or x itself, not the class
      Gather|Slice|Split return all columns of x, not some of them
      Gemm|MatMul|Add|Sub|Mul|Concat nn.Sequential after x.flatten(1), no connection past a layer
      Dropout|BatchNormalization model.eval() before the export
      Reduce.*|(Layer|Instance|Group|Lp).*ization nn.BatchNorm1d or no such layer
      Conv.*|.*Pool|Pad|Resize export the part after the convolutions alone
      .*Quantize.*|.*Integer|QLinear.* export the model before it is quantised
      LSTM|GRU|RNN|Loop|Scan|If layers of nn.Linear alone
      """;

  private OnnxAdvice() {}

  /** Returns the advice for the first operator that has one, in brackets, or an empty text. */
  static String of(List<Node> nodes) {
    for (Node node : nodes) {
      for (String line : ADVICE.split("\n")) {
        String[] advice = line.split(" ", 2);
        if (node.operator().matches(advice[0])) {
          return " (in PyTorch: " + advice[1] + ")";
        }
      }
    }
    return "";
  }
}
