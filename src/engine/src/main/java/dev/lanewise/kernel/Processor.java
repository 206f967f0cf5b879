package dev.lanewise.kernel;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The processor's name, which the operating system reports and Java does not. */
public final class Processor {
  /** Bytes with the first core's model; reading the whole file takes 1 ms per core. */
  private static final int DESCRIPTION = 1024;

  private Processor() {}

  /** {@return the name of the processor's model, or of the architecture if the model is unknown} */
  public static String name() {
    for (String line : description().split("\n")) {
      if (line.startsWith("model name")) {
        return line.substring(line.indexOf(':') + 1).strip();
      }
    }
    String name = System.getenv("PROCESSOR_IDENTIFIER"); // Windows
    return name == null ? System.getProperty("os.arch") : name;
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
