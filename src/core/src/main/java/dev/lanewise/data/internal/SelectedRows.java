package dev.lanewise.data.internal;

import dev.lanewise.nn.Scaling;
import java.util.Arrays;

/**
 * Some rows of another source, in any order, which are not copied.
 *
 * @param all the other source
 * @param numbers the numbers of the rows in it
 */
public record SelectedRows(RowSource all, int[] numbers) implements RowSource {
  @Override
  public int rows() {
    return numbers.length;
  }

  @Override
  public int features() {
    return all.features();
  }

  @Override
  public void copy(int row, int count, float[] out, int offset) {
    all.gather(0, numbers, row, count, 0, features(), out, offset);
  }

  @Override
  public void copyRow(int row, double[] out) {
    all.copyRow(numbers[row], out);
  }

  @Override
  public boolean isRounded() {
    return all.isRounded();
  }

  @Override
  public boolean storesBytes() {
    return all.storesBytes();
  }

  @Override
  public RowSource under(Scaling scaling) {
    RowSource scaled = all.under(scaling);
    return scaled == null ? null : new SelectedRows(scaled, numbers);
  }

  @Override
  public RowSource select(int[] some) {
    return new SelectedRows(all, Arrays.stream(some).map(row -> numbers[row]).toArray());
  }

  @Override
  public boolean isInMemory() {
    return all.isInMemory();
  }

  @Override
  public String where() {
    return all.where();
  }

  /** Gathers row by row, because a second order would be allocated in every step. */
  @Override
  public void gather(
      int first, int[] order, int from, int count, int column, int width, float[] out, int offset) {
    for (int i = 0; i < count; i++) {
      int place = RowSource.row(first, order, from + i);
      all.gather(0, numbers, place, 1, column, width, out, offset + i * width);
    }
  }
}
