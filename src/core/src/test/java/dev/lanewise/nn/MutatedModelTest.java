package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.format.Fuzzing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A damaged model file is refused or loads as the same model. */
class MutatedModelTest {
  private static byte[] golden(String name) {
    try (InputStream in = MutatedModelTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Mlp load(byte[] bytes) throws IOException {
    return Mlp.load(new ByteArrayInputStream(bytes), Fuzzing.NAME);
  }

  @Test
  void whatIsTakenIsTheSame() throws IOException {
    record Damaged(String digest, byte[] bytes) {}
    List<byte[]> seeds = new ArrayList<>();
    List<String> digests = new ArrayList<>();
    for (String name : List.of("written", "rewritten_otherwise", "sealed_by_numpy")) {
      byte[] seed = golden(name + ".npz");
      seeds.add(seed);
      digests.add(load(seed).checksum());
    }
    Fuzzing.<Damaged>run(
        "model",
        5_000,
        m -> {
          int k = m.below(seeds.size());
          return new Damaged(digests.get(k), m.mutate(seeds.get(k)));
        },
        damaged -> {
          assertEquals(damaged.digest, load(damaged.bytes).checksum());
          return true;
        });
  }

  @Test
  void ofRepairedChecksums() {
    List<byte[]> seeds =
        List.of(
            golden("written.npz"),
            golden("rewritten_otherwise.npz"),
            golden("sealed_by_numpy.npz"),
            golden("model_float64.npz"));
    Fuzzing.<byte[]>run(
        "model repaired",
        750,
        m -> m.mutateMembers(m.oneOf(seeds), m.below(4) > 0),
        bytes -> {
          Mlp model = load(bytes);
          assertEquals(64, model.checksum().length());
          return model.toString() != null;
        });
  }
}
