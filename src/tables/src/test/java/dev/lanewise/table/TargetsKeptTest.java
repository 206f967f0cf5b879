package dev.lanewise.table;

import static dev.lanewise.table.Options.table;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npy;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.Loss;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Targets and inputs that no float can hold arrive unchanged from every source and become floats
 * only when they are scaled.
 */
class TargetsKeptTest {
  private static final int ROWS = 60;
  private static final double[][] X = new double[ROWS][2];
  private static final double[] T = new double[ROWS];

  static {
    for (int i = 0; i < ROWS; i++) {
      X[i][0] = 1.7e9 + i * i % 61; // seconds
      X[i][1] = 1e3 + 1e-7 * (i * 17 % 29);
      T[i] = 2e7 + 0.3 * (i * 7 % 31) + 1e-9 * i;
    }
  }

  @TempDir Path directory;

  @AfterEach
  void useUsualMemory() {
    System.clearProperty("lanewise.memory");
  }

  private static ScaleOptions options() {
    return Options.loss(Loss.MSE)
        .withScale(ScaleChoice.standard())
        .withTargetScale(ScaleChoice.standard());
  }

  /** Checks that a data set has the rows of {@link #T}, in any order. */
  private static void check(String way, Dataset data) {
    List<Rows> splits = new ArrayList<>(List.of(data.train()));
    data.validation().ifPresent(splits::add);
    data.test().ifPresent(splits::add);
    Map<Double, Integer> rowOf = new HashMap<>();
    for (int i = 0; i < ROWS; i++) {
      rowOf.put(T[i], i);
    }
    List<Double> found = new ArrayList<>();
    float[] inputs = new float[2];
    float[] scaled = new float[1];
    for (Rows split : splits) {
      for (int row = 0; row < split.rows(); row++) {
        double target = split.target(row, 0);
        found.add(target);
        split.copyTargets(null, row, 1, scaled, 0);
        assertEquals(data.targetScaling().scale(target, 0), scaled[0], way);
        split.copyRows(null, row, 1, inputs, 0);
        for (int j = 0; j < 2; j++) {
          double raw = X[rowOf.get(target)][j];
          assertEquals(data.scaling().scale(raw, j), inputs[j], way + ", input " + j);
        }
      }
    }
    double[] sorted = T.clone();
    Arrays.sort(sorted);
    assertEquals(Arrays.stream(sorted).boxed().toList(), found.stream().sorted().toList(), way);
  }

  private Path csv() throws IOException {
    String text = table("a,b,y", ROWS, i -> List.of(X[i][0], X[i][1], T[i]));
    return Files.writeString(directory.resolve("table.csv"), text);
  }

  private static NdArray inputs() {
    return NdArray.of(Arrays.stream(X).flatMapToDouble(Arrays::stream).toArray(), ROWS, 2);
  }

  @Test
  void ofTables() throws IOException {
    Path csv = csv();
    check("CSV", Datasets.load(csv, options()));
    List<Row> records = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      records.add(new Row(X[i][0], X[i][1], T[i]));
    }
    check("records", Table.of(records).dataset(options(), Options.target("y")));
  }

  record Row(double a, double b, double y) {}

  @Test
  void ofTablesLargerThanMemory() throws IOException {
    Path csv = csv();
    System.setProperty("lanewise.memory", "0");
    check("in a file", Datasets.load(csv, options()));
    check("by an earlier run", Datasets.load(csv, options()));
  }

  @Test
  void ofArrayFiles() throws IOException {
    Path file = directory.resolve("arrays.npz");
    Npz.write(file, Map.of("x", inputs(), "y", NdArray.of(T, ROWS)));
    check("npz", Datasets.load(file, options()));
    Path rows = directory.resolve("x.npy");
    Path targets = directory.resolve("y.npy");
    try (OutputStream out = Files.newOutputStream(rows)) {
      Npy.write(out, inputs());
    }
    try (OutputStream out = Files.newOutputStream(targets)) {
      Npy.write(out, NdArray.of(T, ROWS));
    }
    check("mapped", Datasets.mapped(rows, targets, options()));
    long[] whole = new long[ROWS];
    Arrays.setAll(whole, i -> (1L << 40) + i);
    Npz.write(file, Map.of("x", inputs(), "y", NdArray.of(whole, ROWS)));
    Dataset longs = Datasets.load(file, options());
    assertEquals((1L << 40) + 7, longs.train().target(7, 0));
  }

  @Test
  void ofArrays() {
    double[][] columns = Arrays.stream(T).mapToObj(t -> new double[] {t}).toArray(double[][]::new);
    for (Rows split : List.of(Rows.of(X, T), Rows.of(X, columns))) {
      Dataset data = Dataset.of(split);
      check("arrays", scaled(data));
      check("divided", scaled(data.withValidation(0.2, false)));
      check("shuffled", scaled(Dataset.of(split.shuffled(3))));
      check("joined", scaled(Dataset.of(data.withValidation(0.3, false).all().orElseThrow())));
    }
  }

  private static Dataset scaled(Dataset data) {
    return data.withScaling(ScaleChoice.standard()).withTargetScaling(ScaleChoice.standard());
  }
}
