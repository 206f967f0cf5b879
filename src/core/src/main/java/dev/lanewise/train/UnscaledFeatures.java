package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Warns of unscaled features from which a network learns badly or not at all, because no single
 * learning rate suits both inputs near 0.01 and inputs near 10,000.
 *
 * <p>The warning is given if rows in memory are unscaled and a magnitude exceeds {@value #LARGE},
 * or the range (maximum minus minimum) of a feature is more than {@value #LARGE} times that of
 * another feature that is not constant. Ranges do not depend on how rare the ones of a 0-1 feature
 * are, as standard deviations do. Whole numbers from 0 to 255 with one above 127 are taken for
 * pixels.
 *
 * <p>At most {@value #ROWS} evenly spaced rows and about {@value #NUMBERS} numbers are read.
 */
final class UnscaledFeatures {
  private static final int ROWS = 10_000;
  private static final int NUMBERS = 1_000_000;
  private static final int FEWEST_ROWS = 10;
  private static final float LARGE = 100;
  private static final float BYTE = 255;
  private static final float HALF = 127;

  private final float[] minimum; // [features]
  private final float[] maximum; // [features]
  private boolean whole = true;

  private UnscaledFeatures(Rows rows) {
    int features = rows.features();
    minimum = new float[features];
    maximum = new float[features];
    Arrays.fill(minimum, Float.POSITIVE_INFINITY);
    Arrays.fill(maximum, Float.NEGATIVE_INFINITY);
    int most = Math.max(FEWEST_ROWS, Math.min(ROWS, NUMBERS / features));
    int count = Math.min(rows.rows(), most);
    float[] row = new float[features];
    for (int i = 0; i < count; i++) {
      rows.copyRows(null, (int) ((long) rows.rows() * i / count), 1, row, 0);
      for (int j = 0; j < features; j++) {
        minimum[j] = Math.min(minimum[j], row[j]);
        maximum[j] = Math.max(maximum[j], row[j]);
        whole &= row[j] == (int) row[j];
      }
    }
  }

  /** Returns the problem and its remedy in one line; empty if there is no problem. */
  static Optional<Message> warning(Dataset data) {
    Rows rows = data.train();
    return data.scaling().isNone() && rows.isInMemory()
        ? new UnscaledFeatures(rows).warning(data.featureNames())
        : Optional.empty();
  }

  private Optional<Message> warning(List<String> names) {
    int widest = 0;
    int narrowest = -1;
    int largest = 0;
    float least = Float.POSITIVE_INFINITY;
    for (int j = 0; j < minimum.length; j++) {
      widest = range(j) > range(widest) ? j : widest;
      if (range(j) > 0 && (narrowest < 0 || range(j) < range(narrowest))) {
        narrowest = j;
      }
      largest = magnitude(j) > magnitude(largest) ? j : largest;
      least = Math.min(least, minimum[j]);
    }
    String problem;
    if (whole && least >= 0 && maximum[largest] <= BYTE && maximum[largest] > HALF) {
      return Optional.of(
          Message.of(
              "features are unscaled whole numbers from 0 to 255, and learned better from 0 to 1: %s",
              Remedy.SCALE.with("255")));
    } else if (narrowest >= 0 && range(widest) > LARGE * range(narrowest)) {
      problem =
          "of mixed scale: %s goes from %s to %s, %s from %s to %s"
              .formatted(
                  feature(narrowest, names),
                  minimum[narrowest],
                  maximum[narrowest],
                  feature(widest, names),
                  minimum[widest],
                  maximum[widest]);
    } else if (magnitude(largest) > LARGE) {
      problem =
          "large: %s goes from %s to %s"
              .formatted(feature(largest, names), minimum[largest], maximum[largest]);
    } else {
      return Optional.empty();
    }
    return Optional.of(
        Message.of(
            "features are unscaled and %s; they are learned better with %s",
            Message.of(problem), Remedy.SCALE.with("standard")));
  }

  private float range(int feature) {
    return maximum[feature] - minimum[feature];
  }

  private float magnitude(int feature) {
    return Math.max(Math.abs(minimum[feature]), Math.abs(maximum[feature]));
  }

  private static String feature(int feature, List<String> names) {
    return "feature " + feature + (names.isEmpty() ? "" : " (" + names.get(feature) + ")");
  }
}
