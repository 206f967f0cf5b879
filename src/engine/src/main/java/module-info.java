/**
 * Kernels, layers and the step of a training on arrays of float.
 *
 * <p>The vector module is optional. Without it everything runs on the scalar kernels and computes
 * the same bits.
 */
@SuppressWarnings(
    "module") // the modules that some packages are exported to come later in the build
module dev.lanewise.engine {
  requires static jdk.incubator.vector;

  exports dev.lanewise.engine;

  // For the other modules of Lanewise alone.
  exports dev.lanewise.engine.internal to
      dev.lanewise.cli,
      dev.lanewise.core,
      dev.lanewise.models,
      dev.lanewise.tables;
  exports dev.lanewise.kernel to
      dev.lanewise.cli,
      dev.lanewise.core,
      dev.lanewise.models,
      dev.lanewise.tables;
  exports dev.lanewise.kernel.gemm to
      dev.lanewise.cli,
      dev.lanewise.core,
      dev.lanewise.models,
      dev.lanewise.tables;
  exports dev.lanewise.kernel.math to
      dev.lanewise.cli,
      dev.lanewise.core,
      dev.lanewise.models,
      dev.lanewise.tables;
  exports dev.lanewise.parallel to
      dev.lanewise.cli,
      dev.lanewise.core,
      dev.lanewise.models,
      dev.lanewise.tables;
}
