package dev.lanewise.exchange;

import dev.lanewise.exchange.Onnx.Node;
import dev.lanewise.format.FormatException;
import dev.lanewise.nn.Activation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes what the operators between two layers do to one tensor, as a symbolic expression. The
 * expression follows from the definitions of the operators, not from trying numbers.
 */
final class OnnxSymbols {
  /** Larger bounds have no effect, as no network has sums of this size. */
  private static final double UNREACHED = 1e30;

  private static final OnnxFormula.Operators<Expression> FORMULAS =
      new OnnxFormula.Operators<>() {
        @Override
        public Expression number(double value) {
          return Expression.constant(value);
        }

        @Override
        public Expression apply(
            String operator, List<Expression> inputs, Map<String, Object> attributes) {
          Expression made =
              applied(new Node(operator, operator, List.of(), List.of(), attributes), inputs);
          if (made == null) {
            throw new AssertionError("no expression for " + operator);
          }
          return made;
        }
      };

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

  /** Returns an input: a computed tensor, or a constant with one number or one per column. */
  private Expression input(Node node, int i) throws FormatException {
    Expression computed = i < node.inputs().size() ? values.get(node.inputs().get(i)) : null;
    return computed == null ? Expression.constant(columns(node, i)) : computed;
  }

  private double[] columns(Node node, int i) throws FormatException {
    double[] constant = graph.input(node, i, Map.of());
    if (constant.length != 1 && constant.length != width) {
      throw graph.refused(node, "inputs of " + width + " columns, found " + constant.length);
    }
    return constant;
  }

  private Expression made(Node node) throws FormatException {
    graph.check(node, width);
    Expression x = input(node, 0);
    return switch (node.operator()) {
      case "Identity", "Dropout", "Flatten", "Reshape", "Squeeze", "ZipMap", "Cast" -> x;
      case "Gelu" ->
          activated(x, OnnxGraph.isTanhGelu(node) ? Activation.GELU_TANH : Activation.GELU);
      case "Mish" -> activated(x, Activation.MISH);
      case "Clip" ->
          clipped(
              x,
              graph.bound(node, 1, "min", -UNREACHED, Map.of()),
              graph.bound(node, 2, "max", UNREACHED, Map.of()));
      case "PRelu" -> x.leaky(columns(node, 1));
      case "BatchNormalization" -> {
        double[][] line = graph.normalisation(node, width);
        yield x.times(line[0]).plus(Expression.constant(line[1]));
      }
      default -> {
        List<Expression> inputs = new ArrayList<>(List.of(x));
        int count =
            node.operator().equals("Where")
                ? 3
                : OnnxGraph.BINARY.contains(node.operator()) ? 2 : 1;
        for (int i = 1; i < count; i++) {
          inputs.add(input(node, i));
        }
        yield applied(node, inputs);
      }
    };
  }

  /** Applies an activation to an expression. */
  static Expression activated(Expression x, Activation activation) {
    return OnnxFormula.apply(activation.onnx(), x, FORMULAS);
  }

  /** Applies an operator that only needs inputs and attributes; returns null for others. */
  private static Expression applied(Node node, List<Expression> inputs) {
    Expression x = inputs.get(0);
    Expression y = inputs.size() > 1 ? inputs.get(1) : null;
    return switch (node.operator()) {
      case "Neg" -> x.times(-1);
      case "Exp" -> x.exp();
      case "Log" -> x.log();
      case "Erf" -> x.erf();
      case "Tanh" -> x.tanh();
      case "Reciprocal" -> Expression.constant(1).over(x);
      case "Sigmoid" -> x.sigmoid();
      case "Softplus" -> x.softplus();
      case "Relu" -> x.relu();
      case "LeakyRelu" -> x.leaky(node.number("alpha", OnnxGraph.LEAKY));
      case "Elu" -> x.elu(node.number("alpha", 1), 1);
      case "Selu" ->
          x.elu(node.number("alpha", OnnxGraph.SELU_ALPHA), 1)
              .times(node.number("gamma", OnnxGraph.SELU_GAMMA));
      case "Celu" -> {
        double alpha = node.number("alpha", 1);
        yield x.elu(alpha, alpha);
      }
      case "Add" -> x.plus(y);
      case "Sub" -> x.minus(y);
      case "Mul" -> x.times(y);
      case "Div" -> x.over(y);
      case "Pow" -> x.power(y);
      case "Max" -> y.plus(x.minus(y).relu());
      case "Min" -> x.minus(x.minus(y).relu());
      case "Greater", "GreaterOrEqual" -> x.minus(y).step();
      case "Less", "LessOrEqual" -> y.minus(x).step();
      case "Where" -> inputs.get(2).plus(x.times(y.minus(inputs.get(2))));
      default -> null;
    };
  }

  /** Limits x to a lower and an upper bound. */
  private static Expression clipped(Expression x, double low, double high) {
    Expression y = x;
    if (low > -UNREACHED) {
      Expression bound = Expression.constant(low);
      y = bound.plus(y.minus(bound).relu());
    }
    return high < UNREACHED ? y.minus(y.minus(Expression.constant(high)).relu()) : y;
  }
}
