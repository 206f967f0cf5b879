package dev.lanewise.data;

import dev.lanewise.nn.Loss;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a user may choose about loading a data file.
 *
 * @param scale how to choose the scaling
 * @param target the target column of a CSV file: its name in the header, or its index from 0
 *     (negative: from the end); empty: the last column
 * @param splitSizes shares of training, validation and test rows of a CSV file, which add up to 1
 * @param seed shuffles the rows of a CSV file before they are split
 * @param loss targets are as it takes them: classes, or numbers
 * @param weight the column of a CSV file with the weights of its rows, by name or index; empty:
 *     none, all weigh 1
 */
public record LoadOptions(
    ScaleChoice scale,
    Optional<String> target,
    List<Double> splitSizes,
    long seed,
    Loss loss,
    Optional<String> weight) {

  /**
   * Checks and copies.
   *
   * @param scale how to choose the scaling
   * @param target the target column of a CSV file, or empty
   * @param splitSizes one to three shares that add up to 1, the first above 0
   * @param seed any number
   * @param loss what the targets are for
   * @param weight the column of weights of a CSV file, or empty
   */
  public LoadOptions {
    Objects.requireNonNull(loss);
    Objects.requireNonNull(scale);
    Objects.requireNonNull(target);
    Objects.requireNonNull(weight);
    splitSizes = List.copyOf(splitSizes);
    double sum = 0;
    boolean sound = !splitSizes.isEmpty() && splitSizes.size() <= 3;
    for (double size : splitSizes) {
      sound &= size >= 0;
      sum += size;
    }
    if (!sound || !(splitSizes.get(0) > 0) || !(Math.abs(sum - 1) < 1e-9)) {
      throw new IllegalArgumentException(
          "split sizes: " + splitSizes + ", expected up to three numbers from 0 that add up to 1");
    }
  }

  /**
   * The defaults: scaling by rule, the last column as target, 80 % training, 10 % validation and 10
   * % test rows, seed 0, classes as targets.
   *
   * @return the options
   */
  public static LoadOptions defaults() {
    return new LoadOptions(
        ScaleChoice.auto(),
        Optional.empty(),
        List.of(0.8, 0.1, 0.1),
        0,
        Loss.SOFTMAX,
        Optional.empty());
  }

  /**
   * These options with another scaling.
   *
   * @param choice how to choose it
   * @return new options
   */
  public LoadOptions withScale(ScaleChoice choice) {
    return new LoadOptions(choice, target, splitSizes, seed, loss, weight);
  }

  /**
   * These options with another target column.
   *
   * @param column its name, or its index from 0
   * @return new options
   */
  public LoadOptions withTarget(String column) {
    return new LoadOptions(scale, Optional.of(column), splitSizes, seed, loss, weight);
  }

  /**
   * These options with other split sizes.
   *
   * @param sizes shares of training, validation and test rows
   * @return new options
   */
  public LoadOptions withSplitSizes(List<Double> sizes) {
    return new LoadOptions(scale, target, sizes, seed, loss, weight);
  }

  /**
   * These options with another seed.
   *
   * @param number any number
   * @return new options
   */
  public LoadOptions withSeed(long number) {
    return new LoadOptions(scale, target, splitSizes, number, loss, weight);
  }

  /**
   * These options with targets for a loss: numbers for those that do not take classes.
   *
   * @param aim the loss
   * @return new options
   */
  public LoadOptions withLoss(Loss aim) {
    return new LoadOptions(scale, target, splitSizes, seed, aim, weight);
  }

  /**
   * These options with a column of weights.
   *
   * @param column its name, or its index from 0
   * @return new options
   */
  public LoadOptions withWeight(String column) {
    return new LoadOptions(scale, target, splitSizes, seed, loss, Optional.of(column));
  }
}
