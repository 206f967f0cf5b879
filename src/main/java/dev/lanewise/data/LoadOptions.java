package dev.lanewise.data;

import dev.lanewise.nn.Loss;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a user may choose about loading a data file.
 *
 * @param scale how to choose the scaling
 * @param target the target column of a CSV file: its name in the header, or its index from 0
 *     (negative: from the end), or several of these separated by commas for losses that do not take
 *     classes (a name that holds a comma stands alone, or is given by index); empty: the last
 *     column
 * @param splitSizes shares of training, validation and test rows of a CSV file, which add up to 1
 * @param seed shuffles the rows of a CSV file before they are split
 * @param loss targets are as it takes them: classes, or numbers
 * @param weight the column of a CSV file with the weights of its rows, by name or index; empty:
 *     none, all weigh 1
 * @param targetScale how to choose the scaling of the targets of regression, none by default
 * @param validFraction the share of the training rows that becomes validation where the file has
 *     none; in a CSV file of all rows but those for test, whatever the other split sizes. Of n rows
 *     it is n times the decimal number, rounded down. Empty: a tenth of IDX and Keras' .npz, none
 *     of other .npz files
 * @param stratified whether in that division, and in that of all rows of a CSV file, every class
 *     gives its share, as {@link Split#divide} has it; otherwise the last rows are for validation
 */
public record LoadOptions(
    ScaleChoice scale,
    Optional<String> target,
    List<Double> splitSizes,
    long seed,
    Loss loss,
    Optional<String> weight,
    ScaleChoice targetScale,
    OptionalDouble validFraction,
    boolean stratified) {

  /**
   * Checks and copies; {@link #defaults} and what follows it is easier to read.
   *
   * @param scale how to choose the scaling
   * @param target the target column of a CSV file, or empty
   * @param splitSizes one to three shares that add up to 1, the first above 0
   * @param seed any number
   * @param loss what the targets are for
   * @param weight the column of weights of a CSV file, or empty
   * @param targetScale how to choose the scaling of targets
   * @param validFraction from 0 to below 1, or empty
   * @param stratified whether classes give their shares
   */
  public LoadOptions {
    share(validFraction.orElse(0), 0);
    Objects.requireNonNull(loss);
    Objects.requireNonNull(scale);
    Objects.requireNonNull(targetScale);
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
   * % test rows, seed 0, classes as targets, the share for validation as the file has it.
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
        Optional.empty(),
        ScaleChoice.named("none"),
        OptionalDouble.empty(),
        false);
  }

  /**
   * These options with another scaling.
   *
   * @param choice how to choose it
   * @return new options
   */
  public LoadOptions withScale(ScaleChoice choice) {
    return new LoadOptions(
        choice, target, splitSizes, seed, loss, weight, targetScale, validFraction, stratified);
  }

  /**
   * These options with another target column.
   *
   * @param column its name, or its index from 0; or several separated by commas
   * @return new options
   */
  public LoadOptions withTarget(String column) {
    return new LoadOptions(
        scale,
        Optional.of(column),
        splitSizes,
        seed,
        loss,
        weight,
        targetScale,
        validFraction,
        stratified);
  }

  /**
   * These options with other split sizes.
   *
   * @param sizes shares of training, validation and test rows
   * @return new options
   */
  public LoadOptions withSplitSizes(List<Double> sizes) {
    return new LoadOptions(
        scale, target, sizes, seed, loss, weight, targetScale, validFraction, stratified);
  }

  /**
   * These options with another seed.
   *
   * @param number any number
   * @return new options
   */
  public LoadOptions withSeed(long number) {
    return new LoadOptions(
        scale, target, splitSizes, number, loss, weight, targetScale, validFraction, stratified);
  }

  /**
   * These options with targets for a loss: numbers for those that do not take classes.
   *
   * @param aim the loss
   * @return new options
   */
  public LoadOptions withLoss(Loss aim) {
    return new LoadOptions(
        scale, target, splitSizes, seed, aim, weight, targetScale, validFraction, stratified);
  }

  /**
   * These options with a column of weights.
   *
   * @param column its name, or its index from 0
   * @return new options
   */
  public LoadOptions withWeight(String column) {
    return new LoadOptions(
        scale,
        target,
        splitSizes,
        seed,
        loss,
        Optional.of(column),
        targetScale,
        validFraction,
        stratified);
  }

  /**
   * These options with scaled targets, of use with losses of regression only.
   *
   * @param choice as {@link Dataset#withTargetScaling} takes it
   * @return new options
   */
  public LoadOptions withTargetScale(ScaleChoice choice) {
    return new LoadOptions(
        scale, target, splitSizes, seed, loss, weight, choice, validFraction, stratified);
  }

  /**
   * These options with another share of the training rows for validation.
   *
   * @param fraction from 0 to below 1
   * @return new options
   */
  public LoadOptions withValidFraction(double fraction) {
    return new LoadOptions(
        scale,
        target,
        splitSizes,
        seed,
        loss,
        weight,
        targetScale,
        OptionalDouble.of(fraction),
        stratified);
  }

  /**
   * These options with rows divided class by class or not.
   *
   * @param byClass whether every class gives its share
   * @return new options
   */
  public LoadOptions withStratified(boolean byClass) {
    return new LoadOptions(
        scale, target, splitSizes, seed, loss, weight, targetScale, validFraction, byClass);
  }

  /**
   * A share of some rows, rounded down: of the decimal number that is written, for 100 times the
   * double 0.29 is below 29.
   */
  static int share(double fraction, int rows) {
    if (!(fraction >= 0 && fraction < 1)) {
      throw Split.wrong("a share of %s, expected a number from 0 to below 1", fraction);
    }
    return BigDecimal.valueOf(fraction).multiply(BigDecimal.valueOf(rows)).intValue();
  }
}
