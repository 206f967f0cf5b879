package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernel.KernelSet;
import dev.lanewise.kernel.math.OutputBatch;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every loss agrees with what it says of itself; another loss is tested by being in the list. */
class LossContractTest {
  private static final int ROWS = 200;
  private static final int COLUMNS = 3;
  private static final double STEP = 1e-5;

  private final Random random = new Random(5);
  private final float[] outputs = new float[ROWS * COLUMNS];
  private final double[] targets = new double[ROWS * COLUMNS]; // one-hot for classes
  private final float[] gradient = new float[ROWS * COLUMNS];

  /** Computes losses and gradients of random rows with targets that the task takes. */
  private OutputBatch computed(Loss loss) {
    boolean hasClasses = loss.task().hasClasses();
    OutputBatch batch = new OutputBatch(ROWS, COLUMNS, outputs, gradient, hasClasses);
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = (float) (2 * random.nextGaussian());
      if (!hasClasses) {
        do {
          batch.targets[i] = (float) (2 * random.nextGaussian());
        } while (!loss.task().takes(batch.targets[i]));
        targets[i] = batch.targets[i];
      }
    }
    for (int row = 0; hasClasses && row < ROWS; row++) {
      batch.labels[row] = random.nextInt(COLUMNS);
      targets[row * COLUMNS + batch.labels[row]] = 1;
    }
    float divisor = hasClasses ? 1 : COLUMNS;
    float[] scratch = new float[KernelSet.rowScratch(COLUMNS)];
    loss.objective.rows().compute(batch, 0, ROWS, divisor, scratch);
    return batch;
  }

  private double[] row(int row) {
    double[] wide = new double[COLUMNS];
    Arrays.setAll(wide, k -> outputs[row * COLUMNS + k]);
    return wide;
  }

  /** Returns how much the loss of a row grows from v to u. */
  private double difference(Loss loss, int row, double[] u, double[] v) {
    double sum = 0;
    for (int k = 0; k < COLUMNS; k++) {
      double target = targets[row * COLUMNS + k];
      if (!loss.task().hasClasses()) {
        sum += loss.difference(u, v, k, target) / COLUMNS;
      } else if (target == 1) {
        sum += loss.difference(u, v, k, 1);
      }
    }
    return sum;
  }

  private double loss(Loss loss, int row, double[] x) {
    double[] results = loss.task().outputFunction().of(x);
    double sum = 0;
    for (int k = 0; k < COLUMNS; k++) {
      double target = targets[row * COLUMNS + k];
      boolean counts = !loss.task().hasClasses() || target == 1;
      sum += counts ? loss.of(results[k], target) : 0;
    }
    return loss.task().hasClasses() ? sum : sum / COLUMNS;
  }

  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Loss#values")
  void theKernelComputesTheFormula(Loss loss) {
    OutputBatch batch = computed(loss);
    for (int row = 0; row < ROWS; row++) {
      double expected = loss(loss, row, row(row));
      assertEquals(expected, batch.losses[row], 3e-6 * (1 + Math.abs(expected)), "row " + row);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Loss#values")
  void theGradientIsTheSlopeOfTheFormula(Loss loss) {
    computed(loss);
    for (int i = 0; i < outputs.length; i++) {
      int row = i / COLUMNS;
      double[] up = row(row);
      double[] down = row(row);
      up[i % COLUMNS] += STEP;
      down[i % COLUMNS] -= STEP;
      double grown = difference(loss, row, up, down);
      assertEquals(loss(loss, row, up) - loss(loss, row, down), grown, 1e-11, "row " + row);
      assertEquals(grown / (2 * STEP), gradient[i], 1e-5 * (1 + Math.abs(gradient[i])));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Loss#values")
  void resultsAreTheOutputFunctionOfTheTask(Loss loss) {
    computed(loss);
    OutputFunction function = loss.task().outputFunction();
    float[] results = new float[outputs.length + 1];
    float[] scratch =
        new float[Math.max(KernelSet.ACTIVATION_SCRATCH, KernelSet.rowScratch(COLUMNS))];
    loss.objective.results().compute(outputs.clone(), ROWS, COLUMNS, results, 1, scratch);
    for (int i = 0; i < outputs.length; i++) {
      double expected = function.of(row(i / COLUMNS))[i % COLUMNS];
      assertEquals(expected, results[1 + i], 3e-7 * (1 + Math.abs(expected)));
      if (function != OutputFunction.SOFTMAX) {
        assertEquals(results[1 + i], function.of(outputs[i]));
        double x = outputs[i];
        assertEquals(expected, function.of(x));
        double slope = (function.of(x + STEP) - function.of(x - STEP)) / (2 * STEP);
        assertEquals(slope, function.slope(expected), 1e-8 * (1 + Math.abs(expected)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Loss#values")
  void theTaskAnswersForItsKind(Loss loss) {
    Task task = loss.task();
    assertEquals(
        1,
        Stream.of(task.hasClasses(), task.hasLabels(), task.hasNumbers()).filter(b -> b).count());
    assertEquals(task.hasClasses() ? 1 : task.hasLabels() ? 4 : 0, task.decisions(4));
    assertEquals(task.hasNumbers(), task.hasIntervals() || task.level().isPresent());
    assertFalse(task.takes(Double.NaN));
    assertTrue(task.takes(0) && task.takes(1));
    assertEquals(task.limits().isEmpty(), task.takes(-1e300) && task.takes(1e300));
    assertTrue(task.hasNumbers() || !task.scalesTargets());
  }

  @Test
  void everyTaskAndOutputFunctionHasALoss() {
    List<Task> tasks = Stream.of(Loss.values()).map(Loss::task).toList();
    assertEquals(
        EnumSet.allOf(OutputFunction.class),
        tasks.stream().map(Task::outputFunction).collect(Collectors.toSet()));
    assertEquals(
        EnumSet.allOf(Task.Kind.class), tasks.stream().map(Task::kind).collect(Collectors.toSet()));
  }
}
