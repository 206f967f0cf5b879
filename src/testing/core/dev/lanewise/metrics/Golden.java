package dev.lanewise.metrics;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/** Reads stored results of scikit-learn and the arrays from which they were computed. */
public final class Golden {
  private Golden() {}

  public static List<String> names(Npz npz, String suffix) {
    return npz.names().stream()
        .filter(name -> name.endsWith(suffix))
        .map(name -> name.substring(0, name.indexOf('/')))
        .toList();
  }

  /** Returns the names of the cases in a file, which have an array with the suffix. */
  public static List<String> names(String file, String suffix)
      throws IOException, URISyntaxException {
    try (Npz npz = golden(file)) {
      return names(npz, suffix);
    }
  }

  public static Npz golden(String file) throws IOException, URISyntaxException {
    return Npz.open(Path.of(Golden.class.getResource(file).toURI()));
  }

  public static float[][] rows(NdArray array) {
    float[][] rows = new float[array.dimension(0)][array.dimension(1)];
    for (int i = 0; i < array.length(); i++) {
      rows[i / rows[0].length][i % rows[0].length] = (float) array.doubleAt(i);
    }
    return rows;
  }

  public static float[] weights(Npz npz, String name) throws IOException {
    return npz.contains(name + "/weights") ? npz.read(name + "/weights").toFloats() : new float[0];
  }

  public static int[] ints(NdArray array) {
    int[] values = new int[array.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.toIntExact(array.longAt(i));
    }
    return values;
  }

  /** Checks floats against the results of another program, relative to the largest of these. */
  public static void assertNear(double[] expected, float[] actual) {
    double worst = 0;
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      worst = Math.max(worst, Math.abs(expected[i] - actual[i]));
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    assertTrue(worst <= 2e-6 * largest, "differs by " + worst + " of " + largest);
  }
}
