package dev.lanewise.data.internal;

import dev.lanewise.format.Message;
import dev.lanewise.format.Remedy;
import dev.lanewise.nn.Scaling;

/**
 * Notices rows that a model divides by 255 although all their inputs are between -1 and 1: they
 * have been divided before, it seems, and are all but zero for the model.
 */
public final class TwiceScaled {
  private final Scaling scaling;
  private final float small; // what 1 is for the model; negative where it does not divide by 255
  private float largest; // of the inputs so far, up to the first that was not scaled before

  /**
   * Has seen no row.
   *
   * @param scaling of the model
   */
  public TwiceScaled(Scaling scaling) {
    this.scaling = scaling;
    boolean isBytes = scaling.equals(Scaling.divide(Preprocessor.BYTE));
    small = isBytes ? scaling.scale(1, 0) : -1;
  }

  /**
   * Looks at inputs as the model has them.
   *
   * @param inputs scaled
   * @param count how many of them
   * @return whether more are needed to tell
   */
  public boolean look(float[] inputs, int count) {
    for (int i = 0; i < count && largest <= small; i++) {
      largest = Math.max(largest, Math.abs(inputs[i]));
    }
    return largest <= small;
  }

  /** Looks at rows before they are scaled; those of a large table are not to be had scaled yet. */
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
   * Whether the rows seem to have been scaled before.
   *
   * @return whether something but zero was seen, and nothing above 1
   */
  public boolean isLikely() {
    return largest > 0 && largest <= small;
  }

  /**
   * What is to be said then.
   *
   * @param where what the rows are called
   * @return a sentence
   */
  public static Message note(String where) {
    return Message.of(
        "%s: all inputs are between -1 and 1 before scaling 255 divides them by 255: if they were"
            + " scaled before, give the unscaled values, or train with %s",
        Message.of(where), Remedy.SCALE.with("none"));
  }
}
