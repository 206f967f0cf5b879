package dev.lanewise.data.internal;

import java.util.List;

/**
 * The unscaled rows of a split, for choosing a scaling.
 *
 * @param split the rows
 * @param names names of the features, or none
 * @param scaledFeatures which features are scaled; null: all
 */
public record UnscaledRows(RowRange split, List<String> names, boolean[] scaledFeatures)
    implements RawRows {
  @Override
  public int rows() {
    return split.count();
  }

  @Override
  public int features() {
    return split.source().features();
  }

  @Override
  public Labels labels() {
    throw new UnsupportedOperationException("a scaling of features does not depend on targets");
  }

  @Override
  public void copyRow(int row, double[] out) {
    split.source().copyRow(split.first() + row, out);
  }

  @Override
  public boolean storesBytes() {
    return split.source().storesBytes();
  }

  /** Returns true if the features have names, which only tables have. */
  @Override
  public boolean isTable() {
    return !names.isEmpty();
  }

  @Override
  public String where() {
    return split.source().where();
  }

  @Override
  public String feature(int feature) {
    return DataErrors.feature(feature, names);
  }
}
