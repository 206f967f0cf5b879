package dev.lanewise.table.internal;

import dev.lanewise.data.internal.RowSource;
import dev.lanewise.format.FormatException;
import dev.lanewise.nn.Scaling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Scaled rows in a mapped file. A row consists of the features that are stored as floats, followed
 * by those stored as bytes: integers with a small range.
 */
public final class MappedRows implements RowSource {
  /** Stands in {@link #low} for a feature that is stored as floats. */
  public static final int NONE = Integer.MIN_VALUE;

  private static final int MAP = 1 << 30; // bytes

  public final long begin; // position of the first row in the file
  public final int[] low; // [features], value of byte 0, or NONE
  public final int[] places; // [rows], position of each row, in rows after the first
  private final int stride; // bytes per row
  private final int[] offsets; // [features], within a row
  private String where = "";
  private int shift; // place >>> shift is the mapping
  private ByteBuffer[] maps; // null until the file is complete

  public MappedRows(long begin, int[] low, int[] places) {
    this.begin = begin;
    this.low = low;
    this.places = places;
    offsets = new int[low.length];
    int at = 0;
    for (int size : new int[] {Float.BYTES, 1}) {
      for (int j = 0; j < low.length; j++) {
        if (low[j] == NONE == size > 1) {
          offsets[j] = at;
          at += size;
        }
      }
    }
    stride = at;
  }

  /** Returns the bytes per row. */
  public int stride() {
    return stride;
  }

  /** Encodes a row of floats. */
  public void put(float[] values, int from, ByteBuffer out, int to) {
    for (int j = 0; j < low.length; j++) {
      float value = values[from + j];
      if (low[j] == NONE) {
        out.putFloat(to + offsets[j], value);
      } else {
        out.put(to + offsets[j], (byte) ((int) value - low[j]));
      }
    }
  }

  /** Maps the rows of a file, in mappings of whole rows below 2^31 bytes. */
  public void map(FileChannel channel, Path file) throws IOException {
    map(channel, file, MAP);
  }

  /** Maps the rows, with a maximum number of bytes per mapping, but at least one row. */
  void map(FileChannel channel, Path file, int most) throws IOException {
    where = file.toString();
    shift = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(Math.max(1, most / stride));
    long rows = Arrays.stream(places).max().orElse(0) + 1L;
    maps = new ByteBuffer[(int) ((rows - 1 >> shift) + 1)];
    for (int m = 0; m < maps.length; m++) {
      long from = (long) m << shift;
      long size = Math.min(rows - from, 1L << shift) * stride;
      maps[m] =
          channel
              .map(MapMode.READ_ONLY, begin + from * stride, size)
              .order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  @Override
  public int rows() {
    return places.length;
  }

  @Override
  public int features() {
    return low.length;
  }

  @Override
  public void copy(int row, int count, float[] out, int offset) {
    gather(row, null, 0, count, 0, features(), out, offset);
  }

  @Override
  public void copyUnscaled(int row, double[] out) {
    float[] values = new float[features()];
    copy(row, 1, values, 0);
    for (int j = 0; j < values.length; j++) {
      out[j] = values[j];
    }
  }

  @Override
  public RowSource under(Scaling scaling) {
    return null;
  }

  @Override
  public MappedRows select(int[] rows) {
    int[] some = Arrays.stream(rows).map(row -> places[row]).toArray();
    MappedRows selected = new MappedRows(begin, low, some);
    selected.where = where;
    selected.shift = shift;
    selected.maps = maps;
    return selected;
  }

  @Override
  public boolean isInMemory() {
    return false;
  }

  @Override
  public String where() {
    return where;
  }

  @Override
  public void gather(
      int first, int[] order, int from, int count, int column, int width, float[] out, int offset) {
    try {
      for (int i = 0; i < count; i++) {
        int place = places[RowSource.row(first, order, from + i)];
        ByteBuffer map = maps[place >>> shift];
        int at = (place & (1 << shift) - 1) * stride;
        int to = offset + i * width - column;
        for (int j = column; j < column + width; j++) {
          out[to + j] =
              low[j] == NONE
                  ? map.getFloat(at + offsets[j])
                  : low[j] + (map.get(at + offsets[j]) & 0xff);
        }
      }
    } catch (InternalError e) { // the file was truncated
      FormatException problem =
          new FormatException(
              where, "cannot be read, expected a file that does not change meanwhile", e);
      throw new UncheckedIOException(problem.getMessage(), problem);
    }
  }
}
