package dev.lanewise.terminal;

import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Loss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Reads {@code --loss} and {@code --activation}. */
public final class NetworkOptions {
  public static final String HALF_SQUARES = "half-squares";

  private NetworkOptions() {}

  /**
   * Returns the loss of an option, which may have other values too; these are for the error only.
   */
  public static Loss loss(Arguments arguments, String... others) {
    String label = arguments.text("loss");
    try {
      return Loss.of(label);
    } catch (IllegalArgumentException e) {
      if (label.startsWith("pinball")) {
        throw arguments.wrong(
            "loss", "the level of a quantile above 0 and below 1 as in pinball-0.9");
      }
      List<String> labels = new ArrayList<>(List.of(others));
      labels.addAll(Loss.labels());
      arguments.choice("loss", labels);
      throw e;
    }
  }

  private static List<Activation> named(Arguments arguments) {
    Stream<String> labels = Arrays.stream(arguments.text("activation").split(",", -1));
    return arguments.checked("activation", () -> labels.map(Activation::of).toList());
  }

  /** Returns the activations for a model whose file states none: those of the option, or none. */
  public static Activation[] ofModel(Arguments arguments) {
    List<Activation> named = arguments.has("activation") ? named(arguments) : List.of();
    return named.toArray(Activation[]::new);
  }

  /** Returns the activation of each hidden layer; the option has one for all or one for each. */
  public static List<Activation> activations(Arguments arguments, int layers) {
    List<Activation> activations = named(arguments);
    if (activations.size() == 1) {
      return Collections.nCopies(layers, activations.get(0));
    } else if (activations.size() != layers) {
      throw arguments.wrong("activation", "one for all hidden layers, or one for each: " + layers);
    }
    return activations;
  }

  /** Returns the layers of a network, or refuses too many parameters. */
  public static Architecture architecture(
      Arguments arguments, int inputs, List<Integer> hidden, int outputs) {
    List<Activation> activations = activations(arguments, hidden.size());
    try {
      return new Architecture(inputs, hidden, outputs, activations);
    } catch (IllegalArgumentException e) {
      throw Problem.usage("--hidden: " + Words.of(e));
    }
  }

  public static String labels(Collection<Activation> activations) {
    return String.join(",", activations.stream().map(Activation::label).toList());
  }
}
