package dev.lanewise.data.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.nn.Scaling;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Bytes are read by their definition, whether they are few or so many that rows are fetched ahead
 * in groups, the last of which is shorter.
 */
class ByteRowsProperties {
  private static final int[] FEATURES = {1, 3, 64, 65, 150, 784, 40_000, 70_000};

  @Property(tries = 120)
  void columnsOfRowsInAnyOrder(
      @ForAll @IntRange(max = 7) int size,
      @ForAll boolean isFar,
      @ForAll boolean isOrdered,
      @ForAll Random random) {
    int features = FEATURES[size];
    int rows = isFar ? 270_000 / features + 2 : Math.max(2, 2000 / features);
    byte[] bytes = new byte[rows * features];
    random.nextBytes(bytes);
    ByteRows source = new ByteRows(bytes, features, Scaling.divide(255), true);
    assertEquals(rows, source.rows());
    int first = random.nextInt(rows);
    int most = Math.max(1, 200_000 / features); // some groups of at most 32 KB
    int from = random.nextInt(3);
    int count = 1 + random.nextInt(Math.min(most, isOrdered ? most : Math.max(1, rows - first)));
    from = isOrdered ? from : Math.min(from, rows - first - count);
    int[] order = isOrdered ? random.ints(from + count, 0, rows - first).toArray() : null;
    int column = random.nextInt(features);
    int width = 1 + random.nextInt(features - column);
    if (random.nextInt(3) == 0) {
      column = 0;
      width = features;
    }
    float[] out = new float[count * width + 4];
    Arrays.fill(out, -1);
    source.gather(first, order, from, count, column, width, out, 2);
    for (int i = 0; i < count; i++) {
      int row = first + (isOrdered ? order[from + i] : from + i);
      for (int j = 0; j < width; j++) {
        float expected = (float) ((bytes[row * features + column + j] & 0xff) / 255.0);
        if (expected != out[2 + i * width + j]) {
          assertEquals(expected, out[2 + i * width + j], i + ", " + j);
        }
      }
    }
    for (int beside : new int[] {0, 1, out.length - 2, out.length - 1}) {
      assertEquals(-1, out[beside]);
    }
  }

  /** Nothing after the last row is fetched ahead, however rows are placed on cache lines. */
  @Example
  void theLastOfManyRows() {
    for (int features : new int[] {64, 65, 128, 63}) {
      int rows = 300_000 / features;
      byte[] bytes = new byte[rows * features];
      bytes[bytes.length - 1] = 5;
      ByteRows source = new ByteRows(bytes, features, Scaling.none(), true);
      for (int width : new int[] {features, 1}) {
        float[] out = new float[2 * width];
        int[] order = {0, rows - 1};
        source.gather(0, order, 0, 2, features - width, width, out, 0);
        assertEquals(5, out[out.length - 1]);
      }
    }
  }

  @Property(tries = 50)
  void copiesOfRows(@ForAll @IntRange(min = 1, max = 70) int features, @ForAll Random random) {
    int rows = 1 + random.nextInt(20);
    byte[] bytes = new byte[rows * features];
    random.nextBytes(bytes);
    ByteRows source = new ByteRows(bytes, features, Scaling.divide(16), true);
    int row = random.nextInt(rows);
    int count = 1 + random.nextInt(rows - row);
    float[] scaled = new float[1 + count * features];
    source.copy(row, count, scaled, 1);
    byte[] raw = new byte[1 + count * features];
    source.copy(row, count, raw, 1);
    double[] unscaled = new double[features];
    source.copyRow(row, unscaled);
    for (int i = 0; i < count * features; i++) {
      int expected = bytes[row * features + i] & 0xff;
      assertEquals(expected / 16f, scaled[1 + i]);
      assertEquals((byte) expected, raw[1 + i]);
      if (i < features) {
        assertEquals(expected, unscaled[i]);
      }
    }
    int[] some = random.ints(4, 0, rows).toArray();
    RowSource selected = source.select(some);
    RowSource other = source.under(Scaling.none());
    float[] expected = new float[features];
    float[] found = new float[features];
    for (int i = 0; i < some.length; i++) {
      source.copy(some[i], 1, expected, 0);
      selected.copy(i, 1, found, 0);
      assertArrayEquals(expected, found);
      other.copy(some[i], 1, found, 0);
      for (int j = 0; j < features; j++) {
        assertEquals(16 * expected[j], found[j]);
      }
    }
    assertEquals(null, source.under(Scaling.divide(0.1)), "no float");
  }
}
