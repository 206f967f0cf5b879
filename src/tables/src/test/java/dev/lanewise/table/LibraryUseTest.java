package dev.lanewise.table;

import static dev.lanewise.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.Npy;
import dev.lanewise.format.Npz;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What programs rely on that use tables and models: types of exceptions, and shared models. */
class LibraryUseTest {
  private record Row(int x, String kind) {}

  @TempDir Path folder;

  private static List<Map<String, ?>> maps() {
    List<Map<String, ?>> rows = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      String kind = i % 3 == 0 ? "a" : "b";
      rows.add(Map.of("x", i, "kind", kind, "y", i > 60 == (i % 3 == 0) ? "yes" : "no"));
    }
    return rows;
  }

  @Test
  void aMissingFileIsNoSuchFile() {
    for (String name : List.of("a.npz", "a.safetensors", "a.onnx", "a", "a.csv", "a.npy")) {
      Path file = folder.resolve(name);
      List<Executable> calls = new ArrayList<>();
      calls.add(() -> Model.load(file));
      calls.add(() -> Checkpoint.load(file));
      calls.add(() -> Checkpoint.loadTrusted(file));
      calls.add(() -> Npz.open(file));
      calls.add(() -> Npy.read(file));
      calls.add(() -> Table.read(file));
      calls.add(() -> Datasets.load(file));
      calls.add(() -> Datasets.files(file));
      calls.add(() -> Datasets.mapped(file, file));
      if (!name.matches(".*(onnx|safetensors)")) { // which are models
        calls.add(() -> Mlp.load(file));
      }
      for (Executable call : calls) {
        String said = assertThrows(NoSuchFileException.class, call).getMessage();
        assertTrue(said.startsWith(file + ": no such file, expected a"), said);
      }
    }
    String none = folder.resolve("*.csv").toString();
    String said =
        assertThrows(NoSuchFileException.class, () -> Table.read(Path.of(none))).getMessage();
    assertEquals(none + ": no such files, expected at least one file", said);
  }

  /** Rows of a program are arguments; the same rows in a file have a wrong format. */
  @Test
  void rowsInMemoryAreArguments() throws IOException {
    Table table = Table.of(maps());
    ReadOptions wrong = ReadOptions.defaults().withTarget("z");
    assertEquals(
        "maps: no column z, expected one of kind, x, y", refusal(() -> table.dataset(wrong)));
    assertThrows(
        IllegalArgumentException.class, () -> Recipe.TABLE_FAST.fit(table.withTarget("z")));
    Path file = Files.writeString(folder.resolve("a.csv"), "x,y\n1,a\n2,b\n");
    assertThrows(FormatException.class, () -> Table.read(file).dataset(wrong));
    ReadOptions target = ReadOptions.defaults().withTarget("y");
    DivisionOptions test = DivisionOptions.defaults().withTestData(file);
    assertThrows(
        FormatException.class, () -> table.dataset(target, test), "a file beside the rows");
  }

  /** Threads that share a model get the bits of one thread, by maps, records and lists. */
  @Test
  void aModelIsSharedByThreads() throws Exception {
    Model model = Recipe.TABLE.with("epochs", "2").fit(Table.of(maps()).withTarget("y")).model();
    assertEquals(6, model.members().size()); // as there are few rows
    List<double[]> expected = new ArrayList<>();
    for (Map<String, ?> row : maps()) {
      expected.add(model.tablePredictor().predict(row).values(0));
    }
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        all.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < expected.size(); i++) {
                    Map<String, ?> row = maps().get(i);
                    Row record = new Row((int) row.get("x"), (String) row.get("kind"));
                    assertArrayEquals(expected.get(i), model.predict(row).values(0));
                    assertArrayEquals(expected.get(i), model.predict(record).values(0));
                    var refused = Map.of("x", "one", "kind", "a");
                    assertThrows(IllegalArgumentException.class, () -> model.predict(refused));
                  }
                  assertArrayEquals(expected.get(7), model.predict(maps()).values(7));
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      pool.shutdownNow();
    }
    Model arrays = Model.of(Mlp.initial(Architecture.relu(2, List.of(), 2), Initializer.HE, 0));
    assertThrows(IllegalArgumentException.class, () -> arrays.predict(Map.of("x", 1)));
    assertThrows(IllegalArgumentException.class, arrays::tablePredictor);
  }
}
