package dev.lanewise.data.internal;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.PredictiveModel;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.Task;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Prepares rows for a model, or refuses them. Unscaled rows get the scaling of the model, as in a
 * predictor. Rows that already have this scaling stay as they are, and rows with another scaling
 * are refused because the model would misread their values. A model without a stored scaling
 * accepts all rows as they are. Named classes get the numbers of the model's classes; if these have
 * no names, they are called 0, 1, 2 and so on.
 */
public final class RowPreparation {
  private RowPreparation() {}

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
  public static Rows agreed(PredictiveModel model, Rows rows) {
    return of(model, rows, false);
  }

  /**
   * Prepares rows for the evaluation of a model. Rows may have classes that the model does not
   * have; every prediction for them counts as wrong.
   *
   * @param model the model
   * @param rows unscaled, or scaled as the model expects
   * @return as {@link #agreed(PredictiveModel, Rows)}, except that a class unknown to the model has
   *     a label of at least the model's number of outputs
   * @throws IllegalArgumentException as {@link #agreed(PredictiveModel, Rows)}, but for unknown
   *     classes only if no row has a class of the model
   */
  public static Rows measured(PredictiveModel model, Rows rows) {
    return of(model, rows, true);
  }

  private static Rows of(PredictiveModel model, Rows rows, boolean measures) {
    checkShape(model, rows);
    Optional<Scaling> scaling = missing(model.scaling(), rows.scaling(), "rows", true);
    Rows scaled = scaling.map(rows::withScaling).orElse(rows);
    Rows agreed = named(model, scaled, measures).withTargetScaling(model.targetScaling());
    checkRows(model, agreed, measures);
    return agreed;
  }

  /**
   * Gives rows with named classes the numbers of the model's classes. The classes of a model
   * without names are called 0, 1 and so on, because the rows number their classes by the names
   * that occur. In an evaluation, rows keep their class numbers if their class names differ from
   * the model's but are equally many.
   */
  private static Rows named(PredictiveModel model, Rows rows, boolean measures) {
    List<String> names = model.classNames();
    List<String> known = names.isEmpty() ? numbered(model) : names;
    List<String> own = rows.classNames();
    boolean areRenamed = own.size() == model.outputs() && !known.containsAll(own);
    try {
      return names.isEmpty() && measures && areRenamed
          ? rows
          : LabelMapping.of(rows, known, "row", measures);
    } catch (IllegalArgumentException e) {
      String wayOut =
          names.isEmpty() ? " (to rename the classes: model.withClassNames(names))" : "";
      throw new ArgumentException(Message.of("%s%s", Message.of(e), wayOut), e);
    }
  }

  /** Returns the classes of a model without names. */
  private static List<String> numbered(PredictiveModel model) {
    return IntStream.range(0, model.outputs()).mapToObj(Integer::toString).toList();
  }

  private static void require(boolean fits, PredictiveModel model, Dataset data) {
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
  public static Dataset measured(PredictiveModel model, Dataset data, String where) {
    int outputs = model.outputs();
    List<String> found = data.classNames();
    List<String> known = model.classNames();
    if (known.isEmpty() && found.size() < outputs) {
      known = numbered(model);
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
    IntStream positions =
        byName
            ? Arrays.stream(LabelMapping.places(found, known))
            : IntStream.rangeClosed(0, data.classes());
    int[] places = positions.map(place -> Math.min(place, outputs)).toArray();
    DatasetState parts = DatasetState.of(data);
    int[] labels =
        parts.splits().stream()
            .flatMapToInt(split -> IntStream.range(0, split.rows()).map(split::label))
            .toArray();
    int[] unknown = Arrays.stream(labels).filter(label -> places[label] == outputs).toArray();
    if (unknown.length > 0) {
      String name = LabelMapping.name(found, unknown[0]);
      if (unknown.length == labels.length) {
        throw byName
            ? new ArgumentException("class '%s', expected one of %s", name, known)
            : new ArgumentException("class %s, expected a class from 0 to %s", name, outputs - 1);
      }
      Message note = unknownClasses(where, unknown.length, labels.length, name);
      parts = DatasetState.of(parts.with(parts.origin().withNotes(List.of(note))));
    }
    List<String> names = byName ? known : List.of();
    return parts.with(split -> RowRange.of(split).relabelled(places, names), outputs, names);
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
   * @throws IllegalArgumentException as {@link #agreed(PredictiveModel, Rows)}, for training or
   *     validation rows
   */
  public static Dataset agreed(PredictiveModel network, Dataset data) {
    return of(network, data, false, true);
  }

  /**
   * Prepares a data set for the evaluation of a model: like {@link #agreed(PredictiveModel,
   * Dataset)}, but rows may have classes that the model does not have, as in {@link
   * #measured(PredictiveModel, Rows)}.
   *
   * @param model the model
   * @param data unscaled, or scaled as the model expects
   * @return the scaled data with the model's class numbers
   * @throws IllegalArgumentException as {@link #measured(PredictiveModel, Rows)}, for training or
   *     validation rows
   */
  public static Dataset measured(PredictiveModel model, Dataset data) {
    return of(model, data, true, true);
  }

  /**
   * Prepares a data set for resuming a training. Another scaling is not refused here: it means that
   * the data differs from the data of the training, which the later comparison of the two reports
   * better.
   *
   * @param network the network
   * @param data unscaled, or scaled in any way
   * @return the scaled data with the network's class numbers
   * @throws IllegalArgumentException as {@link #agreed(PredictiveModel, Dataset)}, except for
   *     another scaling
   */
  public static Dataset resumed(PredictiveModel network, Dataset data) {
    return of(network, data, false, false);
  }

  private static Dataset of(
      PredictiveModel model, Dataset data, boolean measures, boolean compares) {
    checkShape(model, data.train());
    Optional<Scaling> features = missing(model.scaling(), data.scaling(), "features", compares);
    Optional<Scaling> ofTargets = // none counts as empty, as in an untrained network
        Optional.of(model.targetScaling()).filter(scaling -> !scaling.isNone());
    Optional<Scaling> targets = missing(ofTargets, data.targetScaling(), "targets", compares);
    Dataset agreed = measures ? measured(model, data, "data") : data;
    if (features.isPresent()) {
      agreed = agreed.withScaling(ScaleChoice.fixed(features.get()));
    }
    if (targets.isPresent()) {
      agreed = agreed.withTargetScaling(ScaleChoice.fixed(targets.get()));
    }
    List<String> names = model.classNames();
    List<String> own = agreed.classNames();
    if (!names.isEmpty() && !own.isEmpty() && !names.equals(own)) {
      agreed = named(agreed, names);
    }
    boolean hasNames = !agreed.classNames().isEmpty();
    require(measures || !hasNames || agreed.classes() == model.outputs(), model, agreed);
    checkRows(model, agreed.train(), measures);
    if (model.loss().task().hasNumbers()) {
      TargetResolution.check(agreed.train());
    }
    agreed.validation().ifPresent(split -> checkRows(model, split, true));
    return agreed;
  }

  /** Checks that a split is like the training rows, and numbers its classes as they do. */
  public static Rows like(Rows train, Rows part, String name) {
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

  /** Returns the scaling that unscaled values need, if any; may refuse another scaling. */
  private static Optional<Scaling> missing(
      Optional<Scaling> stored, Scaling found, String what, boolean compares) {
    if (found.isNone()) {
      return stored.filter(scaling -> !scaling.isNone());
    }
    if (compares && stored.isPresent() && !stored.get().equals(found)) {
      String name = stored.get().name();
      String another = name.equals(found.name()) ? "another " : "";
      String ofWhat = what.equals("targets") ? "targetScaling()" : "scaling()";
      throw new ArgumentException(
          "%s scaled %s: the model stores %sscaling %s, expected unscaled %1$s or that scaling"
              + " (ScaleChoice.fixed(model.%s%s)), or a model that adopts that of the data"
              + " (model.with%s(data.%5$s))",
          what,
          found.name(),
          another,
          name,
          ofWhat,
          what.equals("targets") ? "" : ".get()",
          what.equals("targets") ? "TargetScaling" : "Scaling");
    }
    return Optional.empty();
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

  private static void checkShape(PredictiveModel model, Rows split) {
    if (split.features() != model.inputs()) {
      throw new ArgumentException(
          "rows of %s features: network %s takes %s",
          split.features(), architecture(model), model.inputs());
    }
    boolean takesClasses = model.loss().task().hasClasses();
    int expected = takesClasses ? 0 : model.outputs();
    if (split.outputs() != expected) {
      throw new ArgumentException(
          "targets that are %s: network %s with loss %s takes %s (%s)",
          numbers(split.outputs()),
          architecture(model),
          model.loss().label(),
          numbers(expected),
          split.outputs() == 0
              ? "model.withLoss(Loss.SOFTMAX) takes classes"
              : takesClasses
                  ? "model.withLoss(Loss.MSE) takes numbers"
                  : "it needs as many outputs as a target has numbers");
    }
  }

  /** Returns the sizes of the model's first network, for messages. */
  private static Architecture architecture(PredictiveModel model) {
    return model.members().get(0).architecture();
  }

  private static String numbers(int outputs) {
    return outputs == 0 ? "classes" : outputs == 1 ? "1 number" : outputs + " numbers";
  }

  private static void checkRows(PredictiveModel model, Rows split, boolean measures) {
    Task task = model.loss().task();
    for (int i = 0; task.limits().isPresent() && i < split.rows() * split.outputs(); i++) {
      double target = split.target(i / split.outputs(), i % split.outputs());
      if (!task.takes(target)) {
        throw new ArgumentException(
            "row %s has target %s: loss %s takes %s (model.withLoss(Loss.MSE) takes any number)",
            i / split.outputs(), target, model.loss().label(), task.limits().get());
      }
    }
    // The weighted mean is undefined if all weights are 0.
    if (IntStream.range(0, split.rows()).allMatch(row -> split.weight(row) == 0)) {
      throw new ArgumentException(
          "rows 0 to %s have weight 0, expected at least one weight above 0", split.rows() - 1);
    }
    int classes = model.outputs();
    int[] unknown =
        IntStream.range(0, task.hasClasses() ? split.rows() : 0)
            .filter(row -> split.label(row) >= classes)
            .toArray();
    if (unknown.length > 0 && (!measures || unknown.length == split.rows())) {
      throw new ArgumentException(
          "row %s has label %s: network %s has classes 0 to %s (for these rows it needs more outputs)",
          unknown[0], split.label(unknown[0]), architecture(model), classes - 1);
    }
  }
}
