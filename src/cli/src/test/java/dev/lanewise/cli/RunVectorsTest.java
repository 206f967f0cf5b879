package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.OwnJvm;
import dev.lanewise.VectorTable;
import dev.lanewise.Vectors;
import dev.lanewise.recipe.RecipeRun;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Usage;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.EpochView;
import dev.lanewise.train.StepResult;
import dev.lanewise.train.TrainingListener;
import dev.lanewise.train.TrainingRun;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The conformance vectors of whole runs: the digests of all networks after each epoch. The build
 * computes three of them again, and the property {@code lanewise.vectors=all} all.
 */
class RunVectorsTest {
  private static final Path TABLE = Path.of("data", "conformance", "table.csv");
  private static final int ROWS = 500;
  private static final String WAYS = System.getProperty("lanewise.vectors", "");

  /** Runs of the digits, or with a target of the table. */
  private static final List<String> RUNS =
      List.of(
          "--epochs 20",
          "--epochs 5 --optimizer adam --eta 0.003 --dropout 0.2 --batch-size 64 --seed 7",
          "--epochs 6 --optimizer momentum --schedule step --schedule-epochs 2 --schedule-factor 0.5 --weight-decay 0.001",
          "--epochs 4 --hidden 20,12,9 --activation gelu,tanh,softplus --init glorot --schedule cosine"
              + " --warmup 1 --label-smoothing 0.1 --clip-norm 0.5 --best loss --eta 0.1",
          "--epochs 6 --hidden 24,10 --activation mish,silu --init he --optimizer nesterov --schedule"
              + " plateau --schedule-epochs 0 --schedule-factor 0.3 --patience 2 --eta 0.05",
          "--epochs 3 --activation elu,gelu-tanh --optimizer rmsprop --eta 0.001 --class-weights balanced --balanced --scale standard --best error --init he",
          "--epochs 3 --hidden none --optimizer adamw --batch-size -1 --no-shuffle --scale minmax",
          "--epochs 10 --target kept --ignore price,weight",
          "--epochs 5 --target price --ignore kept --weight-column weight",
          "--epochs 4 --preset table-fast --target class --seed -3 --split-sizes 0.7,0.2,0.1",
          "--epochs 8 --preset course --target price --loss huber --activation leaky-relu,sigmoid"
              + " --init he --ignore kept --schedule exponential --valid-fraction 0.2",
          "--epochs 3 --preset table --target fare --loss pinball-0.8 --group day --hidden 40 --clip-norm 1",
          "--epochs 4 --batch-size 259 --shards 4 --optimizer adam --eta 0.01 --dropout 0.2 --clip-norm 0.5 --label-smoothing 0.1 --class-weights balanced",
          "--epochs 3 --batch-size 1256 --shards 16 --no-shuffle --optimizer nesterov --eta 0.1",
          "--epochs 4 --preset table --target price --weight-column weight --hidden 30 --batch-size 131 --shards 2 --clip-norm 0.1");

  @Test
  void table() throws IOException {
    if (WAYS.equals("write")) {
      Files.writeString(OwnJvm.ROOT.resolve(TABLE), VectorTable.csv(ROWS));
    }
    assertEquals(Files.readString(OwnJvm.ROOT.resolve(TABLE)), VectorTable.csv(ROWS));
  }

  @Test
  void runs() throws IOException {
    table();
    Vectors vectors =
        new Vectors(
            "runs",
            "options of runs, and the digests of each network before the first epoch, after each, and of the result; paths are those in the repository");
    for (int run = 0; run < RUNS.size(); run++) {
      if (!WAYS.isEmpty() || run == 1 || run == 9 || run == 11 || run > 12) {
        boolean isTable = RUNS.get(run).contains("--target");
        String data = isTable ? "data/conformance/table.csv" : "data/digits.npz";
        add(vectors, "--data " + data + " " + RUNS.get(run));
      } else {
        vectors.skip();
      }
    }
    vectors.check();
  }

  private static void add(Vectors vectors, String options) throws IOException {
    List<String> words = new ArrayList<>(List.of(options.split(" ")));
    words.set(1, OwnJvm.ROOT.resolve(words.get(1)).toString());
    Arguments arguments = new Arguments(Usage.of("train"), words);
    PrintStream none = new PrintStream(OutputStream.nullOutputStream());
    Training training = new Training(arguments, new Output(none, none, true, false));
    training.load();
    List<List<String>> digests = new ArrayList<>();
    for (int m = 0; m < training.members(); m++) {
      digests.add(new ArrayList<>(List.of(training.initial(m).sha256())));
    }
    RecipeRun run = training.run(m -> List.of(new Digests(digests.get(m))));
    vectors.add(
        "run",
        "options|digests|best epochs|results|result",
        options,
        digests,
        run.members().stream().map(TrainingRun::bestEpoch).toList(),
        run.members().stream().map(one -> one.model().sha256()).toList(),
        run.model().sha256());
  }

  /** Adds the digest after each epoch to a list. */
  private record Digests(List<String> all) implements TrainingListener {
    @Override
    public boolean onStep(StepResult result) {
      return true;
    }

    @Override
    public boolean onEpoch(EpochResult result) {
      return true;
    }

    @Override
    public boolean onEpoch(EpochResult result, EpochView view) {
      return all.add(view.network().sha256());
    }
  }
}
