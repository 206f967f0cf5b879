package dev.lanewise.files;

import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.kernel.Processor;
import dev.lanewise.parallel.Team;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Usage;

/** The version, the kernels in use and the machine, for people and records. */
public final class Machine {
  private Machine() {}

  /** Adds all facts to an object. */
  public static Json facts(Json to, Arguments arguments) {
    KernelChoice kernels = KernelChoice.current();
    return to.put("version", Usage.version())
        .put(
            "jdk",
            "%s (%s, %s)"
                .formatted(
                    System.getProperty("java.version"),
                    System.getProperty("java.vm.name"),
                    System.getProperty("java.vm.vendor")))
        .put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"))
        .put("cpu", Processor.name())
        .put("cores", Runtime.getRuntime().availableProcessors())
        .put("heap_mib", Runtime.getRuntime().maxMemory() >> 20)
        .put("kernels", kernels.vector() ? "vector" : "scalar")
        .put("lane_bits", kernels.laneBits())
        .put("reason", kernels.reason())
        .put("wrong", kernels.wrong().isEmpty() ? null : kernels.wrong())
        .put("faster", kernels.hint().isEmpty() ? null : kernels.hint())
        .put("threads", Team.most(arguments.threads()))
        .put(
            "threads_by",
            Team.isFixed()
                ? "-Dlanewise.threads=fixed"
                : "clock: this number or fewer, whichever is quicker");
  }
}
