package dev.lanewise.kernel;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** What the operating system tells of the processor, which Java does not. */
public final class Processor {
  /** Enough for the first core's vendor and model; reading all of the file takes 1 ms a core. */
  private static final int DESCRIPTION = 1024;

  private Processor() {}

  /**
   * The name of its model.
   *
   * @return the name, or where it is not to be had that of the architecture
   */
  public static String name() {
    for (String line : description().split("\n")) {
      if (line.startsWith("model name")) {
        return line.substring(line.indexOf(':') + 1).strip();
      }
    }
    String name = System.getenv("PROCESSOR_IDENTIFIER"); // Windows
    return name == null ? System.getProperty("os.arch") : name;
  }

  /** Whether Intel made it. */
  static boolean isIntel() {
    String name = System.getenv("PROCESSOR_IDENTIFIER");
    return description().contains("GenuineIntel")
        || (name != null && name.contains("GenuineIntel"));
  }

  /** Linux's description of the first core. */
  private static String description() {
    try (InputStream in = new FileInputStream("/proc/cpuinfo")) {
      return new String(in.readNBytes(DESCRIPTION), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // not Linux
    }
  }
}
