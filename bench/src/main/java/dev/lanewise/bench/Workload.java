package dev.lanewise.bench;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.table.Datasets;
import dev.lanewise.train.Optimizer;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A training in benchmarks, written as layer sizes, optimizer and rows per mini-batch, such as
 * {@code 2304-16-80-7:sgd:100}.
 */
record Workload(Architecture architecture, String optimizer, int batch) {
  static Workload of(String text) {
    String[] parts = text.split(":");
    if (parts.length != 3 || !List.of("sgd", "adam").contains(parts[1])) {
      throw new IllegalArgumentException(
          "workload "
              + text
              + ": must be layer sizes, sgd or adam, and rows of a mini-batch, such as"
              + " 2304-16-80-7:sgd:100");
    }
    return new Workload(network(parts[0]), parts[1], Integer.parseInt(parts[2]));
  }

  /** Returns a network by its layer sizes, such as {@code 2304-16-80-7}. */
  static Architecture network(String sizes) {
    List<Integer> layers = new ArrayList<>();
    for (String size : sizes.split("-")) {
      layers.add(Integer.valueOf(size));
    }
    int last = layers.size() - 1;
    return Architecture.relu(layers.get(0), layers.subList(1, last), layers.get(last));
  }

  Mlp initial() {
    return Mlp.initial(architecture, Initializer.HE, 0);
  }

  TrainerBuilder trainer(int threads) {
    return Trainer.builder()
        .batchSize(batch)
        .threads(threads)
        .learningRate(optimizer.equals("adam") ? 1e-3 : 1e-2)
        .optimizer(optimizer.equals("adam") ? Optimizer.adam(0.9, 0.999, 1e-8) : Optimizer.sgd());
  }

  /** Returns random pictures, stored as bytes like real ones; validation rows may be 0. */
  Dataset data(int rows, int validation) {
    try {
      Path file = Files.createTempFile("lanewise", ".npz");
      try {
        write(file, rows, validation);
        return Datasets.load(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes random pictures to a file. */
  void write(Path file, int rows, int validation) throws IOException {
    Random random = new Random(rows);
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    add("train", rows, random, arrays);
    if (validation > 0) {
      add("valid", validation, random, arrays);
    }
    Npz.write(file, arrays);
  }

  private void add(String split, int rows, Random random, Map<String, NdArray> arrays) {
    byte[] inputs = new byte[rows * architecture.inputs()];
    random.nextBytes(inputs);
    int[] labels = random.ints(rows, 0, architecture.outputs()).toArray();
    labels[0] = architecture.outputs() - 1; // the number of classes is the largest label plus one
    arrays.put("inputs_" + split, NdArray.ofBytes(inputs, rows, architecture.inputs()));
    arrays.put("target_" + split, NdArray.of(labels, rows));
  }

  /** Fails if the training does not learn, or gives other bits on one thread. */
  void check(Dataset data, int threads) {
    String one = trainer(1).epochs(2).build().fit(initial(), data).model().sha256();
    var run = trainer(threads).epochs(2).build().fit(initial(), data);
    double[] losses = run.history().trainLossMean();
    if (!run.model().sha256().equals(one) || !(losses[1] < losses[0])) {
      throw new AssertionError(
          this + ": losses " + losses[0] + " and " + losses[1] + ", or bits depend on threads");
    }
  }
}
