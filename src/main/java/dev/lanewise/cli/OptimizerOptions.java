package dev.lanewise.cli;

import dev.lanewise.train.Optimizer;
import dev.lanewise.train.WeightDecay;

/** {@code --optimizer}, and the options that some of them have. */
final class OptimizerOptions {
  /** As PyTorch has it for AdamW. */
  private static final String WEIGHT_DECAY = "0.01";

  private final Arguments arguments;
  private final String name;

  private OptimizerOptions(Arguments arguments) {
    this.arguments = arguments;
    this.name =
        arguments.choice("optimizer", "sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw");
  }

  /** The optimizer that the options describe. */
  static Optimizer of(Arguments arguments) {
    return new OptimizerOptions(arguments).optimizer();
  }

  /** How weights decay: with adamw apart from the gradient. */
  static WeightDecay decay(Arguments arguments) {
    boolean decoupled = arguments.text("optimizer").equals("adamw");
    if (decoupled) {
      arguments.byDefault("weight-decay", WEIGHT_DECAY);
    }
    double rate = arguments.notNegative("weight-decay");
    return decoupled ? WeightDecay.decoupled(rate) : WeightDecay.l2(rate);
  }

  private Optimizer optimizer() {
    double momentum = kept("momentum", "0.9", "momentum", "nesterov");
    double beta1 = kept("beta1", "0.9", "adam", "adamw");
    String squares = name.equals("rmsprop") ? "0.99" : "0.999";
    double beta2 = kept("beta2", squares, "rmsprop", "adam", "adamw");
    double epsilon = arguments.number("epsilon", "1e-8", "optimizer", "rmsprop", "adam", "adamw");
    if ((float) epsilon <= 0 || (float) epsilon == Float.POSITIVE_INFINITY) {
      throw arguments.wrong("epsilon", "a number above 0, as float32 has them (1.4e-45 to 3.4e38)");
    }
    return switch (name) {
      case "momentum" -> Optimizer.momentum(momentum);
      case "nesterov" -> Optimizer.nesterov(momentum);
      case "rmsprop" -> Optimizer.rmsProp(beta2, epsilon);
      case "adam", "adamw" -> Optimizer.adam(beta1, beta2, epsilon); // decay tells them apart
      default -> Optimizer.sgd();
    };
  }

  private double kept(String option, String usual, String... users) {
    double kept = arguments.number(option, usual, "optimizer", users);
    if (kept < 0 || (float) kept >= 1) {
      throw arguments.wrong(option, "a number from 0 to below 1, as float32 has them");
    }
    return kept;
  }
}
