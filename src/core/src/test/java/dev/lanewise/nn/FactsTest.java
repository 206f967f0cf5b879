package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import dev.lanewise.nn.internal.Change;
import dev.lanewise.nn.internal.Fact;
import dev.lanewise.nn.internal.Facts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Tests what holds for every fact of a model. */
class FactsTest {
  private static final double[][] EDGES = {{0, 1}, {-1, 0, 1}};
  private static final Bins BINS = new Bins(EDGES);

  /** Has every fact; of a decision, the one that a calibration ends. */
  private static final Mlp MODEL =
      Mlp.initial(Architecture.relu(2 + BINS.count(), List.of(3), 2), Initializer.HE, 1)
          .withBins(BINS)
          .withScaling(Scaling.standardise(new double[2], new double[] {1, 2}))
          .withClassNames(List.of("a", "b"))
          .withInputShape(1, 2)
          .withTraining(List.of("epochs=3"))
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
                  ""))
          .withFurtherFacts(Map.of("more", NdArray.of(new int[] {1}, 1)));

  private static Set<String> names(Facts facts) {
    Set<String> names = new LinkedHashSet<>();
    for (Fact<?> fact : facts.all()) {
      Object value = facts.get(fact);
      if (value != null && !value.equals(ModelFacts.NONE.get(fact))) {
        names.add(fact.name());
      }
    }
    return names;
  }

  private static String lost(Mlp model) {
    Set<String> lost = new LinkedHashSet<>(names(MODEL.facts));
    lost.removeAll(names(model.facts));
    return String.join(" ", lost);
  }

  @Test
  void eachChangeDropsWhatItMakesUntrue() {
    String ofResults = "calibration decision coverage";
    assertEquals(MODEL.facts.all().size() - 2, names(MODEL.facts).size()); // softmax, classes
    assertEquals(ofResults, lost(MODEL.withParameters(MODEL.parameters())));
    assertEquals(ofResults, lost(MODEL.withActivations(List.of(Activation.TANH))));
    assertEquals(ofResults, lost(MODEL.withLoss(Loss.SIGMOID)));
    assertEquals(ofResults, lost(MODEL.withScaling(Scaling.divide(2))));
    assertEquals(
        "decision coverage", lost(MODEL.withCalibration(Optional.of(Calibration.temperature(3)))));
    DecisionRule costs = DecisionRule.costs(new double[][] {{0, 1}, {2, 0}});
    Mlp decided = MODEL.withRule(Optional.of(costs)).withCalibration(Optional.empty());
    assertEquals("calibration coverage", lost(decided));
    assertEquals("", lost(MODEL.withClassNames(List.of("c", "d"))));
    Facts trained = MODEL.facts.after(Change.TRAINING);
    assertEquals(Set.of("training", "fact/"), minus(names(MODEL.facts), names(trained)));
    Mlp numbers = Mlp.of(Architecture.relu(1, List.of(), 1), new float[2]).withLoss(Loss.MSE);
    Mlp scaled = numbers.withTargetScaling(Scaling.divide(2));
    assertEquals(Scaling.divide(2), scaled.withLoss(Loss.HUBER).targetScaling());
    assertEquals(Scaling.none(), scaled.withLoss(Loss.SIGMOID).targetScaling());
  }

  private static Set<String> minus(Set<String> all, Set<String> some) {
    Set<String> left = new TreeSet<>(all);
    left.removeAll(some);
    return left;
  }

  @Test
  void eachArrayBelongsToOneFact() {
    int arrays = 0;
    for (String array : ModelFile.facts(MODEL).keySet()) {
      if (!array.equals("activations")) {
        arrays++;
        long owners = MODEL.facts.all().stream().filter(fact -> fact.owns(array)).count();
        assertEquals(1, owners, array);
      }
    }
    assertTrue(arrays > 20);
  }

  /** Bins, a schema and what other packages keep are shown in ways of their own. */
  @Test
  void eachFactSaysSomethingOrIsShownElsewhere() {
    List<Fact<?>> all = new ArrayList<>(ModelFacts.SHOWN);
    all.addAll(List.of(ModelFacts.BINS, TableFacts.SCHEMA, ModelFacts.FURTHER));
    assertEquals(Set.copyOf(MODEL.facts.all()), Set.copyOf(all));
    assertEquals(ModelFacts.SHOWN.size(), MODEL.facts.said(ModelFacts.SHOWN).size());
  }
}
