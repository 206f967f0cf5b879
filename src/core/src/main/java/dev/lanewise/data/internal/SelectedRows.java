package dev.lanewise.data.internal;

import dev.lanewise.nn.Scaling;

/** Some rows of another source, in any order, which are not copied. */
public final class SelectedRows implements RowSource {
  private final RowSource all;
  private final int[] rows; // numbers of the rows in the other source

  public SelectedRows(RowSource all, int[] rows) {
    this.all = all;
    this.rows = rows;
  }

  @Override
  public int rows() {
    return rows.length;
  }

  @Override
  public int features() {
    return all.features();
  }

  @Override
  public void copy(int row, int count, float[] out, int offset) {
    all.gather(0, rows, row, count, 0, features(), out, offset);
  }

  @Override
  public void copyUnscaled(int row, double[] out) {
    all.copyUnscaled(rows[row], out);
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
    return scaled == null ? null : new SelectedRows(scaled, rows);
  }

  @Override
  public RowSource select(int[] some) {
    int[] selected = new int[some.length];
    for (int i = 0; i < some.length; i++) {
      selected[i] = rows[some[i]];
    }
    return new SelectedRows(all, selected);
  }

  @Override
  public boolean isInMemory() {
    return all.isInMemory();
  }

  @Override
  public boolean gathersColumns() {
    return all.gathersColumns();
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
      all.gather(0, rows, place, 1, column, width, out, offset + i * width);
    }
  }
}
