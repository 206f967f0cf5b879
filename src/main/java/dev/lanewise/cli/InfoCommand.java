package dev.lanewise.cli;

import dev.lanewise.kernel.KernelChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** {@code info}: what runs here, and on what. */
final class InfoCommand implements Command {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  @Override
  public Usage usage() {
    return new Usage(
        "info",
        "",
        "version, JDK, CPU, kernels in use and why, threads",
        List.of(),
        List.of(
            "-Dlanewise.kernels=auto|scalar|vector forces the kernels, -Dlanewise.lanes=128|256|512",
            "the width of the vectors. Whichever serve, the results are the same to the last bit."),
        List.of("info", "info --json"));
  }

  @Override
  public int run(Arguments arguments, Output output, Interruption interruption) {
    KernelChoice kernels = KernelChoice.current();
    String jdk =
        "%s (%s, %s)"
            .formatted(
                System.getProperty("java.version"),
                System.getProperty("java.vm.name"),
                System.getProperty("java.vm.vendor"));
    int cores = Runtime.getRuntime().availableProcessors();
    String system = "%s %s".formatted(System.getProperty("os.name"), System.getProperty("os.arch"));
    output.result("Lanewise " + Version.text());
    output.result("JDK      " + jdk);
    output.result("System   " + system);
    output.result("CPU      " + cpu() + ", " + cores + " cores");
    output.result("Kernels  " + kernels.describe() + ": " + kernels.reason());
    if (!kernels.hint().isEmpty()) {
      output.result("Faster   " + kernels.hint());
    }
    output.result("Threads  " + arguments.threads());
    output.event(
        Json.event("info")
            .put("version", Version.text())
            .put("jdk", jdk)
            .put("system", system)
            .put("cpu", cpu())
            .put("cores", cores)
            .put("kernels", kernels.vector() ? "vector" : "scalar")
            .put("lane_bits", kernels.laneBits())
            .put("reason", kernels.reason())
            .put("hint", kernels.hint())
            .put("threads", arguments.threads()));
    return ExitCode.DONE;
  }

  /** The CPU's name where the system tells it, which Java does not. */
  private static String cpu() {
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException | RuntimeException e) {
      String name = System.getenv("PROCESSOR_IDENTIFIER"); // Windows
      return name == null ? System.getProperty("os.arch") : name;
    }
  }
}
