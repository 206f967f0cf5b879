package dev.lanewise.bench;

import java.util.Map;

/**
 * A measurement.
 *
 * @param benchmark class and method, such as {@code GemmBenchmark.gemm}
 * @param parameters parameters of the benchmark
 * @param threads number of threads that call the benchmark; a product starts its own threads
 */
record Task(String benchmark, Map<String, String> parameters, int threads) {
  /** Measures one chain of multiply-adds on one thread. */
  static final Task CHAIN = new Task("PeakBenchmark.chain", Map.of(), 1);

  /** Returns the measurement of the highest rate of multiply-adds. */
  static Task peak(int threads) {
    return new Task("PeakBenchmark.fma", Map.of(), threads);
  }

  /** Returns the measurement of a product, which for Lanewise includes a layer's {@link Work}. */
  static Task product(Shape shape, String impl, int threads) {
    String number = Integer.toString(threads);
    return new Task(
        "GemmBenchmark.gemm",
        Map.of("shape", shape.toString(), "impl", impl, "threads", number),
        1);
  }

  /** Returns the measurement of a layer's forward pass. */
  static Task layer(Shape shape, String impl) {
    return new Task("FusedBenchmark.layer", Map.of("shape", shape.toString(), "impl", impl), 1);
  }

  @Override
  public String toString() {
    return parameters.isEmpty()
        ? benchmark + " threads=" + threads
        : parameters.get("shape")
            + " "
            + parameters.get("impl")
            + (parameters.containsKey("threads") ? " threads=" + parameters.get("threads") : "");
  }
}
