package dev.lanewise.data;

import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Rows as a model takes them, or the error that says why they cannot be. Rows that are unscaled get
 * the scaling that is stored with the model, as a predictor gives it to them; rows under that
 * scaling are taken as they are, and those under another are refused, for the model would take
 * their numbers for others. A model that stores no scaling takes all rows as they are. Classes that
 * have names get the numbers of the model's.
 */
public final class Agreement {
  private Agreement() {}

  /**
   * The rows as a model takes them.
   *
   * @param model the model
   * @param rows unscaled, or scaled as the model expects
   * @return rows that are scaled, with the model's numbers of classes
   * @throws IllegalArgumentException if the rows have another number of features than the model or
   *     another scaling, a label that it has no class for, targets that its loss does not take, or
   *     no weight above 0
   */
  public static Split of(Mlp model, Split rows) {
    checkShape(model, rows);
    checkScaling(model.scaling(), rows.scaling(), "rows");
    Split agreed = rows;
    if (lacks(model.scaling(), rows.scaling())) {
      agreed = agreed.withScaling(model.scaling().get());
    }
    if (!model.classNames().isEmpty()) {
      agreed = agreed.withClassesOf(model.classNames());
    }
    agreed = agreed.withTargetScaling(model.targetScaling()); // of targets that are kept raw
    checkRows(model, agreed);
    return agreed;
  }

  /**
   * A data set as a network takes it that is to be trained on it. A network without a scaling of
   * targets takes that of the data.
   *
   * @param network the network
   * @param data unscaled, or scaled as the network expects
   * @return the data, scaled, with the network's numbers of classes
   * @throws IllegalArgumentException as {@link #of(Mlp, Split)}, of training or validation rows
   */
  public static Dataset of(Mlp network, Dataset data) {
    checkShape(network, data.train());
    checkScaling(network.scaling(), data.scaling(), "features");
    checkScaling(ofTargets(network), data.targetScaling(), "targets");
    return ofResumed(network, data);
  }

  /**
   * The same for a training that goes on. There another scaling means that the data is not that of
   * the training, and the comparison of the two says so better.
   *
   * @param network the network
   * @param data unscaled, or scaled in any way
   * @return the data, scaled, with the network's numbers of classes
   * @throws IllegalArgumentException as {@link #of(Mlp, Dataset)}, but for another scaling
   */
  public static Dataset ofResumed(Mlp network, Dataset data) {
    checkShape(network, data.train());
    Dataset agreed = data;
    if (lacks(network.scaling(), data.scaling())) {
      agreed = agreed.withScaling(ScaleChoice.fixed(network.scaling().get()));
    }
    if (lacks(ofTargets(network), data.targetScaling())) {
      agreed = agreed.withTargetScaling(ScaleChoice.fixed(network.targetScaling()));
    }
    List<String> names = network.classNames();
    if (!names.isEmpty() && !data.classNames().isEmpty() && !names.equals(data.classNames())) {
      agreed = named(agreed, names);
    }
    checkRows(network, agreed.train());
    if (network.loss().isRegression()) {
      TargetResolution.check(agreed.train());
    }
    if (agreed.validation().isPresent()) {
      checkRows(network, agreed.validation().get());
    }
    return agreed;
  }

  /** The scaling of targets that a network stores: none is what it has before it is trained. */
  private static Optional<Scaling> ofTargets(Mlp network) {
    Scaling scaling = network.targetScaling();
    return scaling instanceof Scaling.None ? Optional.empty() : Optional.of(scaling);
  }

  /** Whether numbers are unscaled for which a scaling is stored. */
  private static boolean lacks(Optional<Scaling> stored, Scaling found) {
    return found instanceof Scaling.None
        && stored.isPresent()
        && !(stored.get() instanceof Scaling.None);
  }

  /** Refuses numbers that are scaled, but not by the scaling that is stored for them. */
  private static void checkScaling(Optional<Scaling> stored, Scaling found, String what) {
    if (stored.isEmpty() || found instanceof Scaling.None || Objects.equals(stored.get(), found)) {
      return;
    }
    String name = stored.get().name();
    throw new IllegalArgumentException(
        "%s scaled %s: the model stores %sscaling %s, expected unscaled %s or that scaling"
                .formatted(
                    what, found.name(), name.equals(found.name()) ? "another " : "", name, what)
            + (what.equals("targets")
                ? " (ScaleChoice.fixed(model.targetScaling())), or a model that goes over to the"
                    + " data's (model.withTargetScaling(data.targetScaling()))"
                : " (ScaleChoice.fixed(model.scaling().get())), or a model that goes over to the"
                    + " data's (model.withScaling(data.scaling()))"));
  }

  /** The data with its classes numbered as the network's. */
  private static Dataset named(Dataset data, List<String> names) {
    String problem =
        "targets %s, expected %s"
            .formatted(String.join(", ", data.classNames()), String.join(", ", names));
    if (data.hasClasses()) {
      try {
        return data.withClassesOf(names);
      } catch (IllegalArgumentException e) {
        problem = e.getMessage();
      }
    }
    throw new IllegalArgumentException(
        problem + " as the model has (others of its outputs: model.withClassNames(names))");
  }

  /** That rows have features and targets of the kind that a model takes. */
  private static void checkShape(Mlp model, Split split) {
    int inputs = model.architecture().inputs();
    if (split.features() != inputs) {
      throw new IllegalArgumentException(
          "rows of %s features: network %s takes %s"
              .formatted(split.features(), model.architecture(), inputs));
    }
    int outputs = model.architecture().outputs();
    boolean takesClasses = model.loss().takesClasses();
    int expected = takesClasses ? 0 : outputs;
    if (split.outputs() != expected) {
      String wayOut =
          split.outputs() == 0
              ? "model.withLoss(Loss.SOFTMAX) takes classes"
              : takesClasses
                  ? "model.withLoss(Loss.MSE) takes numbers"
                  : "it needs as many outputs as a target has numbers";
      throw new IllegalArgumentException(
          "targets that are %s: network %s with loss %s takes %s (%s)"
              .formatted(
                  numbers(split.outputs()),
                  model.architecture(),
                  model.loss().label(),
                  numbers(expected),
                  wayOut));
    }
  }

  private static String numbers(int outputs) {
    return outputs == 0 ? "classes" : outputs == 1 ? "1 number" : outputs + " numbers";
  }

  /** That rows have targets and weights as a model takes them. */
  private static void checkRows(Mlp model, Split split) {
    if (model.loss() == Loss.SIGMOID) {
      checkShares(split);
    }
    checkWeights(split);
    int classes = model.architecture().outputs();
    for (int row = 0; model.loss().takesClasses() && row < split.rows(); row++) {
      if (split.label(row) >= classes) {
        throw new IllegalArgumentException(
            "row %s has label %s: network %s has classes 0 to %s (for these rows it needs more outputs)"
                .formatted(row, split.label(row), model.architecture(), classes - 1));
      }
    }
  }

  /** A mean of rows that all weigh nothing is no number. */
  private static void checkWeights(Split split) {
    int row = 0;
    while (row < split.rows() && split.weight(row) == 0) {
      row++;
    }
    if (row == split.rows()) {
      throw new IllegalArgumentException(
          "rows 0 to " + (row - 1) + " have weight 0: must be above 0 in at least one");
    }
  }

  private static void checkShares(Split split) {
    for (int row = 0; row < split.rows(); row++) {
      for (int k = 0; k < split.outputs(); k++) {
        double target = split.target(row, k);
        if (target < 0 || target > 1) {
          throw new IllegalArgumentException(
              "row %s has target %s: loss sigmoid takes 0 to 1 (model.withLoss(Loss.MSE) takes any number)"
                  .formatted(row, target));
        }
      }
    }
  }
}
