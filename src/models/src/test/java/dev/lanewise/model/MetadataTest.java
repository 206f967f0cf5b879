package dev.lanewise.model;

import static dev.lanewise.Refusals.rejects;
import static dev.lanewise.Refusals.unreadable;
import static dev.lanewise.nn.internal.MetadataName.FITTED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.ClassWeighting;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.internal.MetadataName;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.nn.internal.ModelFile;
import dev.lanewise.nn.internal.NetworkMetadata;
import dev.lanewise.nn.internal.StoredModel;
import dev.lanewise.rows.Division;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.RowSample;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.internal.TableMetadata;
import dev.lanewise.rows.internal.WatchedColumn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests what holds for every fact of a model. */
class MetadataTest {
  private static final double[][] EDGES = {{0, 1}, {-1, 0, 1}};
  private static final Bins BINS = new Bins(EDGES);

  /** Has every fact; of a decision, the one that a calibration ends. */
  private static final Model MODEL =
      Model.of(Mlp.initial(Architecture.relu(2 + BINS.count(), List.of(3), 2), Initializer.HE, 1))
          .withBins(BINS)
          .withScaling(Scaling.standardise(new double[2], new double[] {1, 2}))
          .withClassNames(List.of("a", "b"))
          .withTraining(List.of("epochs=3"))
          .withWeighting(Optional.of(ClassWeighting.of(0.1, 0.5, 2)))
          .withCalibration(Optional.of(Calibration.temperature(2)))
          .withRule(Optional.of(DecisionRule.threshold(1, 0.25)))
          .withCoverage(Optional.of(Coverage.ofClasses(0.5, 0.75)))
          .withSchema(
              new Schema(
                  List.of(new NumberColumn("x", 0, 7.5, false), new NumberColumn("y", 1, 1, false)),
                  List.of("z"),
                  Optional.empty(),
                  List.of(),
                  Map.of("x", 0, "y", 1, "z", 2),
                  true,
                  List.of(),
                  '.',
                  Map.of()))
          .withDivision(
              new Division(
                  "abc",
                  1,
                  List.of(),
                  OptionalDouble.empty(),
                  true,
                  RowSample.NONE,
                  OptionalLong.empty(),
                  0,
                  ""))
          .with(FITTED, TableMetadata.arrays(null, null, List.of("decision abc test"), List.of()))
          .with(
              MetadataName.WATCHED,
              TableMetadata.arrays(
                  null,
                  null,
                  List.of(),
                  List.of(new WatchedColumn("w", List.of("a"), new int[] {3, 0}))))
          .withFurtherFacts(Map.of("more", NdArray.of(new int[] {1}, 1)));

  private static Set<String> names(NetworkMetadata facts) {
    return ModelFile.withoutParameters(List.of(), facts).keySet().stream()
        .map(MetadataName::owner)
        .map(MetadataName::array)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static String lost(NetworkMetadata facts) {
    Set<String> lost = new LinkedHashSet<>(names(MODEL.facts));
    lost.removeAll(names(facts));
    return String.join(" ", lost);
  }

  @Test
  void aThresholdIsThatOfOneOfTwoClasses() {
    for (int positive : new int[] {0, 1}) {
      assertEquals(positive, DecisionRule.threshold(positive, 0.25).positive());
    }
    for (int wrong : new int[] {-1, 2}) {
      rejects(
          () -> DecisionRule.threshold(wrong, 0.25),
          "threshold 0.25 of class %d, expected a threshold from 0 to 1 of class 0 or 1"
              .formatted(wrong));
    }
  }

  @Test
  void eachChangeDropsWhatItMakesUntrue() throws FormatException {
    Mlp network = new StoredModel(MODEL.members(), MODEL.facts).network();
    String ofResults = "calibration decision coverage fitted_to";
    // All but target scaling, input shape, and weights of several networks.
    assertEquals(MetadataName.values().length - 3, names(MODEL.facts).size());
    assertEquals(ofResults, lost(facts(network.withParameters(network.parameters()))));
    assertEquals(ofResults, lost(facts(network.withActivations(List.of(Activation.TANH)))));
    assertEquals("class_weights " + ofResults, lost(MODEL.withLoss(Loss.SIGMOID).facts));
    assertEquals(
        ofResults, lost(MODEL.withWeighting(Optional.of(ClassWeighting.of(0, 1, 2))).facts));
    assertEquals(ofResults, lost(MODEL.withScaling(Scaling.divide(2)).facts));
    assertEquals(
        "decision coverage",
        lost(MODEL.withCalibration(Optional.of(Calibration.temperature(3))).facts));
    DecisionRule costs = DecisionRule.costs(new double[][] {{0, 1}, {2, 0}});
    Model decided = MODEL.withRule(Optional.of(costs)).withCalibration(Optional.empty());
    assertEquals("calibration coverage", lost(decided.facts));
    assertEquals("", lost(MODEL.withClassNames(List.of("c", "d")).facts));
    NetworkMetadata trained = MODEL.facts.trained();
    assertEquals(
        Set.of("training", "class_weights", "watched_columns", "fact/"),
        minus(names(MODEL.facts), names(trained)));
    Mlp numbers = Mlp.of(Architecture.relu(1, List.of(), 1), new float[2]).withLoss(Loss.MSE);
    Mlp scaled = numbers.withTargetScaling(Scaling.divide(2));
    assertEquals(Scaling.divide(2), scaled.withLoss(Loss.HUBER).targetScaling());
    assertEquals(Scaling.none(), scaled.withLoss(Loss.SIGMOID).targetScaling());
  }

  private static NetworkMetadata facts(Mlp network) {
    return MlpState.facts(network);
  }

  private static Set<String> minus(Set<String> all, Set<String> some) {
    Set<String> left = new TreeSet<>(all);
    left.removeAll(some);
    return left;
  }

  @Test
  void eachArrayBelongsToOneFact() {
    int arrays = 0;
    for (String array : ModelFile.withoutParameters(MODEL.members(), MODEL.facts).keySet()) {
      if (!array.equals("activations")) {
        arrays++;
        assertEquals(1, Stream.of(MetadataName.values()).filter(f -> f.owns(array)).count(), array);
      }
    }
    assertTrue(arrays > 20);
  }

  /** What a network does not honour is not passed over when its file is read, or is carried. */
  @Test
  void aNetworkIsReadWithEachFactOrRefused(@TempDir Path directory) throws IOException {
    Set<String> needed = new TreeSet<>();
    Set<String> carried = new TreeSet<>();
    Map<String, NdArray> all = ModelFile.withoutParameters(MODEL.members(), MODEL.facts);
    for (MetadataName fact : MetadataName.values()) {
      int inputs = fact == MetadataName.BINS ? 2 + BINS.count() : 2;
      Mlp network = Mlp.initial(Architecture.relu(inputs, List.of(3), 2), Initializer.HE, 1);
      Map<String, NdArray> arrays = ModelFile.arrays(network.members(), facts(network));
      all.forEach(
          (name, array) -> {
            if (fact.owns(name)) {
              arrays.put(name, array);
            }
          });
      Path file = directory.resolve("model.npz");
      SealedNpz.write(file, arrays);
      Model model = Model.load(file);
      model.save(file);
      assertEquals(model, Model.load(file));
      if (fact.is(MetadataName.Role.NEEDED) && all.containsKey(fact.array())) {
        needed.add(fact.array());
        unreadable(() -> Mlp.load(file), fact.array() + ", which a network alone does not honour");
      } else {
        Mlp read = Mlp.load(file);
        assertEquals(model.checksum(), read.checksum(), fact.array());
        assertEquals(model, Model.of(read));
        facts(read).others().keySet().forEach(n -> carried.add(MetadataName.owner(n).array()));
      }
    }
    assertEquals(Set.of("bin_edges", "calibration", "decision", "schema_columns"), needed);
    assertEquals(Set.of("coverage", "division", "fitted_to", "watched_columns", "fact/"), carried);
  }
}
