package dev.lanewise.train;

import static dev.lanewise.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tests what shards change and what they refuse; {@link ShardsProperties} has their bits. */
class ShardsTest {
  private static final Mlp INITIAL =
      Mlp.initial(Architecture.relu(4, List.of(9), 3), Initializer.HE, 1);

  private static Dataset data(int rows) {
    Random random = new Random(4);
    float[][] x = new float[rows][4];
    int[] labels = new int[rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < 4; j++) {
        x[i][j] = (float) random.nextGaussian();
      }
      labels[i] = x[i][0] > 0 ? 2 : x[i][1] > 0 ? 1 : 0;
    }
    return Dataset.of(Rows.of(x, labels));
  }

  private static TrainerBuilder trainer(int shards) {
    return Trainer.builder().epochs(3).batchSize(260).dropout(0.1).shards(shards);
  }

  private static String digest(TrainerBuilder builder) {
    return builder.build().fit(INITIAL, data(700)).model().sha256();
  }

  @Test
  void theResultDependsOnTheNumberOfShardsAlone() {
    String one = digest(trainer(1));
    assertEquals(digest(Trainer.builder().epochs(3).batchSize(260).dropout(0.1)), one);
    String four = digest(trainer(4));
    assertEquals(four, digest(trainer(4).threads(2)));
    assertNotEquals(one, four);
    assertNotEquals(four, digest(trainer(2)));
    assertNotEquals(four, digest(trainer(4).seed(1)));
  }

  /** A run that is cut off within an epoch goes on with the same bits, and with its shards only. */
  @Test
  void aCheckpointHasItsShards() {
    Checkpoint[] last = new Checkpoint[1];
    Listening listening =
        new Listening()
            .steps(result -> result.epoch() < 1 || result.step() < 1)
            .checkpoints(checkpoint -> last[0] = checkpoint.copy());
    trainer(4).checkpointEvery(1e-9).listener(listening).build().fit(INITIAL, data(700));
    assertTrue(last[0].state().step > 0, "within an epoch");
    Trainer other = trainer(2).build();
    String found = refusal(() -> other.resume(last[0].copy(), data(700)));
    assertEquals(
        "a checkpoint of batch size=260 in 4 shards, expected batch size=260 in 2 shards", found);
    Trainer none = trainer(1).build();
    assertTrue(refusal(() -> none.resume(last[0].copy(), data(700))).endsWith("batch size=260"));
    TrainingRun run = trainer(4).build().resume(last[0].copy(), data(700));
    assertEquals(digest(trainer(4)), run.model().sha256());
  }

  @Test
  void whatShardsCannotDoIsRefused() {
    for (int wrong : new int[] {0, -4, 3, 6, Integer.MIN_VALUE}) {
      assertEquals("shards " + wrong + ", expected a power of two", refusal(() -> trainer(wrong)));
    }
    assertEquals(
        "8 shards of mini-batches of 260 rows, expected at most 4, or mini-batches of at least 512 rows",
        refusal(() -> trainer(8).build()));
    assertEquals(
        "2 shards with balanced sampling, expected 1 shard or another sampling",
        refusal(() -> trainer(2).sampling(Sampling.BALANCED).build()));
    String few =
        "4 shards of mini-batches of 255 rows, expected at most 2, or mini-batches of at least 256 rows";
    assertEquals(few, refusal(() -> trainer(4).build().fit(INITIAL, data(255))));
    Trainer whole = trainer(4).batchSize(-1).build();
    assertEquals(few, refusal(() -> whole.fit(INITIAL, data(255))));
    whole.fit(INITIAL, data(256));
    Trainer stream = trainer(2).build();
    assertEquals(
        "a stream with shards, expected nothing of that kind, as it has no epochs",
        refusal(() -> stream.stream(INITIAL)));
  }
}
