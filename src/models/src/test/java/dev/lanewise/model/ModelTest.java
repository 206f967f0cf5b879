package dev.lanewise.model;

import static dev.lanewise.Refusals.rejects;
import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictions;
import dev.lanewise.nn.Scaling;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests models of several networks: their averages, their files, and what they refuse. */
class ModelTest {
  private static final int INPUTS = 3;
  private static final int OUTPUTS = 2;
  private static final int ROWS = 37;
  private static final Scaling SCALING =
      Scaling.standardise(new double[] {1, 0, -1}, new double[] {2, 1, 0.5});
  private static final Bins BINS = new Bins(new double[][] {{-1, 0, 0.5}, {}, {-2, 2}});

  @TempDir private Path directory;

  private static Mlp member(int inputs, int seed, Loss loss, Integer... hidden) {
    Mlp network =
        Mlp.initial(Architecture.relu(inputs, List.of(hidden), OUTPUTS), Initializer.HE, seed)
            .withLoss(loss);
    network = inputs == INPUTS ? network : withBins(network, BINS);
    network = network.withScaling(SCALING);
    return loss.task().scalesTargets()
        ? network.withTargetScaling(
            Scaling.standardise(new double[] {10, -3}, new double[] {4, 0.25}))
        : network;
  }

  private static Mlp withBins(Mlp network, Bins bins) {
    return Model.of(network).withBins(bins).members().get(0);
  }

  /** Returns a model of three networks, of which the second sees bins. */
  private static Model ensemble(Loss loss) {
    return Model.of(
        List.of(
            member(INPUTS, 1, loss, 5),
            member(INPUTS + BINS.count(), 2, loss, 7, 4),
            member(INPUTS, 3, loss)));
  }

  private static double[][] rows() {
    Random random = new Random(6);
    double[][] rows = new double[ROWS][INPUTS];
    for (double[] row : rows) {
      for (int j = 0; j < INPUTS; j++) {
        row[j] = 2 * random.nextGaussian();
      }
    }
    return rows;
  }

  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Loss#values")
  void predictionsAreAverages(Loss loss) {
    Model model = ensemble(loss);
    Predictions all = model.predictor(8).predict(rows());
    List<Predictions> each =
        model.members().stream().map(member -> member.predictor(8).predict(rows())).toList();
    for (int i = 0; i < ROWS; i++) {
      double[] averages = new double[OUTPUTS];
      for (int k = 0; k < OUTPUTS; k++) {
        for (Predictions one : each) {
          averages[k] += one.value(i, k);
        }
        averages[k] /= 3;
        assertEquals(averages[k], all.value(i, k));
        if (loss == Loss.SIGMOID) {
          assertEquals(averages[k] > 0.5, all.isPredicted(i, k));
        }
      }
      if (loss.task().hasClasses()) {
        assertEquals(averages[1] > averages[0] ? 1 : 0, all.label(i));
      }
      Predictions alone = model.predictor(1).predict(rows()[i]);
      assertArrayEquals(all.values(i), alone.values(0));
    }
  }

  @Test
  void floatsAreTheAveragesRoundedOnce() {
    Model model = ensemble(Loss.SOFTMAX);
    float[] features = {0.25f, -1, 3};
    float[] floats = new float[OUTPUTS];
    model.predictor(4).predict(features, floats);
    Predictions doubles = model.predictor(1).predict(0.25, -1, 3);
    for (int k = 0; k < OUTPUTS; k++) {
      assertEquals((float) doubles.value(0, k), floats[k]);
    }
    assertThrows(IllegalStateException.class, () -> model.predictor(1).outputs(0));
  }

  /** The first of equal averages wins, also if no member alone has this class. */
  @Test
  void theFirstOfEqualAveragesWins() {
    Architecture sizes = Architecture.relu(1, List.of(), 2);
    Mlp one = Mlp.of(sizes, new float[] {0, 0, 1, 0}).withScaling(Scaling.none());
    Mlp other = Mlp.of(sizes, new float[] {0, 0, 0, 1}).withScaling(Scaling.none());
    assertEquals(0, Model.of(List.of(other, one)).predictor(1).predict(0.0).label(0));
  }

  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Loss#values")
  void filesKeepEverything(Loss loss) throws IOException, ClassNotFoundException {
    Model model = ensemble(loss).withTraining(List.of("epochs=3"));
    Path file = directory.resolve("model.npz");
    model.save(file);
    Model read = Model.load(file);
    assertEquals(model, read);
    assertEquals(model.hashCode(), read.hashCode());
    assertEquals(model.checksum(), read.checksum());
    assertEquals(model.sha256(), read.sha256());
    assertEquals(List.of(), read.assumptions());
    assertEquals(List.of("epochs=3"), read.training());
    try (Npz npz = Npz.open(file)) {
      assertEquals(List.of(INPUTS + 3, 7), npz.header("member2/W1").shape());
      assertEquals(3, npz.read("members").longAt(0));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ObjectOutputStream(bytes).writeObject(model);
    Object copy = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    assertEquals(model, copy);
    rejects(FormatException.class, () -> Mlp.load(file), "3 networks", "expected one");
  }

  @Test
  void theMissingJarIsNamed() {
    unreadable(
        () -> Model.load(directory.resolve("model.onnx")),
        "files need lanewise-tables, which is missing on the class path or module path, expected it there");
  }

  @Test
  void oneNetworkWithBinsIsAFileToo() throws IOException {
    Mlp model = member(INPUTS + BINS.count(), 4, Loss.MSE, 6);
    Path file = directory.resolve("model.npz");
    model.save(file);
    assertEquals(Model.of(model), Model.load(file));
    assertEquals(BINS, Model.load(file).bins().orElseThrow());
    assertEquals(INPUTS, model.inputs());
  }

  @Test
  void theDigestIsThatOfTheMembersDigests() {
    Model model = ensemble(Loss.SOFTMAX);
    StringBuilder hex = new StringBuilder();
    model.members().forEach(member -> hex.append(member.sha256()));
    byte[] digests = HexFormat.of().parseHex(hex);
    assertEquals(NdArray.ofBytes(digests, digests.length).sha256(), model.sha256());
    Model turned =
        Model.of(List.of(model.members().get(2), model.members().get(1), model.members().get(0)));
    assertNotEquals(model.sha256(), turned.sha256());
    assertNotEquals(model, turned);
    assertEquals(
        model.members().stream().mapToInt(Mlp::parameterCount).sum(), model.parameterCount());
    String shown = "Model[3 networks 3-5-2, 6-7-4-2, 3-2, loss softmax, scaling standard,";
    assertEquals(shown + " 131 parameters]", model.toString());
  }

  @Test
  void membersThatDifferInFactsAreRefused() {
    Mlp one = member(INPUTS, 1, Loss.SOFTMAX, 5);
    List<Mlp> others =
        List.of(
            member(INPUTS, 1, Loss.MSE, 5),
            one.withScaling(Scaling.none()),
            one.withClassNames(List.of("a", "b")),
            Mlp.initial(Architecture.relu(INPUTS, List.of(), 3), Initializer.HE, 0)
                .withScaling(SCALING));
    for (Mlp other : others) {
      rejects(
          IllegalArgumentException.class,
          () -> Model.of(List.of(one, other)),
          "member 2 of 2",
          "expected");
    }
    rejects(IllegalArgumentException.class, () -> Model.of(List.of()), "at least one");
    Mlp plain = Mlp.initial(Architecture.relu(INPUTS + 1, List.of(), 2), Initializer.HE, 0);
    Mlp binned = withBins(plain, new Bins(new double[][] {{0, 1}, {}, {}})).withScaling(SCALING);
    Mlp otherBins = member(INPUTS + BINS.count(), 1, Loss.SOFTMAX);
    rejects(
        IllegalArgumentException.class,
        () -> Model.of(List.of(binned, otherBins)),
        "different bins");
  }

  @Test
  void filesThatContradictThemselvesAreRefused() throws IOException {
    Model model = ensemble(Loss.SOFTMAX);
    Map<String, NdArray> arrays = model.saved("a file");
    refused(arrays, "members", null, "no array W1");
    refused(arrays, "members", NdArray.of(new int[] {1}, 1), "members", "at least 2");
    refused(arrays, "members", NdArray.of(new int[] {2}, 1), "member3/W1", "beside member1/W1");
    refused(arrays, "members", NdArray.of(new int[] {4}, 1), "no array member4/W1");
    refused(arrays, "member2/b2", null, "no array member2/b2");
    refused(arrays, "bin_edges", null, "bin_counts");
    refused(arrays, "bin_counts", null, "no array bin_counts");
    refused(
        arrays,
        "bin_counts",
        NdArray.of(new int[] {3, 0, 3}, 3),
        "feature 2 has 3 edges, expected 0 to 2, which are left");
    refused(arrays, "bin_edges", NdArray.of(new double[] {-1, 0, 0, -2, 2}, 5), "ascending");
    NdArray fewer = NdArray.of(new double[] {-1, 0.5, -2, 2}, 4);
    Map<String, NdArray> other = new LinkedHashMap<>(arrays);
    other.put("bin_edges", fewer);
    refused(other, "bin_counts", NdArray.of(new int[] {2, 0, 2}, 3), "a network of 5 inputs");
  }

  private void refused(Map<String, NdArray> arrays, String name, NdArray array, String... expected)
      throws IOException {
    Map<String, NdArray> changed = new LinkedHashMap<>(arrays);
    changed.remove(name);
    if (array != null) {
      changed.put(name, array);
    }
    Path file = directory.resolve("refused.npz");
    SealedNpz.write(file, changed);
    rejects(FormatException.class, () -> Model.load(file), expected);
  }
}
