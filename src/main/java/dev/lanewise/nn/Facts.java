package dev.lanewise.nn;

import java.util.List;
import java.util.Optional;

/**
 * What a model knows beside its layers and parameters: how raw data becomes inputs, and what
 * outputs mean. Immutable; that the parts fit a network is checked by {@link Mlp}.
 *
 * @param loss what the network is trained by
 * @param scaling how raw inputs are scaled; empty if that is not known
 * @param targetScaling how the targets of regression were scaled
 * @param classNames one a class or output, or none
 * @param inputShape the dimensions of an input, or none
 * @param schema how the columns of a table become inputs, if it was trained on one
 * @param division how the rows of the training file were divided, if they were
 */
record Facts(
    Loss loss,
    Optional<Scaling> scaling,
    Scaling targetScaling,
    List<String> classNames,
    List<Integer> inputShape,
    Optional<Schema> schema,
    Optional<Division> division) {

  /** What is known of bare parameters. */
  static final Facts NONE =
      new Facts(
          Loss.SOFTMAX,
          Optional.empty(),
          Scaling.none(),
          List.of(),
          List.of(),
          Optional.empty(),
          Optional.empty());

  Facts withLoss(Loss other, Scaling ofTargets) {
    return new Facts(other, scaling, ofTargets, classNames, inputShape, schema, division);
  }

  Facts withScaling(Optional<Scaling> other) {
    return new Facts(loss, other, targetScaling, classNames, inputShape, schema, division);
  }

  Facts withTargetScaling(Scaling other) {
    return new Facts(loss, scaling, other, classNames, inputShape, schema, division);
  }

  Facts withClassNames(List<String> names) {
    return new Facts(
        loss, scaling, targetScaling, List.copyOf(names), inputShape, schema, division);
  }

  Facts withInputShape(List<Integer> shape) {
    return new Facts(
        loss, scaling, targetScaling, classNames, List.copyOf(shape), schema, division);
  }

  Facts withSchema(Optional<Schema> other) {
    return new Facts(loss, scaling, targetScaling, classNames, inputShape, other, division);
  }

  Facts withDivision(Optional<Division> other) {
    return new Facts(loss, scaling, targetScaling, classNames, inputShape, schema, other);
  }
}
