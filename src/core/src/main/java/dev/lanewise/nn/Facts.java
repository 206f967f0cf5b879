package dev.lanewise.nn;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a model knows beside its layers and parameters: how raw data becomes inputs, and what
 * outputs mean. That the parts fit a network is checked by {@link Mlp}. Each is set in a copy that
 * nobody else has yet, and never again.
 */
final class Facts implements Cloneable {
  /** What is known of bare parameters. */
  static final Facts NONE = new Facts();

  Loss loss = Loss.SOFTMAX;
  Optional<Scaling> scaling = Optional.empty(); // empty: it is not known how inputs are scaled
  Scaling targetScaling = Scaling.none();
  List<String> classNames = List.of(); // one a class or output, or none
  List<Integer> inputShape = List.of(); // the dimensions of an input, or none
  Optional<Schema> schema = Optional.empty(); // of a table
  Optional<Division> division = Optional.empty(); // of the rows of the training file
  List<String> training = List.of(); // options of the training, name=value

  private Facts() {}

  /** A copy in which something is other. */
  Facts with(Consumer<Facts> change) {
    try {
      Facts copy = (Facts) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  private List<Object> all() {
    return List.of(
        loss, scaling, targetScaling, classNames, inputShape, schema, division, training);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Facts that && all().equals(that.all());
  }

  @Override
  public int hashCode() {
    return all().hashCode();
  }
}
