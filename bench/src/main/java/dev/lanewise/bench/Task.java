package dev.lanewise.bench;

/**
 * Something to time.
 *
 * @param benchmark class and method, such as {@code GemmBenchmark.gemm}
 * @param shape the product, empty where the benchmark has none
 * @param impl who computes it, empty where the benchmark has no choice
 * @param threads how many threads
 */
record Task(String benchmark, String shape, String impl, int threads) {
  static final Task PEAK = new Task("PeakBenchmark.fma", "", "", 1);
  static final Task CHAIN = new Task("PeakBenchmark.chain", "", "", 1);

  static Task product(Shape shape, String impl, int threads) {
    return new Task("GemmBenchmark.gemm", shape.toString(), impl, threads);
  }

  @Override
  public String toString() {
    String what = shape.isEmpty() ? benchmark : shape + " " + impl;
    return threads == 1 ? what : what + " on " + threads + " threads";
  }
}
