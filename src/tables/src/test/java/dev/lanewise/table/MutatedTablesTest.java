package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.DataFiles;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.format.Fuzzing;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.rows.Division;
import dev.lanewise.rows.Schema;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files of data sets. */
class MutatedTablesTest {
  private static final int MANY = 100;

  private static final String TABLE =
      "colour,size,day,name,target\n"
          + "red,1,2024-02-28,x,yes\ngreen,2.5,2024-02-29,y,no\nred,,2024-03-01,z,yes\n"
          + "blue,1e3,,u,no\n\"gr,een\",4,2023-12-31,v,yes\nred,5,2024-01-01,w,no\n"
          + "blue,6,2024-01-02,x,yes\ngreen,7,2024-01-03,y,no\nred,8,2024-01-04,,no\n";

  private static final LoadOptions[] OPTIONS = {
    Options.target("target"), Options.shares(0.6, 0.2, 0.2)
  };

  @TempDir Path directory;

  private Path table;

  @BeforeEach
  void write() throws IOException {
    table = Files.writeString(directory.resolve(Fuzzing.NAME + ".csv"), TABLE);
  }

  @AfterEach
  void useUsualMemory() {
    System.clearProperty("lanewise.memory");
  }

  /** Returns everything that training would read from a data set. */
  private static String contents(Dataset data) {
    StringBuilder all = new StringBuilder(data.toString()).append(data.classNames());
    List<Rows> splits = new ArrayList<>(List.of(data.train()));
    data.validation().ifPresent(splits::add);
    data.test().ifPresent(splits::add);
    for (Rows split : splits) {
      float[] rows = new float[split.rows() * split.features()];
      split.copyRows(null, 0, split.rows(), rows, 0);
      all.append(Arrays.hashCode(rows)).append(' ');
      for (int i = 0; i < split.rows(); i++) {
        if (split.outputs() == 0) {
          int label = split.label(i);
          assertTrue(label >= 0 && label < data.classes(), "label " + label);
          all.append(label);
        }
        for (int k = 0; k < split.outputs(); k++) {
          all.append(split.target(i, k));
        }
        all.append(split.hasWeights() ? split.weight(i) : 1f).append(' ');
      }
    }
    return all.toString();
  }

  private static byte[] golden(String name) {
    try {
      return Files.readAllBytes(DataFiles.golden(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void tables() {
    byte[] sound = TABLE.getBytes(StandardCharsets.UTF_8);
    Fuzzing.<byte[]>run(
        "table",
        MANY,
        m -> m.mutate(sound),
        bytes -> {
          Files.write(table, bytes);
          return !contents(Datasets.load(table, OPTIONS)).isEmpty();
        });
  }

  @Test
  void arrays() {
    List<byte[]> seeds = new ArrayList<>();
    for (String name :
        List.of("bytes_deflated", "half", "images_one_hot", "int16_column", "keras", "one_split")) {
      seeds.add(golden(name + ".npz"));
    }
    Path file = directory.resolve(Fuzzing.NAME + ".npz");
    Fuzzing.<byte[]>run(
        "arrays repaired",
        MANY,
        m -> m.mutateMembers(m.oneOf(seeds), false),
        bytes -> {
          Files.write(file, bytes);
          return !contents(Datasets.load(file)).isEmpty();
        });
  }

  /** The model has a schema and everything that belongs to one. */
  @Test
  void modelsOfTables() throws IOException {
    Dataset data = Datasets.load(table, OPTIONS);
    Architecture small =
        new Architecture(data.features(), List.of(2), data.classes(), List.of(Activation.TANH));
    Model model =
        Model.of(
                Mlp.initial(small, Initializer.HE, 1)
                    .withScaling(data.scaling())
                    .withClassNames(data.classNames()))
            .withSchema(Schema.of(data).orElseThrow())
            .withDivision(Division.of(data).orElseThrow());
    Path file = directory.resolve("model.npz");
    model.save(file);
    byte[] sound = Files.readAllBytes(file);
    String digest = model.checksum();
    Fuzzing.<byte[]>run(
        "model of a table",
        10 * MANY, // more cases, because they stay in memory
        m -> m.mutate(sound),
        bytes -> {
          assertEquals(digest, load(bytes).checksum());
          return true;
        });
    Fuzzing.<byte[]>run(
        "model of a table repaired",
        6 * MANY,
        m -> m.mutateMembers(sound, true),
        bytes -> {
          Model found = load(bytes);
          assertEquals(64, found.checksum().length());
          return found.toString() != null;
        });
  }

  private static Model load(byte[] bytes) throws IOException {
    return Model.load(new ByteArrayInputStream(bytes), Fuzzing.NAME);
  }
}
