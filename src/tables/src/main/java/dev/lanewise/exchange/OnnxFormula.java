package dev.lanewise.exchange;

import dev.lanewise.exchange.Onnx.Node;
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
   * Applies a formula to a tensor.
   *
   * @param constants makes a tensor of a number
   * @param operators applies a node without names to tensors
   */
  static <T> T apply(
      String formula, T x, DoubleFunction<T> constants, BiFunction<Node, List<T>, T> operators) {
    return new OnnxFormula<>(formula, x, constants, operators).tensor();
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
