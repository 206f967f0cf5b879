package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.model.Model;
import dev.lanewise.model.TablePredictor;
import dev.lanewise.terminal.PythonFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests commands on a table whose targets and times are far from 0 and close to each other. */
class OffsetTargetsCommandTest {
  private static final int ROWS = 200;

  @TempDir Path directory;
  private final double[] targets = new double[ROWS];
  private final double[][] features = new double[ROWS][2];
  private String table;
  private String run;

  @BeforeEach
  void write() throws IOException {
    Random random = new Random(3);
    StringBuilder text = new StringBuilder("time,b,y\n");
    for (int i = 0; i < ROWS; i++) {
      features[i][0] = 1.7e9 + random.nextInt(600);
      features[i][1] = random.nextGaussian();
      double signal = (features[i][0] - 1.7e9 - 300) / 173 + features[i][1];
      targets[i] = 5412345 + 0.3 * (signal + 0.1 * random.nextGaussian());
      text.append(features[i][0]).append(',').append(features[i][1]).append(',');
      text.append(targets[i]).append('\n');
    }
    table = Files.writeString(directory.resolve("t.csv"), text).toString();
    run = directory.resolve("run").toString();
  }

  private Run train(String... more) {
    return Run.line("train --data", table, "--out", run, "--epochs 20", more);
  }

  private List<double[]> csv(String... words) {
    List<double[]> rows = new ArrayList<>();
    for (String line : Run.of(words).lines()) {
      String[] cells = line.split(",");
      if (!cells[0].equals("index")) {
        rows.add(new double[] {Double.parseDouble(cells[1]), Double.parseDouble(cells[2])});
      }
    }
    return rows;
  }

  /**
   * All kinds of output give the same numbers, and the terminal shows their errors in the data's
   * units.
   */
  @Test
  void everyWayOutHasTheSameDoubles() throws IOException {
    Run trained = train("--hidden", "32", "--eta", "0.01").ok();
    List<double[]> test = csv("predict", "--model", run, "--data", table, "--split", "test");
    double squares = 0;
    double magnitudes = 0;
    double mean = 0;
    for (double[] row : test) {
      squares += Math.pow(row[1] - row[0], 2) / test.size();
      magnitudes += Math.abs(row[1] - row[0]) / test.size();
      mean += (row[0] - 5412345) / test.size();
    }
    double variance = 0;
    for (double[] row : test) {
      variance += Math.pow(row[0] - 5412345 - mean, 2) / test.size();
    }
    double r2 = 1 - squares / variance;
    assertTrue(r2 > 0.3 && r2 < 0.9999, "R2 " + r2);
    for (String line :
        List.of(
            "RMSE: Train 0\\.\\d+ Validation - Test " + PythonFormat.fixed5(Math.sqrt(squares)),
            "MAE: Train 0\\.\\d+ Validation - Test " + PythonFormat.fixed5(magnitudes),
            "R2: Train 0\\.\\d+ Validation 0\\.\\d+ Test " + PythonFormat.fixed5(r2))) {
      assertTrue(trained.out().matches("(?s).*\n" + line + "\n.*"), line + trained.out());
    }

    List<double[]> all = csv("predict", "--model", run, "--data", table);
    Path npz = directory.resolve("out.npz");
    Run.line("predict --model", run, "--data", table, "--out", npz);
    List<String> json = Run.line("predict --model", run, "--data", table, "--json").lines();
    Model model = Model.load(Path.of(run, "nn_model.npz"));
    TablePredictor predictor = model.tablePredictor();
    StringBuilder body = new StringBuilder();
    try (Npz arrays = Npz.open(npz)) {
      NdArray outputs = arrays.read("outputs");
      NdArray truth = arrays.read("true");
      for (int i = 0; i < ROWS; i++) {
        assertEquals(targets[i], all.get(i)[0]);
        assertEquals(targets[i], truth.doubleAt(i));
        double expected = all.get(i)[1];
        assertEquals(expected, outputs.doubleAt(i), "npz");
        Object found = JsonReader.object(json.get(i)).get("outputs");
        assertEquals(List.of(expected), found, "JSON");
        Map<String, Double> row = Map.of("time", features[i][0], "b", features[i][1]);
        assertEquals(expected, predictor.predict(row).value(0, 0), "by name");
        body.append(i == 0 ? "[" : ",");
        body.append("[%s,%s]".formatted(features[i][0], features[i][1]));
      }
    }
    assertTrue(all.stream().mapToDouble(row -> row[1]).distinct().count() > ROWS / 2);
    try (Served served = new Served(model);
        RawHttp http = served.connect()) {
      List<?> rows = (List<?>) http.post(body.append(']').toString()).json().get("predictions");
      for (int i = 0; i < ROWS; i++) {
        Object expected = Map.of("y", all.get(i)[1]);
        assertEquals(expected, ((Map<?, ?>) rows.get(i)).get("outputs"), "served");
      }
    }

    Map<String, Object> evaluation =
        JsonReader.object(
            Run.line("evaluate --model", run, "--data", table, "--split=test --json")
                .lines()
                .get(0));
    assertEquals(Math.sqrt(squares), (double) evaluation.get("rmse"), 1e-9);
    assertEquals(r2, (double) evaluation.get("r2"), 1e-9);
    String record = Files.readString(Path.of(run, "run.json"));
    assertTrue(record.contains("\"rmse\":") && record.contains("\"mae\":"), record);
    String report = Files.readString(Path.of(run, "report.html"));
    assertTrue(report.matches("(?s).*>541234[3-6]\\.\\d{2,}<.*"), "digits that differ by row");
  }

  @Test
  void whatFloatsDoNotResolveIsRefusedUnscaled() {
    Run refused = train("--scale-targets", "none");
    assertEquals(1, refused.code());
    assertTrue(
        refused.errors().matches("(?s)lanewise: \\S+t.csv: targets from 5412\\d+\\..*--scale.*"),
        refused.errors());
  }
}
