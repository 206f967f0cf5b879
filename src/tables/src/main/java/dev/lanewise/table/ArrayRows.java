package dev.lanewise.table;

import dev.lanewise.data.internal.Labels;
import dev.lanewise.data.internal.RawRows;
import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.nn.Loss;
import java.util.Arrays;

/** The flattened rows of an array of shape N x D, N x h x w and so on. */
final class ArrayRows implements RawRows {
  private final NdArray array;
  private final String where;
  private final int features;
  private Labels labels; // null without targets

  public ArrayRows(NdArray array, String where, NdArray targets, String targetsWhere, Loss loss)
      throws FormatException {
    this(array, where);
    labels = Labels.of(targets, rows(), targetsWhere, loss);
  }

  /** Makes rows without targets. */
  public ArrayRows(NdArray array, String where) throws FormatException {
    Labels.check(array, array.type() != ElementType.UNICODE, "numbers", where);
    Labels.check(array, array.rank() >= 2, "N x D or N x h x w", where);
    Labels.check(array, array.length() > 0, "at least one row of one feature", where);
    this.array = array;
    this.where = where;
    this.features = array.length() / array.dimension(0);
  }

  @Override
  public int rows() {
    return array.dimension(0);
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
    return array.rank() == 2 ? new int[0] : Arrays.copyOfRange(array.shape(), 1, array.rank());
  }

  @Override
  public void copyRow(int row, double[] out) {
    array.copyDoubles(row * features, out, 0, features);
  }

  @Override
  public byte[] bytes() {
    return array.type() == ElementType.UINT8 ? array.toBytes() : null;
  }

  @Override
  public String where() {
    return where;
  }
}
