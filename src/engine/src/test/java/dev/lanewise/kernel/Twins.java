package dev.lanewise.kernel;

import dev.lanewise.kernel.simd.KernelWarmUps;
import java.util.List;

/**
 * The kernels that this JVM can run: the scalar ones, the vector ones from the first call on, and
 * vector kernels that are used as soon as they are compiled.
 */
final class Twins {
  private Twins() {}

  static List<KernelSet> all() {
    KernelSet scalar = new ScalarKernels();
    return KernelChoice.current().vector() ? OfVectors.and(scalar) : List.of(scalar);
  }

  /** This class is only loaded if the vector module is present. */
  private static final class OfVectors {
    static List<KernelSet> and(KernelSet scalar) {
      VectorKernels cold = new VectorKernels(new KernelWarmUps(false));
      return List.of(scalar, cold, new VectorKernels(new KernelWarmUps(true)));
    }
  }
}
