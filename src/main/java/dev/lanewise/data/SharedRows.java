package dev.lanewise.data;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds rows for validation or test that stand among the training rows, too. What a network says of
 * them it may have learned by heart, so a score on them says little of new rows. Nothing is said
 * where the values of the columns have no more combinations than there are training rows: new rows,
 * too, are equal to some then.
 */
final class SharedRows {
  /** A smaller share of rows changes no score that anybody would notice. */
  private static final double LEAST = 0.01;

  private static final int PERCENT = 100;

  private final Table own; // where the training rows are
  private final long[] train; // their hashes, ascending

  private final int[] rows; // those of its own that may be trained on
  private final int[][] places; // of features and targets
  private Boolean isFull; // whether training has as many rows as there are combinations, once asked

  private SharedRows(Table own, TableColumns columns, int[] rows, long[] train) {
    this.own = own;
    this.rows = rows;
    places = new int[][] {columns.features, columns.targets};
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
      Table table,
      TableColumns columns,
      RowDivision divided,
      int[] all,
      long[] hashes,
      List<String> notes) {
    int[][] splits = divided.splits();
    SharedRows shared = new SharedRows(table, columns, all, some(splits[0], all, hashes));
    shared.note("validation", table, splits[1], some(splits[1], all, hashes), notes);
    shared.note("test", table, splits[2], some(splits[2], all, hashes), notes);
    return shared;
  }

  /** The hashes of some of the rows, which ascend. */
  private static long[] some(int[] rows, int[] all, long[] hashes) {
    return Arrays.stream(rows).mapToLong(row -> hashes[Arrays.binarySearch(all, row)]).toArray();
  }

  private boolean isFull() {
    if (isFull == null) {
      long combinations = 1;
      for (int[] some : places) {
        for (int i = 0; i < some.length && combinations <= train.length; i++) {
          combinations *= distinct(own.column(some[i]), train.length);
        }
      }
      isFull = combinations <= train.length;
    }
    return isFull;
  }

  /** How many values a column has, if they are not more than a number. */
  private int distinct(TableColumn column, int most) {
    Set<Object> values = new HashSet<>();
    for (int i = 0; i < rows.length && values.size() <= most; i++) {
      int code = column.code(rows[i]);
      values.add(code > 0 ? (Object) code : (Object) (column.number(rows[i]) + 0.0));
    }
    return values.size();
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
    if (count > 0 && count >= LEAST * rows.length && !isFull()) {
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
