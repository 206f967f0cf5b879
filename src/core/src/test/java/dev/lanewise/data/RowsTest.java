package dev.lanewise.data;

import static dev.lanewise.data.DataFiles.keepsBytes;
import static dev.lanewise.data.DataFiles.labels;
import static dev.lanewise.data.DataFiles.rows;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.internal.ByteRows;
import dev.lanewise.data.internal.FloatRows;
import dev.lanewise.data.internal.Labels;
import dev.lanewise.data.internal.RowRange;
import dev.lanewise.data.internal.RowSource;
import dev.lanewise.nn.Scaling;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowsTest {
  private static final float[][] ROWS = {{0, 1}, {10, 11}, {20, 21}, {30, 31}};
  private static final int[] LABELS = {2, 0, 1, 2};

  private static Rows bytes(Scaling scaling) {
    byte[] bytes = {0, 1, 10, 11, 20, 21, 30, 31};
    return RowRange.split(
        new ByteRows(bytes, 2, scaling, true), new Labels(LABELS.clone(), 0, ""), scaling);
  }

  @Test
  void copiesRowsInAnyOrder() {
    for (Rows split : List.of(Rows.of(ROWS, LABELS), bytes(Scaling.none()))) {
      float[] batch = new float[8];
      split.copyRows(new int[] {9, 3, 0, 3}, 1, 3, batch, 2);
      assertArrayEquals(new float[] {0, 0, 30, 31, 0, 1, 30, 31}, batch);
      split.copyRows(null, 2, 2, batch, 0);
      assertArrayEquals(new float[] {20, 21, 30, 31, 0, 1, 30, 31}, batch);
      int[] labels = new int[4];
      split.copyLabels(new int[] {9, 3, 0, 1}, 1, 3, labels, 1);
      assertArrayEquals(new int[] {0, 2, 2, 0}, labels);
      split.copyLabels(null, 1, 2, labels, 0);
      assertArrayEquals(new int[] {0, 1, 2, 0}, labels);
    }
  }

  @Test
  void copiesColumnsAsTheyStandInRows() {
    Random random = new Random(5);
    byte[] bytes = new byte[2000 * 150]; // so many that some are prefetched, in parts
    random.nextBytes(bytes);
    Scaling scaling = Scaling.divide(255);
    RowSource raw = new ByteRows(bytes, 150, scaling, true);
    float[] values = new float[2000 * 150];
    raw.copy(0, 2000, values, 0);
    int[] order = random.ints(250, 0, 1999).toArray();
    for (RowSource source : List.of(raw, new FloatRows(values, 150))) {
      Rows split = RowRange.split(source, new Labels(new int[2000], 0, ""), scaling).slice(1, 1999);
      for (int[] rows : new int[][] {order, null}) {
        float[] batch = new float[240 * 150 + 2];
        split.copyRows(rows, 7, 240, batch, 0);
        for (int i = 0; i < 240 * 150; i++) {
          int row = 7 + i / 150;
          assertEquals(values[(1 + (rows == null ? row : rows[row])) * 150 + i % 150], batch[i]);
        }
        for (int column : new int[] {0, 1, 64, 149}) {
          int width = Math.min(70, 150 - column);
          float[] columns = new float[240 * width + 2];
          split.copyColumns(rows, 7, 240, column, width, columns, 1);
          for (int i = 0; i < 240 * width; i++) {
            assertEquals(batch[i / width * 150 + column + i % width], columns[1 + i]);
          }
          assertEquals(0, columns[0] + columns[1 + 240 * width]);
        }
      }
    }
  }

  @Test
  void checksEveryBound() {
    Rows split = bytes(Scaling.none()).slice(1, 2);
    float[] batch = new float[4];
    int[] labels = new int[2];
    Class<IndexOutOfBoundsException> out = IndexOutOfBoundsException.class;
    assertThrows(out, () -> split.copyRows(null, 1, 2, batch, 0));
    assertThrows(out, () -> split.copyRows(null, 0, 2, batch, 1));
    assertThrows(out, () -> split.copyRows(null, -1, 1, batch, 0));
    assertThrows(out, () -> split.copyRows(new int[] {2}, 0, 1, batch, 0));
    assertThrows(out, () -> split.copyRows(new int[] {-1}, 0, 1, batch, 0));
    assertThrows(out, () -> split.copyRows(new int[] {0}, 0, 2, batch, 0));
    assertThrows(out, () -> split.copyColumns(null, 1, 2, 0, 1, batch, 0));
    assertThrows(out, () -> split.copyColumns(null, 0, 2, 1, 2, batch, 0));
    assertThrows(out, () -> split.copyColumns(null, 0, 2, 0, 0, batch, 0));
    assertThrows(out, () -> split.copyColumns(null, 0, 2, 1, 1, batch, 3));
    assertThrows(out, () -> split.copyColumns(new int[] {2}, 0, 1, 0, 1, batch, 0));
    assertThrows(out, () -> split.copyLabels(new int[] {2}, 0, 1, labels, 0));
    assertThrows(out, () -> split.copyLabels(null, 0, 2, labels, 1));
    assertThrows(out, () -> split.label(2));
    assertThrows(out, () -> split.label(-1));
  }

  @Test
  void slicesAndJoins() {
    for (Rows whole : List.of(Rows.of(ROWS, LABELS), bytes(Scaling.none()))) {
      Rows tail = whole.slice(1, 3).slice(1, 2);
      assertArrayEquals(new float[] {20, 21, 30, 31}, rows(tail));
      assertArrayEquals(new int[] {1, 2}, labels(tail));
      assertEquals(1, tail.label(0));
      Rows joined = RowRange.concatenation(List.of(tail, whole.slice(0, 1)));
      assertArrayEquals(new float[] {20, 21, 30, 31, 0, 1}, rows(joined));
      assertArrayEquals(new int[] {1, 2, 2}, labels(joined));
      assertEquals(keepsBytes(whole), keepsBytes(joined));
    }
    Scaling half = Scaling.divide(2);
    Rows mixed =
        RowRange.concatenation(
            List.of(bytes(half).slice(3, 1), Rows.of(ROWS, LABELS).withScaling(half)));
    assertFalse(keepsBytes(mixed));
    assertArrayEquals(new float[] {15, 15.5f, 0, 0.5f, 5, 5.5f, 10, 10.5f, 15, 15.5f}, rows(mixed));
  }

  @Test
  void bytesScaleToTheVeryFloats() {
    byte[] all = new byte[256];
    float[][] raw = new float[1][256];
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
      raw[0][i] = i;
    }
    for (double divisor : new double[] {255, 1, 0.5, 3, 16, 1e-3f}) {
      Scaling scaling = Scaling.divide(divisor);
      assertTrue(ByteRows.scales(scaling));
      float[] scaled = new float[256];
      new ByteRows(all, 256, scaling, true).copy(0, 1, scaled, 0);
      assertArrayEquals(rows(Rows.of(raw, new int[1]).withScaling(scaling)), scaled);
    }
    assertFalse(ByteRows.scales(Scaling.divide(0.1)), "0.1 is not exact as a float");
    assertFalse(ByteRows.scales(Scaling.standardise(new double[1], new double[1])));
  }

  @Test
  void datasetsFromMemory() {
    Dataset data = Dataset.of(Rows.of(ROWS, LABELS));
    assertEquals(3, data.classes());
    assertEquals(2, data.features());
    assertEquals(Scaling.none(), data.scaling());
    Rows more = Rows.of(new float[][] {{1, 2}}, new int[] {5});
    data = Dataset.of(data.train(), Optional.empty(), Optional.of(more));
    assertEquals(6, data.classes());
    assertEquals(5, data.all().orElseThrow().rows());
    List<String> names = List.of("a", "b", "c", "d", "e", "f", "g");
    Dataset named = data.withClassNames(names).withInputShape(2, 1);
    assertEquals(7, named.classes());
    assertEquals(names, named.classNames());
    assertArrayEquals(new int[] {2, 1}, named.inputShape());
    Dataset six = data;
    Class<IllegalArgumentException> bad = IllegalArgumentException.class;
    assertThrows(bad, () -> six.withClassNames(List.of("a")));
    assertThrows(bad, () -> six.withInputShape(3));
    Rows scaled = Rows.of(ROWS, LABELS).withScaling(Scaling.divide(2));
    assertThrows(bad, () -> Dataset.of(six.train(), Optional.of(scaled), Optional.empty()));
    Rows wide = Rows.of(new float[1][3], new int[1]);
    assertThrows(bad, () -> Dataset.of(six.train(), Optional.empty(), Optional.of(wide)));
    assertThrows(bad, () -> Rows.of(ROWS, new int[3]));
    assertThrows(bad, () -> Rows.of(new float[0][2], new int[0]));
    assertThrows(bad, () -> Rows.of(new float[][] {{1}, {1, 2}}, new int[2]));
    assertThrows(bad, () -> Rows.of(new float[][] {{Float.NaN}}, new int[1]));
    assertThrows(bad, () -> Rows.of(ROWS, new int[] {0, 0, 0, -1}));
    Scaling three = Scaling.standardise(new double[3], new double[3]);
    assertThrows(bad, () -> Rows.of(ROWS, LABELS).withScaling(three));
  }
}
