package dev.lanewise.data;

import dev.lanewise.format.FormatException;
import dev.lanewise.nn.Scaling;

/** The rows of an array. */
final class ArrayStream extends RowStream {
  private final RawRows rows;
  private final Scaling scaling;
  private final RowSource mapped; // or null
  private int next;

  ArrayStream(RawRows rows, LoadOptions options) throws FormatException {
    options.requireInputs(rows);
    this.rows = rows;
    scaling = Preprocessor.choose(options.scale, rows, null, rows.rows());
    mapped = rows.mapped(scaling);
  }

  @Override
  public Scaling scaling() {
    return scaling;
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
    next += count;
    return count;
  }
}
