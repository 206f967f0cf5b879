package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.nn.ClassWeighting;
import dev.lanewise.nn.Mlp;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Computes weights of training rows from their classes. */
final class ClassWeights {
  private ClassWeights() {}

  /** Returns the training rows, each with its weight multiplied by the weight of its class. */
  static Rows weigh(TrainingOptions options, Rows train, Mlp initial) {
    if (options.sampling == Sampling.BALANCED && !initial.loss().task().hasClasses()) {
      throw new ArgumentException(
          "balanced sampling with loss %s, expected a loss that takes classes",
          initial.loss().label());
    }
    double[] ofClass = ofClasses(options, train, initial);
    return ofClass.length == 0 ? train : weigh(train, ofClass, "training rows", "is learned");
  }

  /**
   * Returns the validation rows as they count in the choice of the best epoch: by the weights of
   * their classes, and where mini-batches are balanced so that all classes of the training rows
   * count alike.
   *
   * @param rows the validation rows, or null
   */
  static Rows weighValidation(TrainingOptions options, Rows train, Rows rows, Mlp initial) {
    double[] ofClass = effective(options, train, initial);
    boolean isAsked = rows != null && ofClass.length > 0 && options.best() != BestEpoch.NONE;
    return isAsked ? weigh(rows, ofClass, "validation rows", "tells the best epoch") : rows;
  }

  /**
   * Returns what undoes the weights of classes in probabilities; null if there are none, or if a
   * class has none, as nothing is learned of it.
   */
  static ClassWeighting undone(TrainingOptions options, Rows train, Mlp initial) {
    double[] ofClass = effective(options, train, initial);
    boolean isAsked = ofClass.length > 0 && Arrays.stream(ofClass).allMatch(each -> each > 0);
    return isAsked ? ClassWeighting.of(options.labelSmoothing, ofClass) : null;
  }

  /** Returns how much each class counts by its weight and by how often it is drawn; or none. */
  private static double[] effective(TrainingOptions options, Rows train, Mlp initial) {
    double[] ofClass = ofClasses(options, train, initial);
    if (options.sampling == Sampling.BALANCED) {
      double[] equal = balanced(train, initial.architecture().outputs());
      for (int c = 0; c < ofClass.length; c++) {
        equal[c] *= ofClass[c];
      }
      return equal;
    }
    return ofClass;
  }

  /** Returns the weight of each class, or none if the options have no weights of classes. */
  private static double[] ofClasses(TrainingOptions options, Rows train, Mlp initial) {
    int classes = initial.architecture().outputs();
    boolean balanced = options.balancedClasses;
    double[] given = options.classWeights;
    if (!balanced && given.length == 0) {
      return given;
    }
    if (!initial.loss().task().hasClasses() || !balanced && given.length != classes) {
      throw new ArgumentException(
          "%s class weights for network %s with loss %s, expected %s",
          balanced ? "balanced" : given.length,
          initial.architecture(),
          initial.loss().label(),
          initial.loss().task().hasClasses() ? "one per class" : "none");
    }
    return balanced ? balanced(train, classes) : given;
  }

  /** Warns of classes that no training row has, if they have weights or the data lacks them. */
  static Optional<Message> warning(TrainingOptions options, Dataset data, Mlp initial) {
    int outputs = initial.architecture().outputs();
    boolean isAsked = options.classWeights.length > 0 || data.classes() < outputs;
    Rows train = data.train();
    int rows = isAsked && data.hasClasses() ? train.rows() : 0;
    List<Integer> found = IntStream.range(0, rows).map(train::label).distinct().boxed().toList();
    List<String> names = data.classNames();
    List<String> absent =
        IntStream.range(0, rows == 0 ? 0 : outputs)
            .filter(c -> !found.contains(c))
            .mapToObj(c -> names.isEmpty() ? "" + c : names.get(c))
            .toList();
    String problem =
        "no training row has class %s, which network %s has: it learns only that there are no such"
            + " rows, and a weight of the class counts for nothing";
    return absent.isEmpty()
        ? Optional.empty()
        : Optional.of(Message.of(problem, absent, initial.architecture()));
  }

  private static Rows weigh(Rows rows, double[] ofClass, String which, String what) {
    float[] weights = new float[rows.rows()];
    boolean any = false;
    for (int row = 0; row < weights.length; row++) {
      int label = rows.label(row);
      double ofItsClass = label < ofClass.length ? ofClass[label] : 1; // not in the network
      weights[row] = (float) ofItsClass * rows.weight(row);
      boolean isZero = ofItsClass == 0 || rows.weight(row) == 0;
      if (!isZero && !(weights[row] >= Float.MIN_NORMAL && Float.isFinite(weights[row]))) {
        throw new ArgumentException(
            "class weight %s times the weight %s of row %s, expected 0 or a number from 1.2e-38 to"
                + " 3.4e38, as float32 has them (multiply all weights by one number)",
            ofItsClass, rows.weight(row), row);
      }
      any |= weights[row] > 0;
    }
    if (!any) {
      throw new ArgumentException(
          "class weights of 0 for all classes in the %s, expected a weight above 0, or nothing %s",
          which, what);
    }
    return rows.withRowWeights(weights);
  }

  /** Returns rows / (classes that occur * rows of the class), as scikit-learn does. */
  private static double[] balanced(Rows train, int classes) {
    int[] counts = new int[classes];
    int present = 0;
    for (int row = 0; row < train.rows(); row++) {
      present += counts[train.label(row)]++ == 0 ? 1 : 0;
    }
    double[] weights = new double[classes];
    for (int c = 0; c < classes; c++) {
      weights[c] = train.rows() / ((double) present * Math.max(1, counts[c]));
    }
    return weights;
  }
}
