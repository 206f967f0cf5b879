package dev.lanewise.table;

import dev.lanewise.data.internal.Preprocessor;
import dev.lanewise.data.internal.RawRows;
import dev.lanewise.data.internal.RowSource;
import dev.lanewise.format.FormatException;
import dev.lanewise.nn.Scaling;

/** Reads the rows of an array in order. */
final class ArrayStream extends RowStream {
  private final RawRows rows;
  private final Scaling scaling;
  private final RowSource mapped; // null for rows in memory
  private int first; // first row of the last read
  private int next;

  ArrayStream(RawRows rows, ResolvedOptions options) throws FormatException {
    options.requireInputs(rows);
    this.rows = rows;
    scaling = Preprocessor.choose(options.scaling().scale(), rows, null, rows.rows());
    mapped = rows.mapped(scaling);
  }

  @Override
  public double[] numbers(int row) {
    double[] numbers = new double[rows.features()];
    rows.copyRow(first + row, numbers);
    return numbers;
  }

  @Override
  public Scaling scaling() {
    return scaling;
  }

  @Override
  String where() {
    return rows.where();
  }

  @Override
  int width() {
    return rows.features();
  }

  @Override
  int read(float[] inputs) throws FormatException {
    int count = Math.min(inputs.length / rows.features(), rows.rows() - next);
    if (mapped != null) {
      mapped.copy(next, count, inputs, 0);
    } else {
      Preprocessor.scale(rows, null, next, next + count, scaling, inputs, next);
    }
    first = next;
    next += count;
    return count;
  }
}
