package dev.lanewise.train;

import dev.lanewise.data.Split;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.nn.Mlp;

/** Computes weights of training rows from their classes. */
final class ClassWeights {
  private ClassWeights() {}

  /** Returns the training rows, each with its weight multiplied by the weight of its class. */
  static Split weigh(TrainingOptions options, Split train, Mlp initial) {
    int classes = initial.architecture().outputs();
    boolean balanced = options.balancedClasses;
    double[] given = options.classWeights;
    if (!balanced && given.length == 0) {
      return train;
    }
    if (!initial.loss().takesClasses() || !balanced && given.length != classes) {
      throw new ArgumentException(
          "%s class weights for network %s with loss %s, expected %s",
          balanced ? "balanced" : given.length,
          initial.architecture(),
          initial.loss().label(),
          initial.loss().takesClasses() ? "one per class" : "none");
    }
    double[] ofClass = balanced ? balanced(train, classes) : given;
    float[] weights = new float[train.rows()];
    boolean any = false;
    for (int row = 0; row < weights.length; row++) {
      double ofItsClass = ofClass[train.label(row)];
      weights[row] = (float) ofItsClass * train.weight(row);
      boolean isZero = ofItsClass == 0 || train.weight(row) == 0;
      if (!isZero && !(weights[row] >= Float.MIN_NORMAL && Float.isFinite(weights[row]))) {
        throw new ArgumentException(
            "class weight %s times the weight %s of row %s, expected 0 or a number from 1.2e-38 to"
                + " 3.4e38, as float32 has them (multiply all weights by one number)",
            ofItsClass, train.weight(row), row);
      }
      any |= weights[row] > 0;
    }
    if (!any) {
      throw new ArgumentException(
          "class weights of 0 for all classes in the training rows, expected one above 0, or"
              + " nothing is learned");
    }
    return train.withRowWeights(weights);
  }

  /** Returns rows / (classes that occur * rows of the class), as scikit-learn does. */
  private static double[] balanced(Split train, int classes) {
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
