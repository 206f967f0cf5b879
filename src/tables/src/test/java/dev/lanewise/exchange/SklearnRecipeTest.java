package dev.lanewise.exchange;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.OwnJvm;
import dev.lanewise.Stored;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.model.Model;
import dev.lanewise.model.TablePredictor;
import dev.lanewise.nn.Predictions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that lanewise_sklearn.py stores for scikit-learn pipelines, with every option of the
 * scalers. Each file predicts the same as its pipeline or is refused by name. The test reads stored
 * files and, where scikit-learn is installed, also writes new ones.
 */
class SklearnRecipeTest {
  private static final int CASES = 28;

  @Test
  void storedPipelinesPredictTheSame() throws IOException {
    assertEquals(CASES, compare(Stored.file(getClass(), "scalers.npz")));
  }

  @Test
  void pipelinesStoredNowPredictTheSame(@TempDir Path folder) throws Exception {
    Path out = folder.resolve("now.npz");
    Path code = Path.of("src/examples/lanewise_sklearn.py").toAbsolutePath();
    String script = Stored.file(getClass(), "make_scalers.py").toString();
    OwnJvm.python(script, code.toString(), out.toString()).with(0);
    assertEquals(CASES, compare(out));
  }

  /** Compares all models in a file and returns their number. */
  private static int compare(Path file) throws IOException {
    int count = 0;
    try (Npz npz = Npz.open(file)) {
      float[] x = npz.read("x").toFloats();
      for (String name : npz.names()) {
        if (!npz.contains("p " + name)) {
          continue;
        }
        double[] expected = npz.read("p " + name).toDoubles();
        byte[] bytes = npz.read(name).toBytes();
        Model model = Model.load(new ByteArrayInputStream(bytes), "m");
        int outputs = model.outputs();
        float[] found = new float[expected.length];
        if (name.startsWith("table")) {
          String csv = npz.contains("csv " + name) ? "csv " + name : "csv";
          predict(model, npz.read(csv).stringAt(0), found);
        } else {
          model.predictor(100).predict(x, found);
        }
        assertEquals(40 * outputs, expected.length, name);
        for (int i = 0; i < found.length; i++) {
          double size = Math.max(1, Math.abs(expected[i]));
          assertEquals(expected[i], found[i], 1e-5 * size, name + " " + i);
        }
        count++;
      }
      NdArray refused = npz.read("refused");
      for (int i = 0; i < refused.length(); i++) {
        String line = refused.stringAt(i);
        assertTrue(line.matches(".*: \\w+\\(.*\\): (no shift and scale|rare categories).*"), line);
      }
      assertEquals(8, refused.length());
    }
    return count;
  }

  private static void predict(Model model, String csv, float[] found) {
    TablePredictor predictor = model.tablePredictor();
    List<String> lines = csv.lines().toList();
    String[] names = lines.get(0).split(",");
    int outputs = model.outputs();
    for (int row = 1; row < lines.size(); row++) {
      String[] cells = lines.get(row).split(",", -1);
      Map<String, Object> values = new LinkedHashMap<>();
      for (int k = 0; k < names.length; k++) {
        values.put(names[k], cells[k]);
      }
      Predictions results = predictor.predict(values);
      for (int k = 0; k < outputs; k++) {
        found[(row - 1) * outputs + k] = (float) results.value(0, k);
      }
    }
    assertEquals(found.length, (lines.size() - 1) * outputs);
  }

  /** A table is refused if a column is used in two ways or has no kind. */
  @Test
  void columnsThatDoNotFitAreRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("m.npz");
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("coefs_0", NdArray.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2));
    arrays.put("mean_", NdArray.of(new double[] {1, 0, 0}, 3));
    arrays.put("scale_", NdArray.of(new double[] {2, 1, 1}, 3));
    arrays.put("columns_", NdArray.ofStrings(List.of("a", "b", "b"), 3));
    arrays.put("kinds_", NdArray.ofStrings(List.of("number", "category", "category"), 3));
    arrays.put("words_", NdArray.ofStrings(List.of("", "u", "v"), 3));
    refused(file, arrays, "no array target_ of strings");
    arrays.put("target_", NdArray.ofStrings(List.of("y")));
    Npz.write(file, arrays);
    Model model = Model.load(file);
    assertEquals("4-2", model.sizes());
    assertEquals(List.of("a", "b=u", "b=v", "b other"), model.schema().get().inputNames());
    arrays.put("kinds_", NdArray.ofStrings(List.of("number", "category", "number"), 3));
    refused(file, arrays, "column b is number, too, expected only one use of a column");
    arrays.put("kinds_", NdArray.ofStrings(List.of("number", "category"), 2));
    refused(file, arrays, "3 columns_, 2 kinds_ and 3 words_");
  }

  private static void refused(Path file, Map<String, NdArray> arrays, String text)
      throws IOException {
    Npz.write(file, arrays);
    unreadable(() -> Model.load(file), text);
  }
}
