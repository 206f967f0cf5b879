package dev.lanewise.bench;

import java.util.Map;

/**
 * Something to time.
 *
 * @param benchmark class and method, such as {@code GemmBenchmark.gemm}
 * @param parameters the benchmark's
 * @param threads how many threads run the benchmark; a product makes its own
 */
record Task(String benchmark, Map<String, String> parameters, int threads) {
  /** One chain of multiply-adds on one thread. */
  static final Task CHAIN = new Task("PeakBenchmark.chain", Map.of(), 1);

  /** As many multiply-adds as go. */
  static Task peak(int threads) {
    return new Task("PeakBenchmark.fma", Map.of(), threads);
  }

  /** A product, with a layer's work if it is ours. */
  static Task product(Shape shape, String impl, int threads) {
    String number = Integer.toString(threads);
    return new Task(
        "GemmBenchmark.gemm",
        Map.of("shape", shape.toString(), "impl", impl, "threads", number),
        1);
  }

  /** A layer forward, whosever. */
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
