package dev.lanewise.cli;

import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.kernel.Processor;
import dev.lanewise.nn.WarmUp;
import dev.lanewise.parallel.Team;
import java.util.Map;

/** {@code info}: the version, the kernels in use and the machine. */
final class InfoCommand implements Command {
  /** Nanoseconds for the kernels of most networks to be compiled and compared; usually 0.3 s. */
  private static final long LONGEST_WARM_UP = 3_000_000_000L;

  static Json facts(Json to, Arguments arguments) {
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
                : "clock: at most so many, fewer where these are quicker");
  }

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption) {
    long end = System.nanoTime() + LONGEST_WARM_UP;
    WarmUp.run(() -> System.nanoTime() < end);
    Json info = facts(Json.event("info"), arguments);
    output.event(info);
    info.members.remove("event");
    for (Map.Entry<String, Object> member : info.members.entrySet()) {
      String name = member.getKey();
      if (member.getValue() != null) {
        output.result(name + " ".repeat(11 - name.length()) + member.getValue());
      }
    }
  }
}
