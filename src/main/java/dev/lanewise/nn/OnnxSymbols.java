package dev.lanewise.nn;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.Onnx.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The operators of a graph as expressions of one tensor, of which a network has one in front of
 * each layer: what they are is found in the definitions of the operators and not by trying numbers.
 */
final class OnnxSymbols {
  /** Bounds of this size are none, as no network has sums that large. */
  private static final double UNREACHED = 1e30;

  private final OnnxGraph graph;
  private final int width;
  private final Map<String, Expression> values = new HashMap<>();

  /**
   * Begins with a tensor.
   *
   * @param width how many columns it has
   */
  OnnxSymbols(OnnxGraph graph, String tensor, int width) {
    this.graph = graph;
    this.width = width;
    values.put(tensor, Expression.variable());
  }

  /** The expression of a tensor that nodes compute; null if there is none for one of them. */
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
      return null; // which becomes too large
    }
    return values.get(tensor);
  }

  /** Reads an input: a tensor that was computed, or a constant of one number or one a column. */
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
    graph.check(node);
    Expression x = input(node, 0);
    return switch (node.operator()) {
      case "Identity", "Dropout", "Flatten", "ZipMap", "Cast" -> x;
      case "Neg" -> x.times(-1);
      case "Exp" -> x.exp();
      case "Log" -> x.log();
      case "Erf" -> x.erf();
      case "Tanh" -> x.tanh();
      case "Reciprocal" -> Expression.constant(1).over(x);
      case "Sigmoid" -> x.activated(Activation.SIGMOID);
      case "Softplus" -> x.softplus();
      case "Relu" -> x.activated(Activation.RELU);
      case "Mish" -> x.activated(Activation.MISH);
      case "LeakyRelu" -> x.leaky(OnnxGraph.attribute(node, "alpha", OnnxGraph.LEAKY));
      case "Elu" -> x.elu(OnnxGraph.attribute(node, "alpha", 1), 1);
      case "Selu" ->
          x.elu(OnnxGraph.attribute(node, "alpha", OnnxGraph.SELU_ALPHA), 1)
              .times(OnnxGraph.attribute(node, "gamma", OnnxGraph.SELU_GAMMA));
      case "Celu" -> {
        double alpha = OnnxGraph.attribute(node, "alpha", 1);
        yield x.elu(alpha, alpha);
      }
      case "Gelu" ->
          x.activated(OnnxGraph.isTanhGelu(node) ? Activation.GELU_TANH : Activation.GELU);
      case "Clip" ->
          clipped(
              x,
              graph.bound(node, 1, "min", -UNREACHED, Map.of()),
              graph.bound(node, 2, "max", UNREACHED, Map.of()));
      case "PRelu" -> x.leaky(columns(node, 1));
      case "Add" -> x.plus(input(node, 1));
      case "Sub" -> x.minus(input(node, 1));
      case "Mul" -> x.times(input(node, 1));
      case "Div" -> x.over(input(node, 1));
      case "Pow" -> x.power(input(node, 1));
      case "Max" -> input(node, 1).plus(x.minus(input(node, 1)).relu());
      case "Min" -> x.minus(x.minus(input(node, 1)).relu());
      case "Greater", "GreaterOrEqual" -> x.minus(input(node, 1)).step();
      case "Less", "LessOrEqual" -> input(node, 1).minus(x).step();
      case "Where" -> input(node, 2).plus(x.times(input(node, 1).minus(input(node, 2))));
      case "BatchNormalization" -> {
        double[][] line = graph.normalisation(node, width);
        yield x.times(line[0]).plus(Expression.constant(line[1]));
      }
      default -> null;
    };
  }

  /** The smaller of the upper bound and the larger of x and the lower bound. */
  private static Expression clipped(Expression x, double low, double high) {
    Expression y = x;
    if (low > -UNREACHED) {
      Expression bound = Expression.constant(low);
      y = bound.plus(y.minus(bound).relu());
    }
    return high < UNREACHED ? y.minus(y.minus(Expression.constant(high)).relu()) : y;
  }
}
