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
 */
final class OnnxSymbols {
  private final OnnxGraph graph;
  private final int width;
  private final Map<String, Expression> values = new HashMap<>();

  /**
   * Starts with a tensor as the variable.
   *
   * @param width its number of columns
   */
  OnnxSymbols(OnnxGraph graph, String tensor, int width) {
    this.graph = graph;
    this.width = width;
    values.put(tensor, Expression.variable());
  }

  /** Returns the expression of a tensor that nodes compute; null if a node has no expression. */
  Expression of(List<List<Node>> steps, String tensor) throws FormatException {
    try {
      for (List<Node> step : steps) {
        for (Node node : step) {
          Expression made = made(node);
          if (made == null) {
            return null;
          }
          values.put(node.outputs().get(0), made);
        }
      }
    } catch (ArithmeticException e) {
      return null; // the expression becomes too large
    }
    return values.get(tensor);
  }

  /** Returns the expression of a node; null if it has none. */
  private Expression made(Node node) throws FormatException {
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
