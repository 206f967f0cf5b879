package dev.lanewise.kernel;

import java.util.List;

/** The implementations of the kernels that this JVM can run, the tiers in each of their states. */
final class Twins {
  private Twins() {}

  static List<Kernels> all() {
    Kernels scalar = new ScalarKernels();
    return KernelChoice.current().vector() ? OfVectors.and(scalar) : List.of(scalar);
  }

  /** Loaded only where the vector module is. */
  private static final class OfVectors {
    static List<Kernels> and(Kernels scalar) {
      return List.of(scalar, new VectorKernels(), tiers(false), tiers(true));
    }

    private static Kernels tiers(boolean compiled) {
      TieredKernels kernels = new TieredKernels();
      for (Rehearsals.Kind kind : Rehearsals.Kind.values()) {
        kernels.rehearsals().get(kind).setReady(compiled);
      }
      return kernels;
    }
  }
}
