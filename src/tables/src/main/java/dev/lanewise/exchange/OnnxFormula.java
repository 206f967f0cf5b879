package dev.lanewise.exchange;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads nested operators such as {@code Mul(x, LeakyRelu(Add(x, 1), alpha=0.01))}: each operator
 * has inputs, followed by float attributes. The same formula is used to write nodes and to
 * recognise them.
 *
 * @param <T> the class of tensors
 */
public final class OnnxFormula<T> {
  /** Makes the tensors of a formula. */
  public interface Operators<T> {
    T number(double value);

    T apply(String operator, List<T> inputs, Map<String, Object> attributes);
  }

  private final String formula;
  private final T x;
  private final Operators<T> operators;
  private int at;

  private OnnxFormula(String formula, T x, Operators<T> operators) {
    this.formula = formula.replace(" ", "");
    this.x = x;
    this.operators = operators;
  }

  /** Applies a formula to a tensor. */
  public static <T> T apply(String formula, T x, Operators<T> operators) {
    return new OnnxFormula<>(formula, x, operators).tensor();
  }

  private T tensor() {
    String word = word();
    if (at == formula.length() || formula.charAt(at) != '(') {
      return word.equals("x") ? x : operators.number(Double.parseDouble(word));
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
    return operators.apply(word, inputs, attributes);
  }

  private String word() {
    int start = at;
    while (at < formula.length() && "(),=".indexOf(formula.charAt(at)) < 0) {
      at++;
    }
    return formula.substring(start, at);
  }
}
