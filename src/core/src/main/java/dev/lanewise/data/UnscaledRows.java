package dev.lanewise.data;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.Labels;
import dev.lanewise.data.internal.RawRows;
import java.util.List;

/** The unscaled rows of a split, for choosing a scaling. */
final class UnscaledRows implements RawRows {
  private final Split split;
  private final List<String> names; // names of the features, or none

  private final boolean[] scaled; // which features are scaled; null: all

  UnscaledRows(Split split, List<String> names, boolean[] scaled) {
    this.split = split;
    this.names = names;
    this.scaled = scaled;
  }

  @Override
  public int rows() {
    return split.rows();
  }

  @Override
  public int features() {
    return split.features();
  }

  @Override
  public Labels labels() {
    throw new UnsupportedOperationException("a scaling of features does not depend on targets");
  }

  @Override
  public void copyRow(int row, double[] out) {
    split.copyUnscaled(row, out);
  }

  @Override
  public boolean storesBytes() {
    return split.source.storesBytes();
  }

  /** Returns true if the features have names, which only tables have. */
  @Override
  public boolean isTable() {
    return !names.isEmpty();
  }

  @Override
  public boolean[] scaledFeatures() {
    return scaled;
  }

  @Override
  public String where() {
    return split.source.where();
  }

  @Override
  public String feature(int feature) {
    return DataErrors.feature(feature, names);
  }
}
