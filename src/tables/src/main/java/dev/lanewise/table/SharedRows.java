package dev.lanewise.table;

import dev.lanewise.format.internal.Message;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds validation or test rows that are also training rows. A network may have memorised these, so
 * a score on them says little about new rows.
 *
 * <p>In a table with few distinct values, such as sex, class and age, rows are equal by chance, and
 * new rows will be too. This deserves no note. Therefore some of the equal rows are examined: an
 * equal row is suspicious if one of its values is rare in other rows, or if it is very unlikely
 * that all its equal values coincide by chance.
 */
final class SharedRows {
  /** Minimum share of equal rows for a note; fewer do not change a score noticeably. */
  private static final double LEAST = 0.01;

  private static final int PERCENT = 100;

  /** Maximum number of training rows, evenly spaced, in which values are counted. */
  private static final int MOST_ROWS = 20_000;

  /** Maximum number of equal rows to examine. */
  private static final int MOST_LOOKED_AT = 200;

  /** Probability below which equal rows are not chance, even if columns are somewhat correlated. */
  private static final double UNLIKELY = 1e-4;

  final RowHashes all; // of the table with the training rows
  private final int[] rows; // for training
  final long[] hashes; // hashes of these rows
  private final long[] train; // these hashes, ascending

  /** Takes the hashes of the rows of a table, and which rows are for training. */
  SharedRows(RowHashes all, int[] rows) {
    this.all = all;
    this.rows = rows;
    hashes = all.of(rows);
    train = hashes.clone();
    Arrays.sort(train);
  }

  /** Adds a note on rows of a split that equal training rows, unless they are very few. */
  void note(String split, RowHashes others, int[] rows, List<Message> notes) {
    ColumnStore table = others.table;
    long[] hashes = others.of(rows);
    long[] equal = new long[rows.length];
    int count = 0;
    int first = Integer.MAX_VALUE;
    for (int i = 0; i < rows.length; i++) {
      if (Arrays.binarySearch(train, hashes[i]) >= 0) {
        equal[count++] = hashes[i];
        first = Math.min(first, rows[i]);
      }
    }
    if (count > 0 && count >= LEAST * rows.length && !areByChance(equal, count)) {
      boolean isOwn = table.file(first).equals(all.table.file());
      BigDecimal share = new BigDecimal((double) PERCENT * count / rows.length);
      notes.add(
          Message.of(
              "%s of %s %s rows (%s%%) are equal to training rows, such as that in %s%s: scores on"
                  + " them say little about new rows",
              count,
              rows.length,
              split,
              share.setScale(1, RoundingMode.HALF_EVEN),
              table.at(first),
              isOwn ? "" : " of " + table.file(first)));
    }
  }

  /** Returns whether most of the equal rows are equal to training rows by chance. */
  private boolean areByChance(long[] equal, int count) {
    int step = (rows.length - 1) / MOST_ROWS + 1;
    int[] some = new int[(rows.length - 1) / step + 1];
    Map<Long, Integer> places = new HashMap<>(); // rows by their hashes
    Map<Long, Integer> copies = new HashMap<>();
    for (int i = 0; i < some.length; i++) {
      some[i] = rows[i * step];
      places.putIfAbsent(hashes[i * step], i);
      copies.merge(hashes[i * step], 1, Integer::sum);
    }
    long[] looked =
        Arrays.stream(equal, 0, count).filter(copies::containsKey).limit(MOST_LOOKED_AT).toArray();
    double[] chance = new double[looked.length];
    Arrays.fill(chance, rows.length);
    int[] rarest = new int[looked.length];
    Arrays.fill(rarest, some.length);
    for (int c = 0; c < all.columns(); c++) {
      long[] values = all.ofColumn(c, some);
      Map<Long, Integer> counts = new HashMap<>();
      Arrays.stream(values).forEach(value -> counts.merge(value, 1, Integer::sum));
      for (int i = 0; i < looked.length; i++) {
        int found = counts.get(values[places.get(looked[i])]);
        chance[i] *= (double) found / some.length;
        rarest[i] = Math.min(rarest[i], found);
      }
    }
    int suspicious = 0;
    for (int i = 0; i < looked.length; i++) {
      boolean isRare = rarest[i] <= 2 * copies.get(looked[i]);
      suspicious += isRare || chance[i] < UNLIKELY ? 1 : 0;
    }
    return 2 * suspicious < looked.length;
  }
}
