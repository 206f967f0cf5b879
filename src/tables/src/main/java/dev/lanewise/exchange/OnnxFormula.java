package dev.lanewise.exchange;

import dev.lanewise.exchange.Onnx.Node;
import dev.lanewise.nn.Activation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.DoubleFunction;

/**
 * Applies nested operators such as {@code Mul(x, LeakyRelu(Add(x, 1), alpha=0.01))}: each operator
 * has inputs, followed by float attributes. A graph is written with the formula by which graphs of
 * other programs are recognised.
 *
 * @param <T> the class of tensors
 */
final class OnnxFormula<T> {
  /** What each activation computes of x. */
  private static final Map<Activation, String> OF =
      Map.ofEntries(
          Map.entry(Activation.RELU, "Relu(x)"),
          Map.entry(Activation.LEAKY_RELU, "LeakyRelu(x, alpha=0.01)"),
          Map.entry(Activation.ELU, "Elu(x)"),
          Map.entry(Activation.SELU, "Selu(x)"),
          Map.entry(Activation.GELU, "Mul(Mul(x, 0.5), Add(Erf(Div(x, 1.4142135623730951)), 1))"),
          Map.entry(
              Activation.GELU_TANH,
              "Mul(x, Sigmoid(Mul(x, Add(Mul(Mul(x, x), 0.07135481627260025), 1.5957691216057308))))"),
          Map.entry(Activation.SILU, "Mul(x, Sigmoid(x))"),
          Map.entry(Activation.MISH, "Mul(x, Tanh(Softplus(x)))"),
          Map.entry(Activation.SOFTPLUS, "Softplus(x)"),
          Map.entry(Activation.TANH, "Tanh(x)"),
          Map.entry(Activation.SIGMOID, "Sigmoid(x)"),
          Map.entry(Activation.IDENTITY, "x"));

  private final String formula;
  private final T x;
  private final DoubleFunction<T> constants;
  private final BiFunction<Node, List<T>, T> operators;
  private int at;

  private OnnxFormula(
      String formula, T x, DoubleFunction<T> constants, BiFunction<Node, List<T>, T> operators) {
    this.formula = formula.replace(" ", "");
    this.x = x;
    this.constants = constants;
    this.operators = operators;
  }

  /**
   * Applies the formula of an activation to a tensor.
   *
   * @param constants makes a tensor of a number
   * @param operators applies a node without names to tensors
   */
  static <T> T apply(
      Activation activation,
      T x,
      DoubleFunction<T> constants,
      BiFunction<Node, List<T>, T> operators) {
    return new OnnxFormula<>(OF.get(activation), x, constants, operators).tensor();
  }

  private T tensor() {
    String word = word();
    if (at == formula.length() || formula.charAt(at) != '(') {
      return word.equals("x") ? x : constants.apply(Double.parseDouble(word));
    }
    List<T> inputs = new ArrayList<>();
    Map<String, Object> attributes = new HashMap<>();
    while (formula.charAt(at++) != ')') { // each part follows ( or a comma
      int start = at;
      String name = word();
      if (formula.charAt(at) == '=') {
        at++;
        attributes.put(name, Float.parseFloat(word()));
      } else {
        at = start;
        inputs.add(tensor());
      }
    }
    return operators.apply(new Node(word, word, List.of(), List.of(), attributes), inputs);
  }

  private String word() {
    int start = at;
    while (at < formula.length() && "(),=".indexOf(formula.charAt(at)) < 0) {
      at++;
    }
    return formula.substring(start, at);
  }
}
