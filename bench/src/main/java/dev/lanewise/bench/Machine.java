package dev.lanewise.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.openblas.global.openblas_full;
import org.openjdk.jmh.infra.BenchmarkParams;

/** Describes the conditions of a measurement: processor, JVM, flags and other libraries. */
final class Machine {
  private Machine() {}

  static String describe(CompareOptions options, BenchmarkParams jvm, Samples samples)
      throws IOException {
    return String.format(
        Locale.ROOT,
        """
        GFLOP/s, medians over %d forks of %s after %s of warm-up%s.%s

        - Processor: %s, %d cores, %s
        - JVM: %s %s, %s
        - Lanewise: %s
        - OpenBLAS:%skernels for %s%s
        - One core: peak %.1f, one chain of multiply-adds %.2f
        - Spread of the forks: %s
        """,
        options.forks(),
        options.measurement(),
        options.warmup(),
        options.mixed() ? " and other products" : "",
        options.quick() ? " Quick, so the figures are rough." : "",
        processor(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        jvm.getVmName(),
        jvm.getVmVersion(),
        String.join(" ", arguments(jvm)),
        Serving.ask(jvm),
        openblas_full.OPENBLAS_VERSION,
        openblas_full.openblas_get_corename().getString(),
        environment(),
        samples.best(Task.peak(1)),
        samples.best(Task.CHAIN),
        options.forks() == 1 ? "unknown, one fork each" : samples.spread());
  }

  private static List<String> arguments(BenchmarkParams jvm) {
    return jvm.getJvmArgs().stream().filter(argument -> !argument.isBlank()).toList();
  }

  private static String processor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String environment() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> variable : new TreeMap<>(System.getenv()).entrySet()) {
      if (variable.getKey().startsWith("OPENBLAS_")) {
        text.append(", ").append(variable.getKey()).append('=').append(variable.getValue());
      }
    }
    return text.toString();
  }
}
