package dev.lanewise.data;

import dev.lanewise.data.internal.ByteRows;
import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.FloatRows;
import dev.lanewise.data.internal.RowSource;
import dev.lanewise.data.internal.Targets;
import java.util.ArrayList;
import java.util.List;

/** Concatenates splits of equal form; rows that are adjacent in one source are not copied. */
final class Concatenation {
  private Concatenation() {}

  static Split of(List<Split> parts) {
    Split one = parts.get(0);
    if (parts.size() == 1) {
      return one;
    }
    long all = parts.stream().mapToLong(Split::rows).sum();
    if (all > Integer.MAX_VALUE) {
      throw DataErrors.wrong("%s rows together, expected less than 2^31", all);
    }
    int rows = 0;
    boolean allBytes = true;
    boolean together = true;
    int[] firsts = new int[parts.size()];
    int[] counts = new int[parts.size()];
    List<Targets> targets = new ArrayList<>();
    for (Split part : parts) {
      together &= part.source == one.source && part.first == one.first + rows;
      allBytes &= part.source instanceof ByteRows;
      firsts[targets.size()] = part.first;
      counts[targets.size()] = part.rows();
      targets.add(part.targets);
      rows += part.rows();
    }
    int first = together ? one.first : 0;
    return new Split(
        together ? one.source : joined(parts, rows, allBytes),
        Targets.concatenation(targets, firsts, counts, first),
        first,
        rows,
        one.scaling(),
        one.targetScaling());
  }

  /** Copies the rows of all parts into one source. */
  private static RowSource joined(List<Split> parts, int rows, boolean allBytes) {
    Split one = parts.get(0);
    int features = one.features();
    int length = DataErrors.length(rows, features);
    byte[] bytes = allBytes ? new byte[length] : null;
    float[] values = allBytes ? null : new float[length];
    boolean anyRounded = false;
    boolean stored = true;
    for (Split part : parts) {
      stored &= part.source.storesBytes();
      anyRounded |= part.source.isRounded();
    }
    double[] exact = anyRounded ? new double[length] : null;
    double[] row = new double[features];
    int at = 0;
    for (Split part : parts) {
      if (allBytes) {
        ((ByteRows) part.source).copy(part.first, part.rows(), bytes, at);
      } else {
        part.source.copy(part.first, part.rows(), values, at);
      }
      for (int r = 0; anyRounded && r < part.rows(); r++) {
        part.source.copyUnscaled(part.first + r, row);
        System.arraycopy(row, 0, exact, at + r * features, features);
      }
      at += part.rows() * features;
    }
    return allBytes
        ? new ByteRows(bytes, features, one.scaling(), stored)
        : new FloatRows(values, features, exact);
  }
}
