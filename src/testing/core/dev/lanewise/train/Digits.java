package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.nio.file.Path;
import java.util.List;

/** The bundled digits, and the network of the preset {@code course} for them. */
public final class Digits {
  public static final Dataset DATA = ArrayData.load(Path.of("data", "digits.npz"));

  private Digits() {}

  public static Mlp network(long seed) {
    return Mlp.initial(Architecture.relu(64, List.of(16, 80), 10), Initializer.COURSE, seed);
  }

  /** Trains the network of seed 0 on all digits. */
  static TrainingRun fit(TrainerBuilder builder) {
    return builder.build().fit(network(0), DATA);
  }
}
