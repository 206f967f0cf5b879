package dev.lanewise.train;

import static dev.lanewise.Refusals.refusal;
import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * Flat-cosine dropout. {@link OptionCombinationsTest} compares threads, kernels and resumed runs.
 */
class DropoutScheduleTest {
  private static TrainerBuilder trainer(int epochs) {
    return Trainer.builder().epochs(epochs).batchSize(200).dropout(0.4).checkpointEvery(1e-9);
  }

  private static String digest(TrainerBuilder builder) {
    return OptionCombinations.digest(builder.build().fit(Digits.network(1), Digits.DATA));
  }

  /** The share is 1 up to the middle step, and then falls with every step to the last. */
  @Test
  void shares() {
    TrainingOptions options = new TrainingOptions();
    assertEquals(1, options.dropoutShare(999, 3, 7));
    options.dropoutEpochs = 5;
    int steps = 8;
    double before = 2;
    for (int s = 0; s < 5 * steps; s++) {
      double share = options.dropoutShare(s / steps, s % steps, steps);
      double t = s / 40.0;
      assertEquals(t <= 0.5 ? 1 : Math.pow(Math.sin(Math.PI * t), 2), share, 1e-15);
      assertTrue(s <= 20 ? share == 1 : share < before && share > 0);
      before = share;
    }
    assertEquals(0, options.dropoutShare(5, 0, steps), "after these epochs");
    assertEquals(0, options.dropoutShare(7, 3, steps));
    options.dropoutEpochs = Integer.MAX_VALUE;
    assertEquals(
        1, options.dropoutShare(Integer.MAX_VALUE / 2, 0, Integer.MAX_VALUE), "no overflow");
  }

  @Test
  void theFirstHalfIsThatOfConstantDropout() {
    String constant = digest(trainer(3));
    assertEquals(constant, digest(trainer(3).flatCosineDropout(6)));
    assertNotEquals(constant, digest(trainer(3).flatCosineDropout(5)));
  }

  /** A longer run continues on the same curve, and another curve is refused. */
  @Test
  void aRunThatIsResumed() {
    Checkpoint[] last = new Checkpoint[1];
    Listening keep = new Listening().checkpoints(checkpoint -> last[0] = checkpoint.copy());
    digest(trainer(4).flatCosineDropout(4).listener(keep));
    TrainerBuilder longer = trainer(6).flatCosineDropout(4);
    Checkpoint copy = last[0].copy();
    assertEquals(
        digest(longer), OptionCombinations.digest(longer.build().resume(copy, Digits.DATA)));
    Trainer other = trainer(6).flatCosineDropout(6).build();
    assertEquals(
        "a checkpoint of dropout=0.4, flat-cosine over 4 epochs, expected dropout=0.4, flat-cosine over 6 epochs",
        refusal(() -> other.resume(last[0], Digits.DATA)));
    Trainer constant = trainer(6).build();
    assertTrue(
        refusal(() -> constant.resume(last[0], Digits.DATA)).endsWith("expected dropout=0.4"));
  }

  @Test
  void whatItNeeds() {
    assertTrue(refusal(() -> trainer(1).flatCosineDropout(0)).contains("a whole number from 1"));
    TrainerBuilder nothing = trainer(1).dropout(0).flatCosineDropout(2);
    assertEquals(
        "flat-cosine dropout of probability 0, expected a probability above 0",
        refusal(nothing::build));
    Trainer stream = trainer(1).flatCosineDropout(2).build();
    assertContains(
        refusal(() -> stream.stream(Digits.network(1))), "with flat-cosine dropout, expected");
  }
}
