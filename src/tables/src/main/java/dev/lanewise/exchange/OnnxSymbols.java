package dev.lanewise.exchange;

import dev.lanewise.exchange.Onnx.Node;
import dev.lanewise.format.FormatException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes what the operators between two layers do to one tensor, as a symbolic expression. The
 * expression follows from the definitions of the operators, not from trying numbers.
 *
 * @param width the number of columns of the tensor
 */
record OnnxSymbols(OnnxGraph graph, int width) {
  /**
   * Returns the expression of a tensor that nodes compute; null if a node has no expression.
   *
   * @param variable the tensor that the expression depends on
   */
  Expression of(String variable, List<List<Node>> steps, String tensor) throws FormatException {
    Map<String, Expression> values = new HashMap<>(Map.of(variable, Expression.variable()));
    try {
      for (Node node : steps.stream().flatMap(List::stream).toList()) {
        Expression made = made(node, values);
        if (made == null) {
          return null;
        }
        values.put(node.outputs().get(0), made);
      }
    } catch (ArithmeticException e) {
      return null; // the expression becomes too large
    }
    return values.get(tensor);
  }

  /** Returns the expression of a node; null if it has none. */
  private Expression made(Node node, Map<String, Expression> values) throws FormatException {
    graph.check(node, width);
    OnnxOperator operator = OnnxOperator.of(node);
    List<Expression> arguments = new ArrayList<>();
    for (int i = 0; i < operator.inputs(); i++) {
      Expression computed = i < node.inputs().size() ? values.get(node.inputs().get(i)) : null;
      arguments.add(computed == null ? columns(node, graph.input(node, i, Map.of())) : computed);
    }
    for (double[] parameter : graph.parameters(node, width, Map.of())) {
      arguments.add(columns(node, parameter));
    }
    return operator.symbols().apply(arguments.toArray(new Expression[0]));
  }

  /** Returns a constant with one number or one per column. */
  private Expression columns(Node node, double[] constant) throws FormatException {
    if (constant.length != 1 && constant.length != width) {
      throw graph.refused(node, "inputs of " + width + " columns, found " + constant.length);
    }
    return Expression.constant(constant);
  }
}
