package dev.lanewise.nn;

import dev.lanewise.nn.internal.Assumption;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.nn.internal.NetworkMetadata;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What predicts from rows of features: one network ({@link Mlp}), or a {@code Model} of
 * lanewise-models of one or several networks with further facts. All networks take the same
 * features, scaled in the same way, and have the same outputs.
 */
public interface PredictiveModel {
  /** {@return the networks, at least one; a network is its own only member} */
  List<Mlp> members();

  /**
   * {@return the network whose outputs are these results; empty if results are averaged over
   * several networks, calibrated, or decided by a rule, or if they undo weights of classes}
   */
  Optional<Mlp> singleNetwork();

  /**
   * Creates a predictor; each thread needs its own. Without a stored scaling, features are not
   * scaled.
   *
   * @param maxRows rows of the largest batch, at least 1
   * @return the predictor
   * @throws IllegalArgumentException if maxRows is below 1, or so large that a buffer would need
   *     2^31 values
   */
  Predictor predictor(int maxRows);

  /**
   * Computes the results and the predicted classes or labels of rows of raw features, in any number
   * of threads at the same time. {@link #predictor} takes less time per row, and writes to arrays.
   *
   * @param rows [rows][inputs], finite
   * @return the predictions
   * @throws IllegalArgumentException if a row has another number of features, or one is not finite
   *     or not a finite float after scaling
   * @throws ArithmeticException if a result is not finite
   */
  Predictions predict(double[][] rows);

  /**
   * Predicts rows as {@link #predict(double[][])} does.
   *
   * @param rows [rows][inputs], finite
   * @return the predictions
   */
  default Predictions predict(float[][] rows) {
    return predict(Predictor.exact(rows));
  }

  /**
   * Predicts one row as {@link #predict(double[][])} does.
   *
   * @param row [inputs], finite
   * @return the predictions for this row alone
   */
  default Predictions predict(float[] row) {
    return predict(new float[][] {Objects.requireNonNull(row, "row")});
  }

  /**
   * Predicts one row as {@link #predict(double[][])} does.
   *
   * @param row [inputs], finite
   * @return the predictions for this row alone
   */
  default Predictions predict(double... row) {
    return predict(new double[][] {Objects.requireNonNull(row, "row")});
  }

  /** {@return the number of weights and biases of all members together} */
  default int parameterCount() {
    return Math.toIntExact(members().stream().mapToLong(Mlp::parameterCount).sum());
  }

  /** {@return the sizes of the layers, such as {@code 64-16-10}, of several networks in a list} */
  default String sizes() {
    return String.join(", ", members().stream().map(m -> m.architecture().toString()).toList());
  }

  /** {@return the number of raw features of a row} */
  default int inputs() {
    return MlpState.facts(this).inputs();
  }

  /** {@return the number of classes or numeric outputs} */
  default int outputs() {
    return MlpState.facts(this).outputs();
  }

  /** {@return the loss that training minimises} */
  default Loss loss() {
    return MlpState.facts(this).loss();
  }

  /**
   * {@return the scaling of the features; empty if it is unknown, as in a file written by numpy}
   */
  default Optional<Scaling> scaling() {
    return Optional.ofNullable(MlpState.facts(this).scaling());
  }

  /**
   * {@return the scaling of the training targets, which predictions undo; {@link Scaling#none} if
   * the targets were not scaled}
   */
  default Scaling targetScaling() {
    return MlpState.facts(this).targetScaling();
  }

  /** {@return the weights of classes in the training, which results undo; empty without any} */
  default Optional<ClassWeighting> weighting() {
    return Optional.ofNullable(MlpState.facts(this).weighting());
  }

  /** {@return one name per class, or none} */
  default List<String> classNames() {
    return MlpState.facts(this).classNames();
  }

  /**
   * {@return the name of a class, or its number if the classes have no names}
   *
   * @param label from 0 to classes - 1
   */
  default String className(int label) {
    return NetworkMetadata.className(classNames(), label);
  }

  /** {@return the dimensions of an input, a copy; empty if they are unknown} */
  default int[] inputShape() {
    return MlpState.facts(this).inputShape().stream().mapToInt(d -> d).toArray();
  }

  /** {@return notes for people on how the networks were trained} */
  default List<String> training() {
    return MlpState.facts(this).training();
  }

  /**
   * Returns the assumptions about facts that the file does not contain, and the parts of the file
   * that were read if there was a choice.
   *
   * @return one line per assumption, such as {@code no loss stored: softmax is assumed}, or {@code
   *     taken: output y of the graph (passed over: z)}; empty for an unchanged file that Lanewise
   *     wrote, and for what was not read from a file
   */
  default List<String> assumptions() {
    return MlpState.of(members().get(0)).assumed().stream().map(Assumption::text).toList();
  }
}
