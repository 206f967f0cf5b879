package dev.lanewise.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.train.EpochResult;
import dev.lanewise.train.StepResult;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the bar says, by the results that it was given. */
class ProgressBarTest {
  /** Returns the last line of a bar after two epochs of two steps of the networks. */
  private static String line(int members, double... validScores) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    try (ProgressBar bar = new ProgressBar(err, 1000, 20, 10, members)) {
      for (int epoch = 0; epoch < validScores.length; epoch++) {
        for (int step = 0; step < 2; step++) {
          bar.show(new StepResult(epoch, step, 2, 0.5, 0.75), epoch % members);
        }
        double valid = validScores[epoch];
        bar.show(new EpochResult(epoch, 1000, 1, 1, 1, 1, 1, valid, 0.1, 20, 0.1), epoch % members);
      }
    }
    String[] lines = bytes.toString(StandardCharsets.UTF_8).strip().split("\r");
    for (String line : lines) {
      assertTrue(line.stripTrailing().length() <= 79, line);
    }
    return lines[lines.length - 1];
  }

  private static void says(String expected, String line) {
    assertTrue(line.contains(expected), line);
  }

  @Test
  void validationRowsAreShownWithTheBestEpoch() {
    says(" loss 0.5000 valid 0.8000 best 0.9000 in 1 ", line(1, 0.7, 0.9, 0.9, 0.8));
    says(" valid 0.6000 best 0.6000 in 1 ", line(1, Double.NaN, 0.6));
    assertEquals(-1, line(1, 0.7).indexOf("0.7500"), "the score of the mini-batch");
  }

  @Test
  void withoutValidationRowsTheScoreIsThatOfTraining() {
    says(" loss 0.5000 train 0.7500 ", line(1, Double.NaN, Double.NaN));
  }

  @Test
  void severalNetworksHaveTheMeanOfThoseThatAreKnown() {
    says(" valid 0.7000 (mean of 2) ", line(3, 0.6, 0.8));
    says(" valid 0.6000 (mean of 1) ", line(2, 0.6));
  }
}
