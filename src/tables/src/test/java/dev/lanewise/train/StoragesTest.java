package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Dataset;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.table.Datasets;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The same images and labels, however they are stored, give the same weights (make_storages.py).
 */
class StoragesTest {
  @Test
  void oneDigestForFourStorages() throws IOException {
    Set<String> digests = new LinkedHashSet<>();
    for (String name : List.of("same_float64", "same_deflated", "same_fortran", "same_onehot")) {
      Dataset data = Datasets.load(Resources.file(name + ".npz"));
      Mlp initial = Mlp.initial(Architecture.relu(42, List.of(7), 4), Initializer.HE, 2);
      TrainingRun run =
          Trainer.builder().epochs(9).batchSize(10).learningRate(0.1).build().fit(initial, data);
      assertEquals(37, data.train().rows());
      digests.add(run.model().sha256());
    }
    assertEquals(1, digests.size(), digests::toString);
  }
}
