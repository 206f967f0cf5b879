package dev.lanewise.rows;

import dev.lanewise.data.Dataset;
import dev.lanewise.rows.internal.TableMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The division of the rows of a training file. It suffices to divide the same file again, and to
 * detect training rows in another file.
 *
 * @param digest SHA-256 of the values that were read, in hexadecimal; it does not depend on how the
 *     file stores the values, such as its compression or separators
 * @param seed the seed of the shuffle of a table's rows
 * @param sizes the shares of training, validation and test rows of a table; none for arrays, whose
 *     order is kept
 * @param validFraction the share of the training rows that became validation rows, if requested
 * @param stratified whether each class has the same share in every part
 * @param sample fingerprints of the training rows of a table; empty for arrays
 * @param folds the seed of the folds of the training rows that were for validation, see {@code
 *     data.Folds}; empty if none were
 * @param round number of networks after which the folds begin with the first again, as each group
 *     of networks has them; 0 if all networks are one group
 * @param rule the rule that decides which rows stay together or come later, as lanewise-tables
 *     writes it, such as {@code groups of patient}; empty if only the seed and the shares do
 */
public record Division(
    String digest,
    long seed,
    List<Double> sizes,
    OptionalDouble validFraction,
    boolean stratified,
    RowSample sample,
    OptionalLong folds,
    int round,
    String rule) {

  /**
   * Copies the lists.
   *
   * @param digest the digest of the values that were read
   * @param seed any number
   * @param sizes the sizes of a table, or none
   * @param validFraction from 0 to below 1, or empty
   * @param stratified whether each class has the same share in every part
   * @param sample the sample of the training rows
   * @param folds the seed of folds, or empty
   * @param round networks of a group, or 0
   * @param rule a rule, or empty
   */
  public Division {
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(validFraction, "validFraction");
    sizes = List.copyOf(sizes);
    Objects.requireNonNull(sample, "sample");
    Objects.requireNonNull(folds, "folds");
    Objects.requireNonNull(rule, "rule");
  }

  /**
   * {@return how the rows of a table were divided; empty for data that is of no table}
   *
   * @param data the data
   */
  public static Optional<Division> of(Dataset data) {
    return Optional.ofNullable(TableMetadata.of(data).division());
  }

  /**
   * Tells if another division is of the same file.
   *
   * @param other another division
   * @return true if the digests are equal
   */
  public boolean isOfSameFile(Division other) {
    return digest.equals(other.digest);
  }

  /**
   * {@return a division of another file with the same seed and shares}
   *
   * @param file the digest of its values
   * @param training fingerprints of its training rows
   */
  public Division of(String file, RowSample training) {
    return new Division(file, seed, sizes, validFraction, stratified, training, folds, round, rule);
  }

  /**
   * {@return a copy with another seed}
   *
   * @param seed the seed of the shuffled rows
   */
  public Division withSeed(long seed) {
    return new Division(digest, seed, sizes, validFraction, stratified, sample, folds, round, rule);
  }

  /**
   * {@return the division with other folds}
   *
   * @param folds their seed, or empty
   * @param round networks of a group, or 0
   */
  public Division withFolds(OptionalLong folds, int round) {
    return new Division(digest, seed, sizes, validFraction, stratified, sample, folds, round, rule);
  }

  /** Describes the division in the strings of the command line. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    if (!sizes.isEmpty()) {
      parts.add("seed " + seed + ", split sizes " + sizes);
    }
    if (validFraction.isPresent()) {
      parts.add("a share of " + validFraction.getAsDouble() + " for validation");
    }
    if (stratified) {
      parts.add("stratified");
    }
    if (!rule.isEmpty()) {
      parts.add(rule);
    }
    if (folds.isPresent()) {
      parts.add("folds for validation with seed " + folds.getAsLong());
    }
    return parts.isEmpty() ? "the usual division" : String.join(", ", parts);
  }
}
