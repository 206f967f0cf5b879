package dev.lanewise.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Split;
import dev.lanewise.nn.Loss;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class BaselineProperties {
  /** Judged by the rows that it was made of, the mean is worth nothing. */
  @Property(tries = 100)
  void aMeanTellsNothingOfItsOwnRows(@ForAll @Size(min = 2, max = 50) short[] numbers) {
    float[][] targets = new float[numbers.length][1];
    boolean differ = false;
    for (int row = 0; row < numbers.length; row++) {
      targets[row][0] = numbers[row];
      differ |= numbers[row] != numbers[0];
    }
    Evaluation evaluation = Evaluations.of(Loss.MSE, targets, new float[numbers.length][1]);
    Baseline baseline = Baseline.of(evaluation, Split.of(new float[numbers.length][1], targets));
    assertEquals(differ ? 0 : 1, baseline.accuracy(), 1e-5);
  }
}
