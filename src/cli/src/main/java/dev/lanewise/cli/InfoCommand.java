package dev.lanewise.cli;

import dev.lanewise.nn.WarmUp;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Result;
import java.util.Map;

/** {@code info}: the version, the kernels in use, the machine and the folder of archives. */
final class InfoCommand implements Command {
  /** Nanoseconds for the kernels of most networks to be compiled and compared; usually 0.3 s. */
  private static final long LONGEST_WARM_UP = 3_000_000_000L;

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption) {
    long end = System.nanoTime() + LONGEST_WARM_UP;
    WarmUp.run(() -> System.nanoTime() < end);
    Result info = new Result("info", output);
    Json facts = RunRecorder.machine(arguments);
    facts.put("cache", System.getProperty("lanewise.cache")); // which the launcher names
    for (Map.Entry<String, Object> fact : facts.members.entrySet()) {
      String name = fact.getKey();
      info.put(name, fact.getValue());
      if (fact.getValue() != null) {
        info.say(name + " ".repeat(11 - name.length()) + "{" + name + "}");
      }
    }
    info.end();
  }
}
