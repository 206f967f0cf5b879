package dev.lanewise.table;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.RawRows;
import dev.lanewise.data.internal.RowSource;
import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.nn.Scaling;
import dev.lanewise.source.MappedNpy;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Rows that stay in their file. Each copy is checked and scaled by the same operations as rows in
 * memory, so the floats are the same.
 */
final class MappedRows implements RowSource {
  private final MappedNpy array;
  private final RawRows raw; // the same rows, for exceptions
  private final Scaling scaling;
  private final float[] ofBytes; // [256], scaled bytes; null if features have own scales

  MappedRows(MappedNpy array, RawRows raw, Scaling scaling) {
    this.array = array;
    this.raw = raw;
    this.scaling = scaling;
    this.ofBytes = scaling.features().isEmpty() ? new float[256] : null;
    for (int b = 0; ofBytes != null && b < ofBytes.length; b++) {
      ofBytes[b] = scaling.scale(b, 0);
    }
  }

  @Override
  public int rows() {
    return array.rows();
  }

  @Override
  public int features() {
    return array.rowLength();
  }

  @Override
  public void copy(int row, int count, float[] out, int offset) {
    int features = features();
    try {
      for (int r = 0; r < count; r++) {
        scale(row + r, out, offset + r * features);
      }
    } catch (InternalError e) { // the file was truncated
      throw wrong(
          new FormatException(
              raw.where(),
              "rows from "
                  + row
                  + " on cannot be read, expected a file that does not change"
                  + " meanwhile",
              e));
    }
    for (int i = 0; i < count * features; i++) {
      if (!Float.isFinite(out[offset + i])) {
        double[] found = new double[features];
        int place = row + i / features;
        raw.copyRow(place, found);
        int j = i % features;
        throw wrong(raw.notFinite(place, j, found[j], scaling));
      }
    }
  }

  /** Copies all columns of each row, the only request that occurs. */
  @Override
  public void gather(
      int first, int[] order, int from, int count, int column, int width, float[] out, int offset) {
    for (int i = 0; i < count; i++) {
      copy(RowSource.row(first, order, from + i), 1, out, offset + i * width);
    }
  }

  @Override
  public void copyUnscaled(int row, double[] out) {
    raw.copyRow(row, out);
  }

  @Override
  public boolean storesBytes() {
    return raw.storesBytes();
  }

  @Override
  public RowSource under(Scaling other) {
    return new MappedRows(array, raw, other);
  }

  @Override
  public RowSource select(int[] rows) {
    throw DataErrors.inFile();
  }

  @Override
  public boolean isInMemory() {
    return false;
  }

  @Override
  public boolean gathersColumns() {
    return false;
  }

  @Override
  public String where() {
    return raw.where();
  }

  /** Scales a row. One loop per type is several times faster than a choice within the loop. */
  private void scale(int row, float[] out, int to) {
    ByteBuffer bytes = array.bytes(row);
    int at = array.offset(row);
    int features = features();
    if (array.type() == ElementType.FLOAT32) {
      for (int j = 0; j < features; j++) {
        out[to + j] = scaling.scale(bytes.getFloat(at + Float.BYTES * j), j);
      }
    } else if (array.type() == ElementType.FLOAT64) {
      for (int j = 0; j < features; j++) {
        out[to + j] = scaling.scale(bytes.getDouble(at + Double.BYTES * j), j);
      }
    } else if (ofBytes == null) {
      for (int j = 0; j < features; j++) {
        out[to + j] = scaling.scale(bytes.get(at + j) & 0xff, j);
      }
    } else {
      for (int j = 0; j < features; j++) {
        out[to + j] = ofBytes[bytes.get(at + j) & 0xff];
      }
    }
  }

  private static UncheckedIOException wrong(FormatException e) {
    return new UncheckedIOException(e.getMessage(), e);
  }
}
