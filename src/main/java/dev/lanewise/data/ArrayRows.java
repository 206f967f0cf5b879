package dev.lanewise.data;

import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import java.util.Arrays;

/** The rows of an array N x D, or N x h x w and so on, flattened. */
final class ArrayRows implements RawRows {
  private final NdArray array;
  private final String where;
  private final int features;

  ArrayRows(NdArray array, String where) throws FormatException {
    if (array.type() == ElementType.UNICODE) {
      throw new FormatException(where, array + ", expected numbers");
    }
    if (array.rank() < 2) {
      throw new FormatException(where, array + ", expected N x D or N x h x w");
    }
    if (array.length() == 0) {
      throw new FormatException(where, array + ", expected at least one row of one feature");
    }
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

  /** The shape of a row, empty if it is flat. */
  int[] inputShape() {
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
  public boolean isTable() {
    return false;
  }

  @Override
  public String where() {
    return where;
  }

  @Override
  public String place(int row, int feature) {
    return "row " + row + ", feature " + feature;
  }
}
