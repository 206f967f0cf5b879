package dev.lanewise.table.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.lanewise.nn.Scaling;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Rows are read from a file as they were written, whichever columns are asked for. */
class MappedRowsProperties {
  private Path file;

  @BeforeProperty
  void makeFile() throws IOException {
    file = Files.createTempFile("encoded", ".rows");
  }

  @AfterProperty
  void deleteFile() throws IOException {
    Files.delete(file);
  }

  @Property(tries = 300)
  void asTheyWerePut(
      @ForAll @IntRange(min = 1, max = 6) int features,
      @ForAll @IntRange(min = 1, max = 40) int rows,
      @ForAll @IntRange(max = 9) int begin,
      @ForAll Random random)
      throws IOException {
    int[] low = new int[features];
    Arrays.setAll(low, j -> random.nextBoolean() ? MappedRows.NONE : random.nextInt(400) - 300);
    float[][] values = new float[rows][features];
    for (float[] row : values) {
      for (int j = 0; j < features; j++) {
        row[j] =
            low[j] == MappedRows.NONE
                ? (float) random.nextGaussian()
                : low[j] + new int[] {0, 127, 128, 255}[random.nextInt(4)];
      }
    }
    int[] places = IntStream.range(0, rows).toArray();
    for (int i = rows - 1; i > 0; i--) { // rows are stored in the order in which they were read
      int j = random.nextInt(i + 1);
      int swapped = places[i];
      places[i] = places[j];
      places[j] = swapped;
    }
    MappedRows encoded = new MappedRows(begin, low, places);
    int floats = (int) Arrays.stream(low).filter(l -> l == MappedRows.NONE).count();
    assertEquals(4 * floats + features - floats, encoded.stride());
    byte[] bytes = new byte[begin + rows * encoded.stride()];
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < rows; row++) {
      encoded.put(values[row], 0, all, begin + places[row] * encoded.stride());
    }
    int at = begin + places[0] * encoded.stride(); // floats come first, then bytes
    for (boolean isFloat : new boolean[] {true, false}) {
      for (int j = 0; j < features; j++) {
        if (low[j] == MappedRows.NONE == isFloat) {
          float found = isFloat ? all.getFloat(at) : low[j] + (all.get(at) & 0xff);
          assertEquals(values[0][j], found);
          at += isFloat ? 4 : 1;
        }
      }
    }
    Files.write(file, bytes);
    try (FileChannel channel = FileChannel.open(file)) {
      if (random.nextBoolean()) {
        encoded.map(channel, file);
      } else { // like a file of gigabytes, of which a map holds only some rows
        encoded.map(channel, file, random.nextInt(1, 4 * encoded.stride()));
      }
    }

    assertEquals(rows, encoded.rows());
    assertEquals(file.toString(), encoded.where());
    int[] some = random.ints(7, 0, rows).toArray();
    MappedRows selected = encoded.select(some);
    double[] one = new double[features];
    for (int i = 0; i < some.length; i++) {
      selected.copyUnscaled(i, one);
      for (int j = 0; j < features; j++) {
        assertEquals(values[some[i]][j], one[j]);
      }
    }
    int first = random.nextInt(rows);
    int[] order = random.ints(5, 0, rows - first).toArray();
    int column = random.nextInt(features);
    int width = 1 + random.nextInt(features - column);
    float[] out = new float[3 * width + 2];
    encoded.gather(first, order, 1, 3, column, width, out, 1);
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < width; j++) {
        assertEquals(values[first + order[1 + i]][column + j], out[1 + i * width + j]);
      }
    }
    assertEquals(0, out[0] + out[out.length - 1], "nothing around the row");
    assertNull(encoded.under(Scaling.none()), "they are scaled already");
  }
}
