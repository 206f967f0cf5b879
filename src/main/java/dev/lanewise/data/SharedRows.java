package dev.lanewise.data;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;

/**
 * Finds rows for validation or test that stand among the training rows, too. What a network says of
 * them it may have learned by heart, so a score on them says little of new rows.
 */
final class SharedRows {
  /** A smaller share of rows changes no score that anybody would notice. */
  private static final double LEAST = 0.01;

  private static final int PERCENT = 100;

  private final Table own; // where the training rows are
  private final long[] train; // their hashes, ascending

  private SharedRows(Table own, long[] train) {
    this.own = own;
    this.train = train;
    Arrays.sort(train);
  }

  /**
   * The training rows among divided ones; what of the others is equal to them is said.
   *
   * @param all rows of the table
   * @param hashes of these rows
   */
  static SharedRows of(
      Table table, RowDivision divided, int[] all, long[] hashes, List<String> notes) {
    int[][] splits = divided.splits();
    SharedRows shared = new SharedRows(table, some(splits[0], all, hashes));
    shared.note("validation", table, splits[1], some(splits[1], all, hashes), notes);
    shared.note("test", table, splits[2], some(splits[2], all, hashes), notes);
    return shared;
  }

  /** The hashes of some of the rows, which ascend. */
  private static long[] some(int[] rows, int[] all, long[] hashes) {
    return Arrays.stream(rows).mapToLong(row -> hashes[Arrays.binarySearch(all, row)]).toArray();
  }

  /** Says how many rows of a split are equal to training rows, if they are not very few. */
  void note(String split, Table table, int[] rows, long[] hashes, List<String> notes) {
    int count = 0;
    int first = Integer.MAX_VALUE;
    for (int i = 0; i < rows.length; i++) {
      if (Arrays.binarySearch(train, hashes[i]) >= 0) {
        count++;
        first = Math.min(first, rows[i]);
      }
    }
    if (count > 0 && count >= LEAST * rows.length) {
      boolean isOwn = table.file(first).equals(own.file());
      BigDecimal share = new BigDecimal((double) PERCENT * count / rows.length);
      notes.add(
          "%s of %s %s rows (%s%%) are equal to training rows, such as that in %s%s: scores on them"
                  .formatted(
                      count,
                      rows.length,
                      split,
                      share.setScale(1, RoundingMode.HALF_EVEN),
                      table.at(first),
                      isOwn ? "" : " of " + table.file(first))
              + " say little of new rows");
    }
  }
}
