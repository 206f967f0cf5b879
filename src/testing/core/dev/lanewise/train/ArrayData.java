package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads inputs and labels of the three splits of an .npz file, for tests of the core alone. */
public final class ArrayData {
  private ArrayData() {}

  public static Dataset load(Path file) {
    try (Npz npz = Npz.open(file)) {
      return Dataset.of(split(npz, "train"), split(npz, "valid"), split(npz, "test"))
          .withScaling(ScaleChoice.auto());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Rows split(Npz npz, String name) throws IOException {
    NdArray inputs = npz.read("inputs_" + name);
    NdArray target = npz.read("target_" + name);
    int[] labels = new int[target.length()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (int) target.longAt(i);
    }
    int features = inputs.length() / labels.length;
    float[] all = inputs.toFloats();
    float[][] rows = new float[labels.length][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(all, i * features, (i + 1) * features);
    }
    return Rows.of(rows, labels);
  }
}
