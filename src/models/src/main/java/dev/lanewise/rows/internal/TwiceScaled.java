package dev.lanewise.rows.internal;

import dev.lanewise.data.internal.RawRows;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.nn.Scaling;

/**
 * Detects rows whose inputs are all between -1 and 1 although the model divides them by 255. Such
 * rows have probably been scaled before, so the model sees almost zero.
 */
public final class TwiceScaled {
  private final Scaling scaling;
  private final float small; // a raw 1 after scaling; -1 if the model does not divide by 255
  private float largest; // largest input so far; the search ends above small

  /**
   * Starts with no rows.
   *
   * @param scaling the scaling of the model
   */
  public TwiceScaled(Scaling scaling) {
    this.scaling = scaling;
    boolean isBytes = scaling.equals(Scaling.divide(255));
    small = isBytes ? scaling.scale(1, 0) : -1;
  }

  /**
   * Looks at scaled inputs.
   *
   * @param inputs scaled
   * @param count how many of them
   * @return true if the next inputs can still change the result
   */
  public boolean look(float[] inputs, int count) {
    for (int i = 0; i < count && largest <= small; i++) {
      largest = Math.max(largest, Math.abs(inputs[i]));
    }
    return largest <= small;
  }

  /** Looks at unscaled rows; this avoids scaling all rows of a large table. */
  public TwiceScaled look(RawRows rows) {
    double[] row = new double[rows.features()];
    float[] inputs = new float[row.length];
    for (int i = 0; look(inputs, row.length) && i < rows.rows(); i++) {
      rows.copyRow(i, row);
      for (int j = 0; j < row.length; j++) {
        inputs[j] = scaling.scale(row[j], j);
      }
    }
    return this;
  }

  /**
   * {@return true if a value other than 0 was seen and none above 1, so the rows seem to be scaled}
   */
  public boolean isLikely() {
    return largest > 0 && largest <= small;
  }

  /**
   * Returns the note about such rows.
   *
   * @param where the name of the rows
   * @return a sentence
   */
  public static Message note(String where) {
    return Message.of(
        "%s: all inputs are between -1 and 1 before scaling 255 divides them by 255: if they were"
            + " scaled before, give the unscaled values, or train with %s",
        Message.of(where), Remedy.SCALE.with("none"));
  }
}
