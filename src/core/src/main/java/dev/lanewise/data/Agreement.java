package dev.lanewise.data;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.Message;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Rows as a model takes them, or the error that says why they cannot be. Rows that are unscaled get
 * the scaling that is stored with the model, as a predictor gives it to them; rows under that
 * scaling are taken as they are, and those under another are refused, for the model would take
 * their numbers for others. A model that stores no scaling takes all rows as they are. Classes that
 * have names get the numbers of the model's; where its classes have no names, these are 0, 1, 2 and
 * so on.
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
    return of(model, rows, false);
  }

  /**
   * The rows as a model is measured by them. A row may have a class that the model does not have:
   * no prediction is right for it.
   *
   * @param model the model
   * @param rows unscaled, or scaled as the model expects
   * @return as {@link #of(Mlp, Split)}, but a label that is not below the model's number of outputs
   *     stands for a class that it does not have
   * @throws IllegalArgumentException as there; for a class that the model does not have only if no
   *     row has one of its classes
   */
  public static Split measured(Mlp model, Split rows) {
    return of(model, rows, true);
  }

  private static Split of(Mlp model, Split rows, boolean measures) {
    checkShape(model, rows);
    checkScaling(model.scaling(), rows.scaling(), "rows");
    Split agreed = rows;
    if (lacks(model.scaling(), rows.scaling())) {
      agreed = agreed.withScaling(model.scaling().get());
    }
    if (!rows.classNames().isEmpty()) {
      agreed = named(model, agreed, measures);
    }
    agreed = agreed.withTargetScaling(model.targetScaling()); // of targets that are kept raw
    checkRows(model, agreed, measures);
    return agreed;
  }

  /**
   * Rows by names with the numbers of the model's classes. Those of a model without names are
   * called 0, 1 and so on: the numbers that rows got by the names among them may be other ones.
   * Only rows to measure by that have as many other names as there are classes keep their numbers.
   */
  private static Split named(Mlp model, Split rows, boolean measures) {
    List<String> names = model.classNames();
    int outputs = model.architecture().outputs();
    List<String> known =
        names.isEmpty() ? IntStream.range(0, outputs).mapToObj(Integer::toString).toList() : names;
    List<String> own = rows.classNames();
    if (names.isEmpty() && measures && own.size() == outputs && !known.containsAll(own)) {
      return rows;
    }
    try {
      return measures ? rows.measuredBy(known, "row") : rows.withClassesOf(known);
    } catch (IllegalArgumentException e) {
      String wayOut =
          names.isEmpty() ? " (to rename the classes: model.withClassNames(names))" : "";
      throw new ArgumentException(Message.of("%s%s", Message.of(e), wayOut), e);
    }
  }

  /**
   * A data set as a model is measured by it. Rows with a class that the model does not have keep it
   * as a label that is not below the model's number of outputs, and a note says how many they are.
   *
   * @param model the model
   * @param data with any classes, by name or number
   * @param where what the rows are called in the note
   * @return the data with the model's numbers of classes
   * @throws IllegalArgumentException if no row has a class of the model
   */
  public static Dataset measured(Mlp model, Dataset data, String where) {
    int outputs = model.architecture().outputs();
    List<String> known = model.classNames();
    List<String> found = data.classNames();
    boolean byName = !known.isEmpty() && !found.isEmpty() && !found.equals(known);
    if (!data.hasClasses() || !byName && data.classes() <= outputs) {
      return data;
    }
    return measured(data, byName ? known : found, outputs, where);
  }

  /** The same by the names of a model's classes, or by their numbers if it has none. */
  static Dataset measured(Dataset data, List<String> known, int outputs, String where) {
    List<String> found = data.classNames();
    boolean byName = !known.isEmpty() && !found.isEmpty();
    int[] places = new int[Math.max(data.classes(), outputs) + 1];
    Arrays.fill(places, outputs);
    for (int c = 0; c < data.classes(); c++) {
      int place = byName ? known.indexOf(found.get(c)) : c;
      places[c] = place < 0 ? outputs : Math.min(place, outputs);
    }
    int rows = 0;
    int unknown = 0;
    int example = -1;
    for (Split split : data.splits()) {
      rows += split.rows();
      for (int row = 0; row < split.rows(); row++) {
        if (places[split.label(row)] == outputs) {
          unknown++;
          example = example < 0 ? split.label(row) : example;
        }
      }
    }
    String name =
        example < 0 || found.size() <= example ? Integer.toString(example) : found.get(example);
    if (unknown == rows) {
      throw byName
          ? new ArgumentException("class '%s', expected one of %s", name, known)
          : new ArgumentException("class %s, expected one from 0 to %s", name, outputs - 1);
    }
    Dataset agreed = data.measuredBy(places, outputs, byName ? known : List.of());
    return unknown == 0 ? agreed : agreed.withNote(note(where, unknown, rows, name));
  }

  /** Returns the note on rows with classes that the model does not have. */
  static Message note(String where, int unknown, int rows, String example) {
    return Message.of(
        "%s: %s of %s rows have a class that the model does not have, such as \"%s\" (they count as"
            + " wrong, and the mean loss is that of the other rows)",
        where, unknown, rows, example);
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
   * A data set as a model is measured by it: the same, but any row may have a class that the model
   * does not have, as in {@link #measured(Mlp, Split)}.
   *
   * @param model the model
   * @param data unscaled, or scaled as the model expects
   * @return the data, scaled, with the model's numbers of classes
   * @throws IllegalArgumentException as {@link #measured(Mlp, Split)}, of training or validation
   *     rows
   */
  public static Dataset measured(Mlp model, Dataset data) {
    checkShape(model, data.train());
    checkScaling(model.scaling(), data.scaling(), "features");
    checkScaling(ofTargets(model), data.targetScaling(), "targets");
    return agreed(model, measured(model, data, "data"), true);
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
    return agreed(network, data, false);
  }

  private static Dataset agreed(Mlp network, Dataset data, boolean measures) {
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
    checkRows(network, agreed.train(), measures);
    if (network.loss().isRegression()) {
      TargetResolution.check(agreed.train());
    }
    if (agreed.validation().isPresent()) {
      checkRows(network, agreed.validation().get(), true);
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
                ? " (ScaleChoice.fixed(model.targetScaling())), or a model that adopts that of the"
                    + " data (model.withTargetScaling(data.targetScaling()))"
                : " (ScaleChoice.fixed(model.scaling().get())), or a model that adopts that of the"
                    + " data (model.withScaling(data.scaling()))"));
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
        problem + " as the model has (to rename its outputs: model.withClassNames(names))");
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
  private static void checkRows(Mlp model, Split split, boolean measures) {
    if (model.loss() == Loss.SIGMOID) {
      checkShares(split);
    }
    checkWeights(split);
    int classes = model.architecture().outputs();
    int unknown = 0;
    int example = -1;
    for (int row = 0; model.loss().takesClasses() && row < split.rows(); row++) {
      if (split.label(row) >= classes) {
        unknown++;
        example = example < 0 ? row : example;
      }
    }
    if (unknown > 0 && (!measures || unknown == split.rows())) {
      throw new IllegalArgumentException(
          "row %s has label %s: network %s has classes 0 to %s (for these rows it needs more outputs)"
              .formatted(example, split.label(example), model.architecture(), classes - 1));
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
