package dev.lanewise.table.internal;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.Labels;
import dev.lanewise.data.internal.RawRows;
import dev.lanewise.data.internal.RowSource;
import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import dev.lanewise.source.MappedNpy;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The flattened rows of an array of shape N x D, N x h x w and so on, which is in memory or stays
 * in its .npy file.
 */
public abstract sealed class ArrayRows implements RawRows {
  private final int[] shape;
  private final int features;
  private final String where;
  private Labels labels; // null without targets

  private ArrayRows(int[] shape, int features, String where) {
    this.shape = shape;
    this.features = features;
    this.where = where;
  }

  /** Makes rows in memory, without targets. */
  public static ArrayRows of(NdArray array, String where) throws FormatException {
    Labels.check(array, array.type() != ElementType.UNICODE, "numbers", where);
    Labels.check(array, array.rank() >= 2, "N x D or N x h x w", where);
    Labels.check(array, array.length() > 0, "at least one row of one feature", where);
    return new InMemory(array, where);
  }

  /** Makes rows that stay in their file, without targets. */
  public static ArrayRows of(MappedNpy array, String where) {
    return new InFile(array, where, Scaling.none());
  }

  /** Gives these rows their targets. */
  public ArrayRows with(NdArray targets, String targetsWhere, Loss loss) throws FormatException {
    labels = Labels.of(targets, rows(), targetsWhere, loss);
    return this;
  }

  @Override
  public int rows() {
    return shape[0];
  }

  @Override
  public int features() {
    return features;
  }

  @Override
  public Labels labels() {
    return labels;
  }

  /** Returns the shape of a row, or an empty array if it is flat. */
  public int[] inputShape() {
    return shape.length == 2 ? new int[0] : Arrays.copyOfRange(shape, 1, shape.length);
  }

  @Override
  public String where() {
    return where;
  }

  /** The rows of an array in memory. */
  private static final class InMemory extends ArrayRows {
    private final NdArray array;

    InMemory(NdArray array, String where) {
      super(array.shape(), array.length() / array.dimension(0), where);
      this.array = array;
    }

    @Override
    public void copyRow(int row, double[] out) {
      array.copyDoubles(row * features(), out, 0, features());
    }

    @Override
    public byte[] bytes() {
      return array.type() == ElementType.UINT8 ? array.toBytes() : null;
    }
  }

  /**
   * The rows of a mapped .npy file, which stay there. Each copy is checked and scaled by the same
   * operations as rows in memory, so the floats are the same.
   */
  private static final class InFile extends ArrayRows implements RowSource {
    private final MappedNpy array;
    private final Scaling scaling;
    private final ThreadLocal<double[]> rows = // unscaled, so that copies allocate nothing
        ThreadLocal.withInitial(() -> new double[features()]);
    private final float[] ofBytes; // [256], scaled bytes; null if it does not apply to all features

    InFile(MappedNpy array, String where, Scaling scaling) {
      super(array.shape(), array.rowLength(), where);
      this.array = array;
      this.scaling = scaling;
      ofBytes = storesBytes() && scaling.features().isEmpty() ? new float[256] : null;
      for (int b = 0; ofBytes != null && b < ofBytes.length; b++) {
        ofBytes[b] = scaling.scale(b, 0);
      }
    }

    @Override
    public void copyRow(int row, double[] out) {
      copy(row, 0, out.length, out);
    }

    private void copy(int row, int column, int width, double[] out) {
      ByteBuffer bytes = array.bytes(row);
      int at = array.offset(row) + column * array.type().bytes();
      // One loop per type is several times faster than a choice within the loop.
      if (array.type() == ElementType.UINT8) {
        for (int j = 0; j < width; j++) {
          out[j] = bytes.get(at + j) & 0xff;
        }
      } else if (array.type() == ElementType.FLOAT32) {
        for (int j = 0; j < width; j++) {
          out[j] = bytes.getFloat(at + Float.BYTES * j);
        }
      } else {
        for (int j = 0; j < width; j++) {
          out[j] = bytes.getDouble(at + Double.BYTES * j);
        }
      }
    }

    @Override
    public boolean storesBytes() {
      return array.type() == ElementType.UINT8;
    }

    @Override
    public RowSource under(Scaling other) {
      return new InFile(array, where(), other);
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
    public void gather(
        int first,
        int[] order,
        int from,
        int count,
        int column,
        int width,
        float[] out,
        int offset) {
      double[] raw = rows.get();
      for (int i = 0; i < count; i++) {
        int row = RowSource.row(first, order, from + i);
        int to = offset + i * width;
        try {
          scale(row, column, width, raw, out, to);
        } catch (InternalError e) { // the file was truncated
          String found = "rows from " + row + " on cannot be read";
          String problem = found + ", expected a file that does not change meanwhile";
          throw wrong(new FormatException(where(), problem, e));
        }
        for (int j = 0; j < width; j++) {
          if (!Float.isFinite(out[to + j])) {
            copyRow(row, raw);
            throw wrong(notFinite(row, column + j, raw[column + j], scaling));
          }
        }
      }
    }

    private void scale(int row, int column, int width, double[] raw, float[] out, int to) {
      if (ofBytes == null) {
        copy(row, column, width, raw);
        for (int j = 0; j < width; j++) {
          out[to + j] = scaling.scale(raw[j], column + j);
        }
        return;
      }
      ByteBuffer bytes = array.bytes(row);
      int at = array.offset(row) + column;
      for (int j = 0; j < width; j++) {
        out[to + j] = ofBytes[bytes.get(at + j) & 0xff];
      }
    }

    private static UncheckedIOException wrong(FormatException e) {
      return new UncheckedIOException(e.getMessage(), e);
    }
  }
}
