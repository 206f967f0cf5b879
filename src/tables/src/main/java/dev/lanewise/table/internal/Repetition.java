package dev.lanewise.table.internal;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The share of rows that are equal by chance, estimated from rows of one source. In a table of few
 * distinct rows, most new rows are equal to earlier ones, which does not show that a row was
 * copied.
 *
 * @param share the share of rows that occur more often than the rarest row
 * @param distinct the number of distinct rows
 */
public record Repetition(double share, int distinct) {
  /** Maximum probability that chance gives as many equal rows. */
  private static final double CHANCE = 0.01;

  /** Share of rows that must be equal beyond those equal by chance. */
  private static final double SUSPICIOUS = 0.5;

  public static Repetition of(long[] hashes) {
    Map<Long, Integer> counts = new HashMap<>();
    Arrays.stream(hashes).forEach(hash -> counts.merge(hash, 1, Integer::sum));
    // If the whole source is repeated, all counts are multiples.
    int least = counts.values().stream().mapToInt(count -> count).min().orElse(1);
    long more = counts.values().stream().filter(n -> n > least).mapToLong(n -> n).sum();
    return new Repetition(more / (double) Math.max(1, hashes.length), counts.size());
  }

  /**
   * Returns the repetition that a source of up to 16 times as many rows may have: in tables of few
   * values, the share of rows that occur once falls about like this.
   */
  public Repetition ofLarger() {
    return new Repetition(1 - StrictMath.pow(1 - share, 8), distinct);
  }

  /**
   * Returns whether a share of equal rows is too large for chance.
   *
   * @param equal the share of rows that were found
   * @param rows the number of rows that were searched for
   */
  public boolean isExceededBy(double equal, int rows) {
    if (equal < SUSPICIOUS || 1 - equal > SUSPICIOUS * (1 - share)) {
      return false;
    }
    // Chernoff bound of the probability that chance finds as many.
    double information =
        share == 0
            ? Double.POSITIVE_INFINITY
            : equal * StrictMath.log(equal / share)
                + (equal < 1 ? (1 - equal) * StrictMath.log((1 - equal) / (1 - share)) : 0);
    return StrictMath.exp(-rows * information) <= CHANCE;
  }
}
