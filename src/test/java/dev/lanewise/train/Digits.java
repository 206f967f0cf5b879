package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Datasets;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** The bundled digits, and the course's network for them. */
public final class Digits {
  public static final Dataset DATA = load();

  private Digits() {}

  private static Dataset load() {
    try {
      return Datasets.load(Path.of("data", "digits.npz"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Mlp network(long seed) {
    return Mlp.initial(Architecture.relu(64, List.of(16, 80), 10), Initializer.COURSE, seed);
  }
}
