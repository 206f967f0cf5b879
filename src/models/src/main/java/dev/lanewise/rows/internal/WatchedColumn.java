package dev.lanewise.rows.internal;

import dev.lanewise.format.internal.Fields;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A column of a table that is not an input, such as a currency that is the same in all training
 * rows, with its texts there. So new rows in which it differs can be told from those of the
 * training.
 *
 * @param texts in ascending order of their code points
 * @param counts rows with each text, and at last those without a value
 */
public record WatchedColumn(String name, List<String> texts, int[] counts) {
  /** Texts above which a column is not watched: it may name the rows. */
  public static final int MOST = 64;

  /** Visits the columns, which are null while reading. */
  static List<WatchedColumn> visit(String array, List<WatchedColumn> own, Fields fields)
      throws IOException {
    List<String> names = fields.texts(array, () -> own.stream().map(WatchedColumn::name).toList());
    long[] sizes =
        fields.ints("watched_sizes", () -> own.stream().mapToInt(c -> c.texts.size()).toArray());
    List<String> texts =
        fields
            .optional()
            .texts("watched_texts", () -> own.stream().flatMap(c -> c.texts.stream()).toList());
    long[] counts =
        fields.ints(
            "watched_counts",
            () -> own.stream().flatMapToInt(c -> Arrays.stream(c.counts)).toArray());
    if (own != null) {
      return own;
    }
    SchemaArrays.require(sizes.length == names.size(), array, names.size(), sizes.length);
    boolean areSizes = Arrays.stream(sizes).allMatch(size -> size >= 0 && size <= MOST);
    int sum = areSizes ? (int) Arrays.stream(sizes).sum() : -1;
    SchemaArrays.require(sum == texts.size(), "watched_texts", texts.size(), sum);
    SchemaArrays.require(
        sum + sizes.length == counts.length, "watched_counts", counts.length, sum + sizes.length);
    if (Arrays.stream(counts).anyMatch(count -> count < 0 || count > Integer.MAX_VALUE)) {
      throw new IllegalArgumentException("watched_counts has a number that counts no rows");
    }
    List<WatchedColumn> columns = new ArrayList<>();
    int from = 0;
    for (int c = 0; c < sizes.length; c++) {
      int end = from + (int) sizes[c];
      int[] rows = Arrays.stream(counts, from + c, end + c + 1).mapToInt(n -> (int) n).toArray();
      columns.add(new WatchedColumn(names.get(c), List.copyOf(texts.subList(from, end)), rows));
      from = end;
    }
    return List.copyOf(columns);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WatchedColumn that
        && name.equals(that.name)
        && texts.equals(that.texts)
        && Arrays.equals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + texts.hashCode();
  }
}
