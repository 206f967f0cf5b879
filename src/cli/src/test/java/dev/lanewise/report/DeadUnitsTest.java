package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.lanewise.data.Rows;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictor;
import dev.lanewise.nn.Scaling;
import dev.lanewise.train.Digits;
import java.lang.management.ManagementFactory;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeadUnitsTest {
  private static final int ALL = Integer.MAX_VALUE;

  /** Measures the units x, -x, x - 9 (for which ReLU gives 0) and 0 x + 1 at -2, 1, 2 and 3. */
  private static DeadUnits ofFourUnits(Activation activation) {
    float[] parameters = {1, -1, 1, 0, 0, 0, -9, 1, 0, 0, 0, 0, 0};
    Architecture sizes = new Architecture(1, List.of(4), 1, List.of(activation));
    Mlp model = Mlp.of(sizes, parameters).withScaling(Scaling.divide(2));
    Rows rows =
        Rows.of(new float[][] {{-4}, {2}, {4}, {6}, {200}}, new int[5])
            .withRowWeights(new float[] {1, 2, 0.5f, 0.5f, 0});
    return DeadUnits.of(model, rows, ALL, 0);
  }

  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Activation#values")
  void aSmallCaseByHand(Activation activation) {
    DeadUnits found = ofFourUnits(activation);
    assertEquals(1, found.layers());
    assertEquals(4, found.units(0));
    boolean relu = activation == Activation.RELU;
    assertFalse(found.isDead(0, 0));
    assertFalse(found.isDead(0, 1));
    assertEquals(relu, found.isDead(0, 2), "always 0, with ReLU only");
    assertEquals(!relu, found.isDead(0, 3), "constant, but not 0");
    assertEquals(1, found.dead(0));
  }

  @Test
  void outputsOfThePredictorAreCounted() {
    Mlp model = Digits.network(5);
    Rows rows = Digits.DATA.train();
    DeadUnits found = DeadUnits.of(model, rows, ALL, 0);
    assertEquals(2, found.layers());
    Predictor predictor = model.predictor(rows.rows());
    float[] features = new float[rows.rows() * 64];
    rows.copyRows(null, 0, rows.rows(), features, 0);
    predictor.predictScaled(features, rows.rows(), new double[rows.rows() * 10], null);
    for (int layer = 0; layer < 2; layer++) {
      float[] outputs = predictor.outputs(layer);
      int units = found.units(layer);
      BitSet active = new BitSet();
      for (int i = 0; i < rows.rows() * units; i++) {
        active.set(i % units, active.get(i % units) || outputs[i] > 0);
      }
      assertEquals(units - active.cardinality(), found.dead(layer));
      assertTrue(found.dead(layer) < units);
    }
    int fewRows = DeadUnits.of(model, rows, 3, 1).dead(0);
    assertTrue(fewRows > found.dead(0), fewRows + " of three rows");
  }

  /**
   * Rows are processed in batches, because all outputs together would take 120 MB. In code that is
   * not compiled yet, vectors are objects, so the test repeats for at most a minute until it is
   * compiled.
   */
  @Test
  void thousandsOfUnitsTakeLittleMemory() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Architecture sizes = Architecture.relu(4, List.of(3000), 2);
    Mlp model = Mlp.initial(sizes, Initializer.COURSE, 1).withScaling(Scaling.none());
    Rows rows = Rows.of(new float[10_000][4], new int[10_000]);
    long allocated;
    long start = System.nanoTime();
    do {
      long before = threads.getCurrentThreadAllocatedBytes();
      DeadUnits found = DeadUnits.of(model, rows, ALL, 0);
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertEquals(3000, found.dead(0));
    } while (allocated >= 20_000_000 && System.nanoTime() - start < 60_000_000_000L);
    assertTrue(allocated < 20_000_000, allocated + " bytes");
  }

  @Test
  void aNetworkWithoutHiddenLayersHasNoUnits() {
    Mlp model = Mlp.of(Architecture.relu(1, List.of(), 2), new float[4]);
    DeadUnits found = DeadUnits.of(model, Rows.of(new float[2][1], new int[2]), 9, 0);
    assertEquals(0, found.layers());
  }
}
