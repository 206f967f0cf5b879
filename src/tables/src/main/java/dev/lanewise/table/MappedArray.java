package dev.lanewise.table;

import dev.lanewise.data.internal.Labels;
import dev.lanewise.data.internal.RawRows;
import dev.lanewise.data.internal.RowSource;
import dev.lanewise.format.ElementType;
import dev.lanewise.format.NdArray;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import dev.lanewise.source.MappedNpy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The rows of a mapped .npy file. */
final class MappedArray implements RawRows {
  private final MappedNpy array;
  private final String where;
  private Labels labels; // null without targets

  public MappedArray(MappedNpy array, String where, NdArray targets, String targetsWhere, Loss loss)
      throws IOException {
    this(array, where);
    labels = Labels.of(targets, array.rows(), targetsWhere, loss);
  }

  /** Makes rows without targets. */
  public MappedArray(MappedNpy array, String where) {
    this.array = array;
    this.where = where;
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
  public Labels labels() {
    return labels;
  }

  /** Returns the shape of a row, or an empty array if it is flat. */
  public int[] inputShape() {
    int[] shape = array.shape();
    return shape.length == 2 ? new int[0] : Arrays.copyOfRange(shape, 1, shape.length);
  }

  @Override
  public void copyRow(int row, double[] out) {
    ByteBuffer bytes = array.bytes(row);
    int at = array.offset(row);
    // One loop per type is several times faster than a choice within the loop.
    if (array.type() == ElementType.UINT8) {
      for (int j = 0; j < out.length; j++) {
        out[j] = bytes.get(at + j) & 0xff;
      }
    } else if (array.type() == ElementType.FLOAT32) {
      for (int j = 0; j < out.length; j++) {
        out[j] = bytes.getFloat(at + Float.BYTES * j);
      }
    } else {
      for (int j = 0; j < out.length; j++) {
        out[j] = bytes.getDouble(at + Double.BYTES * j);
      }
    }
  }

  @Override
  public boolean storesBytes() {
    return array.type() == ElementType.UINT8;
  }

  @Override
  public RowSource mapped(Scaling scaling) {
    return new MappedRows(array, this, scaling);
  }

  @Override
  public String where() {
    return where;
  }
}
