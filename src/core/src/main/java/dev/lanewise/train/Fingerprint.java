package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** Identifies a data set, so that a run is not resumed on other data. */
final class Fingerprint {
  private Fingerprint() {}

  /**
   * Returns the number of training rows and features, a checksum of the scaled rows for training
   * and validation, and one of the test rows, on which reported results depend.
   */
  static String of(Dataset data) {
    CRC32 checksum = new CRC32();
    Rows train = data.train();
    add(train, checksum);
    data.validation().ifPresent(split -> add(split, checksum));
    CRC32 test = new CRC32();
    data.test().ifPresent(split -> add(split, test));
    return "%s rows of %s features, checksum %x, test rows %s"
        .formatted(
            train.rows(),
            train.features(),
            checksum.getValue(),
            data.test().isEmpty() ? "none" : "%x".formatted(test.getValue()));
  }

  private static void add(Rows split, CRC32 checksum) {
    int features = split.features();
    boolean classes = split.outputs() == 0;
    float[] row = new float[features + 1 + (classes ? 0 : split.outputs())];
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * (row.length + 1));
    for (int r = 0; r < split.rows(); r++) {
      split.copyRows(null, r, 1, row, 0);
      row[features] = split.weight(r);
      if (!classes) {
        split.copyTargets(null, r, 1, row, features + 1);
      }
      bytes.asFloatBuffer().put(row);
      bytes.putInt(Float.BYTES * row.length, classes ? split.label(r) : 0);
      checksum.update(bytes.array());
    }
  }
}
