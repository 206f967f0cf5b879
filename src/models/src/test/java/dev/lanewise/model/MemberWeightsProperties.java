package dev.lanewise.model;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.lanewise.data.Rows;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.ClassWeighting;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictions;
import dev.lanewise.nn.Scaling;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Models whose networks have weights in the average. */
class MemberWeightsProperties {
  private static final int INPUTS = 3;
  private static final int OUTPUTS = 3;
  private static final int ROWS = 9;

  private static List<Mlp> networks(int count, Loss loss, long seed) {
    Random random = new Random(seed);
    List<Mlp> networks = new ArrayList<>();
    for (int m = 0; m < count; m++) {
      Architecture layers = Architecture.relu(INPUTS, List.of(2 + m), OUTPUTS);
      Mlp network =
          Mlp.initial(layers, Initializer.HE, random.nextLong())
              .withLoss(loss)
              .withScaling(Scaling.divide(2));
      networks.add(
          loss.task().scalesTargets()
              ? network.withTargetScaling(
                  Scaling.standardise(new double[] {10, 0, -3}, new double[] {4, 0.3, 7}))
              : network);
    }
    return networks;
  }

  private static double[][] rows(long seed) {
    Random random = new Random(seed);
    double[][] rows = new double[ROWS][];
    Arrays.setAll(rows, row -> random.doubles(INPUTS, -3, 3).toArray());
    return rows;
  }

  private static boolean areEqual(int... weights) {
    return Arrays.stream(weights).distinct().count() == 1;
  }

  @Property(tries = 150)
  void theAverageIsTheOneDefined(
      @ForAll @Size(min = 2, max = 5) List<@IntRange(min = 1, max = 200_000) Integer> given,
      @ForAll Random random) {
    int[] weights = given.stream().mapToInt(weight -> weight).toArray();
    Loss loss = Loss.values()[random.nextInt(Loss.values().length)];
    long seed = random.nextLong();
    Model model = Model.of(networks(weights.length, loss, seed), weights);
    double[][] rows = rows(seed);
    Predictions found = model.predictor(4).predict(rows);
    List<Predictions> each =
        model.members().stream().map(member -> member.predictor(8).predict(rows)).toList();
    int[] kept = model.memberWeights();
    double all = Arrays.stream(kept).sum();
    for (int i = 0; i < ROWS; i++) {
      double[] averages = new double[OUTPUTS];
      for (int k = 0; k < OUTPUTS; k++) {
        for (int m = 0; m < kept.length; m++) {
          assertEquals((long) weights[m] * kept[0], (long) weights[0] * kept[m]);
          averages[k] += kept[m] * each.get(m).value(i, k);
        }
        averages[k] /= all;
      }
      assertArrayEquals(averages, found.values(i));
      int largest =
          IntStream.range(1, OUTPUTS).reduce(0, (a, b) -> averages[b] > averages[a] ? b : a);
      if (loss.task().hasClasses()) {
        assertEquals(largest, found.label(i));
      }
      assertArrayEquals(averages, model.predict(rows[i]).values(0));
    }
  }

  @Property(tries = 100)
  void aWeightIsANumberOfCopies(
      @ForAll @Size(min = 2, max = 4) List<@IntRange(min = 1, max = 7) Integer> given,
      @ForAll Random random) {
    int[] weights = given.stream().mapToInt(weight -> weight).toArray();
    Loss loss = Loss.values()[random.nextInt(Loss.values().length)];
    long seed = random.nextLong();
    List<Mlp> networks = new ArrayList<>(networks(weights.length, loss, seed));
    if (loss.task().hasClasses()) { // as of trainings whose balanced weights differ
      networks.replaceAll(
          n ->
              n.withWeighting(
                  Optional.of(
                      ClassWeighting.of(
                          random.nextInt(2) / 10.0, random.doubles(OUTPUTS, 0.2, 4).toArray()))));
    }
    List<Mlp> copies = new ArrayList<>();
    for (int m = 0; m < weights.length; m++) {
      copies.addAll(Collections.nCopies(weights[m], networks.get(m)));
    }
    Model model = Model.of(networks, weights);
    double[][] rows = rows(seed);
    Predictions found = model.predict(rows);
    Predictions expected = Model.of(copies).predict(rows);
    for (int i = 0; i < ROWS; i++) {
      assertArrayEquals(expected.values(i), found.values(i), 1e-12);
    }
    if (loss.task().hasClasses()) {
      Rows split = Rows.of(rows, new int[ROWS]);
      assertEquals(
          Evaluator.score(Model.of(copies), split, 1).loss(),
          Evaluator.score(model, split, 2).loss(),
          1e-12);
    }
  }

  @Property(tries = 100)
  void onlyUnequalWeightsAreInTheFile(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 3) Integer> given,
      @ForAll @IntRange(min = 1, max = 9) int factor)
      throws IOException {
    int[] weights = given.stream().mapToInt(weight -> weight).toArray();
    List<Mlp> networks = networks(weights.length, Loss.SOFTMAX, factor);
    Model plain = Model.of(networks);
    Model model = Model.of(networks, weights);
    int[] multiples = Arrays.stream(weights).map(weight -> factor * weight).toArray();
    assertEquals(model, Model.of(networks, multiples));
    assertEquals(model.checksum(), Model.of(networks, multiples).checksum());
    assertEquals(areEqual(weights), model.equals(plain));
    assertEquals(areEqual(weights), model.checksum().equals(plain.checksum()));
    assertEquals(plain.sha256(), model.sha256());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    model.save(bytes);
    Model read = Model.load(new ByteArrayInputStream(bytes.toByteArray()), "a file");
    assertEquals(model, read);
    assertEquals(model.checksum(), read.checksum());
    assertArrayEquals(model.memberWeights(), read.memberWeights());
    try (Npz npz = Npz.open(new ByteArrayInputStream(bytes.toByteArray()), "a file")) {
      assertEquals(!areEqual(weights), npz.contains("member_weights"));
      assertEquals(areEqual(weights) ? "format 1" : "format 2", npz.read("lanewise").stringAt(0));
    }
  }

  @Example
  void otherFactsKeepTheWeights() {
    Model model = Model.of(networks(3, Loss.SOFTMAX, 1), 3, 1, 2);
    int[] weights = {3, 1, 2};
    List<Model> others =
        List.of(
            model.withLoss(Loss.SIGMOID),
            model.withScaling(Scaling.none()),
            model.withClassNames(List.of("a", "b", "c")),
            model.withTraining(List.of("epochs=3")),
            model.withWeighting(Optional.of(ClassWeighting.of(0, 1, 2, 3))),
            model.withCalibration(Optional.of(Calibration.temperature(2))));
    for (Model other : others) {
      assertArrayEquals(weights, other.memberWeights());
      assertNotEquals(model, other);
    }
    String shown = "Model[3 networks 3-2-3, 3-3-3, 3-4-3, weights [3, 1, 2], loss softmax,";
    assertEquals(shown, model.toString().substring(0, shown.length()));
  }

  @Example
  void wrongWeightsAreRefused() {
    List<Mlp> networks = networks(2, Loss.MSE, 1);
    Map<int[], String> wrong =
        Map.of(
            new int[] {1},
            "1 member weights, expected one for each of 2 networks",
            new int[] {0, 1},
            "member weights [0, 1], expected whole numbers of at least 1 with a sum of at most",
            new int[] {-2, 1},
            "member weights [-2, 1], expected whole numbers of at least 1",
            new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE},
            "expected whole numbers of at least 1 with a sum of at most 1048576");
    wrong.forEach(
        (weights, message) ->
            rejects(IllegalArgumentException.class, () -> Model.of(networks, weights), message));
    assertArrayEquals(
        new int[] {(1 << 20) - 1, 1}, Model.of(networks, (1 << 20) - 1, 1).memberWeights());
  }

  @Example
  void wrongFilesAreRefused() throws IOException {
    Map<String, NdArray> arrays =
        new LinkedHashMap<>(Model.of(networks(2, Loss.MSE, 1), 2, 1).saved("a file"));
    refused(arrays, NdArray.of(new int[] {1, 2, 1}, 3), "3 member weights, expected one for each");
    refused(arrays, NdArray.of(new int[] {4, 2}, 2), "member_weights", "no common divisor");
    refused(arrays, NdArray.of(new int[] {1, 1}, 2), "member_weights", "not all equal");
    refused(arrays, NdArray.of(new int[] {0, 2}, 2), "member weights [0, 2], expected whole");
    refused(arrays, NdArray.of(new long[] {1L << 33, 1}, 2), "a sum of at most 1048576");
    refused(arrays, NdArray.of(new long[] {-3, 1}, 2), "member weights [-3, 1], expected whole");
    refused(arrays, NdArray.of(new double[] {2, 1}, 2), "member_weights", "integers");
    Mlp one = networks(1, Loss.MSE, 1).get(0);
    Map<String, NdArray> single = new LinkedHashMap<>(Model.of(one).saved("a file"));
    refused(single, NdArray.of(new int[] {2, 1}, 2), "expected one for each of 1 networks");
    arrays.put("member_weights", NdArray.of(new int[] {2, 1}, 2));
    NdArray statement = SealedNpz.statement(arrays);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < statement.length(); i++) {
      lines.add(i == 0 ? "format 1" : statement.stringAt(i));
    }
    arrays.put("lanewise", NdArray.ofStrings(lines, lines.size()));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Npz.write(bytes, arrays);
    rejects(
        FormatException.class,
        () -> Model.load(new ByteArrayInputStream(bytes.toByteArray()), "a file"),
        "a file: format 1, expected format 2, as readers of an earlier one do not know its arrays");
  }

  private static void refused(Map<String, NdArray> arrays, NdArray weights, String... expected)
      throws IOException {
    arrays.put("member_weights", weights);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SealedNpz.write(bytes, arrays);
    rejects(
        FormatException.class,
        () -> Model.load(new ByteArrayInputStream(bytes.toByteArray()), "a file"),
        expected);
  }
}
