package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the digest of everything that a training goes on from. */
class StateDigestTest {
  private static final float[][] ROWS = {
    {1, 2, -1}, {0, 1, 1}, {-1, 0.5f, 2}, {2, 2, 0}, {3, 1, 1}
  };
  private static final Rows SPLIT = Rows.of(ROWS, new int[] {0, 1, 1, 0, 1});
  private static final Dataset DATA = Dataset.of(SPLIT, SPLIT);
  private static final Mlp INITIAL =
      Mlp.initial(Architecture.relu(3, List.of(4), 2), Initializer.HE, 1);

  /** A measure that the results of an epoch do not have. */
  private static final class Distance implements BestEpoch.Measure {
    @Override
    public String name() {
      return "DISTANCE";
    }

    @Override
    public boolean suits(Loss loss) {
      return true;
    }

    @Override
    public double value(Mlp network, Rows validation, int threads) {
      double sum = 0;
      for (float parameter : network.parameters()) {
        sum += Math.abs(parameter);
      }
      return sum;
    }
  }

  @TempDir Path directory;

  /** Keeps the state and its digest after each epoch. */
  private static final class Keeper implements TrainingListener {
    final List<String> digests = new ArrayList<>();
    final List<Checkpoint> states = new ArrayList<>();

    @Override
    public boolean onEpoch(EpochResult result) {
      return true;
    }

    @Override
    public void onCheckpoint(Checkpoint checkpoint) {
      digests.add(checkpoint.sha256());
      states.add(checkpoint.copy());
    }
  }

  private static TrainerBuilder trainer(Keeper keeper) {
    return Trainer.builder()
        .epochs(6)
        .checkpointEvery(1e-9)
        .batchSize(2)
        .learningRate(0.01)
        .optimizer(Optimizer.adam(0.9, 0.999, 1e-8))
        .inputRate(2)
        .best(BestEpoch.by(new Distance()))
        .listener(keeper);
  }

  private static String sha256(String text) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    return NdArray.ofBytes(ascii, ascii.length).sha256();
  }

  /** Computes a digest from the file alone, as its rule says. */
  private static String ofFile(Path file) throws IOException {
    Map<String, String> lines = new TreeMap<>();
    try (Npz npz = Npz.open(file)) {
      for (String name : npz.names()) {
        NdArray array = npz.read(name);
        if (name.equals("position")) {
          long[] position = {array.longAt(0), array.longAt(1), array.longAt(2), array.longAt(4)};
          array = NdArray.of(position, 4);
        }
        String shape = Arrays.toString(array.shape());
        if (name.matches("position|sums|best|choice|input_factors|first_weights|optimizer_.")) {
          lines.put(name, name + " " + array.type() + " " + shape + " " + array.sha256());
        } else if (name.equals("history")) {
          String chain = "";
          double[] all = array.toDoubles();
          for (int e = 0; e < all.length / 9; e++) {
            double[] row = Arrays.copyOfRange(all, 9 * e, 9 * e + 9);
            row[7] = 0;
            chain = sha256(chain + " " + NdArray.of(row, 9).sha256());
          }
          lines.put(name, "history " + chain);
        }
      }
    }
    lines.put("weights", "weights " + Mlp.load(file).sha256());
    assertEquals(10, lines.size(), lines.toString());
    return sha256(String.join("\n", lines.values()) + "\n");
  }

  @Test
  void theDigestIsThatOfTheFileAndOfAResumedRun() throws IOException {
    Keeper whole = new Keeper();
    trainer(whole).build().fit(INITIAL, DATA);
    assertEquals(6, whole.digests.stream().distinct().count());
    for (int e = 0; e < 6; e++) {
      Path file = directory.resolve(e + ".npz");
      whole.states.get(e).withNotes(List.of("of no account")).save(file);
      assertEquals(whole.digests.get(e), ofFile(file));
      Checkpoint loaded = Checkpoint.load(file);
      assertEquals(whole.digests.get(e), loaded.sha256());
      Keeper rest = new Keeper();
      trainer(rest).epochs(7).threads(2).build().resume(loaded, DATA);
      assertEquals(whole.digests.subList(e + 1, 6), rest.digests.subList(0, 5 - e));
    }
  }

  @Test
  void everyPartChangesTheDigestAndTimesDoNot() {
    Keeper keeper = new Keeper();
    trainer(keeper).build().fit(INITIAL, DATA);
    Checkpoint last = keeper.states.get(5);
    String digest = last.sha256();
    List<Consumer<TrainingState>> changes =
        List.of(
            s -> s.parameters[3] = Math.nextUp(s.parameters[3]),
            s -> s.trained[0] = Math.nextUp(s.trained[0]),
            s -> s.trained[s.trained.length - 1] += 1,
            s -> s.optimizer[0][1] += 1e-9f,
            s -> s.optimizer[1][s.optimizer[1].length - 1] += 1,
            s -> s.best = s.best.clone(),
            s -> (s.best = s.best.clone())[2] += 1,
            s -> s.choice = new double[] {s.choice[0], s.choice[1], s.choice[2] - 1},
            s -> s.lastLoss += 1e-12,
            s -> s.epoch++,
            s -> s.step++,
            s -> changeResult(s, r -> with(r, r.validLoss() + 1e-12, r.seconds())),
            s -> changeResult(s, r -> with(r, r.validLoss(), r.seconds() + 1)));
    for (int c = 0; c < changes.size(); c++) {
      Checkpoint changed = last.copy();
      changes.get(c).accept(changed.state());
      if (c == 5 || c == changes.size() - 1) {
        assertEquals(digest, changed.sha256(), "change " + c);
      } else {
        assertNotEquals(digest, changed.sha256(), "change " + c);
      }
    }
  }

  private static void changeResult(TrainingState state, UnaryOperator<EpochResult> change) {
    state.results.replaceAll(result -> result.epoch() == 2 ? change.apply(result) : result);
  }

  private static EpochResult with(EpochResult r, double validLoss, double seconds) {
    return new EpochResult(
        r.epoch(),
        r.epochs(),
        r.trainLoss(),
        r.trainScore(),
        r.trainLossMean(),
        r.trainScoreMean(),
        validLoss,
        r.validScore(),
        seconds,
        r.rows(),
        r.learningRate());
  }
}
