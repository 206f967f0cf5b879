package dev.lanewise.nn;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * How the rows of a data file were divided for a training: enough to divide the same file again,
 * and to notice another file that holds training rows.
 *
 * @param digest of the values that were read, SHA-256 in hexadecimal; the same for a file that is
 *     only written in another way, such as compressed or with other separators
 * @param seed shuffled the rows of a table
 * @param sizes the shares of training, validation and test rows of a table; none for arrays, which
 *     stay in order
 * @param validFraction the share of the training rows that became validation, if one was asked for
 * @param stratified whether every class gave its share
 * @param sample what tells training rows of a table from others; of arrays nothing
 */
public record Division(
    String digest,
    long seed,
    List<Double> sizes,
    OptionalDouble validFraction,
    boolean stratified,
    RowSample sample) {

  /**
   * Copies the lists.
   *
   * @param digest of the values that were read
   * @param seed any number
   * @param sizes of a table, or none
   * @param validFraction from 0 to below 1, or empty
   * @param stratified whether every class gave its share
   * @param sample of the training rows
   */
  public Division {
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(validFraction, "validFraction");
    sizes = List.copyOf(sizes);
    Objects.requireNonNull(sample, "sample");
  }

  /**
   * Whether this is of the same file as another.
   *
   * @param other another division
   * @return true if the digests are equal
   */
  public boolean isOfSameFile(Division other) {
    return digest.equals(other.digest);
  }

  /**
   * The same way to divide, of a file.
   *
   * @param file the digest of its values
   * @param training what tells its training rows
   * @return a division of that file
   */
  public Division of(String file, RowSample training) {
    return new Division(file, seed, sizes, validFraction, stratified, training);
  }

  /** How rows were divided, in the words of the command line. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (!sizes.isEmpty()) {
      text.append("seed ").append(seed).append(", split sizes ").append(sizes);
    }
    if (validFraction.isPresent()) {
      text.append(text.length() > 0 ? ", " : "");
      text.append("a share of ").append(validFraction.getAsDouble()).append(" for validation");
    }
    if (stratified) {
      text.append(text.length() > 0 ? ", " : "").append("stratified");
    }
    return text.length() > 0 ? text.toString() : "the usual division";
  }
}
