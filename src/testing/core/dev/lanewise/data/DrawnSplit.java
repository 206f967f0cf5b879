package dev.lanewise.data;

import dev.lanewise.data.internal.ByteRows;
import dev.lanewise.data.internal.Labels;
import dev.lanewise.data.internal.RowRange;
import dev.lanewise.nn.Scaling;
import java.util.Random;

/** Rows that tests draw. */
final class DrawnSplit {
  private DrawnSplit() {}

  /** Returns rows whose two features encode the number of the row, as their weights do. */
  static Rows of(int count, int classes, boolean bytes, Random random) {
    int[] labels = new int[count];
    float[][] rows = new float[count][2];
    byte[] raw = new byte[2 * count];
    float[] weights = new float[count];
    for (int i = 0; i < count; i++) {
      // Some classes are rare, and some of those in between are absent.
      labels[i] = random.nextInt(1 + random.nextInt(classes));
      rows[i][0] = i / 200;
      rows[i][1] = i % 200;
      raw[2 * i] = (byte) rows[i][0];
      raw[2 * i + 1] = (byte) rows[i][1];
      weights[i] = i + 0.5f;
    }
    Rows split =
        bytes
            ? RowRange.split(
                new ByteRows(raw, 2, Scaling.none(), false),
                new Labels(labels, 0, "data"),
                Scaling.none())
            : Rows.of(rows, labels);
    return split.withRowWeights(weights);
  }

  static int number(Rows split, int row) {
    float[] features = new float[2];
    split.copyRows(null, row, 1, features, 0);
    return (int) (features[0] * 200 + features[1]);
  }
}
