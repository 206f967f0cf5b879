package dev.lanewise.nn;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The facts of a model besides its layers and parameters: how raw data becomes inputs, and the
 * meaning of outputs. {@link Mlp} checks that the facts fit the network. Fields are set only in a
 * new copy, before anyone else sees it.
 */
final class Facts implements Cloneable {
  /** The defaults of a model without facts. */
  static final Facts NONE = new Facts();

  Loss loss = Loss.SOFTMAX;
  Optional<Scaling> scaling = Optional.empty(); // empty: unknown
  Scaling targetScaling = Scaling.none();
  List<String> classNames = List.of(); // one per class or output, or none
  List<Integer> inputShape = List.of(); // the dimensions of an input, or none
  Optional<Schema> schema = Optional.empty(); // of a table
  Optional<Division> division = Optional.empty(); // of the rows of the training file
  List<String> training = List.of(); // options of the training, name=value

  private Facts() {}

  /** Returns a copy after a change. */
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
