package dev.lanewise.cli;

import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.Interruption;
import dev.lanewise.cli.print.Json;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.runs.Machine;
import dev.lanewise.nn.WarmUp;
import java.util.Map;

/** {@code info}: the version, the kernels in use and the machine. */
final class InfoCommand implements Command {
  /** Nanoseconds for the kernels of most networks to be compiled and compared; usually 0.3 s. */
  private static final long LONGEST_WARM_UP = 3_000_000_000L;

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption) {
    long end = System.nanoTime() + LONGEST_WARM_UP;
    WarmUp.run(() -> System.nanoTime() < end);
    Json info = Machine.facts(Json.event("info"), arguments);
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
