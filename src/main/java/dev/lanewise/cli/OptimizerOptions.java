package dev.lanewise.cli;

import dev.lanewise.train.Optimizer;
import dev.lanewise.train.WeightDecay;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleFunction;

/** {@code --optimizer}, and the options that some of them have. */
final class OptimizerOptions {
  /** As PyTorch has it for AdamW. */
  private static final String WEIGHT_DECAY = "0.01";

  private OptimizerOptions() {}

  /** The optimizer that the options describe. */
  static Optimizer of(Arguments arguments) {
    String name =
        arguments.choice("optimizer", "sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw");
    double momentum =
        number(arguments, "momentum", "0.9", Optimizer::momentum, "momentum", "nesterov");
    double beta1 = number(arguments, "beta1", "0.9", b -> Optimizer.adam(b, 0, 1), "adam", "adamw");
    String squares = name.equals("rmsprop") ? "0.99" : "0.999";
    double beta2 =
        number(
            arguments, "beta2", squares, b -> Optimizer.rmsProp(b, 1), "rmsprop", "adam", "adamw");
    double epsilon =
        number(
            arguments, "epsilon", "1e-8", e -> Optimizer.rmsProp(0, e), "rmsprop", "adam", "adamw");
    return switch (name) {
      case "momentum" -> Optimizer.momentum(momentum);
      case "nesterov" -> Optimizer.nesterov(momentum);
      case "rmsprop" -> Optimizer.rmsProp(beta2, epsilon);
      case "adam", "adamw" -> Optimizer.adam(beta1, beta2, epsilon); // decay tells them apart
      default -> Optimizer.sgd();
    };
  }

  /** How weights decay: with adamw apart from the gradient. */
  static WeightDecay decay(Arguments arguments) {
    boolean decoupled = arguments.text("optimizer").equals("adamw");
    if (decoupled) {
      arguments.byDefault("weight-decay", WEIGHT_DECAY);
    }
    DoubleFunction<WeightDecay> decay = decoupled ? WeightDecay::decoupled : WeightDecay::l2;
    return decay.apply(arguments.number("weight-decay", decay::apply));
  }

  private static double number(
      Arguments arguments, String option, String usual, DoubleConsumer check, String... users) {
    return arguments.number(option, usual, check, "optimizer", users);
  }
}
