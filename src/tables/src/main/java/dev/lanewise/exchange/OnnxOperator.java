package dev.lanewise.exchange;

import dev.lanewise.exchange.Onnx.Node;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.internal.ErrorFunction;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/**
 * An operator that computes each column of a row from the same column of its arguments, with the
 * attributes of a node. It is defined once for numbers, by which graphs are computed, and once for
 * expressions, by which activations are identified.
 *
 * @param inputs the number of tensors among its arguments; parameters of the node follow them
 * @param numbers computes a number
 * @param symbols computes an expression, or null if the operator has none
 */
record OnnxOperator(
    int inputs, ToDoubleFunction<double[]> numbers, Function<Expression[], Expression> symbols) {
  private static final double LEAKY = 0.01; // the default of LeakyRelu
  private static final double SELU_ALPHA = 1.6732632423543772;
  private static final double SELU_GAMMA = 1.0507009873554805;

  /** Returns the operator of a node; null if it needs several columns. */
  static OnnxOperator of(Node node) {
    OnnxOperator unary = unary(node);
    return unary == null ? withMore(node.operator()) : unary;
  }

  /** Returns the operator of a node if its only tensor is the first input; else null. */
  static OnnxOperator unary(Node node) {
    double alpha = node.number("alpha", node.operator().equals("LeakyRelu") ? LEAKY : 1);
    return switch (node.operator()) {
      case "Identity", "Dropout", "Flatten", "Reshape", "Squeeze", "ZipMap" -> one(x -> x, x -> x);
      case "Cast" -> one(x -> node.number("to", Onnx.FLOAT) == Onnx.FLOAT ? (float) x : x, x -> x);
      case "IsNaN" -> one(x -> x == x ? 0 : 1, x -> null);
      case "Neg" -> one(x -> -x, x -> x.times(-1));
      case "Exp" -> one(StrictMath::exp, Expression::exp);
      case "Log" -> one(StrictMath::log, Expression::log);
      case "Sqrt" -> one(Math::sqrt, x -> null);
      case "Erf" -> one(ErrorFunction::erf, Expression::erf);
      case "Reciprocal" -> one(x -> 1 / x, x -> Expression.constant(1).over(x));
      case "Relu" -> one(x -> x < 0 ? 0 : x, Expression::relu);
      case "LeakyRelu" -> one(x -> x < 0 ? alpha * x : x, x -> x.leaky(Expression.constant(alpha)));
      case "Elu" -> one(x -> x < 0 ? alpha * StrictMath.expm1(x) : x, x -> x.elu(alpha, 1));
      case "Celu" ->
          one(x -> x < 0 ? alpha * StrictMath.expm1(x / alpha) : x, x -> x.elu(alpha, alpha));
      case "Selu" -> {
        double scale = node.number("gamma", SELU_GAMMA);
        double slope = node.number("alpha", SELU_ALPHA);
        yield one(
            x -> scale * (x < 0 ? slope * StrictMath.expm1(x) : x),
            x -> x.elu(slope, 1).times(scale));
      }
      case "Sigmoid" -> one(Activation.SIGMOID::of, Expression::sigmoid);
      case "Tanh" -> one(StrictMath::tanh, Expression::tanh);
      case "Softplus" ->
          one(
              x -> Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x))),
              Expression::softplus);
      case "Gelu" ->
          one(
              "tanh".equals(node.attributes().get("approximate"))
                  ? Activation.GELU_TANH
                  : Activation.GELU);
      case "Mish" -> one(Activation.MISH);
      case "Clip" -> // the parameters are the bounds
          new OnnxOperator(
              1, x -> Math.min(Math.max(x[0], x[1]), x[2]), x -> x[0].clipped(x[1], x[2]));
      default -> null;
    };
  }

  private static OnnxOperator withMore(String operator) {
    return switch (operator) {
      case "Add" -> two((x, y) -> x + y, Expression::plus);
      case "Sub" -> two((x, y) -> x - y, Expression::minus);
      case "Mul" -> two((x, y) -> x * y, Expression::times);
      case "Div" -> two((x, y) -> x / y, Expression::over);
      case "Pow" -> two(StrictMath::pow, Expression::power);
      case "Max" -> two(Math::max, Expression::max);
      case "Min" -> two(Math::min, Expression::min);
      case "Greater" -> two((x, y) -> x > y ? 1 : 0, (x, y) -> x.minus(y).step());
      case "GreaterOrEqual" -> two((x, y) -> x >= y ? 1 : 0, (x, y) -> x.minus(y).step());
      case "Less" -> two((x, y) -> x < y ? 1 : 0, (x, y) -> y.minus(x).step());
      case "LessOrEqual" -> two((x, y) -> x <= y ? 1 : 0, (x, y) -> y.minus(x).step());
      case "Where" ->
          new OnnxOperator(
              3, x -> x[0] != 0 ? x[1] : x[2], x -> x[2].plus(x[0].times(x[1].minus(x[2]))));
      case "PRelu" -> // the parameter is the slope
          new OnnxOperator(1, x -> x[0] < 0 ? x[0] * x[1] : x[0], x -> x[0].leaky(x[1]));
      case "BatchNormalization" -> // the parameters are a factor and a summand
          new OnnxOperator(1, x -> x[0] * x[1] + x[2], x -> x[0].times(x[1]).plus(x[2]));
      default -> null;
    };
  }

  private static OnnxOperator one(DoubleUnaryOperator number, UnaryOperator<Expression> symbol) {
    return new OnnxOperator(1, x -> number.applyAsDouble(x[0]), x -> symbol.apply(x[0]));
  }

  private static OnnxOperator two(DoubleBinaryOperator number, BinaryOperator<Expression> symbol) {
    return new OnnxOperator(
        2, x -> number.applyAsDouble(x[0], x[1]), x -> symbol.apply(x[0], x[1]));
  }

  private static OnnxOperator one(Activation activation) {
    return one(activation::of, x -> activated(x, activation));
  }

  /** Applies the formula of an activation to an expression. */
  static Expression activated(Expression x, Activation activation) {
    return OnnxFormula.apply(
        activation,
        x,
        Expression::constant,
        (node, inputs) -> of(node).symbols.apply(inputs.toArray(new Expression[0])));
  }
}
