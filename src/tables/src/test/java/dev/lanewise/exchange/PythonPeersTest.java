package dev.lanewise.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.OwnJvm;
import dev.lanewise.Stored;
import dev.lanewise.export.OnnxExport;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schemas;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PyTorch and onnx.checker accept files that are written here, if Debian's packages are installed.
 */
class PythonPeersTest {
  private static final int ROWS = 1000;

  @Test
  void pytorchPredictsTheSameAndTheCheckerAccepts(@TempDir Path directory) throws Exception {
    Map<String, NdArray> rows = new LinkedHashMap<>();
    Random random = new Random(1);
    float[] x = new float[5 * ROWS];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (3 * random.nextGaussian());
    }
    rows.put("x", NdArray.of(x, ROWS, 5));
    for (Activation activation : Activation.values()) {
      for (Loss loss : Loss.values()) {
        Architecture layers =
            new Architecture(5, List.of(7, 4), 3, List.of(activation, activation));
        Mlp model = Mlp.initial(layers, Initializer.HE, 4).withLoss(loss);
        String name = activation.label() + "_" + loss.label();
        Model.of(model).save(directory.resolve(name + ".safetensors"));
        Model.of(model).save(directory.resolve(name + ".onnx"));
        float[] results = new float[3 * ROWS];
        model.predictor(ROWS).predict(x, results);
        rows.put(name, NdArray.of(results, ROWS, 3));
        Scaling scaling = Scaling.robust(new double[5], new double[] {1, 0, Double.NaN, 2, 3});
        Model.of(model.withScaling(scaling)).save(directory.resolve(name + "_robust.onnx"));
      }
    }
    Model table =
        Model.of(Mlp.initial(Architecture.relu(5, List.of(3), 2), Initializer.HE, 1))
            .withSchema(
                Schemas.of(
                    new NumberColumn("n", 0, 1, true),
                    new CategoryColumn("c", 1, List.of("a", "b"), true, false)));
    table.save(directory.resolve("table.onnx"));
    new OnnxExport(true, Set.of(OnnxExportTest.WHOLE))
        .save(OnnxExportTest.table(), directory.resolve("named.onnx"));
    Npz.write(directory.resolve("rows.npz"), rows);
    Path script = Stored.file(getClass(), "check_exchange.py");
    String said = OwnJvm.python(script.toString(), directory.toString()).printed();
    int models = Activation.values().length * Loss.values().length;
    assertTrue(said.matches(models + " " + (2 * models + 2) + " \\d.*\\n"), said);
    assertEquals(1, said.lines().count());
  }
}
