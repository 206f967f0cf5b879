package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Model;
import dev.lanewise.model.TablePredictor;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictions;
import dev.lanewise.nn.Predictor;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.table.Table;
import dev.lanewise.train.Optimizer;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainingRun;
import dev.lanewise.train.TrainingStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of the API that README and the notes promise, in as few lines as promised. */
class ApiExamplesTest {
  private static final int ROWS = 200;
  private static final double[][] ROOMS = new double[ROWS][2]; // square metres, share of windows
  private static final String[] USES = new String[ROWS];
  private static final double[] RENTS = new double[ROWS];

  static {
    Random random = new Random(1);
    for (int i = 0; i < ROWS; i++) {
      ROOMS[i][0] = random.nextDouble(5, 60);
      ROOMS[i][1] = random.nextDouble(0, 0.5);
      USES[i] = ROOMS[i][1] < 0.1 ? "store" : ROOMS[i][0] < 20 ? "office" : "hall";
      RENTS[i] = 300 + 25 * ROOMS[i][0] + 400 * ROOMS[i][1];
    }
  }

  /** Trains a model on arrays in memory and predicts the name of a class. */
  @Test
  void classesByName() {
    Dataset data = Dataset.of(Rows.of(ROOMS, USES)).withScaling(ScaleChoice.standard());
    Architecture layers = Architecture.relu(data.features(), List.of(32), data.classes());
    Mlp initial = Mlp.initial(layers, Initializer.HE, 0);
    Trainer trainer =
        Trainer.builder().epochs(200).optimizer(Optimizer.adam()).learningRate(0.01).build();
    Mlp model = trainer.fit(initial, data).model();
    Predictor predictor = model.predictor(1);
    String use = predictor.predict(50, 0.3).className(0);

    assertEquals("hall", use);
    assertEquals("office", predictor.predict(10, 0.4).className(0));
    assertEquals("store", predictor.predict(30, 0.02).className(0));
  }

  /** Writes a file of the same rooms, with the street that each faces, and gaps. */
  private static Path csv(Path directory) throws IOException {
    StringBuilder text = new StringBuilder("area;windows;street;built;use\n");
    for (int i = 0; i < ROWS; i++) {
      text.append(i % 9 == 0 ? "NA" : ROOMS[i][0]).append(';').append(ROOMS[i][1]).append(';');
      text.append(i % 3 == 0 ? "loud" : "quiet").append(";20").append(10 + i % 13);
      text.append("-05-17;").append(USES[i]).append('\n');
    }
    return Files.writeString(directory.resolve("rooms.csv"), text);
  }

  /** Trains a model on a file and predicts a row given by the names of its columns. */
  @Test
  void tablesOfFiles(@TempDir Path directory) throws IOException {
    Path file = csv(directory);

    Dataset data = Datasets.load(file, ReadOptions.defaults().withTarget("use"));
    Architecture layers = Architecture.relu(data.features(), List.of(32), data.classes());
    Mlp initial = Mlp.initial(layers, Initializer.HE, 0).withLoss(data.loss());
    Trainer trainer =
        Trainer.builder().epochs(200).optimizer(Optimizer.adam()).learningRate(0.01).build();
    Mlp model = trainer.fit(initial, data).model();
    model.save(directory.resolve("rooms.npz"));
    TablePredictor room = Model.load(directory.resolve("rooms.npz")).tablePredictor();
    room.set("area", 50).set("windows", 0.3).set("street", "quiet").set("built", "2020-05-17");
    String use = room.predict().className(0);

    assertEquals("hall", use);
    Map<String, Object> other =
        Map.of("area", 10, "windows", 0.4, "street", "loud", "built", LocalDate.of(2016, 5, 17));
    assertTrue(room.predict(other).probability(0, model.classNames().indexOf("office")) > 0.5);
    assertTrue(Evaluator.score(model, data.test().orElseThrow(), 1).accuracy() > 0.7);
  }

  /**
   * Trains a model on a file with a recipe and predicts rows given by the names of their columns.
   */
  @Test
  void tableInThreeLines(@TempDir Path directory) throws IOException {
    Path file = csv(directory);

    Table table = Table.read(file);
    Recipe recipe = Recipe.TABLE.with("epochs", 40);
    Model model = recipe.fit(table).model();

    TablePredictor room = model.tablePredictor();
    room.set("area", 50).set("windows", 0.3).set("street", "quiet").set("built", "2020-05-17");
    assertEquals("hall", room.predict().className(0));
  }

  /** Trains a model on a database and predicts a row given by the names of its columns. */
  @Test
  void tablesOfDatabases() throws Exception {
    try (Connection database = DriverManager.getConnection("jdbc:h2:mem:");
        Statement statement = database.createStatement()) {
      statement.execute("CREATE TABLE rooms (area FLOAT, windows FLOAT, loud BOOLEAN, rent FLOAT)");
      for (int i = 0; i < ROWS; i++) {
        statement.execute(
            "INSERT INTO rooms VALUES (%s, %s, %s, %s)"
                .formatted(ROOMS[i][0], ROOMS[i][1], i % 3 == 0, RENTS[i]));
      }

      ResultSet result = statement.executeQuery("SELECT area, windows, loud, rent FROM rooms");
      Dataset data = Table.of(result).dataset();
      Architecture layers = Architecture.relu(data.features(), List.of(32), data.classes());
      Mlp initial = Mlp.initial(layers, Initializer.HE, 0).withLoss(data.loss());
      Trainer trainer =
          Trainer.builder().epochs(300).optimizer(Optimizer.adam()).learningRate(0.01).build();
      Model model = Model.of(trainer.fit(initial, data).model());
      double[] rent = new double[1];
      model.tablePredictor().set("AREA", 30).set("WINDOWS", 0.2).set("LOUD", "true").predict(rent);

      assertEquals(300 + 25 * 30 + 400 * 0.2, rent[0], 80);
    }
  }

  /** The examples, from one blank line to the next, are as short as promised. */
  @ParameterizedTest
  @CsvSource({
    "classesByName, 5, 12",
    "tablesOfFiles, 5, 12",
    "tableInThreeLines, 3, 3",
    "tablesOfDatabases, 5, 12"
  })
  void examplesAreShort(String name, int least, int most) throws IOException {
    String source =
        Files.readString(
            OwnJvm.ROOT.resolve("src/cli/src/test/java/dev/lanewise/ApiExamplesTest.java"));
    List<String> lines = source.lines().toList();
    int from = 0;
    while (!lines.get(from).contains("void " + name + "(")) {
      from++;
    }
    if (!name.equals("classesByName")) { // this example prepares nothing
      from += lines.subList(from, lines.size()).indexOf("");
    }
    int length = lines.subList(from + 1, lines.size()).indexOf("");
    String last = lines.get(from + length);
    assertTrue(last.contains(most == 3 ? ".fit(table)" : "predict"), last);
    assertTrue(length >= least && length <= most, name + " takes " + length + " lines");
  }

  /** Splits made by the program, progress as a lambda, and all results for several rows. */
  @Test
  void splitsAndBatches() {
    Rows all = Rows.of(ROOMS, USES);
    List<Rows> parts = all.shuffled(0).divide(0.2, true);
    Dataset data =
        Dataset.of(parts.get(0), parts.get(1))
            .withFeatureNames(List.of("area", "windows"))
            .withScaling(ScaleChoice.minMax());
    StringBuilder progress = new StringBuilder();
    TrainingRun run =
        Trainer.builder()
            .epochs(150)
            .optimizer(Optimizer.adam())
            .onEpoch(epoch -> progress.append(epoch.validLoss()).append('\n'))
            .listener(epoch -> epoch.validScore() < 0.99)
            .build()
            .fit(Mlp.initial(Architecture.relu(2, List.of(32), 3), Initializer.HE, 0), data);
    Predictions predictions = run.model().predictor(64).predict(ROOMS);
    for (int row = 0; row < 3; row++) {
      assertTrue(predictions.confidence(row) > 0.3, predictions.className(row));
    }
    assertEquals(ROWS, predictions.rows());
    // The rows are not scaled, as the model knows its scaling.
    assertTrue(Evaluator.score(run.model(), all, 1).accuracy() > 0.9);
    assertTrue(progress.length() > 0);
  }

  @Test
  void numbers() {
    Dataset data =
        Dataset.of(Rows.of(ROOMS, RENTS))
            .withScaling(ScaleChoice.standard())
            .withTargetScaling(ScaleChoice.standard());
    Mlp initial =
        Mlp.initial(Architecture.relu(2, List.of(16), 1), Initializer.HE, 0).withLoss(Loss.MSE);
    Mlp model =
        Trainer.builder()
            .epochs(200)
            .optimizer(Optimizer.adam())
            .learningRate(0.01)
            .build()
            .fit(initial, data)
            .model();
    double rent = model.predictor(1).predict(new double[][] {{30, 0.2}}).value(0, 0);
    assertEquals(300 + 25 * 30 + 400 * 0.2, rent, 60);
  }

  /** Runs the lines of README's section "Embed it". */
  @Test
  void embedded(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("nn_model.npz");
    Dataset data = Datasets.load(Path.of("data/digits.npz"));
    Mlp initial =
        Mlp.initial(
            Architecture.relu(data.features(), List.of(16, 80), data.classes()), Initializer.HE, 0);
    TrainingRun run =
        Trainer.builder().epochs(3).learningRate(0.05).threads(2).build().fit(initial, data);
    run.model().save(file);

    Mlp net = Mlp.load(file);
    Predictor predictor = net.predictor(32);
    float[] features = new float[net.architecture().inputs()];
    float[] probabilities = new float[net.architecture().outputs()];
    predictor.predict(features, probabilities);

    float[][] newRows = {features};
    int[] newLabels = {7};
    try (TrainingStream stream = Trainer.builder().learningRate(0.01).build().stream(net)) {
      stream.step(newRows, newLabels);
      net = stream.model();
    }
    float before = probabilities[7];
    net.predictor(1).predict(features, probabilities);
    assertTrue(probabilities[7] > before);
  }
}
