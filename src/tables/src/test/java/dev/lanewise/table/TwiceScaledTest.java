package dev.lanewise.table;

import static dev.lanewise.table.Options.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.DataFiles;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npy;
import dev.lanewise.format.Npz;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A note warns users who divide pixels by 255 for a model that does so itself. */
class TwiceScaledTest {
  private static final String SAID =
      Options.remedies(
          ": all inputs are between -1 and 1 before scaling 255 divides them by 255: if they were scaled before, give the unscaled values, or train with {SCALE none}");

  private static final int[] SHAPE = {3, 2};

  @TempDir Path directory;

  private static Mlp model(Scaling scaling) {
    return Mlp.initial(Architecture.relu(2, List.of(), 2), Initializer.HE, 1).withScaling(scaling);
  }

  private Path npz(double... inputs) throws IOException {
    NdArray target = NdArray.of(new int[] {0, 1, 0}, 3);
    return DataFiles.npz(directory, "inputs target", NdArray.of(inputs, SHAPE), target);
  }

  /** Checks the note for rows of a data set and for predictions from an array and from text. */
  private void says(boolean expected, Scaling scaling, double... inputs) throws IOException {
    Model model = Model.of(model(scaling));
    Path npz = npz(inputs);
    List<String> said = expected ? List.of(npz + ": inputs" + SAID) : List.of();
    assertEquals(said, Datasets.load(npz, model).notes());
    Path npy = directory.resolve("rows.npy");
    try (OutputStream out = Files.newOutputStream(npy)) {
      Npy.write(out, NdArray.of(inputs, SHAPE));
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < inputs.length; i += 2) {
      text.append(inputs[i]).append(',').append(inputs[i + 1]).append('\n');
    }
    for (Path file : List.of(npy, Files.writeString(directory.resolve("rows.csv"), text))) {
      for (int most : new int[] {2, 10}) {
        try (RowStream rows = RowStream.open(file, model, false)) {
          float[] some = new float[most];
          assertEquals(List.of(), rows.notes(), "before a row is read");
          while (rows.next(some) > 0) {}
          assertEquals(expected ? List.of(file + SAID) : List.of(), rows.notes());
        }
      }
    }
  }

  @Test
  void rowsBetweenMinusOneAndOne() throws IOException {
    Scaling bytes = Scaling.divide(255);
    says(true, bytes, 0, 0, 0, 0, 0, 0.5);
    says(true, bytes, 0.25, 1, 0, 0, 0.125, 0.5);
    says(true, bytes, -1, 0, 0, 0, 0, 0);
    says(false, bytes, 0, 0, 0, 0, 0, 1.001);
    says(false, bytes, -1.001, 0, 0, 0, 0.5, 1);
    says(false, bytes, 0, 255, 0.5, 0, 0.5, 1);
    says(false, bytes, 1, 255, 0, 0, 0, 0);
    says(false, bytes, 0, 1, 255, 0, 0, 0);
    says(false, bytes, 0, 0, 0, 0, 0, 0);
    for (Scaling other : List.of(Scaling.none(), Scaling.divide(2), Scaling.divide(1))) {
      says(false, other, 0.25, 1, 0, 0, 0.125, 0.5);
    }
  }

  /** A table is checked like arrays, in memory and in a file if it is too large for memory. */
  @Test
  void tables() throws IOException {
    String text = table("a,b,y", 40, i -> List.of(i % 5 / 4.0, i % 3 / 2.0, i % 2));
    Path file = Files.writeString(directory.resolve("table.csv"), text);
    ScaleOptions options = ScaleOptions.defaults().withScale(ScaleChoice.named("255"));
    for (String memory : new String[] {"1000000", "0", "0"}) { // in memory, written, kept
      System.setProperty("lanewise.memory", memory);
      try {
        assertTrue(Datasets.load(file, options).notes().contains(file + SAID), memory);
      } finally {
        System.clearProperty("lanewise.memory");
      }
    }
  }

  @Test
  void rowsForTestThatAreNotAsThoseOfTheTraining() throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    for (String split : List.of("train", "valid", "test")) {
      double most = split.equals("test") ? 1 : 255;
      arrays.put("inputs_" + split, NdArray.of(new double[] {0, most, most, 0, 0, 0}, SHAPE));
      arrays.put("target_" + split, NdArray.of(new int[] {0, 1, 0}, 3));
    }
    Path file = directory.resolve("splits.npz");
    Npz.write(file, arrays);
    assertEquals(List.of(file + ": inputs_test" + SAID), Datasets.load(file).notes());
  }
}
