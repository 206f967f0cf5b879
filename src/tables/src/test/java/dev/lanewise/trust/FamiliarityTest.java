package dev.lanewise.trust;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.Split;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.recipe.Recipe;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FamiliarityTest {
  private static final Recipe QUICK =
      Recipe.COURSE.with("epochs", 30).with("hidden", "12,8").with("activation", "tanh");

  @TempDir Path directory;

  /** Rows around three corners of a square, whose corner is their class. */
  private static Split corners(int rows, long seed) {
    Random random = new Random(seed);
    double[][] x = new double[rows][2];
    int[] labels = new int[rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = random.nextInt(3);
      x[i][0] = (labels[i] & 1) * 8 + random.nextGaussian();
      x[i][1] = (labels[i] >> 1) * 8 + random.nextGaussian();
    }
    return Split.of(x, labels);
  }

  private static Dataset data() {
    return Dataset.of(corners(400, 1), corners(300, 2)).withScaling(ScaleChoice.named("standard"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"many", "few", "one"})
  void covarianceOfScikitLearn(String name) throws IOException, URISyntaxException {
    try (Npz npz = Npz.open(Path.of(FamiliarityTest.class.getResource("covariance.npz").toURI()))) {
      NdArray array = npz.read(name + "/rows");
      int count = array.dimension(0);
      int d = array.dimension(1);
      double[] rows = array.toDoubles();
      double[] found = ShrunkCovariance.shrunk(rows, count, d);
      double[] expected = npz.read(name + "/covariance").toDoubles();
      for (int i = 0; i < d; i++) {
        for (int j = 0; j <= i; j++) {
          assertEquals(expected[i * d + j], found[i * d + j], 1e-9 * (1 + Math.abs(expected[i])));
        }
      }
      double[] inverse = ShrunkCovariance.inverseFactor(rows, count, d);
      double[] distances = npz.read(name + "/distances").toDoubles();
      for (int row = 0; row < count; row++) {
        double sum = 0;
        for (int i = 0; i < d; i++) {
          double each = 0;
          for (int j = 0; j <= i; j++) {
            each += inverse[i * (i + 1) / 2 + j] * rows[row * d + j];
          }
          sum += each * each;
        }
        assertEquals(distances[row], sum, 1e-8 * (1 + distances[row]));
      }
    }
  }

  @Test
  void ordinaryRowsAreEvenlySpreadAndOthersAreNot() throws IOException {
    Dataset data = data();
    Model model = Familiarity.keep(QUICK.fit(data).model(), data);
    Familiarity familiarity = Familiarity.of(model).get();
    assertEquals(300, familiarity.heldOutRows());
    double[] held = familiarity.of(data.validation().get());
    Arrays.sort(held);
    for (int i = 0; i < held.length; i++) { // a share of the held-out rows and of the row itself
      assertEquals((i + 2) / 301.0, held[i], 3 / 301.0);
    }
    double[] others = familiarity.of(corners(1000, 3).withScaling(data.scaling()));
    long rare = Arrays.stream(others).filter(f -> f <= 0.1).count();
    assertEquals(0.1, rare / 1000.0, 0.05);
    double[][] strange = {{8, 8}, {3.7, 4.2}, {-30, 40}};
    Split far = Split.of(strange, new int[3]).withScaling(data.scaling());
    for (double each : familiarity.of(far)) {
      assertTrue(each < 0.02, () -> "" + each);
    }
    Path file = directory.resolve("m.npz");
    model.save(file);
    Familiarity read = Familiarity.of(Model.load(file)).get();
    assertArrayEquals(others, read.of(corners(1000, 3).withScaling(data.scaling())));
    float[] inputs = new float[2000];
    corners(1000, 3).withScaling(data.scaling()).copyRows(null, 0, 1000, inputs, 0);
    assertArrayEquals(others, read.reader().read(inputs, 1000));
    assertEquals(model.sha256(), QUICK.fit(data).model().sha256());
  }

  @Test
  void numbersAndSeveralNetworks() {
    Random random = new Random(4);
    double[][] x = new double[300][3];
    double[] y = new double[300];
    for (int i = 0; i < x.length; i++) {
      Arrays.setAll(x[i], j -> random.nextGaussian());
      y[i] = x[i][0] - x[i][1];
    }
    Dataset data = Dataset.of(Split.of(x, y).slice(0, 200), Split.of(x, y).slice(200, 100));
    Recipe recipe = QUICK.with("members", 2).with("activation", "relu");
    Model model = Familiarity.keep(recipe.fit(data).model(), data);
    double[] each =
        Familiarity.of(model).get().of(Split.of(new double[][] {{9, -9, 30}}, new double[1]));
    assertEquals(1 / 101.0, each[0]);
  }

  @Test
  void refusals() {
    Dataset data = data();
    Model flat =
        Model.of(
            Mlp.initial(Architecture.relu(2, List.of(), 3), Initializer.COURSE, 1)
                .withScaling(data.scaling()));
    rejects(() -> Familiarity.keep(flat, data), "without a hidden layer, expected at least one");
    Model model = QUICK.fit(data).model();
    Dataset alone = Dataset.of(data.train());
    rejects(
        () -> Familiarity.keep(model, alone),
        "neither validation nor test rows, expected some of either");
    rejects(
        () -> Familiarity.keep(model, Dataset.of(corners(9, 1), corners(9, 1))),
        "rows of 2 features scaled none, expected 2 scaled standard as the model has");
    assertEquals(Optional.empty(), Familiarity.of(model));
    Model kept = Familiarity.keep(model, data);
    Mlp network = kept.members().get(0);
    rejects(
        () -> Familiarity.of(Model.of(network.withParameters(new float[network.parameterCount()]))),
        "fact/familiar_weights belongs to other weights, expected a familiarity that");
    for (String name : List.of("means", "whitening", "distances")) {
      Map<String, NdArray> facts = new TreeMap<>(kept.furtherFacts());
      facts.put(
          "familiar_" + name,
          NdArray.of(
              new float[name.equals("distances") ? 0 : 5], name.equals("distances") ? 0 : 5));
      rejects(
          () -> Familiarity.of(kept.withFurtherFacts(facts)),
          "familiarity of the model: fact/familiar_" + name + " has ");
    }
  }
}
