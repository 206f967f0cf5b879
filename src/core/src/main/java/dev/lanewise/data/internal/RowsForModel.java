package dev.lanewise.data.internal;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.Split;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Predictive;
import dev.lanewise.nn.Scaling;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Prepares rows for a model, or refuses them. Unscaled rows get the scaling of the model, as in a
 * predictor. Rows that already have this scaling stay as they are, and rows with another scaling
 * are refused because the model would misread their values. A model without a stored scaling
 * accepts all rows as they are. Named classes get the numbers of the model's classes; if these have
 * no names, they are called 0, 1, 2 and so on.
 */
public final class RowsForModel {
  private RowsForModel() {}

  /**
   * Prepares rows for a model.
   *
   * @param model the model
   * @param rows unscaled, or scaled as the model expects
   * @return scaled rows with the model's class numbers
   * @throws IllegalArgumentException if the number of features or the scaling differs from the
   *     model's, the model has no class for a label, its loss does not accept the targets, or no
   *     weight is above 0
   */
  public static Split agreed(Predictive model, Split rows) {
    return of(model, rows, false);
  }

  /**
   * Prepares rows for the evaluation of a model. Rows may have classes that the model does not
   * have; every prediction for them counts as wrong.
   *
   * @param model the model
   * @param rows unscaled, or scaled as the model expects
   * @return as {@link #agreed(Predictive, Split)}, except that a class unknown to the model has a
   *     label of at least the model's number of outputs
   * @throws IllegalArgumentException as {@link #agreed(Predictive, Split)}, but for unknown classes
   *     only if no row has a class of the model
   */
  public static Split measured(Predictive model, Split rows) {
    return of(model, rows, true);
  }

  private static Split of(Predictive model, Split rows, boolean measures) {
    checkShape(model, rows);
    checkScaling(model.scaling(), rows.scaling(), "rows");
    Split agreed = rows;
    if (lacks(model.scaling(), rows.scaling())) {
      agreed = agreed.withScaling(model.scaling().get());
    }
    agreed = named(model, agreed, measures).withTargetScaling(model.targetScaling());
    checkRows(model, agreed, measures);
    return agreed;
  }

  /**
   * Gives rows with named classes the numbers of the model's classes. The classes of a model
   * without names are called 0, 1 and so on, because the rows number their classes by the names
   * that occur. In an evaluation, rows keep their class numbers if their class names differ from
   * the model's but are equally many.
   */
  private static Split named(Predictive model, Split rows, boolean measures) {
    List<String> names = model.classNames();
    int outputs = model.outputs();
    List<String> known = names.isEmpty() ? numbered(outputs) : names;
    List<String> own = rows.classNames();
    if (names.isEmpty() && measures && own.size() == outputs && !known.containsAll(own)) {
      return rows;
    }
    try {
      return LabelMapping.of(rows, known, "row", measures);
    } catch (IllegalArgumentException e) {
      String wayOut =
          names.isEmpty() ? " (to rename the classes: model.withClassNames(names))" : "";
      throw new ArgumentException(Message.of("%s%s", Message.of(e), wayOut), e);
    }
  }

  /** Returns the classes of a model without names. */
  private static List<String> numbered(int outputs) {
    return IntStream.range(0, outputs).mapToObj(Integer::toString).toList();
  }

  private static void require(boolean fits, Predictive model, Dataset data) {
    if (!fits) {
      throw new ArgumentException(
          "data of %s classes (%s): network %s has %s outputs, expected as many as there are classes,"
              + " or the name of the class of each output (model.withClassNames(names))",
          data.classes(), data.classNames(), architecture(model), model.outputs());
    }
  }

  /**
   * Prepares the classes of a data set for the evaluation of a model. Rows with a class that the
   * model does not have keep a label of at least the model's number of outputs, and a note gives
   * their number.
   *
   * @param model the model
   * @param data with any classes, by name or number
   * @param where the name of the rows in the note
   * @return the data with the model's class numbers
   * @throws IllegalArgumentException if no row has a class of the model
   */
  public static Dataset measured(Predictive model, Dataset data, String where) {
    int outputs = model.outputs();
    List<String> found = data.classNames();
    List<String> known = model.classNames();
    if (known.isEmpty() && found.size() < outputs) {
      known = numbered(outputs);
      require(found.isEmpty() || !Collections.disjoint(known, found), model, data);
    }
    boolean byName = !known.isEmpty() && !found.isEmpty() && !found.equals(known);
    if (!data.hasClasses() || !byName && data.classes() <= outputs) {
      return data;
    }
    return measured(data, byName ? known : found, outputs, where);
  }

  /** Returns the data with labels for the evaluation of a model with these classes. */
  public static Dataset measured(Dataset data, List<String> known, int outputs, String where) {
    List<String> found = data.classNames();
    boolean byName = !known.isEmpty() && !found.isEmpty();
    int[] places = new int[Math.max(data.classes(), outputs) + 1];
    Arrays.fill(places, outputs);
    for (int c = 0; c < data.classes(); c++) {
      int place = byName ? known.indexOf(found.get(c)) : c;
      places[c] = place < 0 ? outputs : Math.min(place, outputs);
    }
    DatasetParts parts = DatasetParts.of(data);
    int[] labels =
        parts.splits().stream()
            .flatMapToInt(split -> IntStream.range(0, split.rows()).map(split::label))
            .toArray();
    int[] unknown = Arrays.stream(labels).filter(label -> places[label] == outputs).toArray();
    int example = unknown.length == 0 ? -1 : unknown[0];
    String name =
        example < 0 || found.size() <= example ? Integer.toString(example) : found.get(example);
    if (unknown.length == labels.length) {
      throw byName
          ? new ArgumentException("class '%s', expected one of %s", name, known)
          : new ArgumentException("class %s, expected a class from 0 to %s", name, outputs - 1);
    }
    List<String> names = byName ? known : List.of();
    Origin origin = parts.origin();
    if (unknown.length > 0) {
      origin = origin.withNote(unknownClasses(where, unknown.length, labels.length, name));
    }
    return DatasetParts.of(parts.with(origin))
        .with(split -> SplitRows.of(split).relabelled(places, names), outputs, names);
  }

  /** Returns the note about rows with classes that a model does not have. */
  public static Message unknownClasses(String where, int unknown, int rows, String example) {
    return Message.of(
        "%s: %s of %s rows have a class that the model does not have, such as \"%s\" (they count as"
            + " wrong, and the mean loss is that of the other rows)",
        where, unknown, rows, example);
  }

  /**
   * Prepares a data set for training a network. If the network has no target scaling, the target
   * scaling of the data is kept.
   *
   * @param network the network
   * @param data unscaled, or scaled as the network expects
   * @return the scaled data with the network's class numbers
   * @throws IllegalArgumentException as {@link #agreed(Predictive, Split)}, for training or
   *     validation rows
   */
  public static Dataset agreed(Predictive network, Dataset data) {
    checkScalings(network, data);
    return resumed(network, data);
  }

  /**
   * Prepares a data set for the evaluation of a model: like {@link #agreed(Predictive, Dataset)},
   * but rows may have classes that the model does not have, as in {@link #measured(Predictive,
   * Split)}.
   *
   * @param model the model
   * @param data unscaled, or scaled as the model expects
   * @return the scaled data with the model's class numbers
   * @throws IllegalArgumentException as {@link #measured(Predictive, Split)}, for training or
   *     validation rows
   */
  public static Dataset measured(Predictive model, Dataset data) {
    checkScalings(model, data);
    return agreed(model, measured(model, data, "data"), true);
  }

  /**
   * Prepares a data set for resuming a training. Another scaling is not refused here: it means that
   * the data differs from the data of the training, which the later comparison of the two reports
   * better.
   *
   * @param network the network
   * @param data unscaled, or scaled in any way
   * @return the scaled data with the network's class numbers
   * @throws IllegalArgumentException as {@link #agreed(Predictive, Dataset)}, except for another
   *     scaling
   */
  public static Dataset resumed(Predictive network, Dataset data) {
    checkShape(network, data.train());
    return agreed(network, data, false);
  }

  private static Dataset agreed(Predictive network, Dataset data, boolean measures) {
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
    boolean hasNames = !agreed.classNames().isEmpty();
    require(measures || !hasNames || agreed.classes() == network.outputs(), network, agreed);
    checkRows(network, agreed.train(), measures);
    if (network.loss().task().hasNumbers()) {
      TargetResolution.check(agreed.train());
    }
    if (agreed.validation().isPresent()) {
      checkRows(network, agreed.validation().get(), true);
    }
    return agreed;
  }

  /** Checks that a split is like the training rows, and numbers its classes as they do. */
  public static Split like(Split train, Split part, String name) {
    if (part == null) {
      return null;
    }
    if (part.outputs() != train.outputs()) {
      throw DataErrors.wrong(
          "splits with targets of %s and %s numbers (0: a class), expected the same number in both",
          train.outputs(), part.outputs());
    }
    if (!part.targetScaling().equals(train.targetScaling())) {
      throw DataErrors.wrong("splits whose targets are scaled differently, expected the same");
    }
    if (part.features() != train.features() || !part.scaling().equals(train.scaling())) {
      throw DataErrors.wrong(
          "splits of %s and %s features, scaled %s and %s, expected the same",
          train.features(), part.features(), train.scaling().name(), part.scaling().name());
    }
    if (part.classNames().isEmpty() != train.classNames().isEmpty()) {
      boolean byName = part.classNames().isEmpty();
      throw DataErrors.wrong(
          "%s rows whose classes %s, expected %s as in the training rows",
          name, byName ? "are numbers" : "have names", byName ? "names" : "numbers");
    }
    return LabelMapping.of(part, train.classNames(), name + " row", true);
  }

  /** Returns the target scaling; none counts as empty, as in an untrained network. */
  private static Optional<Scaling> ofTargets(Predictive network) {
    Scaling scaling = network.targetScaling();
    return scaling instanceof Scaling.None ? Optional.empty() : Optional.of(scaling);
  }

  /** Returns whether unscaled data needs the stored scaling. */
  private static boolean lacks(Optional<Scaling> stored, Scaling found) {
    return found instanceof Scaling.None
        && stored.isPresent()
        && !(stored.get() instanceof Scaling.None);
  }

  private static void checkScalings(Predictive model, Dataset data) {
    checkShape(model, data.train());
    checkScaling(model.scaling(), data.scaling(), "features");
    checkScaling(ofTargets(model), data.targetScaling(), "targets");
  }

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

  private static Dataset named(Dataset data, List<String> names) {
    Message problem = Message.of("targets %s, expected %s", data.classNames(), names);
    if (data.hasClasses()) {
      try {
        return data.withClassesOf(names);
      } catch (IllegalArgumentException e) {
        problem = Message.of(e);
      }
    }
    throw new ArgumentException(
        "%s as the model has (to rename its outputs: model.withClassNames(names))", problem);
  }

  private static void checkShape(Predictive model, Split split) {
    int inputs = model.inputs();
    if (split.features() != inputs) {
      throw new ArgumentException(
          "rows of %s features: network %s takes %s",
          split.features(), architecture(model), inputs);
    }
    int outputs = model.outputs();
    boolean takesClasses = model.loss().task().hasClasses();
    int expected = takesClasses ? 0 : outputs;
    if (split.outputs() != expected) {
      String wayOut =
          split.outputs() == 0
              ? "model.withLoss(Loss.SOFTMAX) takes classes"
              : takesClasses
                  ? "model.withLoss(Loss.MSE) takes numbers"
                  : "it needs as many outputs as a target has numbers";
      throw new ArgumentException(
          "targets that are %s: network %s with loss %s takes %s (%s)",
          numbers(split.outputs()),
          architecture(model),
          model.loss().label(),
          numbers(expected),
          wayOut);
    }
  }

  /** Returns the sizes of the model's first network, for messages. */
  private static Architecture architecture(Predictive model) {
    return model.members().get(0).architecture();
  }

  private static String numbers(int outputs) {
    return outputs == 0 ? "classes" : outputs == 1 ? "1 number" : outputs + " numbers";
  }

  private static void checkRows(Predictive model, Split split, boolean measures) {
    checkLimits(model.loss(), split);
    checkWeights(split);
    int classes = model.outputs();
    int[] unknown =
        IntStream.range(0, model.loss().task().hasClasses() ? split.rows() : 0)
            .filter(row -> split.label(row) >= classes)
            .toArray();
    if (unknown.length > 0 && (!measures || unknown.length == split.rows())) {
      throw new ArgumentException(
          "row %s has label %s: network %s has classes 0 to %s (for these rows it needs more outputs)",
          unknown[0], split.label(unknown[0]), architecture(model), classes - 1);
    }
  }

  /** Refuses rows whose weights are all 0, because their weighted mean is undefined. */
  private static void checkWeights(Split split) {
    if (IntStream.range(0, split.rows()).allMatch(row -> split.weight(row) == 0)) {
      throw new IllegalArgumentException(
          "rows 0 to "
              + (split.rows() - 1)
              + " have weight 0, expected at least one weight above 0");
    }
  }

  private static void checkLimits(Loss loss, Split split) {
    if (loss.task().limits().isEmpty()) {
      return;
    }
    for (int row = 0; row < split.rows(); row++) {
      for (int k = 0; k < split.outputs(); k++) {
        double target = split.target(row, k);
        if (!loss.task().takes(target)) {
          throw new ArgumentException(
              "row %s has target %s: loss %s takes %s (model.withLoss(Loss.MSE) takes any number)",
              row, target, loss.label(), loss.task().limits().get());
        }
      }
    }
  }
}
